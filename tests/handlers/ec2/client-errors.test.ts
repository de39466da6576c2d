import { CreateInstanceProfileCommand } from '@aws-sdk/client-iam';
import { beforeAll, describe, expect, it } from 'vitest';
import { call } from '../../laws/samples/index.ts';
import { fogbank, refusal, type Fogbank } from '../../support/fogbank.ts';
import { imageNamed } from '../../support/launches.ts';

/** Codes and texts by which clients tell one refusal from another. */
let fb: Fogbank;
let VpcId: string;
let RouteTableId: string;
let image: string;
const go = (operation: string, input: Record<string, unknown> = {}) => call(fb, operation, input);
const refused = (operation: string, input: Record<string, unknown> = {}) => refusal(go(operation, input));
const route = (target: Record<string, string>) => ['CreateRoute', () => ({ RouteTableId, DestinationCidrBlock: '0.0.0.0/0', ...target })] as const;
const tag = (id: string) => ['CreateTags', () => ({ Resources: [id], Tags: [{ Key: 'a', Value: 'b' }] })] as const;
const given = (operation: string, input: Record<string, unknown>) => [operation, () => input] as const;
const UNKNOWN = '0123456789abcdef0';

beforeAll(async () => {
  fb = await fogbank();
  VpcId = (await go('CreateVpc', { CidrBlock: '10.0.0.0/16' })).Vpc.VpcId;
  RouteTableId = (await go('CreateRouteTable', { VpcId })).RouteTable.RouteTableId;
  image = await imageNamed(fb, 'al2023-ami-2023*-x86_64');
});

describe('what is unknown or malformed', () => {
  it.each([
    [...route({ GatewayId: `igw-${UNKNOWN}` }), 'InvalidGatewayID.NotFound', `The gateway ID 'igw-${UNKNOWN}' does not exist`],
    [...route({ GatewayId: `vgw-${UNKNOWN}` }), 'InvalidGatewayID.NotFound', `The gateway ID 'vgw-${UNKNOWN}' does not exist`],
    [...given('DeleteDhcpOptions', { DhcpOptionsId: `dopt-${UNKNOWN}` }), 'InvalidDhcpOptionsID.NotFound', `The dhcpOptions ID 'dopt-${UNKNOWN}' does not exist`],
    [...given('DescribeDhcpOptions', { DhcpOptionsIds: [`dopt-${UNKNOWN}`] }), 'InvalidDhcpOptionID.NotFound', `The dhcpOption ID 'dopt-${UNKNOWN}' does not exist`],
    [...given('DeleteDhcpOptions', { DhcpOptionsId: 'default' }), 'InvalidDhcpOptionsId.Malformed', "The dhcp-options ID 'default' is malformed"],
    [...given('DescribePrefixLists', { PrefixListIds: [`pl-${UNKNOWN}`] }), 'InvalidPrefixListId.NotFound', `The prefix list ID 'pl-${UNKNOWN}' does not exist`],
    [...tag('i-eCHmOTcEW0OZ9KbNe'), 'InvalidID', "The ID 'i-eCHmOTcEW0OZ9KbNe' is not valid"],
    [...tag('107.20.243.249'), 'InvalidID', "The ID '107.20.243.249' is not valid"],
    [...given('DescribeSnapshots', { OwnerIds: ['12345'] }), 'InvalidUserID.Malformed', "User ID '12345' is invalid"],
    [...given('DescribeSnapshots', { RestorableByUserIds: ['nobody'] }), 'InvalidUserID.Malformed', "User ID 'nobody' is invalid"],
    [...given('DescribeImages', { Owners: ['self', '12345'] }), 'InvalidUserID.Malformed', "User ID '12345' is invalid"],
    [...given('DescribeImages', { ExecutableUsers: ['nobody'] }), 'InvalidUserID.Malformed', "User ID 'nobody' is invalid"],
    [...given('DescribeVpcEndpointServices', { Filters: [{ Name: 'vpc-id', Values: ['x'] }] }), 'InvalidFilter', "The filter 'vpc-id' is invalid"],
    [...given('DescribeVpcEndpointConnections', { Filters: [{ Name: 'vpc-id', Values: ['x'] }] }), 'InvalidFilter', "The filter 'vpc-id' is invalid"],
  ])('%s', async (operation, input, code, message) => {
    expect(await refused(operation, input())).toMatchObject({ code, message });
  });

  it('is no egress-only internet gateway, and no error', async () => {
    const { EgressOnlyInternetGatewayId } = (await go('CreateEgressOnlyInternetGateway', { VpcId })).EgressOnlyInternetGateway;
    const listed = await go('DescribeEgressOnlyInternetGateways', { EgressOnlyInternetGatewayIds: [`eigw-${UNKNOWN}`, EgressOnlyInternetGatewayId] });
    expect(listed.EgressOnlyInternetGateways).toMatchObject([{ EgressOnlyInternetGatewayId }]);
    expect((await go('DescribeEgressOnlyInternetGateways', { EgressOnlyInternetGatewayIds: [`eigw-${UNKNOWN}`] })).EgressOnlyInternetGateways).toEqual([]);
  });
});

