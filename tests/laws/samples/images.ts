import { call, world, type Sample } from './sample.ts';
import type { Fogbank } from '../../support/fogbank.ts';

const registered = async (fb: Fogbank, n: number): Promise<string> =>
  (await call(fb, 'RegisterImage', { Name: `reported-${n}-${(await call(fb, 'DescribeImages', { Owners: ['self'] })).Images.length}`, RootDeviceName: '/dev/xvda', BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { SnapshotId: (await world(fb)).snapshot } }] })).ImageId;

const reported = new WeakMap<Fogbank, Promise<string>>();

/** One image for all reports of a Fogbank. */
function reportedImage(fb: Fogbank): Promise<string> {
  let made = reported.get(fb);
  if (!made) reported.set(fb, (made = registered(fb, 1)));
  return made;
}

export const SAMPLES: Readonly<Record<string, Sample>> = {
  'ec2:image-usage-report': {
    operation: 'CreateImageUsageReport', input: async (fb) => ({ ImageId: await reportedImage(fb), ResourceTypes: [{ ResourceType: 'ec2:Instance' }] }), id: (o) => o.ReportId,
  },
};

export const EXEMPT: Readonly<Record<string, string>> = {
  'ec2:account-setting': 'what an account has set for itself; each setting has an operation of its own that shows it',
  'ec2:share': 'who may use what others own; seen through DescribeImages and DescribeSnapshots',
  'ec2:snapshot-lock': 'one a snapshot, made by LockSnapshot; its own test file',
  'ec2:snapshot-tiering': 'one a snapshot, shown by DescribeSnapshotTierStatus; its own test file',
  'ec2:fast-snapshot-restore': 'one a snapshot and zone, listed without ids; its own test file',
  'ec2:store-image-task': 'listed by the image that is stored, without ids of its own; stored-images.test.ts',
  'ec2:recycle-bin-rule': 'made by the control API; recycle-bin.test.ts',
  'ec2:recycled-resource': 'what was deleted, listed by its own kind; recycle-bin.test.ts',
  'ec2:fast-launch': 'one a Windows image, made by EnableFastLaunch; its own test file',
};
