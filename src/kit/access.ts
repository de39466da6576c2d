import type { ProtocolName } from '../../protocols/types.ts';
import { accessDenied, failureMessage, type Denied } from '../iam/denials.ts';
import { decide, type Decision, type Policies, type Question } from '../iam/evaluate.ts';
import type { Identity, Permission } from '../iam/permissions.ts';
import { everything } from '../iam/policies.ts';
import { callerOf } from '../iam/principals.ts';
import { globalKeys, Keys } from '../iam/request-context.ts';
import type { Awaitable } from '../store/store.ts';
import type { Context } from './context.ts';
import { organizationPolicies } from './organization-policies.ts';

/** One decision, with all that went into it. */
export interface Judgement {
  readonly permission: Permission;
  readonly question: Question;
  readonly policies: Policies;
  readonly decision: Decision;
}

const EVERYTHING = everything();

/** https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html#rcp-supported-services */
const HAS_RCPS = /^(sts|s3|sqs|kms|secretsmanager|dynamodb|ecr|cognito-idp|cognito-identity|logs|aoss):/;

const IDENTITIES_MAX = 1000;
const identities = new WeakMap<Context['world'], Map<string, { at: number; identity: Identity }>>();

/** What is known of the caller, read once until IAM changes. An account's root may do everything that organisation policies leave. */
export async function identityOf(ctx: Context): Promise<Identity> {
  const { principal, world } = ctx;
  const service = world.registry.identities();
  if (!service || (principal.type === 'root' && !principal.session)) return { arn: principal.arn, tags: {}, identity: [EVERYTHING] };
  let known = identities.get(world);
  if (!known) identities.set(world, (known = new Map()));
  const at = world.changes.of(service.name);
  const found = known.get(principal.accessKeyId);
  if (found?.at === at) return found.identity;
  const identity = await service.identityOf(principal, ctx);
  if (known.size >= IDENTITIES_MAX) known.clear();
  known.set(principal.accessKeyId, { at, identity });
  return identity;
}

/** What is the same for every permission of a call. */
function callKeys(ctx: Context, identity: Identity): Keys {
  return (ctx.keys ??= globalKeys(ctx.principal, identity.arn, identity.tags, { at: ctx.nowMs, region: ctx.region, sourceIp: ctx.call.sourceIp, userAgent: ctx.call.userAgent }));
}

/** All that speaks of the caller whatever they do. Who calls is limited by the service control policies of their account, a resource by the resource control policies of its own. */
export async function callerPolicies(ctx: Context): Promise<Policies> {
  const { identity, boundary, session, limits } = await identityOf(ctx);
  const { scps } = await organizationPolicies(ctx.world.store, ctx.principal.account);
  // Without evaluation a resource's own policy still says who may come.
  if (ctx.world.settings.iam === 'off') return { ...(scps && { scps }), identity: [EVERYTHING] };
  return { ...(scps && { scps }), identity, ...(boundary && { boundary }), ...(session && { session }), ...(limits && { limits }) };
}

/** Decides, and notes the decision for the log of calls. Nothing is refused here. */
export async function judge(ctx: Context, permission: Permission): Promise<Judgement> {
  const { principal } = ctx;
  const identity = await identityOf(ctx);
  const resourceAccount = permission.resourceAccount ?? principal.account;
  const context = new Keys(callKeys(ctx, identity), permission.keys);
  if (resourceAccount !== principal.account) context.set('aws:ResourceAccount', resourceAccount);
  const question: Question = { action: permission.action, resource: permission.resource, resourceAccount, ...(permission.resourceMustGrant && { resourceMustGrant: true }), caller: callerOf(principal, identity.behind), context };
  const { rcps } = HAS_RCPS.test(permission.action) ? await organizationPolicies(ctx.world.store, resourceAccount) : {};
  const policies: Policies = { ...(rcps && { rcps }), ...(await callerPolicies(ctx)), ...(permission.resourcePolicies && { resource: permission.resourcePolicies }) };
  const judgement = { permission, question, policies, decision: decide(question, policies) };
  ctx.judgements.push(judgement);
  return judgement;
}

/** An account's root may do what service control policies leave; `observe` decides for it too, so that its calls can become a policy. */
export function isJudged(ctx: Context): Awaitable<boolean> {
  const { principal, world } = ctx;
  const { iam: mode } = world.settings;
  if (mode === 'off') return false;
  if (mode !== 'enforce' || principal.type !== 'root' || principal.session !== undefined) return true;
  const above = organizationPolicies(world.store, principal.account);
  return above instanceof Promise ? above.then(({ scps }) => scps !== undefined) : above.scps !== undefined;
}

/** Every permission is decided on its own, and the first refusal is the answer, in the words of the protocol. */
export async function demand(ctx: Context, permissions: readonly Permission[], protocol: ProtocolName): Promise<void> {
  for (const permission of permissions) {
    const judgement = await judge(ctx, permission);
    if (ctx.world.settings.iam === 'enforce' && judgement.decision.outcome !== 'allowed') throw denial(ctx, judgement, protocol);
  }
}

function denial(ctx: Context, { permission, question, decision }: Judgement, protocol: ProtocolName): Error {
  const { principal, world } = ctx;
  const denied: Denied = { callerArn: principal.arn, action: permission.action, resource: permission.resource, named: permission.named, decision };
  const keys = question.context instanceof Keys ? question.context.entries() : [];
  return accessDenied(protocol, denied, () => world.store.seal(failureMessage(denied, { id: principal.userId, name: principal.name }, keys)));
}
