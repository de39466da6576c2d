import type { Json, Member, OperationModel, Shape, Structure, StructureShape } from '../../protocols/index.ts';

/** Chance, from a seed. */
export interface Chance {
  below(bound: number): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
}

/** What there is to name in an input. */
export interface Names {
  /** An id of what a member of this name means: one that exists mostly, else one that did, or none at all. */
  id(member: string): string | undefined;
  readonly zones: readonly string[];
  readonly images: readonly string[];
}

const TYPES = ['t3.micro', 't3.small', 'm5.large', 't4g.micro', 'c5.xlarge', 'm1.small', 'nonsense.large'];
const WORDS = ['a', 'web', 'db', 'x'.repeat(20), 'Name', '', 'default', 'ünï'];
const CIDRS = ['10.0.0.0/16', '10.1.0.0/16', '10.0.1.0/24', '10.0.2.0/24', '10.1.3.0/24', '10.0.1.128/25', '0.0.0.0/0', '192.168.0.0/20', '10.0.0.0/8', '10.0.0.0/29', '::/0', '2001:db8::/56', 'nonsense'];
const ADDRESSES = ['10.0.1.10', '10.0.1.11', '10.0.2.10', '10.1.3.9', '192.168.0.7', '10.0.1.0', 'nonsense'];
const POLICY = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'ec2:*', Resource: '*' }] });
const TRUST = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }] });
const DEPTH_MAX = 5;

/** A random input of an operation: required members always, others now and then; what names say decides what values are likely. */
export function randomInput(operation: OperationModel, names: Names, random: Chance, given: Structure = {}): Structure {
  return { ...structure(operation.input, names, random, 0), ...given };
}

function structure(shape: StructureShape, names: Names, random: Chance, depth: number): Structure {
  const out: Structure = {};
  const members = [...shape.members.values()];
  if (shape.type === 'union') {
    const one = random.pick(members);
    return { [one.name]: value(one, one.name, names, random, depth + 1) };
  }
  for (const member of members) {
    const { name } = member;
    const likely = name === 'DryRun' || name === 'NextToken' || name === 'Marker' ? 0.02 : member.idempotencyToken ? 0.2 : /Tag/.test(name) ? 0.05 : depth === 0 ? 0.22 : 0.3;
    if (!member.required && !random.chance(likely)) continue;
    if (depth >= DEPTH_MAX && !member.required) continue;
    out[name] = value(member, name, names, random, depth + 1);
  }
  return out;
}

function value({ target }: Member, name: string, names: Names, random: Chance, depth: number): Json {
  switch (target.type) {
    case 'structure':
    case 'union':
      return structure(target, names, random, depth);
    case 'list': {
      const count = random.chance(0.7) ? 1 : 1 + random.below(3);
      return Array.from({ length: count }, () => value(target.member, singular(name), names, random, depth + 1));
    }
    case 'map':
      return { [random.pick(WORDS)]: value(target.value, name, names, random, depth + 1) };
    default:
      return scalar(target, name, names, random);
  }
}

const singular = (name: string): string => (/(Ids|Names|Arns|Types|Zones|Addresses|Groups|Cidrs|Tags|Filters)$/.test(name) ? name.replace(/(es|s)$/, (end) => (/Addresses$/.test(name) ? '' : end === 'es' ? 'e' : '')) : name);

function scalar(target: Shape, name: string, names: Names, random: Chance): Json {
  const { limits } = target;
  switch (target.type) {
    case 'boolean':
      return random.chance(0.5);
    case 'integer':
    case 'long': {
      if (/Count|Max|Min|Capacity/.test(name) && random.chance(0.8)) return 1 + random.below(3);
      if (/Size/.test(name) && random.chance(0.8)) return 8 + random.below(30);
      if (/Port/.test(name)) return random.below(3) * 40 + 22;
      const low = limits.min ?? -1;
      return low + random.below(Math.min((limits.max ?? low + 2000) - low, 5000) + 1);
    }
    case 'float':
    case 'double':
      return random.below(1000) / 8;
    case 'timestamp':
      return new Date(1_780_000_000_000 + random.below(2 ** 31) * 10).toISOString();
    case 'blob':
      return Buffer.from(random.pick(WORDS)).toString('base64');
    default:
      return text(name, limits.enum, names, random);
  }
}

function text(name: string, allowed: readonly string[] | undefined, names: Names, random: Chance): string {
  if (/InstanceType$/.test(name)) return random.pick(TYPES);
  if (allowed && random.chance(0.98)) return random.pick(allowed);
  const id = names.id(name);
  if (id !== undefined) return id;
  if (/Cidr/i.test(name)) return random.pick(CIDRS);
  if (/IpAddress|Ipv6Address|PublicIp/.test(name)) return random.pick(ADDRESSES);
  if (name === 'AvailabilityZone') return random.pick(names.zones);
  if (/TrustPolicy|AssumeRolePolicyDocument/.test(name)) return TRUST;
  if (/PolicyDocument/.test(name)) return POLICY;
  if (/Token$/.test(name)) return `token-${random.below(6)}`;
  if (/Device(Name)?$/.test(name)) return random.pick(['/dev/sdf', '/dev/sdg', '/dev/xvda', 'nonsense']);
  if (/Protocol/.test(name)) return random.pick(['tcp', 'udp', '-1', '6', 'nonsense']);
  if (/^Version$|VersionNumber/.test(name)) return random.pick(['1', '2', '$Latest', '$Default', 'v1', 'v2']);
  return random.pick(WORDS);
}
