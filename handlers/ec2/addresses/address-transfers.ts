import type { AddressTransfer } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { hours, isoTime, pageOf, resource, specifiedTags, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { ownerOfShare, share, sharedWith } from '../shares.ts';
import { addresses, type StoredAddress } from './addresses.ts';
import { noTransfer, transferAssociated, transferHasPtr } from './errors.ts';

type StoredTransfer = Wire<AddressTransfer>;

const DAY = 24;
/** "The transfer accounts have seven days to accept the Elastic IP address transfer." */
const OFFER_HOURS = 7 * DAY;
/** "Accepted transfers are visible to the source account for 14 days after the transfers have been accepted." */
const ACCEPTED_HOURS = 14 * DAY;

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/transfer-EIPs-intro-ec2.html */
export const addressTransfers = resource<StoredTransfer>({
  service: 'ec2',
  kind: 'address-transfer',
  shape: 'AddressTransfer',
  id: { member: 'AllocationId' },
  notFound: (ids) => noTransfer(ids[0]!),
  tags: null,
  state: 'AddressTransferStatus',
  lifecycle: {
    pending: { after: hours(OFFER_HOURS), to: 'disabled', paced: false },
    accepted: { after: hours(ACCEPTED_HOURS), to: 'gone', paced: false },
    // What is over is not described any more.
    disabled: { after: 0, to: 'gone' },
  },
  entering: { disabled: (transfer, ctx) => share(ctx, KIND, transfer.AllocationId!, []), accepted: (transfer, ctx) => share(ctx, KIND, transfer.AllocationId!, []) },
  references: { AllocationId: { kind: 'ec2:elastic-ip', onDelete: (t) => (t.AddressTransferStatus === 'pending' ? 'cascade' : 'keep') } },
});
const KIND = 'address-transfer';

async function enable(input: Ec2Operations['EnableAddressTransfer']['input'], ctx: Context): Promise<Ec2Operations['EnableAddressTransfer']['output']> {
  const address = await ctx.get(addresses, input.AllocationId);
  if (!/^\d{12}$/.test(input.TransferAccountId)) throw errors.invalidValue(input.TransferAccountId, 'transferAccountId', 'This is not an account ID.');
  if (input.TransferAccountId === ctx.account) throw errors.invalidValue(input.TransferAccountId, 'transferAccountId', 'The address is already of this account.');
  // assumed: only Amazon's own addresses change hands, and with this code.
  if (address.PublicIpv4Pool !== 'amazon') throw errors.unsupportedOperation(`The address ${address.PublicIp ?? address.CustomerOwnedIp} is of the address pool ${address.PublicIpv4Pool ?? address.CustomerOwnedIpv4Pool} and cannot be transferred.`);
  // assumed: a second offer takes the place of the first.
  const transfer = await ctx.replace<StoredTransfer>(addressTransfers, {
    PublicIp: address.PublicIp, AllocationId: input.AllocationId, TransferAccountId: input.TransferAccountId, AddressTransferStatus: 'pending', TransferOfferExpirationTimestamp: isoTime(ctx.nowMs + hours(OFFER_HOURS)),
  });
  await share(ctx, KIND, input.AllocationId, [input.TransferAccountId]);
  return { AddressTransfer: transfer };
}

/** An offer ends when its address goes. */
export async function endTransfer(ctx: Context, address: StoredAddress): Promise<void> {
  const transfer = await ctx.find(addressTransfers, address.AllocationId!);
  if (transfer?.AddressTransferStatus === 'pending') await ctx.transition(addressTransfers, transfer, 'disabled');
}

async function accept(input: Ec2Operations['AcceptAddressTransfer']['input'], ctx: Context): Promise<Ec2Operations['AcceptAddressTransfer']['output']> {
  const Tags = specifiedTags(input.TagSpecifications as never, 'elastic-ip');
  const offers = await sharedWith(ctx, addressTransfers);
  const transfer = offers.find((t) => t.PublicIp === input.Address && t.AddressTransferStatus === 'pending');
  const owner = transfer && (await ownerOf(ctx, transfer));
  if (!transfer || !owner) throw noTransfer(input.Address);
  const address = await owner.get(addresses, transfer.AllocationId!);
  if (address.AssociationId !== undefined) throw transferAssociated(input.Address);
  if (address.$?.domainName !== undefined) throw transferHasPtr(input.Address);
  // assumed: the address gets a new allocation id; "no tags are transferred".
  await ctx.create(addresses, { AllocationId: ctx.newId(addresses), PublicIp: address.PublicIp, Domain: 'vpc', NetworkBorderGroup: address.NetworkBorderGroup, PublicIpv4Pool: 'amazon', Tags });
  transfer.TransferOfferAcceptedTimestamp = ctx.now;
  const accepted = await owner.transition(addressTransfers, transfer, 'accepted');
  await owner.remove(addresses, address);
  return { AddressTransfer: accepted };
}

/** Whose offer it is. */
async function ownerOf(ctx: Context, transfer: StoredTransfer): Promise<Context | undefined> {
  const account = await ownerOfShare(ctx, transfer.AllocationId!);
  return account === undefined ? undefined : ctx.in(account, ctx.region);
}

export const addressTransferOperations = {
  EnableAddressTransfer: enable,
  /** By the account that offers. */
  DescribeAddressTransfers: async (input, ctx) => {
    const all = await ctx.list(addressTransfers);
    const found = input.AllocationIds?.length ? all.filter((t) => input.AllocationIds!.includes(t.AllocationId!)) : all;
    for (const id of input.AllocationIds ?? []) if (!found.some((t) => t.AllocationId === id)) await ctx.get(addresses, id);
    const { items, next } = pageOf(found, input);
    return { AddressTransfers: items, ...next };
  },
  DisableAddressTransfer: async (input, ctx) => {
    await ctx.get(addresses, input.AllocationId);
    const transfer = await ctx.get(addressTransfers, input.AllocationId);
    if (transfer.AddressTransferStatus !== 'pending') throw noTransfer(input.AllocationId);
    return { AddressTransfer: await ctx.transition(addressTransfers, transfer, 'disabled') };
  },
  AcceptAddressTransfer: accept,
} satisfies Handlers<Ec2Operations>;
