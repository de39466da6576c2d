import { readJsonFixture } from '../../fixtures/load.ts';
import type { IamOperations } from '../../fixtures/models/iam.ts';
import { policy, type Policy } from '../../src/iam/index.ts';
import { isoTime, lastUse, resource, seconds, useOfKey, useOfService, type Context, type Handlers, type Use } from '../../src/kit/index.ts';
import { accessKeys } from './access-keys.ts';
import { paged, type Entity } from './entities.ts';
import * as errors from './errors.ts';
import { groups, type StoredGroup } from './groups.ts';
import { managedDocument, policiesOf } from './identities.ts';
import { policies } from './policies.ts';
import { roles } from './roles.ts';
import { users, type StoredUser } from './users.ts';

/** When keys, users, roles and policies were last of use. https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_last-accessed.html */

// assumed: a report takes a few seconds.
interface Job {
  readonly JobId: string;
  JobStatus: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';
  readonly JobCreationDate: string;
  JobCompletionDate?: string;
  readonly $: { readonly arn: string };
}

export const lastAccessedJobs = resource<Job>({
  service: 'iam',
  kind: 'last-accessed-job',
  global: true,
  shape: 'GetServiceLastAccessedDetailsResponse',
  id: { member: 'JobId' },
  notFound: (ids) => errors.noSuchEntity(`Invalid Job Id: ${ids[0]}`),
  tags: null,
  state: 'JobStatus',
  lifecycle: { IN_PROGRESS: { after: seconds(3), to: 'COMPLETED' } },
  entering: { COMPLETED: (job, ctx) => { job.JobCompletionDate = ctx.wholeSecond; } },
});

const timeOf = (use: Use): string => `${isoTime(use.at).slice(0, 19)}.000Z`;

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccessKeyLastUsed.html */
async function accessKeyLastUsed(input: IamOperations['GetAccessKeyLastUsed']['input'], ctx: Context): Promise<IamOperations['GetAccessKeyLastUsed']['output']> {
  const key = await ctx.find(accessKeys, input.AccessKeyId);
  if (!key) throw errors.accessDenied(`User: ${ctx.principal.arn} is not authorized to perform: iam:GetAccessKeyLastUsed on resource: access key ${input.AccessKeyId}`);
  const use = await lastUse(ctx, useOfKey(input.AccessKeyId));
  return { ...(key.UserName === undefined ? {} : { UserName: key.UserName }), AccessKeyLastUsed: use ? { LastUsedDate: timeOf(use), ServiceName: use.service, Region: use.region } : { ServiceName: 'N/A', Region: 'N/A' } } as IamOperations['GetAccessKeyLastUsed']['output'];
}

// ---- entities and their policies ----

interface Subject {
  readonly kind: 'user' | 'group' | 'role' | 'policy';
  readonly entity: Entity & { UserId?: string; RoleId?: string; GroupId?: string; UserName?: string; RoleName?: string; GroupName?: string };
}

async function subjectOf(ctx: Context, arn: string): Promise<Subject> {
  const [, kind, path] = /^arn:aws:iam::(?:\d{12}|aws):(user|group|role|policy)\/(.+)$/.exec(arn) ?? [];
  if (kind === undefined) throw errors.invalidInput(`Invalid ARN: ${arn}`);
  if (kind === 'policy') {
    const own = await ctx.find(policies, arn);
    if (!own && (await managedDocument(ctx, arn)) === undefined) throw errors.noSuchEntity(`ARN ${arn} does not exist.`);
    return { kind, entity: { Arn: arn, $: { lower: '', attached: [arn] } } };
  }
  const [found] = await ctx.list({ user: users, group: groups, role: roles }[kind as 'user'], { member: '$.lower', value: path!.split('/').at(-1)!.toLowerCase() });
  if (!found || found.Arn !== arn) throw errors.noSuchEntity(`ARN ${arn} does not exist.`);
  return { kind: kind as Subject['kind'], entity: found };
}

const idOf = ({ entity }: Subject): string => (entity.UserId ?? entity.RoleId ?? entity.GroupId ?? '') as string;
const nameOf = ({ entity }: Subject): string => (entity.UserName ?? entity.RoleName ?? entity.GroupName ?? '') as string;

/** Users and roles whose use counts for a subject: itself, a group's members, whom a policy is attached to. */
async function countedFor(ctx: Context, subject: Subject): Promise<Subject[]> {
  if (subject.kind === 'user' || subject.kind === 'role') return [subject];
  if (subject.kind === 'group') return (await ctx.list(users, { member: '$.groups', value: (subject.entity as StoredGroup).GroupId! })).map((entity) => ({ kind: 'user', entity }));
  const where = { member: '$.attached', value: subject.entity.Arn! };
  const found: Subject[] = [...(await ctx.list(users, where)).map((entity): Subject => ({ kind: 'user', entity })), ...(await ctx.list(roles, where)).map((entity): Subject => ({ kind: 'role', entity: entity as Subject['entity'] }))];
  for (const group of await ctx.list(groups, where)) found.push(...(await countedFor(ctx, { kind: 'group', entity: group })));
  return [...new Map(found.map((f) => [idOf(f), f])).values()];
}

async function grants(ctx: Context, { kind, entity }: Subject): Promise<{ policy: Policy; owner?: { kind: string; name: string } }[]> {
  const own = kind === 'policy' ? [policy({ type: 'identity', name: entity.Arn!, managed: true }, (await managedDocument(ctx, entity.Arn!))!)] : await policiesOf(ctx, entity);
  const all: { policy: Policy; owner?: { kind: string; name: string } }[] = own.map((p) => ({ policy: p, ...(p.source.managed ? {} : { owner: { kind, name: nameOf({ kind, entity }) } }) }));
  for (const id of kind === 'user' ? (entity as StoredUser).$.groups : []) {
    const group = await ctx.get(groups, id);
    for (const p of await policiesOf(ctx, group)) all.push({ policy: p, ...(p.source.managed ? {} : { owner: { kind: 'group', name: group.GroupName! } }) });
  }
  return all;
}

