import { NOTHING_MANAGED, NO_OPERATING_SYSTEM, type Family } from '../family.ts';
import { encryptionOperations } from './encryption.ts';
import { volumeAttachmentOperations } from './volume-attachments.ts';
import { volumeAttributeOperations } from './volume-attributes.ts';
import { volumeCopyOperations } from './volume-copies.ts';
import { volumeModificationOperations, volumeModifications } from './volume-modifications.ts';
import { volumeOperations, volumes } from './volumes.ts';

export const volumesFamily: Family = {
  resources: [volumes, volumeModifications],
  operations: { ...volumeOperations, ...volumeAttachmentOperations, ...volumeModificationOperations, ...volumeAttributeOperations, ...volumeCopyOperations, ...encryptionOperations },
  refused: { CreateVolume: ['OutpostArn', 'Operator'], AttachVolume: ['EbsCardIndex'] },
  effectless: {
    DetachVolume: { Force: NO_OPERATING_SYSTEM },
    DescribeVolumes: { IncludeManagedResources: NOTHING_MANAGED },
    DescribeVolumeStatus: { IncludeManagedResources: NOTHING_MANAGED },
    DescribeVolumesModifications: { IncludeManagedResources: NOTHING_MANAGED },
  },
};
