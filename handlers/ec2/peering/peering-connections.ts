import type { VpcPeeringConnection, VpcPeeringConnectionVpcInfo } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { AwsError, creates, describes, hours, isoTime, resource, seconds, type Context, type Handlers } from '../../../src/kit/index.ts';
import { isRegion } from '../catalog/regions.ts';
import * as errors from '../errors.ts';
import { overlaps, parseCidr } from '../vpcs/cidr.ts';
import { setRouteState } from '../vpcs/route-tables.ts';
import { vpcs, type StoredVpc } from '../vpcs/vpcs.ts';
import { invalidTransition, peeringExists, wrongRegion, wrongUser } from './errors.ts';
import { notePeeringStatus } from './group-references.ts';

export type StoredPeering = Wire<VpcPeeringConnection>;
type Side = Wire<VpcPeeringConnectionVpcInfo>;

const UNDER_WAY = ['initiating-request', 'pending-acceptance', 'provisioning', 'active'];
const holds = (peering: StoredPeering) => (UNDER_WAY.includes(peering.Status!.Code!) ? ('refuse' as const) : ('keep' as const));
const vpcArn = (side: Side | undefined): string => `arn:aws:ec2:${side?.Region}:${side?.OwnerId}:vpc/${side?.VpcId}`;

/**
 * A deleted connection says of its VPCs only which they were, of the requester's too.
 * https://github.com/ansible-collections/amazon.aws/blob/main/tests/integration/targets/ec2_vpc_peering/tasks/main.yml
 */
const bare = ({ VpcId, OwnerId, Region }: Side): Side => ({ VpcId, OwnerId, Region });

const says = (message: (peering: StoredPeering) => string) => (peering: StoredPeering) => void (peering.Status!.Message = message(peering));

/**
 * Each side has a document of its own, with its own tags, in its account and Region; both go through the same states at
 * the same time. https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html#vpc-peering-lifecycle
 */
export const peeringConnections = resource<StoredPeering>({
  service: 'ec2',
  kind: 'vpc-peering-connection',
  shape: 'VpcPeeringConnection',
  id: { member: 'VpcPeeringConnectionId', prefix: 'pcx' },
  notFound: errors.notFound('InvalidVpcPeeringConnectionID.NotFound', 'vpcPeeringConnection ID'),
  malformed: errors.malformedId('InvalidVpcPeeringConnectionId.Malformed', 'pcx'),
  state: 'Status.Code',
  lifecycle: {
    'initiating-request': { after: seconds(1), to: 'pending-acceptance' },
    // "If no action is taken, the request expires after 7 days."
    'pending-acceptance': { after: hours(7 * 24), to: 'expired', paced: false },
    provisioning: { after: seconds(1), to: 'active' },
    deleting: { after: seconds(1), to: 'deleted' },
    // How long each is still described. assumed: as long for one side as for the other.
    failed: { after: hours(2), to: 'gone', paced: false },
    deleted: { after: hours(2), to: 'gone', paced: false },
    rejected: { after: hours(48), to: 'gone', paced: false },
    expired: { after: hours(48), to: 'gone', paced: false },
  },
  entering: {
    'initiating-request': says((p) => `Initiating Request to ${p.AccepterVpcInfo!.OwnerId}`),
    'pending-acceptance': says((p) => `Pending Acceptance by ${p.AccepterVpcInfo!.OwnerId}`),
    provisioning: says(() => 'Provisioning'),
    failed: says(() => 'Failed due to incorrect VPC-ID, Account ID, or overlapping CIDR range'),
    rejected: says((p) => `Rejected by ${p.AccepterVpcInfo!.OwnerId}`),
    expired: says(() => 'Expired'),
    deleting: says(() => 'Deleting'),
    active: async (p, ctx) => {
      says(() => 'Active')(p);
      await setRouteState(ctx, 'VpcPeeringConnectionId', p.VpcPeeringConnectionId!, 'active');
    },
    deleted: async (p, ctx) => {
      says(() => 'Deleted')(p);
      p.RequesterVpcInfo = bare(p.RequesterVpcInfo!);
      p.AccepterVpcInfo = bare(p.AccepterVpcInfo!);
      await setRouteState(ctx, 'VpcPeeringConnectionId', p.VpcPeeringConnectionId!, 'blackhole');
      await notePeeringStatus(ctx, p.VpcPeeringConnectionId!, 'deleted');
    },
  },
  references: { 'RequesterVpcInfo.VpcId': { kind: 'ec2:vpc', onDelete: holds }, 'AccepterVpcInfo.VpcId': { kind: 'ec2:vpc', onDelete: holds } },
  filters: { 'status-code': 'Status.Code', 'status-message': 'Status.Message' },
  conditionKeys: (p) => ({ 'ec2:VpcPeeringConnectionID': p.VpcPeeringConnectionId, 'ec2:RequesterVpc': vpcArn(p.RequesterVpcInfo), 'ec2:AccepterVpc': vpcArn(p.AccepterVpcInfo) }),
});

