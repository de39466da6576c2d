import { AwsError } from '../../../src/kit/index.ts';

/** Errors that only transit gateways give: one function a code, texts as EC2 answers them. */
const error = (code: string, message: string): AwsError => new AwsError(code, message, 400);

/** "Transit Gateway tgw-1 was deleted or does not exist." */
export const missing = (code: string, noun: string) => (ids: readonly string[]): AwsError => error(code, `${noun} ${ids.join(', ')} was deleted or does not exist.`);
export const malformed = (code: string, noun: string) => (id: string): AwsError => error(code, `Invalid ${noun} id ${id}.`);

export const attachmentMissing = missing('InvalidTransitGatewayAttachmentID.NotFound', 'Transit Gateway Attachment');
/** The one text of these that does not name the id. */
export const attachmentMalformed = (): AwsError => error('InvalidTransitGatewayAttachmentID.Malformed', 'Invalid Transit Gateway Attachment id.');
export const routeTableMissing = missing('InvalidRouteTableID.NotFound', 'Transit Gateway Route Table');
export const routeTableOfAnother = (id: string, gatewayId: string): AwsError => error('InvalidRouteTableID.NotFound', `Transit Gateway Route Table ${id} was deleted or does not exist in Transit Gateway ${gatewayId}.`);
export const subnetMissing = missing('InvalidSubnetID.NotFound', 'Subnet');

export const invalidState = (id: string): AwsError => error('IncorrectState', `${id} is in invalid state`);
export const stillHas = (id: string, nouns: string, ids: readonly string[]): AwsError => error('IncorrectState', `${id} has non-deleted ${nouns}: ${ids.join(', ')}.`);
export const hasAssociations = (tableId: string): AwsError => error('IncorrectState', `${tableId} has associated attachments`);
export const isDefaultTable = (tableId: string, side: 'association' | 'propagation', gatewayId: string): AwsError => error('IncorrectState', `${tableId} is set as default ${side} route table for ${gatewayId}`);

export const duplicateAttachment = (gatewayId: string, same: string): AwsError => error('DuplicateTransitGatewayAttachment', `${gatewayId} has non-deleted Transit Gateway Attachments with same ${same}.`);
export const duplicateZone = (): AwsError => error('DuplicateSubnetsInSameZone', 'Duplicate Subnets for same AZ');
export const subnetNotAttached = (subnetId: string): AwsError => error('InvalidSubnetID.NotFound', `${subnetId} is not attached but supplied in RemoveSubnets`);
export const insufficientSubnets = (): AwsError => error('InsufficientSubnetsException', 'Insufficient Subnets');

export const alreadyAssociated = (attachmentId: string): AwsError => error('Resource.AlreadyAssociated', `Transit Gateway Attachment ${attachmentId} is already associated to a route table.`);
export const notAssociated = (attachmentId: string, tableId: string): AwsError => error('InvalidAssociation.NotFound', `Transit Gateway Attachment ${attachmentId} is not associated with route table ${tableId}.`);
export const policyTableNotAssociated = (attachmentId: string, tableId: string): AwsError => error('InvalidTransitGatewayPolicyTableAssociation.NotFound', `Transit Gateway Attachment ${attachmentId} is not associated with policy table ${tableId}.`);
export const propagationDuplicate = (source: string, tableId: string): AwsError => error('TransitGatewayRouteTablePropagation.Duplicate', `Propagation ${source} already exists in Transit Gateway Route Table ${tableId}.`);
export const propagationNotFound = (source: string, tableId: string): AwsError => error('TransitGatewayRouteTablePropagation.NotFound', `Propagation ${source} does not exist in Transit Gateway Route Table ${tableId}.`);

export const routeAlreadyExists = (destination: string, tableId: string): AwsError => error('RouteAlreadyExists', `Route ${destination} already exists in Transit Gateway Route Table ${tableId}.`);
export const routeNotFound = (destination: string, tableId: string): AwsError => error('InvalidRoute.NotFound', `The route ${destination} does not exist in Transit Gateway Route Table ${tableId}.`);
export const prefixListNotFound = (id: string): AwsError => error('InvalidPrefixListID.NotFound', `The prefix list ID '${id}' does not exist`);
// assumed: a reference that is not there has the code of a prefix list that is not there, a second one that of a route.
export const referenceNotFound = (id: string, tableId: string): AwsError => error('InvalidPrefixListID.NotFound', `The prefix list reference ${id} does not exist in Transit Gateway Route Table ${tableId}.`);

export const multicastAssociationNotFound = (subnetId: string, domainId: string): AwsError =>
  error('InvalidTransitGatewayMulticastDomainAssociation.NotFound', `Subnet ${subnetId} is not associated with Transit Gateway Multicast Domain ${domainId}.`);
export const groupMemberNotFound = (group: string): AwsError => error('TransitGatewayMulticastGroupMember.NotFound', `The multicast group member does not exist in group ${group}.`);
export const groupSourceNotFound = (group: string): AwsError => error('TransitGatewayMulticastGroupSource.NotFound', `The multicast group source does not exist in group ${group}.`);

// assumed: entries of policy tables and metering policies have codes like those of their tables.
export const policyEntryNotFound = (rule: string, tableId: string): AwsError => error('InvalidTransitGatewayPolicyTableEntry.NotFound', `Rule ${rule} does not exist in Transit Gateway Policy Table ${tableId}.`);
export const policyEntryDuplicate = (rule: string, tableId: string): AwsError => error('TransitGatewayPolicyTableEntry.Duplicate', `Rule ${rule} already exists in Transit Gateway Policy Table ${tableId}.`);
export const meteringEntryNotFound = (rule: number, policyId: string): AwsError => error('InvalidTransitGatewayMeteringPolicyEntry.NotFound', `Rule ${rule} does not exist in Transit Gateway Metering Policy ${policyId}.`);
export const meteringEntryDuplicate = (rule: number, policyId: string): AwsError => error('TransitGatewayMeteringPolicyEntry.Duplicate', `Rule ${rule} already exists in Transit Gateway Metering Policy ${policyId}.`);
// assumed: the code of this quota, which cannot be raised.
export const tooManyConnectPeers = (): AwsError => error('TransitGatewayConnectPeerLimitExceeded', 'The maximum number of Connect peers for the Connect attachment has been reached.');
