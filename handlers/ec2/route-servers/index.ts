import type { Family } from '../family.ts';
import { associationOperations, associations } from './associations.ts';
import { endpointOperations, endpoints } from './endpoints.ts';
import { peerOperations, peers } from './peers.ts';
import { propagationOperations, propagations } from './propagations.ts';
import { routeServerOperations, routeServers } from './route-servers.ts';

export const routeServersFamily: Family = {
  resources: [routeServers, associations, propagations, endpoints, peers],
  operations: { ...routeServerOperations, ...associationOperations, ...propagationOperations, ...endpointOperations, ...peerOperations },
};
