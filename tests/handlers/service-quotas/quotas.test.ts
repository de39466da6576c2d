import { AllocateAddressCommand, CreateSubnetCommand, CreateVpcCommand, DeleteVpcCommand, DescribeImagesCommand, EC2Client, RunInstancesCommand, StartInstancesCommand, StopInstancesCommand } from '@aws-sdk/client-ec2';
import { AttachRolePolicyCommand, CreateGroupCommand, CreateRoleCommand } from '@aws-sdk/client-iam';
import {
  AssociateServiceQuotaTemplateCommand, CreateSupportCaseCommand, DeleteServiceQuotaIncreaseRequestFromTemplateCommand, DisassociateServiceQuotaTemplateCommand, GetAssociationForServiceQuotaTemplateCommand,
  GetAutoManagementConfigurationCommand, GetAWSDefaultServiceQuotaCommand, GetQuotaUtilizationReportCommand, GetRequestedServiceQuotaChangeCommand, GetServiceQuotaCommand, GetServiceQuotaIncreaseRequestFromTemplateCommand,
  ListAWSDefaultServiceQuotasCommand, ListRequestedServiceQuotaChangeHistoryByQuotaCommand, ListRequestedServiceQuotaChangeHistoryCommand, ListServiceQuotaIncreaseRequestsInTemplateCommand, ListServiceQuotasCommand, ListServicesCommand,
  ListTagsForResourceCommand, PutServiceQuotaIncreaseRequestIntoTemplateCommand, RequestServiceQuotaIncreaseCommand, ServiceQuotasClient, StartAutoManagementCommand, StartQuotaUtilizationReportCommand, StopAutoManagementCommand,
  TagResourceCommand, UntagResourceCommand, UpdateAutoManagementCommand,
} from '@aws-sdk/client-service-quotas';
import { describe, expect, it } from 'vitest';
import { fogbank, refusal, type Fogbank } from '../../support/fogbank.ts';

const VPCS = { ServiceCode: 'vpc', QuotaCode: 'L-F678F1CE' };
const client = (fb: Fogbank, region = 'us-east-1') => new ServiceQuotasClient(fb.config({ region }));
const vpc = (fb: Fogbank, n: number) => fb.ec2.send(new CreateVpcCommand({ CidrBlock: `10.${n}.0.0/16` }));
const advance = (fb: Fogbank, by: string) => fetch(`${fb.endpoint}/_fogbank/clock/advance`, { method: 'POST', body: JSON.stringify({ by }), headers: { 'content-type': 'application/json' } });

