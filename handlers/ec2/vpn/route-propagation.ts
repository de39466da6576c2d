import type { Context } from '../../../src/kit/index.ts';
import { routeTables } from '../vpcs/route-tables.ts';
import { isGone, vpnConnections } from './vpn-connections.ts';

/** The static routes of a gateway's connections, in every table that it propagates to. https://docs.aws.amazon.com/vpc/latest/userguide/WorkWithRouteTables.html#EnableDisableRouteProp */
export async function propagate(ctx: Context, gatewayId: string): Promise<void> {
  const connections = (await ctx.list(vpnConnections, { member: 'VpnGatewayId', value: gatewayId })).filter((c) => !isGone(c));
  const wanted = new Set(connections.flatMap((c) => (c.Routes ?? []).map((r) => r.DestinationCidrBlock!)));
  for (const table of await ctx.list(routeTables)) {
    if (!table.PropagatingVgws?.some((p) => p.GatewayId === gatewayId)) continue;
    const isOurs = (route: { GatewayId?: string; Origin?: string }) => route.GatewayId === gatewayId && route.Origin === 'EnableVgwRoutePropagation';
    const kept = table.Routes!.filter((r) => !isOurs(r));
    // A route that somebody made comes before one that is propagated.
    const taken = new Set(kept.map((r) => r.DestinationCidrBlock));
    table.Routes = [...kept, ...[...wanted].filter((block) => !taken.has(block)).map((block) => ({ DestinationCidrBlock: block, GatewayId: gatewayId, Origin: 'EnableVgwRoutePropagation' as const, State: 'active' as const }))];
    await ctx.save(routeTables, table);
  }
}
