import { beforeAll, expect, it } from 'vitest';
import { fogbank, type Fogbank } from '../../support/fogbank.ts';
import { as, type Caller } from '../../support/others.ts';

let fb: Fogbank;
let ec2: Caller;
let VpcId: string;
let SubnetId: string;
const create = async (input: Record<string, unknown> = {}) => (await ec2.go('CreateInstanceConnectEndpoint', { SubnetId, ...input })).InstanceConnectEndpoint;
const one = async (id: string) => (await ec2.go('DescribeInstanceConnectEndpoints', { InstanceConnectEndpointIds: [id] })).InstanceConnectEndpoints[0];

beforeAll(async () => {
  fb = await fogbank({ pace: 'realistic' });
  fb.machine.clock.hold();
  ec2 = as(fb);
  VpcId = (await ec2.go('CreateVpc', { CidrBlock: '10.0.0.0/16' })).Vpc.VpcId;
  SubnetId = (await ec2.go('CreateSubnet', { VpcId, CidrBlock: '10.0.0.0/24', AvailabilityZone: 'us-east-1a' })).Subnet.SubnetId;
});

it('an endpoint comes into being with an interface, changes, and goes with it', async () => {
  const made = await create();
  const id = made.InstanceConnectEndpointId as string;
  expect(made).toMatchObject({
    State: 'create-in-progress', VpcId, SubnetId, AvailabilityZone: 'us-east-1a', PreserveClientIp: false, IpAddressType: 'ipv4', OwnerId: '123456789012',
    InstanceConnectEndpointArn: `arn:aws:ec2:us-east-1:123456789012:instance-connect-endpoint/${id}`,
  });
  expect(made.DnsName).toMatch(new RegExp(`^${id}\\.[0-9a-f]{8}\\.ec2-instance-connect-endpoint\\.us-east-1\\.amazonaws\\.com$`));
  const { NetworkInterfaces: [eni] } = await ec2.go('DescribeNetworkInterfaces', { NetworkInterfaceIds: made.NetworkInterfaceIds });
  expect(eni).toMatchObject({ Status: 'in-use', RequesterManaged: true, SubnetId, Groups: [{ GroupName: 'default' }] });
  expect(made.SecurityGroupIds).toEqual([eni.Groups[0].GroupId]);
  expect((await ec2.refused('ModifyInstanceConnectEndpoint', { InstanceConnectEndpointId: id, PreserveClientIp: true })).code).toBe('IncorrectState');
  fb.machine.clock.advance(120_000);
  expect(await one(id)).toMatchObject({ State: 'create-complete' });

  const { GroupId } = await ec2.go('CreateSecurityGroup', { VpcId, GroupName: 'ssh', Description: 'ssh' });
  await ec2.go('ModifyInstanceConnectEndpoint', { InstanceConnectEndpointId: id, PreserveClientIp: true, SecurityGroupIds: [GroupId] });
  expect(await one(id)).toMatchObject({ State: 'update-in-progress', PreserveClientIp: true, SecurityGroupIds: [GroupId] });
  expect((await ec2.go('DescribeNetworkInterfaces', { NetworkInterfaceIds: made.NetworkInterfaceIds })).NetworkInterfaces[0].Groups).toMatchObject([{ GroupId }]);
  expect((await ec2.refused('DeleteSecurityGroup', { GroupId })).code).toBe('DependencyViolation');
  expect((await ec2.refused('DeleteNetworkInterface', { NetworkInterfaceId: eni.NetworkInterfaceId })).code).toBe('InvalidParameterValue');
  expect((await ec2.refused('DeleteSubnet', { SubnetId })).code).toBe('DependencyViolation');
  fb.machine.clock.advance(30_000);

  expect((await ec2.go('DeleteInstanceConnectEndpoint', { InstanceConnectEndpointId: id })).InstanceConnectEndpoint.State).toBe('delete-in-progress');
  expect(await ec2.refused('DeleteInstanceConnectEndpoint', { InstanceConnectEndpointId: id })).toMatchObject({ code: 'InvalidInstanceConnectEndpointId.NotFound' });
  fb.machine.clock.advance(120_000);
  expect(await one(id)).toMatchObject({ State: 'delete-complete', NetworkInterfaceIds: [] });
  expect((await ec2.refused('DescribeNetworkInterfaces', { NetworkInterfaceIds: [eni.NetworkInterfaceId] })).code).toBe('InvalidNetworkInterfaceID.NotFound');
  await ec2.go('DeleteSecurityGroup', { GroupId });
  fb.machine.clock.advance(3_600_000);
  expect(await ec2.refused('DescribeInstanceConnectEndpoints', { InstanceConnectEndpointIds: [id] })).toMatchObject({ code: 'InvalidInstanceConnectEndpointId.NotFound', message: `The instance connect endpoint ID '${id}' does not exist` });
});

it.each([
  [{ SubnetId: 'subnet-00000000000000000' }, 'InvalidSubnetID.NotFound'], [{ IpAddressType: 'dualstack' }, 'InvalidParameter'], [{ IpAddressType: 'ipv6', PreserveClientIp: true }, 'InvalidParameterCombination'],
  [{ SecurityGroupIds: ['sg-00000000000000000'] }, 'InvalidGroup.NotFound'],
])('CreateInstanceConnectEndpoint: refuses %j', async (input, code) => {
  expect((await ec2.refused('CreateInstanceConnectEndpoint', { SubnetId, ...input })).code).toBe(code);
});

it('CreateInstanceConnectEndpoint: has both families in a subnet of both', async () => {
  const { Vpc } = await ec2.go('CreateVpc', { CidrBlock: '10.1.0.0/16', AmazonProvidedIpv6CidrBlock: true });
  fb.machine.clock.advance(10_000);
  const [{ Ipv6CidrBlockAssociationSet: [{ Ipv6CidrBlock }] }] = (await ec2.go('DescribeVpcs', { VpcIds: [Vpc.VpcId] })).Vpcs;
  const { Subnet } = await ec2.go('CreateSubnet', { VpcId: Vpc.VpcId, CidrBlock: '10.1.0.0/24', Ipv6CidrBlock: Ipv6CidrBlock.replace('/56', '/64') });
  fb.machine.clock.advance(10_000);
  const made = await create({ SubnetId: Subnet.SubnetId });
  expect(made.IpAddressType).toBe('dualstack');
  expect(Object.keys(made.PublicDnsNames)).toEqual(['Ipv4', 'Dualstack']);
});

it('CreateInstanceConnectEndpoint: one a VPC and five an account are the quotas', async () => {
  const limited = as(await fogbank({ quotas: 'enforce' }));
  const [subnet, other] = (await limited.go('DescribeSubnets')).Subnets;
  await limited.go('CreateInstanceConnectEndpoint', { SubnetId: subnet.SubnetId });
  expect((await limited.refused('CreateInstanceConnectEndpoint', { SubnetId: other.SubnetId })).code).toBe('ResourceLimitExceeded');
});
