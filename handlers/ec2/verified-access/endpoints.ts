import type { VerifiedAccessEndpoint } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { creates, describes, hours, minutes, modifies, quotaValue, resource, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';
import { groupIdentifiers } from '../network-interfaces/network-interfaces.ts';
import { changedOptions, checkArn, checkOptions, OPTIONS, optionsFor, type Options, type OptionsMember } from './endpoint-options.ts';
import { endpointLimitExceeded, incorrectState } from './errors.ts';
import { liveGroup } from './groups.ts';
import { verifiedAccessInstances, type StoredInstance } from './instances.ts';
import { changePolicy, encryptionOf, policyOf, type Policy } from './policies.ts';
import { timeOf } from './times.ts';

/** `$` holds the policy, and the VPC in which the endpoint is. */
export type StoredEndpoint = Wire<VerifiedAccessEndpoint> & { $: { policy: Policy; vpcId: string } };

const gone = (endpoint: StoredEndpoint): boolean => endpoint.Status!.Code === 'deleted';
const kept = (endpoint: StoredEndpoint) => (gone(endpoint) ? 'keep' : 'refuse');

/**
 * https://docs.aws.amazon.com/verified-access/latest/ug/verified-access-endpoints.html
 * assumed: the interfaces through which an endpoint reaches its subnets are not among the account's own.
 */
export const verifiedAccessEndpoints = resource<StoredEndpoint>({
  service: 'ec2',
  kind: 'verified-access-endpoint',
  shape: 'VerifiedAccessEndpoint',
  id: { member: 'VerifiedAccessEndpointId', prefix: 'vae' },
  notFound: general.notFound('InvalidVerifiedAccessEndpointId.NotFound', 'Verified Access endpoint ID'),
  malformed: general.malformedId('InvalidVerifiedAccessEndpointId.Malformed', 'vae'),
  state: 'Status.Code',
  lifecycle: {
    pending: { after: minutes(10), to: 'active' },
    updating: { after: minutes(5), to: 'active' },
    deleting: { after: minutes(5), to: 'deleted' },
    // assumed: for an hour what is deleted is described.
    deleted: { after: hours(1), to: 'gone', paced: false },
  },
  entering: { deleted: (endpoint, ctx) => void (endpoint.DeletionTime = timeOf(ctx)) },
  references: {
    VerifiedAccessGroupId: { kind: 'ec2:verified-access-group', onDelete: kept },
    VerifiedAccessInstanceId: { kind: 'ec2:verified-access-instance', onDelete: kept },
    SecurityGroupIds: { kind: 'ec2:security-group', onDelete: kept },
    'LoadBalancerOptions.SubnetIds': { kind: 'ec2:subnet', onDelete: kept },
    'RdsOptions.SubnetIds': { kind: 'ec2:subnet', onDelete: kept },
    'CidrOptions.SubnetIds': { kind: 'ec2:subnet', onDelete: kept },
    // assumed: an interface may go though an endpoint leads to it.
    'NetworkInterfaceOptions.NetworkInterfaceId': { kind: 'ec2:network-interface', onDelete: 'keep' },
  },
  filters: { status: 'Status.Code' },
});

type CreateInput = Ec2Operations['CreateVerifiedAccessEndpoint']['input'];

const DOMAIN = /^(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/i;
const WEB = ['ApplicationDomain', 'DomainCertificateArn', 'EndpointDomainPrefix'] as const;

/** Applications that are reached by a browser have a name of their own and a certificate for it; others have neither. */
function webNames(input: CreateInput, protocol: string, ctx: Context): Partial<StoredEndpoint> {
  if (protocol === 'tcp') {
    const needless = WEB.find((name) => input[name]);
    if (needless !== undefined) throw general.invalidParameterCombination(`${needless} cannot be specified for an endpoint of the protocol tcp`);
    return {};
  }
  const missing = WEB.find((name) => !input[name]);
  if (missing !== undefined) throw general.missingParameter(missing);
  const { ApplicationDomain, DomainCertificateArn, EndpointDomainPrefix } = input;
  if (!DOMAIN.test(ApplicationDomain!)) throw general.invalidValue(ApplicationDomain, 'ApplicationDomain', 'It is not a valid domain name.');
  checkArn(ctx, DomainCertificateArn!, 'DomainCertificateArn', 'acm', 'certificate/.+');
  if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i.test(EndpointDomainPrefix!)) throw general.invalidValue(EndpointDomainPrefix, 'EndpointDomainPrefix', 'It is not a valid part of a domain name.');
  return { ApplicationDomain, DomainCertificateArn };
}

/** The endpoint's own name, and the one at which devices are looked at. CIDR endpoints are reached under the instance's subdomain. */
function endpointNames(input: CreateInput, instance: StoredInstance, ctx: Context): Partial<StoredEndpoint> {
  if (input.EndpointType === 'cidr') return {};
  const prefix = input.EndpointDomainPrefix ? `${input.EndpointDomainPrefix}.` : '';
  const EndpointDomain = `${prefix}edge-${ctx.ids.hex(17)}.${instance.VerifiedAccessInstanceId}.prod.verified-access.${ctx.region}.amazonaws.com`;
  const devices = instance.VerifiedAccessTrustProviders!.some((t) => t.TrustProviderType === 'device');
  return { EndpointDomain, ...(devices && { DeviceValidationDomain: `device.${EndpointDomain}` }) };
}

async function planEndpoint(input: CreateInput, ctx: Context): Promise<Partial<StoredEndpoint>> {
  if ((await ctx.list(verifiedAccessEndpoints)).filter((e) => !gone(e)).length >= (await quotaValue(ctx, 'ec2', 'L-5D439CF7'))) throw endpointLimitExceeded();
  const group = await liveGroup(ctx, input.VerifiedAccessGroupId);
  const instance = await ctx.get(verifiedAccessInstances, group.VerifiedAccessInstanceId!);
  const wish = optionsFor<Options>(input.EndpointType, input);
  if (wish === undefined) throw general.missingParameter(OPTIONS[input.EndpointType]);
  // assumed: a CIDR endpoint needs the subdomain under which its addresses are reached.
  if (input.EndpointType === 'cidr' && !instance.CidrEndpointsCustomSubDomain) throw general.invalidParameterValue(`The Verified Access instance ${instance.VerifiedAccessInstanceId} has no custom subdomain for CIDR endpoints`);
  const { options, vpcId } = await checkOptions(ctx, input.EndpointType, wish);
  const names = webNames(input, options.Protocol!, ctx);
  if (!input.SecurityGroupIds?.length) throw general.missingParameter('SecurityGroupIds');
  const groups = await groupIdentifiers(ctx, input.SecurityGroupIds, vpcId);
  return {
    VerifiedAccessInstanceId: group.VerifiedAccessInstanceId, VerifiedAccessGroupId: input.VerifiedAccessGroupId, EndpointType: input.EndpointType, AttachmentType: input.AttachmentType, ...names,
    ...endpointNames(input, instance, ctx), SecurityGroupIds: groups.map((g) => g.GroupId), [OPTIONS[input.EndpointType]]: options, Status: { Code: 'pending' }, Description: input.Description ?? '',
    CreationTime: timeOf(ctx), LastUpdatedTime: timeOf(ctx), SseSpecification: encryptionOf(input.SseSpecification), $: { policy: policyOf(input.PolicyDocument), vpcId },
  };
}

async function liveEndpoint(ctx: Context, id: string, states: readonly string[]): Promise<StoredEndpoint> {
  const endpoint = await ctx.get(verifiedAccessEndpoints, id);
  if (!states.includes(endpoint.Status!.Code!)) throw incorrectState('Verified Access endpoint', id, endpoint.Status!.Code!);
  return endpoint;
}

async function changeOptions(endpoint: StoredEndpoint, input: Ec2Operations['ModifyVerifiedAccessEndpoint']['input'], ctx: Context): Promise<void> {
  const type = endpoint.EndpointType!;
  const member: OptionsMember = OPTIONS[type];
  const wish = optionsFor<Options>(type, input);
  if (wish === undefined) return;
  const { options, vpcId } = await checkOptions(ctx, type, changedOptions(endpoint[member]!, wish));
  if (vpcId !== endpoint.$.vpcId) throw general.invalidParameterValue(`The subnets must be in the VPC ${endpoint.$.vpcId} of the endpoint`);
  // assumed: an endpoint that browsers reach stays one, as one that they do not reach has no name for it.
  if ((options.Protocol === 'tcp') !== (endpoint.ApplicationDomain === undefined)) throw general.invalidValue(options.Protocol, `${member}.Protocol`, 'An endpoint does not change between TCP and HTTP or HTTPS.');
  Object.assign(endpoint, { [member]: options });
}

export const verifiedAccessEndpointOperations = {
  CreateVerifiedAccessEndpoint: creates(verifiedAccessEndpoints, planEndpoint),
  DescribeVerifiedAccessEndpoints: describes(verifiedAccessEndpoints, {
    ids: 'VerifiedAccessEndpointIds',
    visible: (endpoint, input) => (['VerifiedAccessInstanceId', 'VerifiedAccessGroupId'] as const).every((member) => input[member] === undefined || endpoint[member] === input[member]),
  }),
  ModifyVerifiedAccessEndpoint: async (input, ctx) => {
    const endpoint = await liveEndpoint(ctx, input.VerifiedAccessEndpointId, ['active']);
    await changeOptions(endpoint, input, ctx);
    if (input.VerifiedAccessGroupId !== undefined) {
      const group = await liveGroup(ctx, input.VerifiedAccessGroupId);
      Object.assign(endpoint, { VerifiedAccessGroupId: group.VerifiedAccessGroupId, VerifiedAccessInstanceId: group.VerifiedAccessInstanceId });
    }
    if (input.Description !== undefined) endpoint.Description = input.Description;
    endpoint.LastUpdatedTime = timeOf(ctx);
    return { VerifiedAccessEndpoint: await ctx.transition(verifiedAccessEndpoints, endpoint, 'updating') };
  },
  GetVerifiedAccessEndpointPolicy: async (input, ctx) => ({ ...(await ctx.get(verifiedAccessEndpoints, input.VerifiedAccessEndpointId)).$.policy }),
  ModifyVerifiedAccessEndpointPolicy: modifies(verifiedAccessEndpoints, { id: 'VerifiedAccessEndpointId' }, (endpoint, input, ctx) => {
    if (/^delet/.test(endpoint.Status!.Code!)) throw incorrectState('Verified Access endpoint', input.VerifiedAccessEndpointId, endpoint.Status!.Code!);
    endpoint.LastUpdatedTime = timeOf(ctx);
    return changePolicy(endpoint, input);
  }),
  DeleteVerifiedAccessEndpoint: async (input, ctx) => {
    const endpoint = await liveEndpoint(ctx, input.VerifiedAccessEndpointId, ['pending', 'active', 'updating']);
    endpoint.LastUpdatedTime = timeOf(ctx);
    return { VerifiedAccessEndpoint: await ctx.transition(verifiedAccessEndpoints, endpoint, 'deleting') };
  },
} satisfies Handlers<Ec2Operations>;
