import type { IpamResourceDiscoveryAssociation } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { describes, resource, seconds, specifiedTags, type Context, type Handlers, type TagPair } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';
import * as errors from './errors.ts';
import { ipams, type StoredIpam } from './ipams.ts';
import { arnOf, living, ready, withinLimit } from './lifecycles.ts';
import { discoveries, type StoredDiscovery } from './resource-discoveries.ts';

export type StoredDiscoveryAssociation = Wire<IpamResourceDiscoveryAssociation>;

/** What an IPAM sees: its own account, and what the discoveries of others show it. https://docs.aws.amazon.com/vpc/latest/ipam/res-disc-work-with.html */
export const associations = resource<StoredDiscoveryAssociation>({
  service: 'ec2',
  kind: 'ipam-resource-discovery-association',
  shape: 'IpamResourceDiscoveryAssociation',
  id: { member: 'IpamResourceDiscoveryAssociationId', prefix: 'ipam-res-disco-assoc' },
  notFound: errors.missing('InvalidIpamResourceDiscoveryAssociationId', 'ipam-resource-discovery-association'),
  malformed: general.malformedId('InvalidIpamResourceDiscoveryAssociationId.Malformed', 'ipam-res-disco-assoc'),
  arn: (association, account) => `arn:aws:ec2::${account}:ipam-resource-discovery-association/${association.IpamResourceDiscoveryAssociationId}`,
  state: 'State',
  lifecycle: { 'associate-in-progress': { after: seconds(15), to: 'associate-complete' }, 'disassociate-in-progress': { after: seconds(15), to: 'gone' } },
  references: {
    IpamId: { kind: 'ec2:ipam', onDelete: 'cascade' },
    // The default discovery goes when its association does, which goes when the IPAM does.
    IpamResourceDiscoveryId: { kind: 'ec2:ipam-resource-discovery', onDelete: 'keep' },
  },
});

const ASSOCIATIONS_MAX = 5;

export async function associateDiscovery(ctx: Context, ipam: StoredIpam, discovery: StoredDiscovery, wish: { readonly isDefault: boolean; readonly tags: TagPair[] }): Promise<StoredDiscoveryAssociation> {
  const id = ctx.newId(associations);
  return ctx.create(associations, {
    IpamResourceDiscoveryAssociationId: id, IpamResourceDiscoveryAssociationArn: arnOf(ctx, 'ipam-resource-discovery-association', id), IpamResourceDiscoveryId: discovery.IpamResourceDiscoveryId,
    IpamId: ipam.IpamId, IpamArn: ipam.IpamArn, IpamRegion: ipam.IpamRegion, OwnerId: ctx.account, IsDefault: wish.isDefault, ResourceDiscoveryStatus: 'active', State: 'associate-in-progress', Tags: wish.tags,
  });
}

export const discoveryAssociationOperations = {
  AssociateIpamResourceDiscovery: async (input, ctx) => {
    const tags = specifiedTags(input.TagSpecifications as never, 'ipam-resource-discovery-association');
    const ipam = await ready(ctx, ipams, input.IpamId);
    const discovery = await living(ctx, discoveries, input.IpamResourceDiscoveryId);
    const present = await ctx.list(associations, { member: 'IpamId', value: input.IpamId });
    // assumed: a second association of the same two is refused with this code.
    if (present.some((a) => a.IpamResourceDiscoveryId === input.IpamResourceDiscoveryId)) throw general.resourceAlreadyAssociated(`${input.IpamResourceDiscoveryId} is already associated with ${input.IpamId}`);
    if (discovery.IsDefault) throw errors.isDefault(input.IpamResourceDiscoveryId, 'associate');
    withinLimit(ctx, 'ipam resource discovery associations', present.length, ASSOCIATIONS_MAX);
    return { IpamResourceDiscoveryAssociation: await associateDiscovery(ctx, ipam, discovery, { isDefault: false, tags }) };
  },
  DescribeIpamResourceDiscoveryAssociations: describes(associations, { ids: 'IpamResourceDiscoveryAssociationIds' }),
  DisassociateIpamResourceDiscovery: async (input, ctx) => {
    const association = await ctx.get(associations, input.IpamResourceDiscoveryAssociationId);
    if (association.IsDefault) throw errors.isDefault(input.IpamResourceDiscoveryAssociationId, 'disassociate');
    if (association.State !== 'associate-complete') throw errors.wrongState(input.IpamResourceDiscoveryAssociationId, association.State!);
    return { IpamResourceDiscoveryAssociation: await ctx.transition(associations, association, 'disassociate-in-progress') };
  },
} satisfies Handlers<Ec2Operations>;