const blocksOf = (vpc: StoredVpc): string[] => [...(vpc.CidrBlockAssociationSet ?? []).map((a) => a.CidrBlock!), ...(vpc.Ipv6CidrBlockAssociationSet ?? []).map((a) => a.Ipv6CidrBlock!)];

const sideOf = (ctx: Context, vpc: StoredVpc): Side => ({
  VpcId: vpc.VpcId, OwnerId: ctx.account, Region: ctx.region, CidrBlock: vpc.CidrBlock, CidrBlockSet: (vpc.CidrBlockAssociationSet ?? []).map(({ CidrBlock }) => ({ CidrBlock })),
  ...(vpc.Ipv6CidrBlockAssociationSet?.length ? { Ipv6CidrBlockSet: vpc.Ipv6CidrBlockAssociationSet.map(({ Ipv6CidrBlock }) => ({ Ipv6CidrBlock })) } : {}),
  PeeringOptions: { AllowDnsResolutionFromRemoteVpc: false, AllowEgressFromLocalClassicLinkToRemoteVpc: false, AllowEgressFromLocalVpcToRemoteClassicLink: false },
});

const placeOf = (ctx: Context, side: Side | undefined): Context => ctx.in(side!.OwnerId!, side!.Region!);

/** The contexts in which a connection has a document: the requester's and, where it is another place, the accepter's. */
function placesOf(ctx: Context, peering: StoredPeering): Context[] {
  const places = [placeOf(ctx, peering.RequesterVpcInfo), placeOf(ctx, peering.AccepterVpcInfo)];
  return places[0]!.account === places[1]!.account && places[0]!.region === places[1]!.region ? [places[0]!] : places;
}

/** Moves both sides; answers this side's document. */
async function moveBoth(ctx: Context, peering: StoredPeering, state: string, change: (side: StoredPeering) => void = () => undefined): Promise<StoredPeering> {
  let mine = peering;
  for (const place of placesOf(ctx, peering)) {
    const side = await place.find(peeringConnections, peering.VpcPeeringConnectionId!);
    if (!side) continue;
    change(side);
    await place.transition(peeringConnections, side, state);
    if (place.account === ctx.account && place.region === ctx.region) mine = side;
  }
  return mine;
}

async function planPeering(input: Ec2Operations['CreateVpcPeeringConnection']['input'], ctx: Context): Promise<Partial<StoredPeering>> {
  const vpc = await ctx.get(vpcs, input.VpcId);
  if (input.PeerVpcId === undefined) throw errors.missingParameter('peerVpcId');
  if (!vpcs.wellFormed(input.PeerVpcId)) throw vpcs.malformed!(input.PeerVpcId);
  if (input.PeerRegion !== undefined && !isRegion(input.PeerRegion)) throw errors.invalidValue(input.PeerRegion, 'peerRegion');
  if (input.PeerOwnerId !== undefined && !/^\d{12}$/.test(input.PeerOwnerId)) throw errors.invalidValue(input.PeerOwnerId, 'peerOwnerId');
  const there = ctx.in(input.PeerOwnerId ?? ctx.account, input.PeerRegion ?? ctx.region);
  const peer = await there.find(vpcs, input.PeerVpcId);
  if (!peer && there.account === ctx.account && there.region === ctx.region) throw vpcs.notFound([input.PeerVpcId]);
  const known = [...(await ctx.list(peeringConnections, { member: 'RequesterVpcInfo.VpcId', value: vpc.VpcId! })), ...(await ctx.list(peeringConnections, { member: 'AccepterVpcInfo.VpcId', value: vpc.VpcId! }))];
  const present = known.some((p) => holds(p) === 'refuse' && [p.RequesterVpcInfo!.VpcId, p.AccepterVpcInfo!.VpcId].includes(input.PeerVpcId));
  if (present && peer?.VpcId !== vpc.VpcId) throw peeringExists();
  const clash = peer && blocksOf(vpc).some((a) => blocksOf(peer).some((b) => overlaps(parseCidr(a)!, parseCidr(b)!)));
  return {
    RequesterVpcInfo: sideOf(ctx, vpc), AccepterVpcInfo: { VpcId: input.PeerVpcId, OwnerId: there.account, Region: there.region },
    // "A VPC peering connection between overlapping CIDR blocks has a status of failed", as has one to a VPC that is not there.
    Status: { Code: peer && !clash ? 'initiating-request' : 'failed' }, ExpirationTime: isoTime(Date.parse(ctx.wholeSecond) + hours(7 * 24)), Tags: [],
  };
}

