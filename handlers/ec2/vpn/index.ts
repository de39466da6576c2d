import type { Family } from '../family.ts';
import { concentratorOperations, vpnConcentrators } from './concentrators.ts';
import { connectionChangeOperations } from './connection-changes.ts';
import { customerGatewayOperations, customerGateways } from './customer-gateways.ts';
import { deviceSampleOperations } from './device-samples.ts';
import { tunnelOperations } from './tunnel-operations.ts';
import { vpnConnectionOperations, vpnConnections } from './vpn-connections.ts';
import { vpnGatewayOperations, vpnGateways } from './vpn-gateways.ts';

export const vpnFamily: Family = {
  resources: [vpnGateways, customerGateways, vpnConnections, vpnConcentrators],
  operations: { ...vpnGatewayOperations, ...customerGatewayOperations, ...vpnConnectionOperations, ...connectionChangeOperations, ...tunnelOperations, ...deviceSampleOperations, ...concentratorOperations },
};
