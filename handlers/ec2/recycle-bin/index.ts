import type { Family } from '../family.ts';
import { recycled } from './recycled.ts';
import { restorationOperations } from './restorations.ts';
import { retentionRules } from './retention-rules.ts';

/** https://docs.aws.amazon.com/ebs/latest/userguide/recycle-bin.html */
export const recycleBinFamily: Family = { resources: [retentionRules, recycled], operations: restorationOperations };
