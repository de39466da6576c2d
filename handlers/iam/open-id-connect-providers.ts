import { createHash } from 'node:crypto';
import type { GetOpenIDConnectProviderResponse } from '@aws-sdk/client-iam';
import type { IamOperations } from '../../fixtures/models/iam.ts';
import type { Wire } from '../../protocols/wire-types.ts';
import { resource, type Context, type Handlers } from '../../src/kit/index.ts';
import { checkedTags, checkQuota, joinedTags, paged } from './entities.ts';
import * as errors from './errors.ts';

/** The URL is kept and answered without its scheme, as AWS does; sts reads ClientIDList of it. */
export type StoredOidcProvider = Wire<GetOpenIDConnectProviderResponse> & { Arn: string; Url: string; ClientIDList: string[]; Tags: { Key: string; Value: string }[] };

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html */
export const oidcProviders = resource<StoredOidcProvider>({
  service: 'iam',
  kind: 'oidc-provider',
  global: true,
  shape: 'GetOpenIDConnectProviderResponse',
  id: { member: 'Arn' },
  notFound: (arns) => errors.noSuchEntity(`OpenIDConnect Provider not found for arn ${arns[0]}`),
  arn: (p) => p.Arn,
});

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const CLIENT_IDS_MAX = 100;
const THUMBPRINTS_MAX = 5;

/** Without the scheme. "The URL must begin with https://", "query parameters are not" allowed and it "should not contain a port number". */
function address(url: string): string {
  const invalid = errors.validationError('Invalid Open ID Connect Provider URL');
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw invalid;
  }
  // assumed: a port, a user or a fragment makes the URL invalid like a query does.
  if (!url.startsWith('https://') || url.includes('?') || url.includes('#') || parsed.port !== '' || parsed.username !== '' || parsed.hostname === '') throw invalid;
  return url.slice('https://'.length);
}

function checkedThumbprints(given: readonly string[] | undefined): string[] {
  if ((given ?? []).length > THUMBPRINTS_MAX) throw errors.invalidInput('Thumbprint list must contain fewer than 5 entries.');
  // assumed: the text for what is not hexadecimal.
  for (const print of given ?? []) if (!/^[0-9a-f]{40}$/i.test(print)) throw errors.invalidInput(`Thumbprint ${print} must be a hexadecimal string.`);
  return [...(given ?? [])];
}

/**
 * Without a list AWS takes the thumbprint of the issuer's certificate authority: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html
 * assumed: no server is asked here; the same issuer always has the same thumbprint.
 */
const retrievedThumbprint = (url: string): string => createHash('sha1').update(url.split('/')[0]!).digest('hex');

const tooManyClients = () => errors.limitExceeded('ClientIdsPerOpenIdConnectProvider', CLIENT_IDS_MAX);

async function createProvider(input: IamOperations['CreateOpenIDConnectProvider']['input'], ctx: Context): Promise<IamOperations['CreateOpenIDConnectProvider']['output']> {
  const url = address(input.Url);
  const clients = [...new Set(input.ClientIDList ?? [])];
  const thumbprints = input.ThumbprintList === undefined ? [retrievedThumbprint(url)] : checkedThumbprints(input.ThumbprintList);
  if (clients.length > CLIENT_IDS_MAX) throw tooManyClients();
  const Arn = `arn:aws:iam::${ctx.account}:oidc-provider/${url}`;
  if (await ctx.find(oidcProviders, Arn)) throw errors.entityAlreadyExists(`Provider with url ${input.Url} already exists.`);
  // assumed: the quota's name on the wire.
  await checkQuota(ctx, 'L-858F3967', (await ctx.list(oidcProviders)).length, 'OpenIdConnectProvidersPerAccount');
  const provider = await ctx.create(oidcProviders, { Arn, Url: url, ClientIDList: clients, ThumbprintList: thumbprints, CreateDate: ctx.now, Tags: checkedTags(input.Tags) });
  return { OpenIDConnectProviderArn: Arn, Tags: provider.Tags };
}

/** Form first, existence second. */
async function provider(ctx: Context, arn: string): Promise<StoredOidcProvider> {
  // assumed: the text for an ARN of another form.
  if (!/^arn:aws:iam::\d{12}:oidc-provider\/.+$/.test(arn)) throw errors.invalidInput(`ARN ${arn} is not valid.`);
  return ctx.get(oidcProviders, arn);
}

export const oidcProviderOperations = {
  CreateOpenIDConnectProvider: createProvider,
  GetOpenIDConnectProvider: async (input, ctx) => {
    const { Arn: _arn, ...shown } = await provider(ctx, input.OpenIDConnectProviderArn);
    return shown;
  },
  /** Not paged. https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListOpenIDConnectProviders.html */
  ListOpenIDConnectProviders: async (_input, ctx) => ({ OpenIDConnectProviderList: (await ctx.list(oidcProviders)).map(({ Arn }) => ({ Arn })) }),
  UpdateOpenIDConnectProviderThumbprint: async (input, ctx) => {
    const stored = await provider(ctx, input.OpenIDConnectProviderArn);
    stored.ThumbprintList = checkedThumbprints(input.ThumbprintList);
    await ctx.save(oidcProviders, stored);
  },
  /** Adding what is there already changes nothing. https://docs.aws.amazon.com/IAM/latest/APIReference/API_AddClientIDToOpenIDConnectProvider.html */
  AddClientIDToOpenIDConnectProvider: async (input, ctx) => {
    const stored = await provider(ctx, input.OpenIDConnectProviderArn);
    if (stored.ClientIDList.includes(input.ClientID)) return;
    if (stored.ClientIDList.length >= CLIENT_IDS_MAX) throw tooManyClients();
    stored.ClientIDList.push(input.ClientID);
    await ctx.save(oidcProviders, stored);
  },
  /** Removing what is not there changes nothing. https://docs.aws.amazon.com/IAM/latest/APIReference/API_RemoveClientIDFromOpenIDConnectProvider.html */
  RemoveClientIDFromOpenIDConnectProvider: async (input, ctx) => {
    const stored = await provider(ctx, input.OpenIDConnectProviderArn);
    stored.ClientIDList = stored.ClientIDList.filter((id) => id !== input.ClientID);
    await ctx.save(oidcProviders, stored);
  },
  TagOpenIDConnectProvider: async (input, ctx) => {
    const stored = await provider(ctx, input.OpenIDConnectProviderArn);
    stored.Tags = joinedTags(stored.Tags, input.Tags);
    await ctx.save(oidcProviders, stored);
  },
  UntagOpenIDConnectProvider: async (input, ctx) => {
    const stored = await provider(ctx, input.OpenIDConnectProviderArn);
    stored.Tags = stored.Tags.filter((t) => !input.TagKeys.includes(t.Key));
    await ctx.save(oidcProviders, stored);
  },
  ListOpenIDConnectProviderTags: async (input, ctx) => {
    const { page, ...rest } = paged((await provider(ctx, input.OpenIDConnectProviderArn)).Tags, input);
    return { ...rest, Tags: page };
  },
  /** "does not fail or return an error if you call the operation for a provider that does not exist". https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteOpenIDConnectProvider.html */
  DeleteOpenIDConnectProvider: async (input, ctx) => {
    const stored = await ctx.find(oidcProviders, input.OpenIDConnectProviderArn);
    if (stored) await ctx.remove(oidcProviders, stored);
  },
} satisfies Handlers<IamOperations>;
