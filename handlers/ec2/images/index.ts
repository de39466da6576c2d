import type { Family } from '../family.ts';
import { allowedImagesOperations } from './allowed-images.ts';
import { deregisteredImages } from './deregistered-images.ts';
import { fastLaunches, fastLaunchOperations } from './fast-launches.ts';
import { imageAncestryOperations } from './image-ancestries.ts';
import { imageAttributeOperations } from './image-attributes.ts';
import { imageCopyOperations } from './image-copies.ts';
import { imageInstanceTypeOperations } from './image-instance-types.ts';
import { imageMakingOperations } from './image-making.ts';
import { imageReferenceOperations } from './image-references.ts';
import { imageStateOperations } from './image-states.ts';
import { imageUsageReportOperations, imageUsageReports } from './image-usage-reports.ts';
import { imageWatermarkOperations } from './image-watermarks.ts';
import { imageOperations, images } from './images.ts';
import { instanceImageMetadataOperations } from './instance-image-metadata.ts';
import { storedImageOperations, storeTasks } from './stored-images.ts';

export const imagesFamily: Family = {
  resources: [images, deregisteredImages, imageUsageReports, fastLaunches, storeTasks],
  operations: {
    ...imageOperations, ...imageMakingOperations, ...imageCopyOperations, ...imageAttributeOperations, ...imageStateOperations, ...imageWatermarkOperations, ...imageInstanceTypeOperations,
    ...imageAncestryOperations, ...imageReferenceOperations, ...imageUsageReportOperations, ...instanceImageMetadataOperations, ...allowedImagesOperations, ...fastLaunchOperations, ...storedImageOperations,
  },
  refused: {
    ReplaceImageCriteriaInAllowedImagesSettings: ['ImageCriteria.ScanResultCondition'],
    RegisterImage: ['ImageLocation', 'KernelId', 'RamdiskId', 'BillingProducts'],
    CopyImage: ['DestinationOutpostArn', 'DestinationAvailabilityZone', 'DestinationAvailabilityZoneId'],
  },
  effectless: { CreateImage: { NoReboot: 'a reboot is nowhere seen, and no file system could be caught in the middle of a write' } },
};
