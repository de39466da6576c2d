import type { Route, RouteTable } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { creates, deletes, describes, quotaValue, resource, type Context, type Handlers } from '../../../src/kit/index.ts';
import { contains, formatCidr, parseCidr } from './cidr.ts';
import { routeTableKeys } from '../condition-keys.ts';
import * as errors from '../errors.ts';
import { prefixListOf } from '../prefix-lists/prefix-lists.ts';
import { weigh } from '../prefix-lists/references.ts';
import { checkGateway, routeTarget, type RouteInput } from './route-targets.ts';
import { subnets } from './subnets.ts';
import { vpcs, type StoredVpc } from './vpcs.ts';

export type StoredRouteTable = Wire<RouteTable>;
export type StoredRoute = Wire<Route>;
type Association = NonNullable<StoredRouteTable['Associations']>[number];

const isMain = (table: StoredRouteTable): boolean => table.Associations?.some((a) => a.Main) ?? false;

/** https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html */
export const routeTables = resource<StoredRouteTable>({
  service: 'ec2',
  kind: 'route-table',
  shape: 'RouteTable',
  id: { member: 'RouteTableId', prefix: 'rtb' },
  emptyTags: true,
  notFound: errors.notFound('InvalidRouteTableID.NotFound', 'routeTable ID'),
  malformed: errors.malformedId('InvalidRouteTableId.Malformed', 'rtb'),
  inUse: errors.hasDependencies('routeTable'),
  references: {
    VpcId: { kind: 'ec2:vpc', onDelete: (table) => (isMain(table) ? 'cascade' : 'refuse') },
    'Associations.SubnetId': { kind: 'ec2:subnet', onDelete: 'release' },
    'Associations.GatewayId': { kind: 'ec2:internet-gateway', onDelete: 'release' },
    'Routes.GatewayId': { kind: 'ec2:internet-gateway', onDelete: 'keep' },
    'Routes.NatGatewayId': { kind: 'ec2:natgateway', onDelete: 'keep' },
    'Routes.TransitGatewayId': { kind: 'ec2:transit-gateway', onDelete: 'keep' },
    'Routes.NetworkInterfaceId': { kind: 'ec2:network-interface', onDelete: 'keep' },
    'Routes.EgressOnlyInternetGatewayId': { kind: 'ec2:egress-only-internet-gateway', onDelete: 'keep' },
    'Routes.VpcPeeringConnectionId': { kind: 'ec2:vpc-peering-connection', onDelete: 'keep' },
    'Routes.CarrierGatewayId': { kind: 'ec2:carrier-gateway', onDelete: 'keep' },
    'Routes.LocalGatewayId': { kind: 'ec2:local-gateway', onDelete: 'keep' },
    'Routes.DestinationPrefixListId': { kind: 'ec2:prefix-list' },
  },
  indexed: ['Associations.RouteTableAssociationId'],
  filters: {
    'association.route-table-association-id': 'Associations.RouteTableAssociationId',
    'association.gateway-id': 'Associations.GatewayId',
    'route.transit-gateway-id': 'Routes.TransitGatewayId',
    'transit-gateway-id': 'Routes.TransitGatewayId',
    'route.vpc-peering-connection-id': 'Routes.VpcPeeringConnectionId',
  },
  conditionKeys: routeTableKeys,
});

/** Every block of the VPC is routed within it. */
export const localRoute = (block: string): StoredRoute => ({
  GatewayId: 'local', Origin: 'CreateRouteTable', State: 'active', ...(block.includes(':') ? { DestinationIpv6CidrBlock: block } : { DestinationCidrBlock: block }),
});

function tableOf(ctx: Context, vpc: StoredVpc): StoredRouteTable {
  const blocks = [...(vpc.CidrBlockAssociationSet ?? []).map((a) => a.CidrBlock!), ...(vpc.Ipv6CidrBlockAssociationSet ?? []).map((a) => a.Ipv6CidrBlock!)];
  return { RouteTableId: ctx.newId(routeTables), VpcId: vpc.VpcId, OwnerId: ctx.account, Associations: [], PropagatingVgws: [], Routes: blocks.map(localRoute) };
}

