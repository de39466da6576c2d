import type { TransitGatewayVpcAttachmentOptions } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { specifiedTags, type Context, type Handlers } from '../../../src/kit/index.ts';
import { networkInterfaces, planInterface, removeInterface, saveInterface } from '../network-interfaces/network-interfaces.ts';
import { takeIpv6 } from '../network-interfaces/private-addresses.ts';
import { subnets, type StoredSubnet } from '../vpcs/subnets.ts';
import { vpcs } from '../vpcs/vpcs.ts';
import { carriedBy } from './attachment-joints.ts';
import { attachmentIn, attachments, describesType, isEnded, shown, type StoredAttachment } from './attachments.ts';
import * as errors from './errors.ts';
import { ready, withGiven } from './lifecycles.ts';
import { transitGateways } from './transit-gateways.ts';

type Options = Wire<TransitGatewayVpcAttachmentOptions>;
type Answer = { TransitGatewayVpcAttachment: ReturnType<typeof shown<'vpc'>> };

const answer = (attachment: StoredAttachment): Answer => ({ TransitGatewayVpcAttachment: shown(attachment, 'vpc') });

/** The attachment's own defaults, not those of its gateway. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateTransitGatewayVpcAttachmentRequestOptions.html */
const DEFAULTS: Options = { DnsSupport: 'enable', SecurityGroupReferencingSupport: 'enable', Ipv6Support: 'disable', ApplianceModeSupport: 'disable' };

/** Subnets of the VPC, at most one in a zone. https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html */
async function attachable(ctx: Context, vpcId: string, ids: readonly string[], present: readonly StoredSubnet[] = []): Promise<StoredSubnet[]> {
  const found: StoredSubnet[] = [];
  const zones = new Set(present.map((s) => s.AvailabilityZone));
  for (const id of ids) {
    if (!subnets.wellFormed(id)) throw subnets.malformed!(id);
    const subnet = await ctx.find(subnets, id);
    if (subnet?.VpcId !== vpcId) throw errors.subnetMissing([id]);
    if (zones.has(subnet.AvailabilityZone)) throw errors.duplicateZone();
    zones.add(subnet.AvailabilityZone);
    found.push(subnet);
  }
  return found;
}

/** "The transit gateway uses one IP address from each specified subnet": that of an interface which AWS makes. */
async function placeInterface(ctx: Context, attachmentId: string, subnet: StoredSubnet, options: Options): Promise<string> {
  const eni = await planInterface(ctx, {
    subnet, groups: [], description: `Network Interface for Transit Gateway Attachment ${attachmentId}`, type: 'transit_gateway', ipv6Count: options.Ipv6Support === 'enable' ? 1 : 0,
    // assumed: who asked for the interface.
    requester: 'amazon-aws',
  });
  eni.SourceDestCheck = false;
  await ctx.create(networkInterfaces, eni);
  return eni.NetworkInterfaceId!;
}

async function create(input: Ec2Operations['CreateTransitGatewayVpcAttachment']['input'], ctx: Context): Promise<Answer> {
  const tags = specifiedTags(input.TagSpecifications, 'transit-gateway-attachment');
  const gateway = await ready(ctx, transitGateways, input.TransitGatewayId);
  const vpc = await ctx.get(vpcs, input.VpcId);
  const places = await attachable(ctx, input.VpcId, input.SubnetIds);
  const twin = (await ctx.list(attachments, { member: 'ResourceId', value: input.VpcId })).find((a) => a.TransitGatewayId === input.TransitGatewayId && !isEnded(a));
  if (twin) throw errors.duplicateAttachment(input.TransitGatewayId, 'VPC ID');
  const options = withGiven(DEFAULTS, input.Options);
  const id = ctx.newId(attachments);
  const interfaces: Record<string, string> = {};
  for (const subnet of places) interfaces[subnet.SubnetId!] = await placeInterface(ctx, id, subnet, options);
  const attachment: StoredAttachment = {
    TransitGatewayAttachmentId: id, TransitGatewayId: gateway.TransitGatewayId, TransitGatewayOwnerId: gateway.OwnerId, ResourceOwnerId: vpc.OwnerId, ResourceType: 'vpc', ResourceId: input.VpcId,
    State: 'pending', CreationTime: ctx.wholeSecond, Tags: tags, NatGatewaySupport: 'disabled', $: { vpc: { VpcId: input.VpcId, VpcOwnerId: vpc.OwnerId!, SubnetIds: [...input.SubnetIds], Options: options }, interfaces },
  };
  return answer(await ctx.create(attachments, attachment));
}

