import type { FlowLog } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { AwsError, describes, resource, specifiedTags, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';

export type StoredFlowLog = Wire<FlowLog>;

/** https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs.html */
export const flowLogs = resource<StoredFlowLog>({
  service: 'ec2',
  kind: 'vpc-flow-log',
  shape: 'FlowLog',
  id: { member: 'FlowLogId', prefix: 'fl' },
  notFound: (ids) => new AwsError('InvalidFlowLogId.NotFound', `The flow log ID '${ids.join(', ')}' does not exist`),
  malformed: errors.malformedParameter('flowLogId', 'fl'),
  // What is watched takes its flow logs along.
  references: Object.fromEntries(['vpc', 'subnet', 'network-interface', 'transit-gateway', 'transit-gateway-attachment'].map((kind) => [`$.${kind}`, { kind: `ec2:${kind}`, onDelete: 'cascade' as const }])),
  filters: { 'deliver-log-status': 'DeliverLogsStatus' },
});

type Input = Ec2Operations['CreateFlowLogs']['input'];
type Kept = StoredFlowLog & { $: Record<string, string> };

const KINDS: Readonly<Record<string, string>> = { VPC: 'vpc', Subnet: 'subnet', NetworkInterface: 'network-interface', TransitGateway: 'transit-gateway', TransitGatewayAttachment: 'transit-gateway-attachment' };
const DEFAULT_FORMAT = '${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} ${protocol} ${packets} ${bytes} ${start} ${end} ${action} ${log-status}';
const TRANSIT_FORMAT = '${version} ${resource-type} ${account-id} ${tgw-id} ${tgw-attachment-id} ${tgw-src-vpc-account-id} ${tgw-dst-vpc-account-id} ${tgw-src-vpc-id} ${tgw-dst-vpc-id} ${tgw-src-subnet-id} ${tgw-dst-subnet-id} ${tgw-src-eni} ${tgw-dst-eni} ${tgw-src-az-id} ${tgw-dst-az-id} ${tgw-pair-attachment-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} ${protocol} ${packets} ${bytes} ${start} ${end} ${log-status} ${type} ${packets-lost-no-route} ${packets-lost-blackhole} ${packets-lost-mtu-exceeded} ${packets-lost-ttl-expired} ${tcp-flags} ${region} ${flow-direction} ${pkt-src-aws-service} ${pkt-dst-aws-service}';

/** Where the logs go, checked for its form: the services behind are asked when there are records, and Fogbank writes none. */
function destination(input: Input, ctx: Context): Pick<StoredFlowLog, 'LogDestinationType' | 'LogDestination' | 'LogGroupName' | 'DeliverLogsPermissionArn' | 'DeliverCrossAccountRole' | 'DestinationOptions'> {
  const type = input.LogDestinationType ?? 'cloud-watch-logs';
  const { LogDestination, LogGroupName, DeliverLogsPermissionArn } = input;
  if (type === 'cloud-watch-logs') {
    if (LogDestination !== undefined && LogGroupName !== undefined) throw errors.invalidParameter('Please only provide LogGroupName or only provide LogDestination.');
    if ((LogGroupName ?? LogDestination) === undefined) throw errors.invalidParameter('LogDestination can\'t be empty if LogGroupName is not provided.');
    if (DeliverLogsPermissionArn === undefined) throw errors.invalidParameter("DeliverLogsPermissionArn can't be empty if LogDestinationType is cloud-watch-logs.");
    if (input.DestinationOptions) throw errors.invalidParameter('DestinationOptions can only be specified if LogDestinationType is s3.');
    const name = LogGroupName ?? /:log-group:([^:]+)/.exec(LogDestination!)?.[1];
    if (name === undefined) throw errors.invalidParameter(`LogDestination: ${LogDestination} is not a valid log group ARN.`);
    return {
      LogDestinationType: type, LogGroupName: name, DeliverLogsPermissionArn, LogDestination: LogDestination ?? `arn:aws:logs:${ctx.region}:${ctx.account}:log-group:${name}`,
      ...(input.DeliverCrossAccountRole !== undefined && { DeliverCrossAccountRole: input.DeliverCrossAccountRole }),
    };
  }
  if (LogGroupName !== undefined) throw errors.invalidParameter(`LogGroupName can't be specified if LogDestinationType is ${type}.`);
  if (LogDestination === undefined) throw errors.invalidParameter('LogDestination can\'t be empty.');
  if (!(type === 's3' ? /^arn:aws:s3:::[a-z0-9.-]{3,63}(\/.*)?$/ : /^arn:aws:firehose:[a-z0-9-]+:\d{12}:deliverystream\/.+$/).test(LogDestination)) throw new AwsError('InvalidParameter', `LogDestination: ${LogDestination} is not a valid destination.`);
  if (type === 's3' && DeliverLogsPermissionArn !== undefined) throw errors.invalidParameter("DeliverLogsPermissionArn can't be specified if LogDestinationType is s3.");
  const { FileFormat = 'plain-text', HiveCompatiblePartitions = false, PerHourPartition = false } = input.DestinationOptions ?? {};
  return {
    LogDestinationType: type, LogDestination, ...(DeliverLogsPermissionArn !== undefined && { DeliverLogsPermissionArn }), ...(input.DeliverCrossAccountRole !== undefined && { DeliverCrossAccountRole: input.DeliverCrossAccountRole }),
    ...(type === 's3' && { DestinationOptions: { FileFormat, HiveCompatiblePartitions, PerHourPartition } }),
  };
}

/** One log for each resource; what there is already is told beside what is made. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateFlowLogs.html */
async function createFlowLogs(input: Input, ctx: Context): Promise<Ec2Operations['CreateFlowLogs']['output']> {
  const kind = KINDS[input.ResourceType];
  if (kind === undefined || input.TagFieldSpecifications?.length) throw errors.unsupportedOperation(`Flow logs of a ${input.ResourceType}${kind === undefined ? '' : ' with tag fields'} are not supported by Fogbank yet.`);
  const transit = kind.startsWith('transit');
  if (transit && input.TrafficType !== undefined) throw errors.invalidParameter('TrafficType is not supported for transit gateway resources.');
  if (!transit && input.TrafficType === undefined) throw errors.missingParameter('TrafficType');
  const interval = input.MaxAggregationInterval ?? (transit ? 60 : 600);
  if (interval !== 60 && (interval !== 600 || transit)) throw errors.invalidParameter(`Invalid Flow Log Max Aggregation Interval: ${interval}`);
  const to = destination(input, ctx);
  await ctx.getAll(ctx.world.registry.resource(`ec2:${kind}`)!, input.ResourceIds);
  const format = input.LogFormat ?? (transit ? TRANSIT_FORMAT : DEFAULT_FORMAT);
  const tags = specifiedTags(input.TagSpecifications as never, flowLogs.kind);
  const FlowLogIds: string[] = [];
  const Unsuccessful = [];
  for (const id of [...new Set(input.ResourceIds)]) {
    const same = (await ctx.list(flowLogs)).find((l) => l.ResourceId === id && l.TrafficType === input.TrafficType && l.LogDestination === to.LogDestination && l.LogFormat === format);
    if (same) {
      Unsuccessful.push({ ResourceId: id, Error: { Code: 'FlowLogAlreadyExists', Message: `Error. There is an existing Flow Log with the same configuration and log destination.` } });
      continue;
    }
    const log: Kept = {
      FlowLogId: ctx.newId(flowLogs), CreationTime: ctx.now, DeliverLogsStatus: 'SUCCESS', FlowLogStatus: 'ACTIVE', ResourceId: id, LogFormat: format, MaxAggregationInterval: interval,
      ...(input.TrafficType !== undefined && { TrafficType: input.TrafficType }), ...to, ...(tags.length > 0 && { Tags: tags }), $: { [kind]: id },
    };
    await ctx.create(flowLogs, log);
    FlowLogIds.push(log.FlowLogId!);
  }
  return { ...(input.ClientToken !== undefined && { ClientToken: input.ClientToken }), FlowLogIds, Unsuccessful };
}

export const flowLogOperations = {
  CreateFlowLogs: createFlowLogs,
  DescribeFlowLogs: describes(flowLogs, { ids: 'FlowLogIds', prepare: (input) => ({ ...input, Filters: input.Filter }), project: (log) => ({ ...log, $: undefined }) }),
  DeleteFlowLogs: async (input, ctx) => {
    const Unsuccessful = [];
    for (const id of [...new Set(input.FlowLogIds)]) {
      const log = flowLogs.wellFormed(id) ? await ctx.find(flowLogs, id) : undefined;
      if (log) await ctx.remove(flowLogs, log);
      else Unsuccessful.push({ ResourceId: id, Error: { Code: 'InvalidFlowLogId.NotFound', Message: `These flow log ids in the input list are not found: [TotalCount: 1] ${id}` } });
    }
    return { Unsuccessful };
  },
} satisfies Handlers<Ec2Operations>;
