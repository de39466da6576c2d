import { callerOf, type Caller } from '../../../../src/iam/index.ts';
import { ACCOUNT, ALICE, allow, deny, doc, GUIDE, OTHER, ROLE, SESSION, type Row } from './rows.ts';

/** Whom a resource's policy means: Principal and NotPrincipal. Nobody here has an identity-based policy unless it is said. */

const PRINCIPAL = `${GUIDE}/reference_policies_elements_principal.html`;
const NOT_PRINCIPAL = `${GUIDE}/reference_policies_elements_notprincipal.html`;
const CROSS = `${GUIDE}/reference_policies_evaluation-logic-cross-account.html`;
const IDS = `${GUIDE}/reference_identifiers.html#identifiers-unique-ids`;

const ALICE_ARN = ALICE.arn;
const account = (id: string): string => `arn:aws:iam::${id}:root`;

const root: Caller = callerOf({ type: 'root', account: ACCOUNT, arn: account(ACCOUNT), userId: ACCOUNT, accessKeyId: 'AKIA' });
const federated: Caller = callerOf({ type: 'federated-user', account: ACCOUNT, arn: `arn:aws:sts::${ACCOUNT}:federated-user/carla`, userId: `${ACCOUNT}:carla`, accessKeyId: 'ASIA', name: 'alice' }, ALICE_ARN);
const session: Caller = callerOf({ type: 'role-session', account: ACCOUNT, arn: SESSION.arn, userId: `${SESSION.uniqueId}:monday`, accessKeyId: 'ASIA', name: 'worker' }, ROLE);
const user: Caller = callerOf({ type: 'user', account: ACCOUNT, arn: ALICE_ARN, userId: ALICE.uniqueId!, accessKeyId: 'AKIA', name: 'alice' });
const anonymous: Caller = { account: '', arn: '', anonymous: true };
const service: Caller = { account: '', arn: '', service: 'cloudtrail.amazonaws.com' };
const PROVIDER = `arn:aws:iam::${ACCOUNT}:saml-provider/corp`;
const web: Caller = { account: '', arn: '', anonymous: true, federated: 'accounts.google.com' };
const saml: Caller = { account: '', arn: '', anonymous: true, federated: PROVIDER };

type Named = readonly [name: string, principal: unknown, caller: Caller, granted: boolean, source?: string];

