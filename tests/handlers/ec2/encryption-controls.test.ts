import { beforeAll, expect, it } from 'vitest';
import { call } from '../../laws/samples/index.ts';
import { fogbank, refusal, type Fogbank } from '../../support/fogbank.ts';

let fb: Fogbank;
const go = (operation: string, input: Record<string, unknown> = {}) => call(fb, operation, input);
const refused = (operation: string, input: Record<string, unknown> = {}) => refusal(go(operation, input));
const vpc = async (extra: Record<string, unknown> = {}): Promise<string> => (await go('CreateVpc', { CidrBlock: '10.0.0.0/16', ...extra })).Vpc.VpcId;
const shown = async (VpcId: string) => (await go('DescribeVpcs', { VpcIds: [VpcId] })).Vpcs[0].EncryptionControl;

beforeAll(async () => {
  fb = await fogbank();
});

it('watches first, and enforces when nothing is in the way that is not excluded', async () => {
  const VpcId = await vpc();
  const { VpcEncryptionControlId } = (await go('CreateVpcEncryptionControl', { VpcId })).VpcEncryptionControl;
  expect(await shown(VpcId)).toMatchObject({ VpcEncryptionControlId, Mode: 'monitor', State: 'available', ResourceExclusions: { NatGateway: { State: 'disabled' } } });
  expect((await refused('CreateVpcEncryptionControl', { VpcId })).code).toBe('VpcEncryptionControlAlreadyExists');
  const { InternetGatewayId } = (await go('CreateInternetGateway')).InternetGateway;
  await go('AttachInternetGateway', { VpcId, InternetGatewayId });
  const blocking = async () => (await go('GetVpcResourcesBlockingEncryptionEnforcement', { VpcId })).NonCompliantResources;
  expect(await blocking()).toMatchObject([{ Id: InternetGatewayId, Type: 'internet-gateway', IsExcludable: true }]);
  expect((await go('ModifyVpcEncryptionControl', { VpcEncryptionControlId, Mode: 'enforce' })).VpcEncryptionControl).toMatchObject({ State: 'enforce-failed', Mode: 'monitor' });
  const excluded = await go('ModifyVpcEncryptionControl', { VpcEncryptionControlId, Mode: 'enforce', InternetGatewayExclusion: 'enable' });
  expect(excluded.VpcEncryptionControl).toMatchObject({ State: 'enforce-in-progress', ResourceExclusions: { InternetGateway: { State: 'enabling' } } });
  expect(await shown(VpcId)).toMatchObject({ Mode: 'enforce', State: 'available', ResourceExclusions: { InternetGateway: { State: 'enabled' } } });
  expect(await blocking()).toEqual([]);
  expect((await refused('ModifyVpcEncryptionControl', { VpcEncryptionControlId, Mode: 'monitor', LambdaExclusion: 'enable' })).code).toBe('InvalidParameterCombination');
  expect((await go('DeleteVpcEncryptionControl', { VpcEncryptionControlId })).VpcEncryptionControl.State).toBe('deleting');
  expect(await shown(VpcId)).toBeUndefined();
});

it('instances that do not encrypt are in the way, and cannot be excluded', async () => {
  const VpcId = await vpc();
  const { SubnetId } = (await go('CreateSubnet', { VpcId, CidrBlock: '10.0.0.0/24', AvailabilityZone: 'us-east-1a' })).Subnet;
  const [{ ImageId }] = (await go('DescribeImages', { Owners: ['amazon'], Filters: [{ Name: 'name', Values: ['al2023-ami-2023*'] }, { Name: 'architecture', Values: ['x86_64'] }] })).Images;
  const run = async (InstanceType: string): Promise<string> => (await go('RunInstances', { ImageId, MinCount: 1, MaxCount: 1, InstanceType, SubnetId })).Instances[0].InstanceId;
  const plain = await run('t3.micro');
  await run('m6i.large');
  expect((await go('GetVpcResourcesBlockingEncryptionEnforcement', { VpcId })).NonCompliantResources).toMatchObject([{ Id: plain, Type: 'instance', IsExcludable: false }]);
});

it('a VPC may be born with one', async () => {
  const VpcId = await vpc({ VpcEncryptionControl: { Mode: 'enforce', NatGatewayExclusion: 'enable' } });
  expect(await shown(VpcId)).toMatchObject({ Mode: 'enforce', State: 'available', ResourceExclusions: { NatGateway: { State: 'enabled' } } });
  expect((await go('DescribeVpcEncryptionControls', { VpcIds: [VpcId] })).VpcEncryptionControls).toHaveLength(1);
});

it('an account may want one of every VPC', async () => {
  const at = await fogbank();
  const describe = async () => (await call(at, 'DescribeAccountVpcEncryptionControl', {})).AccountVpcEncryptionControl;
  expect(await describe()).toMatchObject({ State: 'default-state', Mode: 'unmanaged', ManagedBy: 'account', Exclusions: { Lambda: 'disabled' } });
  expect((await refusal(call(at, 'ModifyAccountVpcEncryptionControl', {}))).code).toBe('MissingParameter');
  // The default VPC has an internet gateway.
  expect((await call(at, 'ModifyAccountVpcEncryptionControl', { Mode: 'attempt-enforce' })).AccountVpcEncryptionControl.State).toBe('transitions-failed');
  expect((await call(at, 'ModifyAccountVpcEncryptionControl', { Mode: 'attempt-enforce', InternetGateway: 'enable' })).AccountVpcEncryptionControl.State).toBe('transitions-successful');
  const { VpcId } = (await call(at, 'CreateVpc', { CidrBlock: '10.0.0.0/16' })).Vpc;
  expect((await call(at, 'DescribeVpcs', { VpcIds: [VpcId] })).Vpcs[0].EncryptionControl).toMatchObject({ Mode: 'enforce', ResourceExclusions: { InternetGateway: { State: 'enabled' } } });
  expect(await describe()).toMatchObject({ Mode: 'attempt-enforce', Exclusions: { InternetGateway: 'enabled' } });
});
