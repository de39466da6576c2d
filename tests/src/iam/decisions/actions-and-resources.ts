import { ACCOUNT, doc, GUIDE, type Row } from './rows.ts';

/** What a statement is about: Action, NotAction, Resource and NotResource. */

const ACTION = `${GUIDE}/reference_policies_elements_action.html`;
const NOT_ACTION = `${GUIDE}/reference_policies_elements_notaction.html`;
const RESOURCE = `${GUIDE}/reference_policies_elements_resource.html`;
const NOT_RESOURCE = `${GUIDE}/reference_policies_elements_notresource.html`;
const WILDCARDS = `${RESOURCE}#reference_policies_elements_resource_wildcards`;

type About = readonly [name: string, pattern: string | readonly string[], asked: string, matches: boolean, source?: string];

const ACTIONS: readonly About[] = [
  ['An action is its own name', 'ec2:StartInstances', 'ec2:StartInstances', true],
  ['An action is no other of its service', 'ec2:StartInstances', 'ec2:StopInstances', false],
  ['An action is none of the same name in another service', 'iam:CreateTags', 'ec2:CreateTags', false],
  ['An action is not the beginning of another', 'ec2:Describe', 'ec2:DescribeInstances', false],
  ['An action is not the end of another', 'ec2:Instances', 'ec2:StartInstances', false],
  ['An action in small letters is the same', 'ec2:startinstances', 'ec2:StartInstances', true],
  ['A service in capitals is the same', 'IAM:listaccesskeys', 'iam:ListAccessKeys', true],
  ['An action in capitals with a wildcard is the same', 'EC2:START*', 'ec2:StartInstances', true],
  ['A star alone is every action', '*', 'ec2:StartInstances', true],
  ['A star of a service is every action of it', 'ec2:*', 'ec2:StartInstances', true],
  ['A star of a service is no action of another', 'ec2:*', 'iam:ListUsers', false],
  ['A star at the end is every action with the beginning', 'ec2:Describe*', 'ec2:DescribeInstances', true],
  ['A star at the end is no action with another beginning', 'ec2:Describe*', 'ec2:StartInstances', false],
  ['A star at the beginning is every action with the end', 'iam:*AccessKey', 'iam:DeleteAccessKey', true],
  ['A star at the beginning is no action with more behind', 'iam:*AccessKey', 'iam:ListAccessKeys', false],
  ['Stars about a word are every action with it', 'iam:*AccessKey*', 'iam:ListAccessKeys', true],
  ['Stars about a word are no action without it', 'iam:*AccessKey*', 'iam:ListUsers', false],
  ['A star within is what is between', 'ec2:*Instance*Attribute', 'ec2:ModifyInstanceMetadataAttribute', true],
  ['A star may stand for nothing', 'ec2:StartInstances*', 'ec2:StartInstances', true],
  ['A question mark is one character', 'ec2:St?rtInstances', 'ec2:StartInstances', true],
  ['A question mark is not none', 'ec2:StartInstances?', 'ec2:StartInstances', false],
  ['Question marks are as many characters', 'ec2:St????nstances', 'ec2:StartInstances', true, 'assumed: two question marks are two characters'],
  ['Of several actions the last is meant too', ['ec2:StopInstances', 'ec2:StartInstances'], 'ec2:StartInstances', true],
  ['Of several actions none may be meant', ['ec2:StopInstances', 'ec2:RebootInstances'], 'ec2:StartInstances', false],
  ['Of several actions a wildcard may be the one', ['iam:GetUser', 'ec2:S*'], 'ec2:StartInstances', true],
];

const INSTANCE = `arn:aws:ec2:us-east-1:${ACCOUNT}:instance/i-1`;
const QUEUE = `arn:aws:sqs:us-east-1:${ACCOUNT}:jobs`;

