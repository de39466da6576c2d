import { beforeAll, expect, it } from 'vitest';
import { call } from '../../laws/samples/index.ts';
import { fogbank, refusal, type Fogbank } from '../../support/fogbank.ts';

let fb: Fogbank;
const go = (operation: string, input: Record<string, unknown> = {}) => call(fb, operation, input);
const refused = (operation: string, input: Record<string, unknown> = {}) => refusal(go(operation, input));

beforeAll(async () => {
  fb = await fogbank();
});

it('is off by default; a mode shows in VPCs and subnets, but for what is excluded', async () => {
  expect((await go('DescribeVpcBlockPublicAccessOptions')).VpcBlockPublicAccessOptions).toMatchObject({ State: 'default-state', InternetGatewayBlockMode: 'off', AwsRegion: 'us-east-1', ExclusionsAllowed: 'allowed' });
  const { VpcId } = (await go('CreateVpc', { CidrBlock: '10.0.0.0/16' })).Vpc;
  const { SubnetId } = (await go('CreateSubnet', { VpcId, CidrBlock: '10.0.0.0/24' })).Subnet;
  const { SubnetId: other } = (await go('CreateSubnet', { VpcId, CidrBlock: '10.0.1.0/24' })).Subnet;
  const modes = async () => [(await go('DescribeVpcs', { VpcIds: [VpcId] })).Vpcs[0], ...(await go('DescribeSubnets', { SubnetIds: [SubnetId, other] })).Subnets].map((d) => d.BlockPublicAccessStates.InternetGatewayBlockMode);
  expect(await modes()).toEqual(['off', 'off', 'off']);
  expect((await go('ModifyVpcBlockPublicAccessOptions', { InternetGatewayBlockMode: 'block-bidirectional' })).VpcBlockPublicAccessOptions.State).toBe('update-in-progress');
  expect((await go('DescribeVpcBlockPublicAccessOptions')).VpcBlockPublicAccessOptions).toMatchObject({ State: 'update-complete', InternetGatewayBlockMode: 'block-bidirectional' });
  expect(await modes()).toEqual(['block-bidirectional', 'block-bidirectional', 'block-bidirectional']);
  const { VpcBlockPublicAccessExclusion: made } = await go('CreateVpcBlockPublicAccessExclusion', { SubnetId, InternetGatewayExclusionMode: 'allow-egress' });
  expect(made).toMatchObject({ State: 'create-in-progress', ResourceArn: `arn:aws:ec2:us-east-1:123456789012:subnet/${SubnetId}` });
  expect(await modes()).toEqual(['block-bidirectional', 'block-ingress', 'block-bidirectional']);
  await go('ModifyVpcBlockPublicAccessExclusion', { ExclusionId: made.ExclusionId, InternetGatewayExclusionMode: 'allow-bidirectional' });
  expect(await modes()).toEqual(['block-bidirectional', 'off', 'block-bidirectional']);
  await go('CreateVpcBlockPublicAccessExclusion', { VpcId, InternetGatewayExclusionMode: 'allow-bidirectional' });
  expect(await modes()).toEqual(['off', 'off', 'off']);
  expect((await refused('CreateVpcBlockPublicAccessExclusion', { VpcId, InternetGatewayExclusionMode: 'allow-egress' })).code).toBe('VpcBlockPublicAccessExclusionAlreadyExists');
  expect((await go('DeleteVpcBlockPublicAccessExclusion', { ExclusionId: made.ExclusionId })).VpcBlockPublicAccessExclusion.State).toBe('delete-in-progress');
  expect((await go('DescribeVpcBlockPublicAccessExclusions', { ExclusionIds: [made.ExclusionId] })).VpcBlockPublicAccessExclusions[0]).toMatchObject({ State: 'delete-complete', DeletionTimestamp: expect.any(Date) });
  expect((await refused('ModifyVpcBlockPublicAccessExclusion', { ExclusionId: made.ExclusionId, InternetGatewayExclusionMode: 'allow-egress' })).code).toBe('IncorrectState');
  await go('ModifyVpcBlockPublicAccessOptions', { InternetGatewayBlockMode: 'off' });
  expect(await modes()).toEqual(['off', 'off', 'off']);
});

it('CreateVpcBlockPublicAccessExclusion: is of a VPC or of a subnet', async () => {
  expect((await refused('CreateVpcBlockPublicAccessExclusion', { InternetGatewayExclusionMode: 'allow-egress' })).code).toBe('InvalidParameterCombination');
  expect((await refused('CreateVpcBlockPublicAccessExclusion', { SubnetId: 'subnet-00000000', InternetGatewayExclusionMode: 'allow-egress' })).code).toBe('InvalidSubnetID.NotFound');
});
