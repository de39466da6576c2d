import { _InstanceType } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import {
  instanceTypeOffered, offeredTypes, offeredZones,
} from '../../../../handlers/ec2/catalog/instance-type-offerings.ts';
import {
  instanceType, instanceTypeLimits, instanceTypeNames, isModelledInstanceType,
} from '../../../../handlers/ec2/catalog/instance-types.ts';
import { regions, zonesOf } from '../../../../handlers/ec2/catalog/regions.ts';

describe('instance types', () => {
  it('has every type that the SDK names, and no other', () => {
    expect([...instanceTypeNames()].sort()).toEqual(Object.values(_InstanceType).sort());
  });

  it('knows nothing of other names', () => {
    for (const name of ['m5', 'm5.', 'm5.huge', 'M5.large', 'm5.large.x', '', '__proto__', 'm5.constructor', 'constructor.name']) {
      expect(instanceType(name)).toBeUndefined();
      expect(instanceTypeLimits(name)).toBeUndefined();
    }
  });

  it('describes each type with all the members that AWS always gives, and sound numbers', () => {
    for (const name of instanceTypeNames()) {
      const info = instanceType(name)!;
      expect(info.InstanceType).toBe(name);
      const cpu = info.VCpuInfo!;
      expect(cpu.DefaultVCpus, name).toBeGreaterThanOrEqual(1);
      expect(cpu.DefaultVCpus, name).toBe(cpu.DefaultCores! * cpu.DefaultThreadsPerCore!);
      expect(info.MemoryInfo!.SizeInMiB, name).toBeGreaterThanOrEqual(512);
      expect(info.ProcessorInfo!.SupportedArchitectures!.length, name).toBeGreaterThanOrEqual(1);
      const network = info.NetworkInfo!;
      expect(network.MaximumNetworkInterfaces, name).toBeGreaterThanOrEqual(1);
      expect(network.Ipv4AddressesPerInterface, name).toBeGreaterThanOrEqual(2);
      expect(network.NetworkCards, name).toHaveLength(network.MaximumNetworkCards!);
      expect(network.NetworkCards!.map((card) => card.NetworkCardIndex), name).toEqual(network.NetworkCards!.map((_, index) => index));
      expect(info.InstanceStorageSupported, name).toBe(info.InstanceStorageInfo !== undefined);
      expect(JSON.parse(JSON.stringify(info)), name).toEqual(info);
    }
  });

  it('describes m5.large as AWS does', () => {
    expect(instanceType('m5.large')).toMatchObject({
      CurrentGeneration: true, FreeTierEligible: false, BareMetal: false, Hypervisor: 'nitro', SupportedUsageClasses: ['on-demand', 'spot'],
      ProcessorInfo: { Manufacturer: 'Intel', SupportedArchitectures: ['x86_64'], SustainedClockSpeedInGhz: 3.1 },
      VCpuInfo: { DefaultVCpus: 2, DefaultCores: 1, DefaultThreadsPerCore: 2, ValidCores: [1], ValidThreadsPerCore: [1, 2] },
      MemoryInfo: { SizeInMiB: 8192 }, InstanceStorageSupported: false,
      EbsInfo: { EbsOptimizedSupport: 'default', EbsOptimizedInfo: { BaselineBandwidthInMbps: 650, BaselineThroughputInMBps: 81.25, MaximumIops: 18750 }, NvmeSupport: 'required' },
      NetworkInfo: { NetworkPerformance: 'Up to 10 Gigabit', MaximumNetworkInterfaces: 3, Ipv4AddressesPerInterface: 10, Ipv6AddressesPerInterface: 10, EnaSupport: 'required' },
      PlacementGroupInfo: { SupportedStrategies: ['cluster', 'partition', 'spread'] },
    });
  });

  it('describes the peculiar ones: burstable, accelerated, bare metal, Arm', () => {
    expect(instanceType('t3.micro')).toMatchObject({ BurstablePerformanceSupported: true, FreeTierEligible: true, MemoryInfo: { SizeInMiB: 1024 } });
    expect(instanceType('p4d.24xlarge')).toMatchObject({
      GpuInfo: { Gpus: [{ Name: 'A100', Count: 8 }], TotalGpuMemoryInMiB: 327680 }, NetworkInfo: { MaximumNetworkCards: 4, EfaInfo: { MaximumEfaInterfaces: 4 } },
    });
    expect(instanceType('p4d.24xlarge')!.NetworkInfo!.NetworkCards).toHaveLength(4);
    expect(instanceType('p3.2xlarge')).toMatchObject({ GpuInfo: { Gpus: [{ Name: 'V100', Count: 1 }] }, MemoryInfo: { SizeInMiB: 62464 } });
    expect(instanceType('m5.metal')).toMatchObject({ BareMetal: true, VCpuInfo: { DefaultVCpus: 96 } });
    expect(instanceType('m5.metal')!.Hypervisor).toBeUndefined();
    expect(instanceType('c7g.large')!.ProcessorInfo!.SupportedArchitectures).toEqual(['arm64']);
    expect(instanceType('t4g.nano')).toMatchObject({ BurstablePerformanceSupported: true, ProcessorInfo: { SupportedArchitectures: ['arm64'] } });
    expect(instanceTypeNames().filter((name) => name.startsWith('t3.'))).toHaveLength(7);
  });

  it('gives the limits that a launch needs, in agreement with the description', () => {
    expect(instanceTypeLimits('m5.large')).toEqual({
      vcpus: 2, cores: 1, threadsPerCore: 2, architectures: ['x86_64'], maxInterfaces: 3, ipv4PerInterface: 10, ipv6PerInterface: 10,
      ebsOptimizedDefault: true, burstable: false, hypervisor: 'nitro', nitro: true, currentGeneration: true, bareMetal: false, encryptsInTransit: false,
    });
    expect(instanceTypeLimits('t2.micro')).toMatchObject({ hypervisor: 'xen', nitro: false, burstable: true });
    expect(instanceTypeLimits('m5.metal')).toMatchObject({ hypervisor: undefined, nitro: true, bareMetal: true });
    for (const name of instanceTypeNames()) {
      expect(instanceTypeLimits(name)!.cores, name).toBe(instanceType(name)!.VCpuInfo!.DefaultCores);
    }
  });

  it('says which types are modelled on a sibling', () => {
    const modelled = instanceTypeNames().filter(isModelledInstanceType);
    expect(modelled).toHaveLength(174);
    expect(modelled).toEqual(expect.arrayContaining(['m9g.large', 'p3.2xlarge', 'i3.metal', 't8i.micro']));
    expect(modelled).not.toContain('m5.large');
  });
});

