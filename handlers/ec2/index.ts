import { leaveEnumsToHandlers, leavePresenceToHandlers } from '../../protocols/index.ts';
import type { Service } from '../../src/kit/index.ts';
import * as errors from './errors.ts';
import { clientVpnFamily } from './client-vpn/index.ts';
import { addressesFamily } from './addresses/index.ts';
import { flowLogsFamily } from './flow-logs/index.ts';
import { connectEndpointsFamily } from './connect-endpoints/index.ts';
import { capacityReservationsFamily } from './capacity-reservations/index.ts';
import { fleetsFamily } from './fleets/index.ts';
import { hostsFamily } from './hosts/index.ts';
import { imagesFamily } from './images/index.ts';
import { instancesFamily } from './instances/index.ts';
import { addInstanceEvent } from './instances/scheduled-events.ts';
import { installOutpost, localGatewaysFamily } from './local-gateways/index.ts';
import { networkInsightsFamily } from './network-insights/index.ts';
import { ipamFamily } from './ipam/index.ts';
import { networkPerformanceFamily } from './network-performance/index.ts';
import { networkInterfacesFamily } from './network-interfaces/index.ts';
import { placementGroupsFamily } from './placement-groups/index.ts';
import { peeringFamily } from './peering/index.ts';
import { prefixListsFamily } from './prefix-lists/index.ts';
import { recycleBinFamily } from './recycle-bin/index.ts';
import { deleteRetentionRule, putRetentionRule } from './recycle-bin/retention-rules.ts';
import { reservedInstancesFamily } from './reserved-instances/index.ts';
import { routeServersFamily } from './route-servers/index.ts';
import { secondaryNetworksFamily } from './secondary-networks/index.ts';
import { securityGroupsFamily } from './security-groups/index.ts';
import { snapshotsFamily } from './snapshots/index.ts';
import { spotFamily } from './spot/index.ts';
import { transitGatewaysFamily } from './transit-gateways/index.ts';
import { verifiedAccessFamily } from './verified-access/index.ts';
import { volumesFamily } from './volumes/index.ts';
import { trafficMirrorsFamily } from './traffic-mirrors/index.ts';
import { vpcEndpointsFamily } from './vpc-endpoints/index.ts';
import { vmImportFamily } from './vm-import/index.ts';
import { vpcsFamily } from './vpcs/index.ts';
import { vpnFamily } from './vpn/index.ts';
import { accountSettings } from './account-settings.ts';
import type { Family } from './family.ts';
import { managedResourceOperations } from './managed-resources.ts';
import { isImage } from './images/images.ts';
import { permissions } from './permissions.ts';
import { publicParameters } from './public-parameters.ts';
import { regionOperations } from './regions.ts';
import { shares } from './shares.ts';
import { tagOperations } from './tags.ts';
import { createDefaultVpc } from './vpcs/default-vpcs.ts';
import { tearDowns } from './teardowns.ts';
import { tokenBuckets } from './throttling.ts';
import { zoneGroupOperations, zoneGroups } from './zone-groups.ts';
import { zoneOf } from './zones.ts';

// These have errors of their own: an unknown instance type is told as such, an untaggable kind as such.
leaveEnumsToHandlers('ec2', ['DescribeAccountAttributesRequest.AttributeNames', 'InstanceType', 'InstanceTypes', 'TagSpecification.ResourceType', 'VolumeType', 'EbsBlockDevice.VolumeType', 'ModifyVpcTenancyRequest.InstanceTenancy', 'SpotOptionsRequest.AllocationStrategy', 'OnDemandOptionsRequest.AllocationStrategy', 'SpotFleetRequestConfigData.ExcessCapacityTerminationPolicy', 'ModifySpotFleetRequestRequest.ExcessCapacityTerminationPolicy']);
leavePresenceToHandlers('ec2', ['CreateLaunchTemplateVersionRequest.LaunchTemplateData']);

const regions: Family = { resources: [accountSettings, shares, zoneGroups], operations: { ...regionOperations, ...zoneGroupOperations, ...managedResourceOperations, ...tagOperations } };

const FAMILIES: readonly Family[] = [
  regions,
  vpcsFamily,
  addressesFamily,
  ipamFamily,
  networkInterfacesFamily,
  securityGroupsFamily,
  instancesFamily,
  placementGroupsFamily,
  connectEndpointsFamily,
  volumesFamily,
  snapshotsFamily,
  imagesFamily,
  transitGatewaysFamily,
  prefixListsFamily,
  peeringFamily,
  vpcEndpointsFamily,
  networkInsightsFamily,
  flowLogsFamily,
  trafficMirrorsFamily,
  vpnFamily,
  routeServersFamily,
  verifiedAccessFamily,
  secondaryNetworksFamily,
  networkPerformanceFamily,
  clientVpnFamily,
  localGatewaysFamily,
  vmImportFamily,
  spotFamily,
  fleetsFamily,
  capacityReservationsFamily,
  hostsFamily,
  reservedInstancesFamily,
  recycleBinFamily,
];

export const ec2: Service = {
  name: 'ec2',
  resources: FAMILIES.flatMap((family) => family.resources),
  operations: Object.assign({}, ...FAMILIES.map((family) => family.operations)),
  refused: { error: errors.unsupportedOperation, paths: Object.assign({}, ...FAMILIES.map((family) => family.refused)) },
  effectless: Object.assign({}, ...FAMILIES.map((family) => family.effectless)),
  permissions,
  zoneOf,
  tearDowns,
  tokenBuckets,
  happenings: { 'outpost install': installOutpost, 'instance schedule': addInstanceEvent, 'retention rule put': putRetentionRule, 'retention rule delete': deleteRetentionRule },
  answers: { publicParameters: async (_asked, ctx) => publicParameters(ctx.region), image: isImage },
  provision: async (ctx) => void (await createDefaultVpc(ctx)),
};