describe('what is in no state for it', () => {
  it('is a network ACL that its VPC has by default', async () => {
    const { NetworkAclId } = (await go('DescribeNetworkAcls', { Filters: [{ Name: 'vpc-id', Values: [VpcId] }] })).NetworkAcls[0];
    expect(await refused('DeleteNetworkAcl', { NetworkAclId })).toMatchObject({ code: 'InvalidParameterValue', message: `cannot delete default network ACL ${NetworkAclId}` });
  });

  it('is a customer gateway with a connection', async () => {
    const { CustomerGatewayId } = (await go('CreateCustomerGateway', { Type: 'ipsec.1', BgpAsn: 65000, PublicIp: '9.8.7.6' })).CustomerGateway;
    const { VpnGatewayId } = (await go('CreateVpnGateway', { Type: 'ipsec.1' })).VpnGateway;
    await go('CreateVpnConnection', { Type: 'ipsec.1', CustomerGatewayId, VpnGatewayId });
    expect(await refused('DeleteCustomerGateway', { CustomerGatewayId })).toMatchObject({ code: 'IncorrectState', message: 'The customer gateway is in use.' });
  });

  it('is an image that was deregistered, and a terminated instance', async () => {
    const [{ InstanceId }] = (await go('RunInstances', { ImageId: image, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 })).Instances;
    const { ImageId } = await go('CreateImage', { InstanceId, Name: 'gone' });
    await go('DeregisterImage', { ImageId });
    const gone = { code: 'InvalidAMIID.Unavailable', message: `The image ID '${ImageId}' is no longer available` };
    expect(await refused('DeregisterImage', { ImageId })).toMatchObject(gone);
    expect(await refused('DescribeImageAttribute', { ImageId, Attribute: 'launchPermission' })).toMatchObject(gone);
    await go('TerminateInstances', { InstanceIds: [InstanceId] });
    expect(await refused('StopInstances', { InstanceIds: [InstanceId] })).toMatchObject({ code: 'IncorrectInstanceState', message: `This instance '${InstanceId}' is not in a state from which it can be stopped.` });
  });

  it('is a launch with a profile that has no role, or of which IAM does not know', async () => {
    const { InstanceProfile } = await fb.iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: 'bare' }));
    const { Arn } = InstanceProfile!;
    const launch = (IamInstanceProfile: object) => refused('RunInstances', { ImageId: image, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1, IamInstanceProfile });
    expect(await launch({ Name: 'bare' })).toMatchObject({ code: 'InvalidParameterValue', message: `IAM Instance Profile "${Arn}" has no associated IAM Roles` });
    expect((await launch({ Arn: `${Arn}s` })).message).toBe(`Value (${Arn}s) for parameter iamInstanceProfile.arn is invalid. Invalid IAM Instance Profile ARN`);
  });
});
