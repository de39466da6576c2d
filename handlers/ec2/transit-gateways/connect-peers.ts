import type { TransitGatewayAttachmentBgpConfiguration, TransitGatewayConnectPeer } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { creates, describes, resource, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';
import { contains, formatAddress, formatCidr, includes, lastOf, overlaps, parseCidr, parseIpv4, parseIpv6, type Cidr } from '../vpcs/cidr.ts';
import { attachmentIn } from './attachments.ts';
import * as errors from './errors.ts';
import { comesAndGoes, ends } from './lifecycles.ts';
import { transitGateways } from './transit-gateways.ts';

/** `$` says to which gateway the peer's attachment belongs. */
export type StoredConnectPeer = Wire<TransitGatewayConnectPeer> & { $: { readonly transitGatewayId: string } };
type Input = Ec2Operations['CreateTransitGatewayConnectPeer']['input'];

/** https://docs.aws.amazon.com/vpc/latest/tgw/tgw-connect.html#tgw-connect-peer */
export const connectPeers = resource<StoredConnectPeer>({
  service: 'ec2',
  kind: 'transit-gateway-connect-peer',
  shape: 'TransitGatewayConnectPeer',
  id: { member: 'TransitGatewayConnectPeerId', prefix: 'tgw-connect-peer' },
  notFound: errors.missing('InvalidTransitGatewayConnectPeerID.NotFound', 'Transit Gateway Connect Peer'),
  malformed: errors.malformed('InvalidTransitGatewayConnectPeerID.Malformed', 'Transit Gateway Connect Peer'),
  state: 'State',
  lifecycle: comesAndGoes({ made: 60, deleted: 30 }),
  references: { TransitGatewayAttachmentId: { kind: 'ec2:transit-gateway-attachment', onDelete: 'keep' } },
  indexed: ['$.transitGatewayId'],
  conditionKeys: (p) => ({ 'ec2:transitGatewayConnectPeerId': p.TransitGatewayConnectPeerId }),
});

const LINK_LOCAL = parseCidr('169.254.0.0/16')!;
const UNIQUE_LOCAL = parseCidr('fd00::/8')!;
/** Blocks that AWS keeps for itself. https://docs.aws.amazon.com/vpc/latest/tgw/tgw-connect.html#tgw-connect-peer */
const RESERVED = ['169.254.0.0/29', '169.254.1.0/29', '169.254.2.0/29', '169.254.3.0/29', '169.254.4.0/29', '169.254.5.0/29', '169.254.169.248/29'];

/** A /29 of 169.254.0.0/16, and a /125 of fd00::/8 beside it where IPv6 is spoken too; none that another peer of the gateway has. */
function insideBlocks(texts: readonly string[], others: readonly StoredConnectPeer[]): Cidr[] {
  const invalid = (text: string, why: string) => general.invalidValue(text, 'InsideCidrBlocks', why);
  const blocks = texts.map((text) => {
    const cidr = parseCidr(text);
    const fits = cidr && (cidr.version === 4 ? cidr.prefix === 29 && contains(LINK_LOCAL, cidr) && !RESERVED.includes(formatCidr(cidr)) : cidr.prefix === 125 && contains(UNIQUE_LOCAL, cidr));
    if (!fits) throw invalid(text, 'Expected a /29 CIDR block from 169.254.0.0/16 or a /125 CIDR block from fd00::/8.');
    if (others.some((p) => p.ConnectPeerConfiguration!.InsideCidrBlocks!.some((b) => overlaps(parseCidr(b)!, cidr)))) throw invalid(text, 'The CIDR block is used by another Connect peer of the transit gateway.');
    return cidr;
  });
  if (blocks.filter((b) => b.version === 4).length !== 1 || blocks.length > 2) throw general.invalidParameterValue('InsideCidrBlocks must hold one IPv4 CIDR block, and one IPv6 CIDR block at most.');
  return blocks;
}

const parseAddress = (text: string): bigint | undefined => (text.includes(':') ? parseIpv6(text) : parseIpv4(text));

/** The gateway's end of the tunnel: an address of its CIDR blocks, of the family of the peer's. */
function gatewayAddress(input: Input, blocks: readonly string[], others: readonly StoredConnectPeer[]): string {
  const version = input.PeerAddress.includes(':') ? 6 : 4;
  const usable = blocks.map((b) => parseCidr(b)!).filter((b) => b.version === version);
  if (usable.length === 0) throw general.invalidParameterValue(`The transit gateway has no IPv${version} CIDR block.`);
  const taken = new Set(others.map((p) => p.ConnectPeerConfiguration!.TransitGatewayAddress));
  if (input.TransitGatewayAddress !== undefined) {
    const address = parseAddress(input.TransitGatewayAddress);
    if (address === undefined || !usable.some((b) => includes(b, address))) throw general.invalidValue(input.TransitGatewayAddress, 'TransitGatewayAddress', 'The address is not in a CIDR block of the transit gateway.');
    return input.TransitGatewayAddress;
  }
  for (const block of usable) {
    for (let address = block.base + 1n; address <= lastOf(block); address++) if (!taken.has(formatAddress(version, address))) return formatAddress(version, address);
  }
  throw general.invalidParameterValue('The CIDR blocks of the transit gateway have no free address.');
}

/** The first address of a block is the appliance's, the next two are the gateway's: two sessions a block. */
const sessions = (block: Cidr, transitGatewayAsn: number, peerAsn: number): Wire<TransitGatewayAttachmentBgpConfiguration>[] => [2n, 3n].map((offset) => ({
  TransitGatewayAsn: transitGatewayAsn, PeerAsn: peerAsn, PeerAddress: formatAddress(block.version, block.base + 1n), TransitGatewayAddress: formatAddress(block.version, block.base + offset),
  // No appliance speaks BGP to Fogbank.
  BgpStatus: 'down',
}));

const PEERS_MAX = 4;
const ASN_MAX = 4_294_967_295;

async function planPeer(input: Input, ctx: Context): Promise<Partial<StoredConnectPeer>> {
  const attachment = await attachmentIn(ctx, 'connect', input.TransitGatewayAttachmentId);
  const options = (await ctx.find(transitGateways, attachment.TransitGatewayId!))!.Options!;
  const all = (await ctx.list(connectPeers, { member: '$.transitGatewayId', value: attachment.TransitGatewayId! })).filter((p) => p.State !== 'deleted');
  if (parseAddress(input.PeerAddress) === undefined) throw general.invalidValue(input.PeerAddress, 'PeerAddress', 'This is not a valid IP address.');
  const peerAsn = input.BgpOptions?.PeerAsn ?? options.AmazonSideAsn!;
  if (peerAsn < 1 || peerAsn > ASN_MAX) throw general.invalidValue(peerAsn, 'PeerAsn', `Valid values are 1 to ${ASN_MAX}.`);
  const inside = insideBlocks(input.InsideCidrBlocks, all);
  const address = gatewayAddress(input, options.TransitGatewayCidrBlocks ?? [], all);
  if (all.filter((p) => p.TransitGatewayAttachmentId === input.TransitGatewayAttachmentId).length >= PEERS_MAX) throw errors.tooManyConnectPeers();
  return {
    TransitGatewayAttachmentId: input.TransitGatewayAttachmentId, State: 'pending', CreationTime: ctx.wholeSecond, $: { transitGatewayId: attachment.TransitGatewayId! },
    ConnectPeerConfiguration: {
      TransitGatewayAddress: address, PeerAddress: input.PeerAddress, InsideCidrBlocks: inside.map(formatCidr), Protocol: attachment.$.connect!.Options.Protocol!,
      BgpConfigurations: inside.flatMap((block) => sessions(block, options.AmazonSideAsn!, peerAsn)),
    },
  };
}

export const connectPeerOperations = {
  CreateTransitGatewayConnectPeer: creates(connectPeers, planPeer),
  DescribeTransitGatewayConnectPeers: describes(connectPeers, { ids: 'TransitGatewayConnectPeerIds' }),
  DeleteTransitGatewayConnectPeer: ends(connectPeers, 'TransitGatewayConnectPeerId', (TransitGatewayConnectPeer) => ({ TransitGatewayConnectPeer })),
} satisfies Handlers<Ec2Operations>;
