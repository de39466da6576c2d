import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Context, Handlers } from '../../../src/kit/index.ts';
import { liveEndpoint, type StoredClientVpnEndpoint } from './endpoints.ts';

/** The certificates of the endpoint's authority, where a service here keeps certificates. */
async function authority(endpoint: StoredClientVpnEndpoint, ctx: Context): Promise<string> {
  const certificate = await ctx.findForeign('acm:certificate', endpoint.ServerCertificateArn!);
  return String(certificate?.CertificateChain ?? certificate?.Certificate ?? '').trim();
}

/** The file with which an OpenVPN client is set up; the client's own certificate and key are put in by whoever hands it out. https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/cvpn-working-endpoint-export.html */
async function configuration(endpoint: StoredClientVpnEndpoint, ctx: Context): Promise<string> {
  const methods = endpoint.AuthenticationOptions!.map((a) => a.Type);
  const ipv6 = endpoint.EndpointIpAddressType === 'ipv6';
  return [
    'client', 'dev tun', `proto ${endpoint.TransportProtocol}${ipv6 ? '6' : ''}`, `remote ${endpoint.DnsName!.slice('*.'.length)} ${endpoint.VpnPort}`, 'remote-random-hostname', 'resolv-retry infinite', 'nobind',
    'remote-cert-tls server', 'cipher AES-256-GCM', 'verb 3', '<ca>', await authority(endpoint, ctx), '</ca>', '',
    ...(methods.includes('directory-service-authentication') ? ['auth-user-pass'] : []),
    ...(methods.includes('federated-authentication') ? ['auth-federate', 'auth-retry interact', 'auth-nocache'] : []),
    'reneg-sec 0', '',
  ].join('\n');
}

export const clientConfigurationOperations = {
  // assumed: an endpoint that waits for a target network has its file already.
  ExportClientVpnClientConfiguration: async (input, ctx) => ({ ClientConfiguration: await configuration(await liveEndpoint(ctx, input.ClientVpnEndpointId), ctx) }),
} satisfies Handlers<Ec2Operations>;
