import type { IpPermission, SecurityGroupRule } from '@aws-sdk/client-ec2';
import type { Wire } from '../../../protocols/wire-types.ts';
import { AwsError, quotaValue, resource, type Context, type TagPair } from '../../../src/kit/index.ts';
import { formatCidr, parseCidr } from '../vpcs/cidr.ts';
import * as errors from '../errors.ts';
import { peeringBetween } from '../peering/group-references.ts';
import { prefixListOf } from '../prefix-lists/prefix-lists.ts';
import { weigh } from '../prefix-lists/references.ts';
import { groupNamed, securityGroups, type StoredGroup } from './security-groups.ts';
import { servesTogether } from './vpc-associations.ts';

export type StoredRule = Wire<SecurityGroupRule>;
export type Permission = Wire<IpPermission>;

/** https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html */
export const securityGroupRules = resource<StoredRule>({
  service: 'ec2',
  kind: 'security-group-rule',
  shape: 'SecurityGroupRule',
  id: { member: 'SecurityGroupRuleId', prefix: 'sgr' },
  notFound: (ids) => new AwsError('InvalidSecurityGroupRuleId.NotFound', `The security group rule ID '${ids[0]}' does not exist`),
  malformed: errors.malformedId('InvalidSecurityGroupRuleId.Malformed', 'sgr'),
  references: {
    GroupId: { kind: 'ec2:security-group', onDelete: 'cascade' },
    // A rule about a group of a peer VPC does not hold that group; it is stale when the group goes.
    'ReferencedGroupInfo.GroupId': { kind: 'ec2:security-group', onDelete: (rule) => (rule.ReferencedGroupInfo?.VpcPeeringConnectionId ? 'keep' : 'refuse') },
    PrefixListId: { kind: 'ec2:prefix-list' },
  },
  indexed: ['ReferencedGroupInfo.VpcPeeringConnectionId'],
});

type Peer = Pick<StoredRule, 'CidrIpv4' | 'CidrIpv6' | 'PrefixListId' | 'ReferencedGroupInfo'>;

/** One rule as it will be: a protocol, a range of ports (or ICMP type and code) and one peer. */
export interface RulePlan {
  readonly protocol: string;
  readonly from: number;
  readonly to: number;
  readonly peer: Peer;
  readonly description?: string | undefined;
}

/** https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html#vpc-limits-security-groups */

const NAMES: Readonly<Record<string, string>> = { '6': 'tcp', '17': 'udp', '1': 'icmp', '58': 'icmpv6', all: '-1' };
const HAS_PORTS = ['tcp', 'udp'];
const HAS_TYPES = ['icmp', 'icmpv6'];

export function protocolOf(given: string | undefined): string {
  if (given === undefined) throw errors.missingParameter('ipProtocol');
  const name = NAMES[given.toLowerCase()] ?? given.toLowerCase();
  if (![...HAS_PORTS, ...HAS_TYPES, '-1'].includes(name) && !(/^\d{1,3}$/.test(name) && Number(name) <= 255)) throw errors.invalidParameterValue(`Invalid value '${given}' for IP protocol. Unknown protocol.`);
  return name;
}

export const hasPorts = (protocol: string): boolean => HAS_PORTS.includes(protocolOf(protocol));

/** Ports where the protocol has them; -1 stands for all. */
export function portsOf(protocol: string, from: number | undefined, to: number | undefined): { from: number; to: number } {
  if (HAS_PORTS.includes(protocol)) {
    if (from === undefined || to === undefined) throw errors.invalidParameterValue(`Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange.`);
    if (from === -1 && to === -1) return { from: 0, to: 65_535 };
    if (from < 0 || from > 65_535) throw errors.invalidParameterValue(`Invalid value '${from}' for fromPort. Must be between 0 and 65535`);
    if (to < 0 || to > 65_535) throw errors.invalidParameterValue(`Invalid value '${to}' for toPort. Must be between 0 and 65535`);
    if (from > to) throw errors.invalidParameterValue(`Invalid TCP/UDP port range (${from}:${to})`);
    return { from, to };
  }
  if (HAS_TYPES.includes(protocol)) {
    if (from === undefined || to === undefined) throw errors.invalidParameterValue(`ICMP type and code must be specified`);
    if (from < -1 || from > 255 || to < -1 || to > 255) throw errors.invalidParameterValue(`ICMP code (${to}) out of range`);
    return { from, to };
  }
  return { from: -1, to: -1 };
}

