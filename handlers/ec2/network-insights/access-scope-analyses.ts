import type { AccessScopeAnalysisFinding, AccessScopePath, NetworkInsightsAccessScopeAnalysis, PathStatement } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { creates, describes, pageOf, resource, seconds, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';
import { networkInterfaces } from '../network-interfaces/network-interfaces.ts';
import { internetGateways } from '../vpcs/internet-gateways.ts';
import { accessScopes, SCOPE_TYPES } from './access-scopes.ts';
import type { Step } from './components.ts';
import { scopeAnalysisNotFound } from './errors.ts';
import type { Protocol } from './filters.ts';
import { ANYTHING, rangeOf, type Packets, type Range } from './packets.ts';
import { reachability } from './reachability.ts';
import type { End } from './walks.ts';

type Finding = Wire<AccessScopeAnalysisFinding>;
type StoredScopeAnalysis = Wire<NetworkInsightsAccessScopeAnalysis> & { $?: { findings: Finding[] } };

/** https://docs.aws.amazon.com/vpc/latest/network-access-analyzer/working-with-network-access-scopes.html */
export const accessScopeAnalyses = resource<StoredScopeAnalysis>({
  service: 'ec2',
  kind: 'network-insights-access-scope-analysis',
  shape: 'NetworkInsightsAccessScopeAnalysis',
  id: { member: 'NetworkInsightsAccessScopeAnalysisId', prefix: 'nisa' },
  notFound: scopeAnalysisNotFound,
  malformed: general.malformedParameter('networkInsightsAccessScopeAnalysisId', 'nisa'),
  state: 'Status',
  // assumed: how long an analysis of a small network takes.
  lifecycle: { running: { after: seconds(30), to: 'succeeded' } },
  entering: {
    succeeded: async (analysis, ctx) => {
      const ends = await allEnds(ctx);
      const { MatchPaths, ExcludePaths } = (await ctx.get(accessScopes, analysis.NetworkInsightsAccessScopeId!)).$;
      const found = (await Promise.all(MatchPaths.map((path) => matches(ctx, ends, path)))).flat().filter(({ from, to, steps }) => !ExcludePaths.some((path) => excludes(path, from, to, steps)));
      const findings = found.map(({ steps }): Finding => ({ NetworkInsightsAccessScopeAnalysisId: analysis.NetworkInsightsAccessScopeAnalysisId, NetworkInsightsAccessScopeId: analysis.NetworkInsightsAccessScopeId, FindingId: `nisf-${ctx.ids.hex(17)}`, FindingComponents: [...steps] }));
      Object.assign(analysis, { EndDate: ctx.now, AnalyzedEniCount: ends.filter((e) => e.eni).length, FindingsFound: findings.length > 0 ? 'true' : 'false', $: { findings } });
    },
  },
  references: { NetworkInsightsAccessScopeId: { kind: 'ec2:network-insights-access-scope' } },
});

// ---- what may begin and end a path ----

async function allEnds(ctx: Context): Promise<End[]> {
  const interfaces = (await ctx.list(networkInterfaces)).map((eni): End => ({ ctx, id: eni.NetworkInterfaceId!, eni }));
  return [...interfaces, ...(await ctx.list(internetGateways)).map((gateway): End => ({ ctx, id: gateway.InternetGatewayId! }))];
}

/** Everything by which an end can be named: its own id, its instance's, and those of where it is. */
const namesOf = ({ id, eni }: End): string[] => [id, ...(eni ? [eni.Attachment?.InstanceId, eni.SubnetId, eni.VpcId, ...(eni.Groups ?? []).map((g) => g.GroupId)].filter((n) => n !== undefined) : [])];

const isOfType = (names: readonly string[], type: string): boolean => names.some((name) => name.slice(0, name.lastIndexOf('-')) === SCOPE_TYPES[type]);
const idIn = (name: string): string => name.slice(name.lastIndexOf('/') + 1);

function isMeant(names: readonly string[], statement: PathStatement['ResourceStatement'] | Wire<PathStatement>['ResourceStatement']): boolean {
  if (!statement) return true;
  const { Resources = [], ResourceTypes = [] } = statement;
  return (Resources.length === 0 || Resources.some((name) => names.includes(idIn(name)))) && (ResourceTypes.length === 0 || ResourceTypes.some((type) => isOfType(names, type)));
}

type Path = Wire<AccessScopePath>;

const ports = (list: readonly string[] | undefined): readonly Range[] => (list?.length ? list : ['0-65535']).map((text) => {
  const [from, to] = text.split('-').map(Number) as [number, number | undefined];
  return [from, to ?? from];
});

/** The packets that the statements of a path are about, for each protocol: every combination of addresses and ports. */
function asked({ Source, Destination }: Path): { protocol: Protocol; packets: Packets; givenSource: boolean; givenDestination: boolean }[] {
  const statements = [Source?.PacketHeaderStatement, Destination?.PacketHeaderStatement].filter((s) => s !== undefined);
  const all = <K extends 'SourceAddresses' | 'DestinationAddresses' | 'SourcePorts' | 'DestinationPorts'>(member: K) => statements.flatMap((s) => s[member] ?? []);
  const blocks = (list: string[]): readonly Range[] => (list.length > 0 ? list.map((block) => rangeOf(block)!) : [ANYTHING.source]);
  const protocols = statements.flatMap((s) => s.Protocols ?? []) as Protocol[];
  const out = [];
  for (const protocol of protocols.length > 0 ? protocols : (['tcp', 'udp'] as const)) {
    for (const source of blocks(all('SourceAddresses'))) for (const destination of blocks(all('DestinationAddresses'))) for (const sourcePort of ports(all('SourcePorts'))) for (const destinationPort of ports(all('DestinationPorts'))) {
      out.push({ protocol, packets: { source, destination, sourcePort, destinationPort }, givenSource: all('SourceAddresses').length > 0, givenDestination: all('DestinationAddresses').length > 0 });
    }
  }
  return out;
}

interface Found {
  readonly from: End;
  readonly to: End;
  readonly steps: readonly Step[];
}

/** The first way between each two ends that a path speaks of. */
async function matches(ctx: Context, ends: readonly End[], path: Path): Promise<Found[]> {
  const found: Found[] = [];
  const accounts = new Set([ctx.account]);
  for (const from of ends.filter((end) => isMeant(namesOf(end), path.Source?.ResourceStatement))) {
    for (const to of ends.filter((end) => end.id !== from.id && (end.eni ?? from.eni) !== undefined && isMeant(namesOf(end), path.Destination?.ResourceStatement))) {
      for (const question of asked(path)) {
        const result = await reachability(from, to, { ...question, accounts });
        if (!result.found || !passesThrough(path, result.forward)) continue;
        found.push({ from, to, steps: result.forward });
        break;
      }
    }
  }
  return found;
}

const passesThrough = (path: Path, steps: readonly Step[]): boolean =>
  (path.ThroughResources ?? []).every(({ ResourceStatement }) => isMeant(steps.map((step) => step.Component?.Id ?? ''), ResourceStatement));

const excludes = (path: Path, from: End, to: End, steps: readonly Step[]): boolean =>
  isMeant(namesOf(from), path.Source?.ResourceStatement) && isMeant(namesOf(to), path.Destination?.ResourceStatement) && passesThrough(path, steps);

async function planAnalysis(input: Ec2Operations['StartNetworkInsightsAccessScopeAnalysis']['input'], ctx: Context): Promise<Partial<StoredScopeAnalysis>> {
  await ctx.get(accessScopes, input.NetworkInsightsAccessScopeId);
  const id = ctx.newId(accessScopeAnalyses);
  return {
    NetworkInsightsAccessScopeAnalysisId: id, NetworkInsightsAccessScopeAnalysisArn: `arn:aws:ec2:${ctx.region}:${ctx.account}:network-insights-access-scope-analysis/${id}`,
    NetworkInsightsAccessScopeId: input.NetworkInsightsAccessScopeId, StartDate: ctx.now, Status: 'running', FindingsFound: 'unknown',
  };
}

const inTime = (at: string, from: string | undefined, to: string | undefined): boolean => (from === undefined || at >= from) && (to === undefined || at <= to);

export const accessScopeAnalysisOperations = {
  StartNetworkInsightsAccessScopeAnalysis: creates(accessScopeAnalyses, planAnalysis),
  DescribeNetworkInsightsAccessScopeAnalyses: describes(accessScopeAnalyses, {
    ids: 'NetworkInsightsAccessScopeAnalysisIds',
    visible: (analysis, input) => (input.NetworkInsightsAccessScopeId === undefined || analysis.NetworkInsightsAccessScopeId === input.NetworkInsightsAccessScopeId) && inTime(analysis.StartDate!, input.AnalysisStartTimeBegin, input.AnalysisStartTimeEnd),
    project: ({ $: _findings, ...analysis }) => analysis,
  }),
  GetNetworkInsightsAccessScopeAnalysisFindings: async (input, ctx) => {
    const analysis = await ctx.get(accessScopeAnalyses, input.NetworkInsightsAccessScopeAnalysisId);
    const { items, next } = pageOf(analysis.$?.findings ?? [], input);
    return { NetworkInsightsAccessScopeAnalysisId: input.NetworkInsightsAccessScopeAnalysisId, AnalysisStatus: analysis.Status, AnalysisFindings: items, ...next };
  },
  DeleteNetworkInsightsAccessScopeAnalysis: async (input, ctx) => {
    await ctx.remove(accessScopeAnalyses, await ctx.get(accessScopeAnalyses, input.NetworkInsightsAccessScopeAnalysisId));
    return { NetworkInsightsAccessScopeAnalysisId: input.NetworkInsightsAccessScopeAnalysisId };
  },
} satisfies Handlers<Ec2Operations>;
