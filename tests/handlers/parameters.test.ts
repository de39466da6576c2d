import { CreateLaunchTemplateCommand, CreateVolumeCommand, DescribeSubnetsCommand, DescribeVolumesCommand, ModifySubnetAttributeCommand, ReplaceImageCriteriaInAllowedImagesSettingsCommand, RequestSpotFleetCommand } from '@aws-sdk/client-ec2';
import { SimulateCustomPolicyCommand } from '@aws-sdk/client-iam';
import { describe, expect, it } from 'vitest';
import { fogbank } from '../support/fogbank.ts';

/** What nothing would come of is refused, not ignored: handlers/COVERAGE.md lists it. */
describe('parameters without an effect', async () => {
  const fb = await fogbank();
  const volume = { AvailabilityZone: 'us-east-1a', Size: 1 };
  const policy = { PolicyInputList: ['{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}'], ActionNames: ['ec2:RunInstances'] };

  it.each([
    ['a member', 'OutpostArn', () => fb.ec2.send(new CreateVolumeCommand({ ...volume, OutpostArn: 'arn:aws:outposts:us-east-1:000000000000:outpost/op-0123456789abcdef0' }))],
    ['a nested one', 'LaunchTemplateData.ElasticGpuSpecifications', () => fb.ec2.send(new CreateLaunchTemplateCommand({ LaunchTemplateName: 'one', LaunchTemplateData: { ElasticGpuSpecifications: [{ Type: 'eg1.medium' }] } }))],
    ['one in a list', 'ImageCriteria.ScanResultCondition', () => fb.ec2.send(new ReplaceImageCriteriaInAllowedImagesSettingsCommand({ ImageCriteria: [{ ImageProviders: ['amazon'] }, { ScanResultCondition: { MaximumSeverityLabel: 'high' } } as never] }))],
    ['one of a list in a structure', 'SpotFleetRequestConfig.LaunchSpecifications.KernelId', () => fb.ec2.send(new RequestSpotFleetCommand({ SpotFleetRequestConfig: { IamFleetRole: 'arn:aws:iam::000000000000:role/r', TargetCapacity: 1, LaunchSpecifications: [{ ImageId: 'ami-1', KernelId: 'aki-1' }] } }))],
  ])('%s is refused: %s', async (_what, path, call) => {
    await expect(call()).rejects.toMatchObject({ name: 'UnsupportedOperation', message: `The parameter ${path} is not supported by Fogbank yet.` });
  });

  it('IAM refuses in its own code', async () => {
    await expect(fb.iam.send(new SimulateCustomPolicyCommand({ ...policy, ResourceHandlingOption: 'EC2-VPC-InstanceStore' }))).rejects.toMatchObject({ name: 'InvalidInputException' });
  });

  it('what is false or empty asks for nothing, and a refusal has made nothing', async () => {
    await fb.ec2.send(new CreateVolumeCommand({ ...volume, OutpostArn: '' }));
    expect((await fb.ec2.send(new DescribeVolumesCommand({}))).Volumes).toHaveLength(1);
    const { Subnets } = await fb.ec2.send(new DescribeSubnetsCommand({}));
    await expect(fb.ec2.send(new ModifySubnetAttributeCommand({ SubnetId: Subnets![0]!.SubnetId, CustomerOwnedIpv4Pool: '' }))).rejects.toMatchObject({ name: 'MissingParameter' });
  });

  it.each([
    ['numeric', ['ten']], ['numeric', ['1', '2']], ['booleanList', ['true', 'perhaps']], ['ip', ['10.0.0']], ['dateList', ['yesterday']], ['binary', ['%']],
  ] as const)('the simulator refuses values that are not of the type %s: %j', async (ContextKeyType, values) => {
    const entry = { ContextKeyName: 'ec2:Anything', ContextKeyType, ContextKeyValues: [...values] };
    await expect(fb.iam.send(new SimulateCustomPolicyCommand({ ...policy, ContextEntries: [entry] }))).rejects.toMatchObject({ name: 'InvalidInputException' });
  });

  it.each([
    ['numeric', ['10.5']], ['booleanList', ['true', 'FALSE']], ['ip', ['10.0.0.0/8']], ['ipList', ['::1', '10.0.0.1']], ['date', ['2026-01-01T00:00:00Z']], ['date', ['1700000000']], ['string', ['']],
  ] as const)('and takes those of the type %s: %j', async (ContextKeyType, values) => {
    const entry = { ContextKeyName: 'ec2:Anything', ContextKeyType, ContextKeyValues: [...values] };
    expect((await fb.iam.send(new SimulateCustomPolicyCommand({ ...policy, ContextEntries: [entry] }))).EvaluationResults![0]!.EvalDecision).toBe('allowed');
  });
});
