import type { Family } from '../family.ts';
import { addresses, addressOperations } from './addresses.ts';
import { addressTransferOperations, addressTransfers } from './address-transfers.ts';
import { byoipCidrOperations, byoipCidrs } from './byoip-cidrs.ts';
import { ipv6PoolOperations, ipv6Pools } from './ipv6-pools.ts';
import { movingAddressOperations } from './moving-addresses.ts';
import { publicIpv4PoolOperations, publicIpv4Pools } from './public-ipv4-pools.ts';
import { releasedAddresses } from './released-addresses.ts';

const ONE_ATTRIBUTE = 'there is one attribute, which the answer is about in any case';

export const addressesFamily: Family = {
  resources: [addresses, addressTransfers, releasedAddresses, publicIpv4Pools, ipv6Pools, byoipCidrs],
  operations: { ...addressOperations, ...addressTransferOperations, ...movingAddressOperations, ...publicIpv4PoolOperations, ...ipv6PoolOperations, ...byoipCidrOperations },
  effectless: { DescribeAddressesAttribute: { Attribute: ONE_ATTRIBUTE }, ResetAddressAttribute: { Attribute: ONE_ATTRIBUTE } },
};
