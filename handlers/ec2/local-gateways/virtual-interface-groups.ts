import type { LocalGatewayVirtualInterfaceGroup } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { creates, deletes, describes, resource, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';
import { notReady, unknown } from './errors.ts';
import { localGateways, ready } from './local-gateways.ts';
import { COMING_AND_GOING } from './route-tables.ts';
import { virtualInterfaces } from './virtual-interfaces.ts';

export type StoredInterfaceGroup = Wire<LocalGatewayVirtualInterfaceGroup>;

/** https://docs.aws.amazon.com/outposts/latest/userguide/outposts-local-gateways.html */
export const interfaceGroups = resource<StoredInterfaceGroup>({
  service: 'ec2',
  kind: 'local-gateway-virtual-interface-group',
  shape: 'LocalGatewayVirtualInterfaceGroup',
  id: { member: 'LocalGatewayVirtualInterfaceGroupId', prefix: 'lgw-vif-grp' },
  ...unknown('LocalGatewayVirtualInterfaceGroup', 'local gateway virtual interface group', 'lgw-vif-grp'),
  state: 'ConfigurationState',
  lifecycle: COMING_AND_GOING,
  references: { LocalGatewayId: { kind: 'ec2:local-gateway' } },
});

const ASN_MAX = 2_147_483_647;
const EXTENDED_ASN_MAX = 4_294_967_295;

/** An autonomous system has a number of 31 bits or an extended one above it. */
export function checkAsn(name: string, plain: number | undefined, extended: number | undefined): void {
  if (plain !== undefined && extended !== undefined) throw general.invalidParameterCombination(`Only one of ${name} and ${name}Extended may be specified`);
  if (plain !== undefined && !(plain >= 1 && plain <= ASN_MAX)) throw general.invalidValue(plain, name, `A number from 1 to ${ASN_MAX} is expected.`);
  if (extended !== undefined && !(extended > ASN_MAX && extended <= EXTENDED_ASN_MAX)) throw general.invalidValue(extended, `${name}Extended`, `A number from ${ASN_MAX + 1} to ${EXTENDED_ASN_MAX} is expected.`);
}

// assumed: the number of a group that is given none: the first of those for private use.
const ASN_DEFAULT = 64_512;

export function interfaceGroup(ctx: Context, LocalGatewayId: string, asn: { LocalBgpAsn?: number | undefined; LocalBgpAsnExtended?: number | undefined } = {}): StoredInterfaceGroup {
  const id = ctx.newId(interfaceGroups);
  return {
    LocalGatewayVirtualInterfaceGroupId: id, LocalGatewayVirtualInterfaceGroupArn: `arn:aws:ec2:${ctx.region}:${ctx.account}:local-gateway-virtual-interface-group/${id}`, LocalGatewayId, OwnerId: ctx.account,
    ...(asn.LocalBgpAsnExtended === undefined ? { LocalBgpAsn: asn.LocalBgpAsn ?? ASN_DEFAULT } : { LocalBgpAsnExtended: asn.LocalBgpAsnExtended }), ConfigurationState: 'pending', Tags: [],
  };
}

/** assumed: a group without interfaces is the one that is `incomplete`. */
async function withInterfaces(group: StoredInterfaceGroup, ctx: Context): Promise<StoredInterfaceGroup> {
  const held = await ctx.list(virtualInterfaces, { member: 'LocalGatewayVirtualInterfaceGroupId', value: group.LocalGatewayVirtualInterfaceGroupId! });
  const empty = held.length === 0 && group.ConfigurationState === 'available';
  return { ...group, LocalGatewayVirtualInterfaceIds: held.map((i) => i.LocalGatewayVirtualInterfaceId!), ...(empty ? { ConfigurationState: 'incomplete' as const } : {}) };
}

export const interfaceGroupOperations = {
  CreateLocalGatewayVirtualInterfaceGroup: creates(interfaceGroups, async (input, ctx) => {
    checkAsn('localBgpAsn', input.LocalBgpAsn, input.LocalBgpAsnExtended);
    await ready(ctx, localGateways, input.LocalGatewayId);
    return interfaceGroup(ctx, input.LocalGatewayId, input);
  }),
  DescribeLocalGatewayVirtualInterfaceGroups: describes(interfaceGroups, { ids: 'LocalGatewayVirtualInterfaceGroupIds', complete: withInterfaces }),
  DeleteLocalGatewayVirtualInterfaceGroup: deletes(interfaceGroups, {
    id: 'LocalGatewayVirtualInterfaceGroupId', from: ['available'], otherwise: (g) => notReady('local gateway virtual interface group', g.LocalGatewayVirtualInterfaceGroupId!, g.ConfigurationState!), to: 'deleting',
  }),
} satisfies Handlers<Ec2Operations>;
