import type { StaleIpPermission, StaleSecurityGroup } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { pageOf, type Context, type Handlers } from '../../../src/kit/index.ts';
import { permissionsOf, rulesOf, securityGroupRules, syncPermissions, type StoredRule } from '../security-groups/security-group-rules.ts';
import { securityGroups } from '../security-groups/security-groups.ts';
import { vpcs } from '../vpcs/vpcs.ts';
import { peeringConnections, type StoredPeering } from './peering-connections.ts';

/** Rules about groups of peer VPCs. https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-security-groups.html */

/** The active connection of a VPC with another one of the same Region: groups of other Regions cannot be referenced. */
export async function peeringBetween(ctx: Context, vpcId: string, other: { readonly account: string; readonly vpcId: string }): Promise<StoredPeering | undefined> {
  for (const [mine, theirs] of [['RequesterVpcInfo', 'AccepterVpcInfo'], ['AccepterVpcInfo', 'RequesterVpcInfo']] as const) {
    const found = (await ctx.list(peeringConnections, { member: `${mine}.VpcId`, value: vpcId }))
      .find((p) => p.Status!.Code === 'active' && p[theirs]!.VpcId === other.vpcId && p[theirs]!.OwnerId === other.account && p[theirs]!.Region === ctx.region);
    if (found) return found;
  }
  return undefined;
}

/** What rules show of a connection's status. */
export async function notePeeringStatus(ctx: Context, peeringId: string, status: string): Promise<void> {
  const rules = await ctx.list(securityGroupRules, { member: 'ReferencedGroupInfo.VpcPeeringConnectionId', value: peeringId });
  for (const rule of rules) {
    rule.ReferencedGroupInfo!.PeeringStatus = status;
    await ctx.save(securityGroupRules, rule);
  }
  for (const groupId of new Set(rules.map((r) => r.GroupId!))) await syncPermissions(ctx, await ctx.get(securityGroups, groupId), await rulesOf(ctx, groupId));
}

/** A rule is stale when its connection or the group on the other side is gone. */
async function isStale(ctx: Context, rule: StoredRule): Promise<boolean> {
  const peer = rule.ReferencedGroupInfo;
  if (!peer?.VpcPeeringConnectionId) return false;
  return peer.PeeringStatus !== 'active' || !(await ctx.in(peer.UserId!, ctx.region).find(securityGroups, peer.GroupId!));
}

const stalePermissions = (rules: readonly StoredRule[]): Wire<StaleIpPermission>[] =>
  permissionsOf(rules).map(({ IpProtocol, FromPort, ToPort, UserIdGroupPairs }) => ({ IpProtocol, FromPort, ToPort, UserIdGroupPairs, IpRanges: [], PrefixListIds: [] }));

async function staleGroups(ctx: Context, vpcId: string): Promise<Wire<StaleSecurityGroup>[]> {
  const out: Wire<StaleSecurityGroup>[] = [];
  for (const group of await ctx.list(securityGroups, { member: 'VpcId', value: vpcId })) {
    const stale: StoredRule[] = [];
    for (const rule of await rulesOf(ctx, group.GroupId!)) if (await isStale(ctx, rule)) stale.push(rule);
    if (stale.length === 0) continue;
    out.push({
      GroupId: group.GroupId, GroupName: group.GroupName, Description: group.Description, VpcId: vpcId,
      StaleIpPermissions: stalePermissions(stale.filter((r) => !r.IsEgress)), StaleIpPermissionsEgress: stalePermissions(stale.filter((r) => r.IsEgress)),
    });
  }
  return out;
}

/** The accounts whose groups may refer to this account's: itself, and those of its peers in this Region. */
async function neighbours(ctx: Context): Promise<Context[]> {
  const accounts = new Set([ctx.account]);
  for (const { RequesterVpcInfo, AccepterVpcInfo } of await ctx.list(peeringConnections)) {
    for (const side of [RequesterVpcInfo!, AccepterVpcInfo!]) if (side.Region === ctx.region) accounts.add(side.OwnerId!);
  }
  return [...accounts].map((account) => ctx.in(account, ctx.region));
}

async function references(input: Ec2Operations['DescribeSecurityGroupReferences']['input'], ctx: Context): Promise<Ec2Operations['DescribeSecurityGroupReferences']['output']> {
  const groups = await ctx.getAll(securityGroups, input.GroupId);
  const found = new Map<string, { GroupId: string; ReferencingVpcId: string; VpcPeeringConnectionId: string }>();
  for (const place of await neighbours(ctx)) {
    for (const { GroupId } of groups) {
      for (const rule of await place.list(securityGroupRules, { member: 'ReferencedGroupInfo.GroupId', value: GroupId! })) {
        const peering = rule.ReferencedGroupInfo!.VpcPeeringConnectionId;
        const vpcId = (await place.find(securityGroups, rule.GroupId!))?.VpcId;
        if (peering && vpcId) found.set(`${GroupId}|${vpcId}|${peering}`, { GroupId: GroupId!, ReferencingVpcId: vpcId, VpcPeeringConnectionId: peering });
      }
    }
  }
  return { SecurityGroupReferenceSet: [...found.values()] };
}

export const groupReferenceOperations = {
  DescribeSecurityGroupReferences: references,
  DescribeStaleSecurityGroups: async (input, ctx) => {
    await ctx.get(vpcs, input.VpcId);
    const { items, next } = pageOf(await staleGroups(ctx, input.VpcId), input);
    return { StaleSecurityGroupSet: items, ...next };
  },
} satisfies Handlers<Ec2Operations>;
