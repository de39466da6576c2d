import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Context, Handlers } from '../../../src/kit/index.ts';
import { addresses, bind, releaseAssociation, type StoredAddress } from '../addresses/addresses.ts';
import * as errors from '../errors.ts';
import { networkInterfaces, privateAddress, saveInterface } from '../network-interfaces/network-interfaces.ts';
import { giveBackIpv4, takeIpv4 } from '../network-interfaces/private-addresses.ts';
import { natGateways, type StoredNatGateway } from './nat-gateways.ts';
import { subnets } from './subnets.ts';

/** Further addresses of NAT gateways. https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-working-with.html#nat-gateway-edit-secondary */

type NatAddress = NonNullable<StoredNatGateway['NatGatewayAddresses']>[number];

// https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html#vpc-limits-gateways
const ADDRESSES_MAX = { public: 8, private: 8 } as const;

export interface SecondaryWish {
  readonly elastic: readonly StoredAddress[];
  /** Private addresses that the caller chose. */
  readonly wanted: readonly string[];
  /** How many more the subnet is to choose. */
  readonly count: number;
}

function refuseTooMany(kind: 'public' | 'private', total: number): void {
  // assumed: this code.
  if (total > ADDRESSES_MAX[kind]) throw errors.limitExceeded('NatGatewayAddressLimitExceeded', `The maximum number of addresses of a ${kind} NAT gateway is ${ADDRESSES_MAX[kind]}.`);
}

/** An Elastic IP that is free, and is named once. */
export async function freeElastic(ctx: Context, allocationId: string): Promise<StoredAddress> {
  const address = await ctx.get(addresses, allocationId);
  if (address.AssociationId) throw errors.resourceAlreadyAssociated(`Elastic IP address [${allocationId}] is already associated`);
  return address;
}

/** A public gateway gets an Elastic IP with each further address; a private one gets private addresses alone. */
export async function secondaryWish(ctx: Context, given: { allocations?: readonly string[]; privates?: readonly string[]; count?: number | undefined }, kind: 'public' | 'private', present: number, primary?: string): Promise<SecondaryWish> {
  const { allocations = [], privates = [], count } = given;
  if (kind === 'private' && allocations.length > 0) throw errors.invalidParameter('Elastic IP addresses cannot be specified for private NAT gateways');
  if (kind === 'public' && count !== undefined) throw errors.invalidParameter('SecondaryPrivateIpAddressCount cannot be specified for public NAT gateways');
  if (count !== undefined && privates.length > 0) throw errors.invalidParameterCombination('The private IP addresses and their number may not be specified together');
  if (kind === 'public' && privates.length > 0 && privates.length !== allocations.length) throw errors.invalidParameterCombination('The number of private IP addresses must be that of the Elastic IP addresses');
  if (new Set([...allocations, primary]).size < allocations.length + 1) throw errors.invalidParameterValue('Each Elastic IP address can be specified once only');
  const elastic: StoredAddress[] = [];
  for (const id of allocations) elastic.push(await freeElastic(ctx, id));
  const more = kind === 'public' ? allocations.length - privates.length : (count ?? 0);
  refuseTooMany(kind, present + privates.length + more);
  return { elastic, wanted: privates, count: privates.length > 0 ? 0 : more };
}

/** Ties each Elastic IP to one of the interface's private addresses; what the gateway shows of them. */
export async function bindAddresses(ctx: Context, interfaceId: string, privates: readonly string[], elastic: readonly StoredAddress[]): Promise<NatAddress[]> {
  const out: NatAddress[] = [];
  for (const [i, PrivateIp] of privates.entries()) {
    const address = elastic[i];
    const associationId = address && (await bind(ctx, address, interfaceId, PrivateIp));
    out.push({
      ...(address ? { AllocationId: address.AllocationId, PublicIp: address.PublicIp, AssociationId: associationId } : {}), NetworkInterfaceId: interfaceId, PrivateIp, IsPrimary: false, Status: 'succeeded',
    });
  }
  return out;
}

async function available(ctx: Context, id: string, kind: 'public' | 'private'): Promise<StoredNatGateway> {
  const gateway = await ctx.get(natGateways, id);
  if (gateway.ConnectivityType !== kind) throw errors.invalidParameter(`The NAT gateway ${id} is not a ${kind} one.`);
  if (gateway.State !== 'available') throw errors.incorrectState(`The NAT gateway ${id} is in the state ${gateway.State}; it must be available.`);
  return gateway;
}

