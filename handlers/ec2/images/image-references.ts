import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import { pageOf, type Context, type Handlers, type Structure } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { instances, type StoredInstance } from '../instances/instances.ts';
import { launchTemplates, launchTemplateVersions, type StoredTemplate } from '../instances/launch-templates.ts';
import { seenImage } from './images.ts';

export const instancesOf = (ctx: Context, imageId: string): Promise<StoredInstance[]> => ctx.list(instances, { member: 'ImageId', value: imageId });

/** Templates of which one of the newest `depth` versions names the image. */
export async function templatesOf(ctx: Context, imageId: string, depth: number): Promise<StoredTemplate[]> {
  const found: StoredTemplate[] = [];
  for (const template of await ctx.list(launchTemplates)) {
    const versions = await ctx.list(launchTemplateVersions, { member: 'LaunchTemplateId', value: template.LaunchTemplateId! });
    const newest = versions.sort((a, b) => b.VersionNumber! - a.VersionNumber!).slice(0, depth);
    if (newest.some((v) => v.LaunchTemplateData?.ImageId === imageId)) found.push(template);
  }
  return found;
}

const DEPTH_MAX = 10_000;

/** How many versions of a template are looked at, of `version-depth`. */
export function depthOf(options: readonly { OptionName?: string; OptionValues?: string[] }[] | undefined, usual: number): number {
  const value = options?.find((o) => o.OptionName === 'version-depth')?.OptionValues?.[0];
  if (value === undefined) return usual;
  const depth = Number(value);
  if (!Number.isInteger(depth) || depth < 1 || depth > DEPTH_MAX) throw errors.invalidValue(value, 'optionValue', `The value must be between 1 and ${DEPTH_MAX}.`);
  return depth;
}

type Input = Ec2Operations['DescribeImageReferences']['input'];
type Reference = NonNullable<Ec2Operations['DescribeImageReferences']['output']['ImageReferences']>[number];
type Asked = Wished & { readonly ResourceType: 'ec2:Instance' | 'ec2:LaunchTemplate' };
type Wished = NonNullable<Input['ResourceTypes']>[number];

const IMAGES_MAX = 10;
const DEPTH_USUAL = 10;
const STATES = ['pending', 'running', 'shutting-down', 'terminated', 'stopping', 'stopped'];

/** Which resource types are looked at, and how: what is asked of one goes over what all have. Of the other services' types there are no resources here. */
function asked(input: Input): Asked[] {
  const wished = input.ResourceTypes ?? [];
  if (input.IncludeAllResourceTypes !== true && wished.length === 0) throw errors.missingParameter('includeAllResourceTypes or resourceType');
  const types = input.IncludeAllResourceTypes === true ? (['ec2:Instance', 'ec2:LaunchTemplate'] as const) : wished.map((w) => w.ResourceType);
  for (const { ResourceType: type, ResourceTypeOptions: options = [] } of wished) {
    if (type === undefined) throw errors.missingParameter('resourceType');
    const option = { 'ec2:Instance': 'state-name', 'ec2:LaunchTemplate': 'version-depth' }[type as string];
    const wrong = options.find((o) => o.OptionName !== option);
    if (wrong) throw errors.invalidParameterCombination(`The option ${wrong.OptionName} is not valid for the resource type ${type}`);
    const state = type === 'ec2:Instance' ? options.flatMap((o) => o.OptionValues ?? []).find((v) => !STATES.includes(v)) : undefined;
    if (state !== undefined) throw errors.invalidValue(state, 'optionValue');
    if (type === 'ec2:LaunchTemplate') depthOf(options, DEPTH_USUAL);
  }
  return [...new Set(types)].filter((t) => t === 'ec2:Instance' || t === 'ec2:LaunchTemplate').map((ResourceType) => ({ ...wished.find((w) => w.ResourceType === ResourceType), ResourceType }));
}

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-ami-references.html */
async function describeReferences(input: Input, ctx: Context): Promise<Ec2Operations['DescribeImageReferences']['output']> {
  if (input.ImageIds.length > IMAGES_MAX) throw errors.invalidParameterValue(`Up to ${IMAGES_MAX} image IDs can be specified`);
  const types = asked(input);
  const found: Reference[] = [];
  for (const ImageId of new Set(input.ImageIds)) {
    await seenImage(ctx, ImageId);
    for (const { ResourceType, ResourceTypeOptions: options } of types) {
      const states = options?.flatMap((o) => o.OptionValues ?? []) ?? [];
      const arns = ResourceType === 'ec2:Instance'
        ? (await instancesOf(ctx, ImageId)).filter((i) => states.length === 0 || states.includes(i.State!.Name!)).map((i) => ctx.arn(instances, i))
        : (await templatesOf(ctx, ImageId, depthOf(options, DEPTH_USUAL))).map((t) => ctx.arn(launchTemplates, t));
      found.push(...arns.map((Arn) => ({ ImageId, ResourceType, Arn })));
    }
  }
  const { items, next } = pageOf(found, input as unknown as Structure, errors.invalidNextToken);
  return { ImageReferences: items, ...next };
}

export const imageReferenceOperations = { DescribeImageReferences: describeReferences } satisfies Handlers<Ec2Operations>;
