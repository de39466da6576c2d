import { CreateFleetCommand, CreateLaunchTemplateCommand, DescribeImagesCommand, EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { CreateAccessKeyCommand, CreateUserCommand, PutUserPolicyCommand } from '@aws-sdk/client-iam';
import { DeleteParameterCommand, GetParameterCommand, LabelParameterVersionCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { beforeAll, describe, expect, it } from 'vitest';
import { call } from '../../laws/samples/index.ts';
import { fogbank, refusal, type Fogbank } from '../../support/fogbank.ts';

const PUBLIC = '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64';
let fb: Fogbank;
let ssm: SSMClient;
let older: string;
let newer: string;
const launch = async (ImageId: string) => (await call(fb, 'RunInstances', { MinCount: 1, MaxCount: 1, InstanceType: 't3.micro', ImageId })).Instances[0].ImageId as string;
const put = (Value: string, more: Record<string, unknown> = {}) => ssm.send(new PutParameterCommand({ Name: '/golden/ami', Value, Type: 'String', DataType: 'aws:ec2:image', Overwrite: true, ...more }));

beforeAll(async () => {
  fb = await fogbank();
  ssm = new SSMClient(fb.config());
  const { Images } = await fb.ec2.send(new DescribeImagesCommand({ Owners: ['amazon'], Filters: [{ Name: 'name', Values: ['al2023-ami-2023*'] }, { Name: 'architecture', Values: ['x86_64'] }] }));
  [older, newer] = [Images![0]!.ImageId!, Images![1]!.ImageId!];
  await put(older);
  await put(newer);
  await ssm.send(new LabelParameterVersionCommand({ Name: '/golden/ami', ParameterVersion: 1, Labels: ['prod'] }));
  await put('just text', { Name: '/golden/text', DataType: 'text' });
});

it('a parameter stands for an image: the newest version, a version, a label, an ARN, AWS’s own', async () => {
  expect(await launch('resolve:ssm:/golden/ami')).toBe(newer);
  expect(await launch('resolve:ssm:/golden/ami:1')).toBe(older);
  expect(await launch('resolve:ssm:/golden/ami:prod')).toBe(older);
  expect(await launch('resolve:ssm:arn:aws:ssm:us-east-1:123456789012:parameter/golden/ami:2')).toBe(newer);
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name: PUBLIC }));
  expect(await launch(`resolve:ssm:${PUBLIC}`)).toBe(Parameter!.Value);
});

it.each([
  ['/golden/none', 'The following aliases are invalid: /golden/none'], ['/golden/ami:9', 'The following aliases are invalid: /golden/ami:9'], ['/golden/text', 'Unsupported data type. The following parameter data types are supported: aws:ec2:image'],
])('what %s stands for is no image', async (name, message) => {
  const ImageId = `resolve:ssm:${name}`;
  expect(await refusal(launch(ImageId))).toMatchObject({ code: 'SsmInvalidParameter', message, status: 400 });
  expect(await refusal(call(fb, 'CreateLaunchTemplate', { LaunchTemplateName: 'wrong', LaunchTemplateData: { ImageId } }))).toMatchObject({ code: 'SsmInvalidParameter', message });
});

it('an instance requested on the Spot market shows the image', async () => {
  const { Instances } = await call(fb, 'RunInstances', { MinCount: 1, MaxCount: 1, InstanceType: 't3.micro', ImageId: 'resolve:ssm:/golden/ami', InstanceMarketOptions: { MarketType: 'spot' } });
  expect(Instances[0].ImageId).toBe(newer);
  const { SpotInstanceRequests } = await call(fb, 'DescribeSpotInstanceRequests', {});
  expect(SpotInstanceRequests[0].LaunchSpecification.ImageId).toBe(newer);
});

