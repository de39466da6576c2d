import { quotaCatalog, quotaValue, type Context, type QuotaRow } from '../../../src/kit/index.ts';
import { instanceType, instanceTypeNames } from '../catalog/instance-types.ts';
import * as errors from '../errors.ts';
import { spotCountExceeded } from '../spot/errors.ts';
import { instances } from './instances.ts';

/** Families of instance types share a quota of running vCPUs. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-on-demand-instances.html#ec2-on-demand-instances-limits */
export function vcpuQuota(type: string, spot = false): QuotaRow | undefined {
  const family = /^[a-z]+(?=[0-9-])/.exec(type)?.[0] ?? '';
  return quotaCatalog().quotas.find((row) => (row.spot === true) === spot && row.vcpus?.includes(family));
}

export const vcpusOf = (type: string): number => instanceType(type)?.VCpuInfo?.DefaultVCpus ?? 0;

/** By what a running instance is found that counts so many vCPUs to a quota: there are few sizes, and so a sum needs no look at any instance. */
export const vcpuTerm = ({ code }: QuotaRow, vcpus: number): string => `${code}/${vcpus}`;
let sizes: number[] | undefined;

/** How many of `max` instances of a type the account's quota leaves room for; refused where they are fewer than `min`. */
export async function withinVcpus(ctx: Context, type: string, min: number, max: number, spot = false): Promise<number> {
  const row = vcpuQuota(type, spot);
  const value = row ? await quotaValue(ctx, row.service, row.code) : Number.POSITIVE_INFINITY;
  if (value === Number.POSITIVE_INFINITY) return max;
  let used = 0;
  for (const size of (sizes ??= [...new Set(instanceTypeNames().map(vcpusOf))])) used += size * (await ctx.count(instances, { member: '$.vcpus', value: vcpuTerm(row!, size) }));
  const room = Math.floor((value - used) / vcpusOf(type));
  if (room < min) throw spot ? spotCountExceeded() : errors.vcpuLimitExceeded(value);
  return Math.min(room, max);
}
