import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Context } from '../../../src/kit/index.ts';
import { instanceType, instanceTypeLimits } from '../catalog/instance-types.ts';
import * as errors from '../errors.ts';
import type { StoredInstance } from '../instances/instances.ts';
import { subnets } from '../vpcs/subnets.ts';
import { associatePublicIp, type StoredInterface } from './network-interfaces.ts';

type ModifyInput = Ec2Operations['ModifyNetworkInterfaceAttribute']['input'];
type Attachment = NonNullable<StoredInterface['Attachment']>;

/** Timeouts of tracked connections, in seconds. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html */
const TIMEOUTS = { TcpEstablishedTimeout: [60, 432_000], UdpStreamTimeout: [60, 180], UdpTimeout: [30, 60] } as const;

export function connectionTracking(given: ModifyInput['ConnectionTrackingSpecification'], present: StoredInterface['ConnectionTrackingConfiguration'] = {}): { ConnectionTrackingConfiguration?: StoredInterface['ConnectionTrackingConfiguration'] } {
  if (given === undefined) return {};
  for (const name of Object.keys(TIMEOUTS) as (keyof typeof TIMEOUTS)[]) {
    const [min, max] = TIMEOUTS[name];
    const value = given[name];
    if (value !== undefined && (value < min || value > max)) throw errors.invalidValue(value, name, `Expecting a value from ${min} to ${max}.`);
  }
  return { ConnectionTrackingConfiguration: { ...present, ...given } };
}

const networkOf = (type: string) => instanceType(type)?.NetworkInfo;

/** ENA Express, for types that have it; UDP only with the rest. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ena-express.html */
export function enaExpress(given: ModifyInput['EnaSrdSpecification'], type: string, present: Attachment['EnaSrdSpecification'] = {}): { EnaSrdSpecification?: Attachment['EnaSrdSpecification'] } {
  if (given === undefined) return {};
  // assumed: the texts of these.
  if (networkOf(type)?.EnaSrdSupported !== true) throw errors.unsupportedOperation(`The instance type ${type} does not support ENA Express.`);
  const EnaSrdEnabled = given.EnaSrdEnabled ?? present.EnaSrdEnabled ?? false;
  const EnaSrdUdpEnabled = given.EnaSrdUdpSpecification?.EnaSrdUdpEnabled ?? (EnaSrdEnabled && (present.EnaSrdUdpSpecification?.EnaSrdUdpEnabled ?? false));
  if (EnaSrdUdpEnabled && !EnaSrdEnabled) throw errors.invalidParameterCombination('ENA Express for UDP requires ENA Express to be enabled.');
  return { EnaSrdSpecification: { EnaSrdEnabled, EnaSrdUdpSpecification: { EnaSrdUdpEnabled } } };
}

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ena-queues.html */
export function enaQueues(count: number | undefined, type: string): { EnaQueueCount?: number } {
  if (count === undefined) return {};
  const network = networkOf(type);
  const max = network?.NetworkCards?.[0]?.MaximumEnaQueueCountPerInterface;
  if (network?.FlexibleEnaQueuesSupport !== 'supported') throw errors.unsupportedOperation(`The instance type ${type} does not support flexible ENA queues.`);
  if (count < 1 || (max !== undefined && count > max)) throw errors.invalidValue(count, 'enaQueueCount', `Expecting a value from 1 to ${max}.`);
  return { EnaQueueCount: count };
}

/** What a type of instance can take: as many addresses, and interfaces of this kind. */
export function checkFits(eni: StoredInterface, type: string): void {
  const limits = instanceTypeLimits(type);
  const prefixes = (eni.Ipv4Prefixes?.length ?? 0) + (eni.Ipv6Prefixes?.length ?? 0);
  // "Prefixes are supported for Nitro-based instances." https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-prefix-eni.html
  if (limits && prefixes > 0 && !limits.nitro) throw errors.unsupportedOperation(`The instance type ${type} does not support prefixes.`);
  if (limits && (eni.PrivateIpAddresses?.length ?? 0) + (eni.Ipv4Prefixes?.length ?? 0) > limits.ipv4PerInterface) throw errors.limitExceeded('PrivateIpAddressLimitExceeded', 'Number of private addresses will exceed limit.');
  if (limits && (eni.Ipv6Addresses?.length ?? 0) + (eni.Ipv6Prefixes?.length ?? 0) > limits.ipv6PerInterface) throw errors.limitExceeded('Ipv6AddressLimitExceeded', 'Number of IPv6 addresses will exceed limit.');
  // assumed: the code and text of this.
  if ((eni.InterfaceType === 'efa' || eni.InterfaceType === 'efa-only') && networkOf(type)?.EfaSupported !== true) throw errors.unsupportedOperation(`The instance type ${type} does not support Elastic Fabric Adapters.`);
}

