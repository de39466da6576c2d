import type { Caller, PolicyType } from '../../../../src/iam/index.ts';
import { ACCOUNT, ALICE, allow, deny, doc, GUIDE, OTHER, ROLE, SESSION, type Attached, type Expected, type Row } from './rows.ts';

/** Every combination of policy types, within an account and across accounts, against the rules that AWS's documentation states. */

const WITHIN = `${GUIDE}/reference_policies_evaluation-logic_policy-eval-denyallow.html`;
const ACROSS = `${GUIDE}/reference_policies_evaluation-logic-cross-account.html`;
const FIRST = 'assumed: where several types of policy lack the permission across accounts, the resource\'s is named first, then the order of one account';

/** A policy type that limits: not attached, allowing the request, or allowing something else alone. */
type Limit = 'absent' | 'allows' | 'silent';
const LIMITS: readonly Limit[] = ['absent', 'allows', 'silent'];

interface Kind {
  readonly what: string;
  readonly caller: Caller;
  /** Whom the resource's policy names: nobody, the one who calls, the entity behind a session, the account, everyone, someone else. */
  readonly names: Readonly<Record<string, string | undefined>>;
  readonly sessions: readonly Limit[];
}

const FEDERATED: Caller = { account: ACCOUNT, arn: `arn:aws:sts::${ACCOUNT}:federated-user/carla`, roleArn: ALICE.arn, uniqueId: ACCOUNT };
const root = `arn:aws:iam::${ACCOUNT}:root`;

const KINDS: readonly Kind[] = [
  { what: 'a user', caller: ALICE, sessions: ['absent'], names: { 'no one': undefined, themselves: ALICE.arn, 'their account': root, everyone: '*', 'someone else': `arn:aws:iam::${ACCOUNT}:user/bob` } },
  { what: 'a role session', caller: SESSION, sessions: LIMITS, names: { 'no one': undefined, themselves: SESSION.arn, 'their entity': ROLE, 'their account': root, everyone: '*', 'someone else': `${ROLE}2` } },
  // GetFederationToken's session has session policies, or none that allow anything.
  { what: 'a federated user', caller: FEDERATED, sessions: ['allows', 'silent'], names: { 'no one': undefined, themselves: FEDERATED.arn, 'their entity': ALICE.arn, 'their account': root, everyone: '*', 'someone else': `arn:aws:sts::${ACCOUNT}:federated-user/dora` } },
];

interface Case {
  readonly kind: Kind;
  readonly identity: boolean;
  readonly boundary: Limit;
  readonly session: Limit;
  /** A member of `kind.names`. */
  readonly named: string;
  readonly scp: Limit;
  readonly rcp: Limit;
}

const silent = doc(allow({ Action: 'iam:ListUsers' }));
const granting = doc(allow());
const limit = (kind: Limit): object[] | undefined => (kind === 'absent' ? undefined : [kind === 'allows' ? granting : silent]);

function attached({ kind, identity, boundary, session, named, scp, rcp }: Case): Attached {
  const principal = kind.names[named];
  return {
    identity: identity ? [granting] : [silent], boundary: limit(boundary), session: limit(session),
    ...(principal === undefined ? {} : { resource: [doc(allow({ Principal: { AWS: principal } }))] }),
    // The root of the organization allows all; the level below speaks.
    ...(scp === 'absent' ? {} : { scps: [[granting], limit(scp)!] }),
    ...(rcp === 'absent' ? {} : { rcps: [[granting], limit(rcp)!] }),
  };
}

/**
 * Within an account. RCPs and SCPs must allow wherever they are. A grant to the user, the session or everyone needs nothing more.
 * A grant to the entity of a session takes the place of identity-based policies, and is limited as they are; one to the account
 * is none.
 */
function within({ identity, boundary, session, named, scp, rcp }: Case): Expected {
  if (rcp === 'silent') return 'implicitDeny:rcp';
  if (scp === 'silent') return 'implicitDeny:scp';
  if (named === 'themselves' || named === 'everyone') return 'allowed';
  if (!identity && named !== 'their entity') return 'implicitDeny:identity';
  if (boundary === 'silent') return 'implicitDeny:boundary';
  return session === 'silent' ? 'implicitDeny:session' : 'allowed';
}

/** Across accounts both sides must allow: the resource's policy on its side, identity-based policies and all limits on the other. */
function across({ identity, boundary, session, named, scp, rcp }: Case): { expected: Expected; lacking: number } {
  const lacks: readonly (readonly [PolicyType, boolean])[] = [
    ['rcp', rcp === 'silent'], ['scp', scp === 'silent'], ['resource', named === 'no one' || named === 'someone else'],
    ['identity', !identity], ['boundary', boundary === 'silent'], ['session', session === 'silent'],
  ];
  const lacking = lacks.filter(([, lack]) => lack);
  return { expected: lacking.length === 0 ? 'allowed' : `implicitDeny:${lacking[0]![0]}`, lacking: lacking.length };
}