/** Grants that need nothing else. */
const NAMED: readonly Named[] = [
  ['A user\'s ARN is the user', { AWS: ALICE_ARN }, user, true],
  ['A user\'s ARN in a list is the user', { AWS: [`arn:aws:iam::${ACCOUNT}:user/bob`, ALICE_ARN] }, user, true],
  ['A user\'s ARN is no other user', { AWS: `arn:aws:iam::${ACCOUNT}:user/bob` }, user, false],
  ['A user\'s ARN in another case is another user', { AWS: `arn:aws:iam::${ACCOUNT}:user/Alice` }, user, false, `${GUIDE}/reference_identifiers.html`],
  ['A user of the same name in another account is another user', { AWS: `arn:aws:iam::${OTHER}:user/alice` }, user, false],
  ['A user\'s ARN with a star is nobody', { AWS: `arn:aws:iam::${ACCOUNT}:user/*` }, user, false],
  ['A user\'s unique id is the user', { AWS: ALICE.uniqueId }, user, true, IDS],
  ['Another unique id is not the user', { AWS: 'AIDABOB000000000000A' }, user, false, IDS],
  ['A session\'s ARN is the session', { AWS: SESSION.arn }, session, true],
  ['A session\'s ARN is no other session of its role', { AWS: `arn:aws:sts::${ACCOUNT}:assumed-role/worker/tuesday` }, session, false],
  ['A session\'s ARN with a star is no session', { AWS: `arn:aws:sts::${ACCOUNT}:assumed-role/worker/*` }, session, false],
  ['A role\'s ARN is its session', { AWS: ROLE }, session, true],
  ['A role\'s ARN with a star is no session', { AWS: `arn:aws:iam::${ACCOUNT}:role/*` }, session, false],
  ['Another role\'s ARN is not the session', { AWS: `arn:aws:iam::${ACCOUNT}:role/other` }, session, false],
  ['A role\'s ARN is no user', { AWS: ROLE }, user, false],
  ['A role\'s unique id is its session', { AWS: SESSION.uniqueId }, session, true, IDS],
  ['A federated user\'s ARN is the federated user', { AWS: federated.arn }, federated, true],
  ['A federated user\'s ARN is not the user who made it', { AWS: federated.arn }, user, false],
  ['The ARN of the user who made a federated one is the federated one', { AWS: ALICE_ARN }, federated, true],
  ['An account delegates: its ARN alone grants a user nothing', { AWS: account(ACCOUNT) }, user, false],
  ['An account delegates: its id alone grants a user nothing', { AWS: ACCOUNT }, user, false],
  ['An account delegates: its ARN alone grants a session nothing', { AWS: account(ACCOUNT) }, session, false],
  ['An account delegates: its id alone grants a session nothing', { AWS: ACCOUNT }, session, false],
  ['An account delegates: its ARN alone grants a federated user nothing', { AWS: account(ACCOUNT) }, federated, false],
  ['An account delegates: its id alone grants a federated user nothing', { AWS: ACCOUNT }, federated, false],
  ['An account\'s ARN is its root', { AWS: account(ACCOUNT) }, root, true],
  ['An account\'s id is its root', { AWS: ACCOUNT }, root, true],
  ['Another account\'s ARN is not the root', { AWS: account(OTHER) }, root, false],
  ['A star is a user of the account', '*', user, true],
  ['A star is a session of the account', '*', session, true],
  ['A star is a federated user', '*', federated, true],
  ['A star is root', '*', root, true],
  ['A star is an anonymous caller', '*', anonymous, true],
  ['AWS: star is a user of the account', { AWS: '*' }, user, true],
  ['AWS: star is an anonymous caller', { AWS: '*' }, anonymous, true],
  ['AWS: a list with a star is a user of the account', { AWS: ['*'] }, user, true],
  ['A user\'s ARN is no anonymous caller', { AWS: ALICE_ARN }, anonymous, false],
  ['An empty name is no anonymous caller', { AWS: '' }, anonymous, false, 'assumed: the empty ARN of an anonymous caller is nobody\'s name'],
  ['A service\'s name is the service', { Service: 'cloudtrail.amazonaws.com' }, service, true],
  ['A service\'s name in a list is the service', { Service: ['ec2.amazonaws.com', 'cloudtrail.amazonaws.com'] }, service, true],
  ['A service\'s name is no other service', { Service: 'ec2.amazonaws.com' }, service, false],
  ['A service\'s name is no user', { Service: 'cloudtrail.amazonaws.com' }, user, false],
  ['An account is no service', { AWS: ACCOUNT }, service, false],
  ['A star is a service', '*', service, true, 'assumed: everyone is a service too'],
  ['A web identity provider is those it vouches for', { Federated: 'accounts.google.com' }, web, true],
  ['A web identity provider is none of another\'s', { Federated: 'www.amazon.com' }, web, false],
  ['A SAML provider is those it vouches for', { Federated: PROVIDER }, saml, true],
  ['A SAML provider is none of a web identity\'s', { Federated: PROVIDER }, web, false],
  ['A provider is no user', { Federated: PROVIDER }, user, false],
  ['A user\'s ARN is nobody whom a provider vouches for', { AWS: ALICE_ARN }, saml, false],
  ['One of several kinds is the user', { Service: 'ec2.amazonaws.com', AWS: ALICE_ARN, Federated: PROVIDER }, user, true],
  ['One of several kinds is the service', { Service: 'cloudtrail.amazonaws.com', AWS: ALICE_ARN }, service, true],
  ['One of several kinds is the provider', { Service: 'ec2.amazonaws.com', Federated: PROVIDER }, saml, true],
];

