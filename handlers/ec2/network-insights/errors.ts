import { AwsError } from '../../../src/kit/index.ts';

/** The codes are those of https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html; the texts are not documented there. */
export const pathNotFound = (ids: readonly string[]): AwsError => new AwsError('InvalidNetworkInsightsPathId.NotFound', `The networkInsightsPath ID '${ids.join(', ')}' does not exist`);
export const analysisNotFound = (ids: readonly string[]): AwsError => new AwsError('InvalidNetworkInsightsAnalysisId.NotFound', `The networkInsightsAnalysis ID '${ids.join(', ')}' does not exist`);
export const scopeNotFound = (ids: readonly string[]): AwsError => new AwsError('InvalidNetworkInsightsAccessScopeId.NotFound', `The networkInsightsAccessScope ID '${ids.join(', ')}' does not exist`);
export const scopeAnalysisNotFound = (ids: readonly string[]): AwsError => new AwsError('InvalidNetworkInsightsAccessScopeAnalysisId.NotFound', `The networkInsightsAccessScopeAnalysis ID '${ids.join(', ')}' does not exist`);
export const pathInUse = (id: string, analyses: readonly string[]): AwsError => new AwsError('AnalysisExistsForNetworkInsightsPath', `The network insights path '${id}' has analyses: ${analyses.join(', ')}. Delete them first.`);
export const scopeInUse = (id: string, analyses: readonly string[]): AwsError => new AwsError('AnalysisExistsForNetworkInsightsAccessScope', `The network insights access scope '${id}' has analyses: ${analyses.join(', ')}. Delete them first.`);