describe('a launch template', () => {
  const ImageId = 'resolve:ssm:/golden/ami';
  const imageOf = async (more: Record<string, unknown>) => (await call(fb, 'DescribeLaunchTemplateVersions', { LaunchTemplateName: 'golden', ...more })).LaunchTemplateVersions[0].LaunchTemplateData.ImageId;

  beforeAll(async () => {
    await call(fb, 'CreateLaunchTemplate', { LaunchTemplateName: 'golden', LaunchTemplateData: { ImageId, InstanceType: 't3.micro' } });
  });

  it('keeps the parameter, and shows the image to whom asks for that', async () => {
    expect(await imageOf({})).toBe(ImageId);
    expect(await imageOf({ ResolveAlias: true })).toBe(newer);
    const version = await call(fb, 'CreateLaunchTemplateVersion', { LaunchTemplateName: 'golden', SourceVersion: '1', ResolveAlias: true, LaunchTemplateData: { InstanceType: 't3.small' } });
    expect(version.LaunchTemplateVersion.LaunchTemplateData).toMatchObject({ ImageId: newer, InstanceType: 't3.small' });
    expect(await imageOf({ Versions: ['2'] })).toBe(ImageId);
  });

  it('launches what the parameter stands for then, by itself and in fleets', async () => {
    const run = async () => (await call(fb, 'RunInstances', { MinCount: 1, MaxCount: 1, LaunchTemplate: { LaunchTemplateName: 'golden' } })).Instances[0].ImageId;
    const fleet = async () => {
      const { Instances, Errors } = await fb.ec2.send(new CreateFleetCommand({
        Type: 'instant', LaunchTemplateConfigs: [{ LaunchTemplateSpecification: { LaunchTemplateName: 'golden', Version: '1' } }], TargetCapacitySpecification: { TotalTargetCapacity: 1, DefaultTargetCapacityType: 'on-demand' },
      }));
      expect(Errors ?? []).toEqual([]);
      return (await call(fb, 'DescribeInstances', { InstanceIds: Instances![0]!.InstanceIds })).Reservations[0].Instances[0].ImageId;
    };
    expect([await run(), await fleet()]).toEqual([newer, newer]);
    await put(older);
    expect([await run(), await fleet()]).toEqual([older, older]);
    await put(newer);
  });

  it('cannot be launched once the parameter is gone', async () => {
    await put(older, { Name: '/golden/gone', Overwrite: false });
    await call(fb, 'CreateLaunchTemplate', { LaunchTemplateName: 'gone', LaunchTemplateData: { ImageId: 'resolve:ssm:/golden/gone', InstanceType: 't3.micro' } });
    await ssm.send(new DeleteParameterCommand({ Name: '/golden/gone' }));
    expect(await refusal(call(fb, 'RunInstances', { MinCount: 1, MaxCount: 1, LaunchTemplate: { LaunchTemplateName: 'gone' } }))).toMatchObject({ code: 'SsmInvalidParameter' });
  });
});

it('is for those who may read the parameter', async () => {
  const config = async (name: string, statements: object[]) => {
    await fb.iam.send(new CreateUserCommand({ UserName: name }));
    await fb.iam.send(new PutUserPolicyCommand({ UserName: name, PolicyName: 'p', PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: statements }) }));
    const { AccessKey } = await fb.iam.send(new CreateAccessKeyCommand({ UserName: name }));
    return fb.config({ accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! });
  };
  const ec2 = { Effect: 'Allow', Action: 'ec2:*', Resource: '*' };
  const without = new EC2Client(await config('launcher', [ec2]));
  const reader = new EC2Client(await config('reader', [ec2, { Effect: 'Allow', Action: 'ssm:GetParameters', Resource: ['arn:aws:ssm:us-east-1:123456789012:parameter/golden/*', 'arn:aws:ssm:us-east-1::parameter/aws/service/*'] }]));
  for (const parameter of ['/golden/ami', PUBLIC]) {
    const ImageId = `resolve:ssm:${parameter}`;
    const run = (client: EC2Client) => client.send(new RunInstancesCommand({ MinCount: 1, MaxCount: 1, InstanceType: 't3.micro', ImageId }));
    expect(await refusal(run(without))).toMatchObject({ code: 'UnauthorizedOperation', message: expect.stringContaining('ssm:GetParameters') });
    expect((await run(reader)).Instances).toHaveLength(1);
    const template = (client: EC2Client) => client.send(new CreateLaunchTemplateCommand({ LaunchTemplateName: `of${parameter.length}`, LaunchTemplateData: { ImageId } }));
    expect(await refusal(template(without))).toMatchObject({ code: 'UnauthorizedOperation' });
    expect((await template(reader)).LaunchTemplate).toBeDefined();
  }
});
