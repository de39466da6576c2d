import type { Family } from '../family.ts';
import { exchangeOperations } from './exchanges.ts';
import { listingOperations, listings } from './listings.ts';
import { modificationOperations, modifications } from './modifications.ts';
import { offeringOperations } from './offerings.ts';
import { reservedInstances, reservedInstancesOperations } from './reserved-instances.ts';

export const reservedInstancesFamily: Family = {
  resources: [reservedInstances, modifications, listings],
  operations: { ...offeringOperations, ...reservedInstancesOperations, ...modificationOperations, ...listingOperations, ...exchangeOperations },
  effectless: { DescribeReservedInstancesOfferings: { IncludeMarketplace: 'nobody else sells here', MaxInstanceCount: 'only what others sell is limited in number' } },
};