const association = (ctx: Context, tableId: string, target: Partial<Association>): Association => ({
  Main: false, RouteTableAssociationId: `rtbassoc-${ctx.ids.hex(17)}`, RouteTableId: tableId, AssociationState: { State: 'associated' }, ...target,
});

export async function createMainTable(ctx: Context, vpc: StoredVpc): Promise<StoredRouteTable> {
  const table = tableOf(ctx, vpc);
  table.Associations = [association(ctx, table.RouteTableId!, { Main: true })];
  return ctx.create(routeTables, table);
}

/** The VPC's blocks are what they are now: the local routes of all its tables follow. */
export async function syncLocalRoutes(ctx: Context, vpc: StoredVpc): Promise<void> {
  const locals = tableOf(ctx, vpc).Routes!;
  for (const table of await ctx.list(routeTables, { member: 'VpcId', value: vpc.VpcId! })) {
    table.Routes = [...locals, ...table.Routes!.filter((r) => r.GatewayId !== 'local')];
    await ctx.save(routeTables, table);
  }
}

export type RouteTargetMember = 'GatewayId' | 'NatGatewayId' | 'NetworkInterfaceId' | 'EgressOnlyInternetGatewayId' | 'VpcPeeringConnectionId' | 'CarrierGatewayId' | 'TransitGatewayId' | 'LocalGatewayId';

/** Routes whose target is gone stay, as black holes, and come alive when it returns. */
export async function setRouteState(ctx: Context, member: RouteTargetMember, id: string, state: 'active' | 'blackhole', vpcId?: string): Promise<void> {
  for (const table of await ctx.list(routeTables, { member: `Routes.${member}`, value: id })) {
    if (vpcId !== undefined && table.VpcId !== vpcId) continue;
    for (const route of table.Routes!) if (route[member] === id) route.State = state;
    await ctx.save(routeTables, table);
  }
}


interface Destination {
  readonly member: 'DestinationCidrBlock' | 'DestinationIpv6CidrBlock' | 'DestinationPrefixListId';
  readonly value: string;
}

async function destinationOf(ctx: Context, input: Pick<RouteInput, 'DestinationCidrBlock' | 'DestinationIpv6CidrBlock' | 'DestinationPrefixListId'>): Promise<Destination> {
  const given = (['DestinationCidrBlock', 'DestinationIpv6CidrBlock', 'DestinationPrefixListId'] as const).filter((m) => input[m] !== undefined);
  if (given.length === 0) throw errors.missingParameter('destinationCidrBlock');
  if (given.length > 1) throw errors.invalidParameterCombination('Only one of destinationCidrBlock, destinationIpv6CidrBlock and destinationPrefixListId may be specified');
  const member = given[0]!;
  if (member === 'DestinationPrefixListId') return { member, value: (await prefixListOf(ctx, input[member]!)).PrefixListId! };
  const cidr = parseCidr(input[member]!);
  if (!cidr || cidr.version !== (member === 'DestinationCidrBlock' ? 4 : 6)) throw errors.notADestination(input[member]!);
  return { member, value: formatCidr(cidr) };
}

/** Routes of gateway endpoints come and go with the endpoint. */
const isEndpointRoute = (route: StoredRoute): boolean => route.DestinationPrefixListId !== undefined && (route.GatewayId?.startsWith('vpce-') ?? false);

const routeTo = (table: StoredRouteTable, { member, value }: Destination): StoredRoute | undefined => table.Routes!.find((r) => r[member] === value);

/**
 * Within the VPC "the destination must match the entire IPv4 or IPv6 CIDR block of a subnet", and "the target must be a NAT gateway, network
 * interface, or Gateway Load Balancer endpoint". https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html
 * assumed: the code and the text of a destination that is no subnet's.
 */
