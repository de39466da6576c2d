// A small story through the real SDK, against a Fogbank of its own. Prints what happened as a table.
import {
  AllocateAddressCommand, AssociateAddressCommand, AttachInternetGatewayCommand, AuthorizeSecurityGroupIngressCommand, CreateInternetGatewayCommand, CreateSecurityGroupCommand, CreateSubnetCommand,
  CreateVolumeCommand, CreateVpcCommand, DeleteSecurityGroupCommand, DescribeImagesCommand, DescribeInstancesCommand, EC2Client, RunInstancesCommand, TerminateInstancesCommand,
  waitUntilInstanceRunning, waitUntilInstanceTerminated,
} from '@aws-sdk/client-ec2';
import { CreateAccessKeyCommand, CreateUserCommand, IAMClient } from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { startFogbank } from './fogbank-process.mjs';

const fogbank = await startFogbank({ log: 'silent' });
const config = { endpoint: fogbank.endpoint, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
const ec2 = new EC2Client(config);
const rows = [];
const step = async (what, call, show) => {
  const began = performance.now();
  let outcome;
  let answer;
  try {
    answer = await call();
    outcome = show(answer);
  } catch (error) {
    if (!error.$metadata) throw error;
    outcome = `refused: ${error.name}`;
  }
  rows.push([what, outcome, `${(performance.now() - began).toFixed(0)} ms`]);
  return answer;
};

try {
  await step('who am I', () => new STSClient(config).send(new GetCallerIdentityCommand({})), (a) => a.Arn);
  const { Vpc } = await step('create a VPC', () => ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' })), (a) => `${a.Vpc.VpcId} ${a.Vpc.CidrBlock}`);
  await step('a subnet that does not fit', () => ec2.send(new CreateSubnetCommand({ VpcId: Vpc.VpcId, CidrBlock: '10.1.0.0/24' })), (a) => a.Subnet.SubnetId);
  const { Subnet } = await step('one that does', () => ec2.send(new CreateSubnetCommand({ VpcId: Vpc.VpcId, CidrBlock: '10.0.1.0/24' })), (a) => `${a.Subnet.SubnetId} with ${a.Subnet.AvailableIpAddressCount} addresses`);
  const { InternetGateway } = await step('an internet gateway', () => ec2.send(new CreateInternetGatewayCommand({})), (a) => a.InternetGateway.InternetGatewayId);
  await ec2.send(new AttachInternetGatewayCommand({ VpcId: Vpc.VpcId, InternetGatewayId: InternetGateway.InternetGatewayId }));
  const group = await step('a security group', () => ec2.send(new CreateSecurityGroupCommand({ VpcId: Vpc.VpcId, GroupName: 'web', Description: 'web' })), (a) => a.GroupId);
  await step('let HTTPS in', () => ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId: group.GroupId, IpPermissions: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }] })), (a) => a.SecurityGroupRules[0].SecurityGroupRuleId);
  const { Images } = await ec2.send(new DescribeImagesCommand({ Owners: ['amazon'], Filters: [{ Name: 'name', Values: ['al2023-ami-2023*-x86_64'] }] }));
  const ImageId = Images.sort((a, b) => b.CreationDate.localeCompare(a.CreationDate))[0].ImageId;
  await step('an arm64 type on an x86_64 image', () => ec2.send(new RunInstancesCommand({ ImageId, InstanceType: 't4g.micro', MinCount: 1, MaxCount: 1, SubnetId: Subnet.SubnetId })), () => 'launched');
  const run = await step('run an instance', () => ec2.send(new RunInstancesCommand({ ImageId, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1, SubnetId: Subnet.SubnetId, SecurityGroupIds: [group.GroupId] })), (a) => `${a.Instances[0].InstanceId} ${a.Instances[0].State.Name}`);
  const InstanceId = run.Instances[0].InstanceId;
  await step('wait for it', () => waitUntilInstanceRunning({ client: ec2, maxWaitTime: 30, minDelay: 1 }, { InstanceIds: [InstanceId] }), () => 'running');
  const { AllocationId } = await step('an Elastic IP', () => ec2.send(new AllocateAddressCommand({ Domain: 'vpc' })), (a) => a.PublicIp);
  await ec2.send(new AssociateAddressCommand({ AllocationId, InstanceId }));
  await step('describe it', () => ec2.send(new DescribeInstancesCommand({ InstanceIds: [InstanceId] })), (a) => `${a.Reservations[0].Instances[0].PrivateIpAddress} / ${a.Reservations[0].Instances[0].PublicIpAddress}`);
  await step('a volume with impossible IOPS', () => ec2.send(new CreateVolumeCommand({ AvailabilityZone: 'us-east-1a', Size: 10, VolumeType: 'gp3', Iops: 100000 })), (a) => a.VolumeId);
  await step('delete the group in use', () => ec2.send(new DeleteSecurityGroupCommand({ GroupId: group.GroupId })), () => 'deleted');
  await step('terminate the instance', () => ec2.send(new TerminateInstancesCommand({ InstanceIds: [InstanceId] })), (a) => a.TerminatingInstances[0].CurrentState.Name);
  await step('wait for that', () => waitUntilInstanceTerminated({ client: ec2, maxWaitTime: 30, minDelay: 1 }, { InstanceIds: [InstanceId] }), () => 'terminated');
  await step('delete the group now', () => ec2.send(new DeleteSecurityGroupCommand({ GroupId: group.GroupId })), () => 'deleted');
  const iam = new IAMClient(config);
  await step('create a user', () => iam.send(new CreateUserCommand({ UserName: 'ada' })), (a) => a.User.Arn);
  const { AccessKey } = await step('with an access key', () => iam.send(new CreateAccessKeyCommand({ UserName: 'ada' })), (a) => a.AccessKey.AccessKeyId);
  const credentials = { accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey };
  await step('who is she', () => new STSClient({ ...config, credentials }).send(new GetCallerIdentityCommand({})), (a) => a.Arn);
  await step('with a wrong secret', () => new STSClient({ ...config, credentials: { ...credentials, secretAccessKey: 'wrong' } }).send(new GetCallerIdentityCommand({})), (a) => a.Arn);
} finally {
  await fogbank.stop();
}

const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column].length)));
for (const row of rows) console.log(`  ${row[0].padEnd(widths[0])}  ${row[1].padEnd(widths[1])}  ${row[2].padStart(widths[2])}`);
