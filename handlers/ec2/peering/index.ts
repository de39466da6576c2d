import type { Family } from '../family.ts';
import { groupReferenceOperations } from './group-references.ts';
import { peeringConnectionOperations, peeringConnections } from './peering-connections.ts';

export const peeringFamily: Family = {
  resources: [peeringConnections],
  operations: { ...peeringConnectionOperations, ...groupReferenceOperations },
};
