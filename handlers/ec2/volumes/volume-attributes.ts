import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import { pageOf, wildcardMatcher, type Context, type Handlers, type Structure } from '../../../src/kit/index.ts';
import { zone } from '../catalog/regions.ts';
import * as errors from '../errors.ts';
import { initializationOf } from './initialization.ts';
import { volumes, type StoredVolume } from './volumes.ts';

type StatusItem = NonNullable<Ec2Operations['DescribeVolumeStatus']['output']['VolumeStatuses']>[number];

/** Checks of a new volume take a few minutes in AWS; a volume of Fogbank is sound from the start. */
function statusOf(volume: StoredVolume, ctx: Context): StatusItem {
  const initialization = initializationOf(volume, ctx);
  return {
    Actions: [], Events: [], AvailabilityZone: volume.AvailabilityZone, AvailabilityZoneId: zone(ctx.region, volume.AvailabilityZone!)?.ZoneId, VolumeId: volume.VolumeId,
    VolumeStatus: { Status: 'ok', Details: [{ Name: 'io-enabled', Status: 'passed' }, { Name: 'io-performance', Status: 'not-applicable' }, ...(initialization ? [{ Name: 'initialization-state' as const, Status: initialization.state }] : [])] },
    AttachmentStatuses: [], ...(initialization ? { InitializationStatusDetails: initialization.details } : {}),
  };
}

const STATUS_FILTERS: Readonly<Record<string, (s: StatusItem) => (string | undefined)[]>> = {
  'availability-zone': (s) => [s.AvailabilityZone],
  'availability-zone-id': (s) => [s.AvailabilityZoneId],
  'volume-status.status': (s) => [s.VolumeStatus?.Status],
  'volume-status.details-name': (s) => (s.VolumeStatus?.Details ?? []).map((d) => d.Name),
  'volume-status.details-status': (s) => (s.VolumeStatus?.Details ?? []).map((d) => d.Status),
  'action.code': () => [], 'action.description': () => [], 'action.event-id': () => [],
  'event.description': () => [], 'event.event-id': () => [], 'event.event-type': () => [], 'event.not-after': () => [], 'event.not-before': () => [],
};

async function describeStatus(input: Ec2Operations['DescribeVolumeStatus']['input'], ctx: Context): Promise<Ec2Operations['DescribeVolumeStatus']['output']> {
  const found = input.VolumeIds?.length ? await ctx.getAll(volumes, input.VolumeIds) : await ctx.list(volumes);
  const tests = (input.Filters ?? []).map(({ Name = '', Values = [] }) => {
    if (!Object.hasOwn(STATUS_FILTERS, Name)) throw errors.invalidParameterValue(`The filter '${Name}' is invalid`);
    const accepts = wildcardMatcher(Values);
    return (s: StatusItem) => STATUS_FILTERS[Name]!(s).some((v) => v !== undefined && accepts(v));
  });
  const statuses = found.map((v) => statusOf(v, ctx)).filter((s) => tests.every((test) => test(s)));
  const { items, next } = pageOf(statuses, input as Structure, errors.invalidNextToken);
  return { VolumeStatuses: items, ...next };
}

export const volumeAttributeOperations = {
  DescribeVolumeStatus: describeStatus,
  DescribeVolumeAttribute: async (input, ctx) => {
    const volume = await ctx.get(volumes, input.VolumeId);
    if (input.Attribute === 'autoEnableIO') return { VolumeId: volume.VolumeId, AutoEnableIO: { Value: volume.$?.autoEnableIo ?? false } };
    return { VolumeId: volume.VolumeId, ProductCodes: [] };
  },
  ModifyVolumeAttribute: async (input, ctx) => {
    const volume = await ctx.get(volumes, input.VolumeId);
    if (input.AutoEnableIO === undefined) throw errors.missingParameter('autoEnableIO');
    volume.$ = { ...volume.$, autoEnableIo: input.AutoEnableIO.Value ?? false };
    await ctx.save(volumes, volume);
    return {};
  },
  /** I/O of a volume of Fogbank is never disabled: there is nothing to enable, and the volume must be there. */
  EnableVolumeIO: async (input, ctx) => {
    const volume = await ctx.get(volumes, input.VolumeId);
    if (volume.State !== 'available' && volume.State !== 'in-use') throw errors.incorrectVolumeState(input.VolumeId, volume.State!);
    return {};
  },
} satisfies Handlers<Ec2Operations>;