describe('what is refused', () => {
  it('is the sixth VPC of a region, until one goes or the quota is raised', async () => {
    const fb = await fogbank({ quotas: 'enforce' });
    const made = [];
    for (let n = 1; n <= 4; n++) made.push((await vpc(fb, n)).Vpc!.VpcId!);
    expect(await refusal(vpc(fb, 5))).toEqual({ code: 'VpcLimitExceeded', message: 'The maximum number of VPCs has been reached.', status: 400 });
    expect((await new EC2Client(fb.config({ region: 'eu-west-1' })).send(new CreateVpcCommand({ CidrBlock: '10.5.0.0/16' }))).Vpc).toBeDefined();
    await fb.ec2.send(new DeleteVpcCommand({ VpcId: made[0] }));
    await vpc(fb, 5);
    await client(fb).send(new RequestServiceQuotaIncreaseCommand({ ...VPCS, DesiredValue: 6 }));
    await vpc(fb, 6);
    expect(await refusal(vpc(fb, 7))).toMatchObject({ code: 'VpcLimitExceeded' });
  });

  it.each([
    ['addresses', async (fb: Fogbank) => { for (let n = 0; n < 6; n++) await fb.ec2.send(new AllocateAddressCommand({})); }, 'AddressLimitExceeded', 'The maximum number of addresses has been reached.'],
    ['groups of an account', async (fb: Fogbank) => { for (let n = 0; n < 301; n++) await fb.iam.send(new CreateGroupCommand({ GroupName: `g${n}` })); }, 'LimitExceeded', 'Cannot exceed quota for GroupsPerAccount: 300'],
    ['policies of a role', async (fb: Fogbank) => {
      await fb.iam.send(new CreateRoleCommand({ RoleName: 'r', AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }] }) }));
      for (const name of ['AmazonEC2FullAccess', 'AmazonEC2ReadOnlyAccess', 'AmazonS3FullAccess', 'AmazonS3ReadOnlyAccess', 'IAMFullAccess', 'IAMReadOnlyAccess', 'AmazonVPCFullAccess', 'AmazonVPCReadOnlyAccess', 'AmazonSQSFullAccess', 'AmazonSQSReadOnlyAccess', 'AmazonSNSFullAccess']) {
        await fb.iam.send(new AttachRolePolicyCommand({ RoleName: 'r', PolicyArn: `arn:aws:iam::aws:policy/${name}` }));
      }
    }, 'LimitExceeded', 'Cannot exceed quota for PoliciesPerRole: 10'],
    ['CIDR blocks outside of a subnet', async (fb: Fogbank) => {
      const VpcId = (await vpc(fb, 1)).Vpc!.VpcId;
      for (let n = 0; n < 201; n++) await fb.ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock: `10.1.${n}.0/24` }));
    }, 'SubnetLimitExceeded', 'The maximum number of subnets has been reached.'],
  ])('is more than the quota of %s', async (_what, exceed, code, message) => {
    const fb = await fogbank({ quotas: 'enforce' });
    expect(await refusal(exceed(fb))).toMatchObject({ code, message });
  });

  it('is more running vCPUs than the quota, while stopped instances count nothing; a launch takes what there is room for', async () => {
    const fb = await fogbank({ quotas: 'enforce' });
    const ImageId = (await fb.ec2.send(new DescribeImagesCommand({ Owners: ['amazon'], Filters: [{ Name: 'name', Values: ['al2023-ami-2023*'] }, { Name: 'architecture', Values: ['x86_64'] }] }))).Images![0]!.ImageId!;
    const run = (InstanceType: 'm5.24xlarge' | 'm5.large', MinCount: number, MaxCount = MinCount) => fb.ec2.send(new RunInstancesCommand({ ImageId, InstanceType, MinCount, MaxCount }));
    // 1,152 vCPUs are twelve of 96.
    expect((await run('m5.24xlarge', 5, 13)).Instances).toHaveLength(12);
    expect(await refusal(run('m5.large', 1))).toMatchObject({ code: 'VcpuLimitExceeded', message: expect.stringContaining('current vCPU limit of 1152 allows') });
    const ids = (await fb.machine.store.page({ account: '123456789012', region: 'us-east-1', kind: 'ec2:instance' }, 0, 1)).map((row) => row.id);
    await fb.ec2.send(new StopInstancesCommand({ InstanceIds: ids }));
    expect((await run('m5.large', 1)).Instances).toHaveLength(1);
    expect(await refusal(fb.ec2.send(new StartInstancesCommand({ InstanceIds: ids })))).toMatchObject({ code: 'VcpuLimitExceeded' });
  });

  it('is nothing with --quotas off, where the quotas are shown all the same', async () => {
    const fb = await fogbank();
    for (let n = 1; n <= 8; n++) await vpc(fb, n);
    expect((await client(fb).send(new GetServiceQuotaCommand(VPCS))).Quota!.Value).toBe(5);
  });
});

