import { beforeAll, expect, it } from 'vitest';
import { call } from '../../laws/samples/index.ts';
import { fogbank, refusal, type Fogbank } from '../../support/fogbank.ts';

let fb: Fogbank;
const go = (operation: string, input: Record<string, unknown> = {}) => call(fb, operation, input);
const refused = (operation: string, input: Record<string, unknown> = {}) => refusal(go(operation, input));

beforeAll(async () => {
  fb = await fogbank();
});

it('a Local Zone is for who has opted in to its group, which is for good', async () => {
  const [zone] = (await go('DescribeAvailabilityZones', { AllAvailabilityZones: true, Filters: [{ Name: 'zone-type', Values: ['local-zone'] }] })).AvailabilityZones;
  expect(zone.OptInStatus).toBe('not-opted-in');
  const { VpcId } = (await go('CreateVpc', { CidrBlock: '10.0.0.0/16' })).Vpc;
  const subnet = () => go('CreateSubnet', { VpcId, CidrBlock: '10.0.0.0/24', AvailabilityZone: zone.ZoneName });
  expect((await refusal(subnet())).code).toBe('InvalidParameterValue');
  await go('ModifyAvailabilityZoneGroup', { GroupName: zone.GroupName, OptInStatus: 'opted-in' });
  expect((await go('DescribeAvailabilityZones', { ZoneNames: [zone.ZoneName] })).AvailabilityZones[0].OptInStatus).toBe('opted-in');
  expect((await subnet()).Subnet.AvailabilityZone).toBe(zone.ZoneName);
  expect((await refused('ModifyAvailabilityZoneGroup', { GroupName: zone.GroupName, OptInStatus: 'not-opted-in' })).code).toBe('OperationNotPermitted');
});

it('the Wavelength Zones of a carrier are opted in to together', async () => {
  const zones = async () => (await go('DescribeAvailabilityZones', { AllAvailabilityZones: true, Filters: [{ Name: 'group-name', Values: ['us-east-1-wl1'] }] })).AvailabilityZones as { OptInStatus: string; NetworkBorderGroup: string }[];
  const before = await zones();
  expect(before.length).toBeGreaterThan(1);
  expect(new Set(before.map((z) => z.NetworkBorderGroup)).size).toBe(before.length);
  await go('ModifyAvailabilityZoneGroup', { GroupName: 'us-east-1-wl1', OptInStatus: 'opted-in' });
  expect((await zones()).map((z) => z.OptInStatus)).toEqual(before.map(() => 'opted-in'));
});

it.each([['us-east-1-zg-1'], ['nowhere-1']])('ModifyAvailabilityZoneGroup: refuses %s', async (GroupName) => {
  expect((await refused('ModifyAvailabilityZoneGroup', { GroupName, OptInStatus: 'opted-in' })).code).toBe('InvalidParameterValue');
});

it('EC2-Classic is retired', async () => {
  for (const operation of ['DescribeVpcClassicLink', 'DescribeVpcClassicLinkDnsSupport', 'DescribeClassicLinkInstances']) {
    expect(await refused(operation)).toMatchObject({ code: 'UnsupportedOperation', message: 'The functionality you requested is not available in this region.' });
  }
});

it('ModifyVpcTenancy: makes a dedicated VPC a default one', async () => {
  const { VpcId } = (await go('CreateVpc', { CidrBlock: '10.0.0.0/16', InstanceTenancy: 'dedicated' })).Vpc;
  expect(await go('ModifyVpcTenancy', { VpcId, InstanceTenancy: 'default' })).toMatchObject({ ReturnValue: true });
  expect((await go('DescribeVpcs', { VpcIds: [VpcId] })).Vpcs[0].InstanceTenancy).toBe('default');
  expect((await refused('ModifyVpcTenancy', { VpcId, InstanceTenancy: 'dedicated' })).code).toBe('UnsupportedTenancy');
});

it('ModifyPrivateDnsNameOptions: changes the hostname’s type of a stopped instance', async () => {
  const [{ ImageId }] = (await go('DescribeImages', { Owners: ['amazon'], Filters: [{ Name: 'name', Values: ['al2023-ami-2023*'] }, { Name: 'architecture', Values: ['x86_64'] }] })).Images;
  const { InstanceId } = (await go('RunInstances', { ImageId, MinCount: 1, MaxCount: 1, InstanceType: 't3.micro' })).Instances[0];
  const one = async () => (await go('DescribeInstances', { InstanceIds: [InstanceId] })).Reservations[0].Instances[0];
  await one();
  expect((await refused('ModifyPrivateDnsNameOptions', { InstanceId, PrivateDnsHostnameType: 'resource-name' })).code).toBe('IncorrectInstanceState');
  expect((await refused('ModifyPrivateDnsNameOptions', { InstanceId })).code).toBe('MissingParameter');
  await go('ModifyPrivateDnsNameOptions', { InstanceId, EnableResourceNameDnsARecord: true });
  await go('StopInstances', { InstanceIds: [InstanceId] });
  await one();
  await go('ModifyPrivateDnsNameOptions', { InstanceId, PrivateDnsHostnameType: 'resource-name' });
  expect(await one()).toMatchObject({ PrivateDnsName: `${InstanceId}.ec2.internal`, PrivateDnsNameOptions: { HostnameType: 'resource-name', EnableResourceNameDnsARecord: true } });
});
