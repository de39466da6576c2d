import { beforeAll, describe, expect, it } from 'vitest';
import { call } from '../../laws/samples/index.ts';
import { fogbank, refusal, type Fogbank } from '../../support/fogbank.ts';

let fb: Fogbank;
let VpcId: string;
let SubnetId: string;
const go = (operation: string, input: Record<string, unknown> = {}) => call(fb, operation, input);
const eni = async () => (await go('CreateNetworkInterface', { SubnetId })).NetworkInterface.NetworkInterfaceId as string;

beforeAll(async () => {
  fb = await fogbank();
  VpcId = (await go('CreateVpc', { CidrBlock: '10.0.0.0/16' })).Vpc.VpcId;
  SubnetId = (await go('CreateSubnet', { VpcId, CidrBlock: '10.0.1.0/24' })).Subnet.SubnetId;
});

const s3 = { LogDestinationType: 's3', LogDestination: 'arn:aws:s3:::logs' };

describe('flow logs', () => {
  it('are made one for each resource; one that is there already is told beside them', async () => {
    const interfaces = [await eni(), await eni()];
    const first = await go('CreateFlowLogs', { ResourceType: 'NetworkInterface', ResourceIds: [interfaces[0]], TrafficType: 'REJECT', ...s3 });
    const both = await go('CreateFlowLogs', { ResourceType: 'NetworkInterface', ResourceIds: interfaces, TrafficType: 'REJECT', ...s3 });
    expect(both.FlowLogIds).toHaveLength(1);
    expect(both.Unsuccessful).toMatchObject([{ ResourceId: interfaces[0], Error: { Code: 'FlowLogAlreadyExists' } }]);
    const [log] = (await go('DescribeFlowLogs', { FlowLogIds: first.FlowLogIds })).FlowLogs;
    expect(log).toMatchObject({ FlowLogStatus: 'ACTIVE', ResourceId: interfaces[0], TrafficType: 'REJECT', MaxAggregationInterval: 600, LogFormat: expect.stringMatching(/^\$\{version\} \$\{account-id\}/), DestinationOptions: { FileFormat: 'plain-text', HiveCompatiblePartitions: false } });
    expect((await go('DescribeFlowLogs', { Filter: [{ Name: 'resource-id', Values: [interfaces[1]] }, { Name: 'traffic-type', Values: ['REJECT'] }] })).FlowLogs).toHaveLength(1);
    await go('DeleteNetworkInterface', { NetworkInterfaceId: interfaces[0] });
    expect((await refusal(go('DescribeFlowLogs', { FlowLogIds: first.FlowLogIds }))).code).toBe('InvalidFlowLogId.NotFound');
    expect((await go('DeleteFlowLogs', { FlowLogIds: [both.FlowLogIds[0], 'fl-00000000000000000'] })).Unsuccessful).toMatchObject([{ ResourceId: 'fl-00000000000000000', Error: { Code: 'InvalidFlowLogId.NotFound' } }]);
  });

  it('to CloudWatch Logs name a group and a role', async () => {
    const { FlowLogIds } = await go('CreateFlowLogs', { ResourceType: 'VPC', ResourceIds: [VpcId], TrafficType: 'ALL', LogGroupName: 'flow', DeliverLogsPermissionArn: 'arn:aws:iam::123456789012:role/flow', MaxAggregationInterval: 60 });
    expect((await go('DescribeFlowLogs', { FlowLogIds })).FlowLogs).toMatchObject([{ LogGroupName: 'flow', LogDestination: 'arn:aws:logs:us-east-1:123456789012:log-group:flow', LogDestinationType: 'cloud-watch-logs', MaxAggregationInterval: 60 }]);
  });

  it.each([
    ['a resource that does not exist', { ResourceType: 'VPC', ResourceIds: ['vpc-00000000000000000'], TrafficType: 'ALL', ...s3 }, 'InvalidVpcID.NotFound'],
    ['no traffic type', { ResourceType: 'VPC', ResourceIds: ['vpc-00000000000000000'], ...s3 }, 'MissingParameter'],
    ['no role for CloudWatch Logs', { ResourceType: 'VPC', ResourceIds: ['vpc-00000000000000000'], TrafficType: 'ALL', LogGroupName: 'g' }, 'InvalidParameter'],
    ['a bucket that is none', { ResourceType: 'VPC', ResourceIds: ['vpc-00000000000000000'], TrafficType: 'ALL', ...s3, LogDestination: 'logs' }, 'InvalidParameter'],
    ['another interval', { ResourceType: 'VPC', ResourceIds: ['vpc-00000000000000000'], TrafficType: 'ALL', ...s3, MaxAggregationInterval: 300 }, 'InvalidParameter'],
  ])('refuse %s', async (_what, input, code) => {
    expect(await refusal(go('CreateFlowLogs', input))).toMatchObject({ code, status: 400 });
  });
});

