import { createHash } from 'node:crypto';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import { pageOf, wildcardMatcher, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { placementGroupOf } from '../placement-groups/placement-groups.ts';
import { instances, type StoredInstance } from './instances.ts';

type Topology = NonNullable<Ec2Operations['DescribeInstanceTopology']['output']['Instances']>[number];

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-topology-prerequisites.html */
const SUPPORTED = /^(hpc\d\w*|p3dn|p4de?|p5\w*|p6\S*|trn\d\w*|g6e|g7e)\./;
const NAMES_MAX = 100;
const PAGE = 20;
/** How many nodes of a layer hang on one of the layer above. */
const BREADTH = 4;

const node = (...place: readonly (string | number)[]): string => `nn-${createHash('sha256').update(place.join('/')).digest('hex').slice(0, 17)}`;
const branch = (seed: string): number => createHash('sha256').update(seed).digest()[0]! % BREADTH;

/** assumed: a zone is a tree of three layers; what is in a cluster hangs on one bottom node, everything else where chance puts it. */
function networkNodes(instance: StoredInstance, ctx: Context): string[] {
  const { AvailabilityZoneId: zone = '', GroupId: group, PartitionNumber: partition } = instance.Placement!;
  const together = group !== undefined && partition === undefined ? group : instance.InstanceId!;
  const middle = branch(`${together}/middle`);
  return [node(ctx.account, zone), node(ctx.account, zone, middle), node(ctx.account, zone, middle, branch(`${together}/bottom`))];
}

function topologyOf(instance: StoredInstance, ctx: Context): Topology {
  const { AvailabilityZone, AvailabilityZoneId: ZoneId, GroupName } = instance.Placement!;
  const supported = instance.State!.Name === 'running' && SUPPORTED.test(instance.InstanceType!);
  return { InstanceId: instance.InstanceId, InstanceType: instance.InstanceType, ...(GroupName ? { GroupName } : {}), ...(supported ? { NetworkNodes: networkNodes(instance, ctx) } : {}), AvailabilityZone, ZoneId };
}

const FILTERS: Readonly<Record<string, (t: Topology) => string>> = { 'availability-zone': (t) => t.AvailabilityZone!, 'instance-type': (t) => t.InstanceType!, 'zone-id': (t) => t.ZoneId! };

export const topologyOperations = {
  /** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceTopology.html */
  DescribeInstanceTopology: async (input, ctx) => {
    const { InstanceIds: ids = [], GroupNames: groups = [] } = input;
    if (ids.length > 0 && input.MaxResults !== undefined) throw errors.invalidParameterCombination('The parameter instancesSet cannot be used with the parameter maxResults');
    for (const list of [ids, groups]) if (list.length > NAMES_MAX) throw errors.invalidParameterValue(`A maximum of ${NAMES_MAX} instance IDs or placement group names can be specified`);
    const tests = (input.Filters ?? []).map(({ Name = '', Values = [] }) => {
      if (!Object.hasOwn(FILTERS, Name)) throw errors.invalidParameterValue(`The filter '${Name}' is invalid`);
      const accepts = wildcardMatcher(Values);
      return (t: Topology) => accepts(FILTERS[Name]!(t));
    });
    for (const GroupName of groups) await placementGroupOf(ctx, { GroupName });
    const found = ids.length > 0 ? await ctx.getAll(instances, [...new Set(ids)]) : await ctx.list(instances);
    const shown = found.filter((i) => i.State!.Name !== 'terminated' && (groups.length === 0 || groups.includes(i.Placement!.GroupName!))).map((i) => topologyOf(i, ctx));
    const { items, next } = pageOf(shown.filter((t) => tests.every((test) => test(t))), ids.length > 0 ? input : { ...input, MaxResults: input.MaxResults ?? PAGE });
    return { Instances: items, ...next };
  },
} satisfies Handlers<Ec2Operations>;
