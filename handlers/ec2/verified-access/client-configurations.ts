import type { VerifiedAccessInstanceOpenVpnClientConfiguration, VerifiedAccessInstanceUserTrustProviderClientConfiguration } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { pageOf, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';
import { networkInterfaces } from '../network-interfaces/network-interfaces.ts';
import { includes, parseCidr, parseIpv4 } from '../vpcs/cidr.ts';
import { verifiedAccessEndpoints, type StoredEndpoint } from './endpoints.ts';
import { verifiedAccessInstances, type StoredInstance } from './instances.ts';
import { trustProviders, type StoredTrustProvider } from './trust-providers.ts';

type Target = NonNullable<Ec2Operations['GetVerifiedAccessEndpointTargets']['output']['VerifiedAccessEndpointTargets']>[number];

/**
 * The addresses of interfaces in the endpoint's VPC that its range covers.
 * assumed: that these are the targets, and how their names are made of their addresses.
 */
async function targetsOf(endpoint: StoredEndpoint, ctx: Context): Promise<Target[]> {
  const cidr = parseCidr(endpoint.CidrOptions!.Cidr!)!;
  const domain = (await ctx.find(verifiedAccessInstances, endpoint.VerifiedAccessInstanceId!))?.CidrEndpointsCustomSubDomain?.SubDomain;
  const addresses = (await ctx.list(networkInterfaces, { member: 'VpcId', value: endpoint.$.vpcId })).flatMap((eni) => (eni.PrivateIpAddresses ?? []).map((a) => a.PrivateIpAddress!));
  return addresses.filter((address) => includes(cidr, parseIpv4(address)!)).map((address) => ({
    VerifiedAccessEndpointId: endpoint.VerifiedAccessEndpointId, VerifiedAccessEndpointTargetIpAddress: address, ...(domain && { VerifiedAccessEndpointTargetDns: `ip-${address.replaceAll('.', '-')}.${domain}` }),
  }));
}

/** What a client is told of whom to ask who its user is. */
function userConfiguration(provider: StoredTrustProvider, ctx: Context): Wire<VerifiedAccessInstanceUserTrustProviderClientConfiguration> {
  const { NativeApplicationOidcOptions: options, UserTrustProviderType: Type, $: { nativeSecret } } = provider;
  if (!options) return { Type };
  const { Scope, ...endpoints } = options;
  return { Type, Scopes: Scope, ...endpoints, ...(nativeSecret !== undefined && { ClientSecret: ctx.unseal(nativeSecret) }), PkceEnabled: true };
}

/**
 * The tunnel through which the Connectivity Client reaches the ranges of the instance's CIDR endpoints.
 * assumed: what stands in the configuration, which nothing documents.
 */
function tunnelOf(instance: StoredInstance, endpoints: readonly StoredEndpoint[], ctx: Context): Wire<VerifiedAccessInstanceOpenVpnClientConfiguration>[] {
  const ranges = [...new Set(endpoints.filter((e) => e.EndpointType === 'cidr' && e.Status!.Code === 'active').map((e) => e.CidrOptions!.Cidr!))];
  if (ranges.length === 0) return [];
  const lines = ['client', 'dev tun', 'proto tcp', `remote ${instance.VerifiedAccessInstanceId}.prod.verified-access.${ctx.region}.amazonaws.com 443`, 'resolv-retry infinite', 'nobind', 'remote-cert-tls server', 'cipher AES-256-GCM', 'verb 3', ''];
  return [{ Config: Buffer.from(lines.join('\n')).toString('base64'), Routes: ranges.map((Cidr) => ({ Cidr })) }];
}

export const clientConfigurationOperations = {
  GetVerifiedAccessEndpointTargets: async (input, ctx) => {
    const endpoint = await ctx.get(verifiedAccessEndpoints, input.VerifiedAccessEndpointId);
    if (endpoint.EndpointType !== 'cidr') throw general.invalidParameterValue(`The Verified Access endpoint ${input.VerifiedAccessEndpointId} is not a network CIDR endpoint`);
    const { items, next } = pageOf(endpoint.Status!.Code === 'active' ? await targetsOf(endpoint, ctx) : [], input);
    return { VerifiedAccessEndpointTargets: items, ...next };
  },
  /** https://docs.aws.amazon.com/verified-access/latest/ug/connectivity-client.html */
  ExportVerifiedAccessInstanceClientConfiguration: async (input, ctx) => {
    const instance = await ctx.get(verifiedAccessInstances, input.VerifiedAccessInstanceId);
    const providers = await ctx.getAll(trustProviders, instance.VerifiedAccessTrustProviders!.map((p) => p.VerifiedAccessTrustProviderId!));
    const user = providers.find((p) => p.TrustProviderType === 'user');
    const endpoints = await ctx.list(verifiedAccessEndpoints, { member: 'VerifiedAccessInstanceId', value: input.VerifiedAccessInstanceId });
    return {
      Version: '1.0', VerifiedAccessInstanceId: input.VerifiedAccessInstanceId, Region: ctx.region, DeviceTrustProviders: providers.flatMap((p) => p.DeviceTrustProviderType ?? []),
      ...(user && { UserTrustProvider: userConfiguration(user, ctx) }), OpenVpnConfigurations: tunnelOf(instance, endpoints, ctx),
    };
  },
} satisfies Handlers<Ec2Operations>;
