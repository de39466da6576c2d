import { isIP } from 'node:net';
import type { IamOperations } from '../../fixtures/models/iam.ts';
import { callerOf, checkPolicy, decide, type Decision, globalKeys, Keys, type Policies, policy, type Policy, type PolicyType, type Question, reference } from '../../src/iam/index.ts';
import type { Context, Handlers, Principal } from '../../src/kit/index.ts';
import { paged, type Entity } from './entities.ts';
import * as errors from './errors.ts';
import { groups } from './groups.ts';
import { managedDocument, policiesOf } from './identities.ts';
import { roles } from './roles.ts';
import { statementPositions, type Span } from './statement-positions.ts';
import { users } from './users.ts';

/**
 * The policy simulator, on the engine that decides calls.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_testing-policies.html
 */
type Custom = IamOperations['SimulateCustomPolicy']['input'];
type ForPrincipal = IamOperations['SimulatePrincipalPolicy']['input'];
type Result = NonNullable<IamOperations['SimulateCustomPolicy']['output']['EvaluationResults']>[number];
type Matched = NonNullable<Result['MatchedStatements']>[number];
type Verdict = 'allowed' | 'explicitDeny' | 'implicitDeny';

/** A policy of the simulation, with what results call it and its text. */
interface Input {
  readonly policy: Policy;
  readonly id: string;
  readonly kind: string;
  readonly text: string;
}

const given = (type: PolicyType, list: string, kind: string, texts: readonly string[] | undefined): Input[] => (texts ?? []).map((text, i) => {
  checkPolicy(text, type === 'resource' ? 'resource' : 'identity');
  const id = `${list}.${i + 1}`;
  return { policy: policy({ type, name: id, managed: false }, text), id, kind, text };
});

interface Simulated {
  readonly caller: Principal;
  readonly identity: readonly Input[];
  readonly boundary: readonly Input[] | undefined;
  readonly resource: readonly Input[] | undefined;
  readonly scps: readonly (readonly Input[])[] | undefined;
}

async function simulateCustomPolicy(input: Custom, ctx: Context): Promise<IamOperations['SimulateCustomPolicy']['output']> {
  const caller = input.CallerArn === undefined ? nobody(ctx) : await callerNamed(ctx, input.CallerArn);
  return simulate(input, {
    caller, identity: given('identity', 'PolicyInputList', 'IAM Policy', input.PolicyInputList), boundary: boundaryOf(input), resource: resourcePolicyOf(input),
    scps: scpsOf(input.OrderedOrganizationPolicyInputList),
  }, ctx);
}

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html */
async function simulatePrincipalPolicy(input: ForPrincipal, ctx: Context): Promise<IamOperations['SimulatePrincipalPolicy']['output']> {
  const { kind, entity } = await entityNamed(ctx, input.PolicySourceArn);
  const own = await attached(ctx, kind, entity);
  if (kind === 'user') for (const id of (entity as { $: { groups?: string[] } }).$.groups ?? []) own.push(...(await attached(ctx, 'group', await ctx.get(groups, id))));
  const boundArn = (entity as { PermissionsBoundary?: { PermissionsBoundaryArn?: string } }).PermissionsBoundary?.PermissionsBoundaryArn;
  const bound = boundArn === undefined ? undefined : await managedDocument(ctx, boundArn);
  const callerArn = input.CallerArn ?? (kind === 'group' ? undefined : input.PolicySourceArn);
  const caller = callerArn === undefined ? nobody(ctx) : await callerNamed(ctx, callerArn);
  return simulate(input, {
    caller, identity: [...own, ...given('identity', 'PolicyInputList', 'IAM Policy', input.PolicyInputList)], resource: resourcePolicyOf(input), scps: undefined,
    // What is given takes the place of what the entity has.
    boundary: boundaryOf(input) ?? (bound === undefined ? undefined : [{ policy: policy({ type: 'boundary', name: boundArn!, managed: true }, bound), id: boundArn!.split('/').at(-1)!, kind: 'IAM Policy', text: bound }]),
  }, ctx);
}

const boundaryOf = (input: Custom | ForPrincipal): Input[] | undefined =>
  input.PermissionsBoundaryPolicyInputList?.length ? given('boundary', 'PermissionsBoundaryPolicyInputList', 'IAM Policy', input.PermissionsBoundaryPolicyInputList) : undefined;

