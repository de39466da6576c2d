import type { NetworkAclEntry } from '@aws-sdk/client-ec2';
import type { Wire } from '../../../protocols/wire-types.ts';
import type { Context } from '../../../src/kit/index.ts';
import { networkInterfaces, type StoredInterface } from '../network-interfaces/network-interfaces.ts';
import { blocksOf } from '../prefix-lists/prefix-lists.ts';
import { rulesOf, type StoredRule } from '../security-groups/security-group-rules.ts';
import { networkAclAssociations, networkAcls, type StoredAcl } from '../vpcs/network-acls.ts';
import { addressRange, ANY_ADDRESS, ANY_PORT, ANYTHING, meet, rangeOf, type Range, type Rule } from './packets.ts';

export type Protocol = 'tcp' | 'udp';
/** https://www.iana.org/assignments/protocol-numbers/protocol-numbers.xhtml */
const NUMBERS: Readonly<Record<Protocol, string>> = { tcp: '6', udp: '17' };

export type AclEntry = Wire<NetworkAclEntry>;

const isFor = (given: string | undefined, protocol: Protocol): boolean => given === '-1' || given === protocol || given === NUMBERS[protocol];
const portsOf = (from: number | undefined, to: number | undefined): Range => (from === undefined || from < 0 ? ANY_PORT : [from, to ?? from]);

/** The rules of an interface's groups in one direction: all of them allow, in no order. */
export async function groupRules(ctx: Context, eni: StoredInterface, egress: boolean, protocol: Protocol): Promise<Rule<StoredRule>[]> {
  const out: Rule<StoredRule>[] = [];
  for (const { GroupId } of eni.Groups ?? []) {
    for (const rule of await rulesOf(ctx, GroupId!)) {
      if (rule.IsEgress !== egress || !isFor(rule.IpProtocol, protocol)) continue;
      const ports = rule.IpProtocol === '-1' ? ANY_PORT : portsOf(rule.FromPort, rule.ToPort);
      for (const peer of await peers(ctx, rule)) out.push({ rule, allows: true, matches: { ...ANYTHING, [egress ? 'destination' : 'source']: peer, destinationPort: ports } });
    }
  }
  return out;
}

/** The addresses that a rule is about: a block, the entries of a prefix list, or the private addresses of who is in a group. */
async function peers(ctx: Context, rule: StoredRule): Promise<Range[]> {
  if (rule.CidrIpv4 !== undefined) return [rangeOf(rule.CidrIpv4)!];
  if (rule.PrefixListId !== undefined) return (await blocksOf(ctx, rule.PrefixListId)).map(rangeOf).filter((r) => r !== undefined);
  const { GroupId, UserId } = rule.ReferencedGroupInfo ?? {};
  if (GroupId === undefined) return [];
  const there = UserId === undefined || UserId === ctx.account ? ctx : ctx.in(UserId, ctx.region);
  const members = await there.list(networkInterfaces, { member: 'Groups.GroupId', value: GroupId });
  return members.flatMap((eni) => (eni.PrivateIpAddresses ?? []).map((a) => addressRange(a.PrivateIpAddress!)));
}

/** The network ACL of a subnet. */
export async function aclOf(ctx: Context, subnetId: string): Promise<StoredAcl> {
  const [association] = await ctx.list(networkAclAssociations, { member: 'SubnetId', value: subnetId });
  return ctx.get(networkAcls, association!.NetworkAclId!);
}

/** The rules of a network ACL in one direction, in order. */
export function aclRules(acl: StoredAcl, egress: boolean, protocol: Protocol): Rule<AclEntry>[] {
  return (acl.Entries ?? []).filter((e) => e.Egress === egress && e.CidrBlock !== undefined && isFor(e.Protocol, protocol)).sort((a, b) => a.RuleNumber! - b.RuleNumber!).map((entry) => ({
    rule: entry, allows: entry.RuleAction === 'allow',
    matches: { ...ANYTHING, [egress ? 'destination' : 'source']: rangeOf(entry.CidrBlock) ?? ANY_ADDRESS, destinationPort: entry.Protocol === '-1' ? ANY_PORT : portsOf(entry.PortRange?.From, entry.PortRange?.To) },
  }));
}

export const within = (address: string, range: Range): boolean => meet(addressRange(address), range) !== undefined;
