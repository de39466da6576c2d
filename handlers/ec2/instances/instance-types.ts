import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import { getter, pagePosition, pageToken, wildcardMatcher, type Context, type Handlers, type Structure } from '../../../src/kit/index.ts';
import { instanceType, instanceTypeNames } from '../catalog/instance-types.ts';
import { offeredTypes, offeredZones } from '../catalog/instance-type-offerings.ts';
import { zone, zonesOf } from '../catalog/regions.ts';
import * as errors from '../errors.ts';

type TypeInfo = NonNullable<Ec2Operations['DescribeInstanceTypes']['output']['InstanceTypes']>[number];

/** Documented filters that do not spell their member. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceTypes.html */
const PATHS: Readonly<Record<string, string>> = {
  'auto-recovery-supported': 'AutoRecoverySupported', 'bare-metal': 'BareMetal', 'burstable-performance-supported': 'BurstablePerformanceSupported', 'current-generation': 'CurrentGeneration',
  'dedicated-hosts-supported': 'DedicatedHostsSupported', 'ebs-info.ebs-optimized-support': 'EbsInfo.EbsOptimizedSupport', 'ebs-info.encryption-support': 'EbsInfo.EncryptionSupport', 'ebs-info.nvme-support': 'EbsInfo.NvmeSupport',
  'ebs-info.ebs-optimized-info.baseline-bandwidth-in-mbps': 'EbsInfo.EbsOptimizedInfo.BaselineBandwidthInMbps', 'ebs-info.ebs-optimized-info.baseline-iops': 'EbsInfo.EbsOptimizedInfo.BaselineIops',
  'ebs-info.ebs-optimized-info.baseline-throughput-in-mbps': 'EbsInfo.EbsOptimizedInfo.BaselineThroughputInMBps', 'ebs-info.ebs-optimized-info.maximum-bandwidth-in-mbps': 'EbsInfo.EbsOptimizedInfo.MaximumBandwidthInMbps',
  'ebs-info.ebs-optimized-info.maximum-iops': 'EbsInfo.EbsOptimizedInfo.MaximumIops', 'ebs-info.ebs-optimized-info.maximum-throughput-in-mbps': 'EbsInfo.EbsOptimizedInfo.MaximumThroughputInMBps',
  'ebs-info.attachment-limit-type': 'EbsInfo.AttachmentLimitType', 'ebs-info.maximum-ebs-attachments': 'EbsInfo.MaximumEbsAttachments', 'free-tier-eligible': 'FreeTierEligible', 'hibernation-supported': 'HibernationSupported',
  hypervisor: 'Hypervisor', 'instance-storage-info.disk.count': 'InstanceStorageInfo.Disks.Count', 'instance-storage-info.disk.size-in-gb': 'InstanceStorageInfo.Disks.SizeInGB', 'instance-storage-info.disk.type': 'InstanceStorageInfo.Disks.Type',
  'instance-storage-info.encryption-support': 'InstanceStorageInfo.EncryptionSupport', 'instance-storage-info.nvme-support': 'InstanceStorageInfo.NvmeSupport', 'instance-storage-info.total-size-in-gb': 'InstanceStorageInfo.TotalSizeInGB',
  'instance-storage-supported': 'InstanceStorageSupported', 'instance-type': 'InstanceType', 'memory-info.size-in-mib': 'MemoryInfo.SizeInMiB', 'network-info.bandwidth-weightings': 'NetworkInfo.BandwidthWeightings',
  'network-info.efa-info.maximum-efa-interfaces': 'NetworkInfo.EfaInfo.MaximumEfaInterfaces', 'network-info.efa-supported': 'NetworkInfo.EfaSupported', 'network-info.ena-support': 'NetworkInfo.EnaSupport',
  'network-info.encryption-in-transit-supported': 'NetworkInfo.EncryptionInTransitSupported', 'network-info.ipv4-addresses-per-interface': 'NetworkInfo.Ipv4AddressesPerInterface',
  'network-info.ipv6-addresses-per-interface': 'NetworkInfo.Ipv6AddressesPerInterface', 'network-info.ipv6-supported': 'NetworkInfo.Ipv6Supported', 'network-info.maximum-network-cards': 'NetworkInfo.MaximumNetworkCards',
  'network-info.maximum-network-interfaces': 'NetworkInfo.MaximumNetworkInterfaces', 'network-info.network-performance': 'NetworkInfo.NetworkPerformance', 'nitro-enclaves-support': 'NitroEnclavesSupport',
  'nitro-tpm-info.supported-versions': 'NitroTpmInfo.SupportedVersions', 'nitro-tpm-support': 'NitroTpmSupport', 'processor-info.supported-architecture': 'ProcessorInfo.SupportedArchitectures',
  'processor-info.sustained-clock-speed-in-ghz': 'ProcessorInfo.SustainedClockSpeedInGhz', 'processor-info.supported-features': 'ProcessorInfo.SupportedFeatures', 'reboot-migration-support': 'RebootMigrationSupport',
  'supported-boot-mode': 'SupportedBootModes', 'supported-root-device-type': 'SupportedRootDeviceTypes', 'supported-usage-class': 'SupportedUsageClasses', 'supported-virtualization-type': 'SupportedVirtualizationTypes',
  'vcpu-info.default-cores': 'VCpuInfo.DefaultCores', 'vcpu-info.default-threads-per-core': 'VCpuInfo.DefaultThreadsPerCore', 'vcpu-info.default-vcpus': 'VCpuInfo.DefaultVCpus', 'vcpu-info.valid-cores': 'VCpuInfo.ValidCores',
  'vcpu-info.valid-threads-per-core': 'VCpuInfo.ValidThreadsPerCore',
};

