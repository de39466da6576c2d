import type { Fogbank } from '../../support/fogbank.ts';
import { call, world, type Sample } from './sample.ts';

interface Made {
  readonly instance: string;
  readonly group: string;
  readonly securityGroup: string;
}

const all = new WeakMap<Fogbank['machine'], Promise<Made>>();

/** An instance with a group, for endpoints in the world's VPC. */
function made(fb: Fogbank): Promise<Made> {
  const make = async (): Promise<Made> => {
    const instance = (await call(fb, 'CreateVerifiedAccessInstance', { CidrEndpointsCustomSubDomain: 'va.example.com' })).VerifiedAccessInstance.VerifiedAccessInstanceId;
    const group = (await call(fb, 'CreateVerifiedAccessGroup', { VerifiedAccessInstanceId: instance })).VerifiedAccessGroup.VerifiedAccessGroupId;
    const securityGroup = (await call(fb, 'CreateSecurityGroup', { GroupName: 'verified', Description: 'of endpoints', VpcId: (await world(fb)).vpc })).GroupId;
    return { instance, group, securityGroup };
  };
  let known = all.get(fb.machine);
  if (!known) all.set(fb.machine, (known = make()));
  return known;
}

export const SAMPLES: Readonly<Record<string, Sample>> = {
  'ec2:verified-access-instance': { operation: 'CreateVerifiedAccessInstance', input: async (_fb, n) => ({ Description: `instance ${n}` }), id: (o) => o.VerifiedAccessInstance.VerifiedAccessInstanceId },
  'ec2:verified-access-trust-provider': {
    operation: 'CreateVerifiedAccessTrustProvider', input: async (_fb, n) => ({ TrustProviderType: 'device', DeviceTrustProviderType: 'jamf', DeviceOptions: { TenantId: `tenant-${n}` }, PolicyReferenceName: `devices${n}` }),
    id: (o) => o.VerifiedAccessTrustProvider.VerifiedAccessTrustProviderId,
  },
  'ec2:verified-access-group': { operation: 'CreateVerifiedAccessGroup', input: async (fb) => ({ VerifiedAccessInstanceId: (await made(fb)).instance }), id: (o) => o.VerifiedAccessGroup.VerifiedAccessGroupId },
  'ec2:verified-access-endpoint': {
    operation: 'CreateVerifiedAccessEndpoint', id: (o) => o.VerifiedAccessEndpoint.VerifiedAccessEndpointId,
    input: async (fb, n) => ({
      VerifiedAccessGroupId: (await made(fb)).group, EndpointType: 'cidr', AttachmentType: 'vpc', SecurityGroupIds: [(await made(fb)).securityGroup],
      CidrOptions: { Cidr: `10.0.${n}.0/24`, SubnetIds: [(await world(fb)).subnet], PortRanges: [{ FromPort: 22, ToPort: 22 }] },
    }),
  },
};

export const EXEMPT: Readonly<Record<string, string>> = {};
