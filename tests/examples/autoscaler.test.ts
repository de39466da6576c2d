// What a test of your own may look like: with the package installed, './fogbank' below is 'fogbank'.
import { DescribeInstancesCommand, EC2Client, RunInstancesCommand, TerminateInstancesCommand, DescribeImagesCommand } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { startFogbank, type Fogbank, type Snapshot } from '../../src/api/index.ts';

/** The code under test: keeps a number of instances running, taking the first zone that has room. */
async function scaleTo(ec2: EC2Client, wanted: number, imageId: string, zones = ['us-east-1a', 'us-east-1b']): Promise<void> {
  const running = await instances(ec2, ['pending', 'running']);
  const surplus = running.slice(wanted).map((i) => i.id);
  if (surplus.length > 0) await ec2.send(new TerminateInstancesCommand({ InstanceIds: surplus }));
  for (let missing = wanted - running.length; missing > 0; missing--) {
    for (const [n, zone] of zones.entries()) {
      try {
        await ec2.send(new RunInstancesCommand({ ImageId: imageId, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1, Placement: { AvailabilityZone: zone } }));
        break;
      } catch (error) {
        if ((error as Error).name !== 'InsufficientInstanceCapacity' || n === zones.length - 1) throw error;
      }
    }
  }
}

async function instances(ec2: EC2Client, states: string[]): Promise<{ id: string; zone: string }[]> {
  const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ Filters: [{ Name: 'instance-state-name', Values: states }] }));
  return Reservations.flatMap((r) => r.Instances ?? []).map((i) => ({ id: i.InstanceId!, zone: i.Placement!.AvailabilityZone! }));
}

let fogbank: Fogbank;
let ec2: EC2Client;
let image: string;
let two: Snapshot;

beforeAll(async () => {
  fogbank = await startFogbank({ clock: 'held', seed: 'autoscaler' });
  ec2 = new EC2Client({ ...fogbank.clientConfig(), maxAttempts: 3 });
  const { Images } = await ec2.send(new DescribeImagesCommand({ Owners: ['amazon'], Filters: [{ Name: 'name', Values: ['al2023-ami-2023*'] }, { Name: 'architecture', Values: ['x86_64'] }] }));
  image = Images![0]!.ImageId!;
  await scaleTo(ec2, 2, image);
  await fogbank.clock.advance('1m');
  two = await fogbank.snapshot();
});
beforeEach(async () => {
  fogbank.faults.clear();
  await fogbank.restore(two);
});
afterAll(() => fogbank.stop());

it('goes to another zone where the first has no capacity', async () => {
  fogbank.faults.add({ match: { operation: 'RunInstances', zone: 'us-east-1a' }, effect: { error: 'InsufficientInstanceCapacity' } });
  await scaleTo(ec2, 4, image);
  expect((await instances(ec2, ['pending'])).map((i) => i.zone)).toEqual(['us-east-1b', 'us-east-1b']);
});

it('gives up where no zone has capacity', async () => {
  fogbank.faults.add({ match: { parameters: { InstanceType: 't3.*' } }, effect: { error: 'InsufficientInstanceCapacity' } });
  await expect(scaleTo(ec2, 3, image)).rejects.toMatchObject({ name: 'InsufficientInstanceCapacity' });
});

it('comes through throttling', async () => {
  const fault = fogbank.faults.add({ match: { service: 'ec2' }, effect: { error: 'RequestLimitExceeded' }, when: { first: 1 } });
  await scaleTo(ec2, 1, image);
  expect(fault.struck).toBe(1);
});

it('terminated instances are gone an hour later', async () => {
  await scaleTo(ec2, 0, image);
  await fogbank.clock.advance('1m');
  expect(await instances(ec2, ['terminated'])).toHaveLength(2);
  await fogbank.clock.advance('1h');
  expect(await instances(ec2, ['terminated'])).toEqual([]);
});
