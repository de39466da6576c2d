import type { Fogbank } from '../../support/fogbank.ts';
import { call, type Sample } from './sample.ts';

const networks = new WeakMap<Fogbank['machine'], Promise<string>>();

function network(fb: Fogbank): Promise<string> {
  let made = networks.get(fb.machine);
  if (!made) networks.set(fb.machine, (made = call(fb, 'CreateSecondaryNetwork', { Ipv4CidrBlock: '10.64.0.0/12', NetworkType: 'rdma' }).then((o) => o.SecondaryNetwork.SecondaryNetworkId as string)));
  return made;
}

export const SAMPLES: Readonly<Record<string, Sample>> = {
  'ec2:secondary-network': { operation: 'CreateSecondaryNetwork', input: async (_fb, n) => ({ Ipv4CidrBlock: `10.${n}.0.0/16`, NetworkType: 'rdma' }), id: (o) => o.SecondaryNetwork.SecondaryNetworkId },
  'ec2:secondary-subnet': { operation: 'CreateSecondarySubnet', input: async (fb, n) => ({ SecondaryNetworkId: await network(fb), Ipv4CidrBlock: `10.64.${n}.0/24` }), id: (o) => o.SecondarySubnet.SecondarySubnetId },
};

export const EXEMPT: Readonly<Record<string, string>> = {
  'ec2:secondary-interface': 'comes with the launch of instances, which is refused yet; secondary-networks.test.ts',
  'ec2:aws-network-performance-metric-subscription': 'known by what it is about, listed without ids; network-performance.test.ts',
};
