import type { Family } from '../family.ts';
import { addresses, addressOperations } from './addresses.ts';

export const addressesFamily: Family = {
  resources: [addresses],
  operations: { ...addressOperations },
};
