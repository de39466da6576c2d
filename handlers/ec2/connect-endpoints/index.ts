import type { Family } from '../family.ts';
import { connectEndpointOperations, connectEndpoints } from './connect-endpoints.ts';

export const connectEndpointsFamily: Family = { resources: [connectEndpoints], operations: { ...connectEndpointOperations } };
