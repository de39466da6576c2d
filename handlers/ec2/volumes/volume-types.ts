import * as errors from '../errors.ts';
import { io2LimitsExceeded } from './errors.ts';

export type VolumeKind = 'gp2' | 'gp3' | 'io1' | 'io2' | 'st1' | 'sc1' | 'standard';

interface Limits {
  readonly sizeGibMin: number;
  readonly sizeGibMax: number;
  readonly iops?: { readonly min: number; readonly max: number; readonly perGib: number; readonly required?: true };
  readonly throughputMibps?: { readonly min: number; readonly max: number };
}

/** https://docs.aws.amazon.com/ebs/latest/userguide/ebs-volume-types.html */
export const VOLUME_TYPES: ReadonlyMap<VolumeKind, Limits> = new Map<VolumeKind, Limits>([
  ['gp2', { sizeGibMin: 1, sizeGibMax: 16_384 }],
  ['gp3', { sizeGibMin: 1, sizeGibMax: 65_536, iops: { min: 3000, max: 80_000, perGib: 500 }, throughputMibps: { min: 125, max: 2000 } }],
  ['io1', { sizeGibMin: 4, sizeGibMax: 16_384, iops: { min: 100, max: 64_000, perGib: 50, required: true } }],
  ['io2', { sizeGibMin: 4, sizeGibMax: 65_536, iops: { min: 100, max: 256_000, perGib: 1000, required: true } }],
  ['st1', { sizeGibMin: 125, sizeGibMax: 16_384 }],
  ['sc1', { sizeGibMin: 125, sizeGibMax: 16_384 }],
  ['standard', { sizeGibMin: 1, sizeGibMax: 1024 }],
]);

export interface VolumeRequest {
  readonly type: VolumeKind;
  readonly sizeGib: number;
  readonly iops?: number | undefined;
  readonly throughputMibps?: number | undefined;
  readonly multiAttach?: boolean | undefined;
}

/** A type's limits on size, IOPS and throughput. Throws EC2's errors. */
export function checkVolume({ type, sizeGib, iops, throughputMibps, multiAttach }: VolumeRequest): void {
  const limits = VOLUME_TYPES.get(type)!;
  if (type === 'io2' && (sizeGib > limits.sizeGibMax || (iops ?? 0) > Math.min(limits.iops!.max, limits.iops!.perGib * sizeGib))) throw io2LimitsExceeded();
  if (sizeGib < limits.sizeGibMin) throw errors.invalidParameterValue(`Volume of ${sizeGib}GiB is too small for volume type ${type}; minimum is ${limits.sizeGibMin}GiB.`);
  if (sizeGib > limits.sizeGibMax) throw errors.invalidParameterValue(`Volume of ${sizeGib}GiB is too large for volume type ${type}; maximum is ${limits.sizeGibMax}GiB.`);
  if (iops === undefined && limits.iops?.required) throw errors.missingParameter('iops');
  if (iops !== undefined) checkIops(type, sizeGib, iops, limits);
  if (throughputMibps !== undefined) {
    if (!limits.throughputMibps) throw errors.invalidParameterCombination(`The parameter throughput is not supported for ${type} volumes.`);
    if (throughputMibps < limits.throughputMibps.min) throw errors.invalidParameterValue(`Throughput (MiBps) of ${throughputMibps} is too low; minimum is ${limits.throughputMibps.min}.`);
    if (throughputMibps > limits.throughputMibps.max) throw errors.invalidParameterValue(`Throughput (MiBps) of ${throughputMibps} is too high; maximum is ${limits.throughputMibps.max}.`);
    // A quarter of a MiB/s for every provisioned IOPS.
    if (throughputMibps > (iops ?? 3000) * 0.25) throw errors.invalidParameterValue(`Throughput (MiBps) to iops ratio of ${throughputMibps / (iops ?? 3000)} is too high; maximum is 0.250000 MiBps per iops.`);
  }
  if (multiAttach && type !== 'io1' && type !== 'io2') throw errors.invalidParameterCombination(`Multi-Attach is not supported for ${type} volumes.`);
}

function checkIops(type: VolumeKind, sizeGib: number, iops: number, limits: Limits): void {
  if (!limits.iops) throw errors.invalidParameterCombination(`The parameter iops is not supported for ${type} volumes.`);
  if (iops < limits.iops.min) throw errors.invalidParameterValue(`Volume iops of ${iops} is too low; minimum is ${limits.iops.min}.`);
  if (iops > limits.iops.max) throw errors.invalidParameterValue(`Volume iops of ${iops} is too high; maximum is ${limits.iops.max}.`);
  // gp3 has its baseline whatever the size.
  if (iops > limits.iops.perGib * sizeGib && !(type === 'gp3' && iops === limits.iops.min)) {
    throw errors.invalidParameterValue(`Iops to volume size ratio of ${(iops / sizeGib).toFixed(6)} is too high; maximum is ${limits.iops.perGib}`);
  }
}

/** What DescribeVolumes shows where the caller gave none: gp2 has 3 IOPS per GiB within 100..16,000, gp3 its baseline. */
export function defaultIops(type: VolumeKind, sizeGib: number): number | undefined {
  if (type === 'gp2') return Math.min(16_000, Math.max(100, sizeGib * 3));
  return type === 'gp3' ? 3000 : undefined;
}

export const defaultThroughput = (type: VolumeKind): number | undefined => (type === 'gp3' ? 125 : undefined);
