import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import { modifies, type Context, type Handlers } from '../../../src/kit/index.ts';
import { instanceType } from '../catalog/instance-types.ts';
import * as errors from '../errors.ts';
import type { StoredImage } from '../images/images.ts';
import type { StoredSubnet } from '../vpcs/subnets.ts';
import { cpuOptions } from './cpu-options.ts';
import { ebsOptimizationUnsupported, enaRequired, hibernationUnsupported, invalidInstanceState } from './errors.ts';
import { instances, type StoredInstance } from './instances.ts';
import { metadataOptions } from './metadata-options.ts';
import type { RunInput } from './run-instances.ts';

/** "Up to 150 GiB of memory" for Linux, 16 for Windows. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/hibernating-prerequisites.html */
const HIBERNATED_MEMORY_MIB_MAX = { linux: 150 * 1024, windows: 16 * 1024 };

/** What a type must support for what an instance of it is to have; of RunInstances, and of ModifyInstanceAttribute for another type. */
export function checkSupport(type: string, wish: { ebsOptimized?: boolean | undefined; ena?: boolean | undefined; enclave?: boolean | undefined; hibernation?: boolean | undefined; windows?: boolean; weighting?: string | undefined }): void {
  const info = instanceType(type)!;
  if (wish.ena === false && info.NetworkInfo!.EnaSupport === 'required') throw enaRequired(type);
  if (wish.ebsOptimized && info.EbsInfo!.EbsOptimizedSupport === 'unsupported') throw ebsOptimizationUnsupported();
  if (wish.enclave && wish.hibernation) throw errors.invalidParameterCombination('Hibernation and Nitro Enclaves cannot be enabled on the same instance.');
  // assumed: the texts of the following.
  if (wish.enclave && info.NitroEnclavesSupport !== 'supported') throw errors.invalidParameterCombination(`Nitro Enclaves are not supported for the instance type ${type}.`);
  if (wish.hibernation && !info.HibernationSupported) throw hibernationUnsupported(`Hibernation is not supported for the instance type ${type}.`);
  if (wish.hibernation && info.MemoryInfo!.SizeInMiB! > HIBERNATED_MEMORY_MIB_MAX[wish.windows ? 'windows' : 'linux']) throw hibernationUnsupported(`The instance type ${type} has too much memory for hibernation.`);
  if (wish.weighting !== undefined && wish.weighting !== 'default' && !info.NetworkInfo!.BandwidthWeightings?.includes(wish.weighting as 'vpc-1')) throw errors.unsupported(`The bandwidth weighting ${wish.weighting} is not supported for the instance type ${type}.`);
}

/** The mode in which an image starts on a type: its own, or for `uefi-preferred` the one of them that the type has. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ami-boot.html */
export function bootMode(image: StoredImage, type: string): NonNullable<StoredInstance['CurrentInstanceBootMode']> {
  const modes = instanceType(type)!.SupportedBootModes ?? [];
  const uefi = image.BootMode === 'uefi' || image.Architecture === 'arm64' || (image.BootMode !== 'legacy-bios' && image.BootMode !== undefined && modes.includes('uefi'));
  return uefi ? 'uefi' : 'legacy-bios';
}

export const checkLaunchSupport = (input: RunInput, image: StoredImage, type: string): void => checkSupport(type, {
  ebsOptimized: input.EbsOptimized, ena: image.EnaSupport ?? false, enclave: input.EnclaveOptions?.Enabled, hibernation: input.HibernationOptions?.Configured,
  windows: image.Platform !== undefined, weighting: input.NetworkPerformanceOptions?.BandwidthWeighting,
});

/** What is in memory goes to the root volume, which must be encrypted and have room for it. */
export function checkHibernationRoot(type: string, root: { readonly Encrypted?: boolean; readonly Size?: number } | undefined): void {
  if (!root?.Encrypted) throw hibernationUnsupported('For hibernation, the root device volume must be encrypted.');
  if (root.Size! * 1024 < instanceType(type)!.MemoryInfo!.SizeInMiB!) throw hibernationUnsupported('For hibernation, the root device volume must be large enough to store the memory of the instance.');
}

