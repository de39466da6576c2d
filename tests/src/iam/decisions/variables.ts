import { allow, conditions, doc, GUIDE, type Condition, type Row } from './rows.ts';

/** Policy variables, in resources and in conditions. */

const VARIABLES = `${GUIDE}/reference_policies_variables.html`;
const NO_VALUE = `${VARIABLES}#policy-vars-no-value`;
const DEFAULTS = `${VARIABLES}#policy-vars-default-values`;
const SPECIAL = `${VARIABLES}#policy-vars-specialchars`;
const WHERE = `${VARIABLES}#policy-vars-wheretouse`;
const VERSION = `${GUIDE}/reference_policies_elements_version.html`;
const OPERATORS = `${GUIDE}/reference_policies_elements_condition_operators.html`;
const LITERAL = 'assumed: wildcards that a value brings are characters, or a tag could widen a policy';

type InResource = readonly [name: string, resource: string | readonly string[], asked: string, context: Row['context'], matches: boolean, source?: string, version?: string];

const HOME = 'arn:aws:s3:::corp/home/${aws:username}/*';
const TEAM = 'arn:aws:s3:::bucket-${aws:PrincipalTag/team}';
const TEAM_OR_ALL = "arn:aws:s3:::bucket-${aws:PrincipalTag/team, 'company-wide'}";
const BOB = { 'aws:username': 'bob' };