async function checkWithinVpc(ctx: Context, table: StoredRouteTable, { member, value }: Destination, target: Partial<StoredRoute>): Promise<void> {
  if (member === 'DestinationPrefixListId') return;
  const outer = table.Routes!.map((r) => (r.Origin === 'CreateRouteTable' ? r[member] : undefined)).find((block) => block !== undefined && contains(parseCidr(block)!, parseCidr(value)!));
  if (outer === undefined) return;
  const fits = target.NatGatewayId !== undefined || target.NetworkInterfaceId !== undefined || (target.GatewayId?.startsWith('vpce-') ?? false);
  if (!fits) throw errors.invalidParameterValue(`The destination CIDR block ${value} is equal to or more specific than one of this VPC's CIDR blocks. This route can target only an interface or an instance.`);
  if (outer === value) return;
  const blocks = (await ctx.list(subnets, { member: 'VpcId', value: table.VpcId! })).flatMap((s) => [s.CidrBlock, ...(s.Ipv6CidrBlockAssociationSet ?? []).map((a) => a.Ipv6CidrBlock)]);
  if (!blocks.includes(value)) throw errors.invalidParameterValue(`The destination CIDR block ${value} is more specific than one of this VPC's CIDR blocks and does not match the CIDR block of a subnet.`);
}

async function createRoute(input: Ec2Operations['CreateRoute']['input'], ctx: Context): Promise<{ Return: boolean }> {
  const table = await ctx.get(routeTables, input.RouteTableId);
  const destination = await destinationOf(ctx, input);
  const target = await routeTarget(ctx, input, table.VpcId!);
  const present = routeTo(table, destination);
  if (present?.GatewayId === 'local') throw errors.invalidParameterValue(`The destination CIDR block ${destination.value} is equal to or more specific than one of this VPC's CIDR blocks. This route can target only an interface or an instance.`);
  // The same route again is no error; another target for the same destination is.
  if (present && Object.entries(target).some(([member, value]) => member !== 'State' && present[member as keyof StoredRoute] !== value)) throw errors.routeExists(destination.value);
  if (present) return { Return: true };
  await checkWithinVpc(ctx, table, destination, target);
  const weight = await weigh(ctx, [...table.Routes!.map((r) => r.DestinationPrefixListId), input.DestinationPrefixListId]);
  if (weight > (await quotaValue(ctx, 'vpc', 'L-93826ACB'))) throw errors.limitExceeded('RouteLimitExceeded', 'The maximum number of routes has been reached.');
  table.Routes!.push({ [destination.member]: destination.value, ...target, Origin: 'CreateRoute' });
  await ctx.save(routeTables, table);
  return { Return: true };
}

async function replaceRoute(input: Ec2Operations['ReplaceRoute']['input'], ctx: Context): Promise<Record<string, never>> {
  const table = await ctx.get(routeTables, input.RouteTableId);
  const destination = await destinationOf(ctx, input);
  const present = routeTo(table, destination);
  if (!present) throw errors.routeMissing(input.RouteTableId, destination.value);
  if (isEndpointRoute(present)) throw errors.invalidParameterValue(`cannot replace VPC endpoint route ${destination.value} in route table ${input.RouteTableId}`);
  const target = input.LocalTarget ? { GatewayId: 'local', State: 'active' as const } : await routeTarget(ctx, input, table.VpcId!);
  if (!input.LocalTarget) await checkWithinVpc(ctx, table, destination, target);
  table.Routes![table.Routes!.indexOf(present)] = { [destination.member]: destination.value, ...target, Origin: present.Origin };
  await ctx.save(routeTables, table);
  return {};
}

async function deleteRoute(input: Ec2Operations['DeleteRoute']['input'], ctx: Context): Promise<Record<string, never>> {
  const table = await ctx.get(routeTables, input.RouteTableId);
  const destination = await destinationOf(ctx, input);
  const present = routeTo(table, destination);
  if (!present) throw errors.routeNotFound(input.RouteTableId, destination.value);
  if (isEndpointRoute(present)) throw errors.invalidParameterValue(`cannot remove VPC endpoint route ${destination.value} in route table ${input.RouteTableId}`);
  if (present.GatewayId === 'local') throw errors.invalidParameterValue(`cannot remove local route ${destination.value} in route table ${input.RouteTableId}`);
  table.Routes = table.Routes!.filter((r) => r !== present);
  await ctx.save(routeTables, table);
  return {};
}

