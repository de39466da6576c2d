import { AwsError } from '../../../src/kit/index.ts';

const error = (code: string, message: string): AwsError => new AwsError(code, message, 400);

export const cannotSharePublicly = (): AwsError =>
  error('OperationNotPermitted', "You can't publicly share this snapshot because block public access for snapshots is enabled for this account. To publicly share the snapshot, you must call the DisableSnapshotBlockPublicAccess API.");
export const defaultKeyCannotBeShared = (): AwsError => error('OperationNotPermitted', 'Encrypted snapshots with EBS default key cannot be shared');
export const encryptedCannotBePublic = (): AwsError => error('OperationNotPermitted', 'Encrypted snapshots cannot be shared publicly');
// assumed: the texts of the following; AWS documents that the calls are refused, and not with which words.
export const snapshotNotOwned = (id: string): AwsError => error('AuthFailure', `Not authorized for snapshot:${id}`);
export const snapshotLocked = (id: string): AwsError => error('OperationNotPermitted', `The snapshot '${id}' is locked and cannot be deleted.`);
export const snapshotNotLocked = (id: string): AwsError => error('IncorrectState', `The snapshot '${id}' is not locked.`);
export const lockedInCompliance = (id: string): AwsError => error('OperationNotPermitted', `The snapshot '${id}' is locked in compliance mode and its cooling-off period has expired.`);
export const snapshotArchived = (id: string): AwsError => error('IncorrectState', `The snapshot '${id}' is in the archive tier. Restore it first.`);
export const snapshotNotArchived = (id: string): AwsError => error('IncorrectState', `The snapshot '${id}' is not in the archive tier.`);
export const tieringInProgress = (id: string): AwsError => error('IncorrectState', `The storage tier of snapshot '${id}' is being changed.`);
export const invalidSnapshotState = (state: string): AwsError => error('IncorrectState', `Snapshot is in invalid state - ${state}`);
