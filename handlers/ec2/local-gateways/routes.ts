import type { LocalGatewayRoute } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { pageOf, resource, seconds, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';
import { instances } from '../instances/instances.ts';
import { networkInterfaces } from '../network-interfaces/network-interfaces.ts';
import { prefixListOf } from '../prefix-lists/prefix-lists.ts';
import { searches } from '../transit-gateways/route-search.ts';
import { formatCidr, parseCidr } from '../vpcs/cidr.ts';
import { subnets } from '../vpcs/subnets.ts';
import { coipPools } from './coip-pools.ts';
import { notReachable, notReady, otherGateway, routeNotFound } from './errors.ts';
import { groupAssociations } from './group-associations.ts';
import { ready } from './local-gateways.ts';
import { localTables, type StoredLocalTable } from './route-tables.ts';
import { interfaceGroups } from './virtual-interface-groups.ts';
import { vpcAssociations } from './vpc-associations.ts';

/** A static route, keyed by table and destination. Those that propagate are not stored. */
export type StoredLocalRoute = Wire<LocalGatewayRoute> & { readonly RouteKey: string };

/** https://docs.aws.amazon.com/outposts/latest/userguide/manage-lgw-routes.html */
export const localRoutes = resource<StoredLocalRoute>({
  service: 'ec2',
  kind: 'local-gateway-route',
  shape: 'LocalGatewayRoute',
  id: { member: 'RouteKey' },
  notFound: (ids) => routeNotFound(ids[0]!, ''),
  tags: null,
  state: 'State',
  // assumed: for how long.
  lifecycle: { pending: { after: seconds(2), to: 'active' }, deleting: { after: seconds(2), to: 'gone' } },
  references: {
    LocalGatewayRouteTableId: { kind: 'ec2:local-gateway-route-table', onDelete: 'cascade' },
    LocalGatewayVirtualInterfaceGroupId: { kind: 'ec2:local-gateway-virtual-interface-group' },
    DestinationPrefixListId: { kind: 'ec2:prefix-list' },
  },
});

type Route = Wire<LocalGatewayRoute>;
type Target = Pick<Route, 'LocalGatewayVirtualInterfaceGroupId' | 'NetworkInterfaceId' | 'SubnetId'>;

// "You must not exceed more than 100 network interface routes in the same route table."
const INTERFACE_ROUTES_MAX = 100;

const ofTable = (table: StoredLocalTable) => ({ LocalGatewayRouteTableId: table.LocalGatewayRouteTableId, LocalGatewayRouteTableArn: table.LocalGatewayRouteTableArn, OwnerId: table.OwnerId });

// ---- where a table's routes lead ----

/** "The subnet must belong to a VPC that is associated to the local gateway route table", and lie on the Outpost. */
async function interfaceTarget(ctx: Context, table: StoredLocalTable, id: string): Promise<Target> {
  const eni = await ctx.get(networkInterfaces, id);
  const joined = (await ctx.list(vpcAssociations, { member: 'LocalGatewayRouteTableId', value: table.LocalGatewayRouteTableId! })).some((a) => a.VpcId === eni.VpcId);
  if (!joined || eni.OutpostArn !== table.OutpostArn) throw notReachable(id, table.LocalGatewayRouteTableId!);
  return { NetworkInterfaceId: id, SubnetId: eni.SubnetId };
}

type TargetInput = Pick<Ec2Operations['CreateLocalGatewayRoute']['input'], 'LocalGatewayVirtualInterfaceGroupId' | 'NetworkInterfaceId'>;

async function targetOf(ctx: Context, table: StoredLocalTable, input: TargetInput, apart?: string): Promise<Target> {
  const { LocalGatewayVirtualInterfaceGroupId: groupId, NetworkInterfaceId: interfaceId } = input;
  if (groupId !== undefined && interfaceId !== undefined) throw general.invalidParameterCombination('Only one of localGatewayVirtualInterfaceGroupId and networkInterfaceId may be specified');
  if (interfaceId !== undefined) {
    const through = (await staticRoutes(ctx, table)).filter((r) => r.NetworkInterfaceId !== undefined && r.RouteKey !== apart);
    if (through.length >= INTERFACE_ROUTES_MAX) throw general.limitExceeded('RouteLimitExceeded', 'The maximum number of routes has been reached.');
    return interfaceTarget(ctx, table, interfaceId);
  }
  if (groupId === undefined) throw general.missingParameter('localGatewayVirtualInterfaceGroupId or networkInterfaceId');
  const group = await ready(ctx, interfaceGroups, groupId);
  if (group.LocalGatewayId !== table.LocalGatewayId) throw otherGateway(groupId, table.LocalGatewayId!);
  return { LocalGatewayVirtualInterfaceGroupId: groupId };
}

/**
 * "A route is in active status only when its target network interface is attached to a running instance."
 * assumed: one to a group that is not the table's is a black hole too.
 */
async function reaches(ctx: Context, route: Route): Promise<boolean> {
  if (route.LocalGatewayVirtualInterfaceGroupId !== undefined) {
    const held = await ctx.list(groupAssociations, { member: 'LocalGatewayRouteTableId', value: route.LocalGatewayRouteTableId! });
    return held.some((a) => a.LocalGatewayVirtualInterfaceGroupId === route.LocalGatewayVirtualInterfaceGroupId && a.State === 'associated');
  }
  const eni = await ctx.find(networkInterfaces, route.NetworkInterfaceId!);
  const instance = eni?.Attachment?.InstanceId === undefined ? undefined : await ctx.find(instances, eni.Attachment.InstanceId);
  return instance?.State?.Name === 'running';
}

// ---- what a table holds ----

const staticRoutes = (ctx: Context, table: StoredLocalTable): Promise<StoredLocalRoute[]> => ctx.list(localRoutes, { member: 'LocalGatewayRouteTableId', value: table.LocalGatewayRouteTableId! });

/** The Outpost's subnets by their own addresses, or the pools that stand for these. https://docs.aws.amazon.com/outposts/latest/userguide/routing.html */
async function propagated(ctx: Context, table: StoredLocalTable): Promise<Route[]> {
  const common = { ...ofTable(table), Type: 'propagated' as const, State: 'active' as const };
  const within = { member: 'LocalGatewayRouteTableId', value: table.LocalGatewayRouteTableId! };
  if (table.Mode === 'coip') return (await ctx.list(coipPools, within)).flatMap((pool) => pool.PoolCidrs!.map((DestinationCidrBlock) => ({ ...common, DestinationCidrBlock, CoipPoolId: pool.PoolId })));
  const joined = (await ctx.list(vpcAssociations, within)).filter((a) => a.State === 'associated').map((a) => a.VpcId!);
  const near = (await ctx.list(subnets, { member: 'VpcId', value: joined })).filter((s) => s.OutpostArn === table.OutpostArn && s.CidrBlock !== undefined);
  return near.map((subnet) => ({ ...common, DestinationCidrBlock: subnet.CidrBlock, SubnetId: subnet.SubnetId }));
}

async function routesIn(ctx: Context, table: StoredLocalTable): Promise<Route[]> {
  const out: Route[] = [];
  for (const { RouteKey: _key, ...route } of await staticRoutes(ctx, table)) out.push(route.State === 'active' && !(await reaches(ctx, route)) ? { ...route, State: 'blackhole' } : route);
  return [...out, ...(await propagated(ctx, table))];
}

const narrowed = searches<Route>({ 'prefix-list-id': (route) => [route.DestinationPrefixListId], state: (route) => [route.State], type: (route) => [route.Type] });

// ---- operations ----

type Destination = Pick<Ec2Operations['CreateLocalGatewayRoute']['input'], 'DestinationCidrBlock' | 'DestinationPrefixListId'>;

/** "You cannot use DestinationPrefixListId and DestinationCidrBlock in the same request." */
async function destinationOf(ctx: Context, { DestinationCidrBlock: block, DestinationPrefixListId: list }: Destination): Promise<{ readonly text: string; readonly member: Destination }> {
  if (block !== undefined && list !== undefined) throw general.invalidParameterCombination('Only one of destinationCidrBlock and destinationPrefixListId may be specified');
  if (list !== undefined) return { text: list, member: { DestinationPrefixListId: (await prefixListOf(ctx, list)).PrefixListId! } };
  if (block === undefined) throw general.missingParameter('destinationCidrBlock');
  const cidr = parseCidr(block);
  if (!cidr || cidr.version !== 4) throw general.notADestination(block);
  return { text: formatCidr(cidr), member: { DestinationCidrBlock: formatCidr(cidr) } };
}

const keyOf = (table: StoredLocalTable, text: string): string => `${table.LocalGatewayRouteTableId}/${text}`;

async function present(ctx: Context, table: StoredLocalTable, input: Destination): Promise<StoredLocalRoute> {
  const { text } = await destinationOf(ctx, input);
  const route = await ctx.find(localRoutes, keyOf(table, text));
  if (!route || route.State === 'deleting') throw routeNotFound(table.LocalGatewayRouteTableId!, text);
  return route;
}

export const localRouteOperations = {
  CreateLocalGatewayRoute: async (input, ctx) => {
    const table = await ready(ctx, localTables, input.LocalGatewayRouteTableId);
    const { text, member } = await destinationOf(ctx, input);
    if (await ctx.find(localRoutes, keyOf(table, text))) throw general.routeExists(text);
    const target = await targetOf(ctx, table, input);
    return { Route: await ctx.create<StoredLocalRoute>(localRoutes, { RouteKey: keyOf(table, text), ...member, ...target, ...ofTable(table), Type: 'static', State: 'pending' }) };
  },
  SearchLocalGatewayRoutes: async (input, ctx) => {
    let routes: readonly Route[] = await routesIn(ctx, await ctx.get(localTables, input.LocalGatewayRouteTableId));
    for (const { Name = '', Values = [] } of input.Filters ?? []) routes = narrowed(routes, Name, Values);
    const { items, next } = pageOf(routes, input);
    return { Routes: items, ...next };
  },
  ModifyLocalGatewayRoute: async (input, ctx) => {
    const table = await ready(ctx, localTables, input.LocalGatewayRouteTableId);
    const route = await present(ctx, table, input);
    if (route.State === 'pending') throw notReady('local gateway route', route.RouteKey, 'pending');
    const target = await targetOf(ctx, table, input, route.RouteKey);
    const { LocalGatewayVirtualInterfaceGroupId: _group, NetworkInterfaceId: _interface, SubnetId: _subnet, ...rest } = route;
    return { Route: await ctx.save<StoredLocalRoute>(localRoutes, { ...rest, ...target }) };
  },
  DeleteLocalGatewayRoute: async (input, ctx) => {
    const route = await present(ctx, await ctx.get(localTables, input.LocalGatewayRouteTableId), input);
    return { Route: await ctx.transition(localRoutes, route, 'deleting') };
  },
} satisfies Handlers<Ec2Operations>;