const RESOURCES: readonly About[] = [
  ['A resource is its own ARN', INSTANCE, INSTANCE, true],
  ['A resource is no other of its kind', INSTANCE, `${INSTANCE}2`, false],
  ['A resource is not the beginning of another', `arn:aws:ec2:us-east-1:${ACCOUNT}:instance/`, INSTANCE, false],
  ['A resource in another case is another one', `arn:aws:iam::${ACCOUNT}:user/Bob`, `arn:aws:iam::${ACCOUNT}:user/bob`, false],
  ['A wildcard keeps the case of the rest', `arn:aws:iam::${ACCOUNT}:user/B*`, `arn:aws:iam::${ACCOUNT}:user/bob`, false],
  ['A star alone is every resource', '*', INSTANCE, true],
  ['A star alone is what actions without resources ask for', '*', '*', true],
  ['An ARN is not what actions without resources ask for', `arn:aws:ec2:*:*:instance/*`, '*', false],
  ['Stars in every part are not what actions without resources ask for', 'arn:*:*:*:*:*', '*', false],
  ['A star at the end is every resource of the kind', `arn:aws:ec2:us-east-1:${ACCOUNT}:instance/*`, INSTANCE, true],
  ['A star at the end is no resource of another kind', `arn:aws:ec2:us-east-1:${ACCOUNT}:volume/*`, INSTANCE, false],
  ['A star reaches over slashes', 'arn:aws:s3:::bucket/*', 'arn:aws:s3:::bucket/a/b/c.txt', true, WILDCARDS],
  ['A star within a path reaches over slashes', 'arn:aws:s3:::bucket/*/test/*', 'arn:aws:s3:::bucket/1/2/test/3/object.jpg', true, WILDCARDS],
  ['A star within a path needs what is around it', 'arn:aws:s3:::bucket/*/test/*', 'arn:aws:s3:::bucket/1-test/file.jpg', false, WILDCARDS],
  ['A bucket is not its objects', 'arn:aws:s3:::bucket', 'arn:aws:s3:::bucket/a', false],
  ['Its objects are not the bucket', 'arn:aws:s3:::bucket/*', 'arn:aws:s3:::bucket', false],
  ['A star stands for a region', `arn:aws:ec2:*:${ACCOUNT}:instance/*`, INSTANCE, true],
  ['A star stands for an account', 'arn:aws:ec2:us-east-1:*:instance/*', INSTANCE, true],
  ['A star stands for a region that is not there', 'arn:aws:iam:*:*:user/*', `arn:aws:iam::${ACCOUNT}:user/bob`, true],
  ['Another region is another resource', `arn:aws:ec2:eu-west-1:${ACCOUNT}:instance/*`, INSTANCE, false],
  ['Another account is another resource', 'arn:aws:ec2:us-east-1:444455556666:instance/*', INSTANCE, false],
  ['Another partition is another resource', `arn:aws-cn:ec2:us-east-1:${ACCOUNT}:instance/*`, INSTANCE, false],
  ['Another service is another resource', `arn:aws:rds:us-east-1:${ACCOUNT}:instance/*`, INSTANCE, false],
  ['A question mark is one character of a part', `arn:aws:ec2:us-east-?:${ACCOUNT}:instance/i-1`, INSTANCE, true, WILDCARDS],
  ['A question mark is no colon', `arn:aws:ec2:us-east-1?${ACCOUNT}:instance/i-1`, INSTANCE, false, WILDCARDS],
  ['A question mark is one character of a name', `arn:aws:sqs:us-east-1:${ACCOUNT}:j?bs`, QUEUE, true, WILDCARDS],
  ['A question mark is not two characters of a name', `arn:aws:sqs:us-east-1:${ACCOUNT}:j?s`, QUEUE, false, WILDCARDS],
  ['Several wildcards are in one part', `arn:aws:sqs:us-*-?:${ACCOUNT}:*o?s`, QUEUE, true, WILDCARDS],
  ['A star that ends a part reaches over colons', 'arn:aws:sqs:*:jobs', QUEUE, true, WILDCARDS],
  ['A star that ends a part behind letters reaches over colons', 'arn:aws:sqs:us-*:jobs', QUEUE, true, WILDCARDS],
  ['A star that ends a part needs the letters before it', 'arn:aws:sqs:eu-*:jobs', QUEUE, false, WILDCARDS],
  ['A star that ends a part needs what is behind it', 'arn:aws:sqs:*:jobs2', QUEUE, false, WILDCARDS],
  ['A star that ends the ARN reaches over all its parts', 'arn:aws:sqs:*', QUEUE, true, WILDCARDS],
  ['A star that ends the ARN is of its service alone', 'arn:aws:sns:*', QUEUE, false, WILDCARDS],
  ['A star within a part stays in it', `arn:aws:sqs:u*1:jobs`, `arn:aws:sqs:us-east-1:${ACCOUNT}1:jobs`, false, WILDCARDS],
  ['A star within a part does not become a whole other part', 'arn:aws:s*3:jobs', `arn:aws:sqs:us-east-1:${ACCOUNT}:jobs`, false, WILDCARDS],
  ['Two stars that end parts share what is between', 'arn:aws:logs:*:log-group:*:x', `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:web:stream:x`, true, WILDCARDS],
  ['Two stars that end parts need all that is behind', 'arn:aws:logs:*:log-group:*:x', `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:web:stream:y`, false, WILDCARDS],
  ['A star in the name reaches over its colons', `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:*`, `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:web:log-stream:a`, true, WILDCARDS],
  ['A name with colons is itself', `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:web:*`, `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:web:*`, true],
  ['Of several resources the last is meant too', [QUEUE, INSTANCE], INSTANCE, true],
  ['Of several resources none may be meant', [QUEUE, `${INSTANCE}2`], INSTANCE, false],
];

