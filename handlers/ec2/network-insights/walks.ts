import type { Context } from '../../../src/kit/index.ts';
import { instances } from '../instances/instances.ts';
import { networkInterfaces, type StoredInterface } from '../network-interfaces/network-interfaces.ts';
import { peeringConnections } from '../peering/peering-connections.ts';
import { blocksOf } from '../prefix-lists/prefix-lists.ts';
import { internetGateways } from '../vpcs/internet-gateways.ts';
import { natGateways } from '../vpcs/nat-gateways.ts';
import { routeTables, type StoredRoute, type StoredRouteTable } from '../vpcs/route-tables.ts';
import { subnets } from '../vpcs/subnets.ts';
import { vpcs } from '../vpcs/vpcs.ts';
import { aclRule, component, groupRule, header, tableRoute, type Reason, type Step } from './components.ts';
import { aclOf, aclRules, groupRules, within, type Protocol } from './filters.ts';
import { addressRange, intersect, meet, passing, rangeOf, subtract, type Packets, type Range } from './packets.ts';
import { acrossTransitGateway } from './transit.ts';

/** Where a path begins or ends: an interface, something else with an id, or a bare address. */
export interface End {
  readonly ctx: Context;
  readonly id: string;
  readonly eni?: StoredInterface;
  /** The id of the instance that was named. */
  readonly instanceId?: string;
}

/** What is under way: packets, the steps behind them, and what should have stopped them. */
export interface Going {
  readonly packets: Packets;
  readonly trail: readonly Step[];
  readonly blocked: readonly Reason[];
}

export interface Outcome {
  readonly found: boolean;
  readonly trail: readonly Step[];
  readonly packets: Packets;
  readonly explanations: readonly Reason[];
}

/** Longer ways go in circles. */
const STEPS_MAX = 120;

/**
 * One search for a way of packets to a destination, over routes, groups, network ACLs and gateways as they are. What a
 * filter stops is noted and goes on as if it were not stopped, so that everything in the way is told at once.
 * https://docs.aws.amazon.com/vpc/latest/reachability/how-reachability-analyzer-works.html
 */
export class Walk {
  constructor(
    readonly protocol: Protocol,
    readonly destination: End,
    /** Groups remember connections: the way back does not ask them. */
    private readonly asksGroups: boolean,
    /** Accounts whose resources may be looked at. */
    readonly accounts: ReadonlySet<string>,
    /** Of other accounts, met on the way. */
    readonly suggested: Set<string> = new Set(),
  ) {}

  // ---- ends ----

  /** From an interface into the network. */
  async leave(ctx: Context, eni: StoredInterface, going: Going, instanceId?: string): Promise<Outcome> {
    const named = instanceId === undefined ? going : this.step(going, { Component: component(ctx, instanceId), OutboundHeader: header(going.packets, this.protocol) });
    const out = this.step(named, { Component: component(ctx, eni.NetworkInterfaceId!), OutboundHeader: header(going.packets, this.protocol), ...this.place(ctx, eni) });
    return this.each(await this.throughGroups(ctx, eni, true, out), (next) => this.leaveSubnet(ctx, eni, next));
  }

  /** From the network into the interface that is the destination. */
  private async arrive(ctx: Context, eni: StoredInterface, going: Going, sameSubnet: boolean): Promise<Outcome> {
    const entered = sameSubnet ? [going] : await this.throughAcl(ctx, eni.SubnetId!, false, going);
    return this.each(entered, async (inside) => this.each(await this.throughGroups(ctx, eni, false, inside), async (next) => {
      const at = this.step(next, { Component: component(ctx, eni.NetworkInterfaceId!), InboundHeader: header(next.packets, this.protocol), ...this.place(ctx, eni) });
      const instanceId = eni.Attachment?.InstanceId;
      if (instanceId === undefined) return this.end(at);
      const instance = await ctx.get(instances, instanceId);
      const state = instance.State!.Name!;
      const there = this.step(at, { Component: component(ctx, instanceId), InboundHeader: header(next.packets, this.protocol) });
      return this.end(state === 'running' ? there : this.block(there, { ExplanationCode: 'BAD_STATE', Component: component(ctx, instanceId), State: state }));
    }));
  }