/** A reservation of capacity is named by its id, which whoever makes them knows. */
async function capacitySpecification(ctx: Context, wish: RunInput['CapacityReservationSpecification']): Promise<StoredInstance['CapacityReservationSpecification']> {
  const { CapacityReservationPreference: preference, CapacityReservationTarget: target } = wish ?? {};
  if (target === undefined) return { CapacityReservationPreference: preference ?? 'open' };
  if (preference !== undefined && preference !== 'capacity-reservations-only') throw errors.invalidParameterCombination('You cannot specify both a capacity reservation preference and a target.');
  const { CapacityReservationId: id, CapacityReservationResourceGroupArn: group } = target;
  if (group !== undefined) throw errors.unsupportedOperation('Resource groups of capacity reservations are not supported by Fogbank yet.');
  if (id === undefined) throw errors.missingParameter('capacityReservationId');
  const reservations = ctx.world.registry.resource('ec2:capacity-reservation');
  if (!reservations) throw errors.notFound('InvalidCapacityReservationId.NotFound', 'capacity reservation ID')([id]);
  await ctx.get(reservations, id);
  return { CapacityReservationTarget: { CapacityReservationId: id } };
}

/** Options as they are when the caller says nothing. */
export async function optionTraits(input: RunInput, image: StoredImage, type: string, subnet: StoredSubnet, ctx: Context): Promise<Partial<StoredInstance>> {
  const dns = input.PrivateDnsNameOptions;
  const usual = subnet.PrivateDnsNameOptionsOnLaunch;
  return {
    MetadataOptions: await metadataOptions(ctx, input.MetadataOptions, image), CpuOptions: cpuOptions(type, input.CpuOptions), EbsOptimized: input.EbsOptimized ?? false,
    EnclaveOptions: { Enabled: input.EnclaveOptions?.Enabled ?? false }, HibernationOptions: { Configured: input.HibernationOptions?.Configured ?? false },
    MaintenanceOptions: { AutoRecovery: input.MaintenanceOptions?.AutoRecovery ?? 'default', RebootMigration: 'default' },
    CapacityReservationSpecification: await capacitySpecification(ctx, input.CapacityReservationSpecification),
    PrivateDnsNameOptions: {
      HostnameType: dns?.HostnameType ?? usual?.HostnameType ?? 'ip-name', EnableResourceNameDnsARecord: dns?.EnableResourceNameDnsARecord ?? usual?.EnableResourceNameDnsARecord ?? false,
      EnableResourceNameDnsAAAARecord: dns?.EnableResourceNameDnsAAAARecord ?? usual?.EnableResourceNameDnsAAAARecord ?? false,
    },
    NetworkPerformanceOptions: { BandwidthWeighting: input.NetworkPerformanceOptions?.BandwidthWeighting ?? 'default' },
    CurrentInstanceBootMode: bootMode(image, type), ...(image.TpmSupport === undefined || instanceType(type)!.NitroTpmSupport !== 'supported' ? {} : { TpmSupport: image.TpmSupport }), ...(image.SriovNetSupport === undefined ? {} : { SriovNetSupport: image.SriovNetSupport }),
  };
}

export const launchOptionOperations = {
  ModifyInstanceMaintenanceOptions: modifies(instances, { id: 'InstanceId' }, (instance, input) => {
    if (input.AutoRecovery === undefined && input.RebootMigration === undefined) throw errors.missingParameter('autoRecovery');
    if (!/^(running|stopped)$/.test(instance.State!.Name!)) throw errors.incorrectInstanceState(`The instance '${input.InstanceId}' is not in a state in which its maintenance options can be modified.`);
    if (input.RebootMigration === 'default' && instanceType(instance.InstanceType!)!.RebootMigrationSupport !== 'supported') throw errors.unsupported(`Reboot migration is not supported for the instance type ${instance.InstanceType}.`);
    const before = instance.MaintenanceOptions!;
    instance.MaintenanceOptions = { AutoRecovery: input.AutoRecovery ?? before.AutoRecovery, RebootMigration: input.RebootMigration ?? before.RebootMigration };
    return { InstanceId: input.InstanceId, ...instance.MaintenanceOptions };
  }),
  /** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configure-bandwidth-weighting.html */
  ModifyInstanceNetworkPerformanceOptions: modifies(instances, { id: 'InstanceId' }, (instance, input) => {
    if (instance.State!.Name !== 'stopped') throw invalidInstanceState(input.InstanceId, 'stopped');
    checkSupport(instance.InstanceType!, { weighting: input.BandwidthWeighting });
    instance.NetworkPerformanceOptions = { BandwidthWeighting: input.BandwidthWeighting };
    return { InstanceId: input.InstanceId, BandwidthWeighting: input.BandwidthWeighting };
  }),
  /** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/capacity-reservations-using.html#capacity-reservations-modify-instance */
  ModifyInstanceCapacityReservationAttributes: modifies(instances, { id: 'InstanceId' }, async (instance, input, ctx) => {
    if (instance.State!.Name !== 'stopped') throw invalidInstanceState(input.InstanceId, 'stopped');
    instance.CapacityReservationSpecification = await capacitySpecification(ctx, input.CapacityReservationSpecification);
    return { Return: true };
  }),
} satisfies Handlers<Ec2Operations>;