function resourcePolicyOf(input: Custom | ForPrincipal): Input[] | undefined {
  if (input.ResourcePolicy === undefined) return undefined;
  if (input.CallerArn === undefined) throw errors.invalidInput('CallerArn is required when a ResourcePolicy is specified.');
  return given('resource', 'ResourcePolicy', 'Resource Policy', [input.ResourcePolicy]);
}

const scpsOf = (levels: Custom['OrderedOrganizationPolicyInputList']): Input[][] | undefined =>
  levels?.map((level, i) => given('scp', `OrderedOrganizationPolicyInputList.${i + 1}`, 'SCP', (level as { ServiceControlPolicyInputList?: string[] }).ServiceControlPolicyInputList));

// ---- entities and callers ----

async function entityNamed(ctx: Context, arn: string): Promise<{ kind: 'user' | 'group' | 'role'; entity: Entity }> {
  const [, account, kind, path] = /^arn:aws:iam::(\d{12}):(user|group|role)\/(.+)$/.exec(arn) ?? [];
  if (account === undefined) throw errors.invalidInput(`Invalid Entity Arn: ${arn} does not clearly define entity type and name.`);
  const resource = { user: users, group: groups, role: roles }[kind as 'user'];
  const name = path!.split('/').at(-1)!;
  const [found] = account === ctx.account ? await ctx.list(resource, { member: '$.lower', value: name.toLowerCase() }) : [];
  if (!found || found.Arn !== arn) throw errors.noSuchEntity('Unable to retrieve specified IAM entity.');
  return { kind: kind as 'user', entity: found };
}

async function attached(ctx: Context, kind: string, entity: Entity): Promise<Input[]> {
  const all: Input[] = [];
  const { UserName, GroupName, RoleName } = entity as { UserName?: string; GroupName?: string; RoleName?: string };
  const owner = UserName ?? GroupName ?? RoleName ?? '';
  for (const found of await policiesOf(ctx, entity)) {
    const { name, managed } = found.source;
    const text = managed ? (await managedDocument(ctx, name))! : entity.$.inline![name]!;
    all.push({ policy: found, id: managed ? name.split('/').at(-1)! : `${kind}_${owner}_${name}`, kind: 'IAM Policy', text });
  }
  return all;
}

/** Whose calls they are where nobody is named. */
const nobody = ({ account }: Context): Principal => ({ type: 'user', account, arn: `arn:aws:iam::${account}:user/simulated`, userId: 'AIDASIMULATED', accessKeyId: '' });

const simulatedCaller = (ctx: Context, arn: string, userId = 'AIDASIMULATED'): Principal => ({
  type: 'user', account: arn.split(':')[4] ?? ctx.account, arn, userId, accessKeyId: '', name: arn.split('/').at(-1)!,
});

/** A user, group or role; not a session. */
async function callerNamed(ctx: Context, arn: string): Promise<Principal> {
  const [, account, kind, path] = /^arn:aws:iam::(\d{12}):(user|role|group)\/(.+)$/.exec(arn) ?? [];
  if (account === undefined) throw errors.invalidInput(`Invalid CallerArn: ${arn}`);
  const resource = kind === 'role' ? roles : users;
  const found = (await ctx.in(account, ctx.region).list(resource as typeof users, { member: '$.lower', value: path!.split('/').at(-1)!.toLowerCase() }))[0] as { UserId?: string; RoleId?: string } | undefined;
  if (kind === 'role') return { type: 'role-session', account, arn: `arn:aws:sts::${account}:assumed-role/${path!.split('/').at(-1)}/simulated`, userId: `${found?.RoleId ?? 'AROASIMULATED'}:simulated`, accessKeyId: '', name: path!.split('/').at(-1)! };
  return simulatedCaller(ctx, arn, found?.UserId);
}

// ---- the simulation ----

async function simulate(input: Custom | ForPrincipal, simulated: Simulated, ctx: Context): Promise<{ EvaluationResults: Result[]; IsTruncated: boolean; Marker?: string }> {
  const results: Result[] = [];
  for (const action of input.ActionNames) {
    if (!/^[A-Za-z0-9-]+:[A-Za-z0-9]+$/.test(action)) throw errors.invalidInput(`Invalid Action Name: ${action}`);
    results.push(resultOf(action, input, simulated, ctx));
  }
  const { page, ...rest } = paged(results, input);
  return { EvaluationResults: page, ...rest };
}

