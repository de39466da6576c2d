import type { Family } from '../family.ts';
import { fastSnapshotRestoreOperations, fastSnapshotRestores } from './fast-snapshot-restores.ts';
import { snapshotAttributeOperations } from './snapshot-attributes.ts';
import { snapshotCopyOperations } from './snapshot-copies.ts';
import { snapshotLockOperations, snapshotLocks } from './snapshot-locks.ts';
import { snapshotTierOperations, snapshotTierings } from './snapshot-tiers.ts';
import { snapshotOperations, snapshots } from './snapshots.ts';

export const snapshotsFamily: Family = {
  resources: [snapshots, snapshotLocks, snapshotTierings, fastSnapshotRestores],
  operations: { ...snapshotOperations, ...snapshotAttributeOperations, ...snapshotCopyOperations, ...snapshotLockOperations, ...snapshotTierOperations, ...fastSnapshotRestoreOperations },
  refused: { CreateSnapshot: ['OutpostArn'], CreateSnapshots: ['OutpostArn'], CopySnapshot: ['DestinationOutpostArn', 'DestinationAvailabilityZone'] },
};
