import { DescribeImagesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { DescribeParametersCommand, GetParameterCommand, GetParametersByPathCommand, GetParametersCommand, paginateGetParametersByPath, SSMClient } from '@aws-sdk/client-ssm';
import { expect, it } from 'vitest';
import { fogbank, refusal } from '../../support/fogbank.ts';

const AL2023 = '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64';

it.each(['us-east-1', 'eu-west-1'])('names the newest images of %s', async (region) => {
  const fb = await fogbank();
  const ssm = new SSMClient(fb.config({ region }));
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name: AL2023 }));
  expect(Parameter).toEqual({ Name: AL2023, Type: 'String', Value: expect.stringMatching(/^ami-/), Version: 1, LastModifiedDate: expect.any(Date), ARN: `arn:aws:ssm:${region}::parameter${AL2023}`, DataType: 'aws:ec2:image' });
  const { Images } = await new EC2Client(fb.config({ region })).send(new DescribeImagesCommand({ ImageIds: [Parameter!.Value!] }));
  expect(Images![0]).toMatchObject({ OwnerId: '137112412989', Architecture: 'x86_64', Name: expect.stringMatching(/^al2023-ami-2023/), State: 'available' });
  const names = [
    '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-6.1-arm64', '/aws/service/ami-amazon-linux-latest/amzn2-ami-hvm-x86_64-gp2', '/aws/service/ami-amazon-linux-latest/amzn2-ami-kernel-5.10-hvm-arm64-gp2', '/aws/service/ami-windows-latest/Windows_Server-2022-English-Full-Base',
    '/aws/service/canonical/ubuntu/server/22.04/stable/current/amd64/hvm/ebs-gp2/ami-id', '/aws/service/canonical/ubuntu/server/24.04/stable/current/arm64/hvm/ebs-gp3/ami-id', '/aws/service/debian/release/12/latest/amd64',
  ];
  const { Parameters, InvalidParameters } = await ssm.send(new GetParametersCommand({ Names: [...names, `${AL2023}:1`, `${AL2023}:2`, '/aws/service/none'] }));
  expect(Parameters!.map((p) => p.Name)).toEqual([...names, AL2023]);
  expect(InvalidParameters).toEqual([`${AL2023}:2`, '/aws/service/none']);
  const ids = [...new Set(Parameters!.map((p) => p.Value!))];
  expect((await new EC2Client(fb.config({ region })).send(new DescribeImagesCommand({ ImageIds: ids }))).Images).toHaveLength(ids.length);
});

it('is got by an ARN without an account, and is listed by its path, a page at a time, and not among the account’s own', async () => {
  const fb = await fogbank();
  const client = new SSMClient(fb.config());
  expect((await client.send(new GetParameterCommand({ Name: `arn:aws:ssm:us-east-1::parameter${AL2023}` }))).Parameter).toMatchObject({ Name: AL2023 });
  const found: string[] = [];
  for await (const page of paginateGetParametersByPath({ client }, { Path: '/aws/service/global-infrastructure/regions' })) found.push(...page.Parameters!.map((p) => p.Value!));
  expect(found).toContain('eu-central-1');
  expect(found.length).toBeGreaterThan(20);
  const { Parameters } = await client.send(new GetParametersByPathCommand({ Path: '/aws/service/global-infrastructure/regions/us-east-1' }));
  expect(Parameters).toEqual(expect.arrayContaining([expect.objectContaining({ Name: '/aws/service/global-infrastructure/regions/us-east-1/longName', Value: 'US East (N. Virginia)', DataType: 'text' })]));
  expect((await client.send(new GetParametersByPathCommand({ Path: '/aws/service/global-infrastructure/regions/us-east-1/availability-zones' }))).Parameters!.map((p) => p.Value)).toContain('use1-az1');
  expect((await client.send(new GetParametersByPathCommand({ Path: '/', Recursive: true }))).Parameters).toEqual([]);
  expect((await client.send(new DescribeParametersCommand({}))).Parameters).toEqual([]);
  expect(await refusal(client.send(new GetParameterCommand({ Name: '/aws/service/none' })))).toMatchObject({ code: 'ParameterNotFound' });
});
