import type { Fogbank } from '../../support/fogbank.ts';
import { call, image, world, type Sample } from './sample.ts';

const machines = new WeakMap<Fogbank['ec2'], Map<number, Promise<string>>>();

async function launch(fb: Fogbank): Promise<string> {
  const { Instances } = await call(fb, 'RunInstances', { ImageId: await image(fb), MinCount: 1, MaxCount: 1, InstanceType: 't3.micro', SubnetId: (await world(fb)).subnet });
  await call(fb, 'DescribeInstances', { InstanceIds: [Instances[0].InstanceId] });
  return Instances[0].InstanceId as string;
}

/** One instance for each sample: asked again, it is the same. */
function instance(fb: Fogbank, n: number): Promise<string> {
  let made = machines.get(fb.ec2);
  if (!made) machines.set(fb.ec2, (made = new Map()));
  let one = made.get(n);
  if (!one) made.set(n, (one = launch(fb)));
  return one;
}

const macs = new WeakMap<Fogbank['machine'], Promise<string>>();

/** An instance on a Mac of its own: one of Intel's, where the type does not say otherwise. */
export async function launchMac(fb: Fogbank, type = 'mac1.metal', Architecture = 'x86_64_mac'): Promise<string> {
  const { snapshot } = await world(fb);
  const { HostIds } = await call(fb, 'AllocateHosts', { InstanceType: type, AvailabilityZone: 'us-east-1a', Quantity: 1 });
  const { ImageId } = await call(fb, 'RegisterImage', { Name: `macos-${type}`, RootDeviceName: '/dev/sda1', Architecture, VirtualizationType: 'hvm', EnaSupport: true, BlockDeviceMappings: [{ DeviceName: '/dev/sda1', Ebs: { SnapshotId: snapshot } }] });
  const { Subnets } = await call(fb, 'DescribeSubnets', { Filters: [{ Name: 'availability-zone', Values: ['us-east-1a'] }, { Name: 'default-for-az', Values: ['true'] }] });
  const { Instances } = await call(fb, 'RunInstances', { ImageId, InstanceType: type, MinCount: 1, MaxCount: 1, SubnetId: Subnets[0].SubnetId, Placement: { Tenancy: 'host', HostId: HostIds[0] } });
  return Instances[0].InstanceId as string;
}

function mac(fb: Fogbank): Promise<string> {
  let made = macs.get(fb.machine);
  if (!made) macs.set(fb.machine, (made = launchMac(fb)));
  return made;
}

export const SAMPLES: Readonly<Record<string, Sample>> = {
  'ec2:mac-modification-task': {
    operation: 'CreateMacSystemIntegrityProtectionModificationTask', input: async (fb) => ({ InstanceId: await mac(fb), MacSystemIntegrityProtectionStatus: 'disabled' }), id: (o) => o.MacModificationTask.MacModificationTaskId,
  },
  'ec2:placement-group': { operation: 'CreatePlacementGroup', input: async (_fb, n) => ({ GroupName: `group-${n}`, Strategy: 'spread' }), id: (o) => o.PlacementGroup.GroupId },
  'ec2:instance-connect-endpoint': { operation: 'CreateInstanceConnectEndpoint', input: async (fb) => ({ SubnetId: (await world(fb)).subnet }), id: (o) => o.InstanceConnectEndpoint.InstanceConnectEndpointId },
  'ec2:instance-event-window': { operation: 'CreateInstanceEventWindow', input: async (_fb, n) => ({ Name: `window-${n}`, CronExpression: '* 0-4,20-23 * * 1,5' }), id: (o) => o.InstanceEventWindow.InstanceEventWindowId },
  'ec2:replace-root-volume-task': { operation: 'CreateReplaceRootVolumeTask', input: async (fb, n) => ({ InstanceId: await instance(fb, n) }), id: (o) => o.ReplaceRootVolumeTask.ReplaceRootVolumeTaskId },
};

export const EXEMPT: Readonly<Record<string, string>> = {
  'ec2:instance-event': 'scheduled by the control API, shown by the status of its instance; scheduled-events.test.ts',
  'ec2:enclave-certificate-association': 'a certificate and a role, listed under the certificate; its own test file',
};
