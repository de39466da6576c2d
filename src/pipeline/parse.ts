import { AwsError } from '../../protocols/index.ts';
import type { Machine } from '../machine.ts';
import type { Exchange } from './exchange.ts';

/** Bytes to the operation's input, and the handler that will answer it. An operation without one answers `NotImplemented`. */
export function parse(x: Exchange, machine: Machine): void {
  const model = x.model!;
  const operation = x.operation!;
  x.handler = machine.world.registry.service(model.service)?.operations[operation.name];
  if (!x.handler) throw new AwsError('NotImplemented', `Fogbank does not implement ${model.serviceId} ${operation.name} (${model.service}:${operation.name}).`, 501);
  x.input = x.protocol!.parse(model, operation, x.request);
}
