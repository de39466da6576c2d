import type { InstanceRequirementsRequest, InstanceTypeInfo } from '@aws-sdk/client-ec2';
import type { Wire } from '../../../protocols/wire-types.ts';
import { wildcardMatcher } from '../../../src/kit/index.ts';

/**
 * Which instance types have the attributes that are asked for. Pure: what a type costs and where it is offered is not
 * looked at here. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceRequirementsRequest.html
 */
export type Requirements = Wire<InstanceRequirementsRequest>;

interface Range {
  readonly Min?: number | undefined;
  readonly Max?: number | undefined;
}

const within = (value: number, range: Range | undefined): boolean => value >= (range?.Min ?? -Infinity) && value <= (range?.Max ?? Infinity);
/** "included": either is fine; "required": only those that are; "excluded": only those that are not. */
const fits = (has: boolean, wish: string): boolean => wish === 'included' || has === (wish === 'required');
const oneOf = (values: readonly string[], wanted: readonly string[] | undefined): boolean => !wanted?.length || values.some((value) => wanted.includes(value));

const MANUFACTURERS: Readonly<Record<string, string>> = { AWS: 'amazon-web-services', AMD: 'amd', Intel: 'intel', Apple: 'apple', NVIDIA: 'nvidia', Xilinx: 'xilinx', Habana: 'habana' };

export interface Accelerator {
  readonly type: 'gpu' | 'fpga' | 'inference' | 'media';
  readonly name: string;
  readonly manufacturer: string;
  readonly count: number;
  readonly memoryMib: number;
}

interface Device {
  readonly Name?: string | undefined;
  readonly Manufacturer?: string | undefined;
  readonly Count?: number | undefined;
  readonly MemoryInfo?: { readonly SizeInMiB?: number | undefined } | undefined;
}

/** "Virtex UltraScale (VU9P)" is vu9p, "Gaudi HL-205" is gaudi-hl-205. */
const nameOf = (name: string): string => (/\(([^)]+)\)/.exec(name)?.[1] ?? name).toLowerCase().replaceAll(' ', '-');

/** Trainium is in none of the lists but that of Neuron devices; what requirements call it is an inference accelerator. */
export function acceleratorsOf(info: InstanceTypeInfo): Accelerator[] {
  const of = (type: Accelerator['type'], devices: readonly Device[] | undefined): Accelerator[] => (devices ?? []).map((d) => ({
    type, name: nameOf(d.Name ?? ''), manufacturer: MANUFACTURERS[d.Manufacturer ?? 'AWS'] ?? (d.Manufacturer ?? '').toLowerCase(), count: d.Count ?? 0, memoryMib: (d.MemoryInfo?.SizeInMiB ?? 0) * (d.Count ?? 0),
  }));
  const inference = info.InferenceAcceleratorInfo?.Accelerators ?? info.NeuronInfo?.NeuronDevices;
  return [...of('gpu', info.GpuInfo?.Gpus), ...of('fpga', info.FpgaInfo?.Fpgas), ...of('inference', inference as readonly Device[] | undefined), ...of('media', info.MediaAcceleratorInfo?.Accelerators)];
}

function acceleratorsFit(info: InstanceTypeInfo, wish: Requirements): boolean {
  const all = acceleratorsOf(info);
  const total = (of: (a: Accelerator) => number) => all.reduce((sum, a) => sum + of(a), 0);
  const { AcceleratorCount: count, AcceleratorTotalMemoryMiB: memory } = wish;
  if (count !== undefined && !within(total((a) => a.count), count)) return false;
  if (memory !== undefined && !(all.length > 0 && within(total((a) => a.memoryMib), memory))) return false;
  return oneOf(all.map((a) => a.type), wish.AcceleratorTypes) && oneOf(all.map((a) => a.manufacturer), wish.AcceleratorManufacturers) && oneOf(all.map((a) => a.name), wish.AcceleratorNames);
}

function storageFits(info: InstanceTypeInfo, wish: Requirements): boolean {
  const storage = info.InstanceStorageInfo;
  const types = (storage?.Disks ?? []).map((disk) => String(disk.Type));
  if (!fits(info.InstanceStorageSupported === true, wish.LocalStorage ?? 'included')) return false;
  // What kind of storage, and how much, is asked of those that have any; with amounts only these are left.
  if (wish.TotalLocalStorageGB !== undefined && !within(storage?.TotalSizeInGB ?? 0, wish.TotalLocalStorageGB)) return false;
  return types.length === 0 || wish.LocalStorage === 'excluded' || oneOf(types, wish.LocalStorageTypes);
}

const networkGbps = (info: InstanceTypeInfo): number => (info.NetworkInfo?.NetworkCards ?? []).reduce((sum, card) => sum + (card.BaselineBandwidthInGbps ?? 0), 0);

function processorFits(info: InstanceTypeInfo, wish: Requirements): boolean {
  const vcpus = info.VCpuInfo!.DefaultVCpus!;
  const memoryMib = info.MemoryInfo!.SizeInMiB!;
  return within(vcpus, wish.VCpuCount) && within(memoryMib, wish.MemoryMiB) && within(memoryMib / 1024 / vcpus, wish.MemoryGiBPerVCpu)
    && oneOf([MANUFACTURERS[info.ProcessorInfo!.Manufacturer!] ?? ''], wish.CpuManufacturers);
}

/** Whether a type has all the attributes. Bare metal and burstable types are left out where they are not asked for. */
export function matches(info: InstanceTypeInfo, wish: Requirements): boolean {
  const name: string = info.InstanceType!;
  if (wish.AllowedInstanceTypes?.length && !wildcardMatcher(wish.AllowedInstanceTypes)(name)) return false;
  if (wish.ExcludedInstanceTypes?.length && wildcardMatcher(wish.ExcludedInstanceTypes)(name)) return false;
  if (!oneOf([info.CurrentGeneration ? 'current' : 'previous'], wish.InstanceGenerations)) return false;
  if (!fits(info.BareMetal === true, wish.BareMetal ?? 'excluded') || !fits(info.BurstablePerformanceSupported === true, wish.BurstablePerformance ?? 'excluded')) return false;
  if (wish.RequireHibernateSupport === true && !info.HibernationSupported) return false;
  if (wish.RequireEncryptionInTransit === true && !info.NetworkInfo?.EncryptionInTransitSupported) return false;
  if (!within(info.NetworkInfo!.MaximumNetworkInterfaces!, wish.NetworkInterfaceCount)) return false;
  if (wish.NetworkBandwidthGbps !== undefined && !within(networkGbps(info), wish.NetworkBandwidthGbps)) return false;
  if (wish.BaselineEbsBandwidthMbps !== undefined && !within(info.EbsInfo?.EbsOptimizedInfo?.BaselineBandwidthInMbps ?? 0, wish.BaselineEbsBandwidthMbps)) return false;
  return processorFits(info, wish) && storageFits(info, wish) && acceleratorsFit(info, wish);
}
