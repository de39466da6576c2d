import { leaveEnumsToHandlers } from '../../protocols/index.ts';
import type { Service } from '../../src/kit/index.ts';
import { addresses, addressOperations } from './addresses.ts';
import { cidrBlockOperations } from './cidr-blocks.ts';
import { createDefaultVpc, defaultVpcOperations } from './default-vpcs.ts';
import { dhcpOptions, dhcpOptionsOperations } from './dhcp-options.ts';
import { emptyListingOperations, publicIpv4Pools, transitGatewayRouteTables } from './empty-listings.ts';
import { imageOperations, images } from './images.ts';
import { instanceAttributeOperations } from './instance-attributes.ts';
import { instanceOperations } from './instance-operations.ts';
import { instanceProfileAssociationOperations } from './instance-profile-associations.ts';
import { instanceTypeOperations } from './instance-types.ts';
import { instances } from './instances.ts';
import { internetGateways, internetGatewayOperations } from './internet-gateways.ts';
import { keyPairOperations, keyPairs } from './key-pairs.ts';
import { launchTemplateOperations, launchTemplates, launchTemplateVersions } from './launch-templates.ts';
import { natGateways, natGatewayOperations } from './nat-gateways.ts';
import { networkAclAssociations, networkAcls, networkAclOperations } from './network-acls.ts';
import { networkInterfaceOperations } from './network-interface-operations.ts';
import { networkInterfaces } from './network-interfaces.ts';
import { permissions } from './permissions.ts';
import { regionOperations } from './regions.ts';
import { routeTables, routeTableOperations } from './route-tables.ts';
import { securityGroupRuleOperations } from './security-group-rule-operations.ts';
import { securityGroupRules } from './security-group-rules.ts';
import { securityGroups, securityGroupOperations } from './security-groups.ts';
import { snapshotOperations, snapshots } from './snapshots.ts';
import { subnetCidrReservationOperations, subnetCidrReservations } from './subnet-cidr-reservations.ts';
import { subnetOperations, subnets } from './subnets.ts';
import { tagOperations } from './tags.ts';
import { zoneOf } from './zones.ts';
import { volumeAttachmentOperations } from './volume-attachments.ts';
import { volumeAttributeOperations } from './volume-attributes.ts';
import { volumeModificationOperations, volumeModifications } from './volume-modifications.ts';
import { volumeOperations, volumes } from './volumes.ts';
import { vpcOperations, vpcs } from './vpcs.ts';

// These have errors of their own: an unknown instance type is told as such, an untaggable kind as such.
leaveEnumsToHandlers('ec2', ['InstanceType', 'InstanceTypes', 'TagSpecification.ResourceType', 'VolumeType', 'EbsBlockDevice.VolumeType']);

export const ec2: Service = {
  name: 'ec2',
  resources: [
    vpcs, subnets, dhcpOptions, routeTables, internetGateways, natGateways, addresses, networkInterfaces, securityGroups, securityGroupRules, networkAcls, networkAclAssociations,
    instances, volumes, volumeModifications, snapshots, images, keyPairs, launchTemplates, launchTemplateVersions, subnetCidrReservations,
    transitGatewayRouteTables, publicIpv4Pools,
  ],
  operations: {
    ...regionOperations, ...tagOperations,
    ...vpcOperations, ...defaultVpcOperations, ...cidrBlockOperations, ...subnetOperations, ...dhcpOptionsOperations, ...routeTableOperations,
    ...internetGatewayOperations, ...natGatewayOperations, ...addressOperations, ...networkInterfaceOperations,
    ...securityGroupOperations, ...securityGroupRuleOperations, ...networkAclOperations,
    ...instanceOperations, ...instanceAttributeOperations, ...instanceProfileAssociationOperations, ...instanceTypeOperations,
    ...volumeOperations, ...volumeAttachmentOperations, ...volumeModificationOperations, ...volumeAttributeOperations, ...snapshotOperations,
    ...imageOperations, ...keyPairOperations, ...launchTemplateOperations, ...subnetCidrReservationOperations, ...emptyListingOperations,
  },
  permissions,
  zoneOf,
  provision: async (ctx) => void (await createDefaultVpc(ctx)),
};
