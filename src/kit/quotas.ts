import { readJsonFixture } from '../../fixtures/load.ts';
import { AwsError } from '../../protocols/types.ts';
import type { Context } from './context.ts';
import { getter } from './paths.ts';
import type { AnyResource } from './resource.ts';

/** A quota as AWS has it for every account, and what it limits where that is a number of documents. */
export interface QuotaRow {
  readonly service: string;
  readonly code: string;
  readonly name: string;
  /** AWS's default. */
  readonly value: number;
  /** What an account here begins with, where that is not the default. */
  readonly begins?: number;
  readonly adjustable: boolean;
  /** One for all regions, kept in us-east-1. */
  readonly global?: boolean;
  readonly limits?: {
    readonly kind: string;
    /** By the value of this member; in the account and region where it is absent. */
    readonly per?: string;
    /** Only documents in this state count. */
    readonly state?: string;
    readonly error: string;
    /** `{value}` is the quota. */
    readonly message: string;
    readonly status?: number;
  };
  /** Families of instance types whose running vCPUs count. */
  readonly vcpus?: readonly string[];
  /** Of Spot Instances; of On-Demand ones where it is absent. */
  readonly spot?: true;
  readonly volumeType?: string;
}

interface Catalog {
  readonly services: Readonly<Record<string, string>>;
  readonly quotas: readonly QuotaRow[];
}

let catalog: Catalog | undefined;
let byCode: Map<string, QuotaRow> | undefined;
let byKind: Map<string, readonly QuotaRow[]> | undefined;

/** Every quota that is known, with its service's name. */
export const quotaCatalog = (): Catalog => (catalog ??= readJsonFixture<Catalog>('catalog/quotas.json'));

export function quotaRow(service: string, code: string): QuotaRow | undefined {
  byCode ??= new Map(quotaCatalog().quotas.map((row) => [`${row.service}/${row.code}`, row]));
  return byCode.get(`${service}/${code}`);
}

function limiting(kind: string): readonly QuotaRow[] {
  if (!byKind) {
    byKind = new Map();
    for (const row of quotaCatalog().quotas) if (row.limits) byKind.set(row.limits.kind, [...(byKind.get(row.limits.kind) ?? []), row]);
  }
  return byKind.get(kind) ?? NONE;
}
const NONE: readonly QuotaRow[] = [];

const GLOBAL_QUOTAS = 'us-east-1';
/** The kind in which Service Quotas keeps what was granted. */
const APPLIED = 'service-quotas:quota';

/** A quota as it is applied to this account in this region; any number where quotas are off. */
export async function quotaValue(ctx: Context, service: string, code: string): Promise<number> {
  if (!ctx.world.settings.quotas) return Number.POSITIVE_INFINITY;
  return appliedValue(ctx, quotaRow(service, code)!);
}

/** What was granted, or what the account begins with; whether it is enforced or not. */
export async function appliedValue(ctx: Context, row: QuotaRow): Promise<number> {
  const applied = await (row.global && ctx.region !== GLOBAL_QUOTAS ? ctx.in(ctx.account, GLOBAL_QUOTAS) : ctx).findForeign(APPLIED, `${row.service}/${row.code}`);
  return (applied?.Value as number | undefined) ?? row.begins ?? row.value;
}

/** How much of a quota is used, where it is a number of documents of an account and region. */
export async function usage(ctx: Context, row: QuotaRow, of?: object): Promise<number | undefined> {
  const { limits } = row;
  const resource = limits && ctx.world.registry.resource(limits.kind);
  if (!resource || (limits.per !== undefined && !of)) return undefined;
  const scope = ctx.scope(resource);
  const rows = limits.per === undefined ? await ctx.world.store.page(scope, 0, Number.MAX_SAFE_INTEGER) : await ctx.world.store.linked(scope, limits.per, getter(limits.per)(of!).map(String));
  const lingers = Object.entries(resource.lifecycle ?? {}).filter(([, { to, paced }]) => to === 'gone' && paced === false).map(([state]) => state);
  if (limits.state === undefined && lingers.length === 0) return rows.length;
  // What has ended and is only described for a while counts no more.
  const counts = (state: string): boolean => (limits.state === undefined ? !lingers.includes(state) : state === limits.state);
  return rows.filter((one) => counts(resource.stateOf(one.read() as object))).length;
}

/** Refuses one more document than a quota allows. What AWS makes for an account itself is not refused. */
export async function checkQuotas(ctx: Context, resource: AnyResource, document: object): Promise<void> {
  if (!ctx.operation) return;
  for (const row of limiting(resource.storeKind)) {
    const { error, message, status } = row.limits!;
    const value = await appliedValue(ctx, row);
    if ((await usage(ctx, row, document))! >= value) throw new AwsError(error, message.replace('{value}', String(value)), status ?? 400);
  }
}
