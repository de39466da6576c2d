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
/** https://github.com/kubernetes/kubernetes/issues/27534 */
export const invalidDevice = (device: string): AwsError => error('InvalidParameterValue', `Value (${device}) for parameter device is invalid. ${device} is not a valid EBS device name.`);
/** https://github.com/kubernetes-sigs/aws-ebs-csi-driver/pull/2500; assumed: what comes after "please". */
export const attachmentLimitExceeded = (max: number): AwsError =>
  error('AttachmentLimitExceeded', `You may attach up to ${max} devices for this instance type. Please use a larger instance size to attach more volumes. For a detailed list of limits please see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/volume_limits.html`);
/** The EBS CSI driver reads its limit from it: https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/pkg/cloud/cloud.go */
export const io2LimitsExceeded = (): AwsError => error('InvalidParameterCombination', 'io2 volumes configured with greater than 64 TiB or 256K IOPS or 1000:1 IOPS:GB ratio are not supported');
