/**
 * Instance types that the SDK names and the recorded answers lack: either newer than the record, or retired. Each is
 * modelled on a sibling, with processors, memory, accelerators and disks laid over where they differ.
 * assumed: all of it; published figures of retired types are at https://aws.amazon.com/ec2/previous-generation/. Types
 * made here are marked `modelled` in the data.
 */

/** Newer families that repeat an older one size for size. */
const SUCCESSORS = {
  c9g: 'c8g', c9gd: 'c8gd', m9g: 'm8g', m9gd: 'm8gd', r9g: 'r8g', r9gd: 'r8gd',
  g7: 'g6', t8i: 't3', m8idb: 'm8ib', m8idn: 'm8in', r8idb: 'r8ib', r8idn: 'r8in', m8ib: 'm8ib', m8in: 'm8in', r8ib: 'r8ib', r8in: 'r8in',
};

/** Families whose local disks come from another family of the same sizes. */
const DISKS = { m8idb: 'm8id', m8idn: 'm8id', r8idb: 'r8id', r8idn: 'r8id' };

const gib = (size) => ({ SizeInMiB: size * 1024 });
const cpu = (vcpus, threads = 2) => ({
  DefaultVCpus: vcpus, DefaultCores: vcpus / threads, DefaultThreadsPerCore: threads, ValidCores: undefined, ValidThreadsPerCore: undefined,
});
const gpu = (Name, Count, memoryGib, Manufacturer = 'NVIDIA') => ({
  Gpus: [{ Name, Manufacturer, Count, MemoryInfo: gib(memoryGib) }], TotalGpuMemoryInMiB: Count * memoryGib * 1024,
});
const disks = (Count, SizeInGB, Type, nvme = 'unsupported') => ({
  InstanceStorageSupported: true,
  InstanceStorageInfo: { TotalSizeInGB: Count * SizeInGB, Disks: [{ SizeInGB, Count, Type }], NvmeSupport: nvme, EncryptionSupport: nvme === 'unsupported' ? 'unsupported' : 'required' },
});
const fpga = (Count) => ({
  Fpgas: [{ Name: 'Virtex UltraScale (VU9P)', Manufacturer: 'Xilinx', Count, MemoryInfo: gib(64) }], TotalFpgaMemoryInMiB: Count * 64 * 1024,
});
const network = (text, interfaces, addresses) => ({
  NetworkPerformance: text, MaximumNetworkInterfaces: interfaces, Ipv4AddressesPerInterface: addresses, Ipv6AddressesPerInterface: addresses,
});
const previous = { CurrentGeneration: false };
const metal = { BareMetal: true, Hypervisor: undefined, BurstablePerformanceSupported: false, HibernationSupported: false };

