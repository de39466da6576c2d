/**
 * Instance types in the shape of DescribeInstanceTypes. The data says per family what its types share and per type what
 * differs (scripts/generate-catalog-instance-types.mjs packs it); a document is put together at its first use and kept.
 * Where a type is offered is in instance-type-offerings.ts. Values are shared and read-only.
 */
import type { InstanceTypeInfo } from '@aws-sdk/client-ec2';
import { readJsonFixture } from '../../../fixtures/load.ts';

/** What RunInstances needs to know of a type, without the whole document. */
export interface InstanceTypeLimits {
  vcpus: number;
  cores: number;
  threadsPerCore: number;
  architectures: readonly string[];
  maxInterfaces: number;
  ipv4PerInterface: number;
  ipv6PerInterface: number;
  ebsOptimizedDefault: boolean;
  burstable: boolean;
  /** `nitro` or `xen`; undefined on bare metal. */
  hypervisor: 'nitro' | 'xen' | undefined;
  nitro: boolean;
  currentGeneration: boolean;
  bareMetal: boolean;
  encryptsInTransit: boolean;
}

type Value = string | number | boolean | null | Value[] | { [member: string]: Value };

/** A number is itself, a string a position in `values`, null the absence of the member. */
type Cell = number | string | null;

interface Family {
  shared: Record<string, Cell>;
  columns: number[];
  rows: Record<string, Cell[]>;
  modelled?: true | string[];
}

interface Catalog {
  paths: string[];
  values: Value[];
  defaults: Record<string, Cell>;
  families: Record<string, Family>;
}

const CARD = 'NetworkInfo.NetworkCard.';

let catalog: Catalog | undefined;
let names: readonly string[] | undefined;
const documents = new Map<string, InstanceTypeInfo>();
const limits = new Map<string, InstanceTypeLimits>();

/** The whole description of a type, or undefined where AWS has no such type. */
export function instanceType(name: string): InstanceTypeInfo | undefined {
  let known = documents.get(name);
  if (known === undefined) {
    const values = valuesOf(name);
    if (values === undefined) return undefined;
    documents.set(name, (known = assemble(name, values)));
  }
  return known;
}

/** The names of all types, ordered. */
export function instanceTypeNames(): readonly string[] {
  names ??= Object.entries(load().families)
    .flatMap(([family, { rows }]) => Object.keys(rows).map((size) => `${family}.${size}`))
    .sort();
  return names;
}

/** True where the facts about a type are made by rule from a sibling and not taken from AWS. */
export function isModelledInstanceType(name: string): boolean {
  const [family = '', size = ''] = name.split('.');
  const modelled = familyOf(family)?.modelled;
  return modelled === true || (Array.isArray(modelled) && modelled.includes(size));
}

/** The cheap look-up for the path of RunInstances. */
export function instanceTypeLimits(name: string): InstanceTypeLimits | undefined {
  let known = limits.get(name);
  if (known === undefined) {
    const values = valuesOf(name);
    if (values === undefined) return undefined;
    limits.set(name, (known = limitsOf(values)));
  }
  return known;
}

function limitsOf(values: Map<string, Value>): InstanceTypeLimits {
  const number = (path: string) => values.get(path) as number;
  const vcpus = number('VCpuInfo.DefaultVCpus');
  const threadsPerCore = number('VCpuInfo.DefaultThreadsPerCore');
  const hypervisor = values.get('Hypervisor') as InstanceTypeLimits['hypervisor'];
  return {
    vcpus,
    cores: (values.get('VCpuInfo.DefaultCores') as number | undefined) ?? vcpus / threadsPerCore,
    threadsPerCore,
    architectures: values.get('ProcessorInfo.SupportedArchitectures') as string[],
    maxInterfaces: number('NetworkInfo.MaximumNetworkInterfaces'),
    ipv4PerInterface: number('NetworkInfo.Ipv4AddressesPerInterface'),
    ipv6PerInterface: number('NetworkInfo.Ipv6AddressesPerInterface'),
    ebsOptimizedDefault: values.get('EbsInfo.EbsOptimizedSupport') === 'default',
    burstable: values.get('BurstablePerformanceSupported') as boolean,
    hypervisor,
    encryptsInTransit: values.get('NetworkInfo.EncryptionInTransitSupported') === true,
    // Bare metal reports no hypervisor; the metal types that see their volumes as NVMe are Nitro systems.
    nitro: hypervisor === 'nitro' || (hypervisor === undefined && values.get('EbsInfo.NvmeSupport') === 'required'),
    currentGeneration: values.get('CurrentGeneration') as boolean,
    bareMetal: values.get('BareMetal') as boolean,
  };
}

