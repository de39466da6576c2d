import { beforeAll, expect, it } from 'vitest';
import { fogbank, type Fogbank } from '../../support/fogbank.ts';
import { callsAs, iamCalls } from '../../support/iam.ts';

let fb: Fogbank;
const { go, refused } = iamCalls(() => fb.iam);
const create = async (UserName: string, service: string, over: Record<string, unknown> = {}) =>
  (await go('CreateServiceSpecificCredential', { UserName, ServiceName: `${service}.amazonaws.com`, ...over })).ServiceSpecificCredential;
const list = async (input: Record<string, unknown>) => (await go('ListServiceSpecificCredentials', input)).ServiceSpecificCredentials;

beforeAll(async () => {
  fb = await fogbank();
  for (const UserName of ['ada', 'grace']) await go('CreateUser', { UserName });
});

it('a user has two credentials for a service, with names of their own', async () => {
  const first = await create('ada', 'codecommit');
  const second = await create('ada', 'codecommit');
  expect([first.ServiceUserName, second.ServiceUserName]).toEqual(['ada-at-123456789012', 'ada+1-at-123456789012']);
  expect(first.ServiceSpecificCredentialId).toMatch(/^ACCA[A-Z2-7]{17}$/);
  expect(first.ServicePassword).toMatch(/^[A-Za-z0-9+/]{43}=$/);
  expect(first.ServicePassword).not.toBe(second.ServicePassword);
  expect(await refused('CreateServiceSpecificCredential', { UserName: 'ada', ServiceName: 'codecommit.amazonaws.com' })).toMatchObject({ code: 'LimitExceeded', status: 409 });
  expect((await create('ada', 'cassandra')).ServiceUserName).toBe('ada-at-123456789012');
});

it('a listing shows no secrets', async () => {
  const credentials = await list({ UserName: 'ada', ServiceName: 'codecommit.amazonaws.com' });
  expect(credentials.map((c: { ServiceUserName: string }) => c.ServiceUserName)).toEqual(['ada-at-123456789012', 'ada+1-at-123456789012']);
  expect(credentials[0]).not.toHaveProperty('ServicePassword');
});

it('an API key of Bedrock carries its alias and expires', async () => {
  const key = await create('grace', 'bedrock', { CredentialAgeDays: 30 });
  expect(key.ServiceCredentialAlias).toBe('grace-at-123456789012');
  expect(Buffer.from(key.ServiceCredentialSecret.slice(4), 'base64').toString()).toMatch(/^grace-at-123456789012:/);
  expect(key.ServiceCredentialSecret.slice(0, 4)).toBe('ABSK');
  expect(key.ExpirationDate.getTime() - key.CreateDate.getTime()).toBe(30 * 86_400_000);
  expect((await create('grace', 'bedrock')).ExpirationDate).toBeUndefined();
  expect((await refused('CreateServiceSpecificCredential', { UserName: 'grace', ServiceName: 'cassandra.amazonaws.com', CredentialAgeDays: 30 })).code).toBe('ValidationError');
});

it('other services have none', async () => {
  expect(await refused('CreateServiceSpecificCredential', { UserName: 'ada', ServiceName: 's3.amazonaws.com' })).toMatchObject({ code: 'NotSupportedService', status: 404 });
});

it('all users\' credentials are listed together, in pages', async () => {
  const users = async (input: Record<string, unknown>) => (await list({ AllUsers: true, ...input })).map((c: { UserName: string }) => c.UserName);
  expect(await users({})).toEqual(['ada', 'ada', 'ada', 'grace', 'grace']);
  expect(await users({ ServiceName: 'bedrock.amazonaws.com' })).toEqual(['grace', 'grace']);
  const { Marker } = await go('ListServiceSpecificCredentials', { AllUsers: true, MaxItems: 4 });
  expect(await users({ Marker })).toEqual(['grace']);
  expect((await refused('ListServiceSpecificCredentials', { AllUsers: true, UserName: 'ada' })).code).toBe('ValidationError');
});

it('a reset changes the secret and nothing else, and only for the owner', async () => {
  const { ServiceSpecificCredentialId, ServicePassword, ServiceUserName } = await create('grace', 'codecommit');
  expect((await refused('ResetServiceSpecificCredential', { UserName: 'ada', ServiceSpecificCredentialId })).code).toBe('NoSuchEntity');
  const grace = await callsAs(fb, 'grace');
  const reset = (await grace.go('ResetServiceSpecificCredential', { ServiceSpecificCredentialId })).ServiceSpecificCredential;
  expect(reset).toMatchObject({ ServiceSpecificCredentialId, ServiceUserName });
  expect(reset.ServicePassword).not.toBe(ServicePassword);
  await grace.go('UpdateServiceSpecificCredential', { ServiceSpecificCredentialId, Status: 'Inactive' });
  expect((await list({ UserName: 'grace', ServiceName: 'codecommit.amazonaws.com' }))[0].Status).toBe('Inactive');
});

it('credentials hold their user', async () => {
  await go('CreateUser', { UserName: 'held' });
  const { ServiceSpecificCredentialId } = await create('held', 'cassandra');
  expect(await refused('DeleteUser', { UserName: 'held' })).toMatchObject({ code: 'DeleteConflict', message: 'Cannot delete entity, must remove referenced objects first.' });
  await go('DeleteServiceSpecificCredential', { UserName: 'held', ServiceSpecificCredentialId });
  expect((await refused('DeleteServiceSpecificCredential', { UserName: 'held', ServiceSpecificCredentialId })).code).toBe('NoSuchEntity');
  await go('DeleteUser', { UserName: 'held' });
});

it('an API key past its time is shown as expired', async () => {
  await create('ada', 'bedrock', { CredentialAgeDays: 1 });
  fb.machine.clock.advance(86_400_000);
  expect((await list({ UserName: 'ada', ServiceName: 'bedrock.amazonaws.com' }))[0].Status).toBe('Expired');
});

it('a policy may limit the service and the age of what is created', async () => {
  await go('CreateUser', { UserName: 'limited' });
  const limited = await callsAs(fb, 'limited', 'nothing');
  const Condition = { StringEquals: { 'iam:ServiceSpecificCredentialServiceName': 'bedrock.amazonaws.com' }, NumericLessThanEquals: { 'iam:ServiceSpecificCredentialAgeDays': '90' } };
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 'iam:CreateServiceSpecificCredential', Resource: '*', Condition } });
  await go('PutUserPolicy', { UserName: 'limited', PolicyName: 'limits', PolicyDocument });
  const key = { UserName: 'limited', ServiceName: 'bedrock.amazonaws.com' };
  for (const over of [{}, { CredentialAgeDays: 91 }, { ServiceName: 'codecommit.amazonaws.com', CredentialAgeDays: 1 }]) {
    expect((await limited.refused('CreateServiceSpecificCredential', { ...key, ...over })).code).toBe('AccessDenied');
  }
  expect((await limited.go('CreateServiceSpecificCredential', { ...key, CredentialAgeDays: 90 })).ServiceSpecificCredential.Status).toBe('Active');
});
