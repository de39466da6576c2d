import type { RequestedServiceQuotaChange } from '@aws-sdk/client-service-quotas';
import type { ServiceQuotasOperations } from '../../fixtures/models/service-quotas.ts';
import type { Wire } from '../../protocols/wire-types.ts';
import { appliedValue, minutes, quotaRow, resource, type Context, type Handlers, type QuotaRow } from '../../src/kit/index.ts';
import * as errors from './errors.ts';
import { paged } from './pages.ts';
import { arnOf, keep, rowOf, serviceNamed } from './quotas.ts';

export type StoredRequest = Wire<RequestedServiceQuotaChange>;

const OPEN = new Set(['PENDING', 'CASE_OPENED']);

/**
 * Requests for more, which are granted as time passes: at once with `--pace instant`, in minutes by AWS's pace.
 * https://docs.aws.amazon.com/servicequotas/latest/userguide/request-quota-increase.html
 */
export const requests = resource<StoredRequest>({
  service: 'service-quotas',
  kind: 'request',
  shape: 'RequestedServiceQuotaChange',
  id: { member: 'Id' },
  notFound: () => errors.noSuchResource('The specified request does not exist.'),
  tags: null,
  state: 'Status',
  // assumed: AWS says that small increases are granted automatically, and not how soon.
  lifecycle: { PENDING: { after: minutes(15), to: 'APPROVED' }, CASE_OPENED: { after: minutes(15), to: 'APPROVED' } },
  indexed: ['ServiceCode', 'QuotaCode'],
  entering: {
    APPROVED: async (request, ctx) => {
      request.LastUpdated = ctx.now;
      await keep(quotaRow(request.ServiceCode!, request.QuotaCode!)!, ctx, (quota) => {
        quota.Value = request.DesiredValue!;
      });
    },
  },
});

/** Letters and digits, forty of them, as AWS's own ids have. */
const ID_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Asks for `value` of a quota; what is not adjustable, no increase or asked for already is refused. */
export async function requestIncrease(row: QuotaRow, value: number, ctx: Context): Promise<StoredRequest> {
  if (!row.adjustable) throw errors.illegalArgument('The request failed because the specified quota is not adjustable.');
  if (value <= (await appliedValue(ctx, row))) throw errors.illegalArgument('You must provide a quota value greater than the current quota value.');
  const open = (await ctx.list(requests, { member: 'QuotaCode', value: row.code })).find((r) => r.ServiceCode === row.service && OPEN.has(r.Status!));
  if (open) throw errors.resourceAlreadyExists('Only one open service quota increase request is allowed per quota.');
  const request: StoredRequest = {
    Id: ctx.ids.text(ID_ALPHABET, 40), ServiceCode: row.service, ServiceName: serviceNamed(row.service), QuotaCode: row.code, QuotaName: row.name, DesiredValue: value,
    Status: 'PENDING', Created: ctx.now, LastUpdated: ctx.now, Requester: JSON.stringify({ accountId: ctx.account, callerArn: ctx.principal.arn }),
    QuotaArn: arnOf(row, ctx), GlobalQuota: row.global ?? false, Unit: 'None', QuotaRequestedAtLevel: 'ACCOUNT',
  };
  return ctx.create(requests, request);
}

/** The newest first. */
async function history(input: { ServiceCode?: string; QuotaCode?: string; Status?: string; QuotaRequestedAtLevel?: string; MaxResults?: number; NextToken?: string }, ctx: Context) {
  if (input.ServiceCode !== undefined) serviceNamed(input.ServiceCode);
  const all = (await ctx.list(requests)).filter((r) => (input.ServiceCode === undefined || r.ServiceCode === input.ServiceCode) && (input.QuotaCode === undefined || r.QuotaCode === input.QuotaCode)
    && (input.Status === undefined || r.Status === input.Status) && (input.QuotaRequestedAtLevel === undefined || input.QuotaRequestedAtLevel === 'ALL' || r.QuotaRequestedAtLevel === input.QuotaRequestedAtLevel));
  const { items, ...rest } = paged(all.reverse(), input);
  return { RequestedQuotas: items, ...rest };
}

export const requestOperations = {
  RequestServiceQuotaIncrease: async (input, ctx) => {
    if (input.ContextId !== undefined) throw errors.illegalArgument('The request failed because the specified quota is not applied at the resource level.');
    return { RequestedQuota: await requestIncrease(rowOf(input), input.DesiredValue, ctx) };
  },
  GetRequestedServiceQuotaChange: async (input, ctx) => ({ RequestedQuota: await ctx.get(requests, input.RequestId) }),
  ListRequestedServiceQuotaChangeHistory: history,
  ListRequestedServiceQuotaChangeHistoryByQuota: async (input, ctx) => {
    rowOf(input);
    return history(input, ctx);
  },
  CreateSupportCase: async (input, ctx) => {
    const request = await ctx.get(requests, input.RequestId);
    if (request.CaseId !== undefined) throw errors.resourceAlreadyExists('A support case already exists for this request.');
    if (!OPEN.has(request.Status!)) throw errors.invalidState(`The request is ${request.Status}.`);
    request.CaseId = ctx.ids.text('0123456789', 12);
    request.LastUpdated = ctx.now;
    await ctx.transition(requests, request, 'CASE_OPENED');
    return {};
  },
} satisfies Handlers<ServiceQuotasOperations>;
