import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import type { Fogbank } from '../../support/fogbank.ts';
import { call, world, type Sample } from './sample.ts';

const roles = new WeakMap<Fogbank['machine'], Promise<unknown>>();

/** The role of VM Import/Export, made once. */
export function vmimport(fb: Fogbank): Promise<unknown> {
  let made = roles.get(fb.machine);
  const iam = () => new IAMClient({ endpoint: fb.endpoint, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } });
  const trust = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: 'vmie.amazonaws.com' }, Action: 'sts:AssumeRole' }] });
  if (!made) roles.set(fb.machine, (made = iam().send(new CreateRoleCommand({ RoleName: 'vmimport', AssumeRolePolicyDocument: trust }))));
  return made;
}

const images = new WeakMap<Fogbank['machine'], Promise<string>>();

/** One image of the account's own, for all exports. */
function exported(fb: Fogbank): Promise<string> {
  let made = images.get(fb.machine);
  const register = async () => {
    const { snapshot } = await world(fb);
    const wish = { Name: 'to-export', RootDeviceName: '/dev/xvda', Architecture: 'x86_64', VirtualizationType: 'hvm', BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { SnapshotId: snapshot } }] };
    return (await call(fb, 'RegisterImage', wish)).ImageId as string;
  };
  if (!made) images.set(fb.machine, (made = register()));
  return made;
}

export const SAMPLES: Readonly<Record<string, Sample>> = {
  'ec2:import-snapshot-task': {
    operation: 'ImportSnapshot', id: (o) => o.ImportTaskId,
    input: async (fb, n) => (await vmimport(fb), { Description: `disk ${n}`, DiskContainer: { Format: 'RAW', UserBucket: { S3Bucket: 'disks', S3Key: `${n}.raw` } } }),
  },
  'ec2:import-image-task': {
    operation: 'ImportImage', id: (o) => o.ImportTaskId,
    input: async (fb, n) => (await vmimport(fb), { Description: `machine ${n}`, DiskContainers: [{ Format: 'VMDK', Url: `s3://disks/${n}.vmdk` }] }),
  },
  'ec2:export-image-task': {
    operation: 'ExportImage', id: (o) => o.ExportImageTaskId,
    input: async (fb, n) => (await vmimport(fb), { ImageId: await exported(fb), DiskImageFormat: 'VMDK', S3ExportLocation: { S3Bucket: 'disks', S3Prefix: `out/${n}/` } }),
  },
};

export const EXEMPT: Readonly<Record<string, string>> = { 'ec2:export-instance-task': 'of instances of imported images only; vm-import.test.ts' };
