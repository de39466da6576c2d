import type { Machine } from '../machine.ts';

/** One thing that AWS has no call for: an HTTP route, a subcommand and an entry of the OpenAPI document, all from here. */
export interface Control {
  /** The subcommand's words: 'clock advance'. */
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** `:name` takes a parameter from the path. */
  readonly path: string;
  readonly summary: string;
  readonly parameters?: Readonly<Record<string, Parameter>>;
  /** The answer, as JSON. Throws ControlError. */
  readonly run: (machine: Machine, given: Given) => unknown;
  /** How a shell shows the answer; without it, as indented JSON. */
  readonly text?: (answer: any) => string; // eslint-disable-line @typescript-eslint/no-explicit-any -- each control's own answer
}

export interface Parameter {
  readonly type: 'string' | 'number' | 'object';
  readonly help: string;
  readonly optional?: true;
  readonly choices?: readonly string[];
}

export type Given = Readonly<Record<string, any>>; // eslint-disable-line @typescript-eslint/no-explicit-any -- checked against `parameters`

/** What a caller can mend; the message is a sentence that says how. */
export class ControlError extends Error {
  constructor(message: string, readonly status = 400) {
    super(message);
  }
}

/** Names of a path's parameters: the others come in the query of a GET or DELETE and in the body of a POST. */
export const inPath = (control: Pick<Control, 'path'>): string[] => [...control.path.matchAll(/:(\w+)/g)].map((m) => m[1]!);

/** Throws ControlError for what is missing, unknown or of another type. */
export function checked({ name, parameters = {} }: Control, given: Given): Given {
  const known = Object.keys(parameters);
  for (const key of Object.keys(given)) {
    if (!known.includes(key)) throw new ControlError(`${name}: there is no parameter ${key}; ${known.length === 0 ? 'it takes none' : `there are ${known.join(', ')}`}`);
  }
  const out: Record<string, unknown> = {};
  for (const [key, { type, optional, help, choices }] of Object.entries(parameters)) {
    const value = type === 'number' && typeof given[key] === 'string' && given[key] !== '' ? Number(given[key]) : given[key];
    if (value === undefined) {
      if (!optional) throw new ControlError(`${name}: ${key} is missing (${help})`);
      continue;
    }
    if (typeof value !== type || value === null || Number.isNaN(value)) throw new ControlError(`${name}: ${key} must be a${type === 'object' ? 'n' : ''} ${type} (${help})`);
    if (choices && !choices.includes(value as string)) throw new ControlError(`${name}: ${key} '${String(value)}' is none of ${choices.join(', ')}`);
    out[key] = value;
  }
  return out;
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** '90s', '1h30m', '2d' in milliseconds; a bare number is seconds. Throws ControlError. */
export function duration(text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d|w)/g)];
  if (parts.length > 0 && parts.map((p) => p[0]).join('') === text) return parts.reduce((sum, [, n, unit]) => sum + Number(n) * UNITS[unit!]!, 0);
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  throw new ControlError(`'${text}' is no duration: write 500ms, 90s, 15m, 1h30m, 2d or 1w`);
}
