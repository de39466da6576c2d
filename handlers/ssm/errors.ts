import { AwsError } from '../../src/kit/index.ts';

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html#API_PutParameter_Errors and the other operations' pages */
const error = (code: string, message: string): AwsError => new AwsError(code, message, 400);

export const validation = (message: string): AwsError => error('ValidationException', message);

/** As AWS answered it: https://github.com/localstack/localstack/issues/7712 */
export const invalidName = (): AwsError =>
  validation('Parameter name: can\'t be prefixed with "ssm" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_');
/** https://github.com/aws-samples/resource-autotagger/issues/1 */
export const invalidPath = (): AwsError =>
  validation('The parameter doesn\'t meet the parameter name requirements. The parameter name must begin with a forward slash "/". It can\'t be prefixed with "aws" or "ssm" (case-insensitive). It must use only letters, numbers, or the following symbols: . (period), - (hyphen), _ (underscore). Special characters are not allowed. All sub-paths, if specified, must use the forward slash symbol "/". Valid example: /get/parameters2-/by1./path0_.');
/** https://github.com/aws-solutions/quota-monitor-for-aws/issues/30 */
export const reservedName = (name: string): AwsError => error('AccessDeniedException', `No access to reserved parameter name: ${name}.`);
// assumed: the text is that of the error's documentation.
export const tooManyLevels = (): AwsError => error('HierarchyLevelLimitExceededException', 'A hierarchy can have a maximum of 15 levels.');

/** AWS says nothing beside the code: https://github.com/aws-solutions/aws-control-tower-customizations/pull/68 */
export const parameterNotFound = (): AwsError => error('ParameterNotFound', '');
export const versionNotFound = (version: number | string, name: string): AwsError => error('ParameterVersionNotFound', `Systems Manager could not find version ${version} of ${name}. Verify the version and try again.`);
// assumed: the code of a label that no version has, and its text.
export const labelNotFound = (label: string, name: string): AwsError => error('ParameterVersionNotFound', `Systems Manager could not find label ${label} for parameter ${name}. Verify the label and try again.`);
export const parameterAlreadyExists = (): AwsError => error('ParameterAlreadyExists', 'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.');
/** https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-versions.html */
export const versionLimit = (name: string, oldest: number): AwsError =>
  error('ParameterMaxVersionLimitExceeded', `You attempted to create a new version of ${name} by calling the PutParameter API with the overwrite flag. Version ${oldest}, the oldest version, can't be deleted because it has a label associated with it. Move the label to another version of the parameter, and try again.`);
export const labelLimit = (): AwsError => error('ParameterVersionLabelLimitExceeded', 'A parameter version can have maximum 10 labels.Move one or more labels to another version and try again.');

export const patternMismatch = (pattern: string): AwsError => error('ParameterPatternMismatchException', `Parameter value, cannot be validated against allowedPattern: ${pattern}`);
// assumed: the text.
export const invalidPattern = (pattern: string): AwsError => error('InvalidAllowedPatternException', `The allowed pattern is not a valid regular expression: ${pattern}`);
// assumed: the text.
export const invalidKeyId = (id: string): AwsError => error('InvalidKeyId', `Invalid keyId ${id}`);

export const invalidNextToken = (): AwsError => error('InvalidNextToken', 'The specified token is not valid.');
export const invalidFilterKey = (message: string): AwsError => error('InvalidFilterKey', message);
export const invalidFilterOption = (option: string, valid: readonly string[]): AwsError => error('InvalidFilterOption', `The following filter option is not valid: ${option}. Valid options include: [${valid.join(', ')}].`);
export const invalidFilterValue = (message: string): AwsError => error('InvalidFilterValue', message);

// assumed: the texts are those of the errors' documentation.
export const invalidResourceId = (): AwsError => error('InvalidResourceId', 'The resource ID is not valid. Verify that you entered the correct ID and try again.');
export const tooManyTags = (): AwsError => error('TooManyTagsError', 'The Targets parameter includes too many tags. Remove one or more tags and try the command again.');