/** What the accepter's side sees of a request, in its own account and Region. */
async function announce(peering: StoredPeering, ctx: Context): Promise<void> {
  const [, there] = placesOf(ctx, peering);
  if (there && peering.Status!.Code !== 'failed') await there.create(peeringConnections, { ...structuredClone(peering), Tags: [] });
}

/** Only the accepter may accept or reject, in the accepter's Region. */
function checkAccepter(ctx: Context, peering: StoredPeering, verb: 'accept' | 'reject', to: string): void {
  const { AccepterVpcInfo: accepter, VpcPeeringConnectionId: id, Status } = peering;
  if (accepter!.OwnerId !== ctx.account) throw wrongUser(ctx.account, verb, id!);
  if (accepter!.Region !== ctx.region) throw wrongRegion(ctx.region, id!, `${verb}ed`, accepter!.Region!);
  if (Status!.Code !== 'pending-acceptance') throw invalidTransition(id!, Status!.Code!, to);
}

async function accept(input: Ec2Operations['AcceptVpcPeeringConnection']['input'], ctx: Context): Promise<Ec2Operations['AcceptVpcPeeringConnection']['output']> {
  const peering = await ctx.get(peeringConnections, input.VpcPeeringConnectionId);
  checkAccepter(ctx, peering, 'accept', 'provisioning');
  const requester = await placeOf(ctx, peering.RequesterVpcInfo).find(vpcs, peering.RequesterVpcInfo!.VpcId!);
  const accepter = await ctx.get(vpcs, peering.AccepterVpcInfo!.VpcId!);
  const clash = requester && blocksOf(requester).some((a) => blocksOf(accepter).some((b) => overlaps(parseCidr(a)!, parseCidr(b)!)));
  if (clash) throw errors.operationNotPermitted(`The VPCs of ${input.VpcPeeringConnectionId} have overlapping CIDR blocks`);
  const mine = sideOf(ctx, accepter);
  const accepted = await moveBoth(ctx, peering, 'provisioning', (side) => {
    side.AccepterVpcInfo = structuredClone(mine);
    delete side.ExpirationTime;
  });
  return { VpcPeeringConnection: accepted };
}

/** The blocks of the VPCs as they are now; an accepter shows its own only once it has accepted. */
async function withCurrentBlocks(peering: StoredPeering, ctx: Context): Promise<StoredPeering> {
  for (const member of ['RequesterVpcInfo', 'AccepterVpcInfo'] as const) {
    const side = peering[member]!;
    const place = placeOf(ctx, side);
    const vpc = side.CidrBlock === undefined || holds(peering) === 'keep' ? undefined : await place.find(vpcs, side.VpcId!);
    if (vpc) peering[member] = { ...sideOf(place, vpc), ...(side.PeeringOptions ? { PeeringOptions: side.PeeringOptions } : {}) };
  }
  return peering;
}