/** An interface has an IPv6 address while the attachment supports IPv6. */
async function readdress(ctx: Context, interfaceId: string, subnet: StoredSubnet, ipv6: boolean): Promise<void> {
  const eni = (await ctx.find(networkInterfaces, interfaceId))!;
  eni.Ipv6Addresses = ipv6 ? (await takeIpv6(ctx, subnet, [], 1)).map((Ipv6Address) => ({ Ipv6Address, IsPrimaryIpv6: false })) : [];
  await saveInterface(ctx, eni);
}

async function modify(input: Ec2Operations['ModifyTransitGatewayVpcAttachment']['input'], ctx: Context): Promise<Answer> {
  const attachment = await attachmentIn(ctx, 'vpc', input.TransitGatewayAttachmentId);
  const details = attachment.$.vpc!;
  const removed = new Set(input.RemoveSubnetIds ?? []);
  for (const id of removed) if (!details.SubnetIds.includes(id)) throw errors.subnetNotAttached(id);
  const kept = await ctx.getAll(subnets, details.SubnetIds.filter((id) => !removed.has(id)));
  const added = await attachable(ctx, details.VpcId, input.AddSubnetIds ?? [], kept);
  if (kept.length + added.length === 0) throw errors.insufficientSubnets();
  const options = withGiven(details.Options, input.Options);
  const interfaces = attachment.$.interfaces!;
  for (const id of removed) {
    const eni = await ctx.find(networkInterfaces, interfaces[id]!);
    if (eni) await removeInterface(ctx, eni);
    delete interfaces[id];
  }
  if (options.Ipv6Support !== details.Options.Ipv6Support) for (const subnet of kept) await readdress(ctx, interfaces[subnet.SubnetId!]!, subnet, options.Ipv6Support === 'enable');
  for (const subnet of added) interfaces[subnet.SubnetId!] = await placeInterface(ctx, input.TransitGatewayAttachmentId, subnet, options);
  Object.assign(details, { SubnetIds: [...kept, ...added].map((s) => s.SubnetId!), Options: options });
  return answer(await ctx.transition(attachments, attachment, 'modifying'));
}

/** What another account asks to attach waits for its acceptance; without shares (RAM) nobody but the owner sees a gateway, and nothing waits. */
const decides = (state: 'pending' | 'rejecting') => async (input: { readonly TransitGatewayAttachmentId: string }, ctx: Context): Promise<Answer> =>
  answer(await ctx.transition(attachments, await attachmentIn(ctx, 'vpc', input.TransitGatewayAttachmentId, ['pendingAcceptance']), state));

export const vpcAttachmentOperations = {
  CreateTransitGatewayVpcAttachment: create,
  DescribeTransitGatewayVpcAttachments: describesType('vpc', 'TransitGatewayVpcAttachment'),
  ModifyTransitGatewayVpcAttachment: modify,
  AcceptTransitGatewayVpcAttachment: decides('pending'),
  RejectTransitGatewayVpcAttachment: decides('rejecting'),
  DeleteTransitGatewayVpcAttachment: async (input, ctx) => {
    const attachment = await attachmentIn(ctx, 'vpc', input.TransitGatewayAttachmentId, ['available', 'pendingAcceptance']);
    // assumed: the text with which an attachment under Connect attachments is kept.
    const carried = await carriedBy(ctx, input.TransitGatewayAttachmentId);
    if (carried.length > 0) throw errors.stillHas(input.TransitGatewayAttachmentId, 'Connect Attachments', carried.map((a) => a.TransitGatewayAttachmentId!));
    return answer(await ctx.transition(attachments, attachment, 'deleting'));
  },
} satisfies Handlers<Ec2Operations>;