  // ---- subnets ----

  private async leaveSubnet(ctx: Context, eni: StoredInterface, going: Going): Promise<Outcome> {
    const { destination } = this;
    // Within a subnet there is neither a route nor a network ACL.
    if (destination.eni && destination.eni.SubnetId === eni.SubnetId) {
      const direct = this.toPrivate(destination.eni, going);
      if (direct) return this.arrive(destination.ctx, destination.eni, direct, true);
    }
    return this.each(await this.throughAcl(ctx, eni.SubnetId!, true, going), (next) => this.route(ctx, eni, next));
  }

  /** From a gateway's side into a subnet: to the destination, if it is in this VPC. */
  async enterVpc(ctx: Context, vpcId: string, going: Going): Promise<Outcome> {
    const { eni } = this.destination;
    const inside = eni?.VpcId === vpcId ? this.toPrivate(eni, going) : undefined;
    if (!eni || !inside) return this.lost(going, { ExplanationCode: 'NO_POSSIBLE_DESTINATION', Vpc: component(ctx, vpcId) });
    return this.arrive(this.destination.ctx, eni, inside, false);
  }

  /** The packets that are for one of an interface's private addresses. */
  private toPrivate(eni: StoredInterface, going: Going): Going | undefined {
    for (const { PrivateIpAddress } of eni.PrivateIpAddresses ?? []) {
      const destination = meet(going.packets.destination, addressRange(PrivateIpAddress!));
      if (destination) return { ...going, packets: { ...going.packets, destination } };
    }
    return undefined;
  }

  // ---- routes ----

  private async route(ctx: Context, eni: StoredInterface, going: Going): Promise<Outcome> {
    const table = await tableOf(ctx, eni.SubnetId!, eni.VpcId!);
    // What is outside is not found within.
    const outside = !this.destination.eni && this.destination.id.includes('-');
    const found = (await matching(ctx, table, going.packets.destination)).filter(({ route }) => !outside || route.GatewayId !== 'local');
    if (found.length === 0) return this.lost(going, { ExplanationCode: 'NO_ROUTE_TO_DESTINATION', RouteTable: component(ctx, table.RouteTableId!), Vpc: component(ctx, eni.VpcId!), Subnet: component(ctx, eni.SubnetId!) });
    return this.firstOf(found.map(({ route, destination }) => () => {
      const next = this.step({ ...going, packets: { ...going.packets, destination } }, { Component: component(ctx, table.RouteTableId!), RouteTableRoute: tableRoute(route), Vpc: component(ctx, eni.VpcId!) });
      return this.follow(ctx, eni, route, next);
    }));
  }

  private follow(ctx: Context, eni: StoredInterface, route: StoredRoute, going: Going): Promise<Outcome> | Outcome {
    if (route.State === 'blackhole') return this.lost(going, { ExplanationCode: 'BAD_STATE_ROUTE', RouteTableRoute: tableRoute(route), State: 'blackhole', Vpc: component(ctx, eni.VpcId!) });
    if (going.trail.length > STEPS_MAX) return this.lost(going, { ExplanationCode: 'NO_PATH' });
    if (route.GatewayId === 'local') return this.enterVpc(ctx, eni.VpcId!, going);
    if (route.GatewayId?.startsWith('igw-')) return this.outOf(ctx, eni, route.GatewayId, going);
    if (route.NatGatewayId !== undefined) return this.translate(ctx, route.NatGatewayId, going);
    if (route.VpcPeeringConnectionId !== undefined) return this.peer(ctx, eni, route.VpcPeeringConnectionId, going);
    if (route.TransitGatewayId !== undefined) return acrossTransitGateway(this, ctx, eni, route.TransitGatewayId, going);
    if (route.NetworkInterfaceId !== undefined) return this.appliance(ctx, route.NetworkInterfaceId, going);
    // Endpoints and VPN gateways lead out of what is here.
    const gateway = route.GatewayId ?? route.EgressOnlyInternetGatewayId ?? route.CarrierGatewayId ?? '';
    return gateway === this.destination.id ? this.end(this.step(going, { Component: component(ctx, gateway), InboundHeader: header(going.packets, this.protocol) }))
      : this.lost(going, { ExplanationCode: 'NO_POSSIBLE_DESTINATION', Component: component(ctx, gateway) });
  }

