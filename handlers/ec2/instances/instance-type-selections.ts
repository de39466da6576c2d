import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import { pageOf, type Handlers } from '../../../src/kit/index.ts';
import { offeredTypes } from '../catalog/instance-type-offerings.ts';
import { instanceType } from '../catalog/instance-types.ts';
import * as errors from '../errors.ts';
import { matches, type Requirements } from './instance-requirements.ts';

const RANGES = [
  'VCpuCount', 'MemoryMiB', 'MemoryGiBPerVCpu', 'NetworkInterfaceCount', 'TotalLocalStorageGB', 'BaselineEbsBandwidthMbps', 'AcceleratorCount', 'AcceleratorTotalMemoryMiB', 'NetworkBandwidthGbps',
] as const;
const LIST_MAX = 400;

export function checkRequirements(wish: Requirements): void {
  if (wish.VCpuCount?.Min === undefined) throw errors.missingParameter('InstanceRequirements.VCpuCount.Min');
  if (wish.MemoryMiB?.Min === undefined) throw errors.missingParameter('InstanceRequirements.MemoryMiB.Min');
  for (const name of RANGES) {
    const { Min: min, Max: max } = wish[name] ?? {};
    if ((min ?? 0) < 0 || (max ?? 0) < 0) throw errors.invalidParameterValue(`The values of ${name} cannot be negative`);
    if (min !== undefined && max !== undefined && min > max) throw errors.invalidParameterValue(`The minimum of ${name} cannot be greater than its maximum`);
  }
  if (wish.AllowedInstanceTypes?.length && wish.ExcludedInstanceTypes?.length) throw errors.invalidParameterCombination('AllowedInstanceTypes and ExcludedInstanceTypes cannot be specified together');
  if ((wish.AllowedInstanceTypes?.length ?? 0) > LIST_MAX || (wish.ExcludedInstanceTypes?.length ?? 0) > LIST_MAX) throw errors.invalidParameterValue(`A list of instance types can have up to ${LIST_MAX} entries`);
  // Which types perform better than another family is in no data that Fogbank has.
  if (wish.BaselinePerformanceFactors !== undefined) throw errors.unsupportedOperation('The parameter BaselinePerformanceFactors is not supported by Fogbank yet.');
  if (wish.MaxSpotPriceAsPercentageOfOptimalOnDemandPrice !== undefined && wish.SpotMaxPricePercentageOverLowestPrice !== undefined) {
    throw errors.invalidParameterCombination('Only one of MaxSpotPriceAsPercentageOfOptimalOnDemandPrice and SpotMaxPricePercentageOverLowestPrice can be specified');
  }
}

export const instanceTypeSelectionOperations = {
  /** assumed: prices, which protect requests and fleets, do not narrow this preview. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-fleet-attribute-based-instance-type-selection.html#ec2fleet-get-instance-types-from-instance-requirements */
  GetInstanceTypesFromInstanceRequirements: async (input, ctx) => {
    if (input.Context !== undefined) throw errors.unsupportedOperation('The parameter Context is reserved.');
    const wish = input.InstanceRequirements;
    checkRequirements(wish);
    const selected = offeredTypes(ctx.region).filter((name) => {
      const info = instanceType(name)!;
      return info.ProcessorInfo!.SupportedArchitectures!.some((a) => input.ArchitectureTypes.includes(a)) && info.SupportedVirtualizationTypes!.some((v) => input.VirtualizationTypes.includes(v)) && matches(info, wish);
    });
    const { items, next } = pageOf(selected.map((InstanceType) => ({ InstanceType })), input);
    return { InstanceTypes: items, ...next };
  },
} satisfies Handlers<Ec2Operations>;
