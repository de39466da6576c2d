import type { Family } from '../family.ts';
import { prefixListOperations, prefixLists } from './prefix-lists.ts';
import { prefixListReferenceOperations } from './references.ts';

export const prefixListsFamily: Family = {
  resources: [prefixLists],
  operations: { ...prefixListOperations, ...prefixListReferenceOperations },
};
