import type { Host } from '@aws-sdk/client-ec2';
import type { Wire } from '../../../protocols/wire-types.ts';
import { hours, resource, type Context } from '../../../src/kit/index.ts';
import { instanceType, instanceTypeNames } from '../catalog/instance-types.ts';
import * as errors from '../errors.ts';
import { instances, type StoredInstance } from '../instances/instances.ts';

export type StoredHost = Wire<Host>;

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/dedicated-hosts-overview.html */
export const hosts = resource<StoredHost>({
  service: 'ec2',
  kind: 'dedicated-host',
  shape: 'Host',
  id: { member: 'HostId', prefix: 'h' },
  notFound: errors.notFound('InvalidHostID.NotFound', 'host ID'),
  malformed: errors.malformedId('InvalidHostID.Malformed', 'h'),
  state: 'State',
  lifecycle: {
    // assumed: for how long a released host is described.
    released: { after: hours(1), paced: false, to: 'gone' },
  },
  references: { HostReservationId: { kind: 'ec2:host-reservation', onDelete: 'release' } },
  filters: { 'instance-type': 'HostProperties.InstanceType', 'availability-zone': 'AvailabilityZone' },
  conditionKeys: (host) => ({ 'ec2:AvailabilityZone': host.AvailabilityZone, 'ec2:InstanceType': host.HostProperties?.InstanceType, 'ec2:AutoPlacement': host.AutoPlacement, 'ec2:HostRecovery': host.HostRecovery }),
});

const familyOf = (type: string): string => type.slice(0, type.indexOf('.'));

/** The types of a family, those of which several fit on a host first. */
export const typesOf = (family: string): string[] => instanceTypeNames().filter((type) => familyOf(type) === family && instanceType(type)!.DedicatedHostsSupported === true);

export const vcpusOf = (type: string): number => instanceType(type)!.VCpuInfo!.DefaultVCpus!;

/**
 * What a host of a family is made of. assumed: as many vCPUs as the family's largest type has, on one socket up to 64 of
 * them and on two above; AWS lists the hosts at https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/dedicated-hosts-understanding.html
 */
export function hardwareOf(family: string): { Cores: number; Sockets: number; TotalVCpus: number } {
  const largest = typesOf(family).reduce((best, type) => (vcpusOf(type) > vcpusOf(best) ? type : best));
  const vcpus = vcpusOf(largest);
  return { Cores: instanceType(largest)!.VCpuInfo!.DefaultCores ?? vcpus / 2, Sockets: vcpus > 64 ? 2 : 1, TotalVCpus: vcpus };
}

/** The instances that are on a host: those that run, and stopped ones that are bound to it. */
export const guestsOf = async (id: string, ctx: Context): Promise<StoredInstance[]> =>
  (await ctx.list(instances, { member: 'Placement.HostId', value: id })).filter((i) => i.State!.Name !== 'terminated');

const occupies = (instance: StoredInstance): boolean => /^(pending|running|stopping|shutting-down)$/.test(instance.State!.Name!);

/** The types that a host takes, whatever room there is. */
export const acceptedTypes = ({ HostProperties: has }: StoredHost): string[] => (has!.InstanceType === undefined ? typesOf(has!.InstanceFamily!).filter((type) => !instanceType(type)!.BareMetal) : [has!.InstanceType]);

/** How many more instances of a type a host has room for. */
export function roomFor(host: StoredHost, type: string, guests: readonly StoredInstance[]): number {
  if (host.State !== 'available' || !acceptedTypes(host).includes(type)) return 0;
  const used = guests.filter(occupies).reduce((sum, guest) => sum + vcpusOf(guest.InstanceType!), 0);
  return Math.max(0, Math.floor((host.HostProperties!.TotalVCpus! - used) / vcpusOf(type)));
}

/** What descriptions show beside what is stored: who is there, and what room is left. */
export async function withGuests(host: StoredHost, ctx: Context): Promise<StoredHost> {
  const guests = await guestsOf(host.HostId!, ctx);
  const total = host.HostProperties!.TotalVCpus!;
  const used = guests.filter(occupies).reduce((sum, guest) => sum + vcpusOf(guest.InstanceType!), 0);
  return {
    ...host, Instances: guests.map((g) => ({ InstanceId: g.InstanceId, InstanceType: g.InstanceType, OwnerId: ctx.account })),
    AvailableCapacity: {
      AvailableInstanceCapacity: acceptedTypes(host).map((type) => ({ InstanceType: type, TotalCapacity: Math.floor(total / vcpusOf(type)), AvailableCapacity: roomFor(host, type, guests) })), AvailableVCpus: Math.max(0, total - used),
    },
  };
}