/** Single types: [type, sibling, what differs]. */
const SINGLES = [
  ['p2.xlarge', 'r4.xlarge', { ...previous, MemoryInfo: gib(61), GpuInfo: gpu('K80', 1, 12), NetworkInfo: network('High', 4, 15) }],
  ['p2.8xlarge', 'r4.8xlarge', { ...previous, MemoryInfo: gib(488), GpuInfo: gpu('K80', 8, 12), NetworkInfo: network('10 Gigabit', 8, 30) }],
  ['p2.16xlarge', 'r4.16xlarge', { ...previous, MemoryInfo: gib(732), GpuInfo: gpu('K80', 16, 12), NetworkInfo: network('25 Gigabit', 8, 30) }],
  ['p3.2xlarge', 'r4.2xlarge', { ...previous, GpuInfo: gpu('V100', 1, 16), NetworkInfo: network('Up to 10 Gigabit', 4, 15) }],
  ['p3.8xlarge', 'r4.8xlarge', { ...previous, GpuInfo: gpu('V100', 4, 16), NetworkInfo: network('10 Gigabit', 8, 30) }],
  ['p3.16xlarge', 'r4.16xlarge', { ...previous, GpuInfo: gpu('V100', 8, 16), NetworkInfo: network('25 Gigabit', 8, 30) }],
  ['g3s.xlarge', 'r4.xlarge', { ...previous, GpuInfo: gpu('M60', 1, 8) }],
  ['g3.4xlarge', 'r4.4xlarge', { ...previous, GpuInfo: gpu('M60', 1, 8) }],
  ['g3.8xlarge', 'r4.8xlarge', { ...previous, GpuInfo: gpu('M60', 2, 8) }],
  ['g3.16xlarge', 'r4.16xlarge', { ...previous, GpuInfo: gpu('M60', 4, 8) }],
  ['g2.2xlarge', 'c3.2xlarge', { ...previous, GpuInfo: gpu('K520', 1, 4), ...disks(1, 60, 'ssd') }],
  ['g2.8xlarge', 'c3.8xlarge', { ...previous, GpuInfo: gpu('K520', 4, 4), ...disks(2, 120, 'ssd') }],
  ['f1.2xlarge', 'r4.2xlarge', { ...previous, MemoryInfo: gib(122), FpgaInfo: fpga(1), ...disks(1, 470, 'ssd', 'required') }],
  ['f1.4xlarge', 'r4.4xlarge', { ...previous, MemoryInfo: gib(244), FpgaInfo: fpga(2), ...disks(1, 940, 'ssd', 'required') }],
  ['f1.16xlarge', 'r4.16xlarge', { ...previous, MemoryInfo: gib(976), FpgaInfo: fpga(8), ...disks(4, 940, 'ssd', 'required'), NetworkInfo: network('25 Gigabit', 8, 50) }],
  ['cc1.4xlarge', 'c3.4xlarge', { ...previous, MemoryInfo: gib(23), ...disks(2, 840, 'hdd') }],
  ['cc2.8xlarge', 'c3.8xlarge', { ...previous, MemoryInfo: gib(60.5), ...disks(4, 840, 'hdd') }],
  ['cg1.4xlarge', 'c3.4xlarge', { ...previous, MemoryInfo: gib(22.5), GpuInfo: gpu('M2050', 2, 3), ...disks(2, 840, 'hdd') }],
  ['cr1.8xlarge', 'c3.8xlarge', { ...previous, MemoryInfo: gib(244), ...disks(2, 120, 'ssd') }],
  ['hi1.4xlarge', 'c3.4xlarge', { ...previous, MemoryInfo: gib(60.5), ...disks(2, 1024, 'ssd') }],
  ['hs1.8xlarge', 'c3.4xlarge', { ...previous, MemoryInfo: gib(117), ...disks(24, 2000, 'hdd') }],
  ['i3.metal', 'i3.16xlarge', { ...metal, VCpuInfo: cpu(72), MemoryInfo: gib(512) }],
  ...[6, 9, 12, 18, 24].flatMap((tebibytes) => {
    const difference = { MemoryInfo: gib(tebibytes * 1024) };
    const sizes = [[`u-${tebibytes}tb1.metal`, 'u-6tb1.112xlarge', { ...difference, ...metal }]];
    if (tebibytes > 6) sizes.push([`u-${tebibytes}tb1.112xlarge`, 'u-6tb1.112xlarge', difference]);
    return sizes;
  }),
  ['u7ib-12tb.224xlarge', 'u7i-12tb.224xlarge', {}],
  ['u7inh-32tb.480xlarge', 'u7in-32tb.224xlarge', { VCpuInfo: cpu(1920) }],
  ['trn2u.48xlarge', 'trn2.48xlarge', {}],
  ['p6e-gb200.36xlarge', 'p6-b200.48xlarge', {
    VCpuInfo: cpu(144, 1), MemoryInfo: gib(960), GpuInfo: gpu('GB200', 4, 185),
    ProcessorInfo: { Manufacturer: 'NVIDIA', SupportedArchitectures: ['arm64'] }, SupportedBootModes: ['uefi'],
  }],
  ['mac-m3ultra.metal', 'mac2-m1ultra.metal', { VCpuInfo: cpu(28, 1), MemoryInfo: gib(96) }],
];

const SMALL_SIZES = { nano: [2, 0.5], micro: [2, 1], small: [2, 2], medium: [2, 4] };

/** InstanceTypeInfo of every name in `names` that `known` lacks; throws for one that no rule covers. */
export function modelledTypes(names, known) {
  const singles = new Map(SINGLES.map(([name, base, difference]) => [name, { base, difference }]));
  const result = {};
  for (const name of names) {
    if (known[name] !== undefined) continue;
    const rule = singles.get(name) ?? successor(name, known);
    if (rule === undefined || known[rule.base] === undefined) throw new Error(`no rule for instance type ${name}`);
    result[name] = overlay(structuredClone(known[rule.base]), { ...rule.difference, InstanceType: name, FreeTierEligible: false });
    carryToNetworkCard(result[name]);
  }
  return result;
}

function successor(name, known) {
  const [family, size] = name.split('.');
  const older = SUCCESSORS[family];
  if (older === undefined) return undefined;
  if (family === 't8i') {
    const [vcpus, memoryGib] = SMALL_SIZES[size];
    return { base: `t3.${size}`, difference: { VCpuInfo: cpu(vcpus), MemoryInfo: gib(memoryGib), ProcessorInfo: { SustainedClockSpeedInGhz: undefined } } };
  }
  const disk = known[`${DISKS[family]}.${size}`];
  const storage = disk === undefined ? {} : { InstanceStorageSupported: true, InstanceStorageInfo: disk.InstanceStorageInfo };
  if (known[`${older}.${size}`] !== undefined) return { base: `${older}.${size}`, difference: storage };
  const virtual = /^metal-(\d+)xl$/.exec(size);
  // Bare metal of a family that has none yet: the virtual type of the same size, without a hypervisor.
  if (virtual !== null && known[`${older}.${virtual[1]}xlarge`] !== undefined) return { base: `${older}.${virtual[1]}xlarge`, difference: { ...storage, ...metal } };
  return undefined;
}

function overlay(target, difference) {
  for (const [member, value] of Object.entries(difference)) {
    if (value === undefined) delete target[member];
    else if (typeof value === 'object' && !Array.isArray(value) && typeof target[member] === 'object') overlay(target[member], value);
    else target[member] = value;
  }
  return target;
}

function carryToNetworkCard({ NetworkInfo }) {
  if (NetworkInfo.NetworkCards.length !== 1) return;
  const { NetworkPerformance, MaximumNetworkInterfaces } = NetworkInfo;
  Object.assign(NetworkInfo.NetworkCards[0], { NetworkPerformance, MaximumNetworkInterfaces });
}