  // ---- gateways ----

  /** Out to the internet, with the public address of who sends; maybe in again to somebody else's. */
  private async outOf(ctx: Context, eni: StoredInterface, gatewayId: string, going: Going): Promise<Outcome> {
    const gateway = component(ctx, gatewayId);
    const pair = (eni.PrivateIpAddresses ?? []).find((a) => a.Association?.PublicIp && within(a.PrivateIpAddress!, going.packets.source));
    if (!pair) return this.lost(going, { ExplanationCode: 'IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS', InternetGateway: gateway, NetworkInterface: component(ctx, eni.NetworkInterfaceId!), Addresses: (eni.PrivateIpAddresses ?? []).map((a) => a.PrivateIpAddress!), Vpc: component(ctx, eni.VpcId!) });
    const packets = { ...going.packets, source: addressRange(pair.Association!.PublicIp!) };
    const out = this.step({ ...going, packets }, { Component: gateway, InboundHeader: header(going.packets, this.protocol), OutboundHeader: header(packets, this.protocol), Vpc: component(ctx, eni.VpcId!) });
    const { destination } = this;
    if (destination.id === gatewayId) return this.end(out);
    if (!destination.eni) return destination.id.includes('-') ? this.lost(out, { ExplanationCode: 'NO_POSSIBLE_DESTINATION', InternetGateway: gateway }) : this.end(out);
    return this.fromInternet(out);
  }

  /** From the internet to the destination's public address. */
  async fromInternet(going: Going): Promise<Outcome> {
    const { ctx, eni } = this.destination;
    const [gateway] = await ctx.list(internetGateways, { member: 'Attachments.VpcId', value: eni!.VpcId! });
    if (!gateway) return this.lost(going, { ExplanationCode: 'UNATTACHED_COMPONENT', MissingComponent: 'internet-gateway', Vpc: component(ctx, eni!.VpcId!) });
    const named = component(ctx, gateway.InternetGatewayId!);
    const pairs = (eni!.PrivateIpAddresses ?? []).filter((a) => a.Association?.PublicIp && meet(going.packets.destination, addressRange(a.Association.PublicIp)));
    if (pairs.length === 0) return this.lost(going, { ExplanationCode: 'IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS', InternetGateway: named, NetworkInterface: component(ctx, eni!.NetworkInterfaceId!), Vpc: component(ctx, eni!.VpcId!) });
    return this.firstOf(pairs.map((pair) => () => {
      const outside = { ...going.packets, destination: addressRange(pair.Association!.PublicIp!) };
      const packets = { ...going.packets, destination: addressRange(pair.PrivateIpAddress!) };
      const inside = this.step({ ...going, packets }, { Component: named, InboundHeader: header(outside, this.protocol), OutboundHeader: header(packets, this.protocol), Vpc: component(ctx, eni!.VpcId!) });
      return this.enterVpc(ctx, eni!.VpcId!, inside);
    }));
  }

  private async translate(ctx: Context, gatewayId: string, going: Going): Promise<Outcome> {
    const gateway = await ctx.get(natGateways, gatewayId);
    const named = component(ctx, gatewayId);
    if (gateway.State !== 'available') return this.lost(going, { ExplanationCode: 'BAD_STATE', NatGateway: named, State: gateway.State! });
    const primary = gateway.NatGatewayAddresses!.find((a) => a.IsPrimary)!;
    const eni = await ctx.get(networkInterfaces, primary.NetworkInterfaceId!);
    return this.each(await this.throughAcl(ctx, eni.SubnetId!, false, going), (inside) => {
      const packets = { ...inside.packets, source: addressRange(primary.PrivateIp!), sourcePort: NAT_PORTS };
      const out = this.step({ ...inside, packets }, { Component: named, InboundHeader: header(inside.packets, this.protocol), OutboundHeader: header(packets, this.protocol), ...this.place(ctx, eni) });
      return this.leaveSubnet(ctx, eni, out);
    });
  }

