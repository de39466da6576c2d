import { documented, type Documented } from './documented.ts';
import { GUIDE } from './rows.ts';

/** Example policies of IAM's user guide, tags and passed roles among them. https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_examples.html */

const ALLOW = { Effect: 'Allow' };
const INSTANCE = 'arn:aws:ec2:us-east-1:111122223333:instance/i-1';
const SECRET = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:plans-AbCdEf';
const USER = 'arn:aws:iam::111122223333:user/new';
const ME = { 'aws:PrincipalTag/access-project': 'peg', 'aws:PrincipalTag/access-team': 'eng', 'aws:PrincipalTag/cost-center': '987654' };
const MINE = { 'aws:ResourceTag/access-project': 'peg', 'aws:ResourceTag/access-team': 'eng', 'aws:ResourceTag/cost-center': '987654' };
const NEW = { 'aws:RequestTag/access-project': 'peg', 'aws:RequestTag/access-team': 'eng', 'aws:RequestTag/cost-center': '987654', 'aws:TagKeys': ['access-project', 'access-team', 'cost-center'] };
const KEYS = ['access-project', 'access-team', 'cost-center', 'Name', 'OwnedBy'];
const same = (kind: string) => ({ [`aws:${kind}/access-project`]: '${aws:PrincipalTag/access-project}', [`aws:${kind}/access-team`]: '${aws:PrincipalTag/access-team}', [`aws:${kind}/cost-center`]: '${aws:PrincipalTag/cost-center}' });
const TUTORIAL = `${GUIDE}/tutorial_attribute-based-access-control.html`;

