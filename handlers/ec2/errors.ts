import { AwsError } from '../../src/kit/index.ts';

/**
 * EC2's errors, one function a code, texts as EC2 answers them. The codes are listed at
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html; the texts are not documented there.
 */
const error = (code: string, message: string): AwsError => new AwsError(code, message, 400);

// ---- ids ----

/** "The vpc ID 'vpc-1' does not exist", "The vpc IDs 'vpc-1, vpc-2' do not exist". */
export const notFound = (code: string, noun: string, suffix = '') => (ids: readonly string[]): AwsError =>
  error(code, ids.length === 1 ? `The ${noun} '${ids[0]}' does not exist${suffix}` : `The ${noun}s '${ids.join(', ')}' do not exist${suffix}`);

/** For kinds with a code of their own: `InvalidInstanceID.Malformed`. */
export const malformedId = (code: string, prefix: string) => (id: string): AwsError =>
  error(code, `Invalid id: "${id}" (expecting "${prefix}-...")`);

/** For kinds without one: `InvalidParameterValue`. */
export const malformedParameter = (parameter: string, prefix: string) => (id: string): AwsError =>
  error('InvalidParameterValue', `Value (${id}) for parameter ${parameter} is invalid. Expected: '${prefix}-...'.`);

// ---- parameters ----

export const missingParameter = (name: string): AwsError => error('MissingParameter', `The request must contain the parameter ${name}`);
export const invalidParameterValue = (message: string): AwsError => error('InvalidParameterValue', message);
/** "Value (x) for parameter volumeType is invalid. Unknown volume type" */
export const invalidValue = (value: unknown, parameter: string, why = ''): AwsError =>
  error('InvalidParameterValue', `Value (${String(value)}) for parameter ${parameter} is invalid.${why ? ` ${why}` : ''}`);
export const invalidNextToken = (token: string): AwsError => invalidValue(` ${token} `, 'NextToken', 'The token is invalid.');
export const invalidParameterCombination = (message: string): AwsError => error('InvalidParameterCombination', message);
export const invalidParameter = (message: string): AwsError => error('InvalidParameter', message);
export const unsupported = (message: string): AwsError => error('Unsupported', message);
export const unsupportedOperation = (message: string): AwsError => error('UnsupportedOperation', message);

/** The text is DescribeFpgaImages': https://github.com/aws/aws-fpga/blob/master/hdk/docs/describe_fpga_images.md */
// assumed: those who list images and snapshots have the same.
const invalidUser = (id: string): AwsError => error('InvalidUserID.Malformed', `User ID '${id}' is invalid`);
/** Owners and users by which images and snapshots are listed: an account, or one of a few words. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html */
export function checkUsers(ids: readonly string[] | undefined, words: readonly string[]): void {
  for (const id of ids ?? []) if (!/^\d{12}$/.test(id) && !words.includes(id)) throw invalidUser(id);
}

// ---- states and dependencies ----

export const incorrectState = (message: string): AwsError => error('IncorrectState', message);
export const dependencyViolation = (message: string): AwsError => error('DependencyViolation', message);
export const hasDependencies = (noun: string) => (id: string): AwsError => error('DependencyViolation', `The ${noun} '${id}' has dependencies and cannot be deleted.`);

// ---- volumes and snapshots ----

