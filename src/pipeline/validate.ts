import type { Exchange } from './exchange.ts';

/** The model's constraints, in the words of the protocol: `MissingParameter`, `ValidationError`, … */
export function validate(x: Exchange): void {
  x.protocol!.validate(x.model!, x.operation!, x.input!);
}
