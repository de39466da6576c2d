import { createHash } from 'node:crypto';

/**
 * The prefix lists that AWS manages, in every Region.
 * https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html
 */
export interface AwsPrefixList {
  readonly id: string;
  readonly name: string;
  readonly family: 'IPv4' | 'IPv6';
  /** How many rules or routes a reference to the list counts as. */
  readonly weight: number;
  readonly cidrs: readonly string[];
}

interface Row {
  /** `*` stands for the Region. */
  readonly name: string;
  readonly family?: 'IPv6';
  readonly weight: number;
  readonly cidrs: readonly string[];
}

// assumed: the blocks are some of those that the service has had in one Region; which ones a Region has is not modelled.
const ROWS: readonly Row[] = [
  { name: 'com.amazonaws.*.s3', weight: 1, cidrs: ['54.231.0.0/16', '52.216.0.0/15', '3.5.0.0/19', '16.182.0.0/16'] },
  { name: 'com.amazonaws.*.dynamodb', weight: 1, cidrs: ['52.94.0.0/22', '3.218.180.0/22'] },
  { name: 'com.amazonaws.*.s3express', weight: 6, cidrs: ['18.97.248.0/24'] },
  { name: 'com.amazonaws.*.vpc-lattice', weight: 10, cidrs: ['169.254.171.0/24', '129.224.0.0/17'] },
  { name: 'com.amazonaws.*.ipv6.vpc-lattice', family: 'IPv6', weight: 10, cidrs: ['fd00:ec2:80::/64', '2600:f0f0:81::/48'] },
  { name: 'com.amazonaws.*.ec2-instance-connect', weight: 2, cidrs: ['18.206.107.24/29'] },
  { name: 'com.amazonaws.*.ipv6.ec2-instance-connect', family: 'IPv6', weight: 2, cidrs: ['2600:1f18:6fe3:8c00::/56'] },
  { name: 'com.amazonaws.*.route53-healthchecks', weight: 25, cidrs: ['15.177.0.0/18', '54.183.255.128/26', '54.228.16.0/26'] },
  { name: 'com.amazonaws.*.ipv6.route53-healthchecks', family: 'IPv6', weight: 25, cidrs: ['2600:1f18:3fff:f800::/56', '2a05:d018:fff:f800::/53'] },
  { name: 'com.amazonaws.global.cloudfront.origin-facing', weight: 55, cidrs: ['130.176.0.0/17', '15.158.0.0/16', '64.252.64.0/18', '70.132.0.0/18'] },
  { name: 'com.amazonaws.global.ipv6.cloudfront.origin-facing', family: 'IPv6', weight: 30, cidrs: ['2600:9000:1000::/36'] },
  { name: 'com.amazonaws.global.groundstation', weight: 5, cidrs: ['3.2.16.64/26', '15.220.0.0/19'] },
];

/** Ids that are widely known. */
const IDS: Readonly<Record<string, string>> = {
  'us-east-1/com.amazonaws.us-east-1.s3': 'pl-63a5400a', 'us-east-1/com.amazonaws.us-east-1.dynamodb': 'pl-02cd2c6b', 'us-east-1/com.amazonaws.global.cloudfront.origin-facing': 'pl-3b927c52',
  'us-west-2/com.amazonaws.us-west-2.s3': 'pl-68a54001', 'us-west-2/com.amazonaws.us-west-2.dynamodb': 'pl-00a54069',
  'eu-west-1/com.amazonaws.eu-west-1.s3': 'pl-6da54004', 'eu-west-1/com.amazonaws.eu-west-1.dynamodb': 'pl-6fa54006', 'eu-west-1/com.amazonaws.global.cloudfront.origin-facing': 'pl-4fa04526',
};

const known = new Map<string, readonly AwsPrefixList[]>();

const listsOf = (region: string): AwsPrefixList[] =>
  ROWS.map(({ name: template, family, weight, cidrs }) => {
    const name = template.replace('*', region);
    const key = `${region}/${name}`;
    return { id: IDS[key] ?? `pl-${createHash('sha256').update(key).digest('hex').slice(0, 8)}`, name, family: family ?? 'IPv4', weight, cidrs };
  });

export function awsPrefixLists(region: string): readonly AwsPrefixList[] {
  let lists = known.get(region);
  if (!lists) known.set(region, (lists = listsOf(region)));
  return lists;
}
