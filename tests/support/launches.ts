import { call } from '../laws/samples/index.ts';
import { as, type Caller } from './others.ts';
import type { Fogbank } from './fogbank.ts';

export interface Launches extends Caller {
  readonly ImageId: string;
  /** An instance with a small type, running at the next request where the pace is instant. */
  run(extra?: Record<string, unknown>): Promise<any>; // eslint-disable-line @typescript-eslint/no-explicit-any -- as the SDK answers it
  one(InstanceId: string): Promise<any>; // eslint-disable-line @typescript-eslint/no-explicit-any -- as above
  /** Stopped, and at rest. */
  stop(InstanceId: string): Promise<void>;
}

export async function imageNamed(fb: Fogbank, name: string, owner = 'amazon'): Promise<string> {
  return (await call(fb, 'DescribeImages', { Owners: [owner], Filters: [{ Name: 'name', Values: [name] }] })).Images[0].ImageId as string;
}

/** Calls about instances, in the default VPC. */
export async function launches(fb: Fogbank): Promise<Launches> {
  const caller = as(fb);
  const ImageId = await imageNamed(fb, 'al2023-ami-2023*-x86_64');
  const one = async (InstanceId: string) => (await caller.go('DescribeInstances', { InstanceIds: [InstanceId] })).Reservations[0].Instances[0];
  return {
    ...caller, ImageId, one,
    run: async (extra = {}) => (await caller.go('RunInstances', { ImageId, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1, ...extra })).Instances[0],
    stop: async (InstanceId) => {
      await caller.go('StopInstances', { InstanceIds: [InstanceId] });
      await one(InstanceId);
    },
  };
}