/** "The first IPv6 GUA will be made the primary IPv6 address." */
export function makePrimaryIpv6(eni: StoredInterface): void {
  const first = eni.Ipv6Addresses?.[0];
  if (!first) throw errors.invalidParameterCombination(`The network interface ${eni.NetworkInterfaceId} has no IPv6 address.`);
  if (!eni.Ipv6Addresses!.some((a) => a.IsPrimaryIpv6)) first.IsPrimaryIpv6 = true;
}

interface Change {
  readonly eni: StoredInterface;
  readonly instance: StoredInstance | undefined;
  readonly input: ModifyInput;
  readonly ctx: Context;
}

const attachmentFor = ({ eni, instance }: Change): { attachment: Attachment; type: string } => {
  if (!eni.Attachment || !instance) throw errors.interfaceNotInUse(eni.NetworkInterfaceId!);
  return { attachment: eni.Attachment, type: instance.InstanceType! };
};

function changeAttachment(change: Change): void {
  const given = change.input.Attachment!;
  const { eni } = change;
  if (!eni.Attachment || eni.Attachment.AttachmentId !== given.AttachmentId) throw errors.attachmentIdNotFound(given.AttachmentId ?? '');
  if (given.DefaultEnaQueueCount === true && given.EnaQueueCount !== undefined) throw errors.invalidParameterCombination('The parameters enaQueueCount and defaultEnaQueueCount may not be used together');
  eni.Attachment.DeleteOnTermination = given.DeleteOnTermination ?? eni.Attachment.DeleteOnTermination;
  if (given.EnaQueueCount !== undefined) Object.assign(eni.Attachment, enaQueues(given.EnaQueueCount, attachmentFor(change).type));
  if (given.DefaultEnaQueueCount === true) delete eni.Attachment.EnaQueueCount;
}

/** "This option can be enabled for any network interface but will only apply to the primary network interface (eth0)." */
async function changePublicAddress({ eni, instance, input, ctx }: Change): Promise<void> {
  const wanted = input.AssociatePublicIpAddress!;
  eni.$ = { ...eni.$, associatePublicIp: wanted };
  if (!instance || eni.Attachment?.DeviceIndex !== 0) return;
  const own = eni.Association?.IpOwnerId === 'amazon';
  if (wanted && !eni.Association && instance.State!.Name === 'running') await associatePublicIp(ctx, eni);
  if (!wanted && own) {
    delete eni.Association;
    for (const address of eni.PrivateIpAddresses ?? []) if (!address.Association?.AllocationId) delete address.Association;
  }
}

/** What the attributes that came later do; the interface is not saved. */
export const OPTIONS: Readonly<Record<string, (change: Change) => void | Promise<void>>> = {
  Attachment: changeAttachment,
  AssociatePublicIpAddress: changePublicAddress,
  ConnectionTrackingSpecification: ({ eni, input }) => void Object.assign(eni, connectionTracking(input.ConnectionTrackingSpecification, eni.ConnectionTrackingConfiguration)),
  EnaSrdSpecification: (change) => {
    const { attachment, type } = attachmentFor(change);
    Object.assign(attachment, enaExpress(change.input.EnaSrdSpecification, type, attachment.EnaSrdSpecification));
  },
  EnablePrimaryIpv6: ({ eni, input }) => {
    // "Once you enable an IPv6 GUA address to be a primary IPv6, you cannot disable it."
    if (input.EnablePrimaryIpv6 === false && eni.Ipv6Addresses?.some((a) => a.IsPrimaryIpv6)) throw errors.unsupportedOperation('A primary IPv6 address cannot be disabled.');
    if (input.EnablePrimaryIpv6 === true) makePrimaryIpv6(eni);
  },
  AssociatedSubnetIds: async ({ eni, input, ctx }) => {
    const found = await ctx.getAll(subnets, input.AssociatedSubnetIds!);
    const stray = found.find((s) => s.VpcId !== eni.VpcId || s.AvailabilityZone !== eni.AvailabilityZone);
    // assumed: the code and text of this.
    if (stray) throw errors.invalidParameterValue(`The subnet ${stray.SubnetId} is not in the VPC and the Availability Zone of the network interface.`);
    eni.AssociatedSubnets = found.map((s) => s.SubnetId!);
  },
};
