import { AwsError } from '../../../src/kit/index.ts';

const error = (code: string, message: string): AwsError => new AwsError(code, message, 400);

export const hibernationUnsupported = (message: string): AwsError => error('UnsupportedHibernationConfiguration', message);
export const cpuOptionsIncomplete = (): AwsError => error('MissingParameter', 'When specifying CpuOptions you must specify both CoreCount and ThreadsPerCore.');
export const enaRequired = (type: string): AwsError =>
  error('InvalidParameterCombination', `Enhanced networking with the Elastic Network Adapter (ENA) is required for the '${type}' instance type. Ensure that you are using an AMI that is enabled for ENA.`);
export const ebsOptimizationUnsupported = (): AwsError => error('Unsupported', 'EBS-optimized instances are not supported for your requested configuration. Please check the documentation for supported configurations.');
export const invalidAttributeValue = (value: string, attribute: string): AwsError => error('InvalidInstanceAttributeValue', `Invalid value '${value}' for ${attribute}.`);
export const privateAddressLimit = (): AwsError => error('PrivateIpAddressLimitExceeded', 'Number of private addresses will exceed limit.');
export const invalidInstanceState = (id: string, wanted: string): AwsError => error('IncorrectInstanceState', `The instance '${id}' is not in the '${wanted}' state.`);
export const unsupportedTenancy = (message: string): AwsError => error('InvalidRequest', message);
// assumed: the text; AWS documents the code.
export const tokensEnforced = (): AwsError =>
  error('UnsupportedOperation', 'The account requires instances to use IMDSv2 only: the parameter HttpTokens must be set to required.');
export const eventWindowNotFound = (ids: readonly string[]): AwsError => error('InvalidInstanceEventWindowId.NotFound', `The instance event window ID '${ids.join(', ')}' does not exist`);
export const replaceTaskNotFound = (ids: readonly string[]): AwsError => error('InvalidReplaceRootVolumeTaskId.NotFound', `The replace root volume task ID '${ids.join(', ')}' does not exist`);
/** Their codes are listed at https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html. assumed: the words. */
export const eventNotFound = (id: string): AwsError => error('InvalidInstanceEventIDNotFound', `The event ID '${id}' does not exist`);
export const eventStartTime = (message: string): AwsError => error('InvalidInstanceEventStartTime', message);
// assumed: the codes and words of what is about Macs.
export const macTaskNotFound = (ids: readonly string[]): AwsError => error('InvalidMacModificationTaskId.NotFound', `The Mac modification task ID '${ids.join(', ')}' does not exist`);
export const macTaskUnderway = (id: string, taskId: string): AwsError => error('IncorrectInstanceState', `The instance '${id}' is being modified by the task ${taskId}.`);
export const noMac = (id: string): AwsError => error('UnsupportedOperation', `The instance type of '${id}' does not support this operation.`);
export const macCredentials = (): AwsError => error('InvalidParameterValue', 'The value for parameter macCredentials is invalid. It must be JSON with rootVolumeUsername and rootVolumepassword.');
