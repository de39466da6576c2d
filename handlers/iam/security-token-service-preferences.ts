import type { IamOperations } from '../../fixtures/models/iam.ts';
import { resource, type Context, type Handlers } from '../../src/kit/index.ts';
import * as errors from './errors.ts';

type TokenVersion = IamOperations['SetSecurityTokenServicePreferences']['input']['GlobalEndpointTokenVersion'];

interface SecurityTokenServicePreferences {
  AccountId: string;
  GlobalEndpointTokenVersion: TokenVersion;
}

/** One document an account. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_enable-regions.html */
export const stsPreferences = resource<SecurityTokenServicePreferences>({
  service: 'iam',
  kind: 'security-token-service-preferences',
  global: true,
  shape: 'SetSecurityTokenServicePreferencesRequest',
  id: { member: 'AccountId' },
  notFound: ([account]) => errors.noSuchEntity(`Account ${account} has no preferences.`),
  tags: null,
});

/** 1 or 2, as GetAccountSummary counts it: v1Token is what an account begins with. */
export async function globalEndpointTokenVersion(ctx: Context): Promise<number> {
  return (await ctx.find(stsPreferences, ctx.account))?.GlobalEndpointTokenVersion === 'v2Token' ? 2 : 1;
}

export const stsPreferenceOperations = {
  SetSecurityTokenServicePreferences: async (input, ctx) => {
    const preferences = { AccountId: ctx.account, GlobalEndpointTokenVersion: input.GlobalEndpointTokenVersion };
    await ((await ctx.find(stsPreferences, ctx.account)) ? ctx.save(stsPreferences, preferences) : ctx.create(stsPreferences, preferences));
  },
} satisfies Handlers<IamOperations>;
