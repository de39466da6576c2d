import type { TransitGatewayPrefixListReference, TransitGatewayRoute } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { describes, resource, seconds, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as errors from './errors.ts';
import { belonging, ready } from './lifecycles.ts';
import { transitGatewayRouteTables } from './route-tables.ts';
import { targetOf } from './routes.ts';

/** Keyed by table and list: `tgw-rtb-…/pl-…`. */
export type StoredReference = Wire<TransitGatewayPrefixListReference> & { readonly ReferenceKey: string };

/** https://docs.aws.amazon.com/vpc/latest/tgw/create-prefix-list-reference.html */
export const prefixListReferences = resource<StoredReference>({
  service: 'ec2',
  kind: 'transit-gateway-prefix-list-reference',
  shape: 'TransitGatewayPrefixListReference',
  id: { member: 'ReferenceKey' },
  notFound: (ids) => errors.prefixListNotFound(ids[0]!),
  tags: null,
  state: 'State',
  lifecycle: { pending: { after: seconds(10), to: 'available' }, modifying: { after: seconds(10), to: 'available' }, deleting: { after: seconds(10), to: 'gone' } },
  references: {
    TransitGatewayRouteTableId: { kind: 'ec2:transit-gateway-route-table', onDelete: 'cascade' },
    PrefixListId: { kind: 'ec2:prefix-list' },
    'TransitGatewayAttachment.TransitGatewayAttachmentId': { kind: 'ec2:transit-gateway-attachment', onDelete: 'keep' },
  },
  filters: {
    'attachment.resource-id': 'TransitGatewayAttachment.ResourceId',
    'attachment.resource-type': 'TransitGatewayAttachment.ResourceType',
    'attachment.transit-gateway-attachment-id': 'TransitGatewayAttachment.TransitGatewayAttachmentId',
    'is-blackhole': 'Blackhole',
  },
});

/** A reference whose attachment goes leads nowhere. */
export async function blackholeReferences(ctx: Context, attachmentId: string): Promise<void> {
  for (const reference of await ctx.list(prefixListReferences, { member: 'TransitGatewayAttachment.TransitGatewayAttachmentId', value: attachmentId })) {
    reference.Blackhole = true;
    delete reference.TransitGatewayAttachment;
    await ctx.save(prefixListReferences, reference);
  }
}

/** What the references of a table route. */
export async function referenceRoutes(ctx: Context, tableId: string): Promise<Wire<TransitGatewayRoute>[]> {
  // assumed: a reference is one route that names its list, as in a VPC's route table, and not one for each entry.
  return (await ctx.list(prefixListReferences, { member: 'TransitGatewayRouteTableId', value: tableId })).filter((r) => r.State !== 'deleting').map((r) => ({
    PrefixListId: r.PrefixListId, Type: 'static', State: r.Blackhole ? 'blackhole' : 'active', ...(r.TransitGatewayAttachment ? { TransitGatewayAttachments: [r.TransitGatewayAttachment] } : {}),
  }));
}

async function present(input: { readonly TransitGatewayRouteTableId: string; readonly PrefixListId: string }, ctx: Context): Promise<StoredReference> {
  const found = await ctx.find(prefixListReferences, `${input.TransitGatewayRouteTableId}/${input.PrefixListId}`);
  if (!found) throw errors.referenceNotFound(input.PrefixListId, input.TransitGatewayRouteTableId);
  if (found.State === 'deleting') throw errors.invalidState(input.PrefixListId);
  return found;
}

export const prefixListReferenceOperations = {
  CreateTransitGatewayPrefixListReference: async (input, ctx) => {
    const table = await ready(ctx, transitGatewayRouteTables, input.TransitGatewayRouteTableId);
    const list = (await ctx.findForeign('ec2:prefix-list', input.PrefixListId)) as { OwnerId?: string } | undefined;
    if (!list) throw errors.prefixListNotFound(input.PrefixListId);
    const target = await targetOf(ctx, table, input);
    const ReferenceKey = `${input.TransitGatewayRouteTableId}/${input.PrefixListId}`;
    if (await ctx.find(prefixListReferences, ReferenceKey)) throw errors.routeAlreadyExists(input.PrefixListId, input.TransitGatewayRouteTableId);
    const reference: StoredReference = {
      ReferenceKey, TransitGatewayRouteTableId: input.TransitGatewayRouteTableId, PrefixListId: input.PrefixListId, PrefixListOwnerId: list.OwnerId,
      State: 'pending', Blackhole: target === undefined, ...(target ? { TransitGatewayAttachment: target } : {}),
    };
    return { TransitGatewayPrefixListReference: await ctx.create(prefixListReferences, reference) };
  },
  GetTransitGatewayPrefixListReferences: describes(prefixListReferences, belonging(() => transitGatewayRouteTables, 'TransitGatewayRouteTableId')),
  ModifyTransitGatewayPrefixListReference: async (input, ctx) => {
    const table = await ready(ctx, transitGatewayRouteTables, input.TransitGatewayRouteTableId);
    const reference = await present(input, ctx);
    const target = await targetOf(ctx, table, input);
    delete reference.TransitGatewayAttachment;
    Object.assign(reference, { Blackhole: target === undefined, ...(target ? { TransitGatewayAttachment: target } : {}) });
    return { TransitGatewayPrefixListReference: await ctx.transition(prefixListReferences, reference, 'modifying') };
  },
  DeleteTransitGatewayPrefixListReference: async (input, ctx) => {
    await ready(ctx, transitGatewayRouteTables, input.TransitGatewayRouteTableId);
    return { TransitGatewayPrefixListReference: await ctx.transition(prefixListReferences, await present(input, ctx), 'deleting') };
  },
} satisfies Handlers<Ec2Operations>;
