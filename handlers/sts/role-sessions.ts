import type { Context, Session } from '../../src/kit/index.ts';
import { issue, type Issued } from './credentials.ts';
import * as errors from './errors.ts';
import type { TrustedRole } from './trust.ts';

type RoleSession = Issued & { readonly AssumedRoleUser: { AssumedRoleId: string; Arn: string }; readonly SourceIdentity?: string };

/** Credentials that act as a role. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_terms-and-concepts.html */
export async function issueForRole(ctx: Context, role: TrustedRole, name: string, session: Omit<Session, 'issuedAt'>, seconds: number, minimumTokenSize: number | undefined): Promise<RoleSession> {
  const userId = `${role.RoleId}:${name}`;
  const arn = `arn:aws:sts::${role.account}:assumed-role/${role.RoleName}/${name}`;
  const issued = await issue(ctx, { type: 'role-session', account: role.account, arn, userId, name: role.RoleName, session: { issuedAt: ctx.nowMs, ...session } }, seconds, minimumTokenSize);
  return { ...issued, AssumedRoleUser: { AssumedRoleId: userId, Arn: arn }, ...(session.sourceIdentity === undefined ? {} : { SourceIdentity: session.sourceIdentity }) };
}

export function refuseLongerThan(role: TrustedRole, seconds: number): void {
  if (seconds > role.MaxSessionDuration) throw errors.validationError('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
}
