import type { Family } from '../family.ts';
import { customerGatewayOperations, customerGateways } from './customer-gateways.ts';
import { vpnConnectionOperations, vpnConnections } from './vpn-connections.ts';
import { vpnGatewayOperations, vpnGateways } from './vpn-gateways.ts';

export const vpnFamily: Family = { resources: [vpnGateways, customerGateways, vpnConnections], operations: { ...vpnGatewayOperations, ...customerGatewayOperations, ...vpnConnectionOperations } };
