import { describe, expect, it } from 'vitest';
import { decide, Keys, policy, trace, type Caller, type Decision, type Policies, type Policy, type PolicyType, type Question } from '../../../src/iam/index.ts';
import { glob, Pattern, resourceMatches } from '../../../src/iam/patterns.ts';

/** What holds of every decision, whatever the policies: on documents from a seeded source. */

const SEED = Number(process.env.FOGBANK_SEED ?? 20261121);

/** mulberry32: a small repeatable source. */
function source(seed: number) {
  const next = () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const upTo = (n: number) => Math.floor(next() * n);
  const one = <T>(of: readonly T[]): T => of[upTo(of.length)]!;
  const some = <T>(max: number, make: () => T): T[] => Array.from({ length: upTo(max + 1) }, make);
  const chance = (p: number) => next() < p;
  return { upTo, one, some, chance };
}

const ACCOUNT = '111122223333';
const ALICE: Caller = { account: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:user/alice`, uniqueId: 'AIDAALICE0000000000A' };
const SESSION: Caller = { account: ACCOUNT, arn: `arn:aws:sts::${ACCOUNT}:assumed-role/worker/monday`, roleArn: `arn:aws:iam::${ACCOUNT}:role/worker`, uniqueId: 'AROAWORKER00000000AA' };
const ANONYMOUS: Caller = { account: '', arn: '', anonymous: true };
const SERVICE: Caller = { account: '', arn: '', service: 'ec2.amazonaws.com' };
const CALLERS = [ALICE, ALICE, SESSION, SESSION, ANONYMOUS, SERVICE];
const PRINCIPALS = ['*', { AWS: '*' }, { AWS: ALICE.arn }, { AWS: SESSION.arn }, { AWS: SESSION.roleArn }, { AWS: ACCOUNT }, { AWS: [`arn:aws:iam::${ACCOUNT}:root`, ALICE.uniqueId] }, { Service: 'ec2.amazonaws.com' }, { Federated: 'accounts.google.com' }];

const ACTIONS = ['ec2:StartInstances', 'ec2:StopInstances', 'iam:ListUsers'];
const ACTION_PATTERNS = ['*', 'ec2:*', 'ec2:St?rt*', 'EC2:stopinstances', 'iam:*', 'iam:List*s'];
const RESOURCES = [`arn:aws:ec2:us-east-1:${ACCOUNT}:instance/i-1`, `arn:aws:ec2:us-east-1:${ACCOUNT}:instance/i-2`, '*'];
const RESOURCE_PATTERNS = ['*', `arn:aws:ec2:*:${ACCOUNT}:instance/*`, 'arn:aws:ec2:*', RESOURCES[0]!, 'arn:aws:ec2:us-?ast-*:*:instance/i-2', 'arn:aws:ec2:*:*:instance/${aws:b}'];
const KEYS = ['aws:a', 'aws:b', 'aws:c'];

const BASES = ['StringEquals', 'StringNotEquals', 'StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase', 'StringLike', 'StringNotLike', 'NumericEquals', 'NumericNotEquals', 'NumericLessThan', 'NumericLessThanEquals',
  'NumericGreaterThan', 'NumericGreaterThanEquals', 'DateEquals', 'DateNotEquals', 'DateLessThan', 'DateLessThanEquals', 'DateGreaterThan', 'DateGreaterThanEquals', 'Bool', 'BinaryEquals', 'IpAddress', 'NotIpAddress',
  'ArnEquals', 'ArnNotEquals', 'ArnLike', 'ArnNotLike', 'Null'];
/** All of the grammar, and more: sets and IfExists of Null, which mean nothing. */
const OPERATORS = BASES.flatMap((base) => ['', 'ForAllValues:', 'ForAnyValue:'].flatMap((set) => ['', 'IfExists'].map((end) => `${set}${base}${end}`)));

const PLAIN = ['x', 'y', 'X', '', 'true', 'false', '5', '7.5', '2026-07-01', '2026-07-01T00:00:00Z', '10.0.0.1', '10.0.0.0/8', 'arn:aws:sns:r:1:t', 'QUJD', 'i-1'];
const WEIRD = ['*', '?', '**', '${aws:b}', '${aws:missing}', "${aws:missing, 'x'}", '${*}', '${?}', '${$}', '${', '}', '${}', '${{}}', '$', '\u0000', '\uE000', '\uE001', '\uFFFD', '\uD800', 'é', 'ß', 'İ', '漢字', '😀', '🏳️‍🌈', '\u202E', '::', ':::::::', '::/0', '1:2:3:4:5:6:7:8/129',
  '999.1.1.1', '/', '//', '0/0', '1e400', '-0', 'NaN', 'Infinity', '99999999-99-99', '2026-13-45T99:99:99Z', '9'.repeat(400), 'a'.repeat(3000), '*a'.repeat(60), '%', '\\', '"', '__proto__', 'constructor', ' ', '\n'];

type Random = ReturnType<typeof source>;

function condition(random: Random, values: readonly string[]): object {
  const value = () => (random.chance(0.05) ? random.one([true, false, 5, 0]) : random.one(values));
  return Object.fromEntries(random.some(2, () => [random.one(OPERATORS), Object.fromEntries([[random.one(KEYS), random.chance(0.4) ? random.some(3, value) : value()]])]));
}

function statement(random: Random, type: PolicyType, effect: string, values = PLAIN): object {
  const list = (of: readonly string[]) => (random.chance(0.4) ? [random.one(of), random.one(of)] : random.one(of));
  return {
    ...(random.chance(0.2) ? { Sid: `S${random.upTo(9)}` } : {}), Effect: effect,
    [random.chance(0.15) ? 'NotAction' : 'Action']: list(ACTION_PATTERNS),
    [random.chance(0.15) ? 'NotResource' : 'Resource']: list(RESOURCE_PATTERNS),
    ...(type === 'resource' ? { [random.chance(0.15) ? 'NotPrincipal' : 'Principal']: random.one(PRINCIPALS) } : {}),
    ...(random.chance(0.5) ? { Condition: condition(random, values) } : {}),
  };
}

interface Texts {
  readonly type: PolicyType;
  readonly statements: readonly object[];
  readonly version: string;
}

/** Policies by where they are; each a list of documents. */
interface Attached {
  readonly identity: readonly Texts[];
  readonly resource?: readonly Texts[];
  readonly boundary?: readonly Texts[];
  readonly session?: readonly Texts[];
  readonly scps?: readonly (readonly Texts[])[];
  readonly rcps?: readonly (readonly Texts[])[];
}

function documents(random: Random, type: PolicyType, values?: string[]): Texts[] {
  return random.some(2, () => ({ type, version: random.chance(0.9) ? '2012-10-17' : '2008-10-17', statements: [0, 1, 2].slice(random.upTo(3)).map(() => statement(random, type, random.chance(0.85) ? 'Allow' : 'Deny', values)) }));
}

function attached(random: Random, values?: string[]): Attached {
  const perhaps = <T>(p: number, make: () => T): T | undefined => (random.chance(p) ? make() : undefined);
  return {
    identity: documents(random, 'identity', values), resource: perhaps(0.5, () => documents(random, 'resource', values)),
    boundary: perhaps(0.2, () => documents(random, 'boundary', values)), session: perhaps(0.2, () => documents(random, 'session', values)),
    scps: perhaps(0.2, () => random.some(2, () => documents(random, 'scp', values))), rcps: perhaps(0.2, () => random.some(2, () => documents(random, 'rcp', values))),
  };
}

const compile = (texts: readonly Texts[]): Policy[] => texts.map(({ type, version, statements }, i) => policy({ type, name: `${type}-${i}`, managed: false }, JSON.stringify({ Version: version, Statement: statements })));

const policiesOf = ({ identity, resource, boundary, session, scps, rcps }: Attached): Policies => ({
  identity: compile(identity), resource: resource && compile(resource), boundary: boundary && compile(boundary), session: session && compile(session),
  scps: scps?.map(compile), rcps: rcps?.map(compile),
});

function question(random: Random, values: readonly string[] = PLAIN): Question {
  const context = Object.fromEntries(KEYS.map((key) => [key, random.one([undefined, [], random.one(values), random.one(values), random.some(3, () => random.one(values))])]));
  return { action: random.one(ACTIONS), resource: random.one(RESOURCES), resourceAccount: random.chance(0.8) ? ACCOUNT : '444455556666', caller: random.one(CALLERS), context: new Keys(undefined, context), resourceMustGrant: random.chance(0.1) };
}

/** `check` answers what happened, and throws or complains where it must not; each of `wanted` must have happened, or nothing was tried. */
function forMany(runs: number, wanted: readonly string[], check: (random: Random) => string): void {
  const happened = new Set<string>();
  for (let run = 0; run < runs; run++) {
    try {
      happened.add(check(source(Math.imul(SEED, 7919) + run)));
    } catch (error) {
      throw new Error(`FOGBANK_SEED=${SEED}, run ${run}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
  }
  expect(wanted.filter((what) => !happened.has(what)), `FOGBANK_SEED=${SEED}: never seen`).toEqual([]);
}

const RUNS = 500;
const outcome = (ask: Question, policies: Attached): Decision['outcome'] => decide(ask, policiesOf(policies)).outcome;

function shuffled<T>(random: Random, items: readonly T[]): T[] {
  const left = [...items];
  return items.map(() => left.splice(random.upTo(left.length), 1)[0]!);
}

describe('decisions on policies from a seeded source', () => {
  it('refuse with one more denial what they refused without, and refuse it explicitly where it matches', () => {
    forMany(RUNS, ['allowed to allowed', 'allowed to explicitDeny', 'implicitDeny to implicitDeny', 'implicitDeny to explicitDeny', 'explicitDeny to explicitDeny'], (random) => {
      const [policies, ask] = [attached(random), question(random)];
      const type = random.one(['identity', 'resource'] as const);
      const more: Texts = { type, version: '2012-10-17', statements: [statement(random, type, 'Deny')] };
      const [before, after] = [outcome(ask, policies), outcome(ask, { ...policies, [type]: shuffled(random, [...policies[type] ?? [], more]) })];
      expect({ allowed: ['allowed', 'explicitDeny'], implicitDeny: ['implicitDeny', 'explicitDeny'], explicitDeny: ['explicitDeny'] }[before]).toContain(after);
      return `${before} to ${after}`;
    });
  });

  it.each(['boundary', 'session', 'scps', 'rcps'] as const)('allow no more with %s than without', (type) => {
    forMany(RUNS, ['allowed to allowed', 'allowed to implicitDeny', 'implicitDeny to implicitDeny'], (random) => {
      const [policies, ask] = [{ ...attached(random), [type]: undefined }, question(random)];
      const single = type === 'scps' ? 'scp' : type === 'rcps' ? 'rcp' : type;
      const limits = documents(random, single);
      const [before, after] = [outcome(ask, policies), outcome(ask, { ...policies, [type]: type === single ? limits : [limits] })];
      if (before !== 'allowed') expect(after).not.toBe('allowed');
      return `${before} to ${after}`;
    });
  });

  it('refuse no more with one more grant than without, where the policy type grants', () => {
    forMany(RUNS, ['allowed to allowed', 'implicitDeny to allowed', 'explicitDeny to explicitDeny'], (random) => {
      const [policies, ask] = [attached(random), question(random)];
      const type = random.one(['identity', 'resource'] as const);
      const more: Texts = { type, version: '2012-10-17', statements: [statement(random, type, 'Allow')] };
      const [before, after] = [outcome(ask, policies), outcome(ask, { ...policies, [type]: [...policies[type] ?? [], more] })];
      if (before !== 'implicitDeny') expect(after).toBe(before);
      return `${before} to ${after}`;
    });
  });

  it('are the same in whatever order statements, policies and levels come', () => {
    forMany(RUNS, ['allowed', 'implicitDeny', 'explicitDeny'], (random) => {
      const [policies, ask] = [attached(random), question(random)];
      const mixed = (texts: readonly Texts[]) => shuffled(random, texts.map((text) => ({ ...text, statements: shuffled(random, text.statements) })));
      const { identity, resource, boundary, session, scps, rcps } = policies;
      const other = {
        identity: mixed(identity), resource: resource && mixed(resource), boundary: boundary && mixed(boundary), session: session && mixed(session),
        scps: scps && shuffled(random, scps.map(mixed)), rcps: rcps && shuffled(random, rcps.map(mixed)),
      };
      const [first, second] = [decide(ask, policiesOf(policies)), decide(ask, policiesOf(other))];
      expect([second.outcome, second.type]).toEqual([first.outcome, first.type]);
      return first.outcome;
    });
  });

  it('come of every operator and every odd value without an error', () => {
    forMany(RUNS, ['allowed', 'implicitDeny', 'explicitDeny'], (random) => {
      const values = [...PLAIN, ...WEIRD];
      const [policies, ask] = [policiesOf(attached(random, values)), question(random, values)];
      const decision = decide(ask, policies);
      expect(trace(ask, policies).every(({ matched, missed }) => matched === (missed === undefined))).toBe(true);
      return decision.outcome;
    });
  });

  /** Whether an operator holds for the key's value, of which there is one. */
  const holds = (operator: string, expected: readonly string[], given: string | readonly string[] | undefined): boolean => decide(
    { action: 'ec2:StartInstances', resource: '*', resourceAccount: ACCOUNT, caller: ALICE, context: new Keys(undefined, { 'aws:a': given }) },
    policiesOf({ identity: [{ type: 'identity', version: '2012-10-17', statements: [{ Effect: 'Allow', Action: '*', Resource: '*', Condition: { [operator]: { 'aws:a': expected } } }] }] }),
  ).outcome === 'allowed';

  /** Values that an operator can read, and any others; the request's, and the policy's. */
  const READABLE: Readonly<Record<string, readonly string[]>> = { Numeric: ['4', '5', '7.5'], Date: ['2026-06-30', '2026-07-01', '2026-07-01T00:00:00Z'], Ip: ['10.0.0.1', '10.0.0.2'], NotIp: ['10.0.0.1', '10.0.0.2'] };
  const compared = (random: Random, base: string): { given: string; expected: string[] } => {
    const readable = Object.entries(READABLE).find(([beginning]) => base.startsWith(beginning))?.[1] ?? PLAIN;
    const value = () => random.one(random.chance(0.7) ? readable : WEIRD);
    const given = value();
    return { given, expected: [value(), random.chance(0.4) ? given : value()] };
  };

  it.each(BASES.filter((base) => base !== 'Null'))('take %s alike with sets and IfExists where one value is there', (base) => {
    forMany(60, ['holds', 'fails'], (random) => {
      const { given, expected } = compared(random, base);
      const plain = holds(base, expected, given);
      const alike = [`${base}IfExists`, ...(given === '' ? [] : [`ForAllValues:${base}`, `ForAnyValue:${base}`, `ForAllValues:${base}IfExists`, `ForAnyValue:${base}IfExists`])];
      expect(alike.filter((operator) => holds(operator, expected, given) !== plain), JSON.stringify([expected, given])).toEqual([]);
      return plain ? 'holds' : 'fails';
    });
  });

  const NEGATED = BASES.filter((base) => base.includes('Not')).map((negated) => [negated, negated.replace('Not', '')] as const);

  it.each(NEGATED)('hold %s where %s fails, and the other way round', (negated, positive) => {
    forMany(60, ['holds', 'fails', 'holds without the key'], (random) => {
      const { given, expected } = compared(random, negated);
      const asked = random.chance(0.1) ? undefined : given;
      const outcome = holds(negated, expected, asked);
      expect(outcome, JSON.stringify([expected, asked])).toBe(!holds(positive, expected, asked));
      return `${outcome ? 'holds' : 'fails'}${asked === undefined ? ' without the key' : ''}`;
    });
  });

  it('are what their traces show', () => {
    forMany(RUNS, ['allowed by identity', 'allowed by resource', 'explicitDeny by identity', 'explicitDeny by resource', 'explicitDeny by scp', 'implicitDeny by identity', 'implicitDeny by boundary', 'implicitDeny by scp'], (random) => {
      const [policies, ask] = [policiesOf(attached(random)), question(random)];
      const decision = decide(ask, policies);
      const lines = trace(ask, policies);
      const matched = (effect: string) => lines.filter((line) => line.matched && line.effect === effect);
      const deciding = decision.outcome === 'explicitDeny' ? matched('Deny') : decision.outcome === 'allowed' ? matched('Allow') : undefined;
      if (decision.outcome !== 'explicitDeny') expect(matched('Deny')).toEqual([]);
      if (deciding) {
        const name = decision.statement!.sid ?? `#${decision.statement!.index + 1}`;
        expect(deciding.map((line) => `${line.type} ${line.policy} ${line.statement}`)).toContain(`${decision.type} ${decision.policy!.source.name} ${name}`);
      }
      // A type of policy that should have allowed and did not, and is not the resource's grant to the account or a level of several: none of it matched.
      if (decision.outcome === 'implicitDeny' && ['identity', 'boundary', 'session'].includes(decision.type)) expect(matched('Allow').filter((line) => line.type === decision.type)).toEqual([]);
      return `${decision.outcome} by ${decision.type}`;
    });
  });
});

