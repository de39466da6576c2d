import type { VerifiedAccessTrustProvider } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { creates, describes, modifies, resource, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';
import * as errors from './errors.ts';
import { verifiedAccessInstances, type StoredInstance } from './instances.ts';
import { encryptionOf } from './policies.ts';
import { timeOf } from './times.ts';

/** `$` holds the clients' secrets, sealed: they are told to nobody but to whom a client's configuration is exported. */
export type StoredTrustProvider = Wire<VerifiedAccessTrustProvider> & { $: { secret?: string; nativeSecret?: string } };

/** https://docs.aws.amazon.com/verified-access/latest/ug/trust-providers.html */
export const trustProviders = resource<StoredTrustProvider>({
  service: 'ec2',
  kind: 'verified-access-trust-provider',
  shape: 'VerifiedAccessTrustProvider',
  id: { member: 'VerifiedAccessTrustProviderId', prefix: 'vatp' },
  notFound: general.notFound('InvalidVerifiedAccessTrustProviderId.NotFound', 'Verified Access trust provider ID'),
  malformed: general.malformedId('InvalidVerifiedAccessTrustProviderId.Malformed', 'vatp'),
  inUse: general.hasDependencies('verifiedAccessTrustProvider'),
});

type CreateInput = Ec2Operations['CreateVerifiedAccessTrustProvider']['input'];
type OidcWish = NonNullable<CreateInput['OidcOptions']> & { PublicSigningKeyEndpoint?: string };

const URLS = ['Issuer', 'AuthorizationEndpoint', 'TokenEndpoint', 'UserInfoEndpoint', 'PublicSigningKeyEndpoint'] as const;

function checkUrls(wish: OidcWish, name: string): void {
  for (const member of URLS) {
    const url = wish[member];
    if (url !== undefined && !/^https:\/\/[^\s/]+(\/\S*)?$/.test(url)) throw general.invalidValue(url, `${name}.${member}`, 'An https URL is expected.');
  }
}

/** Every member of an identity provider's options is needed; the secret is kept apart. */
function oidc(wish: OidcWish, name: 'OidcOptions' | 'NativeApplicationOidcOptions', ctx: Context): { shown: Omit<OidcWish, 'ClientSecret'>; secret: string } {
  const needed = ['Issuer', 'AuthorizationEndpoint', 'TokenEndpoint', 'UserInfoEndpoint', 'ClientId', 'ClientSecret', 'Scope', ...(name === 'OidcOptions' ? [] : ['PublicSigningKeyEndpoint'])] as (keyof OidcWish)[];
  const missing = needed.find((member) => !wish[member]);
  if (missing !== undefined) throw general.missingParameter(`${name}.${missing}`);
  checkUrls(wish, name);
  const { ClientSecret, ...shown } = wish;
  return { shown, secret: ctx.seal(ClientSecret!) };
}

function userOptions(input: CreateInput, ctx: Context): Partial<StoredTrustProvider> {
  const { UserTrustProviderType: type, OidcOptions: options, NativeApplicationOidcOptions: native } = input;
  if (type === undefined) throw general.missingParameter('UserTrustProviderType');
  if (input.DeviceTrustProviderType !== undefined || input.DeviceOptions !== undefined) throw general.invalidParameterCombination('DeviceTrustProviderType and DeviceOptions can be specified only when TrustProviderType is device');
  // assumed: IAM Identity Center is enabled for the account.
  if (type === 'iam-identity-center') {
    if (options !== undefined || native !== undefined) throw general.invalidParameterCombination('OIDC options can be specified only when UserTrustProviderType is oidc');
    return { UserTrustProviderType: type, $: {} };
  }
  if (options === undefined && native === undefined) throw general.missingParameter('OidcOptions');
  const [web, application] = [options && oidc(options, 'OidcOptions', ctx), native && oidc(native, 'NativeApplicationOidcOptions', ctx)];
  return {
    UserTrustProviderType: type, ...(web && { OidcOptions: web.shown }), ...(application && { NativeApplicationOidcOptions: application.shown }),
    $: { ...(web && { secret: web.secret }), ...(application && { nativeSecret: application.secret }) },
  };
}

function deviceOptions(input: CreateInput): Partial<StoredTrustProvider> {
  const { DeviceTrustProviderType: type, DeviceOptions: options } = input;
  if (type === undefined) throw general.missingParameter('DeviceTrustProviderType');
  if (options?.TenantId === undefined) throw general.missingParameter('DeviceOptions.TenantId');
  if (input.UserTrustProviderType !== undefined || input.OidcOptions !== undefined || input.NativeApplicationOidcOptions !== undefined) throw general.invalidParameterCombination('UserTrustProviderType and OIDC options can be specified only when TrustProviderType is user');
  checkUrl(options.PublicSigningKeyUrl);
  return { DeviceTrustProviderType: type, DeviceOptions: options, $: {} };
}

const checkUrl = (url: string | undefined): void => {
  if (url !== undefined && !/^https:\/\/\S+$/.test(url)) throw general.invalidValue(url, 'DeviceOptions.PublicSigningKeyUrl', 'An https URL is expected.');
};

/** Policies speak of a provider as `context.<name>`. */
const REFERENCE_NAME = /^[A-Za-z][A-Za-z0-9_-]*$/;

function planProvider(input: CreateInput, ctx: Context): Partial<StoredTrustProvider> {
  if (!REFERENCE_NAME.test(input.PolicyReferenceName)) throw general.invalidValue(input.PolicyReferenceName, 'PolicyReferenceName', 'It must begin with a letter and hold letters, digits, underscores and hyphens.');
  return {
    Description: input.Description ?? '', TrustProviderType: input.TrustProviderType, PolicyReferenceName: input.PolicyReferenceName, CreationTime: timeOf(ctx), LastUpdatedTime: timeOf(ctx),
    SseSpecification: encryptionOf(input.SseSpecification), ...(input.TrustProviderType === 'user' ? userOptions(input, ctx) : deviceOptions(input)),
  };
}

type ModifyInput = Ec2Operations['ModifyVerifiedAccessTrustProvider']['input'];

function changeOidc(provider: StoredTrustProvider, name: 'OidcOptions' | 'NativeApplicationOidcOptions', wish: OidcWish | undefined, ctx: Context): void {
  if (wish === undefined) return;
  if (provider[name] === undefined) throw general.invalidParameterCombination(`The trust provider ${provider.VerifiedAccessTrustProviderId} has no ${name}`);
  checkUrls(wish, name);
  const { ClientSecret, ...shown } = wish;
  provider[name] = { ...provider[name], ...shown };
  if (ClientSecret !== undefined) provider.$[name === 'OidcOptions' ? 'secret' : 'nativeSecret'] = ctx.seal(ClientSecret);
}

async function modify(provider: StoredTrustProvider, input: ModifyInput, ctx: Context): Promise<{ VerifiedAccessTrustProvider: StoredTrustProvider }> {
  changeOidc(provider, 'OidcOptions', input.OidcOptions, ctx);
  changeOidc(provider, 'NativeApplicationOidcOptions', input.NativeApplicationOidcOptions, ctx);
  if (input.DeviceOptions !== undefined) {
    if (provider.TrustProviderType !== 'device') throw general.invalidParameterCombination('DeviceOptions can be specified only for a device trust provider');
    checkUrl(input.DeviceOptions.PublicSigningKeyUrl);
    provider.DeviceOptions = { ...provider.DeviceOptions, ...input.DeviceOptions };
  }
  if (input.Description !== undefined) provider.Description = input.Description;
  if (input.SseSpecification !== undefined) provider.SseSpecification = encryptionOf(input.SseSpecification);
  provider.LastUpdatedTime = timeOf(ctx);
  for (const instance of await attachedTo(ctx, provider.VerifiedAccessTrustProviderId!)) {
    instance.VerifiedAccessTrustProviders = instance.VerifiedAccessTrustProviders!.map((p) => (p.VerifiedAccessTrustProviderId === provider.VerifiedAccessTrustProviderId ? condensed(provider) : p));
    await ctx.save(verifiedAccessInstances, instance);
  }
  return { VerifiedAccessTrustProvider: provider };
}

// ---- what an instance trusts ----

type Condensed = NonNullable<StoredInstance['VerifiedAccessTrustProviders']>[number];

/** What an instance shows of a provider. */
function condensed(provider: StoredTrustProvider): Condensed {
  const { VerifiedAccessTrustProviderId, Description, TrustProviderType, UserTrustProviderType, DeviceTrustProviderType } = provider;
  return { VerifiedAccessTrustProviderId, Description, TrustProviderType, ...(UserTrustProviderType && { UserTrustProviderType }), ...(DeviceTrustProviderType && { DeviceTrustProviderType }) };
}

const attachedTo = (ctx: Context, providerId: string): Promise<StoredInstance[]> => ctx.list(verifiedAccessInstances, { member: 'VerifiedAccessTrustProviders.VerifiedAccessTrustProviderId', value: providerId });

interface Pair {
  readonly VerifiedAccessInstanceId: string;
  readonly VerifiedAccessTrustProviderId: string;
}

interface Attachment {
  readonly VerifiedAccessInstance: StoredInstance;
  readonly VerifiedAccessTrustProvider: StoredTrustProvider;
}

/** An operation on an instance and a provider, which changes what the instance trusts. */
const attaching = (change: (trusted: Condensed[], provider: StoredTrustProvider, instanceId: string) => Condensed[]) => async (input: Pair, ctx: Context): Promise<Attachment> => {
  const instance = await ctx.get(verifiedAccessInstances, input.VerifiedAccessInstanceId);
  const provider = await ctx.get(trustProviders, input.VerifiedAccessTrustProviderId);
  instance.VerifiedAccessTrustProviders = change(instance.VerifiedAccessTrustProviders!, provider, input.VerifiedAccessInstanceId);
  instance.LastUpdatedTime = timeOf(ctx);
  return { VerifiedAccessTrustProvider: provider, VerifiedAccessInstance: await ctx.save(verifiedAccessInstances, instance) };
};

export const trustProviderOperations = {
  CreateVerifiedAccessTrustProvider: creates(trustProviders, planProvider),
  DescribeVerifiedAccessTrustProviders: describes(trustProviders, { ids: 'VerifiedAccessTrustProviderIds' }),
  ModifyVerifiedAccessTrustProvider: modifies(trustProviders, { id: 'VerifiedAccessTrustProviderId' }, modify),
  /** "A Verified Access instance can have one user-identity trust provider": of devices it may have several. */
  AttachVerifiedAccessTrustProvider: attaching((trusted, provider, instanceId) => {
    const id = provider.VerifiedAccessTrustProviderId!;
    if (trusted.some((t) => t.VerifiedAccessTrustProviderId === id)) throw errors.alreadyAttached(id, instanceId);
    if (provider.TrustProviderType === 'user' && trusted.some((t) => t.TrustProviderType === 'user')) throw errors.oneUserProvider(instanceId);
    return [...trusted, condensed(provider)];
  }),
  DetachVerifiedAccessTrustProvider: attaching((trusted, provider, instanceId) => {
    const id = provider.VerifiedAccessTrustProviderId!;
    if (!trusted.some((t) => t.VerifiedAccessTrustProviderId === id)) throw errors.notAttached(id, instanceId);
    return trusted.filter((t) => t.VerifiedAccessTrustProviderId !== id);
  }),
  DeleteVerifiedAccessTrustProvider: async (input, ctx) => {
    const provider = await ctx.get(trustProviders, input.VerifiedAccessTrustProviderId);
    await ctx.refuseWhileReferred(trustProviders, input.VerifiedAccessTrustProviderId);
    await ctx.remove(trustProviders, provider);
    return { VerifiedAccessTrustProvider: { ...provider, LastUpdatedTime: timeOf(ctx) } };
  },
} satisfies Handlers<Ec2Operations>;
