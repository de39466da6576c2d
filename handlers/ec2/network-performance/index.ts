import type { Family } from '../family.ts';
import { metricSubscriptionOperations, metricSubscriptions } from './metric-subscriptions.ts';

export const networkPerformanceFamily: Family = { resources: [metricSubscriptions], operations: { ...metricSubscriptionOperations } };
