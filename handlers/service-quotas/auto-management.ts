import type { GetAutoManagementConfigurationResponse, QuotaInfo } from '@aws-sdk/client-service-quotas';
import type { ServiceQuotasOperations } from '../../fixtures/models/service-quotas.ts';
import type { Wire } from '../../protocols/wire-types.ts';
import { resource, type Handlers } from '../../src/kit/index.ts';
import * as errors from './errors.ts';
import { rowOf } from './quotas.ts';

type StoredConfiguration = Wire<GetAutoManagementConfigurationResponse> & { AccountId: string };

/** Whether an account is told of, or gets, more before a quota is used up. https://docs.aws.amazon.com/servicequotas/latest/userguide/automatic-management.html */
export const autoManagements = resource<StoredConfiguration>({
  service: 'service-quotas',
  kind: 'auto-management',
  shape: 'GetAutoManagementConfigurationResponse',
  id: { member: 'AccountId' },
  notFound: () => errors.noSuchResource('Automatic management is not enabled for this account.'),
  tags: null,
});

/** Service codes with quota codes; every one must exist. */
const excluded = (list: Record<string, string[]> | undefined): Record<string, Wire<QuotaInfo>[]> | undefined =>
  list && Object.fromEntries(Object.entries(list).map(([ServiceCode, codes]) => [ServiceCode, codes.map((QuotaCode) => ({ QuotaCode, QuotaName: rowOf({ ServiceCode, QuotaCode }).name }))]));

export const autoManagementOperations = {
  StartAutoManagement: async (input, ctx) => {
    if (await ctx.find(autoManagements, ctx.account)) throw errors.illegalArgument('Automatic management is already enabled for this account.');
    await ctx.create(autoManagements, {
      AccountId: ctx.account, OptInLevel: input.OptInLevel, OptInType: input.OptInType, OptInStatus: 'ENABLED',
      ...(input.NotificationArn !== undefined && { NotificationArn: input.NotificationArn }), ...(input.ExclusionList && { ExclusionList: excluded(input.ExclusionList as Record<string, string[]>)! }),
    });
    return {};
  },
  GetAutoManagementConfiguration: async (_input, ctx) => {
    const found = await ctx.find(autoManagements, ctx.account);
    if (!found) return { OptInStatus: 'DISABLED' };
    const { AccountId: _account, ...configuration } = found;
    return configuration;
  },
  UpdateAutoManagement: async (input, ctx) => {
    const configuration = await ctx.get(autoManagements, ctx.account);
    if (input.OptInType !== undefined) configuration.OptInType = input.OptInType;
    if (input.NotificationArn !== undefined) configuration.NotificationArn = input.NotificationArn;
    if (input.ExclusionList) configuration.ExclusionList = excluded(input.ExclusionList as Record<string, string[]>)!;
    await ctx.save(autoManagements, configuration);
    return {};
  },
  StopAutoManagement: async (_input, ctx) => {
    await ctx.remove(autoManagements, await ctx.get(autoManagements, ctx.account));
    return {};
  },
} satisfies Handlers<ServiceQuotasOperations>;
