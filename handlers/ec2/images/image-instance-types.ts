import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import { wildcardMatcher, type Handlers } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { typeNotSupportedByImage } from './errors.ts';
import { images, ownImage, type StoredImage } from './images.ts';

const ENTRIES_MAX = 100;
const ENTRY = /^[A-Za-z0-9_.*-]{1,24}$/;

function checkEntries(supported: readonly string[], unsupported: readonly string[]): void {
  for (const entry of [...supported, ...unsupported]) if (!ENTRY.test(entry) || entry.includes('**')) throw errors.invalidValue(entry, 'instanceType');
  if (supported.length > ENTRIES_MAX || unsupported.length > ENTRIES_MAX) throw errors.invalidParameterValue(`An instance type specification can have up to ${ENTRIES_MAX} entries in each list`);
  if (new Set([...supported, ...unsupported]).size < supported.length + unsupported.length) throw errors.invalidParameterValue('The entries of an instance type specification must be unique');
}

/** "The instance type must match the supported list and must not match the unsupported list." */
export function checkInstanceType(image: StoredImage, type: string): void {
  const listed = (items: readonly { InstanceType?: string }[] | undefined) => wildcardMatcher((items ?? []).map((i) => i.InstanceType!))(type);
  const { SupportedInstanceTypes: supported, UnsupportedInstanceTypes: unsupported } = image.InstanceTypeSpecification ?? {};
  if ((supported?.length && !listed(supported)) || listed(unsupported)) throw typeNotSupportedByImage(type, image.ImageId!);
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReplaceImageInstanceTypeSpecification.html */
export const imageInstanceTypeOperations = {
  ReplaceImageInstanceTypeSpecification: async (input, ctx) => {
    const { SupportedInstanceTypes: supported = [], UnsupportedInstanceTypes: unsupported = [] } = input.InstanceTypeSpecification ?? {};
    checkEntries(supported, unsupported);
    const { InstanceTypeSpecification: _before, ...image } = await ownImage(ctx, input.ImageId);
    const items = (types: readonly string[]) => types.map((InstanceType) => ({ InstanceType }));
    const empty = supported.length + unsupported.length === 0;
    await ctx.save(images, empty ? image : { ...image, InstanceTypeSpecification: { SupportedInstanceTypes: items(supported), UnsupportedInstanceTypes: items(unsupported) } });
    return { ReturnValue: true };
  },
} satisfies Handlers<Ec2Operations>;