function load(): Catalog {
  catalog ??= readJsonFixture<Catalog>('catalog/instance-types.json');
  return catalog;
}

function familyOf(family: string): Family | undefined {
  return Object.hasOwn(load().families, family) ? load().families[family] : undefined;
}

/** Path to value for one type; a null in the data takes a default away. */
function valuesOf(name: string): Map<string, Value> | undefined {
  const [familyName = '', size = '', ...rest] = name.split('.');
  const family = familyOf(familyName);
  if (family === undefined || rest.length > 0 || !Object.hasOwn(family.rows, size)) return undefined;
  const { paths, values: long, defaults } = load();
  const values = new Map<string, Value>();
  const put = (position: number, cell: Cell) => {
    const path = paths[position]!;
    if (cell === null) values.delete(path);
    else values.set(path, typeof cell === 'string' ? long[Number(cell)]! : cell);
  };
  for (const [position, cell] of Object.entries(defaults)) put(Number(position), cell);
  for (const [position, cell] of Object.entries(family.shared)) put(Number(position), cell);
  family.columns.forEach((position, index) => put(position, family.rows[size]![index]!));
  return values;
}

function assemble(name: string, values: Map<string, Value>): InstanceTypeInfo {
  const document: Record<string, any> = { InstanceType: name };
  const card: Record<string, Value> = {};
  for (const [path, value] of values) {
    if (path.startsWith(CARD)) {
      card[path.slice(CARD.length)] = value;
      continue;
    }
    const members = path.split('.');
    const last = members.pop()!;
    let target = document;
    for (const member of members) target = target[member] ??= {};
    target[last] = unpack(value);
  }
  deriveMembers(document, card);
  // The generator compares every assembled document with the one that it packed.
  return document as InstanceTypeInfo;
}

// `any` above and here: the document is built by paths that come from data.
function deriveMembers(document: Record<string, any>, card: Record<string, Value>): void {
  const { VCpuInfo: cpu, NetworkInfo: network, EbsInfo: { EbsOptimizedInfo: ebs } } = document;
  cpu.DefaultCores ??= cpu.DefaultVCpus / cpu.DefaultThreadsPerCore;
  network.NetworkCards ??= [{
    NetworkCardIndex: 0,
    NetworkPerformance: network.NetworkPerformance,
    MaximumNetworkInterfaces: network.MaximumNetworkInterfaces,
    ...card,
  }];
  if (ebs === undefined) return;
  ebs.BaselineThroughputInMBps ??= ebs.BaselineBandwidthInMbps / 8;
  ebs.MaximumThroughputInMBps ??= ebs.MaximumBandwidthInMbps / 8;
}

function unpack(value: Value): Value {
  if (typeof value === 'string') {
    const range = /^(\d+)-(\d+)\/(\d+)$/.exec(value);
    if (range === null) return value;
    const [first, last, step] = range.slice(1).map(Number) as [number, number, number];
    return Array.from({ length: (last - first) / step + 1 }, (_, index) => first + index * step);
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  const { index, runs } = value as { index: string; runs: { count: number; card: Record<string, Value> }[] };
  return runs.flatMap(({ count, card }) => Array.from({ length: count }, () => card)).map((card, position) => ({ ...card, [index]: position }));
}