export const peeringConnectionOperations = {
  CreateVpcPeeringConnection: creates(peeringConnections, planPeering, (peering, _input, ctx) => announce(peering, ctx)),
  DescribeVpcPeeringConnections: describes(peeringConnections, { ids: 'VpcPeeringConnectionIds', complete: withCurrentBlocks }),
  AcceptVpcPeeringConnection: accept,
  RejectVpcPeeringConnection: async (input, ctx) => {
    const peering = await ctx.get(peeringConnections, input.VpcPeeringConnectionId);
    checkAccepter(ctx, peering, 'reject', 'rejected');
    await moveBoth(ctx, peering, 'rejected');
    return { Return: true };
  },
  /** Either side deletes an active one; the requester may take back a request. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteVpcPeeringConnection.html */
  DeleteVpcPeeringConnection: async (input, ctx) => {
    const peering = await ctx.get(peeringConnections, input.VpcPeeringConnectionId);
    const state = peering.Status!.Code!;
    if (state === 'deleting' || state === 'deleted') return { Return: true };
    if (!UNDER_WAY.includes(state)) throw invalidTransition(input.VpcPeeringConnectionId, state, 'deleting');
    if (state === 'pending-acceptance' && peering.RequesterVpcInfo!.OwnerId !== ctx.account) throw wrongUser(ctx.account, 'delete', input.VpcPeeringConnectionId);
    await moveBoth(ctx, peering, 'deleting');
    return { Return: true };
  },
  ModifyVpcPeeringConnectionOptions: modifyOptions,
} satisfies Handlers<Ec2Operations>;

type OptionsInput = Ec2Operations['ModifyVpcPeeringConnectionOptions']['input'];

/** An account changes the options of its own VPCs. https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-dns.html */
async function modifyOptions(input: OptionsInput, ctx: Context): Promise<Ec2Operations['ModifyVpcPeeringConnectionOptions']['output']> {
  const peering = await ctx.get(peeringConnections, input.VpcPeeringConnectionId);
  const sides = [['RequesterPeeringConnectionOptions', 'RequesterVpcInfo'], ['AccepterPeeringConnectionOptions', 'AccepterVpcInfo']] as const;
  const given = sides.filter(([member]) => input[member] !== undefined);
  if (given.length === 0) throw errors.missingParameter('accepterPeeringConnectionOptions or requesterPeeringConnectionOptions');
  if (peering.Status!.Code !== 'active') throw errors.operationNotPermitted(`Peering ${input.VpcPeeringConnectionId} is not active. Peering options can be added only to active peerings.`);
  for (const [member, info] of given) {
    const side = peering[info]!;
    if (side.OwnerId !== ctx.account) throw wrongUser(ctx.account, `modify the ${info === 'RequesterVpcInfo' ? 'requester' : 'accepter'} options of`, input.VpcPeeringConnectionId);
    if (side.Region !== ctx.region) throw wrongRegion(ctx.region, input.VpcPeeringConnectionId, 'modified', side.Region!);
    await checkOptions(ctx, side, input[member]!);
  }
  for (const place of placesOf(ctx, peering)) {
    const document = await place.get(peeringConnections, input.VpcPeeringConnectionId);
    for (const [member, info] of given) Object.assign((document[info]!.PeeringOptions ??= {}), input[member]);
    await place.save(peeringConnections, document);
  }
  const changed = await ctx.get(peeringConnections, input.VpcPeeringConnectionId);
  return Object.fromEntries(given.map(([member, info]) => [member, changed[info]!.PeeringOptions]));
}

async function checkOptions(ctx: Context, side: Side, options: NonNullable<OptionsInput['RequesterPeeringConnectionOptions']>): Promise<void> {
  if (options.AllowEgressFromLocalClassicLinkToRemoteVpc || options.AllowEgressFromLocalVpcToRemoteClassicLink) {
    throw new AwsError('UnsupportedOperation', 'The functionality you requested is not available in this region.');
  }
  const vpc = await ctx.get(vpcs, side.VpcId!);
  // assumed: this code and these words; that both attributes must be on is documented.
  if (options.AllowDnsResolutionFromRemoteVpc && !(vpc.$.enableDnsSupport && vpc.$.enableDnsHostnames)) {
    throw errors.invalidParameterValue(`DNS resolution over ${side.VpcId} requires its attributes enableDnsSupport and enableDnsHostnames to be true`);
  }
}