const RESOURCES: readonly InResource[] = [
  ['A user name in a resource is the caller\'s', HOME, 'arn:aws:s3:::corp/home/bob/a.txt', BOB, true],
  ['A user name in a resource is no other\'s', HOME, 'arn:aws:s3:::corp/home/eve/a.txt', BOB, false],
  ['A user name in a resource keeps its case', HOME, 'arn:aws:s3:::corp/home/Bob/a.txt', BOB, false],
  ['A user name in a resource matches nothing for a caller without one', HOME, 'arn:aws:s3:::corp/home//a.txt', {}, false, NO_VALUE],
  ['A user name in a resource is not its own text for a caller without one', HOME, `${HOME.slice(0, -1)}a.txt`, {}, false, NO_VALUE],
  ['A resource beside one with a variable without a value still matches', [HOME, 'arn:aws:s3:::corp/shared/*'], 'arn:aws:s3:::corp/shared/a', {}, true, NO_VALUE],
  ['The name of a variable does not tell cases apart', 'arn:aws:s3:::corp/${AWS:UserName}', 'arn:aws:s3:::corp/bob', BOB, true, `${GUIDE}/reference_policies_elements_condition.html`],
  ['A principal\'s tag in a resource is the caller\'s', TEAM, 'arn:aws:s3:::bucket-yellow', { 'aws:PrincipalTag/team': 'yellow' }, true],
  ['A principal\'s tag in a resource is no other team\'s', TEAM, 'arn:aws:s3:::bucket-red', { 'aws:PrincipalTag/team': 'yellow' }, false],
  ['A principal\'s tag in a resource matches nothing without the tag', TEAM, 'arn:aws:s3:::bucket-', {}, false, NO_VALUE],
  ['An empty tag in a resource is empty', TEAM, 'arn:aws:s3:::bucket-', { 'aws:PrincipalTag/team': '' }, true, 'assumed: an empty value takes its place'],
  ['A default gives way to the tag', TEAM_OR_ALL, 'arn:aws:s3:::bucket-yellow', { 'aws:PrincipalTag/team': 'yellow' }, true, DEFAULTS],
  ['A default does not match beside the tag', TEAM_OR_ALL, 'arn:aws:s3:::bucket-company-wide', { 'aws:PrincipalTag/team': 'yellow' }, false, DEFAULTS],
  ['A default takes the place of a missing tag', TEAM_OR_ALL, 'arn:aws:s3:::bucket-company-wide', {}, true, DEFAULTS],
  ['A default is not the tag of others', TEAM_OR_ALL, 'arn:aws:s3:::bucket-yellow', {}, false, DEFAULTS],
  ['An empty default takes the place of a missing tag', "arn:aws:s3:::bucket-${aws:PrincipalTag/team, ''}", 'arn:aws:s3:::bucket-', {}, true, DEFAULTS],
  ['A star in a default is a character', "arn:aws:s3:::bucket-${aws:PrincipalTag/team, '*'}", 'arn:aws:s3:::bucket-red', {}, false, LITERAL],
  ['Two variables in a resource are both the caller\'s', 'arn:aws:s3:::${aws:PrincipalTag/team}/${aws:username}/*', 'arn:aws:s3:::red/bob/a', { ...BOB, 'aws:PrincipalTag/team': 'red' }, true],
  ['Two variables in a resource need both', 'arn:aws:s3:::${aws:PrincipalTag/team}/${aws:username}/*', 'arn:aws:s3:::red/bob/a', BOB, false, NO_VALUE],
  ['A star from a tag is a character', TEAM, 'arn:aws:s3:::bucket-red', { 'aws:PrincipalTag/team': '*' }, false, LITERAL],
  ['A star from a tag is the star it is', TEAM, 'arn:aws:s3:::bucket-*', { 'aws:PrincipalTag/team': '*' }, true, LITERAL],
  ['A question mark from a tag is a character', TEAM, 'arn:aws:s3:::bucket-r', { 'aws:PrincipalTag/team': '?' }, false, LITERAL],
  ['A variable from a tag is text', TEAM, 'arn:aws:s3:::bucket-bob', { ...BOB, 'aws:PrincipalTag/team': '${aws:username}' }, false, 'assumed: values are not read as policies'],
  ['A slash from a tag goes deeper', HOME, 'arn:aws:s3:::corp/home/a/b/c.txt', { 'aws:username': 'a/b' }, true, 'assumed: a value is put in as it is'],
  ['${*} in a resource is a star', 'arn:aws:s3:::bucket/${*}', 'arn:aws:s3:::bucket/*', {}, true, SPECIAL],
  ['${*} in a resource is no wildcard', 'arn:aws:s3:::bucket/${*}', 'arn:aws:s3:::bucket/a', {}, false, SPECIAL],
  ['${?} in a resource is a question mark', 'arn:aws:s3:::bucket/a${?}', 'arn:aws:s3:::bucket/a?', {}, true, SPECIAL],
  ['${?} in a resource is no wildcard', 'arn:aws:s3:::bucket/a${?}', 'arn:aws:s3:::bucket/ab', {}, false, SPECIAL],
  ['${$} in a resource is a dollar sign', 'arn:aws:s3:::bucket/${$}{aws:username}', 'arn:aws:s3:::bucket/${aws:username}', BOB, true, SPECIAL],
  ['${$} in a resource begins no variable', 'arn:aws:s3:::bucket/${$}{aws:username}', 'arn:aws:s3:::bucket/bob', BOB, false, SPECIAL],
  ['A wildcard beside ${*} stays one', 'arn:aws:s3:::bucket/${*}/*', 'arn:aws:s3:::bucket/*/a', {}, true, SPECIAL],
  ['In the version of 2008 a variable is text', 'arn:aws:s3:::corp/${aws:username}', 'arn:aws:s3:::corp/${aws:username}', BOB, true, VERSION, '2008-10-17'],
  ['In the version of 2008 a variable has no value', 'arn:aws:s3:::corp/${aws:username}', 'arn:aws:s3:::corp/bob', BOB, false, VERSION, '2008-10-17'],
  ['Without a version a variable is text', 'arn:aws:s3:::corp/${aws:username}', 'arn:aws:s3:::corp/${aws:username}', BOB, true, VERSION, ''],
  ['Without a version a variable has no value', 'arn:aws:s3:::corp/${aws:username}', 'arn:aws:s3:::corp/bob', BOB, false, VERSION, ''],
  ['In the version of 2008 a star is a wildcard still', 'arn:aws:s3:::corp/*', 'arn:aws:s3:::corp/bob', BOB, true, VERSION, '2008-10-17'],
  ['A dollar sign alone is itself', 'arn:aws:s3:::corp/$bob', 'arn:aws:s3:::corp/$bob', BOB, true, 'assumed: without its brace a dollar sign begins nothing'],
  ['A key with several values is no variable', 'arn:aws:s3:::corp/${aws:TagKeys}', 'arn:aws:s3:::corp/a', { 'aws:TagKeys': ['a', 'b'] }, false, `${VARIABLES}#policy-vars-infotouse`],
  ['An account in a resource is the caller\'s', 'arn:aws:sqs:us-east-1:${aws:PrincipalAccount}:jobs', 'arn:aws:sqs:us-east-1:111122223333:jobs', { 'aws:PrincipalAccount': '111122223333' }, true],
];

const statementOf = (version: string | undefined, statement: object): object => (version === '' ? { Statement: [statement] } : { Version: version ?? '2012-10-17', Statement: [statement] });

