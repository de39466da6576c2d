import type { StsOperations } from '../../fixtures/models/sts.ts';
import { AwsError, type Context, type Handlers } from '../../src/kit/index.ts';
import { HOUR_SECONDS, issue } from './credentials.ts';
import { trusts } from './trust.ts';

const denied = (ctx: Context, arn: string): AwsError => new AwsError('AccessDenied', `User: ${ctx.principal.arn} is not authorized to perform: sts:AssumeRole on resource: ${arn}`, 403);

/** What has no effect before policies are evaluated is refused, so that nobody relies on it. */
const UNSUPPORTED = ['Policy', 'PolicyArns', 'Tags', 'TransitiveTagKeys', 'SerialNumber', 'TokenCode', 'SourceIdentity', 'ProvidedContexts'] as const;

async function assumeRole(input: StsOperations['AssumeRole']['input'], ctx: Context): Promise<StsOperations['AssumeRole']['output']> {
  for (const name of UNSUPPORTED) if (input[name] !== undefined) throw new AwsError('ValidationError', `The parameter ${name} is not supported by Fogbank yet.`);
  const [, account, path] = /^arn:aws:iam::(\d{12}):role\/(.+)$/.exec(input.RoleArn) ?? [];
  if (account === undefined) throw new AwsError('ValidationError', `${input.RoleArn} is invalid`);
  const role = await ctx.in(account, ctx.region).findForeign('iam:role', path!.split('/').at(-1)!);
  // Who asks for a role that does not exist learns no more than who may not have it. In AWS root can assume no role; here
  // root is who comes with any key, and Terraform's assume_role is expected to work for it.
  if (!role || role.Arn !== input.RoleArn || !trusts(String(role.AssumeRolePolicyDocument), {
    action: 'sts:AssumeRole', callerArn: ctx.principal.arn, callerAccount: ctx.account,
    context: { 'sts:externalid': input.ExternalId, 'sts:rolesessionname': input.RoleSessionName, 'aws:principalarn': ctx.principal.arn, 'aws:principalaccount': ctx.account },
  })) throw denied(ctx, input.RoleArn);
  const seconds = input.DurationSeconds ?? HOUR_SECONDS;
  const allowed = ctx.principal.type === 'role-session' ? HOUR_SECONDS : Number(role.MaxSessionDuration);
  if (seconds > allowed) {
    throw new AwsError('ValidationError', ctx.principal.type === 'role-session'
      ? 'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining'
      : 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
  }
  const userId = `${String(role.RoleId)}:${input.RoleSessionName}`;
  const arn = `arn:aws:sts::${account}:assumed-role/${String(role.RoleName)}/${input.RoleSessionName}`;
  const Credentials = await issue(ctx, { type: 'role-session', account, arn, userId, name: String(role.RoleName), session: { issuedAt: ctx.nowMs } }, seconds);
  return { Credentials, AssumedRoleUser: { AssumedRoleId: userId, Arn: arn } };
}

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html */
async function getSessionToken(input: StsOperations['GetSessionToken']['input'], ctx: Context): Promise<StsOperations['GetSessionToken']['output']> {
  if (input.SerialNumber !== undefined || input.TokenCode !== undefined) throw new AwsError('ValidationError', 'MFA devices are not supported by Fogbank yet.');
  if (ctx.principal.session) throw new AwsError('AccessDenied', 'Cannot call GetSessionToken with session credentials', 403);
  const longest = ctx.principal.type === 'root' ? HOUR_SECONDS : 36 * HOUR_SECONDS;
  const seconds = Math.min(input.DurationSeconds ?? 12 * HOUR_SECONDS, longest);
  const { accessKeyId: _key, ...principal } = ctx.principal;
  return { Credentials: await issue(ctx, { ...principal, session: { issuedAt: ctx.nowMs } }, seconds) };
}

export const sessionOperations = { AssumeRole: assumeRole, GetSessionToken: getSessionToken } satisfies Handlers<StsOperations>;