describe('offerings', () => {
  it('has the common families in every zone of the oldest Regions', () => {
    for (const region of ['us-east-2', 'us-west-1', 'eu-west-1', 'eu-central-1', 'ap-northeast-1', 'ap-southeast-2']) {
      const zones = zonesOf(region).filter((each) => each.ZoneType === 'availability-zone').map((each) => each.ZoneName);
      for (const type of ['t3.micro', 'm5.large', 'c5.large', 'r5.large', 'm6i.large', 'c6g.large', 't4g.nano']) {
        expect(offeredZones(region, type), `${type} in ${region}`).toEqual(zones);
      }
    }
  });

  it('has t3.micro in every Region, and m5.large in every one that needs no opt-in', () => {
    for (const region of regions()) {
      expect(offeredZones(region.RegionName!, 't3.micro').length).toBeGreaterThanOrEqual(2);
      if (region.OptInStatus === 'opt-in-not-required') expect(instanceTypeOffered(region.RegionName!, undefined, 'm5.large')).toBe(true);
    }
  });

  it('has few newer types in us-east-1e, and old ones only in old Regions', () => {
    expect(offeredZones('us-east-1', 't3.micro')).toEqual(['us-east-1a', 'us-east-1b', 'us-east-1c', 'us-east-1d', 'us-east-1f']);
    expect(instanceTypeOffered('us-east-1', 'us-east-1e', 'm7g.large')).toBe(false);
    expect(instanceTypeOffered('us-east-1', 'use1-az3', 'm4.large')).toBe(true);
    expect(offeredZones('us-east-1', 'm1.small').length).toBeGreaterThan(0);
    expect(offeredZones('eu-south-2', 'm1.small')).toEqual([]);
    expect(offeredZones('us-east-1', 'cc2.8xlarge')).toEqual([]);
  });

  it('answers for unknown Regions, zones and types', () => {
    expect(offeredTypes('us-east-9')).toEqual([]);
    expect(offeredZones('us-east-1', 'm5.huge')).toEqual([]);
    expect(instanceTypeOffered('us-east-1', 'us-east-1z', 'm5.large')).toBe(false);
    expect(instanceTypeOffered('us-west-2', 'us-west-2-lax-1a', 't3.medium')).toBe(true);
    expect(instanceTypeOffered('us-west-2', 'us-west-2-lax-1a', 'p4d.24xlarge')).toBe(false);
  });

  it('offers most types in us-east-1 and fewer in a small Region', () => {
    expect(offeredTypes('us-east-1').length).toBeGreaterThan(1000);
    expect(offeredTypes('ca-west-1').length).toBeLessThan(500);
    expect(offeredTypes('us-east-1')).toContain('t3.micro');
  });
});
