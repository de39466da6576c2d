/** The room's door: protocols by name, service models, and the types that both sides share. */
import { awsJson1_0, awsJson1_1 } from './aws-json.ts';
import { awsQuery } from './aws-query.ts';
import { ec2Query } from './ec2-query.ts';
import { rpcv2Cbor } from './rpcv2-cbor.ts';
import type { Protocol, ProtocolName } from './types.ts';

const protocols: Record<ProtocolName, Protocol> = { ec2Query, awsQuery, awsJson1_0, awsJson1_1, rpcv2Cbor };

export function protocolFor(name: ProtocolName): Protocol {
  return protocols[name];
}

export { loadModel, serviceIndex, setModelsDir } from './models.ts';
export type { ServiceIndexEntry } from './models.ts';
export { parameterOf } from './query.ts';
export * from './types.ts';
export { leaveEnumsToHandlers, leavePresenceToHandlers } from './validation.ts';
export type { Wire } from './wire-types.ts';
