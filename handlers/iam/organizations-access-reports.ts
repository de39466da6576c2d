import { readJsonFixture } from '../../fixtures/load.ts';
import type { IamOperations } from '../../fixtures/models/iam.ts';
import { permission, policy, reference, type Permission, type Policy } from '../../src/iam/index.ts';
import { isoTime, lastUse, organizationOf, organizationPolicies, resource, seconds, useOfService, type Context, type Handlers, type Organization, type Structure, type Use } from '../../src/kit/index.ts';
import { paged } from './entities.ts';
import * as errors from './errors.ts';
import { roles } from './roles.ts';
import { users } from './users.ts';

/** When the accounts of an organisation last used which services. https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_last-accessed-view-data-orgs.html */
interface Row {
  readonly namespace: string;
  readonly accounts: number;
  readonly last?: { readonly path: string; readonly use: Use };
}

interface Job {
  readonly JobId: string;
  JobStatus: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';
  readonly JobCreationDate: string;
  JobCompletionDate?: string;
  $: { readonly path: string; readonly policyId?: string; rows?: Row[] };
}

export const organizationsAccessJobs = resource<Job>({
  service: 'iam',
  kind: 'organizations-access-job',
  global: true,
  shape: 'GetOrganizationsAccessReportResponse',
  id: { member: 'JobId' },
  notFound: (ids) => errors.noSuchEntity(`Invalid Job Id: ${ids[0]}`),
  tags: null,
  state: 'JobStatus',
  // assumed: a report takes a few seconds.
  lifecycle: { IN_PROGRESS: { after: seconds(3), to: 'COMPLETED' } },
  entering: {
    COMPLETED: async (job, ctx) => {
      job.JobCompletionDate = ctx.wholeSecond;
      job.$.rows = await report(ctx, job);
    },
  },
});

let names: Readonly<Record<string, string>> | undefined;
const serviceNames = (): Readonly<Record<string, string>> => (names ??= readJsonFixture<Record<string, string>>('iam/services.json'));

const allows = (level: readonly Policy[], namespace: string): boolean => level.some(({ statements }) => statements.some((s) => s.effect === 'Allow' && s.namespaces(namespace)));

/** Whether service control policies leave a service to an account; those of the organisation's management account do not count. */
async function isLeft(ctx: Context, organization: Organization, account: string, namespace: string): Promise<boolean> {
  if (account === organization.MasterAccountId) return true;
  const { scps } = await organizationPolicies(ctx.world.store, account);
  return (scps ?? []).every((level) => allows(level, namespace));
}

/** Whom IAM watches in an account. */
async function principalsOf(ctx: Context, account: string): Promise<string[]> {
  const there = ctx.in(account, ctx.region);
  return [...(await there.list(users)).map((u) => u.UserId!), ...(await there.list(roles)).map((r) => r.RoleId!)];
}

/** The last use of a service by any of them. */
async function lastBy(ctx: Context, principals: readonly string[], namespace: string): Promise<Use | undefined> {
  let last: Use | undefined;
  for (const id of principals) {
    const use = await lastUse(ctx, useOfService(id, namespace));
    if (use && (!last || use.at > last.at)) last = use;
  }
  return last;
}

async function report(ctx: Context, { $: { path, policyId } }: Job): Promise<Row[]> {
  const organization = await organizationOf(ctx.world.store, ctx.account);
  if (!organization) return [];
  const within = [];
  for (const [account, one] of Object.entries(organization.paths)) if (one === path || one.startsWith(`${path}/`)) within.push({ account, path: one, principals: await principalsOf(ctx, account) });
  const limiting = policyId === undefined ? undefined : [policy({ type: 'scp', name: policyId, managed: false }, organization.policies[policyId]!)];
  const rows: Row[] = [];
  for (const namespace of Object.keys(serviceNames())) {
    const accounts = [];
    for (const one of within) if (limiting ? allows(limiting, namespace) : await isLeft(ctx, organization, one.account, namespace)) accounts.push(one);
    if (accounts.length === 0) continue;
    const uses = [];
    for (const one of accounts) {
      const use = await lastBy(ctx, one.principals, namespace);
      if (use) uses.push({ path: one.path, use });
    }
    const last = uses.sort((a, b) => b.use.at - a.use.at)[0];
    rows.push({ namespace, accounts: uses.length, ...(last && { last }) });
  }
  return rows;
}

