import { image, world, type Sample } from './sample.ts';

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

export const EXEMPT: Readonly<Record<string, string>> = {
  'ec2:security-group-rule': 'made by AuthorizeSecurityGroupIngress, several at once; its own test file',
  'ec2:former-cidr-block': 'shown in its VPC or subnet; networks.test.ts',
  'ec2:deregistered-image': 'shown by its absence; images.test.ts',
  'ec2:network-acl-association': 'shown in its network ACL',
  'ec2:volume-modification': 'one a volume, made by ModifyVolume; its own test file',
  'ec2:launch-template-version': 'listed by number under its template; its own test file',
  'ec2:subnet-cidr-reservation': 'listed by GetSubnetCidrReservations, which takes no ids',
};