async function byAssociation(ctx: Context, id: string): Promise<{ table: StoredRouteTable; found: Association }> {
  const [table] = await ctx.list(routeTables, { member: 'Associations.RouteTableAssociationId', value: id });
  if (!table) throw errors.associationNotFound(id);
  return { table, found: table.Associations!.find((a) => a.RouteTableAssociationId === id)! };
}

/** With a subnet, or with an internet or virtual private gateway. https://docs.aws.amazon.com/vpc/latest/userguide/gateway-route-tables.html */
async function associate(input: Ec2Operations['AssociateRouteTable']['input'], ctx: Context): Promise<Ec2Operations['AssociateRouteTable']['output']> {
  const table = await ctx.get(routeTables, input.RouteTableId);
  const wanted = input.SubnetId ?? input.GatewayId;
  if (wanted === undefined) throw errors.missingParameter('subnetId or gatewayId');
  const member = input.SubnetId !== undefined ? 'SubnetId' : 'GatewayId';
  if (member === 'SubnetId') {
    const subnet = await ctx.get(subnets, wanted);
    if (subnet.VpcId !== table.VpcId) throw errors.invalidParameterValue(`Route table ${input.RouteTableId} and subnet ${wanted} belong to different networks`);
  } else await checkGateway(ctx, wanted, table.VpcId!);
  const [holder] = await ctx.list(routeTables, { member: `Associations.${member}`, value: wanted });
  if (holder?.RouteTableId === table.RouteTableId) {
    const same = holder!.Associations!.find((a) => a[member] === wanted)!;
    return { AssociationId: same.RouteTableAssociationId, AssociationState: same.AssociationState };
  }
  if (holder) throw errors.resourceAlreadyAssociated(`the specified association for route table ${input.RouteTableId} conflicts with an existing association`);
  const made = association(ctx, table.RouteTableId!, { [member]: wanted });
  table.Associations!.push(made);
  await ctx.save(routeTables, table);
  return { AssociationId: made.RouteTableAssociationId, AssociationState: made.AssociationState };
}

async function replaceAssociation(input: Ec2Operations['ReplaceRouteTableAssociation']['input'], ctx: Context): Promise<Ec2Operations['ReplaceRouteTableAssociation']['output']> {
  const { table: holder, found } = await byAssociation(ctx, input.AssociationId);
  const target = await ctx.get(routeTables, input.RouteTableId);
  if (target.VpcId !== holder.VpcId) throw errors.invalidParameterValue(`Route table ${input.RouteTableId} and the association belong to different networks`);
  const { SubnetId, GatewayId, Main } = found;
  const made = association(ctx, target.RouteTableId!, { Main, ...(SubnetId ? { SubnetId } : {}), ...(GatewayId ? { GatewayId } : {}) });
  holder.Associations = holder.Associations!.filter((a) => a !== found);
  await ctx.save(routeTables, holder);
  const receiver = holder.RouteTableId === target.RouteTableId ? holder : target;
  receiver.Associations!.push(made);
  await ctx.save(routeTables, receiver);
  return { NewAssociationId: made.RouteTableAssociationId, AssociationState: made.AssociationState };
}

export const routeTableOperations = {
  CreateRouteTable: creates(routeTables, async (input, ctx) => tableOf(ctx, await ctx.get(vpcs, input.VpcId))),
  DescribeRouteTables: describes(routeTables, { ids: 'RouteTableIds' }),
  CreateRoute: createRoute,
  ReplaceRoute: replaceRoute,
  DeleteRoute: deleteRoute,
  AssociateRouteTable: associate,
  ReplaceRouteTableAssociation: replaceAssociation,
  DisassociateRouteTable: async (input, ctx) => {
    const { table, found } = await byAssociation(ctx, input.AssociationId);
    if (found.Main) throw errors.invalidParameterValue(`cannot disassociate the main route table association ${input.AssociationId}`);
    table.Associations = table.Associations!.filter((a) => a !== found);
    await ctx.save(routeTables, table);
    return {};
  },
  DeleteRouteTable: deletes(routeTables, {
    id: 'RouteTableId',
    before: (table) => {
      if (table.Associations!.length > 0) throw errors.hasDependencies('routeTable')(table.RouteTableId!);
    },
  }),
} satisfies Handlers<Ec2Operations>;