export const volumeInUse = (volumeId: string, instanceId: string): AwsError => error('VolumeInUse', `Volume ${volumeId} is currently attached to ${instanceId}`);
export const alreadyAttached = (volumeId: string): AwsError => error('VolumeInUse', `${volumeId} is already attached to an instance`);
export const incorrectVolumeState = (volumeId: string, state: string): AwsError => error('IncorrectState', `Volume '${volumeId}' is in the '${state}' state.`);
export const volumeNotAvailable = (volumeId: string): AwsError => error('IncorrectState', `Volume '${volumeId}' is not 'available'.`);
export const notAttached = (volumeId: string): AwsError => error('IncorrectState', `Volume '${volumeId}' is in the 'available' state.`);
export const attachmentNotFound = (message: string): AwsError => error('InvalidAttachment.NotFound', message);
export const zoneMismatch = (volumeId: string, instanceId: string): AwsError => error('InvalidVolume.ZoneMismatch', `The volume '${volumeId}' is not in the same availability zone as instance '${instanceId}'`);
export const deviceInUse = (device: string): AwsError => error('InvalidParameterValue', `Invalid value '${device}' for unixDevice. Attachment point ${device} is already in use`);
export const snapshotInUse = (snapshotId: string, imageId: string): AwsError => error('InvalidSnapshot.InUse', `The snapshot ${snapshotId} is currently in use by ${imageId}`);
export const invalidAvailabilityZone = (zone: string): AwsError => error('InvalidZone.NotFound', `The zone '${zone}' does not exist.`);
export const modificationInProgress = (volumeId: string): AwsError => error('IncorrectModificationState', `Volume ${volumeId} is already being modified`);
export const modificationNotFound = (volumeId: string): AwsError => error('InvalidVolumeModification.NotFound', `Modification for volume '${volumeId}' does not exist.`);
export const operationNotPermitted = (message: string): AwsError => error('OperationNotPermitted', message);

// ---- instances ----

export const incorrectInstanceState = (message: string): AwsError => error('IncorrectInstanceState', message);

export const vcpuLimitExceeded = (limit: number): AwsError =>
  error('VcpuLimitExceeded', `You have requested more vCPU capacity than your current vCPU limit of ${limit} allows for the instance bucket that the specified instance type belongs to. Please visit http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit.`);

// ---- networks ----

export const invalidVpcRange = (cidr: string): AwsError => error('InvalidVpc.Range', `The CIDR '${cidr}' is invalid.`);
export const invalidSubnetRange = (cidr: string): AwsError => error('InvalidSubnet.Range', `The CIDR '${cidr}' is invalid.`);
/** Of IPv6 as in https://github.com/ansible-collections/amazon.aws/blob/main/tests/integration/targets/ec2_vpc_subnet/tasks/main.yml */
export const subnetConflict = (cidr: string, what: 'CIDR' | 'IPv6 CIDR' = 'CIDR'): AwsError => error('InvalidSubnet.Conflict', `The ${what} '${cidr}' conflicts with another subnet`);
export const invalidCidr = (cidr: string): AwsError => error('InvalidParameterValue', `Value (${cidr}) for parameter cidrBlock is invalid. This is not a valid CIDR block.`);
export const notADestination = (cidr: string): AwsError => error('InvalidParameterValue', `Value (${cidr}) for parameter destinationCidrBlock is invalid. This is not a valid CIDR block.`);
/** Of an interface that is made or gets more addresses: https://github.com/aws/amazon-vpc-cni-k8s/pull/1773 */
export const subnetFull = (): AwsError => error('InsufficientFreeAddressesInSubnet', 'The specified subnet does not have enough free addresses to satisfy the request.');
export const insufficientAddresses = (subnetId: string): AwsError => error('InsufficientFreeAddressesInSubnet', `There are not enough free addresses in subnet '${subnetId}' to satisfy the requested number of instances.`);
export const addressInUse = (address: string): AwsError => error('InvalidIPAddress.InUse', `Address ${address} is in use.`);
export const addressOutside = (address: string): AwsError => error('InvalidParameterValue', `Address does not fall within the subnet's address range (${address})`);
export const interfaceInUse = (id: string, instanceId?: string): AwsError => error('InvalidParameterValue', `Network interface '${id}' is currently in use${instanceId ? ` by ${instanceId}` : ''}.`);
export const interfaceNotInUse = (id: string): AwsError => error('IncorrectState', `Network interface '${id}' is not attached.`);
export const attachmentIdNotFound = (id: string): AwsError => error('InvalidAttachmentID.NotFound', `The attachment '${id}' does not exist.`);
export const resourceAlreadyAssociated = (message: string): AwsError => error('Resource.AlreadyAssociated', message);
export const associationNotFound = (id: string): AwsError => error('InvalidAssociationID.NotFound', `The association ID '${id}' does not exist`);
export const gatewayNotAttached = (gatewayId: string, vpcId: string): AwsError => error('Gateway.NotAttached', `resource ${gatewayId} is not attached to network ${vpcId}`);
export const gatewayAlreadyAttached = (gatewayId: string): AwsError => error('Resource.AlreadyAssociated', `resource ${gatewayId} is already attached to network`);
export const routeExists = (destination: string): AwsError => error('RouteAlreadyExists', `The route identified by ${destination} already exists.`);
export const routeNotFound = (tableId: string, destination: string): AwsError => error('InvalidRoute.NotFound', `no route with destination-cidr-block ${destination} in route table ${tableId}`);
export const groupDuplicate = (name: string, vpcId: string): AwsError => error('InvalidGroup.Duplicate', `The security group '${name}' already exists for VPC '${vpcId}'`);
export const groupInUse = (id: string): AwsError => error('DependencyViolation', `resource ${id} has a dependent object`);
export const cannotDelete = (message: string): AwsError => error('CannotDelete', message);
export const permissionDuplicate = (message: string): AwsError => error('InvalidPermission.Duplicate', message);
export const permissionNotFound = (message: string): AwsError => error('InvalidPermission.NotFound', message);
export const limitExceeded = (code: string, message: string): AwsError => error(code, message);
export const authFailure = (message: string): AwsError => error('AuthFailure', message);
export const invalidSubnetZone = (zone: string, usable: readonly string[]): AwsError =>
  error('InvalidParameterValue', `Value (${zone}) for parameter availabilityZone is invalid. Subnets can currently only be created in the following availability zones: ${usable.join(', ')}.`);