let names: Readonly<Record<string, string>> | undefined;
const serviceNames = (): Readonly<Record<string, string>> => (names ??= readJsonFixture<Record<string, string>>('iam/services.json'));

/** Whether a policy allows any action of a service: by the beginnings of its allowed actions. */
function grantsService({ statements }: Policy, namespace: string): boolean {
  return statements.some((s) => s.effect === 'Allow' && s.namespaces(namespace));
}

// ---- reports ----

async function generate(input: IamOperations['GenerateServiceLastAccessedDetails']['input'], ctx: Context): Promise<{ JobId: string }> {
  if (input.Granularity === 'ACTION_LEVEL') throw errors.invalidInput('ACTION_LEVEL granularity is not supported by Fogbank yet.');
  await subjectOf(ctx, input.Arn);
  const job = await ctx.create(lastAccessedJobs, { JobId: ctx.ids.uuid(), JobStatus: 'IN_PROGRESS', JobCreationDate: ctx.wholeSecond, $: { arn: input.Arn } });
  return { JobId: job.JobId };
}

interface Row {
  readonly namespace: string;
  readonly last: { readonly use: Use; readonly by: Subject } | undefined;
  readonly by: readonly { readonly use: Use; readonly by: Subject }[];
}

async function rowsOf(ctx: Context, subject: Subject): Promise<Row[]> {
  const granted = await grants(ctx, subject);
  const who = await countedFor(ctx, subject);
  const rows: Row[] = [];
  for (const namespace of Object.keys(serviceNames())) {
    if (!granted.some((g) => grantsService(g.policy, namespace))) continue;
    const by = [];
    for (const user of who) {
      const use = await lastUse(ctx, useOfService(idOf(user), namespace));
      if (use) by.push({ use, by: user });
    }
    rows.push({ namespace, by, last: [...by].sort((a, b) => b.use.at - a.use.at)[0] });
  }
  return rows;
}

const shownJob = ({ $: _hidden, ...job }: Job): Omit<Job, '$'> => job;

async function details(input: IamOperations['GetServiceLastAccessedDetails']['input'], ctx: Context): Promise<IamOperations['GetServiceLastAccessedDetails']['output']> {
  const job = await ctx.get(lastAccessedJobs, input.JobId);
  if (job.JobStatus !== 'COMPLETED') return { ...shownJob(job), JobType: 'SERVICE_LEVEL', ServicesLastAccessed: [] } as never;
  const rows = await rowsOf(ctx, await subjectOf(ctx, job.$.arn));
  const { page, ...rest } = paged(rows, input);
  return {
    ...shownJob(job), JobType: 'SERVICE_LEVEL', ...rest,
    ServicesLastAccessed: page.map(({ namespace, last, by }) => ({
      ServiceName: serviceNames()[namespace]!, ServiceNamespace: namespace, TotalAuthenticatedEntities: by.length,
      ...(last ? { LastAuthenticated: timeOf(last.use), LastAuthenticatedEntity: last.by.entity.Arn!, LastAuthenticatedRegion: last.use.region } : {}),
    })),
  } as never;
}

async function withEntities(input: IamOperations['GetServiceLastAccessedDetailsWithEntities']['input'], ctx: Context): Promise<IamOperations['GetServiceLastAccessedDetailsWithEntities']['output']> {
  const job = await ctx.get(lastAccessedJobs, input.JobId);
  if (job.JobStatus !== 'COMPLETED') return { ...shownJob(job), EntityDetailsList: [] } as never;
  const subject = await subjectOf(ctx, job.$.arn);
  const found = [];
  for (const who of await countedFor(ctx, subject)) {
    const use = await lastUse(ctx, useOfService(idOf(who), input.ServiceNamespace));
    found.push({ EntityInfo: { Arn: who.entity.Arn!, Name: nameOf(who), Type: who.kind === 'user' ? 'USER' : 'ROLE', Id: idOf(who), Path: who.entity.Path! }, ...(use ? { LastAuthenticated: timeOf(use) } : {}) });
  }
  const { page, ...rest } = paged(found, input);
  return { ...shownJob(job), ...rest, EntityDetailsList: page } as never;
}

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListPoliciesGrantingServiceAccess.html */
async function grantingAccess(input: IamOperations['ListPoliciesGrantingServiceAccess']['input'], ctx: Context): Promise<IamOperations['ListPoliciesGrantingServiceAccess']['output']> {
  const granted = await grants(ctx, await subjectOf(ctx, input.Arn));
  return {
    PoliciesGrantingServiceAccess: input.ServiceNamespaces.map((namespace) => ({
      ServiceNamespace: namespace,
      Policies: granted.filter((g) => grantsService(g.policy, namespace)).map(({ policy: { source }, owner }) => (source.managed
        ? { PolicyName: source.name.split('/').at(-1)!, PolicyType: 'MANAGED' as const, PolicyArn: source.name }
        : { PolicyName: source.name, PolicyType: 'INLINE' as const, EntityType: owner!.kind.toUpperCase() as 'USER', EntityName: owner!.name })),
    })), IsTruncated: false,
  };
}

export const lastAccessedOperations = {
  GetAccessKeyLastUsed: accessKeyLastUsed,
  GenerateServiceLastAccessedDetails: generate,
  GetServiceLastAccessedDetails: details,
  GetServiceLastAccessedDetailsWithEntities: withEntities,
  ListPoliciesGrantingServiceAccess: grantingAccess,
} satisfies Handlers<IamOperations>;
