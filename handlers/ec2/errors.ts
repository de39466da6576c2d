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
export const invalidParameterCombination = (message: string): AwsError => error('InvalidParameterCombination', message);
export const invalidParameter = (message: string): AwsError => error('InvalidParameter', message);
export const unsupported = (message: string): AwsError => error('Unsupported', message);
export const unsupportedOperation = (message: string): AwsError => error('UnsupportedOperation', message);

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
export const invalidZone = (zone: string): AwsError => error('InvalidParameterValue', `Value (${zone}) for parameter availabilityZone is invalid. Subnets can currently only be created in the following availability zones:`);
export const invalidAvailabilityZone = (zone: string): AwsError => error('InvalidZone.NotFound', `The zone '${zone}' does not exist.`);
export const modificationInProgress = (volumeId: string): AwsError => error('IncorrectModificationState', `Volume ${volumeId} is already being modified`);
export const modificationNotFound = (volumeId: string): AwsError => error('InvalidVolumeModification.NotFound', `Modification for volume '${volumeId}' does not exist.`);
export const operationNotPermitted = (message: string): AwsError => error('OperationNotPermitted', message);

// ---- instances ----

export const incorrectInstanceState = (message: string): AwsError => error('IncorrectInstanceState', message);