export const insufficientCidrBlocks = (): AwsError => error('InsufficientCidrBlocks', 'The default VPC has no free /20 CIDR block for a default subnet.');
export const defaultVpcDoesNotExist = (): AwsError => error('DefaultVpcDoesNotExist', 'No default VPC exists for this account in this region.');
export const defaultVpcExists = (): AwsError => error('DefaultVpcAlreadyExists', 'A Default VPC already exists for this account in this region.');
export const defaultSubnetExists = (subnetId: string, zone: string): AwsError => error('DefaultSubnetAlreadyExistsInAvailabilityZone', `'${subnetId}' is already the default subnet in ${zone}.`);
export const networkAclEntryExists = (number: number): AwsError => error('NetworkAclEntryAlreadyExists', `The network acl entry identified by ${number} already exists.`);
export const networkAclEntryNotFound = (number: number, aclId: string): AwsError => error('InvalidNetworkAclEntry.NotFound', `The specified entry (rule number ${number}) does not exist in network ACL ${aclId}`);
export const routeMissing = (tableId: string, destination: string): AwsError => error('InvalidParameterValue', `There is no route defined for '${destination}' in the route table. Use CreateRoute instead. (${tableId})`);
/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html has the code. */
// assumed: the text.
export const unsupportedTenancy = (tenancy: string): AwsError => error('UnsupportedTenancy', `The tenancy value ${tenancy} is not supported.`);
export const invalidVpcConflict = (cidr: string): AwsError => error('InvalidVpc.Conflict', `The CIDR '${cidr}' conflicts with another CIDR of this VPC`);

// ---- keys, images, launch templates ----

