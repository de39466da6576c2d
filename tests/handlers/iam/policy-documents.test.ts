import { beforeAll, describe, expect, it } from 'vitest';
import { fogbank, type Fogbank } from '../../support/fogbank.ts';
import { iamCalls } from '../../support/iam.ts';

let fb: Fogbank;
const { go, refused } = iamCalls(() => fb.iam);
const Version = '2012-10-17';
const ok = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' };
const one = (over: object) => ({ Version, Statement: { ...ok, ...over } });
const dated = (value: unknown) => one({ Condition: { DateGreaterThan: { 'aws:CurrentTime': value } } });
let number = 0;
const policy = (document: object) => ({ PolicyName: `p${number++}`, PolicyDocument: JSON.stringify(document) });

const SYNTAX = 'Syntax errors in policy.';
const LEGACY = 'The policy failed legacy parsing';

beforeAll(async () => {
  fb = await fogbank();
  await go('CreateUser', { UserName: 'ada' });
});

describe('a managed policy is refused for', () => {
  it.each<[string, object, string]>([
    ['an id that is no text', { Version, Id: 1, Statement: ok }, SYNTAX],
    ['an effect that is none', one({ Effect: 'Perhaps' }), SYNTAX],
    ['both kinds of actions', one({ NotAction: [] }), SYNTAX],
    ['an unknown operator', one({ Condition: { StringEqualTo: { 'aws:username': 'x' } } }), SYNTAX],
    ['no version', { Statement: ok }, 'Policy document must be version 2012-10-17 or greater.'],
    ['an old version', { Version: '2008-10-17', Statement: ok }, 'Policy document must be version 2012-10-17 or greater.'],
    ['an effect in the wrong case', one({ Effect: 'allow' }), LEGACY],
    ['a date that is none', dated('yesterday'), LEGACY],
    ['a month that is none', dated('2026-13-01'), LEGACY],
    ['an ARN with a part missing', one({ Resource: 'arn:aws:s3::bucket' }), LEGACY],
    ['a bad date before bad resources', { Version, Statement: { ...dated('x').Statement, Resource: 'x' } }, LEGACY],
    ['a statement id twice', { Version, Statement: [{ ...ok, Sid: 'a' }, { Effect: 'Deny', Sid: 'a' }] }, 'Statement IDs (SID) in a single policy must be unique.'],
    ['no actions', one({ Action: [] }), 'Policy statement must contain actions.'],
    ['a resource that is no ARN, before its action', one({ Action: 'x', Resource: 'bucket' }), 'Resource bucket must be in ARN format or "*".'],
    ['a partition that is none', one({ Resource: 'arn:cloud:s3' }), 'Partition "cloud" is not valid for resource "arn:cloud:s3:*:*:*".'],
    ['a resource of no service', one({ Resource: 'arn:aws' }), 'Resource vendor must be fully qualified and cannot contain regexes.'],
    ['a bucket in a region', one({ Resource: 'arn:aws:s3:us-east-1::bucket' }), 'Resource arn:aws:s3:us-east-1::bucket can not contain region information.'],
    ['a user in a region', one({ Resource: 'arn:aws:iam:us-east-1::user/ada' }), 'IAM resource arn:aws:iam:us-east-1::user/ada cannot contain region information.'],
    ['what IAM does not have', one({ Resource: 'arn:aws:iam::123456789012:robot/r2' }), 'IAM resource path must either be "*" or start with user/, federated-user/, role/, group/, instance-profile/, mfa/, server-certificate/, policy/, sms-mfa/, saml-provider/, oidc-provider/, report/, access-report/.'],
    ['an action without a service', one({ Action: 'GetObject' }), 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.'],
    ['an action with two colons', one({ Action: 's3:Get:Object' }), 'Actions/Condition can contain only one colon.'],
    ['no resources', { Version, Statement: { Effect: 'Allow', Action: 's3:GetObject' } }, 'Policy statement must contain resources.'],
    ['a principal', one({ Principal: '*' }), 'Policy document should not specify a principal.'],
  ])('%s', async (_name, document, message) => {
    expect(await refused('CreatePolicy', policy(document))).toEqual({ code: 'MalformedPolicyDocument', message, status: 400 });
  });
});

it.each<[string, object]>([
  ['variables with colons in ARNs', one({ Resource: 'arn:${aws:Partition}:iam::${aws:PrincipalAccount}:user/${aws:username}' })],
  ['access points in a region', one({ Resource: 'arn:aws:s3:us-west-2:123456789012:accesspoint/point' })],
  ['dates in seconds and in part', dated(['1700000000', '2026-02', '2026-02-28T23', '2026-02-28T23:59:59.5+01:00'])],
  ['operators with nothing to compare', one({ Condition: { Anything: {}, StringEqualsIfExists: { 'aws:username': [] } } })],
  ['null among resources', one({ Resource: ['arn:aws:s3:::bucket', null] })],
])('%s are taken', async (_name, document) => {
  expect((await go('CreatePolicy', policy(document))).Policy.DefaultVersionId).toBe('v1');
});

it('an inline policy needs no version', async () => {
  const PolicyDocument = JSON.stringify({ Statement: ok });
  await go('PutUserPolicy', { UserName: 'ada', PolicyName: 'old', PolicyDocument });
  expect(decodeURIComponent((await go('GetUserPolicy', { UserName: 'ada', PolicyName: 'old' })).PolicyDocument)).toBe(PolicyDocument);
});
