import type { LoginProfile } from '@aws-sdk/client-iam';
import type { IamOperations } from '../../fixtures/models/iam.ts';
import type { Wire } from '../../protocols/wire-types.ts';
import { resource, type Context, type Handlers } from '../../src/kit/index.ts';
import { paged, wholeSeconds } from './entities.ts';
import * as errors from './errors.ts';
import { userNamed } from './users.ts';

/** A user's console password, sealed. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_admin-change-user.html */
type StoredLoginProfile = Wire<LoginProfile> & { $: { userId: string; password: string } };

export const loginProfiles = resource<StoredLoginProfile>({
  service: 'iam',
  kind: 'login-profile',
  global: true,
  shape: 'LoginProfile',
  id: { member: 'UserName' },
  notFound: (names) => errors.noSuchEntity(`Login Profile for User ${names[0]} cannot be found.`),
  tags: null,
  indexed: ['$.userId'],
});

export async function loginProfileOf(ctx: Context, userId: string): Promise<StoredLoginProfile | undefined> {
  return (await ctx.list(loginProfiles, { member: '$.userId', value: userId }))[0];
}

async function get(ctx: Context, userName: string | undefined): Promise<StoredLoginProfile> {
  const user = await userNamed(ctx, userName ?? ctx.principal.name ?? '');
  const profile = await loginProfileOf(ctx, user.UserId!);
  if (!profile) throw loginProfiles.notFound([user.UserName!]);
  return { ...profile, UserName: user.UserName! };
}

/** Without a password policy AWS asks for eight characters and three of four kinds. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html */
function checkPassword(password: string): void {
  const kinds = [/[A-Z]/, /[a-z]/, /\d/, /[^A-Za-z0-9]/].filter((k) => k.test(password)).length;
  if (password.length < 8 || kinds < 3) throw errors.passwordPolicyViolation('Password should have a minimum length of 8 and three of: uppercase, lowercase, numbers, symbols');
}

/** Kinds of credentials that nothing here makes yet: a user has none of them. */
const none = async (ctx: Context, userName: string | undefined, input: { Marker?: string | undefined; MaxItems?: number | undefined }) => {
  if (userName !== undefined) await userNamed(ctx, userName);
  return paged<never>([], input);
};

export const loginProfileOperations = {
  CreateLoginProfile: async (input, ctx) => {
    const user = await userNamed(ctx, input.UserName ?? ctx.principal.name ?? '');
    if (input.Password === undefined) throw errors.validationError('Must specify a password');
    checkPassword(input.Password);
    if (await loginProfileOf(ctx, user.UserId!)) throw errors.entityAlreadyExists(`Login Profile for user ${user.UserName} already exists.`);
    const profile = await ctx.create(loginProfiles, {
      UserName: user.UserName!, CreateDate: wholeSeconds(ctx), PasswordResetRequired: input.PasswordResetRequired ?? false, $: { userId: user.UserId!, password: ctx.seal(input.Password) },
    });
    return { LoginProfile: profile };
  },
  GetLoginProfile: async (input, ctx) => ({ LoginProfile: await get(ctx, input.UserName) }),
  UpdateLoginProfile: async (input, ctx) => {
    const user = await userNamed(ctx, input.UserName);
    const profile = await loginProfileOf(ctx, user.UserId!);
    if (!profile) throw loginProfiles.notFound([input.UserName]);
    if (input.Password !== undefined) {
      checkPassword(input.Password);
      profile.$.password = ctx.seal(input.Password);
    }
    profile.PasswordResetRequired = input.PasswordResetRequired ?? profile.PasswordResetRequired ?? false;
    await ctx.save(loginProfiles, profile);
  },
  DeleteLoginProfile: async (input, ctx) => {
    const user = await userNamed(ctx, input.UserName ?? ctx.principal.name ?? '');
    const profile = await loginProfileOf(ctx, user.UserId!);
    if (!profile) throw loginProfiles.notFound([user.UserName!]);
    await ctx.remove(loginProfiles, profile);
  },
  ListSigningCertificates: async (input, ctx) => {
    const { page, ...rest } = await none(ctx, input.UserName, input);
    return { ...rest, Certificates: page };
  },
  ListMFADevices: async (input, ctx) => {
    const { page, ...rest } = await none(ctx, input.UserName, input);
    return { ...rest, MFADevices: page };
  },
  ListVirtualMFADevices: async (input, ctx) => {
    const { page, ...rest } = await none(ctx, undefined, input);
    return { ...rest, VirtualMFADevices: page };
  },
  ListServiceSpecificCredentials: async (input, ctx) => {
    if (input.UserName !== undefined) await userNamed(ctx, input.UserName);
    return { ServiceSpecificCredentials: [] };
  },
} satisfies Handlers<IamOperations>;
