import { refuseParameters } from '../kit/parameters.ts';
import type { Machine } from '../machine.ts';
import type { Exchange } from './exchange.ts';

/** The model's constraints, in the words of the protocol: `MissingParameter`, `ValidationError`, …; then what the service does not take. */
export function validate(x: Exchange, machine: Machine): void {
  x.protocol!.validate(x.model!, x.operation!, x.input!);
  refuseParameters(machine.world.registry.service(x.model!.service)?.refused, x.operation!.name, x.input!);
}
