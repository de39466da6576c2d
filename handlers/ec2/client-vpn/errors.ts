import { AwsError } from '../../../src/kit/index.ts';

/**
 * Errors that only Client VPN gives: one function a code. The codes are listed at
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
 */
const error = (code: string, message: string): AwsError => new AwsError(code, message, 400);

// assumed: an id of another form is told as one that does not exist.
export const endpointNotFound = (ids: readonly string[]): AwsError => error('InvalidClientVpnEndpointId.NotFound', `Endpoint ${ids.join(', ')} does not exist`);
export const endpointHasAssociations = (ids: readonly string[]): AwsError => error('ClientVpnEndpointAssociationExists', `The endpoint that you're trying to delete has associations ${ids.join(', ')}`);
export const routeDuplicate = (): AwsError => error('InvalidClientVpnDuplicateRoute', 'Route already exists');

// assumed: the texts of these.
export const associationNotFound = (ids: readonly string[]): AwsError => error('InvalidClientVpnAssociationIdNotFound', `Association ${ids.join(', ')} does not exist`);
export const notAssociated = (endpointId: string): AwsError => error('InvalidClientVpnActiveAssociationNotFound', `Endpoint ${endpointId} does not have an active association`);
export const associationDuplicate = (target: string, endpointId: string): AwsError => error('InvalidClientVpnDuplicateAssociationException', `${target} is already associated with endpoint ${endpointId}`);
export const zoneDuplicate = (zone: string, endpointId: string): AwsError => error('InvalidClientVpnSubnetId.DuplicateAz', `Endpoint ${endpointId} already has an association in Availability Zone ${zone}`);
export const subnetNotFound = (subnetId: string): AwsError => error('InvalidClientVpnSubnetId.NotFound', `Subnet ${subnetId} does not exist in the VPC of the endpoint`);
export const subnetOverlaps = (subnetId: string, block: string): AwsError => error('InvalidClientVpnSubnetId.OverlappingCidr', `The network of subnet ${subnetId} overlaps with the client CIDR ${block}`);
export const routeNotFound = (destination: string): AwsError => error('InvalidClientVpnRouteNotFound', `Route to ${destination} does not exist`);
export const ruleDuplicate = (): AwsError => error('InvalidClientVpnDuplicateAuthorizationRule', 'Authorization rule already exists');
export const ruleNotFound = (destination: string): AwsError => error('InvalidClientVpnEndpointAuthorizationRuleNotFound', `Authorization rule for ${destination} does not exist`);
export const connectionNotFound = (id: string): AwsError => error('InvalidClientVpnConnection.IdNotFound', `Connection ${id} does not exist`);
export const userNotFound = (user: string, endpointId: string): AwsError => error('InvalidClientVpnConnection.UserNotFound', `User ${user} has no active connection to endpoint ${endpointId}`);
export const revocationListTooLong = (max: number): AwsError => error('ClientVpnCertificateRevocationListLimitExceeded', `A certificate revocation list cannot have more than ${max} entries`);
// assumed: the code too; no page names it.
export const policyNotFound = (endpointId: string): AwsError => error('InvalidClientVpnEndpointAuthorizationPolicy.NotFound', `Endpoint ${endpointId} does not have an authorization policy`);

/** "You must specify either access-group-id or authorize-all-groups" */
export const groupMissing = (all: 'authorize-all-groups' | 'revoke-all-groups'): AwsError => error('MissingParameter', `You must specify either access-group-id or ${all}`);
