import { createHash } from 'node:crypto';
import type { StsOperations } from '../../fixtures/models/sts.ts';
import { requestTagKeys } from '../../src/iam/index.ts';
import type { Context, Handlers } from '../../src/kit/index.ts';
import { HOUR_SECONDS } from './credentials.ts';
import * as errors from './errors.ts';
import { issueForRole, refuseLongerThan } from './role-sessions.ts';
import { readAssertion, type Assertion, type SamlProvider } from './saml-assertions.ts';
import { samlKeys } from './saml-condition-keys.ts';
import { passed } from './session-parameters.ts';
import { authorizeFederated, roleOf, type TrustedRole } from './trust.ts';

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithSAML.html */
type Input = StsOperations['AssumeRoleWithSAML']['input'];
const ACTION = 'AssumeRoleWithSAML';
const ATTRIBUTES = 'https://aws.amazon.com/SAML/Attributes/';
const SESSION_SECONDS_MIN = 900;
const SESSION_SECONDS_MAX = 43_200;

async function providerOf(ctx: Context, arn: string): Promise<{ provider: SamlProvider; name: string }> {
  const [, account, name] = /^arn:aws:iam::(\d{12}):saml-provider\/([\w._-]+)$/.exec(arn) ?? [];
  if (account === undefined) throw errors.validationError(`${arn} is invalid`);
  const provider = account === ctx.account ? await ctx.findForeign('iam:saml-provider', arn) : undefined;
  if (!provider) throw errors.invalidIdentityToken('Specified provider doesn\'t exist');
  return { provider: provider as unknown as SamlProvider, name: name! };
}

/** "arn:…:role/…,arn:…:saml-provider/…", either way round. */
function namesPair(assertion: Assertion, role: string, provider: string): boolean {
  return (assertion.attributes.get(`${ATTRIBUTES}Role`) ?? []).some((value) => {
    const pair = value.split(',').map((arn) => arn.trim());
    return pair.length === 2 && pair.includes(role) && pair.includes(provider);
  });
}

function sessionName(assertion: Assertion): string {
  const [name = ''] = assertion.attributes.get(`${ATTRIBUTES}RoleSessionName`) ?? [];
  if (name === '') throw errors.invalidIdentityToken('RoleSessionName is required in AuthnResponse');
  if (!/^[\w+=,.@-]{2,64}$/.test(name)) throw errors.invalidIdentityToken('RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}');
  return name;
}

/** Tags and identity that the assertion brings. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_adding-assume-role-saml */
function assertionSession({ attributes }: Assertion) {
  const tags = [...attributes].filter(([name]) => name.startsWith(`${ATTRIBUTES}PrincipalTag:`));
  const [source] = attributes.get(`${ATTRIBUTES}SourceIdentity`) ?? [];
  if (source !== undefined && !/^(?!aws:)[\w+=,.@-]{2,64}$/i.test(source)) throw errors.invalidIdentityToken('Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64} and not begin with "aws:"');
  return {
    Tags: tags.map(([name, [value = '']]) => ({ Key: name.slice(`${ATTRIBUTES}PrincipalTag:`.length), Value: value })), TransitiveTagKeys: attributes.get(`${ATTRIBUTES}TransitiveTagKeys`) ?? [],
    ...(source === undefined ? {} : { SourceIdentity: source }),
  };
}

/** The least of what the call, the role and the assertion say. */
function duration(input: Input, role: TrustedRole, assertion: Assertion, now: number): number {
  const asked = input.DurationSeconds ?? HOUR_SECONDS;
  refuseLongerThan(role, asked);
  const [given] = assertion.attributes.get(`${ATTRIBUTES}SessionDuration`) ?? [];
  // assumed: the text.
  if (given !== undefined && !(/^\d+$/.test(given) && Number(given) >= SESSION_SECONDS_MIN && Number(given) <= SESSION_SECONDS_MAX)) throw errors.invalidIdentityToken('SessionDuration must be between 900 and 43200');
  const left = assertion.sessionEnds === undefined ? Infinity : Math.floor((assertion.sessionEnds - now) / 1000);
  // assumed: the text.
  if (left <= 0) throw errors.expiredToken('The session of the identity provider has ended');
  return Math.min(asked, given === undefined ? Infinity : Number(given), left);
}

async function assumeRoleWithSaml(input: Input, caller: Context): Promise<StsOperations['AssumeRoleWithSAML']['output']> {
  const [, account] = /^arn:aws:iam::(\d{12}):role\/.+$/.exec(input.RoleArn) ?? [];
  if (account === undefined) throw errors.validationError(`${input.RoleArn} is invalid`);
  const ctx = caller.in(account, caller.region);
  const { provider, name } = await providerOf(ctx, input.PrincipalArn);
  const assertion = readAssertion(input.SAMLAssertion, provider, ctx);
  const session = sessionName(assertion);
  if (!namesPair(assertion, input.RoleArn, input.PrincipalArn)) throw errors.notAuthorized(`sts:${ACTION}`);
  const given = { ...input, ...assertionSession(assertion) };
  const kept = await passed(given, ctx);
  const nameQualifier = createHash('sha1').update(`${assertion.issuer}${account}/${name}`).digest('base64');
  const claims = samlKeys(assertion, account, name, nameQualifier);
  const keys = { ...claims, ...requestTagKeys(given.Tags), 'sts:TransitiveTagKeys': given.TransitiveTagKeys, 'sts:SourceIdentity': kept.session.sourceIdentity, 'sts:RoleSessionName': session };
  const actions = [ACTION, ...(kept.session.tags ? ['TagSession'] : []), ...(kept.session.sourceIdentity === undefined ? [] : ['SetSourceIdentity'])];
  const role = authorizeFederated(ctx, await roleOf(ctx, input.RoleArn), input.PrincipalArn, keys, actions);
  const seconds = duration(input, role, assertion, ctx.nowMs);
  const issued = await issueForRole(ctx, role, session, { ...kept.session, federatedProvider: input.PrincipalArn, claims }, seconds, input.MinimumSessionTokenSize);
  return {
    ...issued, Subject: assertion.subject, SubjectType: assertion.subjectType, Issuer: assertion.issuer, Audience: assertion.recipient, NameQualifier: nameQualifier,
    ...kept.answer,
  };
}

export const samlSessionOperations = { AssumeRoleWithSAML: assumeRoleWithSaml } satisfies Handlers<StsOperations>;
