import { AwsError } from '../../../src/kit/index.ts';

const error = (code: string, message: string): AwsError => new AwsError(code, message, 400);

export const unknownPlacementGroup = (name: string): AwsError => error('InvalidPlacementGroup.Unknown', `The Placement Group '${name}' is unknown.`);
export const placementGroupDuplicate = (name: string): AwsError => error('InvalidPlacementGroup.Duplicate', `The placement group '${name}' already exists.`);
export const placementGroupInUse = (name: string): AwsError => error('InvalidPlacementGroup.InUse', `The placement group '${name}' is in use and may not be deleted.`);
export const placementGroupElsewhere = (name: string, zone: string): AwsError => error('InvalidPlacementGroup.InUse', `The placement group '${name}' is in use in another availability zone: ${zone}`);
export const placementGroupLimitExceeded = (max: number): AwsError => error('PlacementGroupLimitExceeded', `You have reached the limit of ${max} placement groups`);
export const strategyNotSupported = (strategy: string, type: string): AwsError =>
  error('InvalidParameterCombination', `${strategy.charAt(0).toUpperCase()}${strategy.slice(1)} placement groups are not supported by the '${type}' instance type. Specify a supported instance type or change the placement group strategy, and try again.`);
// assumed: the code and the text; AWS documents that an eighth instance is not launched.
export const spreadFull = (name: string, zone: string, max: number): AwsError =>
  error('InsufficientInstanceCapacity', `The spread placement group '${name}' has the maximum of ${max} running instances in the Availability Zone ${zone}.`);