function resultOf(action: string, input: Custom | ForPrincipal, simulated: Simulated, ctx: Context): Result {
  const resources = input.ResourceArns?.length ? input.ResourceArns : ['*'];
  const each = resources.map((resource) => ({ resource, ...ask(action, resource, input, simulated, ctx) }));
  const worst = each.reduce((a, b) => (RANK[b.decision.outcome] > RANK[a.decision.outcome] ? b : a));
  const missing = [...new Set(each.flatMap((e) => e.missing))];
  // Of one resource the result itself is about it; of several it is about all, and each has its own beneath.
  // https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html#API_SimulatePrincipalPolicy_Examples
  const several = resources.length > 1;
  const boundaryDetail = (e: (typeof each)[number]) => (simulated.boundary ? { PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: e.allowedByBoundary } } : {});
  return {
    EvalActionName: action, EvalResourceName: several ? templateOf(action) : resources[0]!, EvalDecision: worst.decision.outcome as Verdict, MatchedStatements: unique(each.filter((e) => e.decision.outcome === worst.decision.outcome).flatMap((e) => e.matched)),
    MissingContextValues: missing, ...boundaryDetail(worst), ...(simulated.scps ? { OrganizationsDecisionDetail: { AllowedByOrganizations: worst.decision.type !== 'scp' } } : {}),
    ...(several ? { ResourceSpecificResults: each.map((e) => ({ EvalResourceName: e.resource, EvalResourceDecision: e.decision.outcome as Verdict, MatchedStatements: e.matched, MissingContextValues: e.missing, ...boundaryDetail(e) })) } : {}),
  } as Result;
}

/** The most restrictive of several decides for all. */
const RANK: Readonly<Record<Decision['outcome'], number>> = { allowed: 0, implicitDeny: 1, explicitDeny: 2 };

const unique = (matched: readonly Matched[]): Matched[] => [...new Map(matched.map((m) => [`${m.SourcePolicyId} ${m.StartPosition?.Line} ${m.StartPosition?.Column}`, m])).values()];

function templateOf(action: string): string {
  const [prefix, name] = action.split(':') as [string, string];
  const known = ['ec2', 'iam', 'sts'].includes(prefix) ? reference(prefix) : undefined;
  const type = known?.action(name)?.resources[0]?.name;
  return (type && known!.template(type)) ?? '*';
}

function ask(action: string, resource: string, input: Custom | ForPrincipal, simulated: Simulated, ctx: Context): { decision: Decision; matched: Matched[]; missing: string[]; allowedByBoundary: boolean } {
  const { caller } = simulated;
  const roleArn = caller.type === 'role-session' ? `arn:aws:iam::${caller.account}:role/${caller.name!}` : undefined;
  const owner = input.ResourceOwner?.split(':')[4] ?? (/^\d{12}$/.test(resource.split(':')[4] ?? '') ? resource.split(':')[4]! : caller.account);
  const context = contextOf(input, caller, roleArn, ctx);
  const question: Question = { action, resource, resourceAccount: simulated.resource ? owner : caller.account, caller: callerOf(caller, roleArn), context };
  const policies: Policies = {
    identity: simulated.identity.map((i) => i.policy), ...(simulated.boundary && { boundary: simulated.boundary.map((i) => i.policy) }), ...(simulated.resource && { resource: simulated.resource.map((i) => i.policy) }),
    ...(simulated.scps && { scps: simulated.scps.map((level) => level.map((i) => i.policy)) }),
  };
  const decision = decide(question, policies);
  const named = [...simulated.identity, ...(simulated.resource ?? [])];
  return {
    decision, matched: matchedBy(decision, named, question), missing: missingKeys(named, context),
    allowedByBoundary: !simulated.boundary || decide(question, { identity: simulated.boundary.map((i) => i.policy) }).outcome === 'allowed',
  };
}

/**
 * What the caller gives, over what every request has; but nobody asks in a region, and without a CallerArn nobody has a name.
 * https://github.com/openshift/installer/issues/1322, https://github.com/boto/boto3/issues/3111
 */
function contextOf(input: Custom | ForPrincipal, caller: Principal, roleArn: string | undefined, ctx: Context): Keys {
  const context = new Keys(globalKeys(caller, roleArn ?? caller.arn, {}, { at: ctx.nowMs, region: undefined, sourceIp: undefined, userAgent: undefined }));
  for (const { ContextKeyName: name, ContextKeyValues: values = [], ContextKeyType: type } of input.ContextEntries ?? []) {
    if (type !== undefined) checkValues(name, values, type);
    if (name !== undefined) context.set(name, values);
  }
  return context;
}

