import { callerOf, decide, denialText, everything, Keys, permission, policy, reference, type Caller, type KeyValue } from '../../src/iam/index.ts';
import { identityOf, judge, type Context } from '../../src/kit/index.ts';
import * as errors from './errors.ts';

/**
 * Who may assume a role: its trust policy must always say so, unlike other resources' policies, and of callers that have
 * policies these must not object. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */

/** What of a stored role sts reads. */
export interface TrustedRole {
  readonly Arn: string;
  readonly RoleId: string;
  readonly RoleName: string;
  readonly MaxSessionDuration: number;
  readonly AssumeRolePolicyDocument: string;
  readonly Tags?: readonly { readonly Key: string; readonly Value: string }[];
  readonly account: string;
}

/**
 * By its ARN, path and all; undefined where there is none, as in an account of nine digits.
 * https://github.com/ansible-collections/amazon.aws/blob/main/tests/integration/targets/sts_assume_role/tasks/main.yml
 */
export async function roleOf(ctx: Context, arn: string): Promise<TrustedRole | undefined> {
  const [, account, path] = /^arn:aws:iam::(\d+):role\/(.+)$/.exec(arn) ?? [];
  if (account === undefined) throw errors.validationError(`${arn} is invalid`);
  const role = (await ctx.in(account, ctx.region).findForeign('iam:role', path!.split('/').at(-1)!)) as Omit<TrustedRole, 'account'> | undefined;
  return role?.Arn === arn ? { ...role, account } : undefined;
}

const EVERYTHING = everything();
const NO_ACCOUNT = '';

/** Whether the trust policy lets the caller in, whatever other policies say. */
function trusts(role: TrustedRole, caller: Caller, action: string, context: Keys): boolean {
  const question = { action, resource: role.Arn, resourceAccount: role.account, resourceMustGrant: true, caller, context };
  return decide(question, { identity: [EVERYTHING], resource: [policy({ type: 'resource', name: role.Arn, managed: false }, role.AssumeRolePolicyDocument)] }).outcome === 'allowed';
}

/** What the caller of an unsigned request is known by: its identity provider. */
const federatedCaller = (providerArn: string): Caller => ({ account: NO_ACCOUNT, arn: '', federated: providerArn, anonymous: true });

/** What policies may ask of a call that nobody signed. */
const callKeys = (ctx: Context): Keys => new Keys(undefined, {
  'aws:CurrentTime': ctx.now, 'aws:EpochTime': Math.floor(ctx.nowMs / 1000), 'aws:RequestedRegion': ctx.region, 'aws:SourceIp': ctx.call.sourceIp, 'aws:UserAgent': ctx.call.userAgent, 'aws:SecureTransport': true,
});

/** Throws AccessDenied where the caller may not do `name` ('AssumeRole') to the role. */
export async function authorize(ctx: Context, role: TrustedRole, name: string, keys: Readonly<Record<string, KeyValue>>, global: Readonly<Record<string, KeyValue>> = {}): Promise<void> {
  const action = reference('sts').action(name)!;
  const tags = Object.fromEntries((role.Tags ?? []).flatMap(({ Key, Value }) => [[`aws:ResourceTag/${Key}`, Value], [`iam:ResourceTag/${Key}`, Value]]));
  const asked = permission(action, role.Arn, action.resources[0], { ...tags, ...keys });
  const { principal } = ctx;
  const judgement = await judge(ctx, { ...asked, keys: { ...asked.keys, ...global }, resourceMustGrant: true, resourceAccount: role.account, resourcePolicies: [policy({ type: 'resource', name: role.Arn, managed: false }, role.AssumeRolePolicyDocument)] });
  const identity = await identityOf(ctx);
  const context = judgement.question.context as Keys;
  if (!trusts(role, callerOf(principal, identity.behind), action.name, context)) throw denied(ctx, action.name, role.Arn);
  const { decision } = judgement;
  if (decision.outcome !== 'allowed' && ctx.world.settings.iam !== 'observe') throw errors.accessDenied(denialText({ callerArn: principal.arn, action: action.name, resource: role.Arn, decision }));
}

/** Throws where the trust policy does not let the users of an identity provider do all of `actions`, or there is no role. */
export function authorizeFederated(ctx: Context, role: TrustedRole | undefined, provider: string, keys: Readonly<Record<string, KeyValue>>, actions: readonly string[]): TrustedRole {
  const tags = Object.fromEntries((role?.Tags ?? []).flatMap(({ Key, Value }) => [[`aws:ResourceTag/${Key}`, Value], [`iam:ResourceTag/${Key}`, Value]]));
  const context = new Keys(callKeys(ctx), { ...tags, 'aws:FederatedProvider': provider, ...keys });
  for (const action of actions) if (!role || !trusts(role, federatedCaller(provider), `sts:${action}`, context)) throw errors.notAuthorized(`sts:${action}`);
  return role!;
}

/** Who asks for a role that does not exist learns no more than who may not have it. */
export const denied = (ctx: Context, action: string, arn: string) => errors.accessDenied(`User: ${ctx.principal.arn} is not authorized to perform: ${action} on resource: ${arn}`);
