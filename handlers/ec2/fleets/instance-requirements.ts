import type { InstanceRequirements, InstanceTypeInfo } from '@aws-sdk/client-ec2';
import type { Wire } from '../../../protocols/wire-types.ts';
import { wildcardMatcher } from '../../../src/kit/index.ts';
import { instanceType } from '../catalog/instance-types.ts';
import { onDemandUsdPerHour } from '../catalog/prices.ts';
import * as errors from '../errors.ts';

export type Requirements = Wire<InstanceRequirements>;
type Range = { readonly Min?: number | undefined; readonly Max?: number | undefined };
type Inclusion = 'included' | 'required' | 'excluded';

const within = (value: number | undefined, range: Range | undefined): boolean => range === undefined || ((value ?? 0) >= (range.Min ?? 0) && (value ?? 0) <= (range.Max ?? Number.POSITIVE_INFINITY));
const fits = (has: boolean, wanted: Inclusion): boolean => wanted === 'included' || (wanted === 'required') === has;
const anyOf = (wanted: readonly string[] | undefined, has: readonly string[]): boolean => !wanted?.length || has.some((one) => wanted.includes(one));
const plain = (name: string | undefined): string => (name ?? '').toLowerCase().replace(/[^a-z0-9]+/g, '-');

interface Accelerator {
  readonly kind: 'gpu' | 'fpga' | 'inference' | 'media';
  readonly manufacturer: string;
  readonly name: string;
  readonly count: number;
  readonly memoryMib: number;
}

const MANUFACTURERS: Readonly<Record<string, string>> = { aws: 'amazon-web-services', amazon: 'amazon-web-services' };
const manufacturerOf = (name: string | undefined): string => MANUFACTURERS[plain(name)] ?? plain(name);

/** Every accelerator of a type, in one form. */
function acceleratorsOf(info: InstanceTypeInfo): Accelerator[] {
  const one = (kind: Accelerator['kind']) => (device: { Name?: string | undefined; Manufacturer?: string | undefined; Count?: number | undefined; MemoryInfo?: { SizeInMiB?: number | undefined } | undefined }): Accelerator => ({
    kind, manufacturer: manufacturerOf(device.Manufacturer), name: plain(device.Name), count: device.Count ?? 0, memoryMib: (device.MemoryInfo?.SizeInMiB ?? 0) * (device.Count ?? 0),
  });
  const neuron = (info.NeuronInfo?.NeuronDevices ?? []).map((d) => one('inference')({ ...d, Manufacturer: 'AWS' }));
  // A type that lists its Neuron devices lists them as inference accelerators once more.
  const inference = neuron.length > 0 ? [] : (info.InferenceAcceleratorInfo?.Accelerators ?? []).map(one('inference'));
  return [...(info.GpuInfo?.Gpus ?? []).map(one('gpu')), ...(info.FpgaInfo?.Fpgas ?? []).map(one('fpga')), ...inference, ...neuron, ...(info.MediaAcceleratorInfo?.Accelerators ?? []).map(one('media'))];
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);

function accelerates(info: InstanceTypeInfo, wanted: Requirements): boolean {
  const has = acceleratorsOf(info);
  const count = sum(has.map((a) => a.count));
  const asked = [wanted.AcceleratorTypes, wanted.AcceleratorManufacturers, wanted.AcceleratorNames].some((list) => list?.length);
  if (asked && has.length === 0) return false;
  return within(count, wanted.AcceleratorCount) && within(sum(has.map((a) => a.memoryMib)), wanted.AcceleratorTotalMemoryMiB)
    && anyOf(wanted.AcceleratorTypes, has.map((a) => a.kind)) && anyOf(wanted.AcceleratorManufacturers, has.map((a) => a.manufacturer)) && anyOf(wanted.AcceleratorNames, has.map((a) => a.name));
}

function stores(info: InstanceTypeInfo, wanted: Requirements): boolean {
  const has = info.InstanceStorageSupported === true;
  const disks = (info.InstanceStorageInfo?.Disks ?? []).map((d) => String(d.Type));
  return fits(has, wanted.LocalStorage ?? 'included') && (!wanted.LocalStorageTypes?.length || !has || anyOf(wanted.LocalStorageTypes, disks)) && within(info.InstanceStorageInfo?.TotalSizeInGB, wanted.TotalLocalStorageGB);
}

/** "Up to 10 Gigabit" is its baseline where that is known, and the number otherwise. */
function gigabits(info: InstanceTypeInfo): number {
  const cards = info.NetworkInfo?.NetworkCards ?? [];
  const baseline = sum(cards.map((card) => card.BaselineBandwidthInGbps ?? 0));
  const [, times = '1', number = '0'] = /(?:(\d+)x )?([\d.]+) Gigabit/.exec(info.NetworkInfo?.NetworkPerformance ?? '') ?? [];
  return baseline > 0 ? baseline : Number(times) * Number(number);
}

/** assumed: how strong a CPU is follows from its generation, the digit in a family's name; AWS compares benchmarks that it does not publish. */
const generationOf = (family: string): number => Number(/\d+/.exec(family)?.[0] ?? 1);

function performs(type: string, wanted: Requirements): boolean {
  const references = wanted.BaselinePerformanceFactors?.Cpu?.References ?? [];
  return references.every(({ InstanceFamily: family }) => generationOf(type.split('.')[0]!) >= generationOf(family ?? ''));
}

