import type { AccessScopePath, NetworkInsightsAccessScope, ResourceStatement } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { describes, resource, specifiedTags, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';
import { scopeInUse, scopeNotFound } from './errors.ts';
import { rangeOf } from './packets.ts';

export type StoredScope = Wire<NetworkInsightsAccessScope> & { readonly $: { readonly MatchPaths: Wire<AccessScopePath>[]; readonly ExcludePaths: Wire<AccessScopePath>[] } };

/** What traffic there may be and may not be. https://docs.aws.amazon.com/vpc/latest/network-access-analyzer/what-is-network-access-analyzer.html */
export const accessScopes = resource<StoredScope>({
  service: 'ec2',
  kind: 'network-insights-access-scope',
  shape: 'NetworkInsightsAccessScope',
  id: { member: 'NetworkInsightsAccessScopeId', prefix: 'nis' },
  notFound: scopeNotFound,
  malformed: general.malformedParameter('networkInsightsAccessScopeId', 'nis'),
  inUse: (id, by) => scopeInUse(id, by.map((b) => b.id)),
});

/** https://docs.aws.amazon.com/vpc/latest/network-access-analyzer/how-network-access-analyzer-works.html */
export const SCOPE_TYPES: Readonly<Record<string, string>> = {
  'AWS::EC2::InternetGateway': 'igw', 'AWS::EC2::NetworkInterface': 'eni', 'AWS::EC2::Instance': 'i', 'AWS::EC2::NatGateway': 'nat', 'AWS::EC2::VPCPeeringConnection': 'pcx', 'AWS::EC2::TransitGatewayAttachment': 'tgw-attach',
  'AWS::EC2::VPC': 'vpc', 'AWS::EC2::Subnet': 'subnet', 'AWS::EC2::SecurityGroup': 'sg', 'AWS::EC2::RouteTable': 'rtb', 'AWS::EC2::NetworkAcl': 'acl',
};

type Paths = Ec2Operations['CreateNetworkInsightsAccessScope']['input']['MatchPaths'];

function checkResources(statement: Wire<ResourceStatement> | undefined): void {
  for (const type of statement?.ResourceTypes ?? []) if (!Object.hasOwn(SCOPE_TYPES, type)) throw general.invalidValue(type, 'resourceType', 'The resource type is not supported.');
}

function checked(given: Paths): Wire<AccessScopePath>[] {
  for (const path of given ?? []) {
    for (const end of [path.Source, path.Destination]) {
      checkResources(end?.ResourceStatement);
      const { SourceAddresses = [], DestinationAddresses = [], SourcePrefixLists = [], DestinationPrefixLists = [] } = end?.PacketHeaderStatement ?? {};
      if (SourcePrefixLists.length + DestinationPrefixLists.length > 0) throw general.unsupportedOperation('Prefix lists in packet header statements are not supported by Fogbank yet.');
      for (const block of [...SourceAddresses, ...DestinationAddresses]) if (rangeOf(block) === undefined) throw general.invalidValue(block, 'packetHeaderStatement', 'An IPv4 CIDR block is expected.');
    }
    for (const through of path.ThroughResources ?? []) checkResources(through.ResourceStatement);
  }
  return (given ?? []) as Wire<AccessScopePath>[];
}

const content = (scope: StoredScope) => ({ NetworkInsightsAccessScopeId: scope.NetworkInsightsAccessScopeId, MatchPaths: scope.$.MatchPaths, ExcludePaths: scope.$.ExcludePaths });
const shown = ({ $: _content, ...scope }: StoredScope): Wire<NetworkInsightsAccessScope> => scope;

async function createScope(input: Ec2Operations['CreateNetworkInsightsAccessScope']['input'], ctx: Context): Promise<Ec2Operations['CreateNetworkInsightsAccessScope']['output']> {
  if (!input.MatchPaths?.length) throw general.missingParameter('MatchPath');
  const id = ctx.newId(accessScopes);
  const scope = await ctx.create(accessScopes, {
    NetworkInsightsAccessScopeId: id, NetworkInsightsAccessScopeArn: `arn:aws:ec2:${ctx.region}:${ctx.account}:network-insights-access-scope/${id}`, CreatedDate: ctx.now, UpdatedDate: ctx.now,
    Tags: specifiedTags(input.TagSpecifications as never, 'network-insights-access-scope'), $: { MatchPaths: checked(input.MatchPaths), ExcludePaths: checked(input.ExcludePaths) },
  } as StoredScope);
  return { NetworkInsightsAccessScope: shown(scope), NetworkInsightsAccessScopeContent: content(scope) };
}

export const accessScopeOperations = {
  CreateNetworkInsightsAccessScope: createScope,
  DescribeNetworkInsightsAccessScopes: describes(accessScopes, { ids: 'NetworkInsightsAccessScopeIds', project: shown }),
  GetNetworkInsightsAccessScopeContent: async (input, ctx) => ({ NetworkInsightsAccessScopeContent: content(await ctx.get(accessScopes, input.NetworkInsightsAccessScopeId)) }),
  DeleteNetworkInsightsAccessScope: async (input, ctx) => {
    const scope = await ctx.get(accessScopes, input.NetworkInsightsAccessScopeId);
    await ctx.refuseWhileReferred(accessScopes, input.NetworkInsightsAccessScopeId);
    await ctx.remove(accessScopes, scope);
    return { NetworkInsightsAccessScopeId: input.NetworkInsightsAccessScopeId };
  },
} satisfies Handlers<Ec2Operations>;
