import type { Family } from '../family.ts';
import { snapshotOperations, snapshots } from './snapshots.ts';

export const snapshotsFamily: Family = {
  resources: [snapshots],
  operations: { ...snapshotOperations },
};
