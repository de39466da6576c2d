import type { NetworkAcl, NetworkAclAssociation, NetworkAclEntry } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { creates, deletes, describes, quotaValue, resource, type Context, type Handlers } from '../../../src/kit/index.ts';
import { formatCidr, parseCidr } from './cidr.ts';
import { networkAclKeys } from '../condition-keys.ts';
import * as errors from '../errors.ts';
import type { StoredSubnet } from './subnets.ts';
import { hasIpv6, vpcs, type StoredVpc } from './vpcs.ts';

export type StoredAcl = Wire<NetworkAcl>;
type Entry = Wire<NetworkAclEntry>;

/**
 * https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html
 * The length of their ids: https://github.com/ansible-collections/amazon.aws/blob/main/tests/integration/targets/ec2_vpc_nacl/tasks/main.yml
 */
export const networkAcls = resource<StoredAcl>({
  service: 'ec2',
  kind: 'network-acl',
  shape: 'NetworkAcl',
  id: { member: 'NetworkAclId', prefix: 'acl', anyLength: true },
  notFound: errors.notFound('InvalidNetworkAclID.NotFound', 'networkAcl ID'),
  malformed: errors.malformedId('InvalidNetworkAclId.Malformed', 'acl'),
  inUse: errors.hasDependencies('networkAcl'),
  references: {
    VpcId: { kind: 'ec2:vpc', onDelete: (acl) => (acl.IsDefault ? 'cascade' : 'refuse') },
  },
  filters: {
    default: 'IsDefault',
    'association.association-id': 'Associations.NetworkAclAssociationId',
    'entry.cidr': 'Entries.CidrBlock',
    'entry.ipv6-cidr': 'Entries.Ipv6CidrBlock',
    'entry.egress': 'Entries.Egress',
    'entry.protocol': 'Entries.Protocol',
    'entry.rule-action': 'Entries.RuleAction',
    'entry.rule-number': 'Entries.RuleNumber',
    'entry.icmp.code': 'Entries.IcmpTypeCode.Code',
    'entry.icmp.type': 'Entries.IcmpTypeCode.Type',
    'entry.port-range.from': 'Entries.PortRange.From',
    'entry.port-range.to': 'Entries.PortRange.To',
  },
  conditionKeys: networkAclKeys,
});

/** Which subnet is under which ACL: a document each, so that a VPC of many subnets is as quick as one of few. */
type StoredAssociation = Wire<NetworkAclAssociation> & { $: { vpcId: string } };

export const networkAclAssociations = resource<StoredAssociation>({
  service: 'ec2',
  kind: 'network-acl-association',
  shape: 'NetworkAclAssociation',
  id: { member: 'NetworkAclAssociationId', prefix: 'aclassoc' },
  notFound: (ids) => errors.associationNotFound(ids[0]!),
  tags: null,
  references: { NetworkAclId: { kind: 'ec2:network-acl', onDelete: 'cascade' }, SubnetId: { kind: 'ec2:subnet', onDelete: 'cascade' } },
});

const associationsOf = async (ctx: Context, aclId: string): Promise<Wire<NetworkAclAssociation>[]> =>
  (await ctx.list(networkAclAssociations, { member: 'NetworkAclId', value: aclId })).map(({ $: _hidden, ...shown }) => shown);

/**
 * The last rule of every list, which nobody can change; where the VPC has IPv6 blocks another one follows it.
 * https://docs.aws.amazon.com/vpc/latest/userguide/default-network-acl.html
 */
const LAST_RULE = 32_767;
const RULE_MAX = 32_766;

const denyAll = (egress: boolean): Entry => ({ CidrBlock: '0.0.0.0/0', Egress: egress, Protocol: '-1', RuleAction: 'deny', RuleNumber: LAST_RULE });
const allowAll = (egress: boolean): Entry => ({ CidrBlock: '0.0.0.0/0', Egress: egress, Protocol: '-1', RuleAction: 'allow', RuleNumber: 100 });
const denyAllIpv6 = (egress: boolean): Entry => ({ Ipv6CidrBlock: '::/0', Egress: egress, Protocol: '-1', RuleAction: 'deny', RuleNumber: LAST_RULE + 1 });
const allowAllIpv6 = (egress: boolean): Entry => ({ Ipv6CidrBlock: '::/0', Egress: egress, Protocol: '-1', RuleAction: 'allow', RuleNumber: 101 });

const BOTH_WAYS = [true, false];

