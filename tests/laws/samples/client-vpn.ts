import type { Fogbank } from '../../support/fogbank.ts';
import { call, type Sample } from './sample.ts';

const certificate = (n: number): string => `arn:aws:acm:us-east-1:123456789012:certificate/00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

const gateways = new WeakMap<Fogbank, Promise<string>>();

/** One for all concentrators of a Fogbank. */
function gateway(fb: Fogbank): Promise<string> {
  let made = gateways.get(fb);
  if (!made) gateways.set(fb, (made = call(fb, 'CreateTransitGateway', {}).then((o) => o.TransitGateway.TransitGatewayId as string)));
  return made;
}

export const SAMPLES: Readonly<Record<string, Sample>> = {
  'ec2:client-vpn-endpoint': {
    operation: 'CreateClientVpnEndpoint',
    input: async (_fb, n) => ({
      ClientCidrBlock: '172.20.0.0/22', ServerCertificateArn: certificate(n), ConnectionLogOptions: { Enabled: false },
      AuthenticationOptions: [{ Type: 'certificate-authentication', MutualAuthentication: { ClientRootCertificateChainArn: certificate(n) } }],
    }),
    id: (o) => o.ClientVpnEndpointId,
  },
  'ec2:vpn-concentrator': { operation: 'CreateVpnConcentrator', input: async (fb) => ({ Type: 'ipsec.1', TransitGatewayId: await gateway(fb) }), id: (o) => o.VpnConcentrator.VpnConcentratorId },
};

export const EXEMPT: Readonly<Record<string, string>> = {
  'ec2:client-vpn-target-network': 'listed under its endpoint; its own test file',
  'ec2:client-vpn-route': 'known by its destination and listed under its endpoint; its own test file',
  'ec2:client-vpn-authorization-rule': 'known by its destination and listed under its endpoint; its own test file',
  'ec2:client-vpn-authorization-policy': 'one an endpoint; its own test file',
};
