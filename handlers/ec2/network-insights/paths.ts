import type { NetworkInsightsPath, PathRequestFilter } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { creates, deletes, describes, resource, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';
import { parseIpv4 } from '../vpcs/cidr.ts';
import { checkEnd } from './ends.ts';
import { pathInUse, pathNotFound } from './errors.ts';
import { addressRange, ANYTHING, type Packets } from './packets.ts';

export type StoredPath = Wire<NetworkInsightsPath>;

/** https://docs.aws.amazon.com/vpc/latest/reachability/how-reachability-analyzer-works.html */
export const paths = resource<StoredPath>({
  service: 'ec2',
  kind: 'network-insights-path',
  shape: 'NetworkInsightsPath',
  id: { member: 'NetworkInsightsPathId', prefix: 'nip' },
  notFound: pathNotFound,
  malformed: general.malformedParameter('networkInsightsPathId', 'nip'),
  inUse: (id, by) => pathInUse(id, by.map((b) => b.id)),
  filters: {
    'filter-at-source.source-address': 'FilterAtSource.SourceAddress', 'filter-at-source.destination-address': 'FilterAtSource.DestinationAddress',
    'filter-at-source.source-port-range': 'FilterAtSource.SourcePortRange.FromPort', 'filter-at-source.destination-port-range': 'FilterAtSource.DestinationPortRange.FromPort',
    'filter-at-destination.source-address': 'FilterAtDestination.SourceAddress', 'filter-at-destination.destination-address': 'FilterAtDestination.DestinationAddress',
    'filter-at-destination.source-port-range': 'FilterAtDestination.SourcePortRange.FromPort', 'filter-at-destination.destination-port-range': 'FilterAtDestination.DestinationPortRange.FromPort',
  },
});

type Filter = Wire<PathRequestFilter>;

function checkFilter(filter: Filter | undefined, member: string): void {
  for (const address of [filter?.SourceAddress, filter?.DestinationAddress]) {
    if (address !== undefined && parseIpv4(address) === undefined) throw general.invalidValue(address, member, 'An IPv4 address is expected.');
  }
  for (const range of [filter?.SourcePortRange, filter?.DestinationPortRange]) {
    if (range && !((range.FromPort ?? 0) >= 0 && (range.ToPort ?? range.FromPort ?? 0) <= 65_535 && (range.FromPort ?? 0) <= (range.ToPort ?? 65_535))) throw general.invalidValue(`${range.FromPort}-${range.ToPort}`, member, 'The port range is invalid.');
  }
}

/** What a filter lets through. */
export function packetsOf(filter: Filter | undefined): Packets {
  const address = (text: string | undefined) => (text === undefined ? undefined : addressRange(text));
  const ports = (range: Filter['SourcePortRange']) => range && ([range.FromPort ?? 0, range.ToPort ?? 65_535] as const);
  return {
    source: address(filter?.SourceAddress) ?? ANYTHING.source, destination: address(filter?.DestinationAddress) ?? ANYTHING.destination,
    sourcePort: ports(filter?.SourcePortRange) ?? ANYTHING.sourcePort, destinationPort: ports(filter?.DestinationPortRange) ?? ANYTHING.destinationPort,
  };
}

async function planPath(input: Ec2Operations['CreateNetworkInsightsPath']['input'], ctx: Context): Promise<Partial<StoredPath>> {
  for (const [text, member] of [[input.SourceIp, 'sourceIp'], [input.DestinationIp, 'destinationIp']] as const) {
    if (text !== undefined && parseIpv4(text) === undefined) throw general.invalidValue(text, member, 'An IPv4 address is expected.');
  }
  checkFilter(input.FilterAtSource, 'filterAtSource');
  checkFilter(input.FilterAtDestination, 'filterAtDestination');
  if (input.DestinationPort !== undefined && input.FilterAtSource?.DestinationPortRange) throw general.invalidParameterCombination('The parameters destinationPort and filterAtSource.destinationPortRange cannot be used together');
  if ((input.SourceIp ?? input.DestinationIp) !== undefined && (input.FilterAtSource ?? input.FilterAtDestination) !== undefined) throw general.invalidParameterCombination('The parameters sourceIp and destinationIp cannot be used with filterAtSource and filterAtDestination');
  if (input.Destination === undefined && input.DestinationIp === undefined && input.FilterAtSource?.DestinationAddress === undefined) throw general.missingParameter('destination');
  const source = await checkEnd(ctx, input.Source, 'source');
  const destination = input.Destination === undefined ? undefined : await checkEnd(ctx, input.Destination, 'destination');
  if (destination?.id === source.id) throw general.invalidParameterValue('The source and the destination of a path must be different resources.');
  const id = ctx.newId(paths);
  const { SourceIp, DestinationIp, DestinationPort, FilterAtSource, FilterAtDestination } = input;
  return {
    NetworkInsightsPathId: id, NetworkInsightsPathArn: `arn:aws:ec2:${ctx.region}:${ctx.account}:network-insights-path/${id}`, CreatedDate: ctx.now, Source: source.id, SourceArn: source.arn, Protocol: input.Protocol,
    ...(destination && { Destination: destination.id, DestinationArn: destination.arn }), ...(SourceIp !== undefined && { SourceIp }), ...(DestinationIp !== undefined && { DestinationIp }), ...(DestinationPort !== undefined && { DestinationPort }),
    ...(FilterAtSource && { FilterAtSource }), ...(FilterAtDestination && { FilterAtDestination }),
  };
}

export const pathOperations = {
  CreateNetworkInsightsPath: creates(paths, planPath),
  DescribeNetworkInsightsPaths: describes(paths, { ids: 'NetworkInsightsPathIds' }),
  DeleteNetworkInsightsPath: async (input, ctx) => {
    await remove(input, ctx);
    return { NetworkInsightsPathId: input.NetworkInsightsPathId };
  },
} satisfies Handlers<Ec2Operations>;

const remove = deletes(paths, { id: 'NetworkInsightsPathId' });
