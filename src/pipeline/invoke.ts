import { createHash } from 'node:crypto';
import { AwsError, type Structure } from '../../protocols/index.ts';
import type { Context } from '../kit/context.ts';
import { hours } from '../kit/resource.ts';
import type { Machine } from '../machine.ts';
import type { Exchange } from './exchange.ts';

/**
 * Runs the handler. A dry run does everything and then undoes it, so that it fails exactly as the real call would
 * (`DryRunOperation` when it would not). A request that repeats an idempotency token is answered as the first one was.
 */
export async function invoke(x: Exchange, machine: Machine): Promise<void> {
  const { operation, input, ctx } = x as Required<Exchange>;
  const token = operation.idempotencyToken === undefined ? undefined : (input[operation.idempotencyToken] as string | undefined);
  const dryRun = input.DryRun === true && operation.input.members.has('DryRun');
  x.output = token ? await once(x, machine, ctx, token) : ((await x.handler!(input, ctx)) ?? {}) as Structure;
  if (dryRun) throw ctx.partly ?? new AwsError('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', 412);
}

// assumed: EC2 documents 24 hours for RunInstances' tokens of some operations and nothing for most.
// https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html
const TOKEN_LIFE_MS = hours(24);

async function once(x: Exchange, machine: Machine, ctx: Context, token: string): Promise<Structure> {
  const { store } = machine;
  const operation = `${x.model!.service}:${x.operation!.name}`;
  const { DryRun: _dryRun, ...rest } = x.input!;
  const parameters = createHash('sha256').update(JSON.stringify(Object.entries(rest).sort())).digest('base64');
  const earlier = await store.answer(ctx.account, ctx.region, operation, token);
  if (earlier) {
    if (earlier.parameters !== parameters) {
      throw new AwsError('IdempotentParameterMismatch', `The client token you have provided is associated with a resource that has different parameters from this request.`);
    }
    return JSON.parse(earlier.output) as Structure;
  }
  const output = ((await x.handler!(x.input!, ctx)) ?? {}) as Structure;
  await store.keepAnswer(ctx.account, ctx.region, operation, token, { parameters, output: JSON.stringify(output) }, Math.ceil(x.at + TOKEN_LIFE_MS));
  return output;
}
