import type { Context } from '../../../src/kit/index.ts';
import { awsPrefixLists } from '../catalog/prefix-lists.ts';
import * as errors from '../errors.ts';
import { routeTables } from '../vpcs/route-tables.ts';
import { endpointRouteExists, serviceNotFound } from './errors.ts';
import type { StoredEndpoint } from './vpc-endpoints.ts';

/** Gateway endpoints are reached by routes to the prefix list of their service. https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html#gateway-endpoint-routing */

function prefixListOfService(ctx: Context, serviceName: string): string {
  const found = awsPrefixLists(ctx.region).find((l) => l.name === serviceName);
  if (!found) throw serviceNotFound(serviceName);
  return found.id;
}

type Routed = Pick<StoredEndpoint, 'VpcEndpointId' | 'VpcId' | 'ServiceName'>;

export async function addGatewayRoutes(ctx: Context, endpoint: Routed, tableIds: readonly string[]): Promise<void> {
  const listId = prefixListOfService(ctx, endpoint.ServiceName!);
  for (const table of await ctx.getAll(routeTables, [...new Set(tableIds)])) {
    if (table.VpcId !== endpoint.VpcId) throw errors.invalidParameter(`Route table ${table.RouteTableId} does not belong to the VPC ${endpoint.VpcId}.`);
    if (table.Routes!.some((r) => r.DestinationPrefixListId === listId)) throw endpointRouteExists(table.RouteTableId!, listId);
    table.Routes!.push({ DestinationPrefixListId: listId, GatewayId: endpoint.VpcEndpointId, Origin: 'CreateRoute', State: 'active' });
    await ctx.save(routeTables, table);
  }
}

export async function removeGatewayRoutes(ctx: Context, endpoint: Routed, tableIds: readonly string[]): Promise<void> {
  for (const id of tableIds) {
    const table = await ctx.find(routeTables, id);
    if (!table) continue;
    table.Routes = table.Routes!.filter((r) => r.GatewayId !== endpoint.VpcEndpointId);
    await ctx.save(routeTables, table);
  }
}
