import type { NatGateway } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { AwsError, creates, describes, hours, resource, seconds, type Context, type Handlers } from '../../../src/kit/index.ts';
import { bind, releaseAssociation, type StoredAddress } from '../addresses/addresses.ts';
import { vpcKey } from '../condition-keys.ts';
import * as errors from '../errors.ts';
import { internetGateways } from './internet-gateways.ts';
import { networkInterfaces, planInterface, removeInterface } from '../network-interfaces/network-interfaces.ts';
import { bindAddresses, freeElastic, secondaryWish } from './nat-gateway-addresses.ts';
import { setRouteState } from './route-tables.ts';
import { subnets } from './subnets.ts';

export type StoredNatGateway = Wire<NatGateway>;

const gone = (gateway: StoredNatGateway): boolean => gateway.State === 'deleted' || gateway.State === 'failed';

/** https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html */
export const natGateways = resource<StoredNatGateway>({
  service: 'ec2',
  kind: 'natgateway',
  shape: 'NatGateway',
  id: { member: 'NatGatewayId', prefix: 'nat' },
  emptyTags: true,
  notFound: (ids) => new AwsError('NatGatewayNotFound', `NAT gateway ${ids.join(', ')} was not found`),
  malformed: errors.malformedId('NatGatewayMalformed', 'nat'),
  state: 'State',
  lifecycle: {
    pending: { after: seconds(90), to: 'available' },
    deleting: { after: seconds(60), to: 'deleted' },
    // "Deleted NAT gateways remain visible for a short while (usually about an hour)."
    deleted: { after: hours(1), to: 'gone', paced: false },
    failed: { after: hours(1), to: 'gone', paced: false },
  },
  entering: {
    deleted: async (gateway, ctx) => {
      gateway.DeleteTime = ctx.now;
      await dismantle(gateway, ctx);
    },
  },
  conditionKeys: (gateway, ctx) => ({ 'ec2:Vpc': vpcKey(ctx, gateway.VpcId) }),
  references: {
    SubnetId: { kind: 'ec2:subnet', onDelete: (n) => (gone(n) ? 'keep' : 'refuse') },
    VpcId: { kind: 'ec2:vpc', onDelete: (n) => (gone(n) ? 'keep' : 'refuse') },
  },
});

/** What a deleted gateway held goes: its interface and addresses; its Elastic IP is free again. */
async function dismantle(gateway: StoredNatGateway, ctx: Context): Promise<void> {
  for (const address of gateway.NatGatewayAddresses ?? []) {
    if (address.AllocationId) await releaseAssociation(ctx, address.AllocationId);
    const eni = address.NetworkInterfaceId === undefined ? undefined : await ctx.find(networkInterfaces, address.NetworkInterfaceId);
    if (eni) await removeInterface(ctx, eni);
  }
}

async function planGateway(input: Ec2Operations['CreateNatGateway']['input'], ctx: Context): Promise<Partial<StoredNatGateway>> {
  for (const name of ['AvailabilityMode', 'AvailabilityZoneAddresses', 'VpcId'] as const) {
    if (input[name] !== undefined && input[name] !== 'zonal') throw errors.unsupportedOperation(`The parameter ${name} is not supported by Fogbank yet.`);
  }
  if (input.SubnetId === undefined) throw errors.missingParameter('subnetId');
  const subnet = await ctx.get(subnets, input.SubnetId);
  const isPublic = (input.ConnectivityType ?? 'public') === 'public';
  const elastic = isPublic ? await elasticFor(input.AllocationId, ctx) : undefined;
  if (!isPublic && input.AllocationId !== undefined) throw errors.invalidParameter('AllocationId cannot be specified for private NAT gateways');
  const id = ctx.newId(natGateways);
  const connectivity = isPublic ? ('public' as const) : ('private' as const);
  const given = { allocations: input.SecondaryAllocationIds ?? [], privates: input.SecondaryPrivateIpAddresses ?? [], count: input.SecondaryPrivateIpAddressCount };
  const more = await secondaryWish(ctx, given, connectivity, 1, input.AllocationId);
  const made = { NatGatewayId: id, SubnetId: subnet.SubnetId, VpcId: subnet.VpcId, ConnectivityType: connectivity, CreateTime: ctx.now, AvailabilityMode: 'zonal' as const };
  if (elastic && !(await hasInternet(ctx, subnet.VpcId!))) {
    const address = { AllocationId: elastic.AllocationId, IsPrimary: true, Status: 'failed' as const };
    return { ...made, State: 'failed', FailureCode: 'Gateway.NotAttached', FailureMessage: `Network ${subnet.VpcId} has no Internet gateway attached`, NatGatewayAddresses: [address] };
  }
  // assumed: EC2 answers 'nat_gateway', which is not how the model's enum spells it.
  const eni = await planInterface(ctx, { subnet, groups: [], description: `Interface for NAT Gateway ${id}`, type: 'nat_gateway' as 'natGateway', primary: input.PrivateIpAddress, secondary: more.wanted, secondaryCount: more.count, requester: 'amazon-nat-gateway' });
  eni.SourceDestCheck = false;
  await ctx.create(networkInterfaces, eni);
  const associationId = elastic && (await bind(ctx, elastic, eni.NetworkInterfaceId!));
  const secondary = eni.PrivateIpAddresses!.filter((a) => !a.Primary).map((a) => a.PrivateIpAddress!);
  return {
    ...made, State: 'pending',
    NatGatewayAddresses: [{
      ...(elastic ? { AllocationId: elastic.AllocationId, PublicIp: elastic.PublicIp, AssociationId: associationId } : {}),
      NetworkInterfaceId: eni.NetworkInterfaceId, PrivateIp: eni.PrivateIpAddress, IsPrimary: true, Status: 'succeeded',
    }, ...(await bindAddresses(ctx, eni.NetworkInterfaceId!, secondary, more.elastic))],
  };
}

/** A public gateway in a VPC without an internet gateway is made and fails. https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-troubleshooting.html */
const hasInternet = async (ctx: Context, vpcId: string): Promise<boolean> => (await ctx.list(internetGateways, { member: 'Attachments.VpcId', value: vpcId })).length > 0;

/** A public gateway needs a free Elastic IP. */
async function elasticFor(allocationId: string | undefined, ctx: Context): Promise<StoredAddress> {
  if (allocationId === undefined) throw errors.missingParameter('AllocationId');
  return freeElastic(ctx, allocationId);
}

export const natGatewayOperations = {
  CreateNatGateway: creates(natGateways, planGateway),
  // The one listing whose filters are called Filter.
  DescribeNatGateways: describes(natGateways, { ids: 'NatGatewayIds', prepare: (input) => ({ ...input, Filters: input.Filter }) }),
  DeleteNatGateway: async (input, ctx) => {
    const gateway = await ctx.get(natGateways, input.NatGatewayId);
    if (gateway.State !== 'deleting' && !gone(gateway)) {
      await setRouteState(ctx, 'NatGatewayId', input.NatGatewayId, 'blackhole');
      await ctx.transition(natGateways, gateway, 'deleting');
    }
    return { NatGatewayId: input.NatGatewayId };
  },
} satisfies Handlers<Ec2Operations>;
