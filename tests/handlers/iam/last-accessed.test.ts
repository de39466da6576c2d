import { DescribeVpcsCommand, EC2Client } from '@aws-sdk/client-ec2';
import {
  AttachUserPolicyCommand, CreateAccessKeyCommand, CreateUserCommand, GenerateServiceLastAccessedDetailsCommand, GetAccessKeyLastUsedCommand, GetServiceLastAccessedDetailsCommand,
  GetServiceLastAccessedDetailsWithEntitiesCommand, ListPoliciesGrantingServiceAccessCommand, PutUserPolicyCommand, UpdateUserCommand,
} from '@aws-sdk/client-iam';
import { beforeAll, describe, expect, it } from 'vitest';
import { fogbank, refusal, type Fogbank } from '../../support/fogbank.ts';

const EC2_READ = 'arn:aws:iam::aws:policy/AmazonEC2ReadOnlyAccess';

describe('last accessed', () => {
  let fb: Fogbank;
  let key: { AccessKeyId?: string; SecretAccessKey?: string };
  const Arn = 'arn:aws:iam::123456789012:user/ada';
  beforeAll(async () => {
    fb = await fogbank();
    await fb.iam.send(new CreateUserCommand({ UserName: 'ada' }));
    await fb.iam.send(new AttachUserPolicyCommand({ UserName: 'ada', PolicyArn: EC2_READ }));
    await fb.iam.send(new PutUserPolicyCommand({ UserName: 'ada', PolicyName: 'queues', PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sqs:*', Resource: '*' }] }) }));
    key = (await fb.iam.send(new CreateAccessKeyCommand({ UserName: 'ada' }))).AccessKey!;
  });

  it('GetAccessKeyLastUsed: says N/A before the first use, and the service and region after it', async () => {
    const before = await fb.iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: key.AccessKeyId! }));
    expect(before).toMatchObject({ UserName: 'ada', AccessKeyLastUsed: { ServiceName: 'N/A', Region: 'N/A' } });
    const ec2 = new EC2Client(fb.config({ region: 'eu-west-1', accessKeyId: key.AccessKeyId!, secretAccessKey: key.SecretAccessKey! }));
    await ec2.send(new DescribeVpcsCommand({}));
    const after = await fb.iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: key.AccessKeyId! }));
    expect(after.AccessKeyLastUsed).toMatchObject({ ServiceName: 'ec2', Region: 'eu-west-1' });
    expect(Math.abs(Date.now() - after.AccessKeyLastUsed!.LastUsedDate!.getTime())).toBeLessThan(60_000);
  });

  it('GetServiceLastAccessedDetails: lists what the policies grant, with what was used', async () => {
    const { JobId } = await fb.iam.send(new GenerateServiceLastAccessedDetailsCommand({ Arn }));
    const { JobStatus, ServicesLastAccessed } = await fb.iam.send(new GetServiceLastAccessedDetailsCommand({ JobId: JobId! }));
    expect(JobStatus).toBe('COMPLETED');
    const of = (namespace: string) => ServicesLastAccessed!.find((s) => s.ServiceNamespace === namespace);
    expect(of('ec2')).toMatchObject({ ServiceName: 'Amazon EC2', TotalAuthenticatedEntities: 1, LastAuthenticatedEntity: Arn, LastAuthenticatedRegion: 'eu-west-1' });
    expect(of('sqs')).toMatchObject({ TotalAuthenticatedEntities: 0 });
    expect(of('s3')).toBeUndefined();
    const { EntityDetailsList } = await fb.iam.send(new GetServiceLastAccessedDetailsWithEntitiesCommand({ JobId: JobId!, ServiceNamespace: 'ec2' }));
    expect(EntityDetailsList).toMatchObject([{ EntityInfo: { Arn, Name: 'ada', Type: 'USER', Path: '/' } }]);
    expect((await refusal(fb.iam.send(new GetServiceLastAccessedDetailsCommand({ JobId: '00000000-0000-0000-0000-000000000000' })))).code).toBe('NoSuchEntity');
  });

  it('GetAccessKeyLastUsed: names the user as they are called now', async () => {
    await fb.iam.send(new CreateUserCommand({ UserName: 'before' }));
    const { AccessKey } = await fb.iam.send(new CreateAccessKeyCommand({ UserName: 'before' }));
    await fb.iam.send(new UpdateUserCommand({ UserName: 'before', NewUserName: 'after' }));
    expect((await fb.iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: AccessKey!.AccessKeyId! }))).UserName).toBe('after');
  });

  it('ListPoliciesGrantingServiceAccess: names managed and inline policies', async () => {
    const { PoliciesGrantingServiceAccess } = await fb.iam.send(new ListPoliciesGrantingServiceAccessCommand({ Arn, ServiceNamespaces: ['ec2', 'sqs', 's3'] }));
    expect(PoliciesGrantingServiceAccess).toEqual([
      { ServiceNamespace: 'ec2', Policies: [{ PolicyName: 'AmazonEC2ReadOnlyAccess', PolicyType: 'MANAGED', PolicyArn: EC2_READ }] },
      { ServiceNamespace: 'sqs', Policies: [{ PolicyName: 'queues', PolicyType: 'INLINE', EntityType: 'USER', EntityName: 'ada' }] },
      { ServiceNamespace: 's3', Policies: [] },
    ]);
  });
});
