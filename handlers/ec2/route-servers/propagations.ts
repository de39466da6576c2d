import type { RouteServerPropagation } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { resource, seconds, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';
import { routeTables } from '../vpcs/route-tables.ts';
import { servedVpc } from './associations.ts';
import * as errors from './errors.ts';
import { availableServer, routeServers } from './route-servers.ts';

/** Keyed by the route server and the table: `rs-…/rtb-…`. */
export type StoredPropagation = Wire<RouteServerPropagation> & { readonly PropagationKey: string };

/** https://docs.aws.amazon.com/vpc/latest/userguide/route-server-tutorial-propagation.html */
export const propagations = resource<StoredPropagation>({
  service: 'ec2',
  kind: 'route-server-propagation',
  shape: 'RouteServerPropagation',
  id: { member: 'PropagationKey' },
  notFound: (ids) => errors.notPropagated(ids[0]!.split('/')[0]!),
  tags: null,
  state: 'State',
  lifecycle: { pending: { after: seconds(20), to: 'available' }, deleting: { after: seconds(20), to: 'gone' } },
  // assumed: a route table into which a route server propagates cannot be deleted.
  references: { RouteServerId: { kind: 'ec2:route-server' }, RouteTableId: { kind: 'ec2:route-table' } },
});

const keyOf = (serverId: string, tableId: string): string => `${serverId}/${tableId}`;

export const propagationsOf = (ctx: Context, serverId: string): Promise<StoredPropagation[]> => ctx.list(propagations, { member: 'RouteServerId', value: serverId });

export const propagationOperations = {
  EnableRouteServerPropagation: async (input, ctx) => {
    await availableServer(ctx, input.RouteServerId);
    const table = await ctx.get(routeTables, input.RouteTableId);
    const vpcId = await servedVpc(ctx, input.RouteServerId);
    // assumed: the words with which a table of another VPC is refused.
    if (table.VpcId !== vpcId) throw general.invalidParameterValue(`Route table ${input.RouteTableId} and Route Server ${input.RouteServerId} belong to different networks`);
    const PropagationKey = keyOf(input.RouteServerId, input.RouteTableId);
    if (await ctx.find(propagations, PropagationKey)) throw errors.alreadyPropagated(input.RouteServerId, input.RouteTableId);
    return { RouteServerPropagation: await ctx.create(propagations, { PropagationKey, RouteServerId: input.RouteServerId, RouteTableId: input.RouteTableId, State: 'pending' }) };
  },
  GetRouteServerPropagations: async (input, ctx) => {
    await ctx.get(routeServers, input.RouteServerId);
    if (input.RouteTableId !== undefined) await ctx.get(routeTables, input.RouteTableId);
    const found = (await propagationsOf(ctx, input.RouteServerId)).filter((p) => input.RouteTableId === undefined || p.RouteTableId === input.RouteTableId);
    if (found.length === 0) throw errors.notPropagated(input.RouteServerId);
    return { RouteServerPropagations: found };
  },
  DisableRouteServerPropagation: async (input, ctx) => {
    await ctx.get(routeServers, input.RouteServerId);
    await ctx.get(routeTables, input.RouteTableId);
    const propagation = await ctx.get(propagations, keyOf(input.RouteServerId, input.RouteTableId));
    if (propagation.State !== 'available') throw errors.incorrectState('route server propagation', `${input.RouteServerId}, ${input.RouteTableId}`, propagation.State!);
    return { RouteServerPropagation: await ctx.transition(propagations, propagation, 'deleting') };
  },
} satisfies Handlers<Ec2Operations>;
