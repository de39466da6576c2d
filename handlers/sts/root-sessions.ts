import type { StsOperations } from '../../fixtures/models/sts.ts';
import { organizationOf, type Context, type Handlers } from '../../src/kit/index.ts';
import { issue } from './credentials.ts';
import * as errors from './errors.ts';

/** Privileged tasks on a member account of an organisation. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user-privileged-task.html */
const BEGINNING = 'arn:aws:iam::aws:policy/root-task/';

/** Which of the features of centralized root access a task belongs to. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-enable-root-access.html */
const TASKS: Readonly<Record<string, readonly string[]>> = {
  // assumed: either feature is enough for what is done to root's own credentials.
  IAMAuditRootUserCredentials: ['RootCredentialsManagement', 'RootSessions'],
  IAMCreateRootUserPassword: ['RootCredentialsManagement', 'RootSessions'],
  IAMDeleteRootUserCredentials: ['RootCredentialsManagement', 'RootSessions'],
  S3UnlockBucketPolicy: ['RootSessions'],
  SQSUnlockQueuePolicy: ['RootSessions'],
};

const SECONDS_MAX = 900;

/** By its number, or by its root's ARN. */
export function targetAccount(principal: string): string | undefined {
  return /^(?:arn:aws:iam::)?(\d{12})(:root)?$/.exec(principal)?.[1];
}

// assumed: the texts of the refusals.
async function assumeRoot(input: StsOperations['AssumeRoot']['input'], ctx: Context): Promise<StsOperations['AssumeRoot']['output']> {
  if (ctx.principal.type === 'root') throw errors.accessDenied('The root user cannot perform: sts:AssumeRoot');
  const account = targetAccount(input.TargetPrincipal);
  if (account === undefined) throw errors.validationError(`${input.TargetPrincipal} is invalid`);
  const arn = input.TaskPolicyArn.arn ?? '';
  const features = arn.startsWith(BEGINNING) ? TASKS[arn.slice(BEGINNING.length)] : undefined;
  if (!features) throw errors.validationError(`${arn} is not a valid task policy for AssumeRoot`);
  const denied = (why: string) => errors.accessDenied(`User: ${ctx.principal.arn} is not authorized to perform: sts:AssumeRoot on resource: arn:aws:iam::${account}:root because ${why}`);
  const organization = await organizationOf(ctx.world.store, ctx.account);
  if (!organization || (ctx.account !== organization.MasterAccountId && !organization.delegatedAdministrators.includes(ctx.account))) throw denied(`account ${ctx.account} is neither the management account of an organization nor its delegated administrator for IAM`);
  if (account === organization.MasterAccountId || organization.paths[account] === undefined) throw denied(`account ${account} is no member account of the organization`);
  const enabled = await ctx.in(organization.MasterAccountId, ctx.region).findForeign('iam:organizations-features', organization.Id);
  if (!features.some((feature) => (enabled?.EnabledFeatures as string[] | undefined)?.includes(feature))) throw denied('centralized root access is not enabled for this task');
  const sourceIdentity = ctx.principal.session?.sourceIdentity;
  const issued = await issue(ctx, {
    type: 'root', account, arn: `arn:aws:iam::${account}:root`, userId: account, session: { issuedAt: ctx.nowMs, task: arn, ...(sourceIdentity !== undefined && { sourceIdentity }) },
  }, input.DurationSeconds ?? SECONDS_MAX, input.MinimumSessionTokenSize);
  return { ...issued, ...(sourceIdentity !== undefined && { SourceIdentity: sourceIdentity }) };
}

export const rootSessionOperations = { AssumeRoot: assumeRoot } satisfies Handlers<StsOperations>;
