import type { ServiceQuota, Tag } from '@aws-sdk/client-service-quotas';
import type { ServiceQuotasOperations } from '../../fixtures/models/service-quotas.ts';
import type { Wire } from '../../protocols/wire-types.ts';
import { appliedValue, quotaCatalog, quotaRow, resource, type Context, type Handlers, type QuotaRow } from '../../src/kit/index.ts';
import * as errors from './errors.ts';
import { paged } from './pages.ts';

/** What was granted to an account, or only tagged by it; the others have AWS's defaults. The kit finds it by this kind and id. */
export interface StoredQuota {
  readonly Id: string;
  Value?: number;
  Tags?: Wire<Tag>[];
}

/** https://docs.aws.amazon.com/servicequotas/latest/userguide/intro.html */
export const quotas = resource<StoredQuota>({
  service: 'service-quotas',
  kind: 'quota',
  shape: 'ServiceQuota',
  id: { member: 'Id' },
  notFound: () => errors.noSuchResource('The requested quota does not exist.'),
  arn: (quota, account, region) => `arn:aws:servicequotas:${region}:${account}:${quota.Id}`,
});

/** Quotas of services that are the same everywhere are kept in one region. */
const HOME = 'us-east-1';
const homeOf = (row: QuotaRow, ctx: Context): Context => (row.global && ctx.region !== HOME ? ctx.in(ctx.account, HOME) : ctx);

const idOf = (row: QuotaRow): string => `${row.service}/${row.code}`;

export function serviceNamed(code: string): string {
  const name = quotaCatalog().services[code];
  if (name === undefined) throw errors.noSuchResource('The request failed because the specified service does not exist.');
  return name;
}

/** Throws where the service or the quota does not exist. */
export function rowOf(input: { ServiceCode?: string | undefined; QuotaCode?: string | undefined }): QuotaRow {
  serviceNamed(input.ServiceCode!);
  const row = quotaRow(input.ServiceCode!, input.QuotaCode!);
  if (!row) throw quotas.notFound([]);
  return row;
}

export const arnOf = (row: QuotaRow, ctx: Context): string => `arn:aws:servicequotas:${row.global ? '' : ctx.region}:${ctx.account}:${idOf(row)}`;

const described = (row: QuotaRow, value: number, arn: string): Wire<ServiceQuota> => ({
  ServiceCode: row.service, ServiceName: serviceNamed(row.service), QuotaArn: arn, QuotaCode: row.code, QuotaName: row.name, Value: value, Unit: 'None', Adjustable: row.adjustable, GlobalQuota: row.global ?? false,
});

/** A default is no account's. */
const byDefault = (row: QuotaRow, ctx: Context): Wire<ServiceQuota> => described(row, row.value, `arn:aws:servicequotas:${row.global ? '' : ctx.region}::${idOf(row)}`);

export const applied = async (row: QuotaRow, ctx: Context): Promise<Wire<ServiceQuota>> => ({ ...described(row, await appliedValue(ctx, row), arnOf(row, ctx)), QuotaAppliedAtLevel: 'ACCOUNT' });

/** Changes what is kept of a quota, which exists from then on. */
export async function keep(row: QuotaRow, ctx: Context, change: (quota: StoredQuota) => void): Promise<void> {
  const home = homeOf(row, ctx);
  const found = await home.find(quotas, idOf(row));
  const quota: StoredQuota = found ?? { Id: idOf(row) };
  change(quota);
  if (found) await home.save(quotas, quota);
  else await home.create(quotas, quota);
}

export const kept = (row: QuotaRow, ctx: Context): Promise<StoredQuota | undefined> => homeOf(row, ctx).find(quotas, idOf(row));

const rowsOf = (service: string): QuotaRow[] => {
  serviceNamed(service);
  return quotaCatalog().quotas.filter((row) => row.service === service).sort((a, b) => (a.code < b.code ? -1 : 1));
};

/** Quotas of single resources are not kept. */
function onlyOfAccounts(input: { QuotaAppliedAtLevel?: string; ContextId?: string }): boolean {
  if (input.ContextId !== undefined) throw errors.noSuchResource(`The quota has no context '${input.ContextId}'.`);
  return input.QuotaAppliedAtLevel === undefined || input.QuotaAppliedAtLevel !== 'RESOURCE';
}

export const quotaOperations = {
  ListServices: async (input) => {
    const { items, ...rest } = paged(Object.entries(quotaCatalog().services).sort().map(([ServiceCode, ServiceName]) => ({ ServiceCode, ServiceName })), input);
    return { Services: items, ...rest };
  },
  ListAWSDefaultServiceQuotas: async (input, ctx) => {
    const { items, ...rest } = paged(rowsOf(input.ServiceCode), input);
    return { Quotas: items.map((row) => byDefault(row, ctx)), ...rest };
  },
  GetAWSDefaultServiceQuota: async (input, ctx) => ({ Quota: byDefault(rowOf(input), ctx) }),
  ListServiceQuotas: async (input, ctx) => {
    const rows = onlyOfAccounts(input) ? rowsOf(input.ServiceCode).filter((row) => input.QuotaCode === undefined || row.code === input.QuotaCode) : [];
    if (input.QuotaCode !== undefined) rowOf(input);
    const { items, ...rest } = paged(rows, input);
    return { Quotas: await Promise.all(items.map((row) => applied(row, ctx))), ...rest };
  },
  GetServiceQuota: async (input, ctx) => {
    onlyOfAccounts(input);
    return { Quota: await applied(rowOf(input), ctx) };
  },
} satisfies Handlers<ServiceQuotasOperations>;
