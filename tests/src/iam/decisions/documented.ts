import { doc, type Row } from './rows.ts';

/** A policy that AWS's documentation writes out, and what it says to requests. */
export type Documented = readonly [
  what: string, source: string, statements: readonly object[],
  asked: readonly (readonly [name: string, action: string, resource: string, context: NonNullable<Row['context']>, outcome: 'allowed' | 'explicitDeny' | 'implicitDeny'])[],
];

export const documented = (examples: readonly Documented[]): Row[] => examples.flatMap(([what, source, statements, asked]) => asked
  .map(([name, action, resource, context, outcome]): Row => ({
    name: `The example of ${what}: ${name}`, policies: { identity: [doc(...statements)] }, action, resource, context, source,
    expected: outcome === 'allowed' ? outcome : `${outcome}:identity`,
  })));
