import type { Family } from '../family.ts';
import { encryptionOperations } from './encryption.ts';
import { volumeAttachmentOperations } from './volume-attachments.ts';
import { volumeAttributeOperations } from './volume-attributes.ts';
import { volumeCopyOperations } from './volume-copies.ts';
import { volumeModificationOperations, volumeModifications } from './volume-modifications.ts';
import { volumeOperations, volumes } from './volumes.ts';

export const volumesFamily: Family = {
  resources: [volumes, volumeModifications],
  operations: { ...volumeOperations, ...volumeAttachmentOperations, ...volumeModificationOperations, ...volumeAttributeOperations, ...volumeCopyOperations, ...encryptionOperations },
};