/** Whether a type has every attribute that is asked for. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceRequirements.html */
export function matches(type: string, wanted: Requirements): boolean {
  const info = instanceType(type);
  if (!info) return false;
  const vcpus = info.VCpuInfo!.DefaultVCpus!;
  const memoryMib = info.MemoryInfo!.SizeInMiB!;
  if (wanted.AllowedInstanceTypes?.length && !named(wanted.AllowedInstanceTypes, type)) return false;
  if (wanted.ExcludedInstanceTypes?.length && named(wanted.ExcludedInstanceTypes, type)) return false;
  return within(vcpus, wanted.VCpuCount) && within(memoryMib, wanted.MemoryMiB) && within(memoryMib / 1024 / vcpus, wanted.MemoryGiBPerVCpu)
    && anyOf(wanted.CpuManufacturers, [manufacturerOf(info.ProcessorInfo?.Manufacturer)]) && anyOf(wanted.InstanceGenerations, [info.CurrentGeneration ? 'current' : 'previous'])
    && fits(info.BareMetal === true, wanted.BareMetal ?? 'excluded') && fits(info.BurstablePerformanceSupported === true, wanted.BurstablePerformance ?? 'excluded')
    && (wanted.RequireHibernateSupport !== true || info.HibernationSupported === true) && (wanted.RequireEncryptionInTransit !== true || info.NetworkInfo?.EncryptionInTransitSupported === true)
    && within(info.NetworkInfo?.MaximumNetworkInterfaces, wanted.NetworkInterfaceCount) && within(gigabits(info), wanted.NetworkBandwidthGbps)
    && within(info.EbsInfo?.EbsOptimizedInfo?.BaselineBandwidthInMbps, wanted.BaselineEbsBandwidthMbps) && stores(info, wanted) && accelerates(info, wanted) && performs(type, wanted);
}

/** `c5*`, `m5a.*`, `*3*`. */
const named = (patterns: readonly string[], type: string): boolean => wildcardMatcher(patterns)(type);

/** What of requirements cannot be. */
export function checkRequirements(wanted: Requirements): void {
  if (wanted.VCpuCount?.Min === undefined) throw errors.missingParameter('InstanceRequirements.VCpuCount.Min');
  if (wanted.MemoryMiB?.Min === undefined) throw errors.missingParameter('InstanceRequirements.MemoryMiB.Min');
  if (wanted.AllowedInstanceTypes?.length && wanted.ExcludedInstanceTypes?.length) throw errors.invalidParameterCombination('AllowedInstanceTypes and ExcludedInstanceTypes cannot be specified together.');
  if (wanted.SpotMaxPricePercentageOverLowestPrice !== undefined && wanted.MaxSpotPriceAsPercentageOfOptimalOnDemandPrice !== undefined) {
    throw errors.invalidParameterCombination('Only one of SpotMaxPricePercentageOverLowestPrice or MaxSpotPriceAsPercentageOfOptimalOnDemandPrice can be specified.');
  }
  for (const [name, range] of Object.entries(wanted)) {
    if (range === null || typeof range !== 'object' || !('Min' in range || 'Max' in range)) continue;
    const { Min: min = 0, Max: max = Number.POSITIVE_INFINITY } = range as Range;
    if (min < 0 || max < min) throw errors.invalidValue(`${min}-${max}`, `InstanceRequirements.${name}`, 'Max must not be less than Min.');
  }
}

/** "The lowest priced current generation C, M, or R instance type", failing that of the current generation, failing that any. */
function identified(types: readonly string[], usdOf: (type: string) => number): number {
  const current = types.filter((type) => instanceType(type)?.CurrentGeneration);
  const common = current.filter((type) => /^[cmr]\d/.test(type));
  const base = common.length > 0 ? common : current.length > 0 ? current : types;
  return Math.min(...base.map(usdOf));
}

/** How much a type has of what prices are compared by. */
export function unitsOf(type: string, unit: string | undefined): number {
  const info = instanceType(type)!;
  return unit === 'vcpu' ? info.VCpuInfo!.DefaultVCpus! : unit === 'memory-mib' ? info.MemoryInfo!.SizeInMiB! : 1;
}

/** Leaves out what is dearer than the price protection allows. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-fleet-attribute-based-instance-type-selection.html#ec2fleet-abs-price-protection */
export function protectedTypes(types: readonly string[], wanted: Requirements, market: 'spot' | 'on-demand', region: string, spotUsdOf: (type: string) => number, unit?: string): string[] {
  if (types.length === 0) return [];
  const perUnit = (usdOf: (type: string) => number) => (type: string) => usdOf(type) / unitsOf(type, unit);
  const onDemandUsd = perUnit((type) => onDemandUsdPerHour(type, region)!);
  if (market === 'on-demand') {
    const limit = identified(types, onDemandUsd) * (1 + (wanted.OnDemandMaxPricePercentageOverLowestPrice ?? 20) / 100);
    return types.filter((type) => onDemandUsd(type) <= limit);
  }
  const spotUsd = perUnit(spotUsdOf);
  const overSpot = wanted.SpotMaxPricePercentageOverLowestPrice;
  // assumed: without a threshold AWS "applies optimal price protection": no more than the On-Demand price of the identified type.
  const limit = overSpot === undefined ? identified(types, onDemandUsd) * ((wanted.MaxSpotPriceAsPercentageOfOptimalOnDemandPrice ?? 100) / 100) : identified(types, spotUsd) * (1 + overSpot / 100);
  return types.filter((type) => spotUsd(type) <= limit);
}
