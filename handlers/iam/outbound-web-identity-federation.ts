import type { IamOperations } from '../../fixtures/models/iam.ts';
import { AwsError, resource, type Context, type Handlers } from '../../src/kit/index.ts';

/** Whether principals of the account get tokens from sts, which reads this. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_outbound.html */
interface OutboundFederation {
  AccountId: string;
  IssuerIdentifier: string;
  JwtVendingEnabled: boolean;
}

const disabled = (message: string): AwsError => new AwsError('FeatureDisabled', message, 404);

export const outboundFederations = resource<OutboundFederation>({
  service: 'iam',
  kind: 'outbound-web-identity-federation',
  global: true,
  shape: 'GetOutboundWebIdentityFederationInfoResponse',
  id: { member: 'AccountId' },
  // assumed: the text.
  notFound: () => disabled('The request failed because outbound identity federation is not enabled for your Amazon Web Services account.'),
  tags: null,
});

async function enable(_input: object, ctx: Context): Promise<IamOperations['EnableOutboundWebIdentityFederation']['output']> {
  const present = await ctx.find(outboundFederations, ctx.account);
  if (present?.JwtVendingEnabled) throw new AwsError('FeatureEnabled', 'The request failed because outbound identity federation is already enabled for your Amazon Web Services account. You cannot enable the feature multiple times. To fetch the current configuration (including the unique issuer URL), use the GetOutboundWebIdentityFederationInfo operation.', 409);
  // assumed: an account keeps its issuer when it is enabled again.
  const issuer = present?.IssuerIdentifier ?? `https://${ctx.ids.uuid()}.tokens.sts.global.api.aws`;
  const federation = { AccountId: ctx.account, IssuerIdentifier: issuer, JwtVendingEnabled: true };
  await (present ? ctx.save(outboundFederations, federation) : ctx.create(outboundFederations, federation));
  return { IssuerIdentifier: issuer };
}

export const outboundFederationOperations = {
  EnableOutboundWebIdentityFederation: enable,
  // assumed: once it was enabled, the answer goes on naming the issuer.
  GetOutboundWebIdentityFederationInfo: async (_input, ctx) => {
    const { IssuerIdentifier, JwtVendingEnabled } = await ctx.get(outboundFederations, ctx.account);
    return { IssuerIdentifier, JwtVendingEnabled };
  },
  DisableOutboundWebIdentityFederation: async (_input, ctx) => {
    const present = await ctx.find(outboundFederations, ctx.account);
    if (!present?.JwtVendingEnabled) throw disabled('The request failed because outbound identity federation is already disabled for your Amazon Web Services account. You cannot disable the feature multiple times');
    await ctx.save(outboundFederations, { ...present, JwtVendingEnabled: false });
  },
} satisfies Handlers<IamOperations>;