function describeCase({ kind, identity, boundary, session, named, scp, rcp }: Case): string {
  const limits = Object.entries({ boundary, session, scp, rcp }).filter(([, kind]) => kind !== 'absent').map(([type, kind]) => `${type} ${kind}`);
  return `${kind.what} whose identity-based policy ${identity ? 'allows' : 'is silent'}, with ${[`a grant to ${named}`, ...limits].join(', ')}`;
}

function combinations(organization: readonly (readonly [Limit, Limit])[]): Case[] {
  return KINDS.flatMap((kind) => [true, false].flatMap((identity) => LIMITS.flatMap((boundary) => kind.sessions.flatMap((session) => Object.keys(kind.names)
    .flatMap((named) => organization.map(([scp, rcp]): Case => ({ kind, identity, boundary, session, named, scp, rcp })))))));
}

const ALONE = [['absent', 'absent']] as const;
const ORGANIZED = LIMITS.flatMap((scp) => LIMITS.map((rcp) => [scp, rcp] as const)).slice(1);
const plain = combinations(ALONE);
/** With an organization about it, without the boundaries and session policies that the others have gone through. */
const organized = combinations(ORGANIZED).filter(({ boundary, session }) => boundary === 'absent' && session !== 'silent');

const rowWithin = (one: Case): Row => ({ name: `Within an account: ${describeCase(one)}`, policies: attached(one), caller: one.kind.caller, expected: within(one), source: WITHIN });
function rowAcross(one: Case): Row {
  const { expected, lacking } = across(one);
  return { name: `Across accounts: ${describeCase(one)}`, policies: attached(one), caller: one.kind.caller, resourceAccount: OTHER, expected, source: lacking > 1 ? FIRST : ACROSS };
}

// ---- explicit denials ----

const DENIED = `${GUIDE}/reference_policies_evaluation-logic_policy-eval-denyallow.html`;
const TYPES: readonly PolicyType[] = ['scp', 'rcp', 'resource', 'identity', 'boundary', 'session'];

/** All types allow, and `types` deny besides. */
function denying(types: readonly PolicyType[], caller: Caller): Attached {
  const also = (type: PolicyType, who: object = {}) => [doc(allow(who)), ...(types.includes(type) ? [doc(deny(who))] : [])];
  const everyone = { Principal: { AWS: caller.arn } };
  return { identity: also('identity'), boundary: also('boundary'), session: also('session'), resource: also('resource', everyone), scps: [[granting], also('scp')], rcps: [also('rcp'), [granting]] };
}

const denials: readonly Row[] = KINDS.flatMap(({ what, caller }) => [ACCOUNT, OTHER].flatMap((resourceAccount) => {
  const where = resourceAccount === ACCOUNT ? 'within an account' : 'across accounts';
  return [
    { name: `All types of policies allow ${what} ${where}`, policies: denying([], caller), caller, resourceAccount, expected: 'allowed' as const, source: DENIED },
    ...TYPES.map((type): Row => ({ name: `A denial by the ${type} denies ${what} ${where}, whoever allows`, policies: denying([type], caller), caller, resourceAccount, expected: `explicitDeny:${type}`, source: DENIED })),
    ...TYPES.slice(1).map((type, i): Row => ({ name: `Of denials by ${TYPES[i]} and ${type} the first is named to ${what} ${where}`, policies: denying([TYPES[i]!, type], caller), caller, resourceAccount, expected: `explicitDeny:${TYPES[i]!}`, source: 'assumed: AWS names one type of several that deny, and does not document which' })),
  ];
}));

// ---- what combinations leave out ----

const ROOT: Caller = { account: ACCOUNT, arn: root, uniqueId: ACCOUNT };
const SCPS = 'https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html';
const RCPS = 'https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_evaluation.html';
const TRUST = `${GUIDE}/reference_policies_evaluation-logic_policy-eval-denyallow.html`;
const entity = (principal: string): object[] => [doc(allow({ Principal: { AWS: principal } }))];

