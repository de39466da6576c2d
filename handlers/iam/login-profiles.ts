import type { LoginProfile } from '@aws-sdk/client-iam';
import type { IamOperations } from '../../fixtures/models/iam.ts';
import type { Wire } from '../../protocols/wire-types.ts';
import { resource, type Context, type Handlers } from '../../src/kit/index.ts';
import { ownerOf } from './access-keys.ts';
import * as errors from './errors.ts';
import { checkPassword } from './password-policy.ts';
import { ROOT_CREATED, userNamed, users } from './users.ts';

/** Keyed by the user's unique id, since a user can be renamed. Passwords are sealed: the present one, and those before it, the latest first. */
type StoredLoginProfile = Wire<LoginProfile> & { UserId: string; $: { password: string; earlier: string[]; changed: string } };

/** A user's console password. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_admin-change-user.html */
export const loginProfiles = resource<StoredLoginProfile>({
  service: 'iam',
  kind: 'login-profile',
  global: true,
  shape: 'LoginProfile',
  id: { member: 'UserId' },
  notFound: (names) => errors.noSuchEntity(`Login Profile for User ${names[0]} cannot be found.`),
  tags: null,
  references: { UserId: { kind: 'iam:user' } },
});

/** As many as PasswordReusePrevention can look back on. https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAccountPasswordPolicy.html */
const REMEMBERED = 24;

export const loginProfileOf = (ctx: Context, userId: string): Promise<StoredLoginProfile | undefined> => ctx.find(loginProfiles, userId);

async function profileOf(ctx: Context, user: { UserId?: string; UserName?: string }): Promise<StoredLoginProfile> {
  const profile = await loginProfileOf(ctx, user.UserId!);
  if (!profile) throw loginProfiles.notFound([user.UserName!]);
  return profile;
}

/** Whether an account's root has a password; until somebody deletes it, it has. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user-privileged-task.html */
interface RootPassword {
  AccountId: string;
  Present: boolean;
  CreateDate: string;
}

export const rootPasswords = resource<RootPassword>({
  service: 'iam',
  kind: 'root-password',
  global: true,
  shape: 'LoginProfile',
  id: { member: 'AccountId' },
  notFound: ([account]) => errors.noSuchEntity(`Login Profile for User ${account} cannot be found.`),
  tags: null,
});

async function rootPassword(ctx: Context): Promise<RootPassword> {
  return (await ctx.find(rootPasswords, ctx.account)) ?? { AccountId: ctx.account, Present: true, CreateDate: ROOT_CREATED };
}

export const rootHasPassword = async (ctx: Context): Promise<boolean> => (await rootPassword(ctx)).Present;

/** A privileged session of root is about root's own password, and names nobody. */
const isAboutRoot = (ctx: Context, userName: string | undefined): boolean => userName === undefined && ctx.principal.type === 'root' && ctx.principal.session?.task !== undefined;

async function changeRootPassword(ctx: Context, present: boolean): Promise<LoginProfileOfRoot> {
  const password = await rootPassword(ctx);
  // assumed: the texts.
  if (password.Present === present) throw present ? errors.entityAlreadyExists('Login Profile for the root user already exists.') : errors.noSuchEntity('Login Profile for the root user cannot be found.');
  const changed = { AccountId: ctx.account, Present: present, CreateDate: ctx.wholeSecond };
  await ((await ctx.find(rootPasswords, ctx.account)) ? ctx.save(rootPasswords, changed) : ctx.create(rootPasswords, changed));
  return ofRoot(changed);
}

// assumed: the name.
const ofRoot = ({ CreateDate }: RootPassword): LoginProfileOfRoot => ({ UserName: 'root', CreateDate, PasswordResetRequired: false });
type LoginProfileOfRoot = Wire<LoginProfile>;

/** The named user, or who calls. */
async function userOf(ctx: Context, userName: string | undefined): Promise<{ UserId: string; UserName: string }> {
  const { name, userId } = await ownerOf(ctx, userName);
  if (name === undefined) throw errors.validationError('Must specify userName when calling with non-User credentials');
  return { UserId: userId, UserName: name };
}

async function setPassword(ctx: Context, profile: StoredLoginProfile, password: string): Promise<void> {
  const used = [profile.$.password, ...profile.$.earlier];
  await checkPassword(ctx, password, used.map((sealed) => ctx.unseal(sealed)));
  profile.$.earlier = used.slice(0, REMEMBERED);
  profile.$.password = ctx.seal(password);
  profile.$.changed = ctx.wholeSecond;
}

async function createLoginProfile(input: IamOperations['CreateLoginProfile']['input'], ctx: Context): Promise<IamOperations['CreateLoginProfile']['output']> {
  // A password of root is recovered by its mail: here it is simply there again.
  if (isAboutRoot(ctx, input.UserName)) return { LoginProfile: await changeRootPassword(ctx, true) };
  const user = await userOf(ctx, input.UserName);
  if (input.Password === undefined) throw errors.validationError('Must specify a password');
  if (await loginProfileOf(ctx, user.UserId)) throw errors.entityAlreadyExists(`Login Profile for user ${user.UserName} already exists.`);
  await checkPassword(ctx, input.Password);
  const now = ctx.wholeSecond;
  const { UserId: _id, ...LoginProfile } = await ctx.create(loginProfiles, {
    UserId: user.UserId, UserName: user.UserName, CreateDate: now, PasswordResetRequired: input.PasswordResetRequired ?? false, $: { password: ctx.seal(input.Password), earlier: [], changed: now },
  });
  return { LoginProfile };
}

/** By the user, of its own password. https://docs.aws.amazon.com/IAM/latest/APIReference/API_ChangePassword.html */
async function changePassword(input: IamOperations['ChangePassword']['input'], ctx: Context): Promise<void> {
  // A session of a user's own is a user too.
  if (ctx.principal.type !== 'user') throw errors.invalidUserType('Only IAM Users can change their own password');
  const profile = await profileOf(ctx, await ctx.get(users, ctx.principal.userId));
  // assumed: the refusal of a wrong old password, for which the API's page has no code of its own.
  if (ctx.unseal(profile.$.password) !== input.OldPassword) throw errors.accessDenied('The old password is incorrect.');
  await setPassword(ctx, profile, input.NewPassword);
  profile.PasswordResetRequired = false;
  await ctx.save(loginProfiles, profile);
}

export const loginProfileOperations = {
  CreateLoginProfile: createLoginProfile,
  GetLoginProfile: async (input, ctx) => {
    if (isAboutRoot(ctx, input.UserName)) {
      const password = await rootPassword(ctx);
      if (!password.Present) throw errors.noSuchEntity('Login Profile for the root user cannot be found.');
      return { LoginProfile: ofRoot(password) };
    }
    const user = await userOf(ctx, input.UserName);
    return { LoginProfile: { ...(await profileOf(ctx, user)), UserName: user.UserName } };
  },
  UpdateLoginProfile: async (input, ctx) => {
    const profile = await profileOf(ctx, await userNamed(ctx, input.UserName));
    if (input.Password !== undefined) await setPassword(ctx, profile, input.Password);
    profile.PasswordResetRequired = input.PasswordResetRequired ?? profile.PasswordResetRequired ?? false;
    await ctx.save(loginProfiles, profile);
  },
  DeleteLoginProfile: async (input, ctx) => {
    if (isAboutRoot(ctx, input.UserName)) await changeRootPassword(ctx, false);
    else await ctx.remove(loginProfiles, await profileOf(ctx, await userOf(ctx, input.UserName)));
  },
  ChangePassword: changePassword,
} satisfies Handlers<IamOperations>;
