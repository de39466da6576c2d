import type { Family } from '../family.ts';
import { imageOperations, images } from './images.ts';

export const imagesFamily: Family = {
  resources: [images],
  operations: { ...imageOperations },
};
