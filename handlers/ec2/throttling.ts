import type { Structure, TokenBucket } from '../../src/kit/index.ts';

/**
 * How often each operation may be called, by account and region: the most at once, and how many come back a second.
 * https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html#throttling-limits-rate-based
 */
const OWN: readonly (readonly [capacity: number, perSecond: number, operations: string])[] = [
  [100, 13, 'DescribeSpotDatafeedSubscription'],
  [100, 10, 'CreateTags DeleteTags'],
  [100, 5, 'AssignIpv6Addresses AssignPrivateIpAddresses AssociateIamInstanceProfile CreateLaunchTemplateVersion CreateNetworkInterface CreateSnapshot CreateSnapshots CreateVolume DeleteNetworkInterface DeleteSnapshot DeleteVolume DeregisterImage DescribeSpotFleetInstances DescribeSpotFleetRequestHistory DisassociateIamInstanceProfile ModifyImageAttribute ModifyInstanceMetadataOptions ModifyLaunchTemplate ModifyNetworkInterfaceAttribute ModifySnapshotAttribute TerminateInstances UnassignPrivateIpAddresses'],
  [100, 1, 'CopyImage'],
  [50, 3, 'CreateSpotDatafeedSubscription DeleteSpotDatafeedSubscription DescribeSpotFleetRequests'],
  [50, 0.5, 'DescribeStoreImageTasks'],
  [50, 0.1, 'CreateRestoreImageTask CreateStoreImageTask'],
  [20, 5, 'DescribeSecurityGroupReferences DescribeStaleSecurityGroups'],
  [20, 4, 'CreateVerifiedAccessEndpoint DeleteVerifiedAccessEndpoint ModifyVerifiedAccessEndpoint ModifyVerifiedAccessEndpointPolicy ModifyVerifiedAccessGroupPolicy'],
  [10, 10, 'DescribeAggregateIdFormat DescribeIdentityIdFormat DescribeIdFormat DescribePrincipalIdFormat DescribeReservedInstancesOfferings'],
  [10, 2, 'AttachVerifiedAccessTrustProvider CreateVerifiedAccessGroup CreateVerifiedAccessInstance CreateVerifiedAccessTrustProvider DeleteVerifiedAccessGroup DeleteVerifiedAccessInstance DeleteVerifiedAccessTrustProvider DescribeVerifiedAccessInstanceLoggingConfigurations DetachVerifiedAccessTrustProvider ModifyVerifiedAccessGroup ModifyVerifiedAccessInstance ModifyVerifiedAccessInstanceLoggingConfiguration ModifyVerifiedAccessTrustProvider'],
  [10, 1, 'AcceptVpcEndpointConnections AssignPrivateNatGatewayAddress AssociateEnclaveCertificateIamRole AssociateNatGatewayAddress CreateNatGateway CreateVpcEndpointServiceConfiguration DeleteNatGateway DeleteVpcEndpointServiceConfigurations DisassociateEnclaveCertificateIamRole DisassociateNatGatewayAddress GetAssociatedEnclaveCertificateIamRoles ModifyVpcEndpointServiceConfiguration RejectVpcEndpointConnections UnassignPrivateNatGatewayAddress'],
  [10, 0.15, 'DescribeCapacityBlockExtensionOfferings DescribeCapacityBlockOfferings PurchaseCapacityBlock PurchaseCapacityBlockExtension'],
  [5, 5, 'DeleteQueuedReservedInstances DescribeDeclarativePoliciesReports GetDeclarativePoliciesReportSummary PurchaseReservedInstancesOffering'],
  [5, 2, 'AuthorizeClientVpnIngress CreateClientVpnRoute DeleteClientVpnRoute DescribeHostReservations DescribeHostReservationOfferings DisableFastLaunch EnableFastLaunch GetHostReservationPurchasePreview PurchaseHostReservation RevokeClientVpnIngress RunInstances StartInstances'],
  [5, 1, 'CreateCoipCidr CreateCoipPool CreateSubnetCidrReservation DeleteCoipCidr DeleteCoipPool DeleteSubnetCidrReservation'],
  [4, 0.3, 'CreateVpcEndpoint DeleteVpcEndpoints ModifyVpcEndpoint'],
  [2, 2, 'ModifyInstanceMetadataDefaults'],
  [1, 1, 'CancelDeclarativePoliciesReport CreateDefaultSubnet CreateDefaultVpc DescribeInstanceTopology DescribeMovingAddresses MoveAddressToVpc RestoreAddressToClassic StartDeclarativePoliciesReport'],
  [1, 0.5, 'AssociateCapacityReservationBillingOwner DescribeByoipCidrs DisassociateCapacityReservationBillingOwner'],
  [1, 0.1, 'AdvertiseByoipCidr DeprovisionByoipCidr DisableImageBlockPublicAccess DisableSnapshotBlockPublicAccess EnableImageBlockPublicAccess EnableSnapshotBlockPublicAccess ProvisionByoipCidr WithdrawByoipCidr'],
];

const byOperation = new Map(OWN.flatMap(([capacity, perSecond, operations]) => operations.split(' ').map((name) => [name, { capacity, perSecond }] as const)));

const READING = { capacity: 100, perSecond: 20 };
const CHANGING = { capacity: 50, perSecond: 5 };

/** These take from a smaller bucket where they are asked for everything at once. */
const UNFILTERED = { capacity: 50, perSecond: 10 };
const MANY = new Set(['DescribeInstances', 'DescribeInstanceStatus', 'DescribeNetworkInterfaces', 'DescribeSecurityGroups', 'DescribeSnapshots', 'DescribeSpotInstanceRequests', 'DescribeVolumes']);

/** Instances that a request is about. https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html#throttling-limits-cost-based */
const RESOURCES: Readonly<Record<string, { readonly capacity: number; readonly perSecond: number; readonly tokens: (input: Structure) => number }>> = {
  RunInstances: { capacity: 1000, perSecond: 2, tokens: (input) => Number(input.MaxCount ?? 1) },
  TerminateInstances: { capacity: 1000, perSecond: 20, tokens: (input) => (input.InstanceIds as string[]).length },
  StartInstances: { capacity: 1000, perSecond: 2, tokens: (input) => (input.InstanceIds as string[]).length },
  StopInstances: { capacity: 1000, perSecond: 20, tokens: (input) => (input.InstanceIds as string[]).length },
};

/** The buckets from which a call takes. "Each API is evaluated individually." */
export function tokenBuckets(operation: string, input: Structure): TokenBucket[] {
  const everything = MANY.has(operation) && input.Filters === undefined && input.MaxResults === undefined && input.NextToken === undefined;
  const size = byOperation.get(operation) ?? (everything ? UNFILTERED : /^(Describe|List|Search|Get)/.test(operation) ? READING : CHANGING);
  const requests: TokenBucket = { name: everything ? `${operation} of everything` : operation, ...size, tokens: 1 };
  const resources = RESOURCES[operation];
  return resources ? [requests, { name: `${operation} resources`, capacity: resources.capacity, perSecond: resources.perSecond, tokens: resources.tokens(input) }] : [requests];
}
