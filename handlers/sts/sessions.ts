import type { StsOperations } from '../../fixtures/models/sts.ts';
import { requestTagKeys } from '../../src/iam/index.ts';
import type { Context, Handlers } from '../../src/kit/index.ts';
import { HOUR_SECONDS, issue } from './credentials.ts';
import * as errors from './errors.ts';
import { mfaAt } from './mfa.ts';
import { IDENTITY_CONTEXT_POLICY, providedContexts } from './provided-contexts.ts';
import { issueForRole, refuseLongerThan } from './role-sessions.ts';
import { passed } from './session-parameters.ts';
import { authorize, denied, roleOf } from './trust.ts';

/** In AWS root can assume no role; here root is who comes with any key, and Terraform's assume_role is expected to work for it. */
async function assumeRole(input: StsOperations['AssumeRole']['input'], ctx: Context): Promise<StsOperations['AssumeRole']['output']> {
  const role = await roleOf(ctx, input.RoleArn);
  if (!role) throw denied(ctx, 'sts:AssumeRole', input.RoleArn);
  const { session: own, answer } = await passed(input, ctx.in(role.account, ctx.region));
  const provided = providedContexts(input.ProvidedContexts, ctx);
  const session = provided ? { ...own, claims: provided.claims, limits: [{ arn: IDENTITY_CONTEXT_POLICY }] } : own;
  const keys = {
    ...requestTagKeys(input.Tags), 'sts:TransitiveTagKeys': input.TransitiveTagKeys, 'sts:SourceIdentity': session.sourceIdentity, 'sts:ExternalId': input.ExternalId, 'sts:RoleSessionName': input.RoleSessionName,
    ...provided?.keys,
  };
  // The trust policy sees the MFA; what the role then does has none.
  const mfa = (await mfaAt(ctx, input)) === undefined ? {} : { 'aws:MultiFactorAuthPresent': true, 'aws:MultiFactorAuthAge': 0 };
  await authorize(ctx, role, 'AssumeRole', keys, mfa);
  // Inherited tags and identities need the permission as well as new ones. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_permissions-required
  if (session.tags !== undefined) await authorize(ctx, role, 'TagSession', keys, mfa);
  if (session.sourceIdentity !== undefined) await authorize(ctx, role, 'SetSourceIdentity', keys, mfa);
  if (provided) await authorize(ctx, role, 'SetContext', keys, mfa);
  const seconds = input.DurationSeconds ?? HOUR_SECONDS;
  const chained = ctx.principal.type === 'role-session';
  if (!chained) refuseLongerThan(role, seconds);
  else if (seconds > HOUR_SECONDS) throw errors.validationError('The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining');
  return { ...(await issueForRole(ctx, role, input.RoleSessionName, session, seconds, input.MinimumSessionTokenSize)), ...answer };
}

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html */
async function getSessionToken(input: StsOperations['GetSessionToken']['input'], ctx: Context): Promise<StsOperations['GetSessionToken']['output']> {
  if (ctx.principal.session) throw errors.accessDenied('Cannot call GetSessionToken with session credentials');
  const given = await mfaAt(ctx, input);
  const longest = ctx.principal.type === 'root' ? HOUR_SECONDS : 36 * HOUR_SECONDS;
  const seconds = Math.min(input.DurationSeconds ?? 12 * HOUR_SECONDS, longest);
  const { accessKeyId: _key, ...principal } = ctx.principal;
  return issue(ctx, { ...principal, session: { issuedAt: ctx.nowMs, ...(given === undefined ? {} : { mfaAt: given }) } }, seconds, input.MinimumSessionTokenSize);
}

export const sessionOperations = { AssumeRole: assumeRole, GetSessionToken: getSessionToken } satisfies Handlers<StsOperations>;