const withoutIdentity = (caller: Caller): boolean => caller.anonymous === true || caller.service !== undefined;

const named = NAMED.map(([name, Principal, caller, granted, source]): Row => ({
  name, caller, policies: { resource: [doc(allow({ Principal }))] }, source: source ?? PRINCIPAL,
  // Callers without policies of their own are refused for want of the resource's.
  expected: granted ? 'allowed' : withoutIdentity(caller) ? 'implicitDeny:resource' : 'implicitDeny:identity',
}));

/** Denials mean everyone whom the name covers: the account all of its own, the role its sessions. */
const DENIED: readonly Named[] = [
  ['A denial to a user denies the user', { AWS: ALICE_ARN }, user, true],
  ['A denial to another user does not', { AWS: `arn:aws:iam::${ACCOUNT}:user/bob` }, user, false],
  ['A denial to an account denies its users', { AWS: account(ACCOUNT) }, user, true],
  ['A denial to an account\'s id denies its users', { AWS: ACCOUNT }, user, true],
  ['A denial to an account denies its sessions', { AWS: account(ACCOUNT) }, session, true],
  ['A denial to an account denies its federated users', { AWS: ACCOUNT }, federated, true],
  ['A denial to another account does not', { AWS: account(OTHER) }, user, false],
  ['A denial to a role denies its sessions', { AWS: ROLE }, session, true],
  ['A denial to a session denies it', { AWS: SESSION.arn }, session, true],
  ['A denial to another session does not', { AWS: `arn:aws:sts::${ACCOUNT}:assumed-role/worker/tuesday` }, session, false],
  ['A denial to a user denies the federated users it made', { AWS: ALICE_ARN }, federated, true, 'assumed: as with a role and its sessions'],
  ['A denial to everyone denies a user', '*', user, true],
  ['A denial to everyone denies a session', { AWS: '*' }, session, true],
  ['A denial to a service does not deny users', { Service: 'ec2.amazonaws.com' }, user, false],
  ['A denial to a provider does not deny users', { Federated: PROVIDER }, user, false],
];

const denied = DENIED.map(([name, Principal, caller, hit, source]): Row => ({
  name, caller, policies: { identity: [doc(allow())], resource: [doc(deny({ Principal }))] }, expected: hit ? 'explicitDeny:resource' : 'allowed', source: source ?? PRINCIPAL,
}));

const ALICE_AND_ACCOUNT = { AWS: [ALICE_ARN, account(ACCOUNT)] };
const PARTLY = 'assumed: AWS leaves it to the service whether a name alone excepts whom it names, without account and role beside it';

/** `granted`: whether the exception spares the caller. */
const EXCEPTED: readonly Named[] = [
  ['A denial to all but a user and its account spares the user', ALICE_AND_ACCOUNT, user, true],
  ['A denial to all but a session, its role and its account spares the session', { AWS: [SESSION.arn, ROLE, account(ACCOUNT)] }, session, true],
  ['A denial to all but another account\'s user denies the user', { AWS: [`arn:aws:iam::${OTHER}:user/bob`, account(OTHER)] }, user, false],
  ['A denial to all but another account denies a session', { AWS: account(OTHER) }, session, false],
  ['A denial to all but a user denies another user', { AWS: `arn:aws:iam::${ACCOUNT}:user/bob` }, user, false],
  ['A denial to all but a role denies a user', { AWS: ROLE }, user, false],
  ['A denial to all but a service denies a user', { Service: 'ec2.amazonaws.com' }, user, false],
  ['A denial to all but an account spares its users', { AWS: account(ACCOUNT) }, user, true, PARTLY],
  ['A denial to all but a user alone spares the user', { AWS: ALICE_ARN }, user, true, PARTLY],
  ['A denial to all but a role alone spares its session', { AWS: ROLE }, session, true, PARTLY],
];

