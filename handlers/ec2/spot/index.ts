import type { Family } from '../family.ts';
import { spotPriceOperations } from './spot-prices.ts';
import { spotRequestOperations } from './spot-request-operations.ts';
import { spotRequests } from './spot-requests.ts';

export const spotFamily: Family = {
  resources: [spotRequests],
  operations: { ...spotPriceOperations, ...spotRequestOperations },
};
