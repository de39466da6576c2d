import type { Family } from '../family.ts';
import { cancellationOperations } from './cancellations.ts';
import { exportOperations, imageExports, instanceExports } from './export-tasks.ts';
import { importImageOperations, importImageTasks } from './import-image-tasks.ts';
import { importSnapshotOperations, importSnapshotTasks } from './import-snapshot-tasks.ts';

/** VM Import/Export: disks come from files and go to files. https://docs.aws.amazon.com/vm-import/latest/userguide/what-is-vmimport.html */
export const vmImportFamily: Family = {
  resources: [importSnapshotTasks, importImageTasks, imageExports, instanceExports],
  operations: { ...importSnapshotOperations, ...importImageOperations, ...exportOperations, ...cancellationOperations },
  refused: { ImportImage: ['LicenseSpecifications'] },
  effectless: {
    CancelImportTask: { CancelReason: 'no answer shows it' },
    ImportImage: { 'ClientData.UploadStart': 'no answer shows it', 'ClientData.UploadEnd': 'no answer shows it' },
    ImportSnapshot: { 'ClientData.UploadStart': 'no answer shows it', 'ClientData.UploadEnd': 'no answer shows it' },
  },
};
