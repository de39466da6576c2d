import type { RouteServer } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { creates, describes, hours, pageOf, resource, seconds, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';
import { filtered } from '../regions.ts';
import { incorrectState } from './errors.ts';

export type StoredRouteServer = Wire<RouteServer>;

const SETTLES = { enabling: 'enabled', modifying: 'enabled', resetting: 'enabled', disabling: 'disabled', enabled: 'enabled', disabled: 'disabled' } as const;

/** https://docs.aws.amazon.com/vpc/latest/userguide/dynamic-routing-route-server.html */
export const routeServers = resource<StoredRouteServer>({
  service: 'ec2',
  kind: 'route-server',
  shape: 'RouteServer',
  id: { member: 'RouteServerId', prefix: 'rs' },
  notFound: general.notFound('InvalidRouteServerId.NotFound', 'route server ID'),
  malformed: general.malformedId('InvalidRouteServerId.Malformed', 'rs'),
  // assumed: this code and these words of what is still associated.
  inUse: general.hasDependencies('routeServer'),
  state: 'State',
  lifecycle: {
    pending: { after: seconds(20), to: 'available' },
    modifying: { after: seconds(20), to: 'available' },
    deleting: { after: seconds(20), to: 'deleted' },
    // assumed: for an hour what is deleted is described.
    deleted: { after: hours(1), to: 'gone', paced: false },
  },
  entering: { available: (server) => void (server.PersistRoutesState = SETTLES[server.PersistRoutesState!]) },
});

/** A route server that is there to be worked with. */
export async function availableServer(ctx: Context, id: string): Promise<StoredRouteServer> {
  const server = await ctx.get(routeServers, id);
  if (server.State !== 'available') throw incorrectState('route server', id, server.State!);
  return server;
}

export const ASN_MAX = 4_294_967_295;

export function checkAsn(asn: number, parameter: string): number {
  if (asn < 1 || asn > ASN_MAX) throw general.invalidValue(asn, parameter, `Valid values are from 1 to ${ASN_MAX}.`);
  return asn;
}

const DURATION_MAX = 5;

function checkDuration(minutes: number | undefined): number {
  if (minutes === undefined) throw general.missingParameter('PersistRoutesDuration');
  if (minutes < 1 || minutes > DURATION_MAX) throw general.invalidValue(minutes, 'PersistRoutesDuration', `Valid values are from 1 to ${DURATION_MAX}.`);
  return minutes;
}

const needlessDuration = () => general.invalidParameterCombination('PersistRoutesDuration can be specified only when PersistRoutes is enabled');

// assumed: the name of the topic that AWS makes for the notifications of a route server.
const topicOf = (ctx: Context, id: string): string => `arn:aws:sns:${ctx.region}:${ctx.account}:vpc-route-server-${id}`;

type CreateInput = Ec2Operations['CreateRouteServer']['input'];

function planServer(input: CreateInput, ctx: Context): StoredRouteServer {
  const { PersistRoutes = 'disable', PersistRoutesDuration: duration, SnsNotificationsEnabled = false } = input;
  if (PersistRoutes === 'reset') throw general.invalidValue('reset', 'PersistRoutes', 'A route server that is created has no routes to reset.');
  const asn = checkAsn(input.AmazonSideAsn, 'AmazonSideAsn');
  const enable = PersistRoutes === 'enable';
  if (!enable && duration !== undefined) throw needlessDuration();
  const id = ctx.newId(routeServers);
  return {
    RouteServerId: id, AmazonSideAsn: asn, State: 'pending', PersistRoutesState: enable ? 'enabled' : 'disabled', ...(enable && { PersistRoutesDuration: checkDuration(duration) }),
    SnsNotificationsEnabled, ...(SnsNotificationsEnabled && { SnsTopicArn: topicOf(ctx, id) }),
  };
}

type ModifyInput = Ec2Operations['ModifyRouteServer']['input'];

/** What becomes of the routes when no session is left. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyRouteServer.html */
function changePersistence(server: StoredRouteServer, { PersistRoutes: action, PersistRoutesDuration: duration }: ModifyInput): void {
  const persists = server.PersistRoutesState === 'enabled';
  if (action === 'enable') {
    server.PersistRoutesDuration = checkDuration(duration);
    server.PersistRoutesState = persists ? 'modifying' : 'enabling';
  } else if (action === 'disable') {
    if (duration !== undefined) throw needlessDuration();
    delete server.PersistRoutesDuration;
    if (persists) server.PersistRoutesState = 'disabling';
  } else if (action === 'reset' || duration !== undefined) {
    if (!persists) throw action === 'reset' ? general.invalidParameterValue(`Route Server ${server.RouteServerId} does not persist routes.`) : needlessDuration();
    if (duration !== undefined) server.PersistRoutesDuration = checkDuration(duration);
    server.PersistRoutesState = action === 'reset' ? 'resetting' : 'modifying';
  }
}

async function modify(input: ModifyInput, ctx: Context): Promise<{ RouteServer: StoredRouteServer }> {
  const { PersistRoutes, PersistRoutesDuration, SnsNotificationsEnabled: notify } = input;
  if (PersistRoutes === undefined && PersistRoutesDuration === undefined && notify === undefined) throw general.missingParameter('PersistRoutes, PersistRoutesDuration or SnsNotificationsEnabled');
  const server = await availableServer(ctx, input.RouteServerId);
  changePersistence(server, input);
  if (notify !== undefined) {
    server.SnsNotificationsEnabled = notify;
    if (notify) server.SnsTopicArn = topicOf(ctx, input.RouteServerId);
    else delete server.SnsTopicArn;
  }
  return { RouteServer: await ctx.transition(routeServers, server, 'modifying') };
}

export const routeServerOperations = {
  CreateRouteServer: creates(routeServers, planServer),
  DescribeRouteServers: describes(routeServers, { ids: 'RouteServerIds' }),
  ModifyRouteServer: modify,
  /** Nobody here speaks BGP: no peer has advertised a route, so that there is none to keep or to install. */
  GetRouteServerRoutingDatabase: async (input, ctx) => {
    await ctx.get(routeServers, input.RouteServerId);
    const none: { Prefix?: string; RouteServerEndpointId?: string; RouteServerPeerId?: string; RouteStatus?: 'in-rib' | 'in-fib'; NextHopIp?: string }[] = [];
    // assumed: the names of the filters, which are documented nowhere.
    const routes = filtered(none, input.Filters, {
      prefix: (r) => r.Prefix, 'route-server-endpoint-id': (r) => r.RouteServerEndpointId, 'route-server-peer-id': (r) => r.RouteServerPeerId, 'route-status': (r) => r.RouteStatus, 'next-hop-ip': (r) => r.NextHopIp,
    });
    const { items, next } = pageOf(routes, input);
    return { AreRoutesPersisted: false, Routes: items, ...next };
  },
  DeleteRouteServer: async (input, ctx) => {
    const server = await availableServer(ctx, input.RouteServerId);
    await ctx.refuseWhileReferred(routeServers, input.RouteServerId);
    return { RouteServer: await ctx.transition(routeServers, server, 'deleting') };
  },
} satisfies Handlers<Ec2Operations>;
