import type { RouteServerAssociation } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { resource, seconds, type Context, type Handlers } from '../../../src/kit/index.ts';
import { vpcs } from '../vpcs/vpcs.ts';
import { endpointsOf, isGone } from './endpoints.ts';
import * as errors from './errors.ts';
import { propagationsOf } from './propagations.ts';
import { availableServer, routeServers } from './route-servers.ts';

export type StoredAssociation = Wire<RouteServerAssociation>;

/**
 * A route server and the one VPC that it serves: known by the route server. A VPC may have several.
 * https://docs.aws.amazon.com/vpc/latest/userguide/route-server-how-it-works.html
 */
export const associations = resource<StoredAssociation>({
  service: 'ec2',
  kind: 'route-server-association',
  shape: 'RouteServerAssociation',
  id: { member: 'RouteServerId' },
  notFound: (ids) => errors.notAssociated(ids[0]!),
  tags: null,
  state: 'State',
  lifecycle: { associating: { after: seconds(20), to: 'associated' }, disassociating: { after: seconds(20), to: 'gone' } },
  references: { RouteServerId: { kind: 'ec2:route-server' }, VpcId: { kind: 'ec2:vpc' } },
});

/** The VPC that a route server serves. */
export async function servedVpc(ctx: Context, serverId: string): Promise<string> {
  const association = await ctx.get(associations, serverId);
  if (association.State !== 'associated') throw errors.incorrectState('route server association', serverId, association.State!);
  return association.VpcId!;
}

export const associationOperations = {
  AssociateRouteServer: async (input, ctx) => {
    await availableServer(ctx, input.RouteServerId);
    await ctx.get(vpcs, input.VpcId);
    const present = await ctx.find(associations, input.RouteServerId);
    if (present) throw errors.alreadyAssociated(input.RouteServerId, present.VpcId!);
    return { RouteServerAssociation: await ctx.create(associations, { RouteServerId: input.RouteServerId, VpcId: input.VpcId, State: 'associating' }) };
  },
  GetRouteServerAssociations: async (input, ctx) => {
    await ctx.get(routeServers, input.RouteServerId);
    return { RouteServerAssociations: [await ctx.get(associations, input.RouteServerId)] };
  },
  DisassociateRouteServer: async (input, ctx) => {
    await ctx.get(routeServers, input.RouteServerId);
    await ctx.get(vpcs, input.VpcId);
    const association = await ctx.get(associations, input.RouteServerId);
    if (association.VpcId !== input.VpcId) throw errors.notAssociated(input.RouteServerId);
    if (association.State !== 'associated') throw errors.incorrectState('route server association', input.RouteServerId, association.State!);
    const endpoint = (await endpointsOf(ctx, input.RouteServerId)).find((e) => !isGone(e));
    if (endpoint) throw errors.stillInUse(input.RouteServerId, `route server endpoint ${endpoint.RouteServerEndpointId}`);
    const [propagation] = await propagationsOf(ctx, input.RouteServerId);
    if (propagation) throw errors.stillInUse(input.RouteServerId, `the propagation to route table ${propagation.RouteTableId}`);
    return { RouteServerAssociation: await ctx.transition(associations, association, 'disassociating') };
  },
} satisfies Handlers<Ec2Operations>;
