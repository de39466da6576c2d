import type { Family } from '../family.ts';
import { placementGroupOperations, placementGroups } from './placement-groups.ts';

export const placementGroupsFamily: Family = { resources: [placementGroups], operations: { ...placementGroupOperations } };
