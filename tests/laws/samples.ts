import * as sdk from '@aws-sdk/client-ec2';
import type { Fogbank } from '../support/fogbank.ts';

/** How one of each kind comes into being through the real SDK; `n` makes samples differ. Answers its id. */
export interface Sample {
  /** The creating operation, for the DryRun and ClientToken laws. */
  readonly operation: string;
  readonly input: (fb: Fogbank, n: number) => Promise<Record<string, unknown>>;
  /** Where the listing is no `describes`. */
  readonly listing?: string;
  readonly id: (output: any) => string; // eslint-disable-line @typescript-eslint/no-explicit-any -- outputs of all operations
}

/** A call by the operation's name. */
export async function call(fb: Fogbank, operation: string, input: Record<string, unknown>): Promise<any> { // eslint-disable-line @typescript-eslint/no-explicit-any -- as above
  const Command = (sdk as unknown as Record<string, new (input: unknown) => never>)[`${operation}Command`]!;
  return fb.ec2.send(new Command(input));
}

const worlds = new WeakMap<Fogbank, Promise<World>>();

interface World {
  readonly vpc: string;
  readonly subnet: string;
  readonly volume: string;
  readonly snapshot: string;
}

/** What other samples stand on, made once for each Fogbank. */
function world(fb: Fogbank): Promise<World> {
  let made = worlds.get(fb);
  if (!made) worlds.set(fb, (made = makeWorld(fb)));
  return made;
}

const image = async (fb: Fogbank): Promise<string> =>
  (await call(fb, 'DescribeImages', { Owners: ['amazon'], Filters: [{ Name: 'name', Values: ['al2023-ami-2023*'] }, { Name: 'architecture', Values: ['x86_64'] }] })).Images[0].ImageId as string;

async function makeWorld(fb: Fogbank): Promise<World> {
  const vpc = (await call(fb, 'CreateVpc', { CidrBlock: '10.0.0.0/16' })).Vpc.VpcId as string;
  const subnet = (await call(fb, 'CreateSubnet', { VpcId: vpc, CidrBlock: '10.0.0.0/20', AvailabilityZone: 'us-east-1a' })).Subnet.SubnetId as string;
  const volume = (await call(fb, 'CreateVolume', { AvailabilityZone: 'us-east-1a', Size: 1 })).VolumeId as string;
  const snapshot = (await call(fb, 'CreateSnapshot', { VolumeId: volume })).SnapshotId as string;
  return { vpc, subnet, volume, snapshot };
}

export const SAMPLES: Readonly<Record<string, Sample>> = {
  'ec2:vpc': { operation: 'CreateVpc', input: async (_fb, n) => ({ CidrBlock: `10.${n}.0.0/16` }), id: (o) => o.Vpc.VpcId },
  'ec2:subnet': { operation: 'CreateSubnet', input: async (fb, n) => ({ VpcId: (await world(fb)).vpc, CidrBlock: `10.0.${100 + n}.0/24` }), id: (o) => o.Subnet.SubnetId },
  'ec2:dhcp-options': { operation: 'CreateDhcpOptions', input: async (_fb, n) => ({ DhcpConfigurations: [{ Key: 'domain-name', Values: [`d${n}.example`] }] }), id: (o) => o.DhcpOptions.DhcpOptionsId },
  'ec2:route-table': { operation: 'CreateRouteTable', input: async (fb) => ({ VpcId: (await world(fb)).vpc }), id: (o) => o.RouteTable.RouteTableId },
  'ec2:internet-gateway': { operation: 'CreateInternetGateway', input: async () => ({}), id: (o) => o.InternetGateway.InternetGatewayId },
  'ec2:natgateway': { operation: 'CreateNatGateway', input: async (fb) => ({ SubnetId: (await world(fb)).subnet, ConnectivityType: 'private' }), id: (o) => o.NatGateway.NatGatewayId },
  'ec2:elastic-ip': { operation: 'AllocateAddress', input: async () => ({ Domain: 'vpc' }), id: (o) => o.AllocationId },
  'ec2:network-interface': { operation: 'CreateNetworkInterface', input: async (fb) => ({ SubnetId: (await world(fb)).subnet }), id: (o) => o.NetworkInterface.NetworkInterfaceId },
  'ec2:security-group': { operation: 'CreateSecurityGroup', input: async (fb, n) => ({ VpcId: (await world(fb)).vpc, GroupName: `g${n}`, Description: 'a group' }), id: (o) => o.GroupId },
  'ec2:network-acl': { operation: 'CreateNetworkAcl', input: async (fb) => ({ VpcId: (await world(fb)).vpc }), id: (o) => o.NetworkAcl.NetworkAclId },
  'ec2:instance': {
    operation: 'RunInstances', listing: 'DescribeInstances',
    input: async (fb, n) => ({ ImageId: await image(fb), MinCount: 1, MaxCount: 1, InstanceType: 't3.micro', SubnetId: (await world(fb)).subnet, UserData: Buffer.from(`n${n}`).toString('base64') }),
    id: (o) => o.Instances[0].InstanceId,
  },
  'ec2:volume': { operation: 'CreateVolume', input: async (_fb, n) => ({ AvailabilityZone: 'us-east-1a', Size: n }), id: (o) => o.VolumeId },
  'ec2:snapshot': { operation: 'CreateSnapshot', input: async (fb, n) => ({ VolumeId: (await world(fb)).volume, Description: `s${n}` }), id: (o) => o.SnapshotId },
  'ec2:image': {
    operation: 'RegisterImage',
    input: async (fb, n) => ({ Name: `image-${n}`, RootDeviceName: '/dev/xvda', Architecture: 'x86_64', VirtualizationType: 'hvm', BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { SnapshotId: (await world(fb)).snapshot } }] }),
    id: (o) => o.ImageId,
  },
  'ec2:key-pair': { operation: 'CreateKeyPair', input: async (_fb, n) => ({ KeyName: `key-${n}`, KeyType: 'ed25519' }), id: (o) => o.KeyPairId },
  'ec2:launch-template': { operation: 'CreateLaunchTemplate', input: async (_fb, n) => ({ LaunchTemplateName: `template-${n}`, LaunchTemplateData: { InstanceType: 't3.micro' } }), id: (o) => o.LaunchTemplate.LaunchTemplateId },
};

/** Kinds that no law makes a sample of, each with its reason; the count stands in COVERAGE.md. */
export const EXEMPT: Readonly<Record<string, string>> = {
  'ec2:security-group-rule': 'made by AuthorizeSecurityGroupIngress, several at once; its own test file',
  'ec2:network-acl-association': 'shown in its network ACL',
  'ec2:volume-modification': 'one a volume, made by ModifyVolume; its own test file',
  'ec2:launch-template-version': 'listed by number under its template; its own test file',
  'ec2:subnet-cidr-reservation': 'listed by GetSubnetCidrReservations, which takes no ids',
  'ec2:transit-gateway-route-table': 'nothing makes one yet',
  'ec2:ipv4pool-ec2': 'nothing makes one yet',
};