const emptyAcl = (ctx: Context, vpc: StoredVpc): Partial<StoredAcl> => ({
  VpcId: vpc.VpcId!, IsDefault: false, OwnerId: ctx.account, Entries: BOTH_WAYS.flatMap((egress) => [denyAll(egress), ...(hasIpv6(vpc) ? [denyAllIpv6(egress)] : [])]),
});

export async function createDefaultAcl(ctx: Context, vpc: StoredVpc): Promise<void> {
  const entries = BOTH_WAYS.flatMap((egress) => (hasIpv6(vpc) ? [allowAll(egress), allowAllIpv6(egress), denyAll(egress), denyAllIpv6(egress)] : [allowAll(egress), denyAll(egress)]));
  await ctx.create(networkAcls, { NetworkAclId: ctx.newId(networkAcls), VpcId: vpc.VpcId!, IsDefault: true, OwnerId: ctx.account, Entries: entries });
}

/**
 * What a VPC's first IPv6 block brings: the last rule for IPv6, and to those directions of the default ACL that nobody
 * changed the rule that lets all in or out. https://docs.aws.amazon.com/vpc/latest/userguide/default-network-acl.html
 */
// assumed: when the last IPv6 block goes the rules stay.
export async function openAclsToIpv6(ctx: Context, vpcId: string): Promise<void> {
  for (const acl of await ctx.list(networkAcls, { member: 'VpcId', value: vpcId })) {
    for (const egress of BOTH_WAYS) {
      const present = acl.Entries!.filter((e) => e.Egress === egress);
      if (present.some((e) => e.RuleNumber === LAST_RULE + 1)) continue;
      const untouched = acl.IsDefault && present.length === 2 && present[0]!.RuleNumber === 100 && present[0]!.RuleAction === 'allow' && present[0]!.CidrBlock === '0.0.0.0/0' && present[0]!.Protocol === '-1';
      acl.Entries = inOrder([...acl.Entries!, denyAllIpv6(egress), ...(untouched ? [allowAllIpv6(egress)] : [])]);
    }
    await ctx.save(networkAcls, acl);
  }
}

async function defaultAcl(ctx: Context, vpcId: string): Promise<StoredAcl> {
  return (await ctx.list(networkAcls, { member: 'VpcId', value: vpcId })).find((a) => a.IsDefault)!;
}

/** Every subnet is under exactly one ACL; at first the VPC's default one. */
export async function associateDefaultAcl(ctx: Context, subnet: StoredSubnet): Promise<void> {
  const acl = await defaultAcl(ctx, subnet.VpcId!);
  await ctx.create(networkAclAssociations, { NetworkAclAssociationId: ctx.newId(networkAclAssociations), NetworkAclId: acl.NetworkAclId, SubnetId: subnet.SubnetId, $: { vpcId: subnet.VpcId! } });
}

type EntryInput = Ec2Operations['CreateNetworkAclEntry']['input'];

const PROTOCOL_NUMBERS: Readonly<Record<string, string>> = { all: '-1', tcp: '6', udp: '17', icmp: '1', icmpv6: '58' };

function entryOf(input: EntryInput): Entry {
  const protocol = PROTOCOL_NUMBERS[input.Protocol.toLowerCase()] ?? input.Protocol;
  if (!/^-1$|^\d{1,3}$/.test(protocol) || Number(protocol) > 255) throw errors.invalidParameterValue(`Invalid value '${input.Protocol}' for protocol. Unknown protocol.`);
  if (input.RuleNumber < 1 || input.RuleNumber > RULE_MAX) throw errors.invalidParameterValue(`Value (${input.RuleNumber}) for parameter ruleNumber is invalid. The rule number must be between 1 and ${RULE_MAX}`);
  if (input.CidrBlock === undefined && input.Ipv6CidrBlock === undefined) throw errors.missingParameter('cidrBlock or ipv6CidrBlock');
  if (input.CidrBlock !== undefined && input.Ipv6CidrBlock !== undefined) throw errors.invalidParameterCombination('Only one of cidrBlock and ipv6CidrBlock may be specified');
  const block = (text: string | undefined, version: 4 | 6) => {
    if (text === undefined) return undefined;
    const cidr = parseCidr(text);
    if (!cidr || cidr.version !== version) throw errors.invalidCidr(text);
    return formatCidr(cidr);
  };
  if (['6', '17'].includes(protocol) && !input.PortRange) throw errors.missingParameter('portRange');
  if (['1', '58'].includes(protocol) && !input.IcmpTypeCode) throw errors.missingParameter('icmpTypeCode.code');
  return {
    CidrBlock: block(input.CidrBlock, 4), Ipv6CidrBlock: block(input.Ipv6CidrBlock, 6), Egress: input.Egress, Protocol: protocol, RuleAction: input.RuleAction, RuleNumber: input.RuleNumber,
    ...(['6', '17'].includes(protocol) ? { PortRange: input.PortRange } : {}),
    ...(['1', '58'].includes(protocol) ? { IcmpTypeCode: input.IcmpTypeCode } : {}),
  };
}