const TYPES_PER_PAGE = 100;

function slice<T>(items: readonly T[], input: { NextToken?: string; MaxResults?: number }, usual: number): { items: T[]; NextToken?: string } {
  const from = pagePosition(input.NextToken, input as Structure, (token) => errors.invalidValue(` ${token} `, 'NextToken', 'The token is invalid.'));
  const to = from + (input.MaxResults ?? usual);
  return { items: items.slice(from, to), ...(to < items.length ? { NextToken: pageToken(to, input as Structure) } : {}) };
}

async function describeTypes(input: Ec2Operations['DescribeInstanceTypes']['input'], ctx: Context): Promise<Ec2Operations['DescribeInstanceTypes']['output']> {
  const tests = (input.Filters ?? []).map(({ Name = '', Values = [] }) => {
    if (!Object.hasOwn(PATHS, Name)) throw errors.invalidParameterValue(`The filter '${Name}' is invalid`);
    const read = getter(PATHS[Name]!);
    const accepts = wildcardMatcher(Values);
    return (info: TypeInfo) => read(info).some((v) => accepts(String(v)));
  });
  const offered = offeredTypes(ctx.region);
  const everywhere = input.IncludeUnsupportedInRegion === true;
  const known = everywhere ? instanceTypeNames() : offered;
  const unknown = (input.InstanceTypes ?? []).filter((t) => !known.includes(t));
  if (unknown.length > 0) throw errors.invalidInstanceTypes(unknown);
  // assumed: who does not ask for types of other Regions is not told that these are supported here.
  const all = (input.InstanceTypes?.length ? input.InstanceTypes : known).map((name) => (everywhere ? { ...instanceType(name), SupportedInRegion: offered.includes(name) } : instanceType(name)) as TypeInfo);
  const { items, NextToken } = slice(all.filter((info) => tests.every((test) => test(info))), input, TYPES_PER_PAGE);
  return { InstanceTypes: items, ...(NextToken === undefined ? {} : { NextToken }) };
}

async function describeOfferings(input: Ec2Operations['DescribeInstanceTypeOfferings']['input'], ctx: Context): Promise<Ec2Operations['DescribeInstanceTypeOfferings']['output']> {
  const kind = input.LocationType ?? 'region';
  if (kind === 'outpost') return { InstanceTypeOfferings: [] };
  const locationsOf = (type: string): string[] => (kind === 'region' ? [ctx.region] : offeredZones(ctx.region, type).map((name) => (kind === 'availability-zone' ? name : zone(ctx.region, name)!.ZoneId!)));
  const known = kind === 'region' ? [ctx.region] : zonesOf(ctx.region).map((z) => (kind === 'availability-zone' ? z.ZoneName! : z.ZoneId!));
  const accepts: Record<string, (value: string) => boolean> = {};
  for (const { Name = '', Values = [] } of input.Filters ?? []) {
    if (Name !== 'location' && Name !== 'instance-type') throw errors.invalidParameterValue(`The filter '${Name}' is invalid`);
    if (Name === 'location') for (const value of Values) if (!/[*?]/.test(value) && !known.includes(value)) throw errors.invalidValue(value, 'location');
    accepts[Name] = wildcardMatcher(Values);
  }
  const all = offeredTypes(ctx.region)
    .filter((type) => accepts['instance-type']?.(type) !== false)
    .flatMap((type) => locationsOf(type).filter((location) => accepts.location?.(location) !== false).map((Location) => ({ InstanceType: type as TypeInfo['InstanceType'], LocationType: kind, Location })));
  const { items, NextToken } = slice(all, input, 1000);
  return { InstanceTypeOfferings: items, ...(NextToken === undefined ? {} : { NextToken }) };
}

export const instanceTypeOperations = { DescribeInstanceTypes: describeTypes, DescribeInstanceTypeOfferings: describeOfferings } satisfies Handlers<Ec2Operations>;
