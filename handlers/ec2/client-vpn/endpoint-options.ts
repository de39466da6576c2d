import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import { seconds, type Context } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';
import { formatCidr, parseCidr, parseIpv4, parseIpv6 } from '../vpcs/cidr.ts';
import { clientVpnEndpoints, type StoredClientVpnEndpoint } from './endpoints.ts';

type Input = Ec2Operations['CreateClientVpnEndpoint']['input'];
type ModifyInput = Ec2Operations['ModifyClientVpnEndpoint']['input'];
type Endpoint = StoredClientVpnEndpoint;
type Authentication = NonNullable<Endpoint['AuthenticationOptions']>[number];

const oneOf = <T>(value: T | undefined, allowed: readonly T[], parameter: string, initial: T): T => {
  if (value !== undefined && !allowed.includes(value)) throw general.invalidValue(value, parameter, `Valid values: ${allowed.join(', ')}`);
  return value ?? initial;
};

// ---- addresses ----

const PREFIX_SHORTEST = 12;
const PREFIX_LONGEST = 22;

/** "Client CIDR ranges must have a block size of at least /22 and must not be greater than /12." https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/what-is-best-practices.html */
function clientBlock(text: string | undefined, traffic: Endpoint['TrafficIpAddressType']): string | undefined {
  // assumed: AWS gives IPv6 addresses itself, and clients of an endpoint for IPv6 alone have no others.
  if (traffic === 'ipv6') {
    if (text !== undefined) throw general.invalidParameterCombination('The parameter ClientCidrBlock cannot be used with the traffic IP address type ipv6');
    return undefined;
  }
  if (text === undefined) throw general.missingParameter('ClientCidrBlock');
  const cidr = parseCidr(text);
  if (cidr?.version !== 4) throw general.invalidValue(text, 'clientCidrBlock', 'This is not a valid CIDR block.');
  if (cidr.prefix < PREFIX_SHORTEST || cidr.prefix > PREFIX_LONGEST) throw general.invalidValue(text, 'clientCidrBlock', `The size of the CIDR block must be from /${PREFIX_LONGEST} to /${PREFIX_SHORTEST}.`);
  return formatCidr(cidr);
}

const DNS_SERVERS_MAX = 2;

function dnsServers(given: readonly string[]): string[] {
  if (given.length > DNS_SERVERS_MAX) throw general.invalidParameterValue(`A Client VPN endpoint can have up to ${DNS_SERVERS_MAX} DNS servers.`);
  for (const server of given) if (parseIpv4(server) === undefined && parseIpv6(server) === undefined) throw general.invalidValue(server, 'dnsServers', 'This is not a valid IP address.');
  return [...given];
}

// ---- who may come in ----

/** There is no ACM here: a certificate is known by its ARN, which must be one of this account and Region. */
function certificate(arn: string, ctx: Context): string {
  if (!/^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[0-9a-f-]{36}$/.test(arn)) throw general.invalidParameterValue(`Certificate ${arn} is not a valid certificate ARN`);
  const [, , , region, account] = arn.split(':');
  // assumed: the words for a certificate of elsewhere.
  if (region !== ctx.region || account !== ctx.account) throw general.invalidParameterValue(`Certificate ${arn} does not exist`);
  return arn;
}

async function samlProvider(arn: string, ctx: Context): Promise<string> {
  // assumed: the words for a provider that is not there.
  if (!(await ctx.findForeign('iam:saml-provider', arn))) throw general.invalidParameterValue(`SAML provider ${arn} does not exist`);
  return arn;
}

async function authentication(given: Input['AuthenticationOptions'][number], ctx: Context): Promise<Authentication> {
  switch (given.Type) {
    case 'certificate-authentication': {
      const chain = given.MutualAuthentication?.ClientRootCertificateChainArn;
      if (chain === undefined) throw general.missingParameter('ClientRootCertificateChainArn');
      return { Type: given.Type, MutualAuthentication: { ClientRootCertificateChain: certificate(chain, ctx) } };
    }
    case 'directory-service-authentication': {
      const id = given.ActiveDirectory?.DirectoryId;
      if (id === undefined) throw general.missingParameter('DirectoryId');
      if (!/^d-[0-9a-f]{10}$/.test(id)) throw general.invalidValue(id, 'directoryId', 'Expected the ID of a directory.');
      return { Type: given.Type, ActiveDirectory: { DirectoryId: id } };
    }
    case 'federated-authentication': {
      const { SAMLProviderArn: arn, SelfServiceSAMLProviderArn: own } = given.FederatedAuthentication ?? {};
      if (arn === undefined) throw general.missingParameter('SAMLProviderArn');
      return { Type: given.Type, FederatedAuthentication: { SamlProviderArn: await samlProvider(arn, ctx), ...(own === undefined ? {} : { SelfServiceSamlProviderArn: await samlProvider(own, ctx) }) } };
    }
    default:
      throw general.missingParameter('Type');
  }
}

