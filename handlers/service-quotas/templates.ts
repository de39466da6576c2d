import type { ServiceQuotaIncreaseRequestInTemplate } from '@aws-sdk/client-service-quotas';
import type { ServiceQuotasOperations } from '../../fixtures/models/service-quotas.ts';
import type { Wire } from '../../protocols/wire-types.ts';
import { resource, type Context, type Handlers } from '../../src/kit/index.ts';
import * as errors from './errors.ts';
import { paged } from './pages.ts';
import { rowOf, serviceNamed } from './quotas.ts';

type StoredItem = Wire<ServiceQuotaIncreaseRequestInTemplate> & { Key: string };

/** What new accounts of an organization are to have. https://docs.aws.amazon.com/servicequotas/latest/userguide/organization-templates.html */
export const templateItems = resource<StoredItem>({
  service: 'service-quotas',
  kind: 'template-item',
  shape: 'ServiceQuotaIncreaseRequestInTemplate',
  id: { member: 'Key' },
  notFound: () => errors.noSuchResource('The specified quota increase request does not exist in the template.'),
  tags: null,
  indexed: ['ServiceCode', 'AwsRegion'],
});

export const templateAssociations = resource<{ AccountId: string }>({
  service: 'service-quotas',
  kind: 'template-association',
  shape: 'AssociateServiceQuotaTemplateRequest',
  id: { member: 'AccountId' },
  notFound: () => errors.templateNotInUse(),
  tags: null,
});

/** "You can add up to 10 quotas to your template." */
const ITEMS_MAX = 10;

/** Templates are an organization's, and it has them in one region. */
function inHome(ctx: Context): void {
  if (ctx.region !== 'us-east-1') throw errors.templatesNotInRegion();
}

const keyOf = (input: { ServiceCode?: string; QuotaCode?: string; AwsRegion?: string }): string => `${input.AwsRegion}/${input.ServiceCode}/${input.QuotaCode}`;
const shown = ({ Key: _key, ...item }: StoredItem): Wire<ServiceQuotaIncreaseRequestInTemplate> => item;

export const templateOperations = {
  AssociateServiceQuotaTemplate: async (_input, ctx) => {
    inHome(ctx);
    if (!(await ctx.find(templateAssociations, ctx.account))) await ctx.create(templateAssociations, { AccountId: ctx.account });
    return {};
  },
  GetAssociationForServiceQuotaTemplate: async (_input, ctx) => {
    inHome(ctx);
    return { ServiceQuotaTemplateAssociationStatus: (await ctx.find(templateAssociations, ctx.account)) ? 'ASSOCIATED' : 'DISASSOCIATED' };
  },
  DisassociateServiceQuotaTemplate: async (_input, ctx) => {
    inHome(ctx);
    await ctx.remove(templateAssociations, await ctx.get(templateAssociations, ctx.account));
    return {};
  },
  PutServiceQuotaIncreaseRequestIntoTemplate: async (input, ctx) => {
    inHome(ctx);
    const row = rowOf(input);
    if (!row.adjustable) throw errors.illegalArgument('The request failed because the specified quota is not adjustable.');
    if (input.DesiredValue <= row.value) throw errors.illegalArgument('You must provide a quota value greater than the default quota value.');
    const item: StoredItem = {
      Key: keyOf(input), ServiceCode: row.service, ServiceName: serviceNamed(row.service), QuotaCode: row.code, QuotaName: row.name, DesiredValue: input.DesiredValue, AwsRegion: input.AwsRegion, Unit: 'None', GlobalQuota: row.global ?? false,
    };
    const present = await ctx.find(templateItems, item.Key);
    if (!present && (await ctx.list(templateItems)).length >= ITEMS_MAX) throw errors.illegalArgument(`You can add up to ${ITEMS_MAX} quotas to the template.`);
    await (present ? ctx.save(templateItems, item) : ctx.create(templateItems, item));
    return { ServiceQuotaIncreaseRequestInTemplate: shown(item) };
  },
  GetServiceQuotaIncreaseRequestFromTemplate: async (input, ctx) => {
    inHome(ctx);
    rowOf(input);
    return { ServiceQuotaIncreaseRequestInTemplate: shown(await ctx.get(templateItems, keyOf(input))) };
  },
  ListServiceQuotaIncreaseRequestsInTemplate: async (input, ctx) => {
    inHome(ctx);
    const all = (await ctx.list(templateItems)).filter((i) => (input.ServiceCode === undefined || i.ServiceCode === input.ServiceCode) && (input.AwsRegion === undefined || i.AwsRegion === input.AwsRegion));
    const { items, ...rest } = paged(all, input);
    return { ServiceQuotaIncreaseRequestInTemplateList: items.map(shown), ...rest };
  },
  DeleteServiceQuotaIncreaseRequestFromTemplate: async (input, ctx) => {
    inHome(ctx);
    rowOf(input);
    await ctx.remove(templateItems, await ctx.get(templateItems, keyOf(input)));
    return {};
  },
} satisfies Handlers<ServiceQuotasOperations>;
