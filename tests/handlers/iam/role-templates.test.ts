import { beforeAll, expect, it } from 'vitest';
import { control } from '../../support/control.ts';
import { fogbank, type Fogbank } from '../../support/fogbank.ts';
import { callsAs, iamCalls } from '../../support/iam.ts';

const POWER = 'arn:aws:iam::aws:role-template/iam.amazonaws.com/PowerUserRoleTemplate:1';
const OWN = 'arn:aws:iam::aws:role-template/lambda.amazonaws.com/Bucket:1';
let fb: Fogbank;
const { go, refused } = iamCalls(() => fb.iam);
const values = (given: Record<string, string[]>) => Object.fromEntries(Object.entries(given).map(([name, Values]) => [name, { Values }]));
const acquire = (TemplateArn: string, given: Record<string, string[]>, more: object = {}) => ({ TemplateArn, ReplacementValues: values(given), ...more });
const trust = (service: string) => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }] });

beforeAll(async () => {
  fb = await fogbank();
  await control(fb, 'POST', 'role-templates', {
    arn: OWN, template: {
      RoleNamePattern: 'bucket-@{name}', RolePathPattern: '/made/', RoleDescriptionPattern: 'reads @{name}', AssumeRolePolicyDocumentTemplate: trust('lambda.amazonaws.com'),
      InlinePolicyTemplates: [{ PolicyName: 'read', PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::@{buckets}/*' }, { '@Enabled': 'WRITE', Effect: 'Allow', Action: 's3:PutObject', Resource: '*' }] } }],
      PermissionBoundaryArn: 'arn:aws:iam::aws:policy/AmazonS3FullAccess', RoleTagsTemplate: [{ Key: 'made-for', Value: '@{name}' }], MaxSessionDuration: 7200,
      ParametersDefinition: [{ Name: 'name', Type: 'String', IsRequired: true }, { Name: 'buckets', Type: 'StringList', IsRequired: true }, { Name: 'WRITE', Type: 'String', DefaultValue: 'False' }],
    },
  });
});

it('AcquireRole: makes all of a role from a template', async () => {
  const { Role } = await go('AcquireRole', acquire(OWN, { name: ['a'], buckets: ['x', 'y'] }));
  expect(Role).toMatchObject({ RoleName: 'bucket-a', Path: '/made/', Arn: 'arn:aws:iam::123456789012:role/made/bucket-a', Description: 'reads a', MaxSessionDuration: 7200, Tags: [{ Key: 'made-for', Value: 'a' }], SourceRoleTemplate: { TemplateArn: OWN, TemplateMinorVersion: 0 } });
  expect(Role.PermissionsBoundary.PermissionsBoundaryArn).toBe('arn:aws:iam::aws:policy/AmazonS3FullAccess');
  const { PolicyDocument } = await go('GetRolePolicy', { RoleName: 'bucket-a', PolicyName: 'read' });
  expect(JSON.parse(decodeURIComponent(PolicyDocument)).Statement).toEqual([{ Effect: 'Allow', Action: 's3:GetObject', Resource: ['arn:aws:s3:::x/*', 'arn:aws:s3:::y/*'] }]);
  expect((await go('GetRole', { RoleName: 'bucket-a' })).Role.SourceRoleTemplate).toEqual({ TemplateArn: OWN, TemplateMinorVersion: 0 });
});

it('AcquireRole: answers a role that matches already, and refuses one that does not', async () => {
  const given = acquire(POWER, { AWSServiceName: ['lambda.amazonaws.com'] });
  const { Role } = await go('AcquireRole', given);
  expect(Role.RoleName).toBe('PowerUserRole');
  expect((await go('ListAttachedRolePolicies', { RoleName: 'PowerUserRole' })).AttachedPolicies).toEqual([{ PolicyName: 'PowerUserAccess', PolicyArn: 'arn:aws:iam::aws:policy/PowerUserAccess' }]);
  expect((await go('AcquireRole', given)).Role.RoleId).toBe(Role.RoleId);
  expect((await refused('AcquireRole', acquire(POWER, { AWSServiceName: ['ec2.amazonaws.com'] }))).code).toBe('EntityAlreadyExists');
  await go('DetachRolePolicy', { RoleName: 'PowerUserRole', PolicyArn: 'arn:aws:iam::aws:policy/PowerUserAccess' });
  expect((await refused('AcquireRole', given)).code).toBe('EntityAlreadyExists');
});

it.each([
  ['a template that is not there', acquire(OWN.replace('Bucket', 'Other'), {}), 'NoSuchEntity'],
  ['a minor version that is not there', acquire(OWN, {}, { TemplateMinorVersion: 7 }), 'NoSuchEntity'],
  ['a parameter that is missing', acquire(OWN, { name: ['b'] }), 'InvalidInput'],
  ['a parameter that nobody knows', acquire(OWN, { name: ['b'], buckets: ['x'], other: ['x'] }), 'InvalidInput'],
  ['two values for one', acquire(OWN, { name: ['b', 'c'], buckets: ['x'] }), 'InvalidInput'],
])('AcquireRole: refuses %s, and makes nothing', async (_what, input, code) => {
  expect((await refused('AcquireRole', input)).code).toBe(code);
  expect((await refused('GetRole', { RoleName: 'bucket-b' })).code).toBe('NoSuchEntity');
});

it('AcquireRole: asks for what the template needs, each on its own', async () => {
  await go('CreateUser', { UserName: 'ada' });
  const ada = await callsAs(fb, 'ada', 'nothing');
  const condition = { ArnEquals: { 'iam:RoleTemplateARN': OWN } };
  const may = (Action: string[]) => go('PutUserPolicy', { UserName: 'ada', PolicyName: 'p', PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*', Condition: condition }] }) });
  const given = acquire(OWN, { name: ['ada'], buckets: ['x'] });
  const all = ['iam:GetRoleTemplateVersion', 'iam:CreateRole', 'iam:PutRolePolicy', 'iam:PutRolePermissionsBoundary', 'iam:TagRole'];
  for (const left of all) {
    await may(all.filter((one) => one !== left).concat('iam:GetGroup'));
    expect((await ada.refused('AcquireRole', given)).message).toContain(`is not authorized to perform: ${left} on resource`);
  }
  await may(all);
  expect((await ada.go('AcquireRole', given)).Role.RoleName).toBe('bucket-ada');
  expect((await ada.refused('AcquireRole', given)).message).toContain('iam:GetRole ');
  expect((await ada.refused('CreateRole', { RoleName: 'plain', AssumeRolePolicyDocument: JSON.stringify(trust('lambda.amazonaws.com')) })).code).toBe('AccessDenied');
});

it('GetRoleTemplateVersion: shows each minor version, and the newest by default', async () => {
  const arn = OWN.replace('Bucket', 'Versions');
  const put = (text: string) => control(fb, 'POST', 'role-templates', { arn, template: { RoleNamePattern: text, AssumeRolePolicyDocumentTemplate: trust('lambda.amazonaws.com') } });
  expect(await put('one')).toEqual({ arn, minorVersion: 0 });
  expect(await put('two')).toEqual({ arn, minorVersion: 1 });
  expect((await go('GetRoleTemplateVersion', { TemplateArn: arn })).RoleTemplateVersion).toMatchObject({ TemplateName: 'Versions', MajorVersion: 1, MinorVersion: 1, DefaultMinorVersion: 1, RoleNamePattern: 'two', ManagedByType: 'Service', ManagedByValue: 'lambda.amazonaws.com', Enabled: true });
  expect((await go('GetRoleTemplateVersion', { TemplateArn: arn, MinorVersion: 0 })).RoleTemplateVersion).toMatchObject({ MinorVersion: 0, DefaultMinorVersion: 1, RoleNamePattern: 'one' });
  expect(await control(fb, 'POST', 'role-templates', { arn: 'nonsense', template: {} })).toEqual({ error: "role template put: 'nonsense' is not like arn:aws:iam::aws:role-template/lambda.amazonaws.com/Name:1" });
});
