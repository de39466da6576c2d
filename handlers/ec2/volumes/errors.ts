import { AwsError } from '../../../src/kit/index.ts';

const error = (code: string, message: string): AwsError => new AwsError(code, message, 400);

/** A volume is changed four times a day at most. */
export const modificationRateExceeded = (hours: number): AwsError =>
  error('VolumeModificationRateExceeded', `You've reached the maximum modification rate per volume limit. Wait at least ${hours} hours between modifications per EBS volume.`);
// assumed: a key in no known form is told as an invalid parameter.
export const malformedKey = (key: string): AwsError => error('InvalidParameterValue', `Value (${key}) for parameter kmsKeyId is invalid. Expected a key ID, a key ARN, an alias name or an alias ARN.`);
export const keyOfAnotherRegion = (key: string, region: string): AwsError => error('InvalidParameterValue', `Value (${key}) for parameter kmsKeyId is invalid. The key must be in the Region ${region}.`);
/** https://github.com/keithvassallomt/parsec-aws-automation/issues/12 */
export const keyNeedsEncryption = (): AwsError => error('InvalidParameterDependency', 'The parameter KmsKeyId requires the parameter Encrypted to be set.');
