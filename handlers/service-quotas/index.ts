import type { Service } from '../../src/kit/index.ts';
import { autoManagementOperations, autoManagements } from './auto-management.ts';
import { quotaOperations, quotas } from './quotas.ts';
import { requestOperations, requests } from './requests.ts';
import { tagOperations } from './tags.ts';
import { templateAssociations, templateItems, templateOperations } from './templates.ts';
import { utilizationReportOperations, utilizationReports } from './utilization-reports.ts';

/** The quotas that the other services have. What is granted here holds there: see the kit's quotas. */
export const serviceQuotas: Service = {
  name: 'service-quotas',
  resources: [quotas, requests, templateItems, templateAssociations, utilizationReports, autoManagements],
  operations: { ...quotaOperations, ...requestOperations, ...templateOperations, ...utilizationReportOperations, ...autoManagementOperations, ...tagOperations },
  effectless: { RequestServiceQuotaIncrease: { SupportCaseAllowed: 'nobody has to be asked: increases are granted without a support case' } },
};
