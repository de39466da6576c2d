import type { OperationModel, Protocol, ServiceModel, Structure, WireRequest } from '../../protocols/types.ts';
import type { Principal } from '../identity/principals.ts';
import type { Signature } from '../identity/sigv4.ts';
import type { Context } from '../kit/context.ts';
import type { Change } from '../kit/journal.ts';
import type { Transport } from '../faults/faults.ts';
import type { Operation } from '../kit/registry.ts';

/** One request on its way through the stages; each stage fills in what it is named for. */
export class Exchange {
  model?: ServiceModel;
  protocol?: Protocol;
  operation?: OperationModel;
  handler?: Operation;
  input?: Structure;
  signature?: Signature;
  region?: string;
  principal?: Principal;
  ctx?: Context;
  output?: Structure;
  /** What it did to documents. */
  changes?: readonly Change[];
  /** What becomes of the answer on its way. */
  transport?: Transport | undefined;

  constructor(
    readonly request: WireRequest,
    readonly requestId: string,
    /** The caller's address. */
    readonly sourceIp: string | undefined,
    /** Milliseconds since the epoch. */
    readonly at: number,
  ) {}
}