describe('traffic mirroring', () => {
  const rule = (TrafficMirrorFilterId: string, over: object = {}) => go('CreateTrafficMirrorFilterRule', { TrafficMirrorFilterId, TrafficDirection: 'ingress', RuleNumber: 10, RuleAction: 'accept', SourceCidrBlock: '10.0.0.0/8', DestinationCidrBlock: '0.0.0.0/0', ...over });

  it('filters show their rules in order, change their services, and stay while a session has them', async () => {
    const { TrafficMirrorFilterId } = (await go('CreateTrafficMirrorFilter', { Description: 'all' })).TrafficMirrorFilter;
    await rule(TrafficMirrorFilterId, { RuleNumber: 20 });
    const { TrafficMirrorFilterRuleId } = (await rule(TrafficMirrorFilterId, { Protocol: 6, DestinationPortRange: { FromPort: 80, ToPort: 80 } })).TrafficMirrorFilterRule;
    await rule(TrafficMirrorFilterId, { TrafficDirection: 'egress' });
    await go('ModifyTrafficMirrorFilterNetworkServices', { TrafficMirrorFilterId, AddNetworkServices: ['amazon-dns'] });
    const [filter] = (await go('DescribeTrafficMirrorFilters', { TrafficMirrorFilterIds: [TrafficMirrorFilterId] })).TrafficMirrorFilters;
    expect(filter.IngressFilterRules.map((r: { RuleNumber: number }) => r.RuleNumber)).toEqual([10, 20]);
    expect(filter).toMatchObject({ NetworkServices: ['amazon-dns'], EgressFilterRules: [{ RuleNumber: 10 }] });
    expect(await refusal(rule(TrafficMirrorFilterId))).toMatchObject({ code: 'TrafficMirrorFilterRuleAlreadyExists' });
    expect(await refusal(go('ModifyTrafficMirrorFilterRule', { TrafficMirrorFilterRuleId, RemoveFields: ['protocol'] }))).toMatchObject({ code: 'InvalidParameterCombination' });
    expect((await go('ModifyTrafficMirrorFilterRule', { TrafficMirrorFilterRuleId, RemoveFields: ['protocol', 'destination-port-range'], RuleNumber: 30 })).TrafficMirrorFilterRule).toEqual(expect.not.objectContaining({ Protocol: 6 }));
    const NetworkInterfaceId = await eni();
    const { TrafficMirrorTargetId } = (await go('CreateTrafficMirrorTarget', { NetworkInterfaceId: await eni() })).TrafficMirrorTarget;
    const session = (SessionNumber: number) => go('CreateTrafficMirrorSession', { NetworkInterfaceId, TrafficMirrorTargetId, TrafficMirrorFilterId, SessionNumber });
    const { TrafficMirrorSessionId, VirtualNetworkId } = (await session(1)).TrafficMirrorSession;
    expect(VirtualNetworkId).toBeGreaterThanOrEqual(0);
    expect(await refusal(session(1))).toMatchObject({ code: 'TrafficMirrorSessionNumberAlreadyInUse' });
    await session(2);
    await session(3);
    expect(await refusal(session(4))).toMatchObject({ code: 'TrafficMirrorSessionsPerInterfaceLimitExceeded' });
    expect(await refusal(go('ModifyTrafficMirrorSession', { TrafficMirrorSessionId, SessionNumber: 2 }))).toMatchObject({ code: 'TrafficMirrorSessionNumberAlreadyInUse' });
    expect(await refusal(go('DeleteTrafficMirrorFilter', { TrafficMirrorFilterId }))).toMatchObject({ code: 'TrafficMirrorFilterInUse' });
    expect(await refusal(go('DeleteTrafficMirrorTarget', { TrafficMirrorTargetId }))).toMatchObject({ code: 'TrafficMirrorTargetInUseException' });
    await go('DeleteNetworkInterface', { NetworkInterfaceId });
    expect((await go('DescribeTrafficMirrorSessions')).TrafficMirrorSessions).toEqual([]);
    expect(await go('DeleteTrafficMirrorFilter', { TrafficMirrorFilterId })).toMatchObject({ TrafficMirrorFilterId });
    expect((await go('DescribeTrafficMirrorFilterRules', {})).TrafficMirrorFilterRules).toEqual([]);
  });

  it.each([
    ['CreateTrafficMirrorTarget', {}, 'InvalidParameterCombination'],
    ['CreateTrafficMirrorTarget', { NetworkLoadBalancerArn: 'arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/a/1' }, 'InvalidParameterValue'],
    ['CreateTrafficMirrorSession', { NetworkInterfaceId: 'eni-00000000000000000', TrafficMirrorTargetId: 'tmt-00000000000000000', TrafficMirrorFilterId: 'tmf-00000000000000000', SessionNumber: 1 }, 'InvalidNetworkInterfaceID.NotFound'],
    ['CreateTrafficMirrorFilterRule', { TrafficMirrorFilterId: 'tmf-00000000000000000', TrafficDirection: 'ingress', RuleNumber: 1, RuleAction: 'accept', SourceCidrBlock: '10.0.0.0/8', DestinationCidrBlock: '0.0.0.0/0' }, 'InvalidTrafficMirrorFilterId.NotFound'],
  ])('%s: refuses %j', async (operation, input, code) => {
    expect(await refusal(go(operation, input))).toMatchObject({ code, status: 400 });
  });
});
