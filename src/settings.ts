import { paceNamed } from './clock/pace.ts';
import type { IamMode } from './kit/context.ts';

export interface Settings {
  readonly host: string;
  readonly port: number;
  /** A folder, or ':memory:'. */
  readonly data: string;
  /** The account of unknown access keys and of `test`: twelve digits. */
  readonly account: string;
  /** The region that printed examples name. */
  readonly region: string;
  /** `open`: unknown access keys act as root of the default account; `strict`: they are refused. */
  readonly auth: 'open' | 'strict';
  readonly iam: IamMode;
  readonly pace: string;
  /** Service quotas, with AWS's defaults: what exceeds one is refused until it is raised. */
  readonly quotas: 'enforce' | 'off';
  /** `aws`: as often as AWS lets an account call, and no more. */
  readonly throttle: 'off' | 'aws';
  readonly seed: string | undefined;
  readonly adoptImages: boolean;
  /** A plan of calls that an empty world is filled with at the start: a file, or ''. */
  readonly load: string;
  /** What the control API wants to be told; '' where it wants nothing. */
  readonly controlToken: string;
  /** Origins whose pages may call: '*', or a list with commas; '' for none. */
  readonly cors: string;
  /** Requests a second and address; 0 for any number. */
  readonly rateLimit: number;
  readonly bodyLimitMib: number;
  readonly log: LogLevel;
}

export const IAM_MODES = ['enforce', 'observe', 'off'] as const satisfies readonly IamMode[];

export const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

interface Option {
  readonly flag: string;
  readonly argument?: string;
  readonly fallback: string;
  readonly help: string;
}

/** Every setting once: its flag, and with it its environment variable (`--port` is FOGBANK_PORT). */
export const OPTIONS: Readonly<Record<keyof Settings, Option>> = {
  host: { flag: 'host', argument: 'address', fallback: '127.0.0.1', help: 'address to listen on' },
  port: { flag: 'port', argument: 'number', fallback: '4566', help: 'port to listen on; 0 takes a free one' },
  data: { flag: 'data', argument: 'folder', fallback: '.fogbank', help: "folder of the state, or ':memory:'" },
  account: { flag: 'account', argument: 'id', fallback: '000000000000', help: 'account of unknown access keys and of `test`' },
  region: { flag: 'region', argument: 'name', fallback: 'us-east-1', help: 'region that the printed examples use' },
  auth: { flag: 'auth', argument: 'mode', fallback: 'open', help: 'open: unknown access keys are root of the default account; strict: they are refused' },
  iam: { flag: 'iam', argument: 'mode', fallback: 'enforce', help: 'policies: enforce; observe (let through, record what would be denied); off' },
  pace: { flag: 'pace', argument: 'name', fallback: 'fast', help: 'how long transitions take: instant, fast, realistic, or a factor such as 0.1' },
  quotas: { flag: 'quotas', argument: 'mode', fallback: 'enforce', help: "enforce: AWS's default quotas hold until they are raised through Service Quotas; off" },
  throttle: { flag: 'throttle', argument: 'mode', fallback: 'off', help: "off, or aws: AWS's token buckets for every account and region" },
  seed: { flag: 'seed', argument: 'text', fallback: '', help: 'makes ids repeatable' },
  adoptImages: { flag: 'adopt-images', fallback: 'false', help: 'take unknown but well-formed image ids as generic Linux images' },
  load: { flag: 'load', argument: 'file', fallback: '', help: 'calls, in YAML or JSON, that fill an empty world at the start' },
  controlToken: { flag: 'control-token', argument: 'text', fallback: '', help: 'what the control API (/_fogbank) wants to be told, as a bearer token' },
  cors: { flag: 'cors', argument: 'origins', fallback: '', help: "origins whose pages may call, with commas; '*' for all" },
  rateLimit: { flag: 'rate-limit', argument: 'number', fallback: '0', help: 'requests a second that one address may make; 0 for any number' },
  bodyLimitMib: { flag: 'body-limit', argument: 'MiB', fallback: '4', help: 'the longest request body' },
  log: { flag: 'log', argument: 'level', fallback: 'info', help: `how much to log: ${LOG_LEVELS.join(', ')}` },
};

export const environmentName = (flag: string): string => `FOGBANK_${flag.replaceAll('-', '_').toUpperCase()}`;

/** A setting that cannot be used; its message says which, what it was, and what it may be. */
export class SettingError extends Error {}

/** Settings from flags (as parsed) over environment over defaults. Throws SettingError. */
export function settingsFrom(flags: Readonly<Record<string, string | boolean | undefined>>, environment: Readonly<Record<string, string | undefined>>, isRegion: (name: string) => boolean): Settings {
  const known = new Set(Object.values(OPTIONS).map((o) => environmentName(o.flag)));
  for (const name of Object.keys(environment)) {
    if (name.startsWith('FOGBANK_') && !known.has(name)) throw new SettingError(`${name} is not a setting; there are ${[...known].join(', ')}`);
  }
  const read = (name: keyof Settings) => {
    const { flag, fallback } = OPTIONS[name];
    const given = flags[name];
    if (given !== undefined) return { text: String(given), from: `--${flag}` };
    const variable = environment[environmentName(flag)];
    return variable !== undefined ? { text: variable, from: environmentName(flag) } : { text: fallback, from: `--${flag}` };
  };
  const check = (name: keyof Settings, accepts: (text: string) => boolean, expected: string): string => {
    const { text, from } = read(name);
    if (!accepts(text)) throw new SettingError(`${from} '${text}': ${expected}`);
    return text;
  };
  return {
    host: check('host', (t) => t !== '', 'an address to listen on'),
    port: Number(check('port', (t) => /^\d{1,5}$/.test(t) && Number(t) <= 65535, 'a port from 0 to 65535')),
    data: check('data', (t) => t !== '', "a folder, or ':memory:'"),
    account: check('account', (t) => /^\d{12}$/.test(t), 'an account id of twelve digits'),
    region: check('region', isRegion, 'a region of AWS such as us-east-1'),
    auth: check('auth', (t) => t === 'open' || t === 'strict', 'open or strict') as Settings['auth'],
    iam: check('iam', (t) => (IAM_MODES as readonly string[]).includes(t), `one of ${IAM_MODES.join(', ')}`) as IamMode,
    pace: check('pace', (t) => paceNamed(t) !== undefined, 'instant, fast, realistic, or a factor of zero or more'),
    quotas: check('quotas', (t) => t === 'enforce' || t === 'off', 'enforce or off') as Settings['quotas'],
    throttle: check('throttle', (t) => t === 'off' || t === 'aws', 'off or aws') as Settings['throttle'],
    seed: read('seed').text || undefined,
    adoptImages: check('adoptImages', (t) => t === 'true' || t === 'false', 'true or false') === 'true',
    load: read('load').text,
    controlToken: check('controlToken', (t) => !/\s/.test(t), 'a text without spaces'),
    cors: check('cors', (t) => t === '' || t === '*' || t.split(',').every((o) => /^https?:\/\/[^/\s]+$/.test(o)), "'*', or origins such as http://localhost:3000, with commas"),
    rateLimit: Number(check('rateLimit', (t) => /^\d{1,7}$/.test(t), 'a whole number of requests a second')),
    bodyLimitMib: Number(check('bodyLimitMib', (t) => /^\d{1,4}$/.test(t) && Number(t) > 0, 'a whole number of MiB above 0')),
    log: check('log', (t) => (LOG_LEVELS as readonly string[]).includes(t), `one of ${LOG_LEVELS.join(', ')}`) as LogLevel,
  };
}
