import type { CapacityBlock } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { AwsError, describes, pageOf, resource, specifiedTags, wildcardMatcher, type Context, type Handlers, type Structure } from '../../../src/kit/index.ts';
import { zone } from '../catalog/regions.ts';
import * as errors from '../errors.ts';
import { findBlockOffering } from './block-offerings.ts';
import { capacityReservations, roomIn, type StoredReservation } from './capacity-reservations.ts';

type StoredBlock = Wire<CapacityBlock>;

/** What was bought at once; its reservation says in what state it is. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-capacity-blocks.html */
export const capacityBlocks = resource<StoredBlock>({
  service: 'ec2',
  kind: 'capacity-block',
  shape: 'CapacityBlock',
  id: { member: 'CapacityBlockId', prefix: 'cb' },
  notFound: errors.notFound('InvalidCapacityBlockId.NotFound', 'capacity block ID'),
  malformed: errors.malformedId('InvalidCapacityBlockId.Malformed', 'cb'),
  references: { CapacityReservationIds: { kind: 'ec2:capacity-reservation', onDelete: 'cascade' } },
  filters: { tags: (block) => (block.Tags ?? []).map((tag) => `${tag.Key}=${tag.Value}`) },
});

async function reservationsOf(block: StoredBlock, ctx: Context): Promise<StoredReservation[]> {
  const found = [];
  for (const id of block.CapacityReservationIds ?? []) {
    const reservation = await ctx.find(capacityReservations, id);
    if (reservation) found.push(reservation);
  }
  return found;
}

async function withState(block: StoredBlock, ctx: Context): Promise<StoredBlock> {
  const [reservation] = await reservationsOf(block, ctx);
  return { ...block, State: reservation?.State as StoredBlock['State'] };
}

async function purchase(input: Ec2Operations['PurchaseCapacityBlock']['input'], ctx: Context): Promise<Ec2Operations['PurchaseCapacityBlock']['output']> {
  const offering = findBlockOffering(input.CapacityBlockOfferingId, ctx);
  if (!offering) throw new AwsError('InvalidCapacityBlockOfferingId.NotFound', `The capacity block offering ID '${input.CapacityBlockOfferingId}' does not exist`);
  const kinds = ['capacity-block', 'capacity-reservation'];
  const [blockTags, tags] = kinds.map((kind) => specifiedTags(input.TagSpecifications as never, kind, kinds));
  const [id, blockId] = [ctx.newId(capacityReservations), ctx.newId(capacityBlocks)];
  const AvailabilityZoneId = zone(ctx.region, offering.AvailabilityZone!)!.ZoneId!;
  const reservation = await ctx.create<StoredReservation>(capacityReservations, {
    CapacityReservationId: id, OwnerId: ctx.account, CapacityReservationArn: `arn:aws:ec2:${ctx.region}:${ctx.account}:capacity-reservation/${id}`, AvailabilityZone: offering.AvailabilityZone, AvailabilityZoneId, InstanceType: offering.InstanceType,
    InstancePlatform: input.InstancePlatform, Tenancy: 'default', TotalInstanceCount: offering.InstanceCount, AvailableInstanceCount: 0, EbsOptimized: false, EphemeralStorage: false, State: 'payment-pending', StartDate: offering.StartDate, EndDate: offering.EndDate,
    EndDateType: 'limited', InstanceMatchCriteria: 'targeted', CreateDate: ctx.now, ReservationType: 'capacity-block', CapacityAllocations: [], CapacityBlockId: blockId, Tags: tags,
  });
  const block = await ctx.create<StoredBlock>(capacityBlocks, {
    CapacityBlockId: blockId, AvailabilityZone: offering.AvailabilityZone, AvailabilityZoneId, CapacityReservationIds: [id], StartDate: offering.StartDate, EndDate: offering.EndDate, CreateDate: ctx.now, Tags: blockTags,
  });
  return { CapacityReservation: reservation, CapacityBlocks: [await withState(block, ctx)] };
}

/** What of a block can be used now. */
async function statusOf(block: StoredBlock, ctx: Context) {
  const statuses: { CapacityReservationId: string | undefined; TotalCapacity: number; TotalAvailableCapacity: number; TotalUnavailableCapacity: number }[] = [];
  for (const reservation of await reservationsOf(block, ctx)) {
    const total = reservation.TotalInstanceCount!;
    const available = await roomIn(reservation, ctx);
    statuses.push({ CapacityReservationId: reservation.CapacityReservationId, TotalCapacity: total, TotalAvailableCapacity: available, TotalUnavailableCapacity: total - available });
  }
  const sum = (read: (s: (typeof statuses)[number]) => number) => statuses.reduce((total, status) => total + read(status), 0);
  return {
    CapacityBlockId: block.CapacityBlockId, InterconnectStatus: 'ok' as const, TotalCapacity: sum((s) => s.TotalCapacity), TotalAvailableCapacity: sum((s) => s.TotalAvailableCapacity), TotalUnavailableCapacity: sum((s) => s.TotalUnavailableCapacity), CapacityReservationStatuses: statuses,
  };
}

async function describeStatus(input: Ec2Operations['DescribeCapacityBlockStatus']['input'], ctx: Context): Promise<Ec2Operations['DescribeCapacityBlockStatus']['output']> {
  const unknown = input.Filters?.find((f) => f.Name !== 'interconnect-status');
  if (unknown) throw errors.invalidParameterValue(`The filter '${unknown.Name}' is invalid`);
  const tests = (input.Filters ?? []).map((f) => wildcardMatcher(f.Values ?? []));
  const found = input.CapacityBlockIds?.length ? await ctx.getAll(capacityBlocks, input.CapacityBlockIds) : await ctx.list(capacityBlocks);
  const statuses = [];
  for (const block of found) statuses.push(await statusOf(block, ctx));
  const { items, next } = pageOf(statuses.filter((s) => tests.every((test) => test(s.InterconnectStatus))), input as Structure, errors.invalidNextToken);
  return { CapacityBlockStatuses: items, ...next };
}

export const capacityBlockOperations = {
  PurchaseCapacityBlock: purchase,
  DescribeCapacityBlocks: describes(capacityBlocks, { ids: 'CapacityBlockIds', complete: withState }),
  DescribeCapacityBlockStatus: describeStatus,
} satisfies Handlers<Ec2Operations>;
