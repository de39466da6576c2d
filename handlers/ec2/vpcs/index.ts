import type { Family } from '../family.ts';
import { carrierGatewayOperations, carrierGateways } from './carrier-gateways.ts';
import { cidrBlockOperations } from './cidr-blocks.ts';
import { defaultVpcOperations } from './default-vpcs.ts';
import { dhcpOptions, dhcpOptionsOperations } from './dhcp-options.ts';
import { egressOnlyInternetGatewayOperations, egressOnlyInternetGateways } from './egress-only-internet-gateways.ts';
import { internetGatewayOperations, internetGateways } from './internet-gateways.ts';
import { natGatewayOperations, natGateways } from './nat-gateways.ts';
import { networkAclAssociations, networkAclOperations, networkAcls } from './network-acls.ts';
import { routeTableOperations, routeTables } from './route-tables.ts';
import { subnetCidrReservationOperations, subnetCidrReservations } from './subnet-cidr-reservations.ts';
import { subnetOperations, subnets } from './subnets.ts';
import { vpcOperations, vpcs } from './vpcs.ts';

export const vpcsFamily: Family = {
  resources: [vpcs, subnets, dhcpOptions, routeTables, internetGateways, natGateways, networkAcls, networkAclAssociations, subnetCidrReservations, egressOnlyInternetGateways, carrierGateways],
  operations: { ...vpcOperations, ...defaultVpcOperations, ...cidrBlockOperations, ...subnetOperations, ...subnetCidrReservationOperations, ...dhcpOptionsOperations, ...routeTableOperations, ...internetGatewayOperations, ...natGatewayOperations, ...networkAclOperations, ...egressOnlyInternetGatewayOperations, ...carrierGatewayOperations },
};
