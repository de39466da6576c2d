import { expect, it } from 'vitest';
import { fogbank } from '../../support/fogbank.ts';
import { callsAs, iamCalls } from '../../support/iam.ts';

const fb = await fogbank();
const { go, refused } = iamCalls(() => fb.iam);
const ROLE = 'arn:aws:iam::123456789012:role/aws-service-role/role-manager.iam.amazonaws.com/AWSServiceRoleForIAMRoleManager';

it('PutAccountProperties: switches role manager on, with a role that stays', async () => {
  expect((await go('GetAccountProperties')).Properties).toEqual({ 'RoleManager/Enabled': 'false' });
  await go('PutAccountProperties', { Properties: { 'RoleManager/Enabled': 'true' } });
  expect((await go('GetAccountProperties')).Properties).toEqual({ 'RoleManager/Enabled': 'true' });
  const { Role } = await go('GetRole', { RoleName: 'AWSServiceRoleForIAMRoleManager' });
  expect(Role.Arn).toBe(ROLE);
  await go('PutAccountProperties', { Properties: { 'RoleManager/Enabled': 'true' } });
  await go('PutAccountProperties', { Properties: { 'RoleManager/Enabled': 'false', 'RoleManager/Other': 'x' } });
  expect((await go('GetAccountProperties')).Properties).toEqual({ 'RoleManager/Enabled': 'false' });
  expect((await go('GetRole', { RoleName: 'AWSServiceRoleForIAMRoleManager' })).Role.RoleId).toBe(Role.RoleId);
});

it.each([
  [{ Enabled: 'true' }, 'Property key must be in format Namespace/PropertyName: Enabled'],
  [{ 'RoleManager/Enabled': 'true', 'Other/Thing': 'x' }, 'All properties must belong to the same namespace'],
  [{ 'Other/Thing': 'x' }, 'Unsupported namespace: Other'],
  [{ 'RoleManager/Other': 'x' }, 'RoleManager namespace requires Enabled property'],
  [{ 'RoleManager/Enabled': 'yes' }, "Enabled must be 'true' or 'false'"],
])('PutAccountProperties: refuses %j', async (Properties, message) => {
  expect(await refused('PutAccountProperties', { Properties })).toMatchObject({ code: 'InvalidInput', message });
});

it('PutAccountProperties: needs the permission to make the role too', async () => {
  await go('CreateUser', { UserName: 'ada' });
  const ada = await callsAs(fb, 'ada', 'nothing');
  const statement = { Effect: 'Allow', Action: 'iam:PutAccountProperties', Resource: '*', Condition: { 'ForAnyValue:StringEquals': { 'iam:AccountPropertyNamespaces': 'RoleManager' } } };
  await go('PutUserPolicy', { UserName: 'ada', PolicyName: 'p', PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }) });
  await ada.go('PutAccountProperties', { Properties: { 'RoleManager/Enabled': 'false' } });
  expect(await ada.refused('PutAccountProperties', { Properties: { 'RoleManager/Enabled': 'true' } })).toMatchObject({ code: 'AccessDenied', message: `User: arn:aws:iam::123456789012:user/ada is not authorized to perform: iam:CreateServiceLinkedRole on resource: ${ROLE} because no identity-based policy allows the iam:CreateServiceLinkedRole action` });
});
