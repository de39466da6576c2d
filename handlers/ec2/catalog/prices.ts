/**
 * What an instance costs when nothing was bought and nothing bid: On-Demand prices by type, Region and platform, in US
 * dollars. Of common types they are AWS's, of the others modelled from vCPUs, memory, disks and accelerators.
 */
import { readJsonFixture } from '../../../fixtures/load.ts';
import { instanceType } from './instance-types.ts';

interface PlatformRule {
  readonly vcpuUsdPerHour?: number;
  /** By size, of burstable types. */
  readonly burstable?: Readonly<Record<string, number>>;
}

interface Prices {
  readonly families: Readonly<Record<string, number>>;
  readonly types: Readonly<Record<string, number>>;
  readonly modelled: { readonly vcpuUsdPerHour: number; readonly memoryGibUsdPerHour: number; readonly localStorageGbUsdPerHour: number; readonly acceleratorMemoryGibUsdPerHour: number; readonly armFactor: number };
  readonly platforms: Readonly<Record<string, PlatformRule>>;
  readonly regions: Readonly<Record<string, number>>;
}

export const LINUX = 'Linux/UNIX';

let prices: Prices | undefined;
const load = (): Prices => (prices ??= readJsonFixture<Prices>('catalog/prices.json'));
const linuxUsd = new Map<string, number | undefined>();

/** The products whose price is known, as spot and Reserved Instances name them. */
export const pricedPlatforms = (): readonly string[] => Object.keys(load().platforms);

/** True where AWS's own price of the type on Linux in us-east-1 is known. */
export function isModelledPrice(type: string): boolean {
  return load().types[type] === undefined && load().families[familyOf(type)] === undefined;
}

/** Undefined where there is no such type. */
export function onDemandUsdPerHour(type: string, region: string, platform: string = LINUX): number | undefined {
  const base = linuxUsdPerHour(type);
  if (base === undefined) return undefined;
  // assumed: a Region's prices are those of us-east-1 by one factor; AWS's differ by a little from type to type.
  return rounded((base + licenceUsdPerHour(type, platform)) * (load().regions[region] ?? 1));
}

/** "Linux/UNIX (Amazon VPC)" and "Windows with SQL Server" cost what their system costs; SQL Server's own licence is not modelled. */
export function platformOf(product: string): string {
  const plain = product.replace(/ \(Amazon VPC\)$/, '').replace(/ with .*$/, '');
  return Object.hasOwn(load().platforms, plain) ? plain : LINUX;
}

function linuxUsdPerHour(type: string): number | undefined {
  if (linuxUsd.has(type)) return linuxUsd.get(type);
  const info = instanceType(type);
  const perVcpu = load().families[familyOf(type)];
  const found = load().types[type] ?? (info && (perVcpu === undefined ? modelledUsdPerHour(type) : perVcpu * info.VCpuInfo!.DefaultVCpus!));
  linuxUsd.set(type, found);
  return found;
}

function modelledUsdPerHour(type: string): number {
  const info = instanceType(type)!;
  const { vcpuUsdPerHour, memoryGibUsdPerHour, localStorageGbUsdPerHour, acceleratorMemoryGibUsdPerHour, armFactor } = load().modelled;
  const gpuMib = info.GpuInfo?.TotalGpuMemoryInMiB ?? info.NeuronInfo?.TotalNeuronDeviceMemoryInMiB ?? 0;
  const computeUsd = info.VCpuInfo!.DefaultVCpus! * vcpuUsdPerHour + (info.MemoryInfo!.SizeInMiB! / 1024) * memoryGibUsdPerHour;
  const arm = info.ProcessorInfo!.SupportedArchitectures!.includes('arm64');
  return computeUsd * (arm ? armFactor : 1) + (info.InstanceStorageInfo?.TotalSizeInGB ?? 0) * localStorageGbUsdPerHour + (gpuMib / 1024) * acceleratorMemoryGibUsdPerHour;
}

function licenceUsdPerHour(type: string, platform: string): number {
  const { vcpuUsdPerHour = 0, burstable } = load().platforms[platformOf(platform)]!;
  const [family = '', size = ''] = type.split('.');
  return (/^t\d/.test(family) ? burstable?.[size] : undefined) ?? vcpuUsdPerHour * instanceType(type)!.VCpuInfo!.DefaultVCpus!;
}

const familyOf = (type: string): string => type.slice(0, type.indexOf('.'));
const rounded = (usd: number): number => Math.round(usd * 100_000) / 100_000;
