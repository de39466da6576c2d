import type { TransitGatewayMulticastDomainAssociation, TransitGatewayMulticastDomainAssociations } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { describes, resource, seconds, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';
import { subnets } from '../vpcs/subnets.ts';
import { attachmentTo, mention } from './attachments.ts';
import * as errors from './errors.ts';
import { belonging, ready } from './lifecycles.ts';
import { multicastDomains } from './multicast-domains.ts';

/** A subnet is in one multicast domain at most: its id is the key. */
export type StoredMulticastAssociation = Wire<TransitGatewayMulticastDomainAssociation> & { readonly SubnetKey: string; readonly TransitGatewayMulticastDomainId: string };
type Answer = { Associations: Wire<TransitGatewayMulticastDomainAssociations> };

/** https://docs.aws.amazon.com/vpc/latest/tgw/associate-attachment-to-domain.html */
export const multicastAssociations = resource<StoredMulticastAssociation>({
  service: 'ec2',
  kind: 'transit-gateway-multicast-domain-association',
  shape: 'TransitGatewayMulticastDomainAssociation',
  id: { member: 'SubnetKey' },
  notFound: (ids) => errors.multicastAssociationNotFound(ids[0]!, ''),
  tags: null,
  state: 'Subnet.State',
  lifecycle: { associating: { after: seconds(15), to: 'associated' }, disassociating: { after: seconds(15), to: 'gone' }, rejected: { after: seconds(15), to: 'gone' } },
  references: {
    SubnetKey: { kind: 'ec2:subnet' },
    TransitGatewayMulticastDomainId: { kind: 'ec2:transit-gateway-multicast-domain', onDelete: 'cascade' },
    TransitGatewayAttachmentId: { kind: 'ec2:transit-gateway-attachment', onDelete: 'cascade' },
  },
  filters: { state: 'Subnet.State', 'subnet-id': 'Subnet.SubnetId' },
});

interface Named {
  readonly TransitGatewayMulticastDomainId?: string;
  readonly TransitGatewayAttachmentId?: string;
  readonly SubnetIds?: readonly string[];
}

function answer(all: readonly StoredMulticastAssociation[]): Answer {
  const { TransitGatewayMulticastDomainId, TransitGatewayAttachmentId, ResourceId, ResourceType, ResourceOwnerId } = all[0]!;
  return { Associations: { TransitGatewayMulticastDomainId, TransitGatewayAttachmentId, ResourceId, ResourceType, ResourceOwnerId, Subnets: all.map((a) => a.Subnet!) } };
}

/** The associations of a domain and an attachment with these subnets, all of which must be there and in one of the states. */
async function present(ctx: Context, input: Named, states: readonly string[]): Promise<StoredMulticastAssociation[]> {
  const { TransitGatewayMulticastDomainId: domainId, TransitGatewayAttachmentId: attachmentId, SubnetIds: ids = [] } = input;
  if (domainId === undefined) throw general.missingParameter('TransitGatewayMulticastDomainId');
  if (attachmentId === undefined) throw general.missingParameter('TransitGatewayAttachmentId');
  if (ids.length === 0) throw general.missingParameter('SubnetIds');
  await ready(ctx, multicastDomains, domainId);
  const found: StoredMulticastAssociation[] = [];
  for (const id of new Set(ids)) {
    const association = await ctx.find(multicastAssociations, id);
    if (association?.TransitGatewayMulticastDomainId !== domainId || association.TransitGatewayAttachmentId !== attachmentId) throw errors.multicastAssociationNotFound(id, domainId);
    if (!states.includes(association.Subnet!.State!)) throw errors.invalidState(id);
    found.push(association);
  }
  return found;
}

async function associate(input: Ec2Operations['AssociateTransitGatewayMulticastDomain']['input'], ctx: Context): Promise<Answer> {
  const domain = await ready(ctx, multicastDomains, input.TransitGatewayMulticastDomainId);
  const attachment = await attachmentTo(ctx, domain.TransitGatewayId!, input.TransitGatewayAttachmentId);
  if (!attachment.$.vpc) throw general.invalidValue(input.TransitGatewayAttachmentId, 'TransitGatewayAttachmentId', 'The attachment must be a VPC attachment.');
  const ids = [...new Set(input.SubnetIds)];
  for (const subnet of await ctx.getAll(subnets, ids)) {
    if (subnet.VpcId !== attachment.$.vpc.VpcId) throw errors.subnetMissing([subnet.SubnetId!]);
    // "A subnet can only be associated with one multicast domain." https://docs.aws.amazon.com/vpc/latest/tgw/tgw-multicast-overview.html
    if (await ctx.find(multicastAssociations, subnet.SubnetId!)) throw general.resourceAlreadyAssociated(`Subnet ${subnet.SubnetId} is already associated to a multicast domain.`);
  }
  const made: StoredMulticastAssociation[] = [];
  for (const id of ids) {
    made.push(await ctx.create(multicastAssociations, {
      SubnetKey: id, TransitGatewayMulticastDomainId: input.TransitGatewayMulticastDomainId, ...mention(attachment), ResourceOwnerId: attachment.$.vpc.VpcOwnerId, Subnet: { SubnetId: id, State: 'associating' },
    }));
  }
  return answer(made);
}

async function moveAll(ctx: Context, all: readonly StoredMulticastAssociation[], state: string): Promise<Answer> {
  for (const association of all) await ctx.transition(multicastAssociations, association, state);
  return answer(all);
}

/** Subnets of other accounts wait for the domain's owner; without shares (RAM) there are none. */
const WAITING = ['pendingAcceptance'];

export const multicastAssociationOperations = {
  AssociateTransitGatewayMulticastDomain: associate,
  GetTransitGatewayMulticastDomainAssociations: describes(multicastAssociations, belonging(() => multicastDomains, 'TransitGatewayMulticastDomainId')),
  AcceptTransitGatewayMulticastDomainAssociations: async (input, ctx) => moveAll(ctx, await present(ctx, input, WAITING), 'associating'),
  RejectTransitGatewayMulticastDomainAssociations: async (input, ctx) => moveAll(ctx, await present(ctx, input, WAITING), 'rejected'),
  DisassociateTransitGatewayMulticastDomain: async (input, ctx) => moveAll(ctx, await present(ctx, input, ['associated']), 'disassociating'),
} satisfies Handlers<Ec2Operations>;
