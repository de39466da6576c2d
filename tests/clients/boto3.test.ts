import { describe, expect, it } from 'vitest';
import { fogbank } from '../support/fogbank.ts';
import { clientEnvironment, program, run } from '../support/programs.ts';

const python = program('python3', 'FOGBANK_TEST_PYTHON', ['-c', 'import boto3']);

/** Resources, paginators, waiters and errors, which the other SDKs do not have in this form. */
const STORY = `
import boto3, json
from botocore.exceptions import ClientError
ec2, client, iam = boto3.resource('ec2'), boto3.client('ec2'), boto3.resource('iam')
said = {}
vpc = ec2.create_vpc(CidrBlock='10.9.0.0/16')
vpc.wait_until_available()
subnet = vpc.create_subnet(CidrBlock='10.9.1.0/24')
group = vpc.create_security_group(GroupName='web', Description='web')
group.authorize_ingress(IpProtocol='tcp', FromPort=443, ToPort=443, CidrIp='0.0.0.0/0')
group.reload()
said['port'] = group.ip_permissions[0]['FromPort']
image = client.describe_images(Owners=['amazon'], Filters=[{'Name': 'name', 'Values': ['al2023-ami-2023*']}, {'Name': 'architecture', 'Values': ['arm64']}])['Images'][0]['ImageId']
made = subnet.create_instances(ImageId=image, InstanceType='t4g.micro', MinCount=3, MaxCount=3, SecurityGroupIds=[group.id])
for instance in made: instance.wait_until_running()
pages = list(client.get_paginator('describe_instances').paginate(Filters=[{'Name': 'vpc-id', 'Values': [vpc.id]}], PaginationConfig={'PageSize': 5}))
said['instances'] = sum(len(r['Instances']) for p in pages for r in p['Reservations'])
said['states'] = sorted({i.state['Name'] for i in vpc.instances.all()})
try: vpc.delete()
except ClientError as e: said['refused'] = e.response['Error']['Code']
try: client.describe_volumes(VolumeIds=['vol-1'])
except ClientError as e: said['malformed'] = [e.response['Error']['Code'], e.response['ResponseMetadata']['HTTPStatusCode']]
for instance in made: instance.terminate()
for instance in made: instance.wait_until_terminated()
group.delete(); subnet.delete(); vpc.delete()
user = iam.create_user(UserName='ada')
key = user.create_access_key_pair()
said['user'] = boto3.client('sts', aws_access_key_id=key.id, aws_secret_access_key=key.secret).get_caller_identity()['Arn']
said['empty'] = client.describe_addresses()['Addresses']
print(json.dumps(said))
`;

describe.skipIf(!python)('boto3', { timeout: 120_000 }, () => {
  it('builds a VPC with instances through resources, and takes it down', async () => {
    const fb = await fogbank();
    const { status, stdout, stderr } = await run(python!, ['-'], clientEnvironment(fb.endpoint), STORY);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      port: 443, instances: 3, states: ['running'], refused: 'DependencyViolation', malformed: ['InvalidParameterValue', 400],
      user: 'arn:aws:iam::123456789012:user/ada', empty: [],
    });
  });
});
