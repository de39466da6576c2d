import type { GetQuotaUtilizationReportResponse, QuotaUtilizationInfo } from '@aws-sdk/client-service-quotas';
import type { ServiceQuotasOperations } from '../../fixtures/models/service-quotas.ts';
import type { Wire } from '../../protocols/wire-types.ts';
import { appliedValue, hours, quotaCatalog, resource, seconds, usage, type Context, type Handlers } from '../../src/kit/index.ts';
import * as errors from './errors.ts';
import { paged } from './pages.ts';

type StoredReport = Pick<Wire<GetQuotaUtilizationReportResponse>, 'ReportId' | 'Status' | 'GeneratedAt' | 'Quotas'>;

/** How much of each quota is used, as it was when the report was made. https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_StartQuotaUtilizationReport.html */
export const utilizationReports = resource<StoredReport>({
  service: 'service-quotas',
  kind: 'utilization-report',
  shape: 'GetQuotaUtilizationReportResponse',
  id: { member: 'ReportId' },
  notFound: () => errors.noSuchResource('The specified report does not exist.'),
  tags: null,
  state: 'Status',
  // assumed: how long a report takes, and that it is kept for a day.
  lifecycle: { IN_PROGRESS: { after: seconds(10), to: 'COMPLETED' }, COMPLETED: { after: hours(24), to: 'gone', paced: false } },
  entering: {
    COMPLETED: async (report, ctx) => {
      report.Quotas = await utilization(ctx);
      report.GeneratedAt = ctx.now;
    },
  },
});

/** The most used first; quotas that count nothing of the whole account are not in it. */
async function utilization(ctx: Context): Promise<Wire<QuotaUtilizationInfo>[]> {
  const { quotas, services } = quotaCatalog();
  const found: Wire<QuotaUtilizationInfo>[] = [];
  for (const row of quotas) {
    const used = await usage(ctx, row);
    if (used === undefined) continue;
    const value = await appliedValue(ctx, row);
    found.push({ QuotaCode: row.code, ServiceCode: row.service, QuotaName: row.name, Utilization: Math.round((used / value) * 10_000) / 100, DefaultValue: row.value, AppliedValue: value, ServiceName: services[row.service], Adjustable: row.adjustable });
  }
  return found.sort((a, b) => b.Utilization! - a.Utilization!);
}

export const utilizationReportOperations = {
  StartQuotaUtilizationReport: async (_input, ctx) => {
    const { ReportId, Status } = await ctx.create(utilizationReports, { ReportId: ctx.ids.uuid(), Status: 'IN_PROGRESS' });
    return { ReportId, Status, Message: 'Quota utilization report generation started.' };
  },
  GetQuotaUtilizationReport: async (input, ctx) => {
    const { ReportId, Status, GeneratedAt, Quotas } = await ctx.get(utilizationReports, input.ReportId);
    if (!Quotas) return { ReportId, Status };
    const { items, ...rest } = paged(Quotas, input);
    return { ReportId, Status, GeneratedAt, TotalCount: Quotas.length, Quotas: items, ...rest };
  },
} satisfies Handlers<ServiceQuotasOperations>;
