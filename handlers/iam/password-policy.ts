import type { PasswordPolicy } from '@aws-sdk/client-iam';
import type { IamOperations } from '../../fixtures/models/iam.ts';
import type { Wire } from '../../protocols/wire-types.ts';
import { resource, type Context, type Handlers } from '../../src/kit/index.ts';
import * as errors from './errors.ts';

/** One an account at most. */
type StoredPasswordPolicy = Wire<PasswordPolicy> & { Name: 'PasswordPolicy' };
const NAME = 'PasswordPolicy';

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html */
export const passwordPolicies = resource<StoredPasswordPolicy>({
  service: 'iam',
  kind: 'password-policy',
  global: true,
  shape: 'PasswordPolicy',
  id: { member: 'Name' },
  notFound: () => errors.noSuchEntity(`The account policy with name ${NAME} cannot be found.`),
  tags: null,
});

export async function passwordPolicy(ctx: Context): Promise<Wire<PasswordPolicy> | undefined> {
  const stored = await ctx.find(passwordPolicies, NAME);
  if (!stored) return undefined;
  const { Name: _name, ...policy } = stored;
  return policy;
}

/** What RequireSymbols asks for. https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAccountPasswordPolicy.html */
const SYMBOL = /[!@#$%^&*()_+\-=[\]{}|']/;

/** What holds where an account has no policy of its own: eight characters, three of four kinds. */
function checkDefault(password: string): void {
  const kinds = [/[A-Z]/, /[a-z]/, /[0-9]/, SYMBOL].filter((k) => k.test(password)).length;
  // assumed: the texts of password policy violations.
  if (password.length < 8 || kinds < 3) throw errors.passwordPolicyViolation('Password should have a minimum length of 8 and three of: uppercase, lowercase, numbers, symbols');
}

/** Throws PasswordPolicyViolation. `earlier` are the passwords that were used before, the latest first. */
export async function checkPassword(ctx: Context, password: string, earlier: readonly string[] = []): Promise<void> {
  const policy = await passwordPolicy(ctx);
  if (!policy) return checkDefault(password);
  const minimum = policy.MinimumPasswordLength!;
  if (password.length < minimum) throw errors.passwordPolicyViolation(`Password should have a minimum length of ${minimum}`);
  const asked: [boolean | undefined, RegExp, string][] = [
    [policy.RequireUppercaseCharacters, /[A-Z]/, 'uppercase letter'],
    [policy.RequireLowercaseCharacters, /[a-z]/, 'lowercase letter'],
    [policy.RequireNumbers, /[0-9]/, 'number'],
    [policy.RequireSymbols, SYMBOL, 'symbol'],
  ];
  for (const [required, pattern, kind] of asked) if (required && !pattern.test(password)) throw errors.passwordPolicyViolation(`Password should have at least one ${kind}`);
  // assumed: an administrator's reset is held to reuse prevention too.
  if (earlier.slice(0, policy.PasswordReusePrevention ?? 0).includes(password)) throw errors.passwordPolicyViolation('Password has been used before and cannot be reused');
}

/** What is not given goes back to its default. https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAccountPasswordPolicy.html */
async function update(input: IamOperations['UpdateAccountPasswordPolicy']['input'], ctx: Context): Promise<void> {
  const policy: StoredPasswordPolicy = {
    Name: NAME, MinimumPasswordLength: input.MinimumPasswordLength ?? 6, RequireSymbols: input.RequireSymbols ?? false, RequireNumbers: input.RequireNumbers ?? false,
    RequireUppercaseCharacters: input.RequireUppercaseCharacters ?? false, RequireLowercaseCharacters: input.RequireLowercaseCharacters ?? false,
    AllowUsersToChangePassword: input.AllowUsersToChangePassword ?? false, ExpirePasswords: input.MaxPasswordAge !== undefined,
    ...(input.MaxPasswordAge === undefined ? {} : { MaxPasswordAge: input.MaxPasswordAge }), ...(input.PasswordReusePrevention === undefined ? {} : { PasswordReusePrevention: input.PasswordReusePrevention }), ...(input.HardExpiry === undefined ? {} : { HardExpiry: input.HardExpiry }),
  };
  await ((await ctx.find(passwordPolicies, NAME)) ? ctx.save(passwordPolicies, policy) : ctx.create(passwordPolicies, policy));
}

export const passwordPolicyOperations = {
  GetAccountPasswordPolicy: async (_input, ctx) => {
    const policy = await passwordPolicy(ctx);
    if (!policy) throw errors.noSuchEntity(`The Password Policy with domain name ${ctx.account} cannot be found.`);
    return { PasswordPolicy: policy };
  },
  UpdateAccountPasswordPolicy: update,
  DeleteAccountPasswordPolicy: async (_input, ctx) => ctx.remove(passwordPolicies, await ctx.get(passwordPolicies, NAME)),
} satisfies Handlers<IamOperations>;