  private async peer(ctx: Context, eni: StoredInterface, id: string, going: Going): Promise<Outcome> {
    const peering = await ctx.get(peeringConnections, id);
    const named = component(ctx, id);
    const next = this.step(going, { Component: named, InboundHeader: header(going.packets, this.protocol) });
    if (this.destination.id === id) return this.end(next);
    if (peering.Status!.Code !== 'active') return this.lost(next, { ExplanationCode: 'BAD_STATE', VpcPeeringConnection: named, State: peering.Status!.Code! });
    const other = peering.RequesterVpcInfo!.VpcId === eni.VpcId ? peering.AccepterVpcInfo! : peering.RequesterVpcInfo!;
    const there = this.in(ctx, other.OwnerId!, other.Region!);
    if (!there) return this.lost(next, { ExplanationCode: 'NO_PATH', VpcPeeringConnection: named, ComponentAccount: other.OwnerId! });
    const vpc = await there.get(vpcs, other.VpcId!);
    const blocks = (vpc.CidrBlockAssociationSet ?? []).map((a) => rangeOf(a.CidrBlock)).filter((r) => r !== undefined);
    if (!blocks.some((block) => meet(block, going.packets.destination))) return this.lost(next, { ExplanationCode: 'PCX_REQUIRES_ADDRESS_IN_VPC_CIDR', VpcPeeringConnection: named, Vpc: component(there, other.VpcId!) });
    return this.enterVpc(there, other.VpcId!, next);
  }

  /** Through an interface that forwards what is not for it. */
  private async appliance(ctx: Context, id: string, going: Going): Promise<Outcome> {
    const eni = await ctx.get(networkInterfaces, id);
    if (this.destination.eni?.NetworkInterfaceId === id) return this.enterVpc(ctx, eni.VpcId!, going);
    return this.each(await this.throughAcl(ctx, eni.SubnetId!, false, going), async (inside) => this.each(await this.throughGroups(ctx, eni, false, inside), (next) => {
      const open = eni.SourceDestCheck === false ? next : this.block(next, { ExplanationCode: 'ENI_SOURCE_DEST_CHECK_RESTRICTION', NetworkInterface: component(ctx, id), Component: component(ctx, id) });
      return this.leave(ctx, eni, this.step(open, { Component: component(ctx, id), InboundHeader: header(next.packets, this.protocol), ...this.place(ctx, eni) }));
    }));
  }

  // ---- filters ----

  private async throughGroups(ctx: Context, eni: StoredInterface, egress: boolean, going: Going): Promise<Going[]> {
    if (!this.asksGroups || (eni.Groups ?? []).length === 0) return [going];
    const rules = await groupRules(ctx, eni, egress, this.protocol);
    const passed = rules.flatMap(({ matches, rule }) => {
      const packets = intersect(going.packets, matches);
      return packets ? [this.step({ ...going, packets }, { Component: component(ctx, rule.GroupId!), SecurityGroupRule: groupRule(rule) })] : [];
    });
    if (passed.length > 0) return passed;
    return [this.block(going, {
      ExplanationCode: 'ENI_SG_RULES_MISMATCH', Direction: egress ? 'egress' : 'ingress', SecurityGroups: eni.Groups!.map((g) => component(ctx, g.GroupId!)),
      NetworkInterface: component(ctx, eni.NetworkInterfaceId!), Component: component(ctx, eni.NetworkInterfaceId!), ...this.place(ctx, eni),
    })];
  }

  async throughAcl(ctx: Context, subnetId: string, egress: boolean, going: Going): Promise<Going[]> {
    const acl = await aclOf(ctx, subnetId);
    const rules = aclRules(acl, egress, this.protocol);
    const named = component(ctx, acl.NetworkAclId!);
    const passed = passing(going.packets, rules).map(({ packets, rule }) => this.step({ ...going, packets }, { Component: named, AclRule: aclRule(rule), Subnet: component(ctx, subnetId) }));
    if (passed.length > 0) return passed;
    const denying = rules.find(({ matches, allows }) => !allows && intersect(going.packets, matches));
    return [this.block(going, {
      ExplanationCode: 'SUBNET_ACL_RESTRICTION', Direction: egress ? 'egress' : 'ingress', Acl: named, Component: named, Subnet: component(ctx, subnetId), Vpc: component(ctx, acl.VpcId!), ...(denying && { AclRule: aclRule(denying.rule) }),
    })];
  }

