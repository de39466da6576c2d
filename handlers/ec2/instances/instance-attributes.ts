import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Context, Handlers } from '../../../src/kit/index.ts';
import { instanceTypeOffered, offeredZones } from '../catalog/instance-type-offerings.ts';
import { instanceTypeLimits } from '../catalog/instance-types.ts';
import * as errors from '../errors.ts';
import { cpuOptions } from './cpu-options.ts';
import { defaultCredits } from './default-credits.ts';
import { hibernationUnsupported, invalidAttributeValue, invalidInstanceState } from './errors.ts';
import { placedAnew } from './instance-placements.ts';
import { instances, type StoredInstance } from './instances.ts';
import { checkSupport } from './launch-options.ts';
import { checkUserData } from './user-data.ts';
import { groupIdentifiers, mirror, networkInterfaces, type StoredInterface } from '../network-interfaces/network-interfaces.ts';
import { volumes } from '../volumes/volumes.ts';

type Attributes = Ec2Operations['DescribeInstanceAttribute']['output'];
type ModifyInput = Ec2Operations['ModifyInstanceAttribute']['input'];

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceAttribute.html */
const READ: Readonly<Record<string, (i: StoredInstance) => Attributes>> = {
  instanceType: (i) => ({ InstanceType: { Value: i.InstanceType } }),
  kernel: () => ({ KernelId: {} }),
  ramdisk: () => ({ RamdiskId: {} }),
  userData: (i) => ({ UserData: i.$.userData === undefined ? {} : { Value: i.$.userData } }),
  disableApiTermination: (i) => ({ DisableApiTermination: { Value: i.$.disableApiTermination } }),
  disableApiStop: (i) => ({ DisableApiStop: { Value: i.$.disableApiStop } }),
  instanceInitiatedShutdownBehavior: (i) => ({ InstanceInitiatedShutdownBehavior: { Value: i.$.shutdownBehavior } }),
  rootDeviceName: (i) => ({ RootDeviceName: { Value: i.RootDeviceName } }),
  blockDeviceMapping: (i) => ({ BlockDeviceMappings: i.BlockDeviceMappings }),
  productCodes: () => ({ ProductCodes: [] }),
  sourceDestCheck: (i) => ({ SourceDestCheck: { Value: i.SourceDestCheck } }),
  groupSet: (i) => ({ Groups: i.SecurityGroups }),
  ebsOptimized: (i) => ({ EbsOptimized: { Value: i.EbsOptimized } }),
  enaSupport: (i) => ({ EnaSupport: { Value: i.EnaSupport } }),
  sriovNetSupport: (i) => ({ SriovNetSupport: i.SriovNetSupport === undefined ? {} : { Value: i.SriovNetSupport } }),
  enclaveOptions: (i) => ({ EnclaveOptions: i.EnclaveOptions }),
};

const requireStopped = (i: StoredInstance): void => {
  if (i.State!.Name !== 'stopped') throw invalidInstanceState(i.InstanceId!, 'stopped');
};

