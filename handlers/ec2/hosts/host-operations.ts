import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import { describes, hours, specifiedTags, type Context, type Handlers } from '../../../src/kit/index.ts';
import { zoneOf } from '../capacity-reservations/reservation-operations.ts';
import { instanceType } from '../catalog/instance-types.ts';
import { instanceTypeOffered, offeredZones } from '../catalog/instance-type-offerings.ts';
import * as errors from '../errors.ts';
import * as hostErrors from './errors.ts';
import { guestsOf, hardwareOf, hosts, typesOf, withGuests, type StoredHost } from './hosts.ts';

type AllocateInput = Ec2Operations['AllocateHosts']['input'];
type Unsuccessful = NonNullable<Ec2Operations['ReleaseHosts']['output']['Unsuccessful']>[number];

/** "Mac instances … minimum allocation period of 24 hours." https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-mac-instances.html */
const MAC_MINIMUM_MS = hours(24);

/** What a host is for: one type, or all of a family. */
function propertiesOf({ InstanceType: type, InstanceFamily: family }: { InstanceType?: string | undefined; InstanceFamily?: string | undefined }): StoredHost['HostProperties'] {
  if (type !== undefined && family !== undefined) throw errors.invalidParameterCombination('Either InstanceType or InstanceFamily can be specified, but not both.');
  if (type === undefined && family === undefined) throw errors.missingParameter('InstanceType or InstanceFamily');
  if (type !== undefined && !instanceType(type)) throw errors.invalidParameterValue(`Invalid value '${type}' for InstanceType.`);
  if (type !== undefined && instanceType(type)!.DedicatedHostsSupported !== true) throw hostErrors.invalidHostConfiguration(`Dedicated Hosts do not support the instance type ${type}.`);
  if (family !== undefined && typesOf(family).length === 0) throw hostErrors.invalidHostConfiguration(`Dedicated Hosts do not support the instance family ${family}.`);
  const of = family ?? type!.slice(0, type!.indexOf('.'));
  return { ...hardwareOf(of), ...(type === undefined ? {} : { InstanceType: type }), ...(family === undefined ? {} : { InstanceFamily: family }) };
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AllocateHosts.html */
async function allocate(input: AllocateInput, ctx: Context): Promise<Ec2Operations['AllocateHosts']['output']> {
  const tags = specifiedTags(input.TagSpecifications as never, 'dedicated-host');
  const quantity = input.Quantity ?? 1;
  if (quantity < 1) throw errors.invalidValue(quantity, 'quantity');
  const place = zoneOf(input, ctx.region);
  const properties = propertiesOf(input)!;
  const types = input.InstanceType === undefined ? typesOf(input.InstanceFamily!) : [input.InstanceType];
  if (!types.some((type) => instanceTypeOffered(ctx.region, place.name, type))) throw errors.typeNotOffered(types[0]!, place.name, offeredZones(ctx.region, types[0]!));
  const HostIds: string[] = [];
  for (let n = 0; n < quantity; n++) {
    const host = await ctx.create<StoredHost>(hosts, {
      HostId: ctx.newId(hosts), State: 'available', AutoPlacement: input.AutoPlacement ?? 'on', AvailabilityZone: place.name, AvailabilityZoneId: place.id, HostProperties: properties, AllocationTime: ctx.now, OwnerId: ctx.account,
      HostRecovery: input.HostRecovery ?? 'off', HostMaintenance: input.HostMaintenance ?? 'on', AllowsMultipleInstanceTypes: input.InstanceFamily === undefined ? 'off' : 'on', MemberOfServiceLinkedResourceGroup: false, Tags: tags,
      ...(input.ClientToken === undefined ? {} : { ClientToken: input.ClientToken }),
    });
    HostIds.push(host.HostId!);
  }
  return { HostIds };
}

/** What of some hosts does not exist or is gone is told for each. */
async function eachHost(ids: readonly string[], ctx: Context, change: (host: StoredHost) => Promise<Unsuccessful['Error']>): Promise<{ Successful: string[]; Unsuccessful: Unsuccessful[] }> {
  const Successful: string[] = [];
  const unsuccessful: Unsuccessful[] = [];
  for (const ResourceId of [...new Set(ids)]) {
    if (!hosts.wellFormed(ResourceId)) throw hosts.malformed!(ResourceId);
    const host = await ctx.find(hosts, ResourceId);
    const missing = hosts.notFound([ResourceId]);
    const error = !host || host.State === 'released' ? { Code: `Client.${missing.code}`, Message: missing.message } : await change(host);
    if (error) unsuccessful.push({ ResourceId, Error: error });
    else Successful.push(ResourceId);
  }
  return { Successful, Unsuccessful: unsuccessful };
}

async function modify(input: Ec2Operations['ModifyHosts']['input'], ctx: Context): Promise<Ec2Operations['ModifyHosts']['output']> {
  const properties = input.InstanceType === undefined && input.InstanceFamily === undefined ? undefined : propertiesOf(input);
  return eachHost(input.HostIds, ctx, async (host) => {
    if (properties) {
      const family = properties.InstanceFamily ?? properties.InstanceType!.split('.')[0];
      const own = host.HostProperties!.InstanceFamily ?? host.HostProperties!.InstanceType!.split('.')[0];
      if (family !== own) return { Code: 'Client.InvalidHostConfiguration', Message: `Dedicated host '${host.HostId}' is of the family ${own} and cannot be modified to ${family}.` };
      if ((await guestsOf(host.HostId!, ctx)).some((g) => g.State!.Name !== 'stopped')) return { Code: 'Client.InvalidHost.Occupied', Message: `Dedicated host '${host.HostId}' cannot be modified as it is occupied.` };
      host.HostProperties = properties;
      host.AllowsMultipleInstanceTypes = properties.InstanceFamily === undefined ? 'off' : 'on';
    }
    Object.assign(host, Object.fromEntries((['AutoPlacement', 'HostRecovery', 'HostMaintenance'] as const).filter((name) => input[name] !== undefined).map((name) => [name, input[name]])));
    await ctx.save(hosts, host);
    return undefined;
  });
}

/** "You cannot release a host while it has running instances." https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReleaseHosts.html */
const release = (input: Ec2Operations['ReleaseHosts']['input'], ctx: Context): Promise<Ec2Operations['ReleaseHosts']['output']> => eachHost(input.HostIds, ctx, async (host) => {
  if ((await guestsOf(host.HostId!, ctx)).length > 0) return hostErrors.occupied(host.HostId!);
  if (host.HostReservationId !== undefined) return hostErrors.notReleasable(host.HostId!);
  const isMac = /^mac/.test(host.HostProperties!.InstanceType ?? host.HostProperties!.InstanceFamily ?? '');
  if (isMac && ctx.nowMs < Date.parse(host.AllocationTime!) + MAC_MINIMUM_MS) return hostErrors.minimumNotOver(host.HostId!);
  host.ReleaseTime = ctx.now;
  await ctx.transition(hosts, host, 'released');
  return undefined;
});

/** assumed: the latest versions that each processor takes. */
const MAC_VERSIONS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^mac1$/, ['15.7.1', '14.8.1', '13.7.8']],
  [/^mac-m4|^mac-m3/, ['26.0.1', '15.7.1']],
  [/^mac2/, ['26.0.1', '15.7.1', '14.8.1', '13.7.8']],
];

const familyOf = (host: StoredHost): string => host.HostProperties!.InstanceFamily ?? host.HostProperties!.InstanceType!.split('.')[0]!;

export const hostOperations = {
  AllocateHosts: allocate,
  DescribeHosts: describes(hosts, { ids: 'HostIds', complete: withGuests, prepare: (input) => ({ ...input, Filters: input.Filter }) }),
  DescribeMacHosts: describes(hosts, {
    ids: 'HostIds', shape: 'MacHost', visible: (host) => familyOf(host).startsWith('mac') && host.State !== 'released',
    project: (host) => ({ HostId: host.HostId, MacOSLatestSupportedVersions: MAC_VERSIONS.find(([family]) => family.test(familyOf(host)))![1] }),
  }),
  ModifyHosts: modify,
  ReleaseHosts: release,
} satisfies Handlers<Ec2Operations>;