/** As a grant in the positive form; its opposite is a grant of all but that. */
function both(rows: readonly About[], member: 'Action' | 'Resource', source: string, opposite: string): Row[] {
  return rows.flatMap(([name, pattern, asked, matches, own]) => {
    const rest = member === 'Action' ? { Resource: '*' } : { Action: '*' };
    const question = member === 'Action' ? { action: asked } : { resource: asked };
    const outcome = (granted: boolean) => (granted ? 'allowed' as const : 'implicitDeny:identity' as const);
    return [
      { name, policies: { identity: [doc({ Effect: 'Allow', [member]: pattern, ...rest })] }, ...question, expected: outcome(matches), source: own ?? source },
      { name: `Not${member}: ${name[0]!.toLowerCase()}${name.slice(1)}`, policies: { identity: [doc({ Effect: 'Allow', [`Not${member}`]: pattern, ...rest })] }, ...question, expected: outcome(!matches), source: own ?? opposite },
    ];
  });
}

const STATEMENTS: readonly Row[] = [
  { name: 'Of two statements either may allow', policies: { identity: [doc({ Effect: 'Allow', Action: 'iam:*', Resource: '*' }, { Effect: 'Allow', Action: 'ec2:*', Resource: '*' })] }, expected: 'allowed', source: ACTION },
  { name: 'The action of one statement and the resource of another allow nothing', policies: { identity: [doc({ Effect: 'Allow', Action: 'ec2:*', Resource: QUEUE }, { Effect: 'Allow', Action: 'sqs:*', Resource: INSTANCE })] }, expected: 'implicitDeny:identity', source: ACTION },
  { name: 'A statement that is no list is a statement', policies: { identity: [{ Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 'ec2:*', Resource: '*' } }] }, expected: 'allowed', source: `${GUIDE}/reference_policies_elements_statement.html` },
  { name: 'A denial of all but one service denies another', policies: { identity: [doc({ Effect: 'Allow', Action: '*', Resource: '*' }, { Effect: 'Deny', NotAction: 'iam:*', Resource: '*' })] }, expected: 'explicitDeny:identity', source: NOT_ACTION },
  { name: 'A denial of all but one service spares that one', policies: { identity: [doc({ Effect: 'Allow', Action: '*', Resource: '*' }, { Effect: 'Deny', NotAction: 'iam:*', Resource: '*' })] }, action: 'iam:ListUsers', resource: '*', expected: 'allowed', source: NOT_ACTION },
  { name: 'A denial of all but one resource denies actions without resources', policies: { identity: [doc({ Effect: 'Allow', Action: '*', Resource: '*' }, { Effect: 'Deny', Action: '*', NotResource: INSTANCE })] }, action: 'ec2:DescribeInstances', resource: '*', expected: 'explicitDeny:identity', source: NOT_RESOURCE },
  { name: 'No policy allows nothing', policies: {}, expected: 'implicitDeny:identity', source: `${GUIDE}/reference_policies_evaluation-logic_AccessPolicyLanguage_Interplay.html` },
];

export const actionsAndResources = [...both(ACTIONS, 'Action', ACTION, NOT_ACTION), ...both(RESOURCES, 'Resource', RESOURCE, NOT_RESOURCE), ...STATEMENTS];