/** The primary interface has what an instance shows as its own groups and source check. */
async function changePrimary(ctx: Context, instance: StoredInstance, change: (eni: StoredInterface) => Promise<void> | void): Promise<void> {
  const primary = instance.NetworkInterfaces!.find((n) => n.Attachment?.DeviceIndex === 0);
  if (!primary) throw errors.incorrectInstanceState(`The instance '${instance.InstanceId}' is not in a state in which its interfaces can be changed.`);
  const eni = await ctx.get(networkInterfaces, primary.NetworkInterfaceId!);
  await change(eni);
  await ctx.save(networkInterfaces, eni);
  mirror(instance, eni);
}

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-resize.html */
async function changeType(i: StoredInstance, input: ModifyInput, ctx: Context): Promise<void> {
  requireStopped(i);
  const type = input.InstanceType!.Value!;
  const limits = instanceTypeLimits(type);
  if (!limits) throw invalidAttributeValue(type, 'InstanceType');
  if (!limits.architectures.includes(i.Architecture!)) throw errors.architectureMismatch(limits.architectures.join(', '), i.Architecture!);
  const zone = i.Placement!.AvailabilityZone!;
  if (!instanceTypeOffered(ctx.region, zone, type)) throw errors.typeNotOffered(type, zone, offeredZones(ctx.region, type));
  // "You can't change the instance type or size of an instance" that is hibernated. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/hibernating-prerequisites.html
  if (i.$.hibernated) throw hibernationUnsupported(`The instance type of the hibernated instance '${i.InstanceId}' cannot be changed.`);
  checkSupport(type, { ena: i.EnaSupport, ebsOptimized: i.EbsOptimized, enclave: i.EnclaveOptions?.Enabled, hibernation: i.HibernationOptions?.Configured, weighting: i.NetworkPerformanceOptions?.BandwidthWeighting });
  if (i.NetworkInterfaces!.length > limits.maxInterfaces) throw errors.limitExceeded('AttachmentLimitExceeded', `Interface count ${i.NetworkInterfaces!.length} exceeds the limit for ${type}`);
  i.InstanceType = type as StoredInstance['InstanceType'];
  i.CpuOptions = cpuOptions(type, undefined);
  i.$.credits = limits.burstable ? (i.$.credits ?? (await defaultCredits(ctx, type))) : undefined;
  await placedAnew(i, ctx);
}

type Write = (i: StoredInstance, input: ModifyInput, ctx: Context) => Promise<void> | void;

const WRITE: Readonly<Record<string, Write>> = {
  InstanceType: changeType,
  UserData: (i, input) => {
    requireStopped(i);
    checkUserData(input.UserData!.Value);
    i.$.userData = input.UserData!.Value || undefined;
  },
  EbsOptimized: (i, input) => {
    requireStopped(i);
    checkSupport(i.InstanceType!, { ebsOptimized: input.EbsOptimized!.Value });
    i.EbsOptimized = input.EbsOptimized!.Value ?? false;
  },
  EnaSupport: (i, input) => {
    requireStopped(i);
    checkSupport(i.InstanceType!, { ena: input.EnaSupport!.Value ?? false });
    i.EnaSupport = input.EnaSupport!.Value ?? false;
  },
  /** "This option can make your instance unreachable", and cannot be taken back. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/sriov-networking.html */
  SriovNetSupport: (i, input) => {
    requireStopped(i);
    const value = input.SriovNetSupport!.Value;
    if (value !== 'simple') throw errors.invalidValue(value, 'sriovNetSupport', 'Valid values: simple');
    i.SriovNetSupport = value;
  },
  EnclaveOptions: (i, input) => {
    requireStopped(i);
    const enclave = input.EnclaveOptions!.Enabled ?? false;
    checkSupport(i.InstanceType!, { enclave, hibernation: i.HibernationOptions?.Configured });
    i.EnclaveOptions = { Enabled: enclave };
  },
  DisableApiTermination: (i, input) => void (i.$.disableApiTermination = input.DisableApiTermination!.Value ?? false),
  DisableApiStop: (i, input) => void (i.$.disableApiStop = input.DisableApiStop!.Value ?? false),
  InstanceInitiatedShutdownBehavior: (i, input) => {
    const value = input.InstanceInitiatedShutdownBehavior!.Value;
    if (value !== 'stop' && value !== 'terminate') throw errors.invalidValue(value, 'instanceInitiatedShutdownBehavior');
    i.$.shutdownBehavior = value;
  },
  SourceDestCheck: (i, input, ctx) => changePrimary(ctx, i, (eni) => void (eni.SourceDestCheck = input.SourceDestCheck!.Value ?? true)),
  Groups: (i, input, ctx) => changePrimary(ctx, i, async (eni) => void (eni.Groups = await groupIdentifiers(ctx, input.Groups!, eni.VpcId!))),
  BlockDeviceMappings: async (i, input, ctx) => {
    for (const wish of input.BlockDeviceMappings!) {
      const mapping = i.BlockDeviceMappings!.find((m) => m.DeviceName === wish.DeviceName);
      if (!mapping) throw errors.invalidBlockDeviceMapping(`No device is currently mapped at ${wish.DeviceName}`);
      const flag = wish.Ebs?.DeleteOnTermination;
      if (flag === undefined) continue;
      mapping.Ebs!.DeleteOnTermination = flag;
      const volume = await ctx.get(volumes, mapping.Ebs!.VolumeId!);
      volume.Attachments!.find((a) => a.InstanceId === i.InstanceId)!.DeleteOnTermination = flag;
      await ctx.save(volumes, volume);
    }
  },
};

