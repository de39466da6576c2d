import { conditions, doc, allow, GUIDE, type Condition, type Row } from './rows.ts';

/** Bool, Null and BinaryEquals; how conditions come together. */

const OPERATORS = `${GUIDE}/reference_policies_elements_condition_operators.html`;
const IF_EXISTS = `${OPERATORS}#Conditions_IfExists`;
const CONDITION = `${GUIDE}/reference_policies_elements_condition.html`;
const LOGIC = `${GUIDE}/reference_policies_condition-logic-multiple-context-keys-or-values.html`;
const WORDS = 'assumed: booleans do not tell cases apart';

const bool: readonly Condition[] = [
  ['where true is wanted and given', 'Bool', 'true', 'true', true],
  ['where true is wanted and false given', 'Bool', 'true', 'false', false],
  ['where false is wanted and given', 'Bool', 'false', 'false', true],
  ['where false is wanted and true given', 'Bool', 'false', 'true', false],
  ['where a JSON boolean is wanted and given', 'Bool', true, 'true', true],
  ['where a JSON boolean is wanted and its opposite given', 'Bool', false, 'true', false],
  ['where the word is in capitals', 'Bool', 'TRUE', 'true', true, WORDS],
  ['where the request\'s word is in capitals', 'Bool', 'false', 'False', true, WORDS],
  ['where either is wanted', 'Bool', ['true', 'false'], 'false', true],
  ['where the request has no such key and true is wanted', 'Bool', 'true', undefined, false],
  ['where the request has no such key and false is wanted', 'Bool', 'false', undefined, false],
  ['where the request has no such key and true is wanted', 'BoolIfExists', 'true', undefined, true, IF_EXISTS],
  ['where the request has no such key and false is wanted', 'BoolIfExists', 'false', undefined, true, IF_EXISTS],
  ['where the request\'s value is the other one', 'BoolIfExists', 'true', 'false', false, IF_EXISTS],
  ['where the request\'s value is the one', 'BoolIfExists', 'false', 'false', true, IF_EXISTS],
  ['where the value is a number', 'Bool', 'true', '1', false, 'assumed: 1 is not the word true'],
  ['where the policy has a star', 'Bool', '*', 'true', false],
];

const PRESENT = 'assumed: a key with an empty string exists';
const nulls: readonly Condition[] = [
  ['where absence is wanted and the key is missing', 'Null', 'true', undefined, true],
  ['where absence is wanted and the key is there', 'Null', 'true', 'x', false],
  ['where presence is wanted and the key is missing', 'Null', 'false', undefined, false],
  ['where presence is wanted and the key is there', 'Null', 'false', 'x', true],
  ['where absence is wanted as a JSON boolean', 'Null', true, undefined, true],
  ['where presence is wanted as a JSON boolean', 'Null', false, undefined, false],
  ['where absence is wanted and the key has several values', 'Null', 'true', ['x', 'y'], false],
  ['where presence is wanted and the key has several values', 'Null', 'false', ['x', 'y'], true],
  ['where absence is wanted and the key has no values', 'Null', 'true', [], true],
  ['where presence is wanted and the key has no values', 'Null', 'false', [], false],
  ['where absence is wanted and the key is empty', 'Null', 'true', '', false, PRESENT],
  ['where presence is wanted and the key is empty', 'Null', 'false', '', true, PRESENT],
  ['where the word is in capitals', 'Null', 'TRUE', undefined, true, WORDS],
  ['where both are wanted and the key is missing', 'Null', ['true', 'false'], undefined, true, LOGIC],
  ['where both are wanted and the key is there', 'Null', ['true', 'false'], 'x', true, LOGIC],
];

const BASE64 = 'assumed: the request\'s bytes come to the engine in base 64 as well';
const binary: readonly Condition[] = [
  ['where the bytes are the same', 'BinaryEquals', 'QmluYXJ5', 'QmluYXJ5', true, BASE64],
  ['where the bytes differ', 'BinaryEquals', 'QmluYXJ5', 'QmluYXJ6', false, BASE64],
  ['where the request has fewer bytes', 'BinaryEquals', 'QmluYXJ5', 'QmluYXI=', false, BASE64],
  ['where only the case of the base 64 differs', 'BinaryEquals', 'QmluYXJ5', 'qmluyxj5', false, BASE64],
  ['where the second of the policy\'s values is the one', 'BinaryEquals', ['AAAA', 'QmluYXJ5'], 'QmluYXJ5', true, BASE64],
  ['where both are without bytes', 'BinaryEquals', '', '', true, BASE64],
  ['where the request has no such key', 'BinaryEquals', 'QmluYXJ5', undefined, false],
  ['where the request has no such key', 'BinaryEqualsIfExists', 'QmluYXJ5', undefined, true, IF_EXISTS],
  ['where the bytes differ', 'BinaryEqualsIfExists', 'QmluYXJ5', 'AAAA', false, IF_EXISTS],
];

type Block = [name: string, condition: object, context: Row['context'], holds: boolean, source?: string];

