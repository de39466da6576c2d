import type { Fogbank } from '../../support/fogbank.ts';
import { call, world, type Sample } from './sample.ts';

const servers = new WeakMap<Fogbank['machine'], Promise<string>>();

/** A route server that serves the world's VPC. */
function serving(fb: Fogbank): Promise<string> {
  const make = async () => {
    const RouteServerId = (await call(fb, 'CreateRouteServer', { AmazonSideAsn: 65_000 })).RouteServer.RouteServerId as string;
    await call(fb, 'AssociateRouteServer', { RouteServerId, VpcId: (await world(fb)).vpc });
    return RouteServerId;
  };
  let made = servers.get(fb.machine);
  if (!made) servers.set(fb.machine, (made = make()));
  return made;
}

const endpoints = new WeakMap<Fogbank['machine'], Promise<string>>();

function endpointOf(fb: Fogbank): Promise<string> {
  const make = async () => (await call(fb, 'CreateRouteServerEndpoint', { RouteServerId: await serving(fb), SubnetId: (await world(fb)).subnet })).RouteServerEndpoint.RouteServerEndpointId as string;
  let made = endpoints.get(fb.machine);
  if (!made) endpoints.set(fb.machine, (made = make()));
  return made;
}

export const SAMPLES: Readonly<Record<string, Sample>> = {
  'ec2:route-server': { operation: 'CreateRouteServer', input: async (_fb, n) => ({ AmazonSideAsn: 65_000 + n }), id: (o) => o.RouteServer.RouteServerId },
  'ec2:route-server-endpoint': {
    operation: 'CreateRouteServerEndpoint', input: async (fb) => ({ RouteServerId: await serving(fb), SubnetId: (await world(fb)).subnet }), id: (o) => o.RouteServerEndpoint.RouteServerEndpointId,
  },
  'ec2:route-server-peer': {
    operation: 'CreateRouteServerPeer', input: async (fb, n) => ({ RouteServerEndpointId: await endpointOf(fb), PeerAddress: `10.0.15.${n}`, BgpOptions: { PeerAsn: 65_100 + n } }), id: (o) => o.RouteServerPeer.RouteServerPeerId,
  },
};

export const EXEMPT: Readonly<Record<string, string>> = {
  'ec2:route-server-association': 'known by its route server, which has one; route-servers.test.ts',
  'ec2:route-server-propagation': 'known by its route server and table; route-servers.test.ts',
};