export const keyPairNotFound = (name: string): AwsError => error('InvalidKeyPair.NotFound', `The key pair '${name}' does not exist`);
export const keyPairDuplicate = (name: string): AwsError => error('InvalidKeyPair.Duplicate', `The keypair '${name}' already exists.`);
export const imageNotFound = (ids: readonly string[]): AwsError => error('InvalidAMIID.NotFound', ids.length === 1 ? `The image id '[${ids[0]}]' does not exist` : `The image ids '[${ids.join(', ')}]' do not exist`);
/** As AWS answered it: https://github.com/aws/aws-cdk/issues/26712 */
export const ssmDataTypeUnsupported = (supported: string): AwsError => error('SsmInvalidParameter', `Unsupported data type. The following parameter data types are supported: ${supported}`);
export const ssmAliasInvalid = (name: string): AwsError => error('SsmInvalidParameter', `The following aliases are invalid: ${name}`);
export const imageUnavailable = (id: string): AwsError => error('InvalidAMIID.Unavailable', `The image ID '${id}' is not available`);
export const imageNameDuplicate = (name: string, id: string): AwsError => error('InvalidAMIName.Duplicate', `AMI name ${name} is already in use by AMI ${id}`);
export const imageNameMalformed = (): AwsError => error('InvalidAMIName.Malformed', 'AMI names must be between 3 and 128 characters long, and may contain letters, numbers, \'(\', \')\', \'.\', \'-\', \'/\' and \'_\'');
export const invalidBlockDeviceMapping = (message: string): AwsError => error('InvalidBlockDeviceMapping', message);
export const launchTemplateNameExists = (): AwsError => error('InvalidLaunchTemplateName.AlreadyExistsException', `Launch template name already in use.`);
export const launchTemplateNameNotFound = (name: string): AwsError => error('InvalidLaunchTemplateName.NotFoundException', `The specified launch template, with template name ${name}, does not exist.`);
/** The texts of DescribeLaunchTemplates and ModifyLaunchTemplate are as AWS answered them in https://github.com/getmoto/moto/blob/5.2.1/tests/test_ec2/test_launch_templates.py */
export const launchTemplatesNotFound = (): AwsError => error('InvalidLaunchTemplateName.NotFoundException', 'At least one of the launch templates specified in the request does not exist.');
export const launchTemplateVersionUnknown = (version: string): AwsError => error('InvalidLaunchTemplateId.VersionNotFound', `The launch template version ${version} is not found for the specified launch template.`);
export const launchTemplateIdNotFound = (id: string): AwsError => error('InvalidLaunchTemplateId.NotFound', `The specified launch template, with template ID ${id}, does not exist.`);
export const launchTemplateVersionNotFound = (id: string, version: string): AwsError => error('InvalidLaunchTemplateId.VersionNotFound', `Could not find launch template version ${version} for the specified launch template ${id}.`);
export const launchTemplateNameMalformed = (): AwsError => error('InvalidLaunchTemplateName.MalformedException', 'Launch template names must be between 3 and 128 characters long, and may contain letters, numbers, and the following characters: - ( ) . / _');
export const invalidTemplateUserData = (text: string): AwsError => error('InvalidUserData.Malformed', text);
export const architectureMismatch = (type: string, image: string): AwsError =>
  error('InvalidParameterValue', `The architecture '${type}' of the specified instance type does not match the architecture '${image}' of the specified AMI. Specify an instance type and an AMI that have matching architectures, and try again. You can use 'describe-instance-types' or 'describe-images' to discover the architecture of the instance type or AMI.`);
export const typeNotOffered = (type: string, zone: string, others: readonly string[]): AwsError =>
  error('Unsupported', others.length === 0
    ? 'The requested configuration is currently not supported. Please check the documentation for supported configurations.'
    : `Your requested instance type (${type}) is not supported in your requested Availability Zone (${zone}). Please retry your request by not specifying an Availability Zone or choosing ${others.join(', ')}.`);
export const vpcIdNotSpecified = (): AwsError => error('VPCIdNotSpecified', 'No default VPC for this user. GroupName is only supported for EC2-Classic and default VPC.');
export const noDefaultSubnet = (zone: string | undefined): AwsError => error('MissingInput', zone === undefined ? 'No subnets found for the default VPC. Please specify a subnet.' : `No default subnet for availability zone: '${zone}'.`);
/** This and that a profile has no role: https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/ec2/ec2_instance.go waits while it is told so */
export const invalidInstanceProfile = ({ Arn, Name }: { readonly Arn?: string; readonly Name?: string }): AwsError =>
  invalidValue(Name ?? Arn, `iamInstanceProfile.${Name === undefined ? 'arn' : 'name'}`, `Invalid IAM Instance Profile ${Name === undefined ? 'ARN' : 'name'}`);
export const instanceProfileWithoutRole = (arn: string): AwsError => invalidParameterValue(`IAM Instance Profile "${arn}" has no associated IAM Roles`);
export const invalidInstanceTypes = (types: readonly string[]): AwsError => error('InvalidInstanceType', `The following supplied instance types do not exist: [${types.join(', ')}]`);
