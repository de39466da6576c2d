import type { VerifiedAccessInstance } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { creates, describes, modifies, resource, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';
import type { StoredLogs } from './logging-configurations.ts';
import { timeOf } from './times.ts';

/** `$` holds where the access logs go. */
export type StoredInstance = Wire<VerifiedAccessInstance> & { $: { logs: StoredLogs } };

/** https://docs.aws.amazon.com/verified-access/latest/ug/verified-access-instances.html */
export const verifiedAccessInstances = resource<StoredInstance>({
  service: 'ec2',
  kind: 'verified-access-instance',
  shape: 'VerifiedAccessInstance',
  id: { member: 'VerifiedAccessInstanceId', prefix: 'vai' },
  notFound: general.notFound('InvalidVerifiedAccessInstanceId.NotFound', 'Verified Access instance ID'),
  malformed: general.malformedId('InvalidVerifiedAccessInstanceId.Malformed', 'vai'),
  inUse: general.hasDependencies('verifiedAccessInstance'),
  // A trust provider that is attached cannot be deleted.
  references: { 'VerifiedAccessTrustProviders.VerifiedAccessTrustProviderId': { kind: 'ec2:verified-access-trust-provider' } },
  filters: {
    'verified-access-trust-provider-id': 'VerifiedAccessTrustProviders.VerifiedAccessTrustProviderId', 'cidr-endpoints-custom-sub-domain': 'CidrEndpointsCustomSubDomain.SubDomain',
  },
});

const SUB_DOMAIN = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/i;

/** The name under which the addresses of CIDR endpoints are reached, and the servers to which its owner delegates it. */
function customSubDomain(name: string, ctx: Context): StoredInstance['CidrEndpointsCustomSubDomain'] {
  if (!SUB_DOMAIN.test(name) || name.length > 253) throw general.invalidValue(name, 'CidrEndpointsCustomSubDomain', 'It is not a valid domain name.');
  // assumed: name servers as Route 53 gives them.
  const servers = ['com', 'net', 'org', 'co.uk'].map((domain, i) => `ns-${512 * i + ctx.ids.below(512)}.awsdns-${String(ctx.ids.below(64)).padStart(2, '0')}.${domain}`);
  return { SubDomain: name, Nameservers: servers };
}

export const verifiedAccessInstanceOperations = {
  CreateVerifiedAccessInstance: creates(verifiedAccessInstances, (input, ctx): Partial<StoredInstance> => ({
    Description: input.Description ?? '', VerifiedAccessTrustProviders: [], CreationTime: timeOf(ctx), LastUpdatedTime: timeOf(ctx), FipsEnabled: input.FIPSEnabled ?? false,
    ...(input.CidrEndpointsCustomSubDomain && { CidrEndpointsCustomSubDomain: customSubDomain(input.CidrEndpointsCustomSubDomain, ctx) }), $: { logs: {} },
  })),
  DescribeVerifiedAccessInstances: describes(verifiedAccessInstances, { ids: 'VerifiedAccessInstanceIds' }),
  ModifyVerifiedAccessInstance: modifies(verifiedAccessInstances, { id: 'VerifiedAccessInstanceId' }, (instance, input, ctx) => {
    const { Description, CidrEndpointsCustomSubDomain: name } = input;
    if (Description !== undefined) instance.Description = Description;
    // assumed: an empty name takes the subdomain away; the same one keeps its servers.
    if (name === '') delete instance.CidrEndpointsCustomSubDomain;
    else if (name !== undefined && name !== instance.CidrEndpointsCustomSubDomain?.SubDomain) instance.CidrEndpointsCustomSubDomain = customSubDomain(name, ctx);
    instance.LastUpdatedTime = timeOf(ctx);
    return { VerifiedAccessInstance: instance };
  }),
  /** "Before you can delete an instance, you must remove any associated trust providers or groups." */
  DeleteVerifiedAccessInstance: async (input, ctx) => {
    const instance = await ctx.get(verifiedAccessInstances, input.VerifiedAccessInstanceId);
    if (instance.VerifiedAccessTrustProviders!.length > 0) throw general.hasDependencies('verifiedAccessInstance')(input.VerifiedAccessInstanceId);
    await ctx.refuseWhileReferred(verifiedAccessInstances, input.VerifiedAccessInstanceId);
    await ctx.remove(verifiedAccessInstances, instance);
    return { VerifiedAccessInstance: { ...instance, LastUpdatedTime: timeOf(ctx) } };
  },
} satisfies Handlers<Ec2Operations>;
