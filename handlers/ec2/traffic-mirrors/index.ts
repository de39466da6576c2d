import type { Family } from '../family.ts';
import { mirrorFilterOperations, mirrorFilterRules, mirrorFilters } from './filters.ts';
import { mirrorSessionOperations, mirrorSessions, mirrorTargets } from './sessions.ts';

export const trafficMirrorsFamily: Family = {
  resources: [mirrorFilters, mirrorFilterRules, mirrorTargets, mirrorSessions],
  operations: { ...mirrorFilterOperations, ...mirrorSessionOperations },
};