const BLOCKS: readonly Block[] = [
  ['Two operators hold where both do', { StringEquals: { 'aws:a': '1' }, Bool: { 'aws:b': 'true' } }, { 'aws:a': '1', 'aws:b': 'true' }, true],
  ['Two operators fail where the first does', { StringEquals: { 'aws:a': '1' }, Bool: { 'aws:b': 'true' } }, { 'aws:a': '2', 'aws:b': 'true' }, false],
  ['Two operators fail where the second does', { StringEquals: { 'aws:a': '1' }, Bool: { 'aws:b': 'true' } }, { 'aws:a': '1', 'aws:b': 'false' }, false],
  ['Two keys of one operator hold where both do', { StringEquals: { 'aws:a': '1', 'aws:b': '2' } }, { 'aws:a': '1', 'aws:b': '2' }, true],
  ['Two keys of one operator fail where one does', { StringEquals: { 'aws:a': '1', 'aws:b': '2' } }, { 'aws:a': '1', 'aws:b': '3' }, false],
  ['Two keys of a negated operator fail where one is excluded', { StringNotEquals: { 'aws:a': '1', 'aws:b': '2' } }, { 'aws:a': '1', 'aws:b': '3' }, false],
  ['Two keys of a negated operator hold where neither is excluded', { StringNotEquals: { 'aws:a': '1', 'aws:b': '2' } }, { 'aws:a': '2', 'aws:b': '3' }, true],
  ['The departments of the documentation hold for an auditor in finance', { StringEqualsIgnoreCase: { 'aws:PrincipalTag/department': ['finance', 'hr', 'legal'], 'aws:PrincipalTag/role': ['audit', 'security'] }, StringEquals: { 'aws:PrincipalAccount': '123456789012' } }, { 'aws:PrincipalTag/department': 'Finance', 'aws:PrincipalTag/role': 'AUDIT', 'aws:PrincipalAccount': '123456789012' }, true],
  ['The departments of the documentation fail for a writer in finance', { StringEqualsIgnoreCase: { 'aws:PrincipalTag/department': ['finance', 'hr', 'legal'], 'aws:PrincipalTag/role': ['audit', 'security'] } }, { 'aws:PrincipalTag/department': 'Finance', 'aws:PrincipalTag/role': 'writer' }, false],
  ['An empty condition block holds', {}, {}, true, 'assumed: no condition is nothing to fail'],
  ['A condition asks for its key whatever the case of the policy\'s name', { StringEquals: { 'AWS:SOURCEIP': '1.2.3.4' } }, { 'aws:SourceIp': '1.2.3.4' }, true, CONDITION],
  ['A condition asks for a tag whatever the case of the tag\'s key', { StringEquals: { 'aws:ResourceTag/TAGKEY1': 'v' } }, { 'aws:ResourceTag/TagKey1': 'v' }, true, CONDITION],
  ['A condition tells the cases of a tag\'s value apart', { StringEquals: { 'aws:ResourceTag/TagKey1': 'V' } }, { 'aws:ResourceTag/TagKey1': 'v' }, false, CONDITION],
  ['A tag of another name is another key', { StringEquals: { 'aws:ResourceTag/a': 'v' } }, { 'aws:ResourceTag/ab': 'v' }, false, CONDITION],
  ['A key of another prefix is another key', { StringEquals: { 'aws:ResourceTag/a': 'v' } }, { 'ec2:ResourceTag/a': 'v' }, false, CONDITION],
  ['Long-term credentials fail a wish for temporary ones', { Null: { 'aws:TokenIssueTime': 'false' } }, {}, false, `${OPERATORS}#Conditions_Null`],
  ['Temporary credentials meet a wish for them', { Null: { 'aws:TokenIssueTime': 'false' } }, { 'aws:TokenIssueTime': '2026-07-01T00:00:00Z' }, true, `${OPERATORS}#Conditions_Null`],
  ['BoolIfExists false on MFA catches long-term credentials, which have no such key', { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } }, {}, true, `${GUIDE}/reference_policies_condition-keys.html#condition-keys-multifactorauthpresent`],
  ['Bool false on MFA lets long-term credentials by, which have no such key', { Bool: { 'aws:MultiFactorAuthPresent': 'false' } }, {}, false, `${GUIDE}/reference_policies_condition-keys.html#condition-keys-multifactorauthpresent`],
];

const blocks = BLOCKS.map(([name, Condition, context, holds, source]): Row => ({ name, policies: { identity: [doc(allow({ Condition }))] }, context, expected: holds ? 'allowed' : 'implicitDeny:identity', source: source ?? LOGIC }));

export const plainOperators = [
  ...conditions('aws:SecureTransport', `${OPERATORS}#Conditions_Boolean`, bool),
  ...conditions('aws:TokenIssueTime', `${OPERATORS}#Conditions_Null`, nulls),
  ...conditions('kms:Digest', `${OPERATORS}#Conditions_BinaryEquals`, binary),
  ...blocks,
];