/** One method, or certificates together with one of the two that know users. https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/client-authentication.html */
async function authentications(given: Input['AuthenticationOptions'], ctx: Context): Promise<Authentication[]> {
  const out: Authentication[] = [];
  for (const one of given) out.push(await authentication(one, ctx));
  const users = out.filter((a) => a.Type !== 'certificate-authentication').length;
  if (out.length === 0) throw general.missingParameter('AuthenticationOptions');
  if (users > 1 || out.length - users > 1) throw general.invalidParameterCombination('A Client VPN endpoint can use certificate authentication, one kind of user-based authentication, or both');
  return out;
}

// ---- what it does for clients ----

function logs(given: Input['ConnectionLogOptions'], id: string, ctx: Context): NonNullable<Endpoint['ConnectionLogOptions']> {
  const { Enabled = false, CloudwatchLogGroup: group, CloudwatchLogStream: stream, IncludeAuthorizationPolicyContext: policy } = given;
  if (Enabled && group === undefined) throw general.missingParameter('CloudwatchLogGroup');
  // assumed: how the name of the stream that AWS makes is built: the endpoint, the Region, the day and something of its own.
  const made = Enabled ? `${id}-${ctx.region}-${ctx.now.slice(0, 10).replaceAll('-', '/')}-${ctx.ids.text('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789', 12)}` : undefined;
  const named = stream ?? made;
  return { Enabled, ...(group !== undefined && { CloudwatchLogGroup: group }), ...(named !== undefined && { CloudwatchLogStream: named }), ...(policy !== undefined && { IncludeAuthorizationPolicyContext: policy }) };
}

/** "The name of the Lambda function must begin with the AWSClientVPN- prefix." https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/connection-authorization.html */
function connectOptions(given: Input['ClientConnectOptions']): NonNullable<Endpoint['ClientConnectOptions']> {
  const { Enabled = false, LambdaFunctionArn: arn } = given ?? {};
  if (Enabled && arn === undefined) throw general.missingParameter('LambdaFunctionArn');
  if (arn !== undefined && !/^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:AWSClientVPN-[A-Za-z0-9_-]+(:[A-Za-z0-9$_-]+)?$/.test(arn)) throw general.invalidValue(arn, 'lambdaFunctionArn', 'Expected the ARN of a function whose name begins with AWSClientVPN-.');
  return { Enabled, ...(arn !== undefined && { LambdaFunctionArn: arn }) };
}

const BANNER_LENGTH_MAX = 1400;

function banner(given: Input['ClientLoginBannerOptions']): NonNullable<Endpoint['ClientLoginBannerOptions']> {
  const { Enabled = false, BannerText: text } = given ?? {};
  if (Enabled && text === undefined) throw general.missingParameter('BannerText');
  if ((text?.length ?? 0) > BANNER_LENGTH_MAX) throw general.invalidParameterValue(`The banner text cannot have more than ${BANNER_LENGTH_MAX} characters.`);
  return { Enabled, ...(text !== undefined && { BannerText: text }) };
}

/** "Specify false to disable device posture, which clears the configured device trust providers." */
function posture(given: Input['DevicePostureOptions']): Endpoint['DevicePostureOptions'] | undefined {
  const { Enabled: enabled = true, TrustProviders: providers = [] } = given ?? {};
  if (!enabled && providers.length > 0) throw general.invalidParameterCombination('The parameter TrustProviders cannot be used where device posture is disabled');
  if (!given || !enabled) return undefined;
  if (providers.length === 0) throw general.missingParameter('TrustProviders');
  const types = new Set<string>();
  for (const { TrustProviderType: type, TenantId: tenant, PublicSigningKeyUrl: url } of providers) {
    if (type === undefined) throw general.missingParameter('TrustProviderType');
    if (tenant === undefined) throw general.missingParameter('TenantId');
    if (url !== undefined && !/^https:\/\/[^\s/]+/.test(url)) throw general.invalidValue(url, 'publicSigningKeyUrl', 'Expected an HTTPS URL.');
    // assumed: one provider of a type.
    if (types.has(type)) throw general.invalidValue(type, 'trustProviderType', 'Each type can be used once.');
    types.add(type);
  }
  return { TrustProviders: providers.map((p) => ({ ...p })) };
}

const portal = (id: string): string => `https://self-service.clientvpn.amazonaws.com/endpoints/${id}`;

/** "The self-service portal is not available for clients that authenticate using mutual authentication." */
const offersPortal = (methods: readonly Authentication[]): boolean => methods.some((a) => a.Type !== 'certificate-authentication');

