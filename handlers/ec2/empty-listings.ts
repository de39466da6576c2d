import type { PublicIpv4Pool } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../fixtures/models/ec2.ts';
import type { Wire } from '../../protocols/wire-types.ts';
import { describes, resource, type Handlers } from '../../src/kit/index.ts';
import * as errors from './errors.ts';

/** Kinds that are looked for and that nothing here makes yet: an account has none of them until it does. */
export const publicIpv4Pools = resource<Wire<PublicIpv4Pool>>({
  service: 'ec2',
  kind: 'ipv4pool-ec2',
  shape: 'PublicIpv4Pool',
  id: { member: 'PoolId', prefix: 'ipv4pool-ec2' },
  notFound: errors.notFound('InvalidPublicIpv4PoolID.NotFound', 'pool ID'),
  malformed: errors.malformedId('InvalidPublicIpv4PoolID.Malformed', 'ipv4pool-ec2'),
});

export const emptyListingOperations = {
  DescribePublicIpv4Pools: describes(publicIpv4Pools, { ids: 'PoolIds' }),
} satisfies Handlers<Ec2Operations>;
