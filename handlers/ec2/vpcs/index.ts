import type { Family } from '../family.ts';
import { accountEncryptionControlOperations, accountEncryptionControls } from './account-encryption-controls.ts';
import { blockPublicAccessExclusions, blockPublicAccessOperations, blockPublicAccessOptions } from './block-public-access.ts';
import { carrierGatewayOperations, carrierGateways } from './carrier-gateways.ts';
import { cidrBlockOperations } from './cidr-blocks.ts';
import { classicLinkOperations } from './classic-link.ts';
import { defaultVpcOperations } from './default-vpcs.ts';
import { dhcpOptions, dhcpOptionsOperations } from './dhcp-options.ts';
import { egressOnlyInternetGatewayOperations, egressOnlyInternetGateways } from './egress-only-internet-gateways.ts';
import { encryptionControlOperations, encryptionControls } from './encryption-controls.ts';
import { formerBlocks } from './former-blocks.ts';
import { internetGatewayOperations, internetGateways } from './internet-gateways.ts';
import { natGatewayAddressOperations } from './nat-gateway-addresses.ts';
import { natGatewayOperations, natGateways } from './nat-gateways.ts';
import { networkAclAssociations, networkAclOperations, networkAcls } from './network-acls.ts';
import { routeTableOperations, routeTables } from './route-tables.ts';
import { subnetCidrReservationOperations, subnetCidrReservations } from './subnet-cidr-reservations.ts';
import { subnetOperations, subnets } from './subnets.ts';
import { vpcOperations, vpcs } from './vpcs.ts';

const EC2_CLASSIC = 'EC2-Classic is retired: the operation is refused in any case';

export const vpcsFamily: Family = {
  resources: [
    vpcs, subnets, dhcpOptions, routeTables, internetGateways, natGateways, networkAcls, networkAclAssociations, subnetCidrReservations, egressOnlyInternetGateways, carrierGateways,
    blockPublicAccessOptions, blockPublicAccessExclusions, encryptionControls, accountEncryptionControls, formerBlocks,
  ],
  operations: {
    ...vpcOperations, ...defaultVpcOperations, ...cidrBlockOperations, ...subnetOperations, ...subnetCidrReservationOperations, ...dhcpOptionsOperations, ...routeTableOperations, ...internetGatewayOperations,
    ...natGatewayOperations, ...natGatewayAddressOperations, ...networkAclOperations, ...egressOnlyInternetGatewayOperations, ...carrierGatewayOperations, ...blockPublicAccessOperations,
    ...encryptionControlOperations, ...accountEncryptionControlOperations, ...classicLinkOperations,
  },
  refused: {
    AssociateRouteTable: ['PublicIpv4Pool'],
    ModifySubnetAttribute: ['MapCustomerOwnedIpOnLaunch', 'CustomerOwnedIpv4Pool', 'EnableLniAtDeviceIndex', 'DisableLniAtDeviceIndex'],
  },
  effectless: {
    AttachClassicLinkVpc: { Groups: EC2_CLASSIC }, DescribeClassicLinkInstances: { InstanceIds: EC2_CLASSIC },
    DisassociateNatGatewayAddress: { MaxDrainDurationSeconds: 'no connection lasts that would have to drain' },
    UnassignPrivateNatGatewayAddress: { MaxDrainDurationSeconds: 'no connection lasts that would have to drain' },
  },
};
