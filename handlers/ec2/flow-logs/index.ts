import type { Family } from '../family.ts';
import { flowLogOperations, flowLogs } from './flow-logs.ts';

export const flowLogsFamily: Family = { resources: [flowLogs], operations: flowLogOperations };