const EXAMPLES: readonly Documented[] = [
  ['the ABAC tutorial', TUTORIAL, [
    { Sid: 'AllActionsSecretsManagerSameProjectSameTeam', ...ALLOW, Action: 'secretsmanager:*', Resource: '*', Condition: { StringEquals: same('ResourceTag'), 'ForAllValues:StringEquals': { 'aws:TagKeys': KEYS }, StringEqualsIfExists: same('RequestTag') } },
    { Sid: 'AllResourcesSecretsManagerNoTags', ...ALLOW, Action: ['secretsmanager:GetRandomPassword', 'secretsmanager:ListSecrets'], Resource: '*' },
    { Sid: 'ReadSecretsManagerSameTeam', ...ALLOW, Action: ['secretsmanager:Describe*', 'secretsmanager:Get*', 'secretsmanager:List*'], Resource: '*', Condition: { StringEquals: { 'aws:ResourceTag/access-team': '${aws:PrincipalTag/access-team}' } } },
    { Sid: 'DenyUntagSecretsManagerReservedTags', Effect: 'Deny', Action: 'secretsmanager:UntagResource', Resource: '*', Condition: { 'ForAnyValue:StringLike': { 'aws:TagKeys': 'access-*' } } },
    { Sid: 'DenyPermissionsManagement', Effect: 'Deny', Action: 'secretsmanager:*Policy', Resource: '*' },
  ], [
    ['creates a secret of the project with its tags', 'secretsmanager:CreateSecret', SECRET, { ...ME, ...MINE, ...NEW }, 'allowed'],
    ['creates no secret with another project\'s tag', 'secretsmanager:CreateSecret', SECRET, { ...ME, ...MINE, ...NEW, 'aws:RequestTag/access-project': 'uni' }, 'implicitDeny'],
    ['creates no secret with a tag of its own', 'secretsmanager:CreateSecret', SECRET, { ...ME, ...MINE, ...NEW, 'aws:TagKeys': [...NEW['aws:TagKeys'], 'mine'] }, 'implicitDeny'],
    ['reads a secret of the project', 'secretsmanager:GetSecretValue', SECRET, { ...ME, ...MINE }, 'allowed'],
    ['reads a secret of the team in another project', 'secretsmanager:GetSecretValue', SECRET, { ...ME, ...MINE, 'aws:ResourceTag/access-project': 'uni' }, 'allowed'],
    ['describes a secret of the team in another project', 'secretsmanager:DescribeSecret', SECRET, { ...ME, ...MINE, 'aws:ResourceTag/access-project': 'uni' }, 'allowed'],
    ['reads no secret of another team', 'secretsmanager:GetSecretValue', SECRET, { ...ME, ...MINE, 'aws:ResourceTag/access-team': 'qas' }, 'implicitDeny'],
    ['reads no secret without tags', 'secretsmanager:GetSecretValue', SECRET, ME, 'implicitDeny'],
    ['reads no secret for a principal without tags', 'secretsmanager:GetSecretValue', SECRET, MINE, 'implicitDeny'],
    ['updates a secret of the project', 'secretsmanager:UpdateSecret', SECRET, { ...ME, ...MINE }, 'allowed'],
    ['updates no secret of the team in another project', 'secretsmanager:UpdateSecret', SECRET, { ...ME, ...MINE, 'aws:ResourceTag/access-project': 'uni' }, 'implicitDeny'],
    ['updates no secret of another cost center', 'secretsmanager:UpdateSecret', SECRET, { ...ME, ...MINE, 'aws:ResourceTag/cost-center': '1' }, 'implicitDeny'],
    ['deletes a secret of the project', 'secretsmanager:DeleteSecret', SECRET, { ...ME, ...MINE }, 'allowed'],
    ['lists all secrets', 'secretsmanager:ListSecrets', '*', ME, 'allowed'],
    ['makes random passwords', 'secretsmanager:GetRandomPassword', '*', ME, 'allowed'],
    ['takes off no reserved tag', 'secretsmanager:UntagResource', SECRET, { ...ME, ...MINE, 'aws:TagKeys': ['Name', 'access-team'] }, 'explicitDeny'],
    ['takes off a tag that is not reserved', 'secretsmanager:UntagResource', SECRET, { ...ME, ...MINE, 'aws:TagKeys': ['Name'] }, 'allowed'],
    ['puts no resource policy', 'secretsmanager:PutResourcePolicy', SECRET, { ...ME, ...MINE }, 'explicitDeny'],
    ['reads no resource policy', 'secretsmanager:GetResourcePolicy', SECRET, { ...ME, ...MINE }, 'explicitDeny'],
    ['has nothing to do with other services', 'kms:Decrypt', 'arn:aws:kms:us-east-1:111122223333:key/1', { ...ME, ...MINE }, 'implicitDeny'],
  ]],
  ['matching cost centers', `${GUIDE}/reference_policies_examples_ec2-start-stop-match-tags.html`, [{ ...ALLOW, Action: ['ec2:startInstances', 'ec2:stopInstances'], Resource: '*', Condition: { StringEquals: { 'aws:ResourceTag/CostCenter': '${aws:PrincipalTag/CostCenter}' } } }], [
    ['starts an instance of the own one', 'ec2:StartInstances', INSTANCE, { 'aws:ResourceTag/CostCenter': '7', 'aws:PrincipalTag/CostCenter': '7' }, 'allowed'],
    ['stops no instance of another', 'ec2:StopInstances', INSTANCE, { 'aws:ResourceTag/CostCenter': '8', 'aws:PrincipalTag/CostCenter': '7' }, 'implicitDeny'],
    ['stops no instance where neither has one', 'ec2:StopInstances', INSTANCE, {}, 'implicitDeny'],
  ]],
  ['a project\'s instances', `${GUIDE}/reference_policies_examples_ec2-start-stop-tags.html`, [{ Sid: 'StartStopIfTags', ...ALLOW, Action: ['ec2:StartInstances', 'ec2:StopInstances'], Resource: 'arn:aws:ec2:us-east-1:111122223333:instance/*', Condition: { StringEquals: { 'aws:ResourceTag/Project': 'DataAnalytics', 'aws:PrincipalTag/Department': 'Data' } } }], [
    ['starts one for the department', 'ec2:StartInstances', INSTANCE, { 'aws:ResourceTag/Project': 'DataAnalytics', 'aws:PrincipalTag/Department': 'Data' }, 'allowed'],
    ['starts one whose tag keys differ in case', 'ec2:StartInstances', INSTANCE, { 'aws:ResourceTag/project': 'DataAnalytics', 'aws:PrincipalTag/department': 'Data' }, 'allowed'],
    ['starts none for another department', 'ec2:StartInstances', INSTANCE, { 'aws:ResourceTag/Project': 'DataAnalytics', 'aws:PrincipalTag/Department': 'HR' }, 'implicitDeny'],
    ['starts none of another project', 'ec2:StartInstances', INSTANCE, { 'aws:ResourceTag/Project': 'X', 'aws:PrincipalTag/Department': 'Data' }, 'implicitDeny'],
  ]],
  ['owners', `${GUIDE}/reference_policies_examples_ec2_tag-owner.html`, [{ ...ALLOW, Action: ['ec2:StartInstances', 'ec2:StopInstances'], Resource: 'arn:aws:ec2:*:*:instance/*', Condition: { StringEquals: { 'aws:ResourceTag/Owner': '${aws:username}' } } }, { ...ALLOW, Action: 'ec2:DescribeInstances', Resource: '*' }], [
    ['starts their own', 'ec2:StartInstances', INSTANCE, { 'aws:ResourceTag/Owner': 'alice', 'aws:username': 'alice' }, 'allowed'],
    ['starts none of another\'s', 'ec2:StartInstances', INSTANCE, { 'aws:ResourceTag/Owner': 'bob', 'aws:username': 'alice' }, 'implicitDeny'],
    ['describes all', 'ec2:DescribeInstances', '*', { 'aws:username': 'alice' }, 'allowed'],
  ]],
  ['environments that are tagged', `${GUIDE}/access_tags.html#access_tags_control-requests`, [{ ...ALLOW, Action: 'ec2:CreateTags', Resource: 'arn:aws:ec2:*:*:instance/*', Condition: { StringEquals: { 'aws:RequestTag/environment': ['preprod', 'production'] }, 'ForAllValues:StringEquals': { 'aws:TagKeys': 'environment' } } }], [
    ['tags production', 'ec2:CreateTags', INSTANCE, { 'aws:RequestTag/environment': 'production', 'aws:TagKeys': ['environment'] }, 'allowed'],
    ['does not tag test', 'ec2:CreateTags', INSTANCE, { 'aws:RequestTag/environment': 'test', 'aws:TagKeys': ['environment'] }, 'implicitDeny'],
    ['does not tag anything besides', 'ec2:CreateTags', INSTANCE, { 'aws:RequestTag/environment': 'production', 'aws:RequestTag/a': '1', 'aws:TagKeys': ['environment', 'a'] }, 'implicitDeny'],
    ['does not tag nothing', 'ec2:CreateTags', INSTANCE, {}, 'implicitDeny'],
  ]],
  ['keys of secrets', `${GUIDE}/access_tags.html#access_tags_control-tag-keys`, [{ ...ALLOW, Action: ['secretsmanager:CreateSecret', 'secretsmanager:TagResource'], Resource: '*', Condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['environment', 'cost-center'] } } }], [
    ['tags with one', 'secretsmanager:TagResource', SECRET, { 'aws:TagKeys': ['environment'] }, 'allowed'],
    ['tags with both', 'secretsmanager:TagResource', SECRET, { 'aws:TagKeys': ['cost-center', 'environment'] }, 'allowed'],
    ['tags with no third', 'secretsmanager:TagResource', SECRET, { 'aws:TagKeys': ['environment', 'x'] }, 'implicitDeny'],
    ['creates without tags', 'secretsmanager:CreateSecret', SECRET, {}, 'allowed'],
  ]],
  ['new users\' tags', `${GUIDE}/reference_policies_examples_iam-new-user-tag.html`, [{ Sid: 'TagUsersWithOnlyTheseTags', ...ALLOW, Action: ['iam:CreateUser', 'iam:TagUser'], Resource: '*', Condition: { StringEqualsIfExists: { 'aws:RequestTag/Department': ['Development', 'QualityAssurance'], 'aws:RequestTag/JobFunction': 'Employee' }, 'ForAllValues:StringEquals': { 'aws:TagKeys': ['Department', 'JobFunction'] } } }], [
    ['creates one with both', 'iam:CreateUser', USER, { 'aws:RequestTag/Department': 'Development', 'aws:RequestTag/JobFunction': 'Employee', 'aws:TagKeys': ['Department', 'JobFunction'] }, 'allowed'],
    ['creates one with one', 'iam:CreateUser', USER, { 'aws:RequestTag/Department': 'QualityAssurance', 'aws:TagKeys': ['Department'] }, 'allowed'],
    ['creates one without', 'iam:CreateUser', USER, {}, 'allowed'],
    ['creates none of another department', 'iam:CreateUser', USER, { 'aws:RequestTag/Department': 'Sales', 'aws:TagKeys': ['Department'] }, 'implicitDeny'],
    ['creates none with another key', 'iam:CreateUser', USER, { 'aws:RequestTag/x': '1', 'aws:TagKeys': ['x'] }, 'implicitDeny'],
  ]],
  ['managers\' departments', `${GUIDE}/reference_policies_examples_iam-add-tag.html`, [{ ...ALLOW, Action: ['iam:ListUserTags', 'iam:ListUsers'], Resource: '*' }, { Sid: 'TagManagerWithSpecificDepartment', ...ALLOW, Action: 'iam:TagUser', Resource: '*', Condition: { StringEquals: { 'iam:ResourceTag/JobFunction': 'Manager', 'aws:RequestTag/Department': ['Marketing', 'Development', 'QualityAssurance'] }, 'ForAllValues:StringEquals': { 'aws:TagKeys': 'Department' } } }], [
    ['tags a manager', 'iam:TagUser', USER, { 'iam:ResourceTag/JobFunction': 'Manager', 'aws:RequestTag/Department': 'Marketing', 'aws:TagKeys': ['Department'] }, 'allowed'],
    ['tags no employee', 'iam:TagUser', USER, { 'iam:ResourceTag/JobFunction': 'Employee', 'aws:RequestTag/Department': 'Marketing', 'aws:TagKeys': ['Department'] }, 'implicitDeny'],
    ['tags no manager of sales', 'iam:TagUser', USER, { 'iam:ResourceTag/JobFunction': 'Manager', 'aws:RequestTag/Department': 'Sales', 'aws:TagKeys': ['Department'] }, 'implicitDeny'],
    ['lists users', 'iam:ListUsers', '*', {}, 'allowed'],
  ]],
  ['roles with a tag', `${GUIDE}/reference_policies_examples_iam-assume-tagged-role.html`, [{ Sid: 'AssumeTaggedRole', ...ALLOW, Action: 'sts:AssumeRole', Resource: '*', Condition: { StringEquals: { 'iam:ResourceTag/Project': 'ExampleCorpABC' } } }], [
    ['assumes one', 'sts:AssumeRole', 'arn:aws:iam::111122223333:role/r', { 'iam:ResourceTag/Project': 'ExampleCorpABC' }, 'allowed'],
    ['assumes none without', 'sts:AssumeRole', 'arn:aws:iam::111122223333:role/r', {}, 'implicitDeny'],
  ]],
  ['passing roles to CloudWatch', `${GUIDE}/reference_policies_examples_iam-passrole-service.html`, [{ ...ALLOW, Action: 'iam:PassRole', Resource: '*', Condition: { StringEquals: { 'iam:PassedToService': 'cloudwatch.amazonaws.com' } } }], [
    ['passes one to it', 'iam:PassRole', 'arn:aws:iam::111122223333:role/r', { 'iam:PassedToService': 'cloudwatch.amazonaws.com' }, 'allowed'],
    ['passes none to EC2', 'iam:PassRole', 'arn:aws:iam::111122223333:role/r', { 'iam:PassedToService': 'ec2.amazonaws.com' }, 'implicitDeny'],
    ['passes none where no service is known', 'iam:PassRole', 'arn:aws:iam::111122223333:role/r', {}, 'implicitDeny'],
    ['assumes none', 'sts:AssumeRole', 'arn:aws:iam::111122223333:role/r', { 'iam:PassedToService': 'cloudwatch.amazonaws.com' }, 'implicitDeny'],
  ]],
  ['passing roles with a name to EC2', `${GUIDE}/id_roles_use_passrole.html`, [{ ...ALLOW, Action: ['iam:GetRole', 'iam:PassRole'], Resource: 'arn:aws:iam::111122223333:role/EC2-roles-for-XYZ-*', Condition: { StringEqualsIfExists: { 'iam:PassedToService': 'ec2.amazonaws.com' } } }], [
    ['passes one', 'iam:PassRole', 'arn:aws:iam::111122223333:role/EC2-roles-for-XYZ-app', { 'iam:PassedToService': 'ec2.amazonaws.com' }, 'allowed'],
    ['gets one', 'iam:GetRole', 'arn:aws:iam::111122223333:role/EC2-roles-for-XYZ-app', {}, 'allowed'],
    ['passes none to Lambda', 'iam:PassRole', 'arn:aws:iam::111122223333:role/EC2-roles-for-XYZ-app', { 'iam:PassedToService': 'lambda.amazonaws.com' }, 'implicitDeny'],
    ['passes none of another name', 'iam:PassRole', 'arn:aws:iam::111122223333:role/Admin', { 'iam:PassedToService': 'ec2.amazonaws.com' }, 'implicitDeny'],
  ]],
  ['a quarter', `${GUIDE}/reference_policies_examples_aws-dates.html`, [{ ...ALLOW, Action: 'ec2:StartInstances', Resource: '*', Condition: { DateGreaterThan: { 'aws:CurrentTime': '2020-04-01T00:00:00Z' }, DateLessThan: { 'aws:CurrentTime': '2020-06-30T23:59:59Z' } } }], [
    ['is within', 'ec2:StartInstances', INSTANCE, { 'aws:CurrentTime': '2020-05-01T12:00:00Z' }, 'allowed'],
    ['has its first second without', 'ec2:StartInstances', INSTANCE, { 'aws:CurrentTime': '2020-04-01T00:00:00Z' }, 'implicitDeny'],
    ['is over', 'ec2:StartInstances', INSTANCE, { 'aws:CurrentTime': '2020-07-01T00:00:00Z' }, 'implicitDeny'],
  ]],
  ['known addresses', `${GUIDE}/reference_policies_examples_aws_deny-ip.html`, [{ ...ALLOW, Action: '*', Resource: '*' }, { Effect: 'Deny', Action: '*', Resource: '*', Condition: { NotIpAddress: { 'aws:SourceIp': ['192.0.2.0/24', '203.0.113.0/24'] }, Bool: { 'aws:ViaAWSService': 'false' } } }], [
    ['lets the first range in', 'ec2:StartInstances', INSTANCE, { 'aws:SourceIp': '192.0.2.9', 'aws:ViaAWSService': false }, 'allowed'],
    ['lets the second range in', 'ec2:StartInstances', INSTANCE, { 'aws:SourceIp': '203.0.113.9', 'aws:ViaAWSService': false }, 'allowed'],
    ['keeps others out', 'ec2:StartInstances', INSTANCE, { 'aws:SourceIp': '198.51.100.9', 'aws:ViaAWSService': false }, 'explicitDeny'],
    ['lets services in from elsewhere', 'ec2:StartInstances', INSTANCE, { 'aws:SourceIp': '198.51.100.9', 'aws:ViaAWSService': true }, 'allowed'],
  ]],
  ['European Regions', `${GUIDE}/reference_policies_examples_aws_deny-requested-region.html`, [{ ...ALLOW, Action: '*', Resource: '*' }, { Sid: 'DenyAllOutsideRequestedRegions', Effect: 'Deny', NotAction: ['cloudfront:*', 'iam:*', 'route53:*', 'support:*'], Resource: '*', Condition: { StringNotEquals: { 'aws:RequestedRegion': ['eu-central-1', 'eu-west-1', 'eu-west-2', 'eu-west-3'] } } }], [
    ['has Ireland', 'ec2:StartInstances', INSTANCE, { 'aws:RequestedRegion': 'eu-west-1' }, 'allowed'],
    ['has no Virginia', 'ec2:StartInstances', INSTANCE, { 'aws:RequestedRegion': 'us-east-1' }, 'explicitDeny'],
    ['has IAM everywhere', 'iam:ListUsers', '*', { 'aws:RequestedRegion': 'us-east-1' }, 'allowed'],
  ]],
  ['MFA to stop instances', `${GUIDE}/reference_policies_examples_ec2_require-mfa.html`, [{ ...ALLOW, Action: 'ec2:*', Resource: '*' }, { Effect: 'Deny', Action: ['ec2:StopInstances', 'ec2:TerminateInstances'], Resource: '*', Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': false } } }], [
    ['stops with MFA', 'ec2:StopInstances', INSTANCE, { 'aws:MultiFactorAuthPresent': true }, 'allowed'],
    ['does not stop in a session without MFA', 'ec2:StopInstances', INSTANCE, { 'aws:MultiFactorAuthPresent': false }, 'explicitDeny'],
    ['does not terminate with long-term credentials', 'ec2:TerminateInstances', INSTANCE, {}, 'explicitDeny'],
    ['starts without MFA', 'ec2:StartInstances', INSTANCE, {}, 'allowed'],
  ]],
  ['recent MFA for production', `${GUIDE}/reference_policies_examples_s3_full-access-except-production.html`, [{ ...ALLOW, Action: ['s3:PutObject', 's3:GetObject'], Resource: 'arn:aws:s3:::*/*' }, { Effect: 'Deny', Action: 's3:*', Resource: ['arn:aws:s3:::Production/*', 'arn:aws:s3:::Production'], Condition: { NumericGreaterThanIfExists: { 'aws:MultiFactorAuthAge': '1800' } } }], [
    ['reads elsewhere without', 's3:GetObject', 'arn:aws:s3:::Test/a', {}, 'allowed'],
    ['reads production after it', 's3:GetObject', 'arn:aws:s3:::Production/a', { 'aws:MultiFactorAuthAge': 1800 }, 'allowed'],
    ['does not read production long after it', 's3:GetObject', 'arn:aws:s3:::Production/a', { 'aws:MultiFactorAuthAge': 1801 }, 'explicitDeny'],
    ['does not read production without it', 's3:GetObject', 'arn:aws:s3:::Production/a', {}, 'explicitDeny'],
  ]],
  ['one bucket and nothing else', `${GUIDE}/reference_policies_examples_s3_deny-except-bucket.html`, [{ ...ALLOW, Action: 's3:*', Resource: ['arn:aws:s3:::bucket-name', 'arn:aws:s3:::bucket-name/*'] }, { Effect: 'Deny', NotAction: 's3:*', NotResource: ['arn:aws:s3:::bucket-name', 'arn:aws:s3:::bucket-name/*'] }], [
    ['lists it', 's3:ListBucket', 'arn:aws:s3:::bucket-name', {}, 'allowed'],
    ['reads in it', 's3:GetObject', 'arn:aws:s3:::bucket-name/a/b', {}, 'allowed'],
    ['lists no other', 's3:ListBucket', 'arn:aws:s3:::other', {}, 'implicitDeny'],
    ['starts no instances', 'ec2:StartInstances', INSTANCE, {}, 'explicitDeny'],
  ]],
  ['columns', `${GUIDE}/reference_policies_examples_dynamodb_attributes.html`, [{ ...ALLOW, Action: ['dynamodb:GetItem', 'dynamodb:Query'], Resource: ['arn:aws:dynamodb:*:*:table/table-name'], Condition: { 'ForAllValues:StringEquals': { 'dynamodb:Attributes': ['column-name-1', 'column-name-2', 'column-name-3'] }, StringEqualsIfExists: { 'dynamodb:Select': 'SPECIFIC_ATTRIBUTES' } } }], [
    ['reads two', 'dynamodb:GetItem', 'arn:aws:dynamodb:us-east-1:111122223333:table/table-name', { 'dynamodb:Attributes': ['column-name-3', 'column-name-1'] }, 'allowed'],
    ['reads no fourth', 'dynamodb:GetItem', 'arn:aws:dynamodb:us-east-1:111122223333:table/table-name', { 'dynamodb:Attributes': ['column-name-1', 'x'] }, 'implicitDeny'],
    ['does not select all', 'dynamodb:Query', 'arn:aws:dynamodb:us-east-1:111122223333:table/table-name', { 'dynamodb:Attributes': ['column-name-1'], 'dynamodb:Select': 'ALL_ATTRIBUTES' }, 'implicitDeny'],
  ]],
  ['managed policies', `${GUIDE}/reference_policies_examples_iam_limit-managed.html`, [{ ...ALLOW, Action: ['iam:AttachUserPolicy', 'iam:DetachUserPolicy'], Resource: '*', Condition: { ArnEquals: { 'iam:PolicyARN': ['arn:aws:iam::*:policy/policy-name-1', 'arn:aws:iam::*:policy/policy-name-2'] } } }], [
    ['attaches one of the two', 'iam:AttachUserPolicy', USER, { 'iam:PolicyARN': 'arn:aws:iam::111122223333:policy/policy-name-2' }, 'allowed'],
    ['attaches no third', 'iam:AttachUserPolicy', USER, { 'iam:PolicyARN': 'arn:aws:iam::aws:policy/AdministratorAccess' }, 'implicitDeny'],
  ]],
  ['Cognito\'s own objects', `${GUIDE}/reference_policies_examples_s3_cognito-bucket.html`, [{ ...ALLOW, Action: ['s3:GetObject', 's3:PutObject'], Resource: ['arn:aws:s3:::bucket-name/cognito/app/${cognito-identity.amazonaws.com:sub}/*'] }], [
    ['reads its own', 's3:GetObject', 'arn:aws:s3:::bucket-name/cognito/app/us-east-1:12ab/a', { 'cognito-identity.amazonaws.com:sub': 'us-east-1:12ab' }, 'allowed'],
    ['reads none of another\'s', 's3:GetObject', 'arn:aws:s3:::bucket-name/cognito/app/us-east-1:99ff/a', { 'cognito-identity.amazonaws.com:sub': 'us-east-1:12ab' }, 'implicitDeny'],
    ['reads none of one who is nobody', 's3:GetObject', 'arn:aws:s3:::bucket-name/cognito/app//a', {}, 'implicitDeny'],
  ]],
];

export const iamExamples = documented(EXAMPLES);