const sameEntry = (a: Entry, number: number, egress: boolean): boolean => a.RuleNumber === number && a.Egress === egress;

/** AWS lists outbound entries first, each list by rule number. */
const inOrder = (entries: Entry[]): Entry[] => entries.sort((a, b) => Number(b.Egress) - Number(a.Egress) || a.RuleNumber! - b.RuleNumber!);


export const networkAclOperations = {
  CreateNetworkAcl: creates(networkAcls, async (input, ctx) => {
    return { ...emptyAcl(ctx, await ctx.get(vpcs, input.VpcId)), Associations: [] };
  }),
  DescribeNetworkAcls: describes(networkAcls, { ids: 'NetworkAclIds', complete: async (acl, ctx) => ({ ...acl, Associations: await associationsOf(ctx, acl.NetworkAclId!) }) }),
  CreateNetworkAclEntry: async (input, ctx) => {
    const acl = await ctx.get(networkAcls, input.NetworkAclId);
    const entry = entryOf(input);
    if (acl.Entries!.some((e) => sameEntry(e, input.RuleNumber, input.Egress))) {
      throw errors.networkAclEntryExists(input.RuleNumber);
    }
    if (acl.Entries!.filter((e) => e.Egress === input.Egress && e.RuleNumber! < LAST_RULE).length >= (await quotaValue(ctx, 'vpc', 'L-2AEEBF1A'))) throw errors.limitExceeded('NetworkAclEntryLimitExceeded', 'The maximum number of network acl entries has been reached.');
    acl.Entries = inOrder([...acl.Entries!, entry]);
    await ctx.save(networkAcls, acl);
    return {};
  },
  ReplaceNetworkAclEntry: async (input, ctx) => {
    const acl = await ctx.get(networkAcls, input.NetworkAclId);
    const entry = entryOf(input);
    const at = acl.Entries!.findIndex((e) => sameEntry(e, input.RuleNumber, input.Egress));
    if (at < 0) throw errors.networkAclEntryNotFound(input.RuleNumber, input.NetworkAclId);
    acl.Entries![at] = entry;
    await ctx.save(networkAcls, acl);
    return {};
  },
  DeleteNetworkAclEntry: async (input, ctx) => {
    const acl = await ctx.get(networkAcls, input.NetworkAclId);
    const kept = acl.Entries!.filter((e) => e.RuleNumber! >= LAST_RULE || !sameEntry(e, input.RuleNumber, input.Egress));
    if (kept.length === acl.Entries!.length) throw errors.networkAclEntryNotFound(input.RuleNumber, input.NetworkAclId);
    acl.Entries = kept;
    await ctx.save(networkAcls, acl);
    return {};
  },
  ReplaceNetworkAclAssociation: async (input, ctx) => {
    const target = await ctx.get(networkAcls, input.NetworkAclId);
    const association = await ctx.get(networkAclAssociations, input.AssociationId);
    if (association.$.vpcId !== target.VpcId) throw errors.invalidParameterValue(`Network ACL ${input.NetworkAclId} and the subnet belong to different VPCs`);
    await ctx.remove(networkAclAssociations, association);
    const made = await ctx.create(networkAclAssociations, { ...association, NetworkAclAssociationId: ctx.newId(networkAclAssociations), NetworkAclId: target.NetworkAclId });
    return { NewAssociationId: made.NetworkAclAssociationId };
  },
  DeleteNetworkAcl: deletes(networkAcls, {
    id: 'NetworkAclId',
    before: async (acl, _input, ctx) => {
      // assumed: the text, which clients look for.
      if (acl.IsDefault) throw errors.invalidParameterValue(`cannot delete default network ACL ${acl.NetworkAclId}`);
      if ((await associationsOf(ctx, acl.NetworkAclId!)).length > 0) throw errors.hasDependencies('networkAcl')(acl.NetworkAclId!);
    },
  }),
} satisfies Handlers<Ec2Operations>;

