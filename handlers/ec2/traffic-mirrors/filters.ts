import type { TrafficMirrorFilter, TrafficMirrorFilterRule } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { AwsError, deletes, describes, resource, specifiedTags, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { parseCidr } from '../vpcs/cidr.ts';

type StoredFilter = Wire<TrafficMirrorFilter>;
type StoredRule = Wire<TrafficMirrorFilterRule>;

/** https://docs.aws.amazon.com/vpc/latest/mirroring/traffic-mirroring-filters.html */
export const mirrorFilters = resource<StoredFilter>({
  service: 'ec2',
  kind: 'traffic-mirror-filter',
  shape: 'TrafficMirrorFilter',
  id: { member: 'TrafficMirrorFilterId', prefix: 'tmf' },
  notFound: (ids) => new AwsError('InvalidTrafficMirrorFilterId.NotFound', `The traffic mirror filter ID '${ids.join(', ')}' does not exist`),
  malformed: errors.malformedParameter('trafficMirrorFilterId', 'tmf'),
  inUse: (id) => new AwsError('TrafficMirrorFilterInUse', `The traffic mirror filter ${id} is in use by a traffic mirror session.`),
});

export const mirrorFilterRules = resource<StoredRule>({
  service: 'ec2',
  kind: 'traffic-mirror-filter-rule',
  shape: 'TrafficMirrorFilterRule',
  id: { member: 'TrafficMirrorFilterRuleId', prefix: 'tmfr' },
  notFound: (ids) => new AwsError('InvalidTrafficMirrorFilterRuleId.NotFound', `The traffic mirror filter rule ID '${ids.join(', ')}' does not exist`),
  malformed: errors.malformedParameter('trafficMirrorFilterRuleId', 'tmfr'),
  references: { TrafficMirrorFilterId: { kind: 'ec2:traffic-mirror-filter', onDelete: 'cascade' } },
});

const rulesOf = (ctx: Context, filterId: string): Promise<StoredRule[]> => ctx.list(mirrorFilterRules, { member: 'TrafficMirrorFilterId', value: filterId });

/** A filter is shown with its rules, in order. */
async function shown(filter: StoredFilter, ctx: Context): Promise<StoredFilter> {
  const rules = (await rulesOf(ctx, filter.TrafficMirrorFilterId!)).sort((a, b) => a.RuleNumber! - b.RuleNumber!);
  const inDirection = (direction: string) => rules.filter((rule) => rule.TrafficDirection === direction);
  return { ...filter, IngressFilterRules: inDirection('ingress'), EgressFilterRules: inDirection('egress') };
}

/** https://www.iana.org/assignments/protocol-numbers/protocol-numbers.xhtml: only these have ports. */
const WITH_PORTS = [6, 17];

async function checkRule(rule: StoredRule, ctx: Context): Promise<void> {
  for (const member of ['SourceCidrBlock', 'DestinationCidrBlock'] as const) if (!parseCidr(rule[member]!)) throw errors.invalidValue(rule[member], member.replace(/^./, (c) => c.toLowerCase()), 'This is not a valid CIDR block.');
  if (parseCidr(rule.SourceCidrBlock!)!.version !== parseCidr(rule.DestinationCidrBlock!)!.version) throw errors.invalidParameterCombination('The source and destination CIDR blocks must be of the same IP version.');
  if (!(rule.RuleNumber! >= 1 && rule.RuleNumber! <= 32_766)) throw errors.invalidValue(rule.RuleNumber, 'ruleNumber', 'A number from 1 to 32766 is expected.');
  if (rule.Protocol !== undefined && !(rule.Protocol >= 0 && rule.Protocol <= 255)) throw errors.invalidValue(rule.Protocol, 'protocol', 'A protocol number from 0 to 255 is expected.');
  if ((rule.SourcePortRange ?? rule.DestinationPortRange) && !WITH_PORTS.includes(rule.Protocol ?? -1)) throw errors.invalidParameterCombination('Port ranges can only be specified for the protocols TCP (6) and UDP (17).');
  for (const range of [rule.SourcePortRange, rule.DestinationPortRange]) if (range && !(range.FromPort! >= 0 && range.FromPort! <= range.ToPort! && range.ToPort! <= 65_535)) throw errors.invalidParameterValue('The port range is invalid.');
  const same = (await rulesOf(ctx, rule.TrafficMirrorFilterId!)).find((r) => r.TrafficDirection === rule.TrafficDirection && r.RuleNumber === rule.RuleNumber && r.TrafficMirrorFilterRuleId !== rule.TrafficMirrorFilterRuleId);
  if (same) throw new AwsError('TrafficMirrorFilterRuleAlreadyExists', `A rule with the number ${rule.RuleNumber} and direction ${rule.TrafficDirection} exists already in ${rule.TrafficMirrorFilterId}.`);
}

const removeFilter = deletes(mirrorFilters, { id: 'TrafficMirrorFilterId' });

export const mirrorFilterOperations = {
  CreateTrafficMirrorFilter: async (input, ctx) => {
    const filter: StoredFilter = { TrafficMirrorFilterId: ctx.newId(mirrorFilters), NetworkServices: [], Tags: specifiedTags(input.TagSpecifications as never, mirrorFilters.kind), ...(input.Description !== undefined && { Description: input.Description }) };
    await ctx.create(mirrorFilters, filter);
    return { TrafficMirrorFilter: await shown(filter, ctx), ClientToken: input.ClientToken };
  },
  DescribeTrafficMirrorFilters: describes(mirrorFilters, { ids: 'TrafficMirrorFilterIds', complete: shown }),
  /** `amazon-dns` is the only network service. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyTrafficMirrorFilterNetworkServices.html */
  ModifyTrafficMirrorFilterNetworkServices: async (input, ctx) => {
    const filter = await ctx.get(mirrorFilters, input.TrafficMirrorFilterId);
    filter.NetworkServices = [...new Set([...filter.NetworkServices!, ...(input.AddNetworkServices ?? [])])].filter((service) => !input.RemoveNetworkServices?.includes(service));
    await ctx.save(mirrorFilters, filter);
    return { TrafficMirrorFilter: await shown(filter, ctx) };
  },
  DeleteTrafficMirrorFilter: async (input, ctx) => {
    await removeFilter(input, ctx);
    return { TrafficMirrorFilterId: input.TrafficMirrorFilterId };
  },
  CreateTrafficMirrorFilterRule: async (input, ctx) => {
    await ctx.get(mirrorFilters, input.TrafficMirrorFilterId);
    const { TrafficMirrorFilterId, TrafficDirection, RuleNumber, RuleAction, SourceCidrBlock, DestinationCidrBlock } = input;
    const rule: StoredRule = {
      TrafficMirrorFilterRuleId: ctx.newId(mirrorFilterRules), TrafficMirrorFilterId, TrafficDirection, RuleNumber, RuleAction, SourceCidrBlock, DestinationCidrBlock, Tags: specifiedTags(input.TagSpecifications as never, mirrorFilterRules.kind),
      ...(input.Protocol !== undefined && { Protocol: input.Protocol }), ...(input.Description !== undefined && { Description: input.Description }),
      ...(input.SourcePortRange && { SourcePortRange: input.SourcePortRange }), ...(input.DestinationPortRange && { DestinationPortRange: input.DestinationPortRange }),
    };
    await checkRule(rule, ctx);
    return { TrafficMirrorFilterRule: await ctx.create(mirrorFilterRules, rule), ClientToken: input.ClientToken };
  },
  DescribeTrafficMirrorFilterRules: describes(mirrorFilterRules, {
    ids: 'TrafficMirrorFilterRuleIds',
    prepare: async (input, ctx) => {
      if (input.TrafficMirrorFilterId !== undefined) await ctx.get(mirrorFilters, input.TrafficMirrorFilterId);
      return input;
    },
    visible: (rule, input) => input.TrafficMirrorFilterId === undefined || rule.TrafficMirrorFilterId === input.TrafficMirrorFilterId,
  }),
  ModifyTrafficMirrorFilterRule: async (input, ctx) => {
    const rule = await ctx.get(mirrorFilterRules, input.TrafficMirrorFilterRuleId);
    for (const name of input.RemoveFields ?? []) delete rule[FIELDS[name]!];
    for (const member of ['TrafficDirection', 'RuleNumber', 'RuleAction', 'Protocol', 'SourceCidrBlock', 'DestinationCidrBlock', 'SourcePortRange', 'DestinationPortRange', 'Description'] as const) if (input[member] !== undefined) Object.assign(rule, { [member]: input[member] });
    await checkRule(rule, ctx);
    return { TrafficMirrorFilterRule: await ctx.save(mirrorFilterRules, rule) };
  },
  DeleteTrafficMirrorFilterRule: async (input, ctx) => {
    await ctx.remove(mirrorFilterRules, await ctx.get(mirrorFilterRules, input.TrafficMirrorFilterRuleId));
    return { TrafficMirrorFilterRuleId: input.TrafficMirrorFilterRuleId };
  },
} satisfies Handlers<Ec2Operations>;

const FIELDS: Readonly<Record<string, 'DestinationPortRange' | 'SourcePortRange' | 'Protocol' | 'Description'>> = { 'destination-port-range': 'DestinationPortRange', 'source-port-range': 'SourcePortRange', protocol: 'Protocol', description: 'Description' };