/** What a pattern means, said as shortly as can be: a star is nothing or one character and the star again. */
function naive(pattern: string, text: string): boolean {
  if (pattern === '') return text === '';
  if (pattern[0] === '*') return naive(pattern.slice(1), text) || (text !== '' && naive(pattern, text.slice(1)));
  return text !== '' && (pattern[0] === '?' || pattern[0] === text[0]) && naive(pattern.slice(1), text.slice(1));
}

/** The same of the Resource element: up to the fifth colon, wildcards stop at colons, but for stars with a colon behind them. */
function naiveResource(pattern: string, text: string, part = 0): boolean {
  if (part >= 5 || !pattern.includes(':')) return naive(pattern, text);
  const [first, rest] = [pattern[0]!, pattern.slice(1)];
  if (first === '*') return naiveResource(rest, text, part) || (text !== '' && (text[0] !== ':' || rest[0] === ':') && naiveResource(pattern, text.slice(1), part));
  if (text === '' || (first === '?' ? text[0] === ':' : first !== text[0])) return false;
  return naiveResource(rest, text.slice(1), first === ':' ? part + 1 : part);
}

const compiled = (text: string): string => Pattern.parse(text, { wildcards: true, variables: false }).resolved(() => undefined)!;

/** Milliseconds of this process's own work. */
function cpuOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