const PORTS = [443, 1194] as const;
const SESSION_HOURS = [8, 10, 12, 24] as const;

export async function planOptions(input: Input, id: string, ctx: Context): Promise<Partial<Endpoint>> {
  const traffic = input.TrafficIpAddressType ?? 'ipv4';
  const block = clientBlock(input.ClientCidrBlock, traffic);
  const methods = await authentications(input.AuthenticationOptions, ctx);
  const trust = posture(input.DevicePostureOptions);
  const withPortal = input.SelfServicePortal === undefined ? offersPortal(methods) : input.SelfServicePortal === 'enabled';
  return {
    Description: input.Description ?? '', ...(block !== undefined && { ClientCidrBlock: block }), DnsServers: dnsServers(input.DnsServers ?? []), SplitTunnel: input.SplitTunnel ?? false,
    TransportProtocol: input.TransportProtocol ?? 'udp', VpnPort: oneOf(input.VpnPort, PORTS, 'vpnPort', 443), ServerCertificateArn: certificate(input.ServerCertificateArn, ctx), AuthenticationOptions: methods,
    ConnectionLogOptions: logs(input.ConnectionLogOptions, id, ctx), ClientConnectOptions: connectOptions(input.ClientConnectOptions), ClientLoginBannerOptions: banner(input.ClientLoginBannerOptions),
    SessionTimeoutHours: oneOf(input.SessionTimeoutHours, SESSION_HOURS, 'sessionTimeoutHours', 24), DisconnectOnSessionTimeout: input.DisconnectOnSessionTimeout ?? true,
    ClientRouteEnforcementOptions: { Enforced: input.ClientRouteEnforcementOptions?.Enforced ?? false }, EndpointIpAddressType: input.EndpointIpAddressType ?? 'ipv4', TrafficIpAddressType: traffic,
    ...(withPortal && { SelfServicePortalUrl: portal(id) }), ...(trust && { DevicePostureOptions: trust }),
  };
}

// assumed: how long it takes until other client connect options are in force.
const CONNECT_OPTIONS_APPLY = seconds(30);

function changedServers(given: NonNullable<ModifyInput['DnsServers']>, present: string[]): string[] {
  if (given.Enabled === false) {
    if (given.CustomDnsServers?.length) throw general.invalidParameterCombination('The parameter CustomDnsServers cannot be used where DNS servers are disabled');
    return [];
  }
  return given.CustomDnsServers ? dnsServers(given.CustomDnsServers) : present;
}

/** Changes the document; what is not given stays. */
export async function changedOptions(endpoint: Endpoint, input: ModifyInput, ctx: Context): Promise<void> {
  const id = endpoint.ClientVpnEndpointId!;
  if (input.ServerCertificateArn !== undefined) endpoint.ServerCertificateArn = certificate(input.ServerCertificateArn, ctx);
  if (input.ConnectionLogOptions) endpoint.ConnectionLogOptions = logs(input.ConnectionLogOptions, id, ctx);
  if (input.DnsServers) endpoint.DnsServers = changedServers(input.DnsServers, endpoint.DnsServers!);
  if (input.ClientLoginBannerOptions) endpoint.ClientLoginBannerOptions = banner(input.ClientLoginBannerOptions);
  if (input.ClientRouteEnforcementOptions) endpoint.ClientRouteEnforcementOptions = { Enforced: input.ClientRouteEnforcementOptions.Enforced ?? false };
  if (input.ClientConnectOptions) {
    endpoint.ClientConnectOptions = connectOptions(input.ClientConnectOptions);
    endpoint.$.connectOptionsAppliedAt = ctx.nowMs + ctx.delay(clientVpnEndpoints, 'applying', CONNECT_OPTIONS_APPLY);
  }
  if (input.DevicePostureOptions) {
    const trust = posture(input.DevicePostureOptions);
    if (trust) endpoint.DevicePostureOptions = trust;
    else delete endpoint.DevicePostureOptions;
  }
  if (input.SelfServicePortal === 'enabled') endpoint.SelfServicePortalUrl = portal(id);
  if (input.SelfServicePortal === 'disabled') delete endpoint.SelfServicePortalUrl;
  endpoint.VpnPort = oneOf(input.VpnPort, PORTS, 'vpnPort', endpoint.VpnPort as 443);
  endpoint.SessionTimeoutHours = oneOf(input.SessionTimeoutHours, SESSION_HOURS, 'sessionTimeoutHours', endpoint.SessionTimeoutHours as 24);
  for (const member of ['Description', 'SplitTunnel', 'DisconnectOnSessionTimeout'] as const) if (input[member] !== undefined) Object.assign(endpoint, { [member]: input[member] });
}
