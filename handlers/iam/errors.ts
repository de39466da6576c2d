import { AwsError } from '../../src/kit/index.ts';

/** IAM's errors, one function a code. https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html and each operation's page. */
export const noSuchEntity = (message: string): AwsError => new AwsError('NoSuchEntity', message, 404);
export const entityAlreadyExists = (message: string): AwsError => new AwsError('EntityAlreadyExists', message, 409);
export const deleteConflict = (message: string): AwsError => new AwsError('DeleteConflict', message, 409);
export const limitExceeded = (quota: string, limit: number): AwsError => new AwsError('LimitExceeded', `Cannot exceed quota for ${quota}: ${limit}`, 409);
export const malformedPolicyDocument = (message: string): AwsError => new AwsError('MalformedPolicyDocument', message, 400);
export const validationError = (message: string): AwsError => new AwsError('ValidationError', message, 400);
export const invalidInput = (message: string): AwsError => new AwsError('InvalidInput', message, 400);
export const unmodifiableEntity = (message: string): AwsError => new AwsError('UnmodifiableEntity', message, 400);
/** What services attach to the roles that are linked to them. */
export const policyNotAttachable = (noun: string): AwsError => new AwsError('PolicyNotAttachable', `Cannot attach a Service Role Policy to a Customer ${noun[0]!.toUpperCase()}${noun.slice(1)}.`, 400);
export const accessDenied = (message: string): AwsError => new AwsError('AccessDenied', message, 403);

/** "The user with name ada cannot be found." */
export const notFound = (kind: string) => (names: readonly string[]): AwsError => noSuchEntity(`The ${kind} with name ${names[0]} cannot be found.`);
export const policyNotFound = (arn: string): AwsError => noSuchEntity(`Policy ${arn} was not found.`);
export const versionLimit = (): AwsError => new AwsError('LimitExceeded', 'A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.', 409);
export const passwordPolicyViolation = (message: string): AwsError => new AwsError('PasswordPolicyViolation', message, 400);
export const invalidPublicKey = (): AwsError => new AwsError('InvalidPublicKey', 'The specified public key is not a valid RSA public key in SSH or PEM encoding.', 400);
export const duplicatePublicKey = (): AwsError => new AwsError('DuplicateSSHPublicKey', 'The SSH public key is already associated with the specified IAM user.', 400);
export const invalidAuthenticationCode = (): AwsError => new AwsError('InvalidAuthenticationCode', 'Authentication code for device is not valid.', 403);
export const invalidUserType = (message: string): AwsError => new AwsError('InvalidUserType', message, 400);
export const malformedCertificate = (message: string): AwsError => new AwsError('MalformedCertificate', message, 400);
export const duplicateCertificate = (message: string): AwsError => new AwsError('DuplicateCertificate', message, 409);
export const keyPairMismatch = (message: string): AwsError => new AwsError('KeyPairMismatch', message, 400);
export const reportNotPresent = (): AwsError => new AwsError('ReportNotPresent', 'No report is present. Use the GenerateCredentialReport operation to generate a new report.', 410);
export const reportExpired = (): AwsError => new AwsError('ReportExpired', 'The report has expired. Use the GenerateCredentialReport operation to generate a new report.', 410);
export const reportInProgress = (): AwsError => new AwsError('ReportInProgress', 'Report generation is still in progress.', 404);
export const serviceNotSupported = (message: string): AwsError => new AwsError('NotSupportedService', message, 404);
export const invalidCertificate = (message: string): AwsError => new AwsError('InvalidCertificate', message, 400);
