import { call, world, type Sample } from './sample.ts';
import type { Fogbank } from '../../support/fogbank.ts';

const vpcOf = async (fb: Fogbank, n: number): Promise<string> => (await call(fb, 'CreateVpc', { CidrBlock: `10.${100 + n}.0.0/16` })).Vpc.VpcId as string;

export const SAMPLES: Readonly<Record<string, Sample>> = {
  'ec2:prefix-list': { operation: 'CreateManagedPrefixList', input: async (_fb, n) => ({ PrefixListName: `list-${n}`, MaxEntries: 5, AddressFamily: 'IPv4', Entries: [{ Cidr: `10.${n}.0.0/16`, Description: 'office' }] }), id: (o) => o.PrefixList.PrefixListId },
  'ec2:vpc-peering-connection': { operation: 'CreateVpcPeeringConnection', input: async (fb, n) => ({ VpcId: (await world(fb)).vpc, PeerVpcId: await vpcOf(fb, n) }), id: (o) => o.VpcPeeringConnection.VpcPeeringConnectionId },
  'ec2:egress-only-internet-gateway': { operation: 'CreateEgressOnlyInternetGateway', input: async (fb, n) => ({ VpcId: await remembered(fb, n) }), id: (o) => o.EgressOnlyInternetGateway.EgressOnlyInternetGatewayId },
  'ec2:carrier-gateway': { operation: 'CreateCarrierGateway', input: async (fb, n) => ({ VpcId: await remembered(fb, n) }), id: (o) => o.CarrierGateway.CarrierGatewayId },
  'ec2:vpc-block-public-access-exclusion': {
    operation: 'CreateVpcBlockPublicAccessExclusion', input: async (fb, n) => ({ VpcId: await remembered(fb, n), InternetGatewayExclusionMode: 'allow-egress' }), id: (o) => o.VpcBlockPublicAccessExclusion.ExclusionId,
  },
  'ec2:vpc-encryption-control': { operation: 'CreateVpcEncryptionControl', input: async (fb, n) => ({ VpcId: await remembered(fb, n) }), id: (o) => o.VpcEncryptionControl.VpcEncryptionControlId },
  'ec2:vpc-endpoint': { operation: 'CreateVpcEndpoint', input: async (fb) => ({ VpcId: (await world(fb)).vpc, ServiceName: 'com.amazonaws.us-east-1.s3' }), id: (o) => o.VpcEndpoint.VpcEndpointId },
  'ec2:vpc-endpoint-service': {
    operation: 'CreateVpcEndpointServiceConfiguration',
    input: async (_fb, n) => ({ NetworkLoadBalancerArns: [`arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/balancer-${n}/0123456789abcdef`], AcceptanceRequired: false }),
    id: (o) => o.ServiceConfiguration.ServiceId,
  },
};

/** The same VPC for the same number, so that a request can be repeated. */
const made = new WeakMap<Fogbank['machine'], Map<number, Promise<string>>>();

function remembered(fb: Fogbank, n: number): Promise<string> {
  let mine = made.get(fb.machine);
  if (!mine) made.set(fb.machine, (mine = new Map()));
  let vpc = mine.get(n);
  if (!vpc) mine.set(n, (vpc = vpcOf(fb, n)));
  return vpc;
}

export const EXEMPT: Readonly<Record<string, string>> = {
  'ec2:vpc-block-public-access-options': 'one for an account and Region; block-public-access.test.ts',
  'ec2:account-vpc-encryption-control': 'one for an account and Region; encryption-controls.test.ts',
  'ec2:availability-zone-group': 'what an account has opted in to; zone-groups.test.ts',
  'ec2:security-group-vpc-association': 'has no id of its own; vpc-associations.test.ts',
  'ec2:vpc-endpoint-service-permission': 'made by ModifyVpcEndpointServicePermissions, listed without ids; endpoint-services.test.ts',
  'ec2:vpc-endpoint-connection': "made by another account's endpoint, listed without ids; endpoint-services.test.ts",
  'ec2:vpc-endpoint-connection-notification': 'has no tags, and is found by one id; endpoint-services.test.ts',
  'ec2:vpc-endpoint-service-name': "nobody's resource: it says whose service a name is",
};