describe('Service Quotas', () => {
  it('lists services, defaults and what is applied, in pages', async () => {
    const fb = await fogbank();
    const sq = client(fb);
    expect((await sq.send(new ListServicesCommand({}))).Services!.map((s) => s.ServiceCode)).toEqual(['ebs', 'ec2', 'iam', 'vpc']);
    const all = (await sq.send(new ListAWSDefaultServiceQuotasCommand({ ServiceCode: 'vpc' }))).Quotas!;
    const codes: string[] = [];
    let NextToken: string | undefined;
    do {
      const page = await sq.send(new ListServiceQuotasCommand({ ServiceCode: 'vpc', MaxResults: 7, NextToken }));
      codes.push(...page.Quotas!.map((q) => q.QuotaCode!));
      NextToken = page.NextToken;
    } while (NextToken);
    expect(codes).toEqual(all.map((q) => q.QuotaCode));
    expect((await sq.send(new GetAWSDefaultServiceQuotaCommand(VPCS))).Quota).toMatchObject({ QuotaName: 'VPCs per Region', Value: 5, Adjustable: true, GlobalQuota: false, QuotaArn: 'arn:aws:servicequotas:us-east-1::vpc/L-F678F1CE' });
    expect((await sq.send(new GetServiceQuotaCommand(VPCS))).Quota).toMatchObject({ Value: 5, QuotaArn: 'arn:aws:servicequotas:us-east-1:123456789012:vpc/L-F678F1CE', QuotaAppliedAtLevel: 'ACCOUNT' });
    expect(await refusal(sq.send(new ListServiceQuotasCommand({ ServiceCode: 'nothing' })))).toMatchObject({ code: 'NoSuchResourceException' });
    expect(await refusal(sq.send(new GetServiceQuotaCommand({ ...VPCS, QuotaCode: 'L-00000000' })))).toMatchObject({ code: 'NoSuchResourceException' });
    expect(await refusal(sq.send(new ListServiceQuotasCommand({ ServiceCode: 'vpc', NextToken: 'bm9uc2Vuc2U' })))).toMatchObject({ code: 'InvalidPaginationTokenException' });
  });

  it('grants a request as time passes, and applies it there and nowhere else', async () => {
    const fb = await fogbank({ pace: 'realistic' });
    const sq = client(fb);
    const { RequestedQuota } = await sq.send(new RequestServiceQuotaIncreaseCommand({ ...VPCS, DesiredValue: 20 }));
    expect(RequestedQuota).toMatchObject({ Status: 'PENDING', DesiredValue: 20, QuotaName: 'VPCs per Region' });
    expect(await refusal(sq.send(new RequestServiceQuotaIncreaseCommand({ ...VPCS, DesiredValue: 30 })))).toMatchObject({ code: 'ResourceAlreadyExistsException' });
    await sq.send(new CreateSupportCaseCommand({ RequestId: RequestedQuota!.Id }));
    expect((await sq.send(new GetRequestedServiceQuotaChangeCommand({ RequestId: RequestedQuota!.Id }))).RequestedQuota).toMatchObject({ Status: 'CASE_OPENED', CaseId: expect.stringMatching(/^\d{12}$/) });
    await advance(fb, '15m');
    expect((await sq.send(new GetServiceQuotaCommand(VPCS))).Quota!.Value).toBe(20);
    expect((await client(fb, 'eu-west-1').send(new GetServiceQuotaCommand(VPCS))).Quota!.Value).toBe(5);
    expect((await sq.send(new ListRequestedServiceQuotaChangeHistoryCommand({ Status: 'APPROVED' }))).RequestedQuotas).toMatchObject([{ Id: RequestedQuota!.Id }]);
    expect((await sq.send(new ListRequestedServiceQuotaChangeHistoryByQuotaCommand({ ServiceCode: 'vpc', QuotaCode: 'L-A4707A72' }))).RequestedQuotas).toEqual([]);
    expect(await refusal(sq.send(new CreateSupportCaseCommand({ RequestId: RequestedQuota!.Id })))).toMatchObject({ code: 'ResourceAlreadyExistsException' });
  });

  it.each([
    ['less than there is', { ...VPCS, DesiredValue: 5 }, 'IllegalArgumentException', 'You must provide a quota value greater than the current quota value.'],
    ['what cannot be adjusted', { ServiceCode: 'iam', QuotaCode: 'L-F55AF5E4', DesiredValue: 6000 }, 'IllegalArgumentException', 'The request failed because the specified quota is not adjustable.'],
    ['what is no quota', { ServiceCode: 'vpc', QuotaCode: 'L-00000000', DesiredValue: 9 }, 'NoSuchResourceException', 'The requested quota does not exist.'],
  ])('refuses a request for %s', async (_what, input, code, message) => {
    const fb = await fogbank();
    expect(await refusal(client(fb).send(new RequestServiceQuotaIncreaseCommand(input)))).toEqual({ code, message, status: 400 });
    expect((await client(fb).send(new ListRequestedServiceQuotaChangeHistoryCommand({}))).RequestedQuotas).toEqual([]);
  });

  it('applies a global quota wherever it was asked for', async () => {
    const fb = await fogbank({ quotas: 'enforce' });
    const roles = { ServiceCode: 'iam', QuotaCode: 'L-FE177D64' };
    await client(fb, 'eu-west-1').send(new RequestServiceQuotaIncreaseCommand({ ...roles, DesiredValue: 2000 }));
    expect((await client(fb).send(new GetServiceQuotaCommand(roles))).Quota).toMatchObject({ Value: 2000, GlobalQuota: true });
  });

  it('keeps a template of the organization in its home region', async () => {
    const fb = await fogbank();
    const sq = client(fb);
    const item = { ...VPCS, AwsRegion: 'eu-west-1' };
    expect(await refusal(client(fb, 'eu-west-1').send(new AssociateServiceQuotaTemplateCommand({})))).toMatchObject({ code: 'TemplatesNotAvailableInRegionException' });
    expect(await refusal(sq.send(new DisassociateServiceQuotaTemplateCommand({})))).toMatchObject({ code: 'ServiceQuotaTemplateNotInUseException' });
    await sq.send(new AssociateServiceQuotaTemplateCommand({}));
    expect((await sq.send(new GetAssociationForServiceQuotaTemplateCommand({}))).ServiceQuotaTemplateAssociationStatus).toBe('ASSOCIATED');
    await sq.send(new PutServiceQuotaIncreaseRequestIntoTemplateCommand({ ...item, DesiredValue: 30 }));
    await sq.send(new PutServiceQuotaIncreaseRequestIntoTemplateCommand({ ...item, DesiredValue: 40 }));
    expect((await sq.send(new ListServiceQuotaIncreaseRequestsInTemplateCommand({ AwsRegion: 'eu-west-1' }))).ServiceQuotaIncreaseRequestInTemplateList).toMatchObject([{ DesiredValue: 40 }]);
    expect((await sq.send(new GetServiceQuotaIncreaseRequestFromTemplateCommand(item))).ServiceQuotaIncreaseRequestInTemplate).toMatchObject({ QuotaName: 'VPCs per Region', AwsRegion: 'eu-west-1' });
    await sq.send(new DeleteServiceQuotaIncreaseRequestFromTemplateCommand(item));
    expect(await refusal(sq.send(new DeleteServiceQuotaIncreaseRequestFromTemplateCommand(item)))).toMatchObject({ code: 'NoSuchResourceException' });
    await sq.send(new DisassociateServiceQuotaTemplateCommand({}));
    expect((await sq.send(new GetAssociationForServiceQuotaTemplateCommand({}))).ServiceQuotaTemplateAssociationStatus).toBe('DISASSOCIATED');
  });

  it('reports how much of each quota is used', async () => {
    const fb = await fogbank({ pace: 'realistic' });
    const sq = client(fb);
    await vpc(fb, 1);
    const { ReportId, Status } = await sq.send(new StartQuotaUtilizationReportCommand({}));
    expect(Status).toBe('IN_PROGRESS');
    expect((await sq.send(new GetQuotaUtilizationReportCommand({ ReportId }))).Quotas).toBeUndefined();
    await advance(fb, '10s');
    const report = await sq.send(new GetQuotaUtilizationReportCommand({ ReportId, MaxResults: 3 }));
    expect(report).toMatchObject({ Status: 'COMPLETED', NextToken: expect.any(String) });
    expect(report.Quotas![0]).toMatchObject({ QuotaCode: 'L-F678F1CE', Utilization: 40, AppliedValue: 5, DefaultValue: 5 });
    expect(report.TotalCount).toBeGreaterThan(10);
    expect(await refusal(sq.send(new GetQuotaUtilizationReportCommand({ ReportId: 'none' })))).toMatchObject({ code: 'NoSuchResourceException' });
  });

  it('remembers how an account wants to be told', async () => {
    const fb = await fogbank();
    const sq = client(fb);
    expect(await sq.send(new GetAutoManagementConfigurationCommand({}))).toMatchObject({ OptInStatus: 'DISABLED' });
    expect(await refusal(sq.send(new StopAutoManagementCommand({})))).toMatchObject({ code: 'NoSuchResourceException' });
    await sq.send(new StartAutoManagementCommand({ OptInLevel: 'ACCOUNT', OptInType: 'NotifyOnly', ExclusionList: { vpc: ['L-F678F1CE'] } }));
    await sq.send(new UpdateAutoManagementCommand({ OptInType: 'NotifyAndAdjust' }));
    expect(await sq.send(new GetAutoManagementConfigurationCommand({}))).toMatchObject({ OptInStatus: 'ENABLED', OptInType: 'NotifyAndAdjust', ExclusionList: { vpc: [{ QuotaCode: 'L-F678F1CE', QuotaName: 'VPCs per Region' }] } });
    expect(await refusal(sq.send(new StartAutoManagementCommand({ OptInLevel: 'ACCOUNT', OptInType: 'NotifyOnly' })))).toMatchObject({ code: 'IllegalArgumentException' });
    expect(await refusal(sq.send(new UpdateAutoManagementCommand({ ExclusionList: { vpc: ['L-00000000'] } })))).toMatchObject({ code: 'NoSuchResourceException' });
    await sq.send(new StopAutoManagementCommand({}));
    expect(await sq.send(new GetAutoManagementConfigurationCommand({}))).toMatchObject({ OptInStatus: 'DISABLED' });
  });

  it('tags applied quotas', async () => {
    const fb = await fogbank();
    const sq = client(fb);
    const ResourceARN = 'arn:aws:servicequotas:us-east-1:123456789012:vpc/L-F678F1CE';
    await sq.send(new TagResourceCommand({ ResourceARN, Tags: [{ Key: 'team', Value: 'net' }, { Key: 'stage', Value: 'a' }] }));
    await sq.send(new UntagResourceCommand({ ResourceARN, TagKeys: ['stage'] }));
    expect((await sq.send(new ListTagsForResourceCommand({ ResourceARN }))).Tags).toEqual([{ Key: 'team', Value: 'net' }]);
    expect((await sq.send(new GetServiceQuotaCommand(VPCS))).Quota!.Value).toBe(5);
    expect(await refusal(sq.send(new TagResourceCommand({ ResourceARN: ResourceARN.replace('F678F1CE', '00000000'), Tags: [{ Key: 'a', Value: 'b' }] })))).toMatchObject({ code: 'NoSuchResourceException' });
  });
});