export function cidrOf(text: string, version: 4 | 6): string {
  const cidr = parseCidr(text);
  if (!cidr || cidr.version !== version) throw errors.invalidParameterValue(`CIDR block ${text} is malformed`);
  return formatCidr(cidr);
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpRange.html */
const DESCRIPTION = /^[a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]{0,255}$/;

export function descriptionOf(text: string | undefined): string | undefined {
  if (text !== undefined && !DESCRIPTION.test(text)) {
    throw errors.invalidParameterValue('Invalid rule description. Valid descriptions are strings less than 256 characters from the following set:  a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*');
  }
  return text || undefined;
}

/** A permission's every peer as a rule of its own. */
export async function plansOf(ctx: Context, permissions: readonly Permission[], group: StoredGroup): Promise<RulePlan[]> {
  const plans: RulePlan[] = [];
  for (const permission of permissions) {
    const protocol = protocolOf(permission.IpProtocol);
    const { from, to } = portsOf(protocol, permission.FromPort, permission.ToPort);
    const add = (peer: Peer, description: string | undefined) => plans.push({ protocol, from, to, peer, description: descriptionOf(description) });
    for (const range of permission.IpRanges ?? []) add({ CidrIpv4: cidrOf(range.CidrIp ?? '', 4) }, range.Description);
    for (const range of permission.Ipv6Ranges ?? []) add({ CidrIpv6: cidrOf(range.CidrIpv6 ?? '', 6) }, range.Description);
    for (const pair of permission.UserIdGroupPairs ?? []) add({ ReferencedGroupInfo: await referred(ctx, pair, group) }, pair.Description);
    for (const list of permission.PrefixListIds ?? []) add({ PrefixListId: (await prefixListOf(ctx, list.PrefixListId ?? '')).PrefixListId! }, list.Description);
  }
  return plans;
}

type GroupPair = NonNullable<Permission['UserIdGroupPairs']>[number];

/** A group of the same VPC, of one that the group is associated with, or of a peer VPC. https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-security-groups.html */
export async function referred(ctx: Context, pair: GroupPair, group: StoredGroup): Promise<NonNullable<Peer['ReferencedGroupInfo']>> {
  const owner = ctx.in(pair.UserId ?? ctx.account, ctx.region);
  const found = pair.GroupId !== undefined ? await owner.get(securityGroups, pair.GroupId) : pair.GroupName !== undefined ? await groupNamed(owner, pair.GroupName) : undefined;
  if (!found) throw errors.missingParameter('groupId');
  const info = { GroupId: found.GroupId, UserId: owner.account };
  if (owner.account === ctx.account && (found.VpcId === group.VpcId || (await servesTogether(ctx, found, group)))) return info;
  const peering = await peeringBetween(ctx, group.VpcId!, { account: owner.account, vpcId: found.VpcId! });
  if (!peering) throw new AwsError('InvalidGroup.NotFound', `You have specified two resources that belong to different networks.`);
  return { ...info, VpcId: found.VpcId, VpcPeeringConnectionId: peering.VpcPeeringConnectionId, PeeringStatus: 'active' };
}

export const rulesOf = async (ctx: Context, groupId: string): Promise<StoredRule[]> => ctx.list(securityGroupRules, { member: 'GroupId', value: groupId });

const peerKey = (rule: Peer): string => `${rule.CidrIpv4 ?? ''}|${rule.CidrIpv6 ?? ''}|${rule.PrefixListId ?? ''}|${rule.ReferencedGroupInfo?.GroupId ?? ''}`;
export const planKey = (plan: RulePlan): string => `${plan.protocol}|${plan.from}|${plan.to}|${peerKey(plan.peer)}`;
export const ruleKey = (rule: StoredRule): string => `${rule.IpProtocol}|${rule.FromPort}|${rule.ToPort}|${peerKey(rule)}`;

/** AWS's words for a rule: "peer: 10.0.0.0/8, TCP, from port: 22, to port: 22, ALLOW". */
function spelled({ protocol, from, to, peer }: RulePlan): string {
  const who = peer.CidrIpv4 ?? peer.CidrIpv6 ?? peer.PrefixListId ?? peer.ReferencedGroupInfo?.GroupId ?? '';
  const what = protocol === '-1' ? 'ALL' : protocol.toUpperCase();
  const where = HAS_PORTS.includes(protocol) ? `, from port: ${from}, to port: ${to}` : HAS_TYPES.includes(protocol) ? `, type: ${from}, code: ${to}` : '';
  return `the specified rule "peer: ${who}, ${what}${where}, ALLOW" already exists`;
}

/** The rules of one direction, each by its prefix list if it has one, must be within the quota. */
export async function refuseTooMany(ctx: Context, rules: readonly (string | undefined)[]): Promise<void> {
  if ((await weigh(ctx, rules)) > (await quotaValue(ctx, 'vpc', 'L-0EA8095F'))) throw errors.limitExceeded('RulesPerSecurityGroupLimitExceeded', 'The maximum number of rules per security group has been reached.');
}

/**
 * Adds rules to one direction of a group; one that is there already refuses them all, and so does one that is asked for twice, with AWS's words of
 * https://github.com/aws/aws-sdk-go/issues/1340
 */
export async function addRules(ctx: Context, group: StoredGroup, egress: boolean, plans: readonly RulePlan[], tags: TagPair[]): Promise<StoredRule[]> {
  const all = await rulesOf(ctx, group.GroupId!);
  const same = all.filter((r) => r.IsEgress === egress);
  if (new Set(plans.map(planKey)).size < plans.length) throw errors.invalidParameterValue('The same permission must not appear multiple times');
  const keys = new Set(same.map(ruleKey));
  const present = plans.find((plan) => keys.has(planKey(plan)));
  if (present) throw errors.permissionDuplicate(spelled(present));
  await refuseTooMany(ctx, [...same.map((r) => r.PrefixListId), ...plans.map((p) => p.peer.PrefixListId)]);
  const made: StoredRule[] = [];
  for (const plan of plans) made.push(await ctx.create(securityGroupRules, ruleDocument(ctx, group.GroupId!, egress, plan, tags)));
  await syncPermissions(ctx, group, [...all, ...made]);
  return made;
}

export function ruleDocument(ctx: Context, groupId: string, egress: boolean, plan: RulePlan, tags: TagPair[] = []): StoredRule {
  const id = ctx.newId(securityGroupRules);
  return {
    SecurityGroupRuleId: id, GroupId: groupId, GroupOwnerId: ctx.account, IsEgress: egress, IpProtocol: plan.protocol, FromPort: plan.from, ToPort: plan.to,
    ...plan.peer, ...(plan.description === undefined ? {} : { Description: plan.description }), Tags: tags,
    SecurityGroupRuleArn: `arn:aws:ec2:${ctx.region}:${ctx.account}:security-group-rule/${id}`,
  };
}

/** Puts what DescribeSecurityGroups shows of the rules in step with them. */
export async function syncPermissions(ctx: Context, group: StoredGroup, rules: readonly StoredRule[]): Promise<void> {
  await ctx.save(securityGroups, withPermissions(group, rules));
}

export function withPermissions(group: StoredGroup, rules: readonly StoredRule[]): StoredGroup {
  group.IpPermissions = permissionsOf(rules.filter((r) => !r.IsEgress));
  group.IpPermissionsEgress = permissionsOf(rules.filter((r) => r.IsEgress));
  return group;
}

/** Rules of the same protocol and ports are one permission with several peers. */
export function permissionsOf(rules: readonly StoredRule[]): Permission[] {
  const permissions = new Map<string, Permission>();
  for (const rule of rules) {
    const key = `${rule.IpProtocol}|${rule.FromPort}|${rule.ToPort}`;
    let permission = permissions.get(key);
    if (!permission) {
      const ports = HAS_PORTS.includes(rule.IpProtocol!) || HAS_TYPES.includes(rule.IpProtocol!) ? { FromPort: rule.FromPort, ToPort: rule.ToPort } : {};
      permission = { IpProtocol: rule.IpProtocol, ...ports, UserIdGroupPairs: [], IpRanges: [], Ipv6Ranges: [], PrefixListIds: [] };
      permissions.set(key, permission);
    }
    const described = rule.Description === undefined ? {} : { Description: rule.Description };
    if (rule.CidrIpv4) permission.IpRanges!.push({ ...described, CidrIp: rule.CidrIpv4 });
    if (rule.CidrIpv6) permission.Ipv6Ranges!.push({ ...described, CidrIpv6: rule.CidrIpv6 });
    if (rule.PrefixListId) permission.PrefixListIds!.push({ ...described, PrefixListId: rule.PrefixListId });
    if (rule.ReferencedGroupInfo) permission.UserIdGroupPairs!.push({ ...described, ...rule.ReferencedGroupInfo });
  }
  return [...permissions.values()];
}