describe('patterns from a seeded source', () => {
  const text = (random: Random, from: readonly string[], max: number) => random.some(max, () => random.one(from)).join('');

  it('match what a naive matcher matches', () => {
    forMany(3000, ['matches', 'does not'], (random) => {
      const [pattern, given] = [text(random, ['a', 'b', '*', '*', '?'], 8), text(random, ['a', 'a', 'b'], 9)];
      expect(glob(compiled(pattern), given), `${pattern} against ${given}`).toBe(naive(pattern, given));
      return naive(pattern, given) ? 'matches' : 'does not';
    });
  });

  it('match the resources that a naive matcher matches', () => {
    forMany(3000, ['matches', 'does not', 'reaches over colons'], (random) => {
      const pattern = text(random, ['a', 'b', '*', '*', '?', ':', ':'], 11);
      const given = `${text(random, ['a', 'b', ':'], 7)}:${text(random, ['a', 'b', ':'], 4)}`;
      const wanted = naiveResource(pattern, given);
      if (pattern !== '*') expect(resourceMatches(compiled(pattern), given), `${pattern} against ${given}`).toBe(wanted);
      return !wanted ? 'does not' : pattern.split(':').length < given.split(':').length ? 'reaches over colons' : 'matches';
    });
  });

  it.each([
    ['*a'.repeat(200), 'a'.repeat(4000)],
    ['*a'.repeat(200), `${'a'.repeat(4000)}b`],
    [`${'a*'.repeat(200)}b`, 'a'.repeat(4000)],
    [`${'?*'.repeat(500)}b`, 'a'.repeat(4000)],
    [`${'*'.repeat(2000)}b`, 'a'.repeat(4000)],
    [`arn:${'*a'.repeat(100)}:*:*:*:b`, 'arn:'.concat('a'.repeat(3000), ':::::c')],
    [`*:*:*:*:*:${'*a'.repeat(20)}b`, 'a:'.repeat(500)],
  ])('take time by the product of the lengths, and no more (%#)', (pattern, given) => {
    const wanted = pattern === '*a'.repeat(200) && !given.endsWith('b');
    const spent = cpuOf(() => {
      expect(resourceMatches(compiled(pattern), given)).toBe(wanted);
      expect(glob(compiled(pattern), given)).toBe(wanted);
    });
    expect(spent).toBeLessThan(500);
  });
});