async function addAddresses(ctx: Context, gateway: StoredNatGateway, wish: SecondaryWish): Promise<NatAddress[]> {
  const id = gateway.NatGatewayAddresses![0]!.NetworkInterfaceId!;
  const taken = await takeIpv4(ctx, await ctx.get(subnets, gateway.SubnetId!), wish.wanted, wish.count);
  const eni = await ctx.get(networkInterfaces, id);
  eni.PrivateIpAddresses!.push(...taken.map((a) => privateAddress(ctx, a, false)));
  await saveInterface(ctx, eni);
  const made = await bindAddresses(ctx, id, taken, wish.elastic);
  gateway.NatGatewayAddresses!.push(...made);
  await ctx.save(natGateways, gateway);
  return made;
}

/** No connection ever lasts here, so that nothing has to drain: the addresses are free at once. */
async function dropAddresses(ctx: Context, gateway: StoredNatGateway, dropped: readonly NatAddress[]): Promise<void> {
  const primary = dropped.find((a) => a.IsPrimary);
  if (primary) throw errors.invalidParameter(`The primary address ${primary.PrivateIp} of a NAT gateway cannot be taken from it.`);
  for (const address of dropped) if (address.AllocationId) await releaseAssociation(ctx, address.AllocationId);
  const gone = new Set(dropped.map((a) => a.PrivateIp));
  const eni = await ctx.get(networkInterfaces, dropped[0]!.NetworkInterfaceId!);
  eni.PrivateIpAddresses = eni.PrivateIpAddresses!.filter((a) => !gone.has(a.PrivateIpAddress));
  await saveInterface(ctx, eni);
  await giveBackIpv4(ctx, eni.SubnetId!, gone.size);
  gateway.NatGatewayAddresses = gateway.NatGatewayAddresses!.filter((a) => !gone.has(a.PrivateIp));
  await ctx.save(natGateways, gateway);
}

/** The answer shows them on their way; the next description shows the end of it. */
const onTheWay = (gateway: StoredNatGateway, changed: readonly NatAddress[], Status: NonNullable<NatAddress['Status']>) => ({ NatGatewayId: gateway.NatGatewayId, NatGatewayAddresses: changed.map((a) => ({ ...a, Status })) });

function held(gateway: StoredNatGateway, member: 'AssociationId' | 'PrivateIp', values: readonly string[]): NatAddress[] {
  return [...new Set(values)].map((value) => {
    const found = gateway.NatGatewayAddresses!.find((a) => a[member] === value);
    if (!found && member === 'AssociationId') throw errors.associationNotFound(value);
    if (!found) throw errors.invalidParameterValue(`The private IP address ${value} is not assigned to ${gateway.NatGatewayId}`);
    return found;
  });
}

export const natGatewayAddressOperations = {
  AssociateNatGatewayAddress: async (input, ctx) => {
    const gateway = await available(ctx, input.NatGatewayId, 'public');
    if (input.AvailabilityZone !== undefined || input.AvailabilityZoneId !== undefined) throw errors.invalidParameter('An Availability Zone can be specified for regional NAT gateways only');
    const wish = await secondaryWish(ctx, { allocations: input.AllocationIds, privates: input.PrivateIpAddresses ?? [] }, 'public', gateway.NatGatewayAddresses!.length);
    return onTheWay(gateway, await addAddresses(ctx, gateway, wish), 'associating');
  },
  DisassociateNatGatewayAddress: async (input: Ec2Operations['DisassociateNatGatewayAddress']['input'], ctx) => {
    const gateway = await available(ctx, input.NatGatewayId, 'public');
    const dropped = held(gateway, 'AssociationId', input.AssociationIds);
    await dropAddresses(ctx, gateway, dropped);
    return onTheWay(gateway, dropped, 'disassociating');
  },
  AssignPrivateNatGatewayAddress: async (input, ctx) => {
    const gateway = await available(ctx, input.NatGatewayId, 'private');
    if (!input.PrivateIpAddresses?.length && input.PrivateIpAddressCount === undefined) throw errors.missingParameter('privateIpAddresses or privateIpAddressCount');
    const wish = await secondaryWish(ctx, { privates: input.PrivateIpAddresses ?? [], count: input.PrivateIpAddressCount }, 'private', gateway.NatGatewayAddresses!.length);
    return onTheWay(gateway, await addAddresses(ctx, gateway, wish), 'assigning');
  },
  UnassignPrivateNatGatewayAddress: async (input, ctx) => {
    const gateway = await available(ctx, input.NatGatewayId, 'private');
    const dropped = held(gateway, 'PrivateIp', input.PrivateIpAddresses);
    await dropAddresses(ctx, gateway, dropped);
    return onTheWay(gateway, dropped, 'unassigning');
  },
} satisfies Handlers<Ec2Operations>;
