import type { StsOperations } from '../../fixtures/models/sts.ts';
import { reference, requestTagKeys } from '../../src/iam/index.ts';
import type { Context, Handlers } from '../../src/kit/index.ts';
import { HOUR_SECONDS } from './credentials.ts';
import * as errors from './errors.ts';
import { candidates, readToken, signedBy, type Token } from './json-web-tokens.ts';
import { issueForRole, refuseLongerThan } from './role-sessions.ts';
import { passed } from './session-parameters.ts';
import { authorizeFederated, roleOf } from './trust.ts';

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html */

/** These need no provider in the account: the trust policy names them as they are, and says which audience. */
const BUILT_IN = new Set(['accounts.google.com', 'cognito-identity.amazonaws.com']);
const ACTION = 'AssumeRoleWithWebIdentity';
const COULD_NOT_RETRIEVE = 'Couldn\'t retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements';

interface Claims {
  readonly iss: string;
  readonly sub: string;
  readonly audiences: readonly string[];
  readonly all: Token['claims'];
}

interface Provider {
  /** What the trust policy names. */
  readonly name: string;
  /** The issuer without its scheme: what condition keys begin with. */
  readonly host: string;
  readonly clientIds: readonly string[] | undefined;
}

function read(text: string, ctx: Context): { token: Token; claims: Claims } {
  const token = readToken(text);
  if (!token) throw errors.invalidIdentityToken('The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)');
  const { claims } = token;
  for (const name of ['iss', 'sub', 'aud', 'exp', 'iat']) if (claims[name] === undefined) throw errors.invalidIdentityToken(`Missing a required claim: ${name}`);
  const [exp, iat, nbf = 0] = [claims.exp, claims.iat, claims.nbf] as number[];
  const now = Math.floor(ctx.nowMs / 1000);
  // assumed: the texts for times that are no numbers, or not yet come.
  for (const time of [exp, iat, nbf]) if (typeof time !== 'number') throw errors.invalidIdentityToken('The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)');
  if (now >= exp!) throw errors.expiredToken(`Token expired: current date/time ${now} must be before the expiration date/time ${exp}`);
  if (nbf > now || iat! > now) throw errors.invalidIdentityToken('Token is not valid yet');
  // "aud" is the authorized party where the token names one.
  const audiences = [claims.azp ?? claims.aud].flat().map(String);
  return { token, claims: { iss: String(claims.iss), sub: String(claims.sub), audiences, all: claims } };
}

