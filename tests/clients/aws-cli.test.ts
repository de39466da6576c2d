import { beforeAll, describe, expect, it } from 'vitest';
import { fogbank, type Fogbank } from '../support/fogbank.ts';
import { clientEnvironment, program, run, type Ran } from '../support/programs.ts';

/** Version 2 ends with 254 where version 1 ended with 255. https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-returncodes.html */
const ERROR_STATUS = [254, 255];
const aws = program('aws', 'FOGBANK_TEST_AWS', ['--version']);

/** Each call of aws-cli takes a second to start: one story, told in few of them. */
describe.skipIf(!aws)('aws-cli', { timeout: 120_000 }, () => {
  let fb: Fogbank;
  const cli = (...args: string[]): Promise<Ran> => run(aws!, args, clientEnvironment(fb.endpoint));
  const text = async (...args: string[]): Promise<string> => {
    const { status, stdout, stderr } = await cli(...args, '--output', 'text');
    expect(stderr).toBe('');
    expect(status).toBe(0);
    return stdout.trim();
  };

  beforeAll(async () => {
    fb = await fogbank();
  });

  it('launches, waits, describes as text and as a table, and terminates', async () => {
    const image = await text('ec2', 'describe-images', '--owners', 'amazon', '--filters', 'Name=name,Values=al2023-ami-2023*', 'Name=architecture,Values=x86_64', '--query', 'Images[0].ImageId');
    expect(image).toMatch(/^ami-[0-9a-f]{17}$/);
    const id = await text('ec2', 'run-instances', '--image-id', image, '--instance-type', 't3.micro', '--tag-specifications', 'ResourceType=instance,Tags=[{Key=Name,Value=cli}]', '--query', 'Instances[0].InstanceId');
    expect(await text('ec2', 'wait', 'instance-running', '--instance-ids', id)).toBe('');
    expect(await text('ec2', 'describe-instances', '--filters', 'Name=tag:Name,Values=cli', '--query', 'Reservations[].Instances[].[InstanceId,State.Name]')).toBe(`${id}\trunning`);
    const table = await cli('ec2', 'describe-instances', '--instance-ids', id, '--query', 'Reservations[].Instances[].{Id:InstanceId,State:State.Name}', '--output', 'table');
    expect(table.stdout).toContain('DescribeInstances');
    expect(table.stdout).toMatch(new RegExp(`\\|\\s+${id}\\s+\\|\\s+running\\s+\\|`));
    await text('ec2', 'terminate-instances', '--instance-ids', id);
    expect(await text('ec2', 'wait', 'instance-terminated', '--instance-ids', id)).toBe('');
  });

  it('prints AWS errors and says so in its status', async () => {
    const { status, stderr } = await cli('ec2', 'describe-instances', '--instance-ids', 'i-0123456789abcdef0');
    expect(ERROR_STATUS).toContain(status);
    expect(stderr).toContain('An error occurred (InvalidInstanceID.NotFound) when calling the DescribeInstances operation: The instance ID \'i-0123456789abcdef0\' does not exist');
  });

  it('dry-runs', async () => {
    const { status, stderr } = await cli('ec2', 'create-vpc', '--cidr-block', '10.0.0.0/16', '--dry-run');
    expect(ERROR_STATUS).toContain(status);
    expect(stderr).toContain('(DryRunOperation)');
  });

  it('makes a role, waits for it and lists it page by page', async () => {
    const trust = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }] });
    expect(await text('iam', 'create-role', '--role-name', 'cli', '--assume-role-policy-document', trust, '--query', 'Role.Arn')).toBe('arn:aws:iam::123456789012:role/cli');
    expect(await text('iam', 'wait', 'role-exists', '--role-name', 'cli')).toBe('');
    expect(await text('iam', 'list-roles', '--page-size', '1', '--query', 'Roles[].RoleName')).toContain('cli');
    const document = JSON.parse((await cli('iam', 'get-role', '--role-name', 'cli', '--output', 'json')).stdout) as { Role: { AssumeRolePolicyDocument: unknown } };
    expect(document.Role.AssumeRolePolicyDocument).toEqual(JSON.parse(trust));
  });

  it('says who calls', async () => {
    expect(await text('sts', 'get-caller-identity', '--query', '[Account,Arn]')).toBe('123456789012\tarn:aws:iam::123456789012:root');
  });
});
