import type { RouteServerPeer } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { creates, describes, hours, resource, seconds, type Handlers } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';
import { parseIpv4 } from '../vpcs/cidr.ts';
import { endpoints, isGone, refuseFilters } from './endpoints.ts';
import * as errors from './errors.ts';
import { checkAsn } from './route-servers.ts';

/** `$` holds the zone, which policies ask for. */
export type StoredPeer = Wire<RouteServerPeer> & { $: { zone: string } };

/** https://docs.aws.amazon.com/vpc/latest/userguide/route-server-tutorial-create-peer.html */
export const peers = resource<StoredPeer>({
  service: 'ec2',
  kind: 'route-server-peer',
  shape: 'RouteServerPeer',
  id: { member: 'RouteServerPeerId', prefix: 'rsp' },
  notFound: general.notFound('InvalidRouteServerPeerId.NotFound', 'route server peer ID'),
  malformed: general.malformedId('InvalidRouteServerPeerId.Malformed', 'rsp'),
  state: 'State',
  lifecycle: {
    pending: { after: seconds(20), to: 'available' },
    deleting: { after: seconds(20), to: 'deleted' },
    // assumed: for an hour what is deleted is described.
    deleted: { after: hours(1), to: 'gone', paced: false },
  },
  references: { RouteServerEndpointId: { kind: 'ec2:route-server-endpoint', onDelete: (p) => (isGone(p) ? 'keep' : 'refuse') } },
  conditionKeys: (peer) => ({ 'ec2:AvailabilityZone': peer.$.zone }),
});

export const peerOperations = {
  /** The sessions are down: no device speaks to a route server here. */
  CreateRouteServerPeer: creates(peers, async (input, ctx): Promise<Partial<StoredPeer>> => {
    const { PeerAddress, BgpOptions: { PeerAsn, PeerLivenessDetection = 'bgp-keepalive' } } = input;
    const endpoint = await ctx.get(endpoints, input.RouteServerEndpointId);
    if (endpoint.State !== 'available') throw errors.incorrectState('route server endpoint', input.RouteServerEndpointId, endpoint.State!);
    if (parseIpv4(PeerAddress) === undefined) throw general.invalidValue(PeerAddress, 'PeerAddress', 'It is not a valid IPv4 address.');
    // assumed: an endpoint has one session with an address, and none with itself.
    if (PeerAddress === endpoint.EniAddress) throw general.invalidValue(PeerAddress, 'PeerAddress', 'It is the address of the route server endpoint.');
    const others = await ctx.list(peers, { member: 'RouteServerEndpointId', value: input.RouteServerEndpointId });
    if (others.some((p) => p.PeerAddress === PeerAddress && !isGone(p))) throw general.invalidValue(PeerAddress, 'PeerAddress', 'The route server endpoint has a peer of this address.');
    return {
      RouteServerEndpointId: input.RouteServerEndpointId, RouteServerId: endpoint.RouteServerId, VpcId: endpoint.VpcId, SubnetId: endpoint.SubnetId, State: 'pending',
      EndpointEniId: endpoint.EniId, EndpointEniAddress: endpoint.EniAddress, PeerAddress, BgpOptions: { PeerAsn: checkAsn(PeerAsn, 'BgpOptions.PeerAsn'), PeerLivenessDetection },
      BgpStatus: { Status: 'down' }, BfdStatus: { Status: 'down' }, $: endpoint.$,
    };
  }),
  DescribeRouteServerPeers: describes(peers, {
    ids: 'RouteServerPeerIds',
    prepare: (input) => {
      refuseFilters(input.Filters);
      return input;
    },
  }),
  DeleteRouteServerPeer: async (input, ctx) => {
    const peer = await ctx.get(peers, input.RouteServerPeerId);
    if (peer.State !== 'available') throw errors.incorrectState('route server peer', input.RouteServerPeerId, peer.State!);
    return { RouteServerPeer: await ctx.transition(peers, peer, 'deleting') };
  },
} satisfies Handlers<Ec2Operations>;