/** "You must be signed in as an IAM principal of the management account": https://docs.aws.amazon.com/IAM/latest/APIReference/API_GenerateOrganizationsAccessReport.html */
async function generate(input: IamOperations['GenerateOrganizationsAccessReport']['input'], ctx: Context): Promise<{ JobId: string }> {
  const organization = await organizationOf(ctx.world.store, ctx.account);
  // assumed: the codes and texts.
  if (organization?.MasterAccountId !== ctx.account) throw errors.accessDenied(`User: ${ctx.principal.arn} is not authorized to perform: iam:GenerateOrganizationsAccessReport because account ${ctx.account} is not the management account of an organization`);
  const { EntityPath: path, OrganizationsPolicyId: policyId } = input;
  const entities = Object.values(organization.paths);
  if (path !== `${organization.Id}/${entities[0]!.split('/')[1]}` && !entities.some((one) => one === path || one.startsWith(`${path}/`))) throw errors.invalidInput(`The entity path ${path} does not exist in your organization.`);
  if (policyId !== undefined && organization.policies[policyId] === undefined) throw errors.invalidInput(`The policy ${policyId} does not exist in your organization.`);
  const job = await ctx.create(organizationsAccessJobs, { JobId: ctx.ids.uuid(), JobStatus: 'IN_PROGRESS', JobCreationDate: ctx.wholeSecond, $: { path, ...(policyId !== undefined && { policyId }) } });
  return { JobId: job.JobId };
}

/** In alphabetical order, or the last used first. */
function sorted(rows: readonly Row[], key: string | undefined): Row[] {
  const byName = (a: Row, b: Row) => (a.namespace < b.namespace ? -1 : 1);
  if (key !== 'LAST_AUTHENTICATED_TIME_ASCENDING' && key !== 'LAST_AUTHENTICATED_TIME_DESCENDING') return [...rows].sort(key === 'SERVICE_NAMESPACE_DESCENDING' ? (a, b) => byName(b, a) : byName);
  const sign = key === 'LAST_AUTHENTICATED_TIME_ASCENDING' ? 1 : -1;
  return [...rows].sort((a, b) => sign * ((a.last?.use.at ?? 0) - (b.last?.use.at ?? 0)) || byName(a, b));
}

async function get(input: IamOperations['GetOrganizationsAccessReport']['input'], ctx: Context): Promise<IamOperations['GetOrganizationsAccessReport']['output']> {
  const { $: { rows }, ...job } = await ctx.get(organizationsAccessJobs, input.JobId);
  if (!rows) return job;
  const { page, ...rest } = paged(sorted(rows, input.SortKey), input);
  return {
    ...job, NumberOfServicesAccessible: rows.length, NumberOfServicesNotAccessed: rows.filter((row) => !row.last).length, ...rest,
    AccessDetails: page.map(({ namespace, accounts, last }) => ({
      ServiceName: serviceNames()[namespace]!, ServiceNamespace: namespace, TotalAuthenticatedEntities: accounts,
      ...(last && { Region: last.use.region, EntityPath: last.path, LastAuthenticatedTime: `${isoTime(last.use.at).slice(0, 19)}.000Z` }),
    })),
  };
}

export function accessReportPermissions(operation: string, input: Structure, ctx: Context): Permission[] {
  const action = reference('iam').action(operation)!;
  const resource = operation === 'GetOrganizationsAccessReport' ? '*' : `arn:aws:iam::${ctx.account}:access-report/${String(input.EntityPath)}`;
  return [permission(action, resource, action.resources[0], { 'iam:OrganizationsPolicyId': input.OrganizationsPolicyId as string | undefined })];
}

export const organizationsAccessOperations = {
  GenerateOrganizationsAccessReport: generate,
  GetOrganizationsAccessReport: get,
} satisfies Handlers<IamOperations>;
