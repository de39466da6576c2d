import { CreateVolumeCommand, DescribeVolumesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { useFogbank } from '../../../src/api/jest.ts';

// jest has its hooks as globals; these are of the same kind.
Object.assign(globalThis, { beforeAll, beforeEach, afterAll });
const fogbank = useFogbank();

it.each([1, 2])('each test begins with an empty world: %i', async () => {
  const ec2 = new EC2Client(fogbank().clientConfig());
  expect((await ec2.send(new DescribeVolumesCommand({}))).Volumes).toEqual([]);
  await ec2.send(new CreateVolumeCommand({ AvailabilityZone: 'us-east-1a', Size: 1 }));
  expect((await ec2.send(new DescribeVolumesCommand({}))).Volumes).toHaveLength(1);
});
