import type { SummaryKeyType } from '@aws-sdk/client-iam';
import type { IamOperations } from '../../fixtures/models/iam.ts';
import type { AnyResource, Context, Handlers } from '../../src/kit/index.ts';
import { accessKeys } from './access-keys.ts';
import { groups } from './groups.ts';
import { instanceProfiles } from './instance-profiles.ts';
import { rootHasPassword } from './login-profiles.ts';
import { mfaDevices, mfaDevicesOf } from './mfa-devices.ts';
import { policies } from './policies.ts';
import { roles } from './roles.ts';
import { globalEndpointTokenVersion } from './security-token-service-preferences.ts';
import { serverCertificates } from './server-certificates.ts';
import { signingCertificatesOf } from './signing-certificates.ts';
import { users } from './users.ts';

/** An account's default quotas. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const QUOTAS = {
  AccessKeysPerUserQuota: 2, AssumeRolePolicySizeQuota: 2048, AttachedPoliciesPerGroupQuota: 10, AttachedPoliciesPerRoleQuota: 10, AttachedPoliciesPerUserQuota: 10,
  GroupPolicySizeQuota: 5120, GroupsPerUserQuota: 10, GroupsQuota: 300, InstanceProfilesQuota: 1000, PoliciesQuota: 1500, PolicySizeQuota: 6144, PolicyVersionsInUseQuota: 10_000,
  RolePolicySizeQuota: 10_240, RolesQuota: 1000, ServerCertificatesQuota: 20, SigningCertificatesPerUserQuota: 2, UserPolicySizeQuota: 2048, UsersQuota: 5000, VersionsPerPolicyQuota: 5,
};

const PROVIDER_KINDS = ['iam:oidc-provider', 'iam:saml-provider'];

async function providers(ctx: Context): Promise<number> {
  let count = 0;
  for (const kind of PROVIDER_KINDS) {
    const resource: AnyResource | undefined = ctx.world.registry.resource(kind);
    if (resource) count += (await ctx.list(resource)).length;
  }
  return count;
}

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountSummary.html */
async function summary(ctx: Context): Promise<Record<SummaryKeyType, number>> {
  const count = async (resource: AnyResource) => (await ctx.list(resource)).length;
  const some = (list: readonly unknown[]) => (list.length > 0 ? 1 : 0);
  const devices = await ctx.list(mfaDevices);
  const own = await ctx.list(policies);
  return {
    ...QUOTAS,
    Users: await count(users), Groups: await count(groups), Roles: await count(roles), InstanceProfiles: await count(instanceProfiles), Policies: own.length,
    // assumed: every version of a customer managed policy is in use.
    PolicyVersionsInUse: own.reduce((sum, p) => sum + p.$.versions.length, 0),
    Providers: await providers(ctx), ServerCertificates: await count(serverCertificates), MFADevices: devices.length, MFADevicesInUse: devices.filter((d) => d.$.userId !== undefined).length,
    AccountMFAEnabled: some(await mfaDevicesOf(ctx, ctx.account)), AccountAccessKeysPresent: some(await ctx.list(accessKeys, { member: '$.userId', value: ctx.account })),
    AccountSigningCertificatesPresent: some(await signingCertificatesOf(ctx, ctx.account)),
    AccountPasswordPresent: (await rootHasPassword(ctx)) ? 1 : 0, GlobalEndpointTokenVersion: await globalEndpointTokenVersion(ctx),
  };
}

export const accountOperations = {
  GetAccountSummary: async (_input, ctx): Promise<IamOperations['GetAccountSummary']['output']> => ({ SummaryMap: await summary(ctx) }),
} satisfies Handlers<IamOperations>;