const excepted = EXCEPTED.map(([name, NotPrincipal, caller, spared, source]): Row => ({
  name, caller, policies: { identity: [doc(allow())], resource: [doc(deny({ NotPrincipal }))] }, expected: spared ? 'allowed' : 'explicitDeny:resource', source: source ?? NOT_PRINCIPAL,
}));

const grant = (statement: object): Row['policies'] => ({ resource: [doc(statement)] });

const ROLES = [{ AWS: ROLE }, { AWS: account(ACCOUNT) }];

const REST: readonly Row[] = [
  { name: 'A grant to an account and then to the role is the session\'s', caller: session, policies: grant(allow({ Principal: { AWS: [account(ACCOUNT), ROLE] } })), expected: 'allowed', source: PRINCIPAL },
  { name: 'A grant to the role and then to an account is the session\'s', caller: session, policies: grant(allow({ Principal: { AWS: [ROLE, account(ACCOUNT)] } })), expected: 'allowed', source: PRINCIPAL },
  { name: 'A grant to the role before one to an account is the session\'s', caller: session, policies: { resource: [doc(...ROLES.map((Principal) => allow({ Principal })))] }, expected: 'allowed', source: PRINCIPAL },
  { name: 'A grant to the role behind one to an account is the session\'s', caller: session, policies: { resource: [doc(...[...ROLES].reverse().map((Principal) => allow({ Principal })))] }, expected: 'allowed', source: PRINCIPAL },
  { name: 'A grant to the session behind one to the role needs no boundary', caller: session, policies: { resource: [doc(allow({ Principal: { AWS: ROLE } }), allow({ Principal: { AWS: SESSION.arn } }))], boundary: [] }, expected: 'allowed', source: PRINCIPAL },
  { name: 'A grant to the role in another policy than the account\'s is the session\'s', caller: session, policies: { resource: ROLES.map((Principal) => doc(allow({ Principal }))) }, expected: 'allowed', source: PRINCIPAL },
  { name: 'A grant to all but another user is a user\'s', caller: user, policies: grant(allow({ NotPrincipal: { AWS: `arn:aws:iam::${ACCOUNT}:user/bob` } })), expected: 'allowed', source: NOT_PRINCIPAL },
  { name: 'A grant to all but a user is not the user\'s', caller: user, policies: grant(allow({ NotPrincipal: { AWS: ALICE_ARN } })), expected: 'implicitDeny:identity', source: NOT_PRINCIPAL },
  { name: 'A grant to all but a user is an anonymous caller\'s', caller: anonymous, policies: grant(allow({ NotPrincipal: { AWS: ALICE_ARN } })), expected: 'allowed', source: NOT_PRINCIPAL },
  { name: 'A grant to an account and a policy of the user allow', caller: user, policies: { ...grant(allow({ Principal: { AWS: ACCOUNT } })), identity: [doc(allow())] }, expected: 'allowed', source: PRINCIPAL },
  { name: 'A grant to everyone under a condition on the role is a session\'s', caller: session, context: { 'aws:PrincipalArn': ROLE }, policies: grant(allow({ Principal: '*', Condition: { ArnEquals: { 'aws:PrincipalArn': ROLE } } })), expected: 'allowed', source: `${PRINCIPAL}#principal-roles` },
  { name: 'A grant to everyone under a condition on another role is not', caller: session, context: { 'aws:PrincipalArn': ROLE }, policies: grant(allow({ Principal: '*', Condition: { ArnEquals: { 'aws:PrincipalArn': `${ROLE}2` } } })), expected: 'implicitDeny:identity', source: `${PRINCIPAL}#principal-roles` },
  { name: 'A grant to everyone under a condition on the role is not limited by boundary and session policies', caller: session, context: { 'aws:PrincipalArn': ROLE }, policies: { ...grant(allow({ Principal: '*', Condition: { ArnEquals: { 'aws:PrincipalArn': ROLE } } })), boundary: [], session: [] }, expected: 'allowed', source: `${PRINCIPAL}#principal-roles` },
  { name: 'A grant to everyone in an organization is a user\'s of it', caller: user, context: { 'aws:PrincipalOrgID': 'o-1' }, policies: grant(allow({ Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } })), expected: 'allowed', source: `${GUIDE}/reference_policies_condition-keys.html#condition-keys-principalorgid` },
  { name: 'A grant to everyone in an organization is no anonymous caller\'s', caller: anonymous, policies: grant(allow({ Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } })), expected: 'implicitDeny:resource', source: `${GUIDE}/reference_policies_condition-keys.html#condition-keys-principalorgid` },
  { name: 'A grant to everyone is no stranger\'s without a policy of its own', caller: { ...ALICE, account: OTHER, arn: `arn:aws:iam::${OTHER}:user/bob` }, policies: grant(allow({ Principal: '*' })), expected: 'implicitDeny:identity', source: CROSS },
  { name: 'A service is denied by a denial to it', caller: service, policies: grant(deny({ Principal: { Service: 'cloudtrail.amazonaws.com' } })), expected: 'explicitDeny:resource', source: PRINCIPAL },
  { name: 'A service is refused where its source is another account\'s', caller: service, context: { 'aws:SourceAccount': OTHER }, policies: grant(allow({ Principal: { Service: 'cloudtrail.amazonaws.com' }, Condition: { StringEquals: { 'aws:SourceAccount': ACCOUNT } } })), expected: 'implicitDeny:resource', source: `${GUIDE}/confused-deputy.html` },
  { name: 'A service is allowed where its source is the account\'s', caller: service, context: { 'aws:SourceAccount': ACCOUNT }, policies: grant(allow({ Principal: { Service: 'cloudtrail.amazonaws.com' }, Condition: { StringEquals: { 'aws:SourceAccount': ACCOUNT } } })), expected: 'allowed', source: `${GUIDE}/confused-deputy.html` },
  { name: 'A resource\'s policy need not name the resource', caller: user, policies: grant({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: ALICE_ARN } }), action: 'sts:AssumeRole', resource: ROLE, expected: 'allowed', source: `${GUIDE}/reference_policies_elements_resource.html` },
  { name: 'A role trusts who brings the external id', caller: user, action: 'sts:AssumeRole', resource: ROLE, context: { 'sts:ExternalId': '12345' }, policies: grant({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: ALICE_ARN }, Condition: { StringEquals: { 'sts:ExternalId': '12345' } } }), expected: 'allowed', source: `${GUIDE}/id_roles_common-scenarios_third-party.html` },
  { name: 'A role does not trust who brings no external id', caller: user, action: 'sts:AssumeRole', resource: ROLE, policies: grant({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: ALICE_ARN }, Condition: { StringEquals: { 'sts:ExternalId': '12345' } } }), expected: 'implicitDeny:identity', source: `${GUIDE}/id_roles_common-scenarios_third-party.html` },
  { name: 'A role trusts a web identity of its audience', caller: web, action: 'sts:AssumeRoleWithWebIdentity', resource: ROLE, context: { 'accounts.google.com:aud': '66677788899900pro0' }, policies: grant({ Effect: 'Allow', Action: 'sts:AssumeRoleWithWebIdentity', Principal: { Federated: 'accounts.google.com' }, Condition: { StringEquals: { 'accounts.google.com:aud': '66677788899900pro0' } } }), expected: 'allowed', source: `${GUIDE}/id_roles_create_for-idp_oidc.html` },
  { name: 'A role does not trust a web identity of another audience', caller: web, action: 'sts:AssumeRoleWithWebIdentity', resource: ROLE, context: { 'accounts.google.com:aud': 'x' }, policies: grant({ Effect: 'Allow', Action: 'sts:AssumeRoleWithWebIdentity', Principal: { Federated: 'accounts.google.com' }, Condition: { StringEquals: { 'accounts.google.com:aud': '66677788899900pro0' } } }), expected: 'implicitDeny:resource', source: `${GUIDE}/id_roles_create_for-idp_oidc.html` },
];

export const principals = [...named, ...denied, ...excepted, ...REST];