async function providerOf(ctx: Context, iss: string): Promise<Provider> {
  const host = iss.replace(/^https:\/\//, '');
  if (BUILT_IN.has(host)) return { name: host, host, clientIds: undefined };
  const arn = `arn:aws:iam::${ctx.account}:oidc-provider/${host}`;
  const provider = iss.startsWith('https://') || iss === host ? await ctx.findForeign('iam:oidc-provider', arn) : undefined;
  if (!provider) throw errors.invalidIdentityToken(`No OpenIDConnect provider found in your account for ${iss}`);
  return { name: arn, host, clientIds: provider.ClientIDList as string[] };
}

async function checkSignature(ctx: Context, token: Token, host: string): Promise<void> {
  const text = await ctx.issuerKeys(`https://${host}`);
  // assumed: the text. Its issuer's address answers nobody.
  if (text === undefined) throw errors.idpCommunicationError('Error reaching the identity provider');
  const { keys } = JSON.parse(text) as { keys: Parameters<typeof candidates>[1] };
  const fitting = candidates(token, keys);
  if (fitting.length === 0) throw errors.invalidIdentityToken(COULD_NOT_RETRIEVE);
  // assumed: the text.
  if (!fitting.some((key) => signedBy(token, key))) throw errors.invalidIdentityToken('The web identity token that was passed could not be validated by Amazon Web Services.');
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif */
function claimKeys({ claims, host }: { claims: Claims; host: string }): Record<string, string | readonly string[]> {
  const named = reference('sts').action(ACTION)!.keys;
  const keys: Record<string, string | readonly string[]> = { [`${host}:aud`]: single(claims.audiences), [`${host}:sub`]: claims.sub };
  if (claims.all.azp !== undefined) keys[`${host}:oaud`] = single([claims.all.aud].flat().map(String));
  for (const [claim, value] of Object.entries(claims.all)) {
    const key = `${host}:${claim}`;
    // Other claims are condition keys where AWS has said so for this issuer; `amr` and `email` of any.
    if (keys[key] !== undefined || !(claim === 'amr' || claim === 'email' || named.has(key.toLowerCase()))) continue;
    if (typeof value !== 'object' || Array.isArray(value)) keys[key] = single([value].flat().map(String));
  }
  return keys;
}

const single = (values: readonly string[]): string | readonly string[] => (values.length === 1 ? values[0]! : values);

const NAMESPACE = 'https://aws.amazon.com/';

/** Tags and identity that the token brings. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_adding-assume-role-idp */
function tokenSession(claims: Token['claims']) {
  const nested = claims[`${NAMESPACE}tags`] as { principal_tags?: Record<string, unknown>; transitive_tag_keys?: unknown } | undefined;
  const tags = new Map(Object.entries(nested?.principal_tags ?? {}));
  for (const name in claims) if (name.startsWith(`${NAMESPACE}tags/principal_tags/`)) tags.set(name.slice(`${NAMESPACE}tags/principal_tags/`.length), claims[name]);
  const transitive = nested?.transitive_tag_keys ?? claims[`${NAMESPACE}tags/transitive_tag_keys`];
  const source = claims[`${NAMESPACE}source_identity`];
  return {
    Tags: [...tags].map(([Key, value]) => ({ Key, Value: String([value].flat()[0]) })), TransitiveTagKeys: transitive === undefined ? [] : [transitive].flat().map(String),
    ...(source === undefined ? {} : { SourceIdentity: String(source) }),
  };
}

async function assumeRoleWithWebIdentity(input: StsOperations['AssumeRoleWithWebIdentity']['input'], caller: Context): Promise<StsOperations['AssumeRoleWithWebIdentity']['output']> {
  const [, account] = /^arn:aws:iam::(\d{12}):role\/.+$/.exec(input.RoleArn) ?? [];
  if (account === undefined) throw errors.validationError(`${input.RoleArn} is invalid`);
  const ctx = caller.in(account, caller.region);
  // assumed: access tokens of OAuth 2.0 providers can only be checked by these, and nobody reaches them from here.
  if (input.ProviderId !== undefined) throw errors.idpCommunicationError('Error reaching the identity provider');
  const { token, claims } = read(input.WebIdentityToken, ctx);
  const provider = await providerOf(ctx, claims.iss);
  await checkSignature(ctx, token, provider.host);
  if (provider.clientIds && !claims.audiences.some((audience) => provider.clientIds!.includes(audience))) throw errors.invalidIdentityToken('Incorrect token audience');
  const given = { ...input, ...tokenSession(claims.all) };
  const { session, answer } = await passed(given, ctx);
  const forClaims = claimKeys({ claims, host: provider.host });
  const keys = { ...forClaims, ...requestTagKeys(given.Tags), 'sts:TransitiveTagKeys': given.TransitiveTagKeys, 'sts:SourceIdentity': session.sourceIdentity, 'sts:RoleSessionName': input.RoleSessionName };
  const actions = [ACTION, ...(session.tags ? ['TagSession'] : []), ...(session.sourceIdentity === undefined ? [] : ['SetSourceIdentity'])];
  const role = authorizeFederated(ctx, await roleOf(ctx, input.RoleArn), provider.name, keys, actions);
  const seconds = input.DurationSeconds ?? HOUR_SECONDS;
  refuseLongerThan(role, seconds);
  const issued = await issueForRole(ctx, role, input.RoleSessionName, { ...session, federatedProvider: provider.name, claims: forClaims }, seconds, input.MinimumSessionTokenSize);
  return {
    ...issued, SubjectFromWebIdentityToken: claims.sub, Audience: claims.audiences.find((a) => provider.clientIds?.includes(a)) ?? claims.audiences[0]!, Provider: provider.name,
    ...answer,
  };
}

export const webIdentityOperations = { AssumeRoleWithWebIdentity: assumeRoleWithWebIdentity } satisfies Handlers<StsOperations>;
