import type { Family } from '../family.ts';
import { accessScopeAnalyses, accessScopeAnalysisOperations } from './access-scope-analyses.ts';
import { accessScopeOperations, accessScopes } from './access-scopes.ts';
import { analyses, analysisOperations } from './analyses.ts';
import { pathOperations, paths } from './paths.ts';

/** Whether and by which way traffic gets from one place to another, computed from what exists. */
export const networkInsightsFamily: Family = {
  resources: [paths, analyses, accessScopes, accessScopeAnalyses],
  operations: { ...pathOperations, ...analysisOperations, ...accessScopeOperations, ...accessScopeAnalysisOperations },
};
