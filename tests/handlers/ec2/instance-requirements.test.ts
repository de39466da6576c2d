import { beforeAll, describe, expect, it } from 'vitest';
import { instanceType } from '../../../handlers/ec2/catalog/instance-types.ts';
import { acceleratorsOf, matches, type Requirements } from '../../../handlers/ec2/instances/instance-requirements.ts';
import { fogbank } from '../../support/fogbank.ts';
import { as, type Caller } from '../../support/others.ts';

const ANY: Requirements = { VCpuCount: { Min: 0 }, MemoryMiB: { Min: 0 } };

describe('matches', () => {
  it.each<[string, Partial<Requirements>, boolean]>([
    ['m5.large', {}, true], ['m5.large', { VCpuCount: { Min: 2, Max: 2 } }, true], ['m5.large', { VCpuCount: { Min: 4 } }, false], ['m5.large', { MemoryMiB: { Min: 8192, Max: 8192 } }, true], ['m5.large', { MemoryMiB: { Min: 0, Max: 8191 } }, false],
    ['m5.large', { MemoryGiBPerVCpu: { Min: 4, Max: 4 } }, true], ['c5.large', { MemoryGiBPerVCpu: { Min: 4 } }, false], ['m5.large', { CpuManufacturers: ['amd'] }, false], ['m5a.large', { CpuManufacturers: ['amd'] }, true], ['m7g.large', { CpuManufacturers: ['amazon-web-services'] }, true],
    ['t3.large', {}, false], ['t3.large', { BurstablePerformance: 'included' }, true], ['m5.large', { BurstablePerformance: 'required' }, false], ['m5.metal', {}, false], ['m5.metal', { BareMetal: 'included' }, true], ['m5.large', { BareMetal: 'required' }, false],
    ['m1.small', { InstanceGenerations: ['current'] }, false], ['m1.small', { InstanceGenerations: ['previous'] }, true], ['m5.large', { AllowedInstanceTypes: ['m5.*'] }, true], ['m5.large', { AllowedInstanceTypes: ['c*'] }, false], ['m5.large', { ExcludedInstanceTypes: ['m5*'] }, false],
    ['m5d.large', { LocalStorage: 'excluded' }, false], ['m5d.large', { LocalStorage: 'required', LocalStorageTypes: ['ssd'] }, true], ['d2.xlarge', { LocalStorage: 'required', LocalStorageTypes: ['ssd'] }, false], ['m5.large', { LocalStorage: 'required' }, false],
    ['m5d.large', { TotalLocalStorageGB: { Min: 75, Max: 75 } }, true], ['m5.large', { TotalLocalStorageGB: { Min: 1 } }, false], ['m5.large', { BaselineEbsBandwidthMbps: { Min: 650 } }, true], ['m5.large', { BaselineEbsBandwidthMbps: { Min: 10_000 } }, false],
    ['m5.large', { NetworkInterfaceCount: { Min: 3, Max: 3 } }, true], ['m5.large', { NetworkInterfaceCount: { Min: 4 } }, false], ['p4d.24xlarge', { NetworkBandwidthGbps: { Min: 400 } }, true], ['m5.large', { NetworkBandwidthGbps: { Min: 400 } }, false],
    ['p4d.24xlarge', { AcceleratorTypes: ['gpu'], AcceleratorManufacturers: ['nvidia'], AcceleratorNames: ['a100'], AcceleratorCount: { Min: 8, Max: 8 } }, true], ['p4d.24xlarge', { AcceleratorCount: { Max: 0 } }, false], ['m5.large', { AcceleratorCount: { Max: 0 } }, true],
    ['m5.large', { AcceleratorTypes: ['gpu'] }, false], ['p4d.24xlarge', { AcceleratorTypes: ['fpga'] }, false], ['p4d.24xlarge', { AcceleratorTotalMemoryMiB: { Min: 327_680 } }, true], ['p4d.24xlarge', { AcceleratorTotalMemoryMiB: { Min: 327_681 } }, false],
    ['m5.large', { AcceleratorTotalMemoryMiB: { Max: 100 } }, false], ['m5.large', { RequireHibernateSupport: true }, true], ['p4d.24xlarge', { RequireHibernateSupport: true }, false], ['i3.large', { RequireEncryptionInTransit: true }, false], ['c6a.large', { RequireEncryptionInTransit: true }, true],
  ])('%s and %j: %s', (type, wish, expected) => {
    expect(matches(instanceType(type)!, { ...ANY, ...wish })).toBe(expected);
  });

  it('knows accelerators by the names that requirements have', () => {
    const named = (type: string) => acceleratorsOf(instanceType(type)!).map((a) => `${a.type}/${a.manufacturer}/${a.name}/${a.count}`);
    expect(named('f1.2xlarge')).toEqual(['fpga/xilinx/vu9p/1']);
    expect(named('trn1.2xlarge')).toEqual(['inference/amazon-web-services/trainium/1']);
    expect(named('inf1.xlarge')).toEqual(['inference/amazon-web-services/inferentia/1']);
    expect(named('vt1.3xlarge')).toEqual(['media/xilinx/u30/1']);
    expect(named('g4ad.xlarge')).toEqual(['gpu/amd/radeon-pro-v520/1']);
    expect(named('m5.large')).toEqual([]);
  });
});

describe('GetInstanceTypesFromInstanceRequirements', () => {
  let ec2: Caller;
  const input = (InstanceRequirements: Record<string, unknown>, extra: Record<string, unknown> = {}) => ({ ArchitectureTypes: ['x86_64'], VirtualizationTypes: ['hvm'], InstanceRequirements, ...extra });
  beforeAll(async () => {
    ec2 = as(await fogbank());
  });

  it('answers the Region\'s types that fit, in pages', async () => {
    const wish = { VCpuCount: { Min: 2, Max: 2 }, MemoryMiB: { Min: 8192, Max: 8192 }, InstanceGenerations: ['current'], AcceleratorCount: { Max: 0 } };
    const whole: string[] = (await ec2.go('GetInstanceTypesFromInstanceRequirements', input(wish))).InstanceTypes.map((t: { InstanceType: string }) => t.InstanceType);
    expect(whole).toEqual(expect.arrayContaining(['m5.large', 'm6i.large']));
    expect(whole).not.toContain('m7g.large');
    expect(whole).not.toContain('t3.large');
    const pages: string[] = [];
    let NextToken: string | undefined;
    do {
      const page = await ec2.go('GetInstanceTypesFromInstanceRequirements', input(wish, { MaxResults: 5, NextToken }));
      pages.push(...page.InstanceTypes.map((t: { InstanceType: string }) => t.InstanceType));
      NextToken = page.NextToken;
    } while (NextToken);
    expect(pages).toEqual(whole);
  });

  it.each([
    [{ VCpuCount: { Min: 4, Max: 2 }, MemoryMiB: { Min: 0 } }, 'InvalidParameterValue'], [{ VCpuCount: { Min: 1 }, MemoryMiB: { Min: 0 }, AllowedInstanceTypes: ['m5.*'], ExcludedInstanceTypes: ['c5.*'] }, 'InvalidParameterCombination'],
    [{ VCpuCount: { Min: 1 }, MemoryMiB: { Min: 0 }, BaselinePerformanceFactors: { Cpu: { References: [{ InstanceFamily: 'c6i' }] } } }, 'UnsupportedOperation'], [{ VCpuCount: { Max: 1 }, MemoryMiB: { Min: 0 } }, 'MissingParameter'],
  ])('refuses %j', async (wish, code) => {
    expect((await ec2.refused('GetInstanceTypesFromInstanceRequirements', input(wish))).code).toBe(code);
  });
});
