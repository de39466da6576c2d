import { AwsError, protocolFor, type WireRequest, type WireResponse } from '../../protocols/index.ts';
import { FaultError } from '../faults/faults.ts';
import type { Machine } from '../machine.ts';
import { admit } from './admit.ts';
import { authenticate } from './authenticate.ts';
import { authorize } from './authorize.ts';
import { enter } from './enter.ts';
import { Exchange } from './exchange.ts';
import { identify } from './identify.ts';
import { invoke } from './invoke.ts';
import { parse } from './parse.ts';
import { throttle } from './throttle.ts';
import { validate } from './validate.ts';

export type Stage = (x: Exchange, machine: Machine) => Promise<void> | void;

/** The path of a request. Those after `parse` are one transaction: what is refused changes nothing, but where AWS does a part (`ctx.partly`). */
export const STAGES = {
  reading: [identify, parse],
  transaction: [authenticate, validate, enter, throttle, authorize, admit, invoke],
} satisfies Record<string, readonly Stage[]>;

export interface Answered {
  readonly response: WireResponse;
  readonly exchange: Exchange;
  /** The code of the error that was answered. */
  readonly code?: string;
  /** A fault of ours, for the log. */
  readonly fault?: unknown;
}

/** One request in, one response out; never throws. */
export async function answer(machine: Machine, request: WireRequest, sourceIp?: string): Promise<Answered> {
  const elapsed = machine.clock.stopwatch();
  const exchange = new Exchange(request, machine.requestIds.uuid(), sourceIp, machine.clock.now());
  let epoch: number | undefined;
  let outcome: Pick<Answered, 'code' | 'fault'> & { refusal?: AwsError } = {};
  try {
    for (const stage of STAGES.reading) stage(exchange, machine);
    if (machine.behind) await machine.catchUp();
    await machine.transact(async () => {
      await through(STAGES.transaction, exchange, machine);
      exchange.changes = machine.world.journal.soFar;
      epoch = machine.store.epoch;
    });
    if (exchange.ctx?.partly) outcome = refused(exchange.ctx.partly);
  } catch (error) {
    outcome = refused(error);
    if (error instanceof FaultError) exchange.transport = error.transport;
  }
  machine.calls.note(exchange, outcome.code);
  machine.metrics.note(exchange, outcome.code, elapsed());
  try {
    const keeping = machine.kept({ due: true, epoch });
    if (keeping) await keeping;
    if (!outcome.refusal) return { response: exchange.protocol!.writeResult(exchange.model!, exchange.operation!, exchange.output!, exchange.requestId), exchange };
  } catch (error) {
    outcome = refused(error);
  }
  const { refusal, ...rest } = outcome;
  return { response: (exchange.protocol ?? protocolFor('awsQuery')).writeError(exchange.model, refusal!, exchange.requestId), exchange, ...rest };
}

/** A stage that waits for nothing costs no turn of the queue. */
async function through(stages: readonly Stage[], exchange: Exchange, machine: Machine): Promise<void> {
  for (const stage of stages) {
    const waiting = stage(exchange, machine);
    if (waiting) await waiting;
  }
}

function refused(error: unknown): { refusal: AwsError; code: string; fault?: unknown } {
  const refusal = error instanceof AwsError ? error : internalError();
  return { refusal, code: refusal.code, ...(error instanceof AwsError ? {} : { fault: error }) };
}

// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html#api-error-codes-table-server
const internalError = (): AwsError => new AwsError('InternalError', 'An internal error has occurred', 500);
