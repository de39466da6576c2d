import { AwsError } from '../../../src/kit/index.ts';

/** Errors of VPC endpoints and endpoint services; texts as EC2 answers them where they are known. */
const error = (code: string, message: string): AwsError => new AwsError(code, message, 400);

export const serviceNotFound = (name: string): AwsError => error('InvalidServiceName', `The Vpc Endpoint Service '${name}' does not exist`);
/** Of endpoint services and their connections: https://github.com/mondoohq/mql/issues/4454, https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/ec2/find.go */
export const invalidFilter = (name: string): AwsError => error('InvalidFilter', `The filter '${name}' is invalid`);
export const typeMismatch = (type: string, offered: readonly string[]): AwsError => error('InvalidParameter', `Endpoint type (${type}) does not match available service types ([${offered.join(', ')}]).`);
export const notForType = (member: string, type: string): AwsError => error('InvalidParameter', `The parameter ${member} is not supported for endpoints of type ${type}.`);
export const duplicateZone = (subnetId: string): AwsError =>
  error('DuplicateSubnetsInSameZone', `Found another VPC endpoint subnet in the availability zone of ${subnetId}. VPC endpoint subnets should be in different availability zones supported by the VPC endpoint service.`);
export const zoneNotServed = (service: string, subnetId: string): AwsError => error('InvalidParameter', `The VPC endpoint service ${service} does not support the availability zone of the subnet: ${subnetId}.`);
export const privateDnsNeedsAttributes = (vpcId: string): AwsError =>
  error('InvalidParameter', `Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true for ${vpcId}`);
export const privateDnsConflict = (name: string, vpcId: string): AwsError => error('InvalidParameter', `private-dns-enabled cannot be set because there is already a conflicting DNS domain for ${name} in the VPC ${vpcId}`);
export const privateDnsUnavailable = (service: string): AwsError => error('InvalidParameter', `Private DNS can't be enabled because the service ${service} does not provide a private DNS name.`);
export const inboundNeedsGateway = (vpcId: string): AwsError => error('InvalidParameter', `To set PrivateDnsOnlyForInboundResolverEndpoint to true, the VPC ${vpcId} must have a Gateway endpoint for the service.`);
export const invalidPolicy = (): AwsError => error('InvalidPolicyDocument', 'The specified policy document is not a valid JSON policy document.');
export const endpointRouteExists = (tableId: string, listId: string): AwsError => error('RouteAlreadyExists', `route table ${tableId} already has a route with destination-prefix-list-id ${listId}`);
export const incorrectEndpointState = (id: string, state: string): AwsError => error('IncorrectState', `The VPC endpoint ${id} is in the state ${state}, in which this is not possible.`);
export const invalidPrincipal = (principal: string): AwsError => error('InvalidPrincipal', `Invalid Principal: ${principal}`);

export const unsuccessful = (ResourceId: string, Code: string, Message: string) => ({ ResourceId, Error: { Code, Message } });
export const endpointMissing = (id: string) => unsuccessful(id, 'InvalidVpcEndpoint.NotFound', `The Vpc Endpoint Id '${id}' does not exist`);