const inResources = RESOURCES.map(([name, Resource, resource, context, matches, source, version]): Row => ({
  name, policies: { identity: [statementOf(version, allow({ Resource }))] }, resource, context, expected: matches ? 'allowed' : 'implicitDeny:identity', source: source ?? WHERE,
}));

const inNotResources: readonly Row[] = ([
  ['NotResource leaves out the caller\'s own', BOB, 'arn:aws:s3:::corp/home/bob/a', 'implicitDeny:identity', WHERE],
  ['NotResource is about what is not the caller\'s own', BOB, 'arn:aws:s3:::corp/home/eve/a', 'allowed', WHERE],
  ['NotResource with a variable without a value leaves out nothing', {}, 'arn:aws:s3:::corp/home/bob/a', 'allowed', NO_VALUE],
] as const).map(([name, context, resource, expected, source]) => ({ name, policies: { identity: [doc({ Effect: 'Allow', Action: '*', NotResource: HOME })] }, resource, context, expected, source }));

type InCondition = readonly [name: string, condition: object, context: Row['context'], holds: boolean, source?: string, version?: string];

const OWNER = { 'aws:ResourceTag/owner': '${aws:username}' };
const owned = (owner: string | undefined, username: string | undefined) => ({ 'aws:ResourceTag/owner': owner, 'aws:username': username });

