import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import { modifies, type Context, type Handlers } from '../../../src/kit/index.ts';
import { setting } from '../account-settings.ts';
import * as errors from '../errors.ts';
import type { StoredImage } from '../images/images.ts';
import { tokensEnforced } from './errors.ts';
import { instances, type StoredInstance } from './instances.ts';

type Options = NonNullable<StoredInstance['MetadataOptions']>;
type Wish = Omit<Ec2Operations['ModifyInstanceMetadataOptions']['input'], 'InstanceId' | 'DryRun'>;
type Defaults = NonNullable<Ec2Operations['GetInstanceMetadataDefaults']['output']['AccountLevel']>;

const HOPS_MAX = 64;
const NO_PREFERENCE = 'no-preference';

/** What an account wants of its new instances in a Region; what it has no preference for is not there. */
const defaults = setting<Defaults>('instance-metadata-defaults', {});

const checkHops = (hops: number | undefined): void => {
  if (hops !== undefined && (hops < 1 || hops > HOPS_MAX)) throw errors.invalidValue(hops, 'httpPutResponseHopLimit', `Expecting a value between 1 and ${HOPS_MAX}.`);
};

async function checkTokens(ctx: Context, tokens: string | undefined): Promise<void> {
  if (tokens === 'optional' && (await defaults.of(ctx)).HttpTokensEnforced === 'enabled') throw tokensEnforced();
}

/** The call's wishes, the account's, those of the image, in this order. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-options.html#instance-metadata-options-order-of-precedence */
export async function metadataOptions(ctx: Context, wish: Wish | undefined, image: StoredImage): Promise<Options> {
  checkHops(wish?.HttpPutResponseHopLimit);
  const account = await defaults.of(ctx);
  const secure = image.ImdsSupport === 'v2.0';
  const options: Options = {
    State: 'applied', HttpTokens: wish?.HttpTokens ?? account.HttpTokens ?? (secure ? 'required' : 'optional'),
    HttpPutResponseHopLimit: wish?.HttpPutResponseHopLimit ?? account.HttpPutResponseHopLimit ?? (secure ? 2 : 1), HttpEndpoint: wish?.HttpEndpoint ?? account.HttpEndpoint ?? 'enabled',
    HttpProtocolIpv6: wish?.HttpProtocolIpv6 ?? 'disabled', InstanceMetadataTags: wish?.InstanceMetadataTags ?? account.InstanceMetadataTags ?? 'disabled',
  };
  await checkTokens(ctx, options.HttpTokens);
  return options;
}

/** Takes over what the call says; `no-preference` and -1 take a preference back. */
function preferring(before: Defaults, wish: Ec2Operations['ModifyInstanceMetadataDefaults']['input']): Defaults {
  const after: Record<string, unknown> = { ...before };
  for (const name of ['HttpTokens', 'HttpPutResponseHopLimit', 'HttpEndpoint', 'InstanceMetadataTags', 'HttpTokensEnforced'] as const) {
    const wanted = wish[name];
    if (wanted === NO_PREFERENCE || wanted === -1) delete after[name];
    else if (wanted !== undefined) after[name] = wanted;
  }
  return after;
}

export const metadataOptionOperations = {
  /** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstanceMetadataDefaults.html */
  ModifyInstanceMetadataDefaults: async (input, ctx) => {
    if (input.HttpPutResponseHopLimit !== -1) checkHops(input.HttpPutResponseHopLimit);
    const wanted = preferring(await defaults.of(ctx), input);
    // assumed: what enforces tokens does not go together with a default that needs none.
    if (wanted.HttpTokensEnforced === 'enabled' && wanted.HttpTokens === 'optional') throw errors.invalidParameterCombination('HttpTokensEnforced cannot be enabled while the default of HttpTokens is optional');
    await defaults.set(ctx, wanted);
    return { Return: true };
  },
  GetInstanceMetadataDefaults: async (_input, ctx) => ({ AccountLevel: { ...(await defaults.of(ctx)), ManagedBy: 'account' } }),
  ModifyInstanceMetadataOptions: modifies(instances, { id: 'InstanceId' }, async (instance, input, ctx) => {
    const { InstanceId, DryRun: _dry, ...wish } = input;
    if (Object.values(wish).every((value) => value === undefined)) throw errors.missingParameter('HttpTokens');
    if (!/^(pending|running|stopping|stopped)$/.test(instance.State!.Name!)) throw errors.incorrectInstanceState(`The instance '${InstanceId}' is not in a state in which its metadata options can be modified.`);
    checkHops(wish.HttpPutResponseHopLimit);
    await checkTokens(ctx, wish.HttpTokens);
    instance.MetadataOptions = { ...instance.MetadataOptions, ...wish, State: 'applied' };
    return { InstanceId, InstanceMetadataOptions: { ...instance.MetadataOptions, State: 'pending' as const } };
  }),
} satisfies Handlers<Ec2Operations>;
