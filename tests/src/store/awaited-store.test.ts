import { CreateTagsCommand, CreateVpcCommand, DeleteVpcCommand, DescribeImagesCommand, DescribeInstancesCommand, EC2Client, RunInstancesCommand, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { AttachRolePolicyCommand, CreateRoleCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { expect, it } from 'vitest';
import { fogbank, refusal } from '../../support/fogbank.ts';

const AWAITED = [
  'insert', 'get', 'update', 'schedule', 'remove', 'page', 'readAll', 'linked', 'linkedCount', 'linkedValues', 'tagged', 'allTagged', 'firstDue',
  'answer', 'keepAnswer', 'credential', 'putCredential', 'fact', 'putFact', 'use', 'putUse',
] as const;

it('a store that has to be waited for serves the same calls', async () => {
  const fb = await fogbank();
  const own = fb.machine.store as unknown as Record<string, (...args: unknown[]) => unknown>;
  let waits = 0;
  const store = new Proxy(own, {
    get: (_own, name: string) => (!(AWAITED as readonly string[]).includes(name) ? (typeof own[name] === 'function' ? own[name].bind(own) : own[name]) : async (...args: unknown[]) => {
      waits++;
      await new Promise(setImmediate);
      return own[name]!(...args);
    }),
  });
  Object.assign(fb.machine, { store });
  Object.assign(fb.machine.world, { store });
  const image = (await fb.ec2.send(new DescribeImagesCommand({ Owners: ['amazon'], Filters: [{ Name: 'architecture', Values: ['x86_64'] }] }))).Images![0]!.ImageId!;
  const run = { ImageId: image, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1, ClientToken: 'once' } as const;
  const [first, again] = [await fb.ec2.send(new RunInstancesCommand(run)), await fb.ec2.send(new RunInstancesCommand(run))];
  const InstanceIds = [first.Instances![0]!.InstanceId!];
  expect(again.Instances![0]!.InstanceId).toBe(InstanceIds[0]);
  await fb.ec2.send(new CreateTagsCommand({ Resources: InstanceIds, Tags: [{ Key: 'a', Value: 'b' }] }));
  await fb.iam.send(new CreateRoleCommand({ RoleName: 'reader', AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: '123456789012' }, Action: 'sts:AssumeRole' }] }) }));
  await fb.iam.send(new AttachRolePolicyCommand({ RoleName: 'reader', PolicyArn: 'arn:aws:iam::aws:policy/AmazonEC2ReadOnlyAccess' }));
  const { Credentials } = await fb.sts.send(new AssumeRoleCommand({ RoleArn: 'arn:aws:iam::123456789012:role/reader', RoleSessionName: 'session' }));
  const reader = new EC2Client(fb.config({ accessKeyId: Credentials!.AccessKeyId!, secretAccessKey: Credentials!.SecretAccessKey!, sessionToken: Credentials!.SessionToken! }));
  const tagged = await reader.send(new DescribeInstancesCommand({ Filters: [{ Name: 'tag:a', Values: ['b'] }] }));
  expect(tagged.Reservations![0]!.Instances![0]).toMatchObject({ InstanceId: InstanceIds[0], State: { Name: 'running' } });
  expect((await refusal(reader.send(new TerminateInstancesCommand({ InstanceIds })))).code).toBe('UnauthorizedOperation');
  const { Vpc } = await fb.ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
  await fb.ec2.send(new DeleteVpcCommand({ VpcId: Vpc!.VpcId! }));
  expect((await refusal(fb.ec2.send(new DeleteVpcCommand({ VpcId: Vpc!.VpcId! })))).code).toBe('InvalidVpcID.NotFound');
  await fb.ec2.send(new TerminateInstancesCommand({ InstanceIds }));
  expect(waits).toBeGreaterThan(200);
});
