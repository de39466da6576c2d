import { beforeAll, expect, it } from 'vitest';
import { fogbank, type Fogbank } from '../../support/fogbank.ts';
import { as, type Caller } from '../../support/others.ts';

let fb: Fogbank;
let ec2: Caller;
const pass = (seconds: number) => fb.machine.clock.advance(seconds * 1000);
const network = async (Ipv4CidrBlock = '10.0.0.0/16'): Promise<string> => {
  const { SecondaryNetwork } = await ec2.go('CreateSecondaryNetwork', { Ipv4CidrBlock, NetworkType: 'rdma' });
  pass(10);
  return SecondaryNetwork.SecondaryNetworkId;
};

beforeAll(async () => {
  fb = await fogbank({ pace: 'realistic' });
  fb.machine.clock.hold();
  ec2 = as(fb);
});

it('a secondary network and its subnet come and go with their blocks', async () => {
  const { SecondaryNetwork: made, ClientToken } = await ec2.go('CreateSecondaryNetwork', { Ipv4CidrBlock: '10.0.7.9/16', NetworkType: 'rdma', ClientToken: 'mine' });
  const SecondaryNetworkId = made.SecondaryNetworkId as string;
  expect(ClientToken).toBe('mine');
  expect(made).toMatchObject({
    SecondaryNetworkArn: `arn:aws:ec2:us-east-1:123456789012:secondary-network/${SecondaryNetworkId}`, OwnerId: '123456789012', Type: 'rdma', State: 'create-in-progress',
    Ipv4CidrBlockAssociations: [{ CidrBlock: '10.0.0.0/16', State: 'associating' }],
  });
  const wish = { SecondaryNetworkId, Ipv4CidrBlock: '10.0.1.0/24', AvailabilityZoneId: 'use1-az1' };
  expect(await ec2.refused('CreateSecondarySubnet', wish)).toMatchObject({ code: 'InvalidState', message: `The secondary network ${SecondaryNetworkId} is not in a modifiable state` });
  pass(10);
  expect((await ec2.go('DescribeSecondaryNetworks', { SecondaryNetworkIds: [SecondaryNetworkId] })).SecondaryNetworks[0]).toMatchObject({ State: 'create-complete', Ipv4CidrBlockAssociations: [{ State: 'associated' }] });
  const { SecondarySubnet: subnet } = await ec2.go('CreateSecondarySubnet', wish);
  expect(subnet).toMatchObject({ SecondaryNetworkId, SecondaryNetworkType: 'rdma', AvailabilityZoneId: 'use1-az1', State: 'create-in-progress', Ipv4CidrBlockAssociations: [{ CidrBlock: '10.0.1.0/24', State: 'associating' }] });
  expect((await ec2.refused('DeleteSecondarySubnet', { SecondarySubnetId: subnet.SecondarySubnetId })).code).toBe('InvalidState');
  pass(10);
  expect((await ec2.refused('DeleteSecondaryNetwork', { SecondaryNetworkId })).code).toBe('DependencyViolation');
  const gone = await ec2.go('DeleteSecondarySubnet', { SecondarySubnetId: subnet.SecondarySubnetId, ClientToken: 'its' });
  expect(gone).toMatchObject({ ClientToken: 'its', SecondarySubnet: { State: 'delete-in-progress', Ipv4CidrBlockAssociations: [{ State: 'disassociating' }] } });
  pass(10);
  expect((await ec2.go('DescribeSecondarySubnets', { Filters: [{ Name: 'ipv4-cidr-block-association.state', Values: ['disassociated'] }] })).SecondarySubnets).toMatchObject([{ State: 'delete-complete' }]);
  expect((await ec2.go('DeleteSecondaryNetwork', { SecondaryNetworkId })).SecondaryNetwork.State).toBe('delete-in-progress');
  pass(3700);
  expect((await ec2.refused('DescribeSecondaryNetworks', { SecondaryNetworkIds: [SecondaryNetworkId] })).code).toBe('InvalidSecondaryNetworkId.NotFound');
});

it.each([['10.0.0.0/11', 'must be between /12 and /28'], ['10.0.0.0/29', 'must be between /12 and /28'], ['fd00::/16', 'not a valid CIDR block'], ['ten', 'not a valid CIDR block']])('CreateSecondaryNetwork: refuses the block %s', async (Ipv4CidrBlock, words) => {
  const refused = await ec2.refused('CreateSecondaryNetwork', { Ipv4CidrBlock, NetworkType: 'rdma' });
  expect(refused.code).toBe('InvalidParameterValue');
  expect(refused.message).toContain(words);
});

it('CreateSecondarySubnet: refuses what does not fit the network', async () => {
  const SecondaryNetworkId = await network();
  const { SecondarySubnet } = await ec2.go('CreateSecondarySubnet', { SecondaryNetworkId, Ipv4CidrBlock: '10.0.0.0/20', AvailabilityZone: 'us-east-1b' });
  expect(SecondarySubnet.AvailabilityZone).toBe('us-east-1b');
  for (const [input, words] of [
    [{ Ipv4CidrBlock: '10.1.0.0/24' }, `not within a CIDR block of the secondary network ${SecondaryNetworkId}`], [{ Ipv4CidrBlock: '10.0.8.0/24' }, `overlaps with the CIDR block of the secondary subnet ${SecondarySubnet.SecondarySubnetId}`],
    [{ Ipv4CidrBlock: '10.0.16.0/24', AvailabilityZone: 'us-east-1a', AvailabilityZoneId: 'use1-az1' }, 'Only one of'], [{ Ipv4CidrBlock: '10.0.16.0/24', AvailabilityZone: 'eu-west-1a' }, 'eu-west-1a'],
  ] as const) expect((await ec2.refused('CreateSecondarySubnet', { SecondaryNetworkId, ...input })).message).toContain(words);
  expect((await ec2.refused('CreateSecondarySubnet', { SecondaryNetworkId: 'sn-00000000000000000', Ipv4CidrBlock: '10.0.16.0/24' })).code).toBe('InvalidSecondaryNetworkId.NotFound');
  expect((await ec2.go('DescribeSecondarySubnets', { Filters: [{ Name: 'secondary-network-id', Values: [SecondaryNetworkId] }] })).SecondarySubnets).toHaveLength(1);
});

it('DescribeSecondaryInterfaces: finds none, where no launch makes one', async () => {
  expect((await ec2.go('DescribeSecondaryInterfaces', { Filters: [{ Name: 'attachment.instance-id', Values: ['i-00000000000000000'] }] })).SecondaryInterfaces).toEqual([]);
  expect((await ec2.refused('DescribeSecondaryInterfaces', { SecondaryInterfaceIds: ['si-00000000000000000'] })).code).toBe('InvalidSecondaryInterfaceId.NotFound');
});
