import { decide, Keys, policy, type Caller, type Decision, type KeyValue, type Policies, type Policy, type PolicyType, type Question } from '../../../../src/iam/index.ts';

/** A decision, written down: who asks what under which policies, and what AWS's documentation says comes of it. */

/** The outcome; where it denies, the policy type that decided. */
export type Expected = 'allowed' | `${'explicitDeny' | 'implicitDeny'}:${PolicyType}`;

/** Documents by the policy type; of SCPs and RCPs by level. What is left out is not attached. */
export interface Attached {
  readonly identity?: readonly object[];
  readonly resource?: readonly object[];
  readonly boundary?: readonly object[];
  readonly session?: readonly object[];
  readonly scps?: readonly (readonly object[])[];
  readonly rcps?: readonly (readonly object[])[];
}

export interface Row {
  readonly name: string;
  readonly policies: Attached;
  readonly expected: Expected;
  /** An address in AWS's documentation, or 'assumed: why'. */
  readonly source: string;
  readonly caller?: Caller;
  readonly action?: string;
  readonly resource?: string;
  readonly resourceAccount?: string;
  readonly resourceMustGrant?: boolean;
  readonly context?: Readonly<Record<string, KeyValue>>;
}

export const GUIDE = 'https://docs.aws.amazon.com/IAM/latest/UserGuide';
export const ACCOUNT = '111122223333';
export const OTHER = '444455556666';

export const ALICE: Caller = { account: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:user/alice`, uniqueId: 'AIDAALICE0000000000A' };
export const ROLE = `arn:aws:iam::${ACCOUNT}:role/worker`;
export const SESSION: Caller = { account: ACCOUNT, arn: `arn:aws:sts::${ACCOUNT}:assumed-role/worker/monday`, roleArn: ROLE, uniqueId: 'AROAWORKER00000000AA' };

/** Statements, with the version that knows variables. */
export const doc = (...statements: object[]): object => ({ Version: '2012-10-17', Statement: statements });
export const allow = (over: object = {}): object => ({ Effect: 'Allow', Action: '*', Resource: '*', ...over });
export const deny = (over: object = {}): object => ({ Effect: 'Deny', Action: '*', Resource: '*', ...over });

/** `operator` of `key` with the policy's values, in the only statement there is; `given` undefined: the request has no such key. */
export type Condition = readonly [what: string, operator: string, values: unknown, given: KeyValue, holds: boolean, source?: string];

export function conditions(key: string, source: string, rows: readonly Condition[]): Row[] {
  return rows.map(([what, operator, values, given, holds, own]) => ({
    name: `${operator} ${holds ? 'holds' : 'fails'} ${what}`,
    policies: { identity: [doc(allow({ Condition: { [operator]: { [key]: values } } }))] },
    context: { [key]: given }, expected: holds ? 'allowed' : 'implicitDeny:identity', source: own ?? source,
  }));
}

function compiled(type: PolicyType, documents: readonly object[]): Policy[] {
  return documents.map((document, i) => policy({ type, name: `${type}-${i}`, managed: false }, JSON.stringify(document)));
}

export function policiesOf({ identity = [], resource, boundary, session, scps, rcps }: Attached): Policies {
  return {
    identity: compiled('identity', identity),
    ...(resource && { resource: compiled('resource', resource) }),
    ...(boundary && { boundary: compiled('boundary', boundary) }),
    ...(session && { session: compiled('session', session) }),
    ...(scps && { scps: scps.map((level) => compiled('scp', level)) }),
    ...(rcps && { rcps: rcps.map((level) => compiled('rcp', level)) }),
  };
}

export function questionOf({ caller = ALICE, action = 'ec2:StartInstances', resource = `arn:aws:ec2:us-east-1:${ACCOUNT}:instance/i-1`, resourceAccount = ACCOUNT, resourceMustGrant = false, context = {} }: Row): Question {
  return { action, resource, resourceAccount, resourceMustGrant, caller, context: new Keys(undefined, context) };
}

export const said = ({ outcome, type }: Decision): Expected => (outcome === 'allowed' ? outcome : `${outcome}:${type}`);
export const decided = (row: Row): Expected => said(decide(questionOf(row), policiesOf(row.policies)));
