import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import { pageOf, quotaValue, type Context, type Handlers } from '../../../src/kit/index.ts';
import { awsPrefixLists } from '../catalog/prefix-lists.ts';
import { routeTables } from '../vpcs/route-tables.ts';
import { rulesOf, securityGroupRules } from '../security-groups/security-group-rules.ts';
import { prefixListOf, prefixLists, type StoredPrefixList } from './prefix-lists.ts';

/** Who uses a prefix list, and for how much it counts there. */

/** A reference counts as many rules or routes as the list may have entries. https://docs.aws.amazon.com/vpc/latest/userguide/managed-prefix-lists.html#managed-prefix-lists-concepts */
export async function weightOf(ctx: Context, id: string): Promise<number> {
  return awsPrefixLists(ctx.region).find((l) => l.id === id)?.weight ?? (await ctx.find(prefixLists, id))?.MaxEntries ?? 1;
}

/** What a list of rules or routes counts for, references to prefix lists included. */
export async function weigh(ctx: Context, lists: readonly (string | undefined)[]): Promise<number> {
  let weight = 0;
  for (const id of lists) weight += id === undefined ? 1 : await weightOf(ctx, id);
  return weight;
}

/** The ids of the resources that use a list; a rule stands for its group. */
async function usersOf(ctx: Context, id: string): Promise<string[]> {
  const out: string[] = [];
  for (const referrer of await ctx.referrers(prefixLists, id)) {
    out.push(referrer.kind === securityGroupRules.storeKind ? (await ctx.get(securityGroupRules, referrer.id)).GroupId! : referrer.id);
  }
  return [...new Set(out)];
}

/** The users of a list that would pass their quota if it had `size` entries. https://docs.aws.amazon.com/vpc/latest/userguide/work-with-cust-managed-prefix-lists.html#resize-managed-prefix-list */
export async function refuseGrowth(ctx: Context, list: StoredPrefixList, size: number): Promise<string[]> {
  const grown = async (lists: readonly (string | undefined)[]) => (await weigh(ctx, lists)) + lists.filter((id) => id === list.PrefixListId).length * (size - list.MaxEntries!);
  const refusing: string[] = [];
  for (const user of await usersOf(ctx, list.PrefixListId!)) {
    const table = await ctx.find(routeTables, user);
    if (table && (await grown(table.Routes!.map((r) => r.DestinationPrefixListId))) > (await quotaValue(ctx, 'vpc', 'L-93826ACB'))) refusing.push(user);
    const rules = table ? [] : await rulesOf(ctx, user);
    for (const egress of [false, true]) {
      if ((await grown(rules.filter((r) => r.IsEgress === egress).map((r) => r.PrefixListId))) > (await quotaValue(ctx, 'vpc', 'L-0EA8095F')) && !refusing.includes(user)) refusing.push(user);
    }
  }
  return refusing;
}

export const prefixListReferenceOperations = {
  GetManagedPrefixListAssociations: async (input, ctx) => {
    const list = await prefixListOf(ctx, input.PrefixListId);
    const { items, next } = pageOf(await usersOf(ctx, list.PrefixListId!), input);
    return { PrefixListAssociations: items.map((ResourceId) => ({ ResourceId, ResourceOwner: ctx.account })), ...next };
  },
} satisfies Handlers<Ec2Operations>;