/** The form with an attribute's name and its value, as one with the attribute's own member. */
function named(input: ModifyInput): ModifyInput {
  if (input.Attribute === undefined) return input;
  const { Attribute: attribute, Value: value, ...rest } = input;
  if (value === undefined) return rest;
  if (/^(productCodes|rootDeviceName|blockDeviceMapping|enclaveOptions)$/.test(attribute!)) throw errors.invalidValue(attribute, 'attribute', 'This attribute cannot be modified by its name and a value.');
  if (attribute === 'groupSet') return { ...rest, Groups: [value] };
  const member = attribute!.charAt(0).toUpperCase() + attribute!.slice(1);
  const flag = ['DisableApiTermination', 'DisableApiStop', 'EbsOptimized', 'EnaSupport', 'SourceDestCheck'].includes(member);
  return { ...rest, [member]: { Value: flag ? value === 'true' : value } };
}

export const instanceAttributeOperations = {
  DescribeInstanceAttribute: async (input, ctx) => {
    const instance = await ctx.get(instances, input.InstanceId);
    const read = READ[input.Attribute];
    if (!read) throw errors.invalidValue(input.Attribute, 'attribute');
    return { InstanceId: input.InstanceId, ...read(instance) };
  },
  /** One attribute a call. */
  ModifyInstanceAttribute: async (asked, ctx) => {
    const input = named(asked);
    const instance = await ctx.get(instances, input.InstanceId);
    const given = Object.keys(input).filter((n) => !['InstanceId', 'DryRun', 'Force'].includes(n) && input[n as keyof ModifyInput] !== undefined);
    if (given.length === 0) throw errors.invalidParameterCombination('No attributes specified.');
    if (given.length > 1) throw errors.invalidParameterCombination('Fields for multiple attribute types specified');
    const write = WRITE[given[0]!];
    // Kernel and Ramdisk are of paravirtual instances, which Fogbank does not launch.
    if (!write) throw errors.unsupportedOperation(`The attribute ${given[0]} cannot be modified for an instance with the virtualization type '${instance.VirtualizationType}'.`);
    if (/^(shutting-down|terminated)$/.test(instance.State!.Name!)) throw errors.incorrectInstanceState(`The instance '${input.InstanceId}' is not in a state in which its attributes can be modified: it is ${instance.State!.Name}.`);
    await write(instance, input, ctx);
    await ctx.save(instances, instance);
    return {};
  },
  /** "You can only reset the following attributes: kernel | ramdisk | sourceDestCheck." Of an HVM instance kernel and RAM disk are nobody's to set. */
  ResetInstanceAttribute: async (input, ctx) => {
    const instance = await ctx.get(instances, input.InstanceId);
    if (input.Attribute === 'kernel' || input.Attribute === 'ramdisk') return {};
    if (input.Attribute !== 'sourceDestCheck') throw errors.invalidValue(input.Attribute, 'attribute', 'Valid values: kernel | ramdisk | sourceDestCheck');
    await changePrimary(ctx, instance, (eni) => void (eni.SourceDestCheck = true));
    await ctx.save(instances, instance);
    return {};
  },
} satisfies Handlers<Ec2Operations>;