const isAddress = (value: string): boolean => isIP(value.replace(/\/\d+$/, '')) !== 0;
/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ContextEntry.html */
const VALUE_TYPES: Readonly<Record<string, (value: string) => boolean>> = {
  string: () => true, numeric: (value) => value.trim() !== '' && Number.isFinite(Number(value)), boolean: (value) => /^(true|false)$/i.test(value), ip: isAddress,
  binary: (value) => /^[A-Za-z0-9+/]*={0,2}$/.test(value), date: (value) => /^\d+$/.test(value) || !Number.isNaN(Date.parse(value)),
};

/** assumed: a value that is none of its type, and two values of what is no list, are refused. */
function checkValues(name: string | undefined, values: readonly string[], type: string): void {
  const single = type.replace(/List$/, '');
  if (type === single && values.length > 1) throw errors.invalidInput(`The context key ${name} of the type ${type} has ${values.length} values.`);
  const wrong = values.find((value) => !VALUE_TYPES[single]!(value));
  if (wrong !== undefined) throw errors.invalidInput(`The value ${wrong} of the context key ${name} is not of the type ${type}.`);
}

/** Denying statements alone where one denies, allowing ones where it is allowed. */
function matchedBy(decision: Decision, inputs: readonly Input[], question: Question): Matched[] {
  if (decision.outcome === 'implicitDeny') return [];
  const effect = decision.outcome === 'explicitDeny' ? 'Deny' : 'Allow';
  const matched: Matched[] = [];
  for (const { policy: one, id, kind, text } of inputs) {
    const spans = statementPositions(text);
    for (const statement of one.statements) {
      if (statement.effect !== effect) continue;
      const alone = decide(question, { identity: [{ ...one, source: { ...one.source, type: 'identity' }, statements: [statement] }] });
      if (alone.outcome === 'implicitDeny') continue;
      const span = spans[statement.index] as Span;
      matched.push({ SourcePolicyId: id, SourcePolicyType: kind as Matched['SourcePolicyType'], StartPosition: span.start, EndPosition: span.end });
    }
  }
  return matched;
}

function missingKeys(inputs: readonly Input[], context: Keys): string[] {
  return [...new Set(inputs.flatMap(({ policy: one, text }) => spelled(one, text)))].filter((key) => context.values(key.toLowerCase()) === undefined);
}

/** The keys of a document as it spells them. */
function spelled({ statements, keys }: Pick<Policy, 'statements' | 'keys'>, text: string): string[] {
  const inConditions = statements.flatMap((s) => s.conditions.map((c) => c.key));
  const lower = new Set(inConditions.map((key) => key.toLowerCase()));
  const inVariables = [...keys].filter((key) => !lower.has(key) && key.includes(':')).map((key) => {
    const at = text.toLowerCase().indexOf(key);
    return at < 0 ? key : text.slice(at, at + key.length);
  });
  return [...new Set([...inConditions, ...inVariables])];
}

// ---- context keys ----

const keysOf = (texts: readonly string[]): string[] => [...new Set(texts.flatMap((text) => {
  checkPolicy(text, 'identity');
  return spelled(policy({ type: 'identity', name: '', managed: false }, text), text);
}))];

async function contextKeysForPrincipal(input: IamOperations['GetContextKeysForPrincipalPolicy']['input'], ctx: Context): Promise<{ ContextKeyNames: string[] }> {
  const { kind, entity } = await entityNamed(ctx, input.PolicySourceArn);
  const own = await attached(ctx, kind, entity);
  if (kind === 'user') for (const id of (entity as { $: { groups?: string[] } }).$.groups ?? []) own.push(...(await attached(ctx, 'group', await ctx.get(groups, id))));
  return { ContextKeyNames: [...new Set([...own.flatMap((i) => spelled(i.policy, i.text)), ...keysOf(input.PolicyInputList ?? [])])] };
}

export const simulationOperations = {
  SimulateCustomPolicy: simulateCustomPolicy,
  SimulatePrincipalPolicy: simulatePrincipalPolicy,
  GetContextKeysForCustomPolicy: async (input) => ({ ContextKeyNames: keysOf(input.PolicyInputList) }),
  GetContextKeysForPrincipalPolicy: contextKeysForPrincipal,
} satisfies Handlers<IamOperations>;
