import { AwsError } from '../../../src/kit/index.ts';

const error = (code: string, message: string): AwsError => new AwsError(code, message, 400);

export const imageNotOwned = (id: string): AwsError => error('AuthFailure', `Not authorized for image:${id}`);
/** As DescribeImageAttribute answers; of others too: https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/ec2/ec2_ami.go */
export const imageGone = (id: string): AwsError => error('InvalidAMIID.Unavailable', `The image ID '${id}' is no longer available`);
export const imageBlockedFromPublic = (): AwsError =>
  error('OperationNotPermitted', 'You can’t publicly share this image because block public access for AMIs is enabled for this account. To publicly share the image, you must call the DisableImageBlockPublicAccess API.');
export const managedKeyCannotBeShared = (): AwsError => error('InvalidParameter', `Snapshots encrypted with the AWS Managed CMK can't be shared. Specify another snapshot.`);
export const storageNotAccessible = (): AwsError => error('InvalidRequest', 'You do not have permission to access the storage of this ami');
export const encryptedFlagWithSnapshot = (device: string): AwsError => error('InvalidBlockDeviceMapping', `the encrypted flag cannot be specified since device ${device} has a snapshot specified.`);
// assumed: the texts of the following; AWS documents that the calls are refused, and not with which words.
export const deregistrationProtected = (id: string): AwsError => error('OperationNotPermitted', `The image '${id}' cannot be deregistered because deregistration protection is enabled. Disable it and try again.`);
export const deregistrationCooldown = (id: string, until: string): AwsError => error('OperationNotPermitted', `The image '${id}' cannot be deregistered until ${until} because its deregistration protection was disabled during a cooldown period.`);
export const incorrectImageState = (id: string, state: string): AwsError => error('IncorrectState', `The image '${id}' is in the '${state}' state.`);
export const launchPermissionNotFound = (id: string): AwsError => error('OperationNotPermitted', `The image '${id}' is not shared with your account by its account ID.`);
export const typeNotSupportedByImage = (type: string, id: string): AwsError => error('InvalidParameterCombination', `The instance type '${type}' is not supported by the instance type specification of image '${id}'.`);
export const reportNotFound = (ids: readonly string[]): AwsError => error('InvalidImageUsageReportId.NotFound', `The image usage report ID '${ids.join(', ')}' does not exist`);
export const fastLaunchNotEnabled = (id: string): AwsError => error('InvalidRequest', `Windows fast launch is not enabled for image '${id}'.`);
export const fastLaunchUnsupported = (id: string): AwsError => error('InvalidRequest', `Windows fast launch is not supported for image '${id}': it is not a Windows image.`);
export const imageNotStorable = (id: string): AwsError => error('InvalidRequest', `The image '${id}' cannot be stored. It must be backed by EBS, and be your own or shared with your account.`);
export const imageTooLarge = (id: string, gib: number): AwsError => error('InvalidRequest', `The image '${id}' is larger than ${gib} GiB and cannot be stored.`);
export const storeQuotaExceeded = (gib: number): AwsError => error('RequestLimitExceeded', `You have reached the limit of ${gib} GiB of images that are being stored.`);
export const imageNotInBucket = (bucket: string, key: string): AwsError => error('InvalidParameterValue', `There is no stored image with the key ${key} in the bucket ${bucket}.`);
