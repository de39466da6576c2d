import { beforeAll, describe, expect, it } from 'vitest';
import { fogbank, type Fogbank } from '../../support/fogbank.ts';
import { callsAs, iamCalls, type IamCalls } from '../../support/iam.ts';

let fb: Fogbank;
const { go, refused } = iamCalls(() => fb.iam);
let number = 0;
/** Whether a password may be given to a new user. */
async function taken(Password: string): Promise<boolean> {
  const UserName = `user${number++}`;
  await go('CreateUser', { UserName });
  return go('CreateLoginProfile', { UserName, Password }).then(() => true, (error: { name: string }) => {
    expect(error.name).toBe('PasswordPolicyViolationException');
    return false;
  });
}

beforeAll(async () => {
  fb = await fogbank();
});

it('an account has no password policy until it makes one, and passwords are eight characters of three kinds', async () => {
  expect(await refused('GetAccountPasswordPolicy')).toEqual({ code: 'NoSuchEntity', message: 'The Password Policy with domain name 123456789012 cannot be found.', status: 404 });
  expect(await refused('DeleteAccountPasswordPolicy')).toEqual({ code: 'NoSuchEntity', message: 'The account policy with name PasswordPolicy cannot be found.', status: 404 });
  expect([await taken('Abcdefg1'), await taken('Abcdef1'), await taken('abcdefg1')]).toEqual([true, false, false]);
});

it('an update sets everything, with defaults for what it does not say', async () => {
  await go('UpdateAccountPasswordPolicy', { RequireNumbers: true, MaxPasswordAge: 30, PasswordReusePrevention: 2 });
  expect((await go('GetAccountPasswordPolicy')).PasswordPolicy).toEqual({
    MinimumPasswordLength: 6, RequireSymbols: false, RequireNumbers: true, RequireUppercaseCharacters: false, RequireLowercaseCharacters: false, AllowUsersToChangePassword: false,
    ExpirePasswords: true, MaxPasswordAge: 30, PasswordReusePrevention: 2,
  });
  await go('UpdateAccountPasswordPolicy');
  const { PasswordPolicy } = await go('GetAccountPasswordPolicy');
  expect(PasswordPolicy).toMatchObject({ RequireNumbers: false, ExpirePasswords: false });
  expect(Object.keys(PasswordPolicy)).not.toEqual(expect.arrayContaining(['MaxPasswordAge']));
  expect(PasswordPolicy.HardExpiry).toBeUndefined();
  expect((await refused('UpdateAccountPasswordPolicy', { MinimumPasswordLength: 5 })).code).toBe('ValidationError');
  await go('DeleteAccountPasswordPolicy');
  expect((await refused('GetAccountPasswordPolicy')).code).toBe('NoSuchEntity');
});

it.each([
  ['MinimumPasswordLength', 10, 'abcdefghij', 'abcdefghi'],
  ['RequireSymbols', true, 'abcdef!', 'abcdef.'],
  ['RequireNumbers', true, 'abcdef1', 'abcdefg'],
  ['RequireUppercaseCharacters', true, 'abcdeF', 'abcdef'],
  ['RequireLowercaseCharacters', true, 'ABCDEf', 'ABCDEF'],
])('%s %s takes %s and refuses %s', async (member, value, good, bad) => {
  await go('UpdateAccountPasswordPolicy', { [member]: value });
  expect([await taken(good), await taken(bad)]).toEqual([true, false]);
  await go('DeleteAccountPasswordPolicy');
});

describe('a user', () => {
  let self: IamCalls;
  const change = (OldPassword: string, NewPassword: string) => self.go('ChangePassword', { OldPassword, NewPassword });

  beforeAll(async () => {
    await go('CreateUser', { UserName: 'ada' });
    await go('CreateLoginProfile', { UserName: 'ada', Password: 'First-word1', PasswordResetRequired: true });
    self = await callsAs(fb, 'ada');
  });

  it('changes its own password, knowing the old one', async () => {
    expect(await self.refused('ChangePassword', { OldPassword: 'wrong', NewPassword: 'Second-word1' })).toMatchObject({ code: 'AccessDenied', status: 403 });
    expect((await self.refused('ChangePassword', { OldPassword: 'First-word1', NewPassword: 'short' })).code).toBe('PasswordPolicyViolation');
    await change('First-word1', 'Second-word1');
    expect((await go('GetLoginProfile', { UserName: 'ada' })).LoginProfile.PasswordResetRequired).toBe(false);
    expect((await self.refused('ChangePassword', { OldPassword: 'First-word1', NewPassword: 'Third-word1' })).code).toBe('AccessDenied');
  });

  it('does not go back to a password that the policy remembers', async () => {
    await go('UpdateAccountPasswordPolicy', { PasswordReusePrevention: 2 });
    expect((await self.refused('ChangePassword', { OldPassword: 'Second-word1', NewPassword: 'First-word1' })).code).toBe('PasswordPolicyViolation');
    await change('Second-word1', 'Third-word1');
    await change('Third-word1', 'First-word1');
    expect((await refused('UpdateLoginProfile', { UserName: 'ada', Password: 'Third-word1' })).code).toBe('PasswordPolicyViolation');
    await go('DeleteAccountPasswordPolicy');
  });

  it('keeps its password under a new name, and leaves the old name free', async () => {
    await go('UpdateUser', { UserName: 'ada', NewUserName: 'lovelace' });
    await go('CreateUser', { UserName: 'ada' });
    await go('CreateLoginProfile', { UserName: 'ada', Password: 'Another-one1' });
    expect((await go('GetLoginProfile', { UserName: 'lovelace' })).LoginProfile.UserName).toBe('lovelace');
    await change('First-word1', 'Fourth-word1');
  });
});

it('users without any policy change their own password where the password policy lets them', async () => {
  await go('CreateUser', { UserName: 'plain' });
  await go('CreateLoginProfile', { UserName: 'plain', Password: 'First-word1' });
  const plain = await callsAs(fb, 'plain', 'nothing');
  const passwords = { OldPassword: 'First-word1', NewPassword: 'Second-word1' };
  expect(await plain.refused('ChangePassword', passwords)).toMatchObject({ code: 'AccessDenied', status: 403 });
  await go('UpdateAccountPasswordPolicy', { AllowUsersToChangePassword: true });
  await plain.go('ChangePassword', passwords);
  expect((await plain.go('GetAccountPasswordPolicy')).PasswordPolicy.AllowUsersToChangePassword).toBe(true);
  expect((await plain.refused('GetUser')).code).toBe('AccessDenied');
  await go('DeleteAccountPasswordPolicy');
});

it('root has no password to change this way', async () => {
  expect(await refused('ChangePassword', { OldPassword: 'a', NewPassword: 'b' })).toEqual({ code: 'InvalidUserType', message: 'Only IAM Users can change their own password', status: 400 });
});

it('a login profile is one a user, and holds its deletion', async () => {
  await go('CreateUser', { UserName: 'single' });
  await go('CreateLoginProfile', { UserName: 'single', Password: 'First-word1' });
  expect(await refused('CreateLoginProfile', { UserName: 'single', Password: 'First-word1' })).toMatchObject({ code: 'EntityAlreadyExists', status: 409 });
  expect((await refused('DeleteUser', { UserName: 'single' })).message).toBe('Cannot delete entity, must delete login profile first.');
  await go('DeleteLoginProfile', { UserName: 'single' });
  expect((await refused('DeleteLoginProfile', { UserName: 'single' })).message).toBe('Login Profile for User single cannot be found.');
  await go('DeleteUser', { UserName: 'single' });
});