const CONDITIONS: readonly InCondition[] = [
  ['An owner\'s tag is the caller\'s name', { StringEquals: OWNER }, owned('bob', 'bob'), true],
  ['An owner\'s tag is another\'s name', { StringEquals: OWNER }, owned('eve', 'bob'), false],
  ['An owner\'s tag is the caller\'s name in another case', { StringEquals: OWNER }, owned('BOB', 'bob'), false],
  ['Ignoring case an owner\'s tag is the caller\'s name', { StringEqualsIgnoreCase: OWNER }, owned('BOB', 'bob'), true],
  ['An owner\'s tag matches no caller without a name', { StringEquals: OWNER }, owned('bob', undefined), false, NO_VALUE],
  ['An empty owner\'s tag matches no caller without a name', { StringEquals: OWNER }, owned('', undefined), false, NO_VALUE],
  ['An owner\'s tag is not like a variable without a value', { StringLike: OWNER }, owned('bob', undefined), false, NO_VALUE],
  ['An owner\'s tag differs from a variable without a value', { StringNotEquals: OWNER }, owned('bob', undefined), true, NO_VALUE],
  ['An owner\'s tag is unlike a variable without a value', { StringNotLike: OWNER }, owned('bob', undefined), true, NO_VALUE],
  ['A missing tag differs from the caller\'s name', { StringNotEquals: OWNER }, owned(undefined, 'bob'), true, OPERATORS],
  ['A missing tag is not the caller\'s name', { StringEquals: OWNER }, owned(undefined, 'bob'), false, OPERATORS],
  ['A missing tag and a missing name are not equal', { StringEquals: OWNER }, owned(undefined, undefined), false, NO_VALUE],
  ['Another value stands beside a variable without one', { StringEquals: { 'aws:ResourceTag/owner': ['${aws:username}', 'all'] } }, owned('all', undefined), true, NO_VALUE],
  ['A default in a condition takes the place of a missing name', { StringEquals: { 'aws:ResourceTag/owner': "${aws:username, 'nobody'}" } }, owned('nobody', undefined), true, DEFAULTS],
  ['A default in a condition gives way to the name', { StringEquals: { 'aws:ResourceTag/owner': "${aws:username, 'nobody'}" } }, owned('nobody', 'bob'), false, DEFAULTS],
  ['A home prefix is the caller\'s', { StringLike: { 's3:prefix': ['', 'home/', 'home/${aws:username}/*'] } }, { 's3:prefix': 'home/bob/a', 'aws:username': 'bob' }, true],
  ['A home prefix is no other\'s', { StringLike: { 's3:prefix': ['', 'home/', 'home/${aws:username}/*'] } }, { 's3:prefix': 'home/eve/a', 'aws:username': 'bob' }, false],
  ['A home prefix may be empty', { StringLike: { 's3:prefix': ['', 'home/', 'home/${aws:username}/*'] } }, { 's3:prefix': '', 'aws:username': 'bob' }, true],
  ['A star from a name is a character', { StringLike: OWNER }, owned('anyone', '*'), false, LITERAL],
  ['${*} in a pattern is a star', { StringLike: { 'aws:ResourceTag/owner': 'a${*}' } }, owned('a*', undefined), true, SPECIAL],
  ['${*} in a pattern is no wildcard', { StringLike: { 'aws:ResourceTag/owner': 'a${*}' } }, owned('ab', undefined), false, SPECIAL],
  ['${?} in a pattern is no wildcard', { StringLike: { 'aws:ResourceTag/owner': 'a${?}' } }, owned('ab', undefined), false, SPECIAL],
  ['${$} in an exact value is a dollar sign', { StringEquals: { 'aws:ResourceTag/owner': '${$}5' } }, owned('$5', undefined), true, SPECIAL],
  ['A variable in an ARN takes its value', { ArnEquals: { 'aws:SourceArn': 'arn:aws:sns:*:${aws:PrincipalAccount}:jobs' } }, { 'aws:SourceArn': 'arn:aws:sns:us-east-1:1:jobs', 'aws:PrincipalAccount': '1' }, true],
  ['A variable in an ARN is no other value', { ArnLike: { 'aws:SourceArn': 'arn:aws:sns:*:${aws:PrincipalAccount}:jobs' } }, { 'aws:SourceArn': 'arn:aws:sns:us-east-1:2:jobs', 'aws:PrincipalAccount': '1' }, false],
  ['A variable in a negated ARN differs', { ArnNotLike: { 'aws:SourceArn': 'arn:aws:sns:*:${aws:PrincipalAccount}:jobs' } }, { 'aws:SourceArn': 'arn:aws:sns:us-east-1:2:jobs', 'aws:PrincipalAccount': '1' }, true],
  ['A variable is a boolean', { Bool: { 'aws:SecureTransport': '${aws:PrincipalTag/secure}' } }, { 'aws:SecureTransport': 'true', 'aws:PrincipalTag/secure': 'true' }, true, `${OPERATORS}#Conditions_Boolean`],
  ['A variable is no number', { NumericEquals: { 's3:max-keys': '${aws:PrincipalTag/max}' } }, { 's3:max-keys': '5', 'aws:PrincipalTag/max': '5' }, false, `${OPERATORS}#Conditions_Numeric`],
  ['A variable is no limit', { NumericLessThan: { 's3:max-keys': '${aws:PrincipalTag/max}' } }, { 's3:max-keys': '4', 'aws:PrincipalTag/max': '5' }, false, `${OPERATORS}#Conditions_Numeric`],
  ['A variable is no date', { DateLessThan: { 'aws:CurrentTime': '${aws:PrincipalTag/until}' } }, { 'aws:CurrentTime': '2026-01-01T00:00:00Z', 'aws:PrincipalTag/until': '2027-01-01' }, false, `${OPERATORS}#Conditions_Date`],
  ['A variable is no address', { IpAddress: { 'aws:SourceIp': '${aws:PrincipalTag/ip}' } }, { 'aws:SourceIp': '10.0.0.1', 'aws:PrincipalTag/ip': '10.0.0.1' }, false, `${OPERATORS}#Conditions_IPAddress`],
  ['A variable is no bytes', { BinaryEquals: { 'kms:Digest': '${aws:PrincipalTag/digest}' } }, { 'kms:Digest': 'AAAA', 'aws:PrincipalTag/digest': 'AAAA' }, false, `${OPERATORS}#Conditions_BinaryEquals`],
  ['A variable in a set takes its value', { 'ForAnyValue:StringEquals': { 'aws:TagKeys': '${aws:PrincipalTag/key}' } }, { 'aws:TagKeys': ['a', 'b'], 'aws:PrincipalTag/key': 'b' }, true],
  ['In the version of 2008 a variable in a condition is text', { StringEquals: OWNER }, owned('bob', 'bob'), false, VERSION, '2008-10-17'],
  ['In the version of 2008 a variable in a condition equals its text', { StringEquals: OWNER }, owned('${aws:username}', 'bob'), true, VERSION, '2008-10-17'],
];

const inConditions = CONDITIONS.map(([name, Condition, context, holds, source, version]): Row => ({
  name, policies: { identity: [statementOf(version, allow({ Condition }))] }, context, expected: holds ? 'allowed' : 'implicitDeny:identity', source: source ?? WHERE,
}));

const principalTags: readonly Condition[] = [
  ['with its own key as a variable', 'StringEquals', '${aws:PrincipalTag/team}', 'red', true, WHERE],
  ['with its own missing key as a variable', 'StringNotEquals', '${aws:PrincipalTag/team}', undefined, true, NO_VALUE],
];

export const variables = [...inResources, ...inNotResources, ...inConditions, ...conditions('aws:PrincipalTag/team', WHERE, principalTags)];