const REST: readonly Row[] = [
  { name: 'Each level of SCPs must allow: the first does not', policies: { identity: [granting], scps: [[silent], [granting], [granting]] }, expected: 'implicitDeny:scp', source: SCPS },
  { name: 'Each level of SCPs must allow: the second does not', policies: { identity: [granting], scps: [[granting], [silent], [granting]] }, expected: 'implicitDeny:scp', source: SCPS },
  { name: 'Each level of SCPs must allow: the last does not', policies: { identity: [granting], scps: [[granting], [granting], [silent]] }, expected: 'implicitDeny:scp', source: SCPS },
  { name: 'Each level of SCPs must allow: one has none', policies: { identity: [granting], scps: [[granting], []] }, expected: 'implicitDeny:scp', source: SCPS },
  { name: 'Each level of SCPs must allow: all do', policies: { identity: [granting], scps: [[granting], [granting], [granting]] }, expected: 'allowed', source: SCPS },
  { name: 'Of two SCPs at one level one may allow', policies: { identity: [granting], scps: [[silent, granting]] }, expected: 'allowed', source: SCPS },
  { name: 'Of two SCPs at one level neither may allow', policies: { identity: [granting], scps: [[silent, silent]] }, expected: 'implicitDeny:scp', source: SCPS },
  { name: 'SCPs grant nothing', policies: { scps: [[granting]] }, expected: 'implicitDeny:identity', source: SCPS },
  { name: 'RCPs grant nothing', policies: { rcps: [[granting]] }, expected: 'implicitDeny:identity', source: RCPS },
  { name: 'Boundaries grant nothing', policies: { boundary: [granting] }, expected: 'implicitDeny:identity', source: `${GUIDE}/access_policies_boundaries.html` },
  { name: 'Session policies grant nothing', policies: { session: [granting] }, caller: SESSION, expected: 'implicitDeny:identity', source: `${GUIDE}/access_policies.html#policies_session` },
  { name: 'Of two session policies one may allow', policies: { identity: [granting], session: [silent, granting] }, caller: SESSION, expected: 'allowed', source: `${GUIDE}/access_policies.html#policies_session` },
  { name: 'A session without session policies that allow may nothing', policies: { identity: [granting], session: [] }, caller: FEDERATED, expected: 'implicitDeny:session', source: 'https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html' },
  { name: 'A session without session policies may what a resource grants it', policies: { identity: [], session: [], resource: entity(FEDERATED.arn) }, caller: FEDERATED, expected: 'allowed', source: 'https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html' },
  { name: 'An SCP limits root', policies: { identity: [granting], scps: [[silent]] }, caller: ROOT, expected: 'implicitDeny:scp', source: SCPS },
  { name: 'An SCP denies root', policies: { identity: [granting], scps: [[granting, doc(deny())]] }, caller: ROOT, expected: 'explicitDeny:scp', source: SCPS },
  { name: 'An RCP denies root', policies: { identity: [granting], rcps: [[granting, doc(deny())]] }, caller: ROOT, expected: 'explicitDeny:rcp', source: RCPS },
  { name: 'An RCP denies those outside of the organization', policies: { identity: [granting], resource: entity('*'), rcps: [[granting, doc({ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*', Condition: { StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-1' }, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } } })]] }, action: 's3:GetObject', resource: 'arn:aws:s3:::b/a', resourceAccount: OTHER, context: { 'aws:PrincipalOrgID': 'o-2' }, expected: 'explicitDeny:rcp', source: 'https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_examples.html' },
  { name: 'An RCP spares those of the organization', policies: { identity: [granting], resource: entity('*'), rcps: [[granting, doc({ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*', Condition: { StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-1' } } })]] }, action: 's3:GetObject', resource: 'arn:aws:s3:::b/a', resourceAccount: OTHER, context: { 'aws:PrincipalOrgID': 'o-1' }, expected: 'allowed', source: 'https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_examples.html' },
  { name: 'A denial of another action denies nothing', policies: { identity: [granting, doc(deny({ Action: 'iam:*' }))] }, expected: 'allowed', source: DENIED },
  { name: 'A denial under a condition that fails denies nothing', policies: { identity: [granting, doc(deny({ Condition: { Bool: { 'aws:SecureTransport': 'false' } } }))] }, context: { 'aws:SecureTransport': 'true' }, expected: 'allowed', source: DENIED },
  { name: 'A denial under a condition that holds denies', policies: { identity: [granting, doc(deny({ Condition: { Bool: { 'aws:SecureTransport': 'false' } } }))] }, context: { 'aws:SecureTransport': 'false' }, expected: 'explicitDeny:identity', source: DENIED },
  { name: 'A denial without any grant is an explicit one', policies: { identity: [doc(deny())] }, expected: 'explicitDeny:identity', source: DENIED },
  { name: 'A role that does not trust the caller is not assumed, whatever the identity-based policy', policies: { identity: [granting], resource: entity(`${ROLE}2`) }, resourceMustGrant: true, action: 'sts:AssumeRole', resource: ROLE, expected: 'implicitDeny:resource', source: TRUST },
  { name: 'A role that trusts the user is assumed without an identity-based policy', policies: { resource: entity(ALICE.arn) }, resourceMustGrant: true, action: 'sts:AssumeRole', resource: ROLE, expected: 'allowed', source: TRUST },
  { name: 'A role that trusts the account needs an identity-based policy', policies: { resource: entity(root) }, resourceMustGrant: true, action: 'sts:AssumeRole', resource: ROLE, expected: 'implicitDeny:identity', source: TRUST },
  { name: 'A role that trusts the account is assumed with an identity-based policy', policies: { identity: [granting], resource: entity(root) }, resourceMustGrant: true, action: 'sts:AssumeRole', resource: ROLE, expected: 'allowed', source: TRUST },
  { name: 'A key whose policy names nobody is nobody\'s', policies: { identity: [granting], resource: [] }, resourceMustGrant: true, action: 'kms:Decrypt', resource: `arn:aws:kms:us-east-1:${ACCOUNT}:key/1`, expected: 'implicitDeny:resource', source: 'https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html' },
];

export const policyTypes = [...plain.map(rowWithin), ...organized.map(rowWithin), ...plain.map(rowAcross), ...organized.map(rowAcross), ...denials, ...REST];
