/** The room's door: protocols by name, service models, and the types that both sides share. */
import { awsQuery } from './aws-query.ts';
import { ec2Query } from './ec2-query.ts';
import type { Protocol, ProtocolName } from './types.ts';

const protocols: Partial<Record<ProtocolName, Protocol>> = { ec2Query, awsQuery };

export function protocolFor(name: ProtocolName): Protocol {
  const protocol = protocols[name];
  if (!protocol) throw new Error(`No protocol ${name}`);
  return protocol;
}

export { loadModel, serviceIndex, setModelsDir } from './models.ts';
export type { ServiceIndexEntry } from './models.ts';
export * from './types.ts';
export { leaveEnumsToHandlers } from './validation.ts';
export type { Wire } from './wire-types.ts';
