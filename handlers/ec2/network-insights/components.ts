import type { AnalysisComponent, Explanation, PathComponent } from '@aws-sdk/client-ec2';
import type { Wire } from '../../../protocols/wire-types.ts';
import type { Context } from '../../../src/kit/index.ts';
import type { StoredRule } from '../security-groups/security-group-rules.ts';
import type { StoredRoute } from '../vpcs/route-tables.ts';
import { formatAddress } from '../vpcs/cidr.ts';
import type { AclEntry, Protocol } from './filters.ts';
import type { Packets, Range } from './packets.ts';

/** How the steps of a path and the reasons against it are written. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_PathComponent.html */
export type Step = Wire<PathComponent>;
export type Reason = Wire<Explanation>;

/** Any resource, by the kind that its id's prefix names. */
export function component(ctx: Context, id: string): Wire<AnalysisComponent> {
  const kind = ctx.world.registry.resourceOfId('ec2', id)?.kind;
  return { Id: id, ...(kind === undefined ? {} : { Arn: `arn:aws:ec2:${ctx.region}:${ctx.account}:${kind}/${id}` }) };
}

const address = (n: number): string => formatAddress(4, BigInt(n));

/** A range of addresses as blocks; AWS writes single addresses with /32. */
function blocks([first, last]: Range): string[] {
  const out: string[] = [];
  for (let at = first; at <= last; ) {
    let size = 1;
    while (at % (size * 2) === 0 && at + size * 2 - 1 <= last) size *= 2;
    out.push(`${address(at)}/${32 - Math.log2(size)}`);
    at += size;
  }
  return out;
}

const BLOCKS_MAX = 16;

/** What is left of the packets at a step. */
export const header = (packets: Packets, protocol: Protocol) => ({
  Protocol: protocol === 'tcp' ? '6' : '17', SourceAddresses: blocks(packets.source).slice(0, BLOCKS_MAX), DestinationAddresses: blocks(packets.destination).slice(0, BLOCKS_MAX),
  SourcePortRanges: [{ From: packets.sourcePort[0], To: packets.sourcePort[1] }], DestinationPortRanges: [{ From: packets.destinationPort[0], To: packets.destinationPort[1] }],
});

export const groupRule = (rule: StoredRule) => ({
  SecurityGroupId: rule.GroupId, Direction: rule.IsEgress ? 'egress' : 'ingress', Protocol: rule.IpProtocol === '-1' ? 'all' : rule.IpProtocol,
  ...(rule.CidrIpv4 === undefined ? {} : { Cidr: rule.CidrIpv4 }), ...(rule.PrefixListId === undefined ? {} : { PrefixListId: rule.PrefixListId }),
  ...(rule.FromPort === undefined || rule.FromPort < 0 ? {} : { PortRange: { From: rule.FromPort, To: rule.ToPort } }),
});

export const aclRule = (entry: AclEntry) => ({
  Cidr: entry.CidrBlock, Egress: entry.Egress, Protocol: entry.Protocol === '-1' ? 'all' : entry.Protocol, RuleAction: entry.RuleAction, RuleNumber: entry.RuleNumber, ...(entry.PortRange ? { PortRange: entry.PortRange } : {}),
});

export const tableRoute = (route: StoredRoute) => {
  const { DestinationCidrBlock, DestinationIpv6CidrBlock: _v6, InstanceOwnerId: _owner, ...rest } = route;
  return { ...(DestinationCidrBlock === undefined ? {} : { DestinationCidr: DestinationCidrBlock }), ...rest };
};
