import type { Service } from '../../src/kit/index.ts';
import { snapshotOperations, snapshots } from './snapshots.ts';
import { tagOperations } from './tags.ts';
import { volumeOperations, volumes } from './volumes.ts';

export const ec2: Service = {
  name: 'ec2',
  resources: [volumes, snapshots],
  operations: { ...tagOperations, ...volumeOperations, ...snapshotOperations },
};