  // ---- bookkeeping ----

  /** Another account's or Region's side, where it may be looked at. */
  in(ctx: Context, account: string, region: string): Context | undefined {
    if (account === ctx.account) return region === ctx.region ? ctx : ctx.in(account, region);
    if (this.accounts.has(account)) return ctx.in(account, region);
    this.suggested.add(account);
    return undefined;
  }

  step(going: Going, step: Omit<Step, 'SequenceNumber'>): Going {
    return { ...going, trail: [...going.trail, { SequenceNumber: going.trail.length + 1, ...step }] };
  }

  block(going: Going, reason: Reason): Going {
    return { ...going, blocked: [...going.blocked, reason] };
  }

  end({ trail, packets, blocked }: Going): Outcome {
    return { found: blocked.length === 0, trail, packets, explanations: blocked };
  }

  lost(going: Going, reason: Reason): Outcome {
    return { ...this.end(this.block(going, reason)), found: false };
  }

  private place(ctx: Context, eni: StoredInterface): Pick<Step, 'Subnet' | 'Vpc'> {
    return { Subnet: component(ctx, eni.SubnetId!), Vpc: component(ctx, eni.VpcId!) };
  }

  private each(goings: readonly Going[], next: (going: Going) => Promise<Outcome> | Outcome): Promise<Outcome> {
    return this.firstOf(goings.map((going) => () => next(going)));
  }

  /** The first way that gets there; else what stands in the way that has the least in it. */
  async firstOf(ways: readonly (() => Promise<Outcome> | Outcome)[]): Promise<Outcome> {
    let best: Outcome | undefined;
    for (const way of ways) {
      const outcome = await way();
      if (outcome.found) return outcome;
      if (!best || outcome.explanations.length < best.explanations.length) best = outcome;
    }
    return best!;
  }
}

/** https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html */
const NAT_PORTS: Range = [1024, 65_535];

/** A subnet's own table, or the VPC's main one. */
async function tableOf(ctx: Context, subnetId: string, vpcId: string): Promise<StoredRouteTable> {
  const [own] = await ctx.list(routeTables, { member: 'Associations.SubnetId', value: subnetId });
  if (own) return own;
  return (await ctx.list(routeTables, { member: 'VpcId', value: vpcId })).find((t) => t.Associations?.some((a) => a.Main))!;
}

/** Which part of the destinations goes which way: the most specific route first, none that a more specific one takes. */
async function matching(ctx: Context, table: StoredRouteTable, destination: Range): Promise<{ route: StoredRoute; destination: Range }[]> {
  const candidates: { route: StoredRoute; block: Range }[] = [];
  for (const route of table.Routes ?? []) {
    const blocks = route.DestinationPrefixListId === undefined ? [route.DestinationCidrBlock] : await blocksOf(ctx, route.DestinationPrefixListId);
    for (const text of blocks) {
      const block = rangeOf(text);
      if (block) candidates.push({ route, block });
    }
  }
  return mostSpecific(candidates.map(({ route, block }) => ({ way: route, block })), destination).map(({ way, destination: part }) => ({ route: way, destination: part }));
}

/** Longest prefix first, over a range of destinations. */
export function mostSpecific<T>(candidates: readonly { readonly way: T; readonly block: Range }[], destination: Range): { way: T; destination: Range }[] {
  const whole = (range: Range): Packets => ({ source: [0, 0], destination: range, sourcePort: [0, 0], destinationPort: [0, 0] });
  let left = [whole(destination)];
  const out: { way: T; destination: Range }[] = [];
  for (const { way, block } of [...candidates].sort((a, b) => a.block[1] - a.block[0] - (b.block[1] - b.block[0]))) {
    for (const piece of left) {
      const hit = intersect(piece, whole(block));
      if (hit) out.push({ way, destination: hit.destination });
    }
    left = left.flatMap((piece) => subtract(piece, whole(block)));
  }
  return out;
}

/** The zone of a subnet. */
export const zoneOfSubnet = async (ctx: Context, subnetId: string): Promise<string> => (await ctx.get(subnets, subnetId)).AvailabilityZone!;
