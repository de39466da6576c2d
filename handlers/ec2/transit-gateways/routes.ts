import type { TransitGatewayRoute } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { resource, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';
import { formatCidr, parseCidr } from '../vpcs/cidr.ts';
import { attachmentTo, mention } from './attachments.ts';
import * as errors from './errors.ts';
import { ready } from './lifecycles.ts';
import { transitGatewayRouteTables, type StoredTable } from './route-tables.ts';

/** A static route, keyed by table and destination: `tgw-rtb-…/10.0.0.0/8`. Those that propagate are not stored. */
export type StoredTransitRoute = Wire<TransitGatewayRoute> & { readonly RouteKey: string; readonly TransitGatewayRouteTableId: string };

/** https://docs.aws.amazon.com/vpc/latest/tgw/tgw-create-static-route.html */
export const transitGatewayRoutes = resource<StoredTransitRoute>({
  service: 'ec2',
  kind: 'transit-gateway-route',
  shape: 'TransitGatewayRoute',
  id: { member: 'RouteKey' },
  notFound: (ids) => errors.routeNotFound(ids[0]!, ''),
  tags: null,
  references: {
    TransitGatewayRouteTableId: { kind: 'ec2:transit-gateway-route-table', onDelete: 'cascade' },
    'TransitGatewayAttachments.TransitGatewayAttachmentId': { kind: 'ec2:transit-gateway-attachment', onDelete: 'keep' },
  },
});

/** A route whose attachment goes stays as a black hole, without it. */
export async function blackholeRoutes(ctx: Context, attachmentId: string): Promise<void> {
  for (const route of await ctx.list(transitGatewayRoutes, { member: 'TransitGatewayAttachments.TransitGatewayAttachmentId', value: attachmentId })) {
    route.State = 'blackhole';
    delete route.TransitGatewayAttachments;
    await ctx.save(transitGatewayRoutes, route);
  }
}

interface RouteInput {
  readonly DestinationCidrBlock: string;
  readonly TransitGatewayAttachmentId?: string;
  readonly Blackhole?: boolean;
}

// assumed: host bits are cleared, as they are of a VPC's routes.
function destinationOf(text: string): string {
  const cidr = parseCidr(text);
  if (!cidr) throw general.notADestination(text);
  return formatCidr(cidr);
}

/** Where traffic goes: to an attachment of the gateway, or nowhere. */
export async function targetOf(ctx: Context, table: StoredTable, input: Omit<RouteInput, 'DestinationCidrBlock'>) {
  const { TransitGatewayAttachmentId: id, Blackhole: blackhole = false } = input;
  // assumed: the code with which both are refused.
  if (blackhole && id !== undefined) throw general.invalidParameterCombination('The parameters TransitGatewayAttachmentId and Blackhole cannot be used together');
  if (blackhole) return undefined;
  if (id === undefined) throw general.missingParameter('TransitGatewayAttachmentId');
  const attachment = await attachmentTo(ctx, table.TransitGatewayId!, id);
  // "Static routes are not supported" by Connect attachments, whose routes come by BGP. https://docs.aws.amazon.com/vpc/latest/tgw/tgw-connect.html
  if (attachment.ResourceType === 'connect') throw general.unsupportedOperation(`Static routes are not supported for the Connect attachment ${id}.`);
  return mention(attachment);
}

async function planRoute(input: RouteInput, table: StoredTable, ctx: Context): Promise<StoredTransitRoute> {
  const destination = destinationOf(input.DestinationCidrBlock);
  const target = await targetOf(ctx, table, input);
  return {
    RouteKey: `${table.TransitGatewayRouteTableId}/${destination}`, TransitGatewayRouteTableId: table.TransitGatewayRouteTableId!, DestinationCidrBlock: destination, Type: 'static',
    ...(target ? { State: 'active', TransitGatewayAttachments: [target] } : { State: 'blackhole' }),
  };
}

export const transitGatewayRouteOperations = {
  CreateTransitGatewayRoute: async (input, ctx) => {
    const route = await planRoute(input, await ready(ctx, transitGatewayRouteTables, input.TransitGatewayRouteTableId), ctx);
    if (await ctx.find(transitGatewayRoutes, route.RouteKey)) throw errors.routeAlreadyExists(route.DestinationCidrBlock!, input.TransitGatewayRouteTableId);
    return { Route: await ctx.create(transitGatewayRoutes, route) };
  },
  /** A destination that the table does not have is added. */
  ReplaceTransitGatewayRoute: async (input, ctx) => {
    const route = await planRoute(input, await ready(ctx, transitGatewayRouteTables, input.TransitGatewayRouteTableId), ctx);
    const present = await ctx.find(transitGatewayRoutes, route.RouteKey);
    return { Route: present ? await ctx.save(transitGatewayRoutes, route) : await ctx.create(transitGatewayRoutes, route) };
  },
  DeleteTransitGatewayRoute: async (input, ctx) => {
    await ready(ctx, transitGatewayRouteTables, input.TransitGatewayRouteTableId);
    const destination = destinationOf(input.DestinationCidrBlock);
    const route = await ctx.find(transitGatewayRoutes, `${input.TransitGatewayRouteTableId}/${destination}`);
    if (!route) throw errors.routeNotFound(destination, input.TransitGatewayRouteTableId);
    await ctx.remove(transitGatewayRoutes, route);
    return { Route: { DestinationCidrBlock: destination, Type: 'static', State: 'deleted' } };
  },
} satisfies Handlers<Ec2Operations>;
