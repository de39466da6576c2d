import type { Family } from '../family.ts';
import { secondaryNetworkOperations, secondaryNetworks } from './secondary-networks.ts';
import { secondaryInterfaces, secondarySubnetOperations, secondarySubnets } from './secondary-subnets.ts';

export const secondaryNetworksFamily: Family = { resources: [secondaryNetworks, secondarySubnets, secondaryInterfaces], operations: { ...secondaryNetworkOperations, ...secondarySubnetOperations } };
