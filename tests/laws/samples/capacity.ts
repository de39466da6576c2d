import type { Fogbank } from '../../support/fogbank.ts';
import { call, image, world, type Sample } from './sample.ts';

const templates = new WeakMap<Fogbank, Promise<string>>();

/** One template for all fleets of a Fogbank. */
function template(fb: Fogbank): Promise<string> {
  let made = templates.get(fb);
  if (!made) {
    made = (async () => {
      const LaunchTemplateData = { ImageId: await image(fb), InstanceType: 'm5.large', NetworkInterfaces: [{ DeviceIndex: 0, SubnetId: (await world(fb)).subnet }] };
      return (await call(fb, 'CreateLaunchTemplate', { LaunchTemplateName: 'fleets', LaunchTemplateData })).LaunchTemplate.LaunchTemplateId as string;
    })();
    templates.set(fb, made);
  }
  return made;
}

const offering = async (fb: Fogbank): Promise<string> =>
  (await call(fb, 'DescribeReservedInstancesOfferings', { InstanceType: 'm5.large', ProductDescription: 'Linux/UNIX', Filters: [{ Name: 'scope', Values: ['Availability Zone'] }] })).ReservedInstancesOfferings[0].ReservedInstancesOfferingId as string;

const hosts = new WeakMap<Fogbank, Map<number, Promise<string>>>();

/** A reservation takes a host of its own, the same for the same sample. */
function host(fb: Fogbank, n: number): Promise<string> {
  const known = hosts.get(fb) ?? new Map<number, Promise<string>>();
  hosts.set(fb, known);
  const made = known.get(n) ?? call(fb, 'AllocateHosts', { InstanceType: 'm5.large', AvailabilityZone: 'us-east-1a', Quantity: 1 }).then((o) => o.HostIds[0] as string);
  known.set(n, made);
  return made;
}

export const SAMPLES: Readonly<Record<string, Sample>> = {
  'ec2:spot-instances-request': {
    operation: 'RequestSpotInstances',
    input: async (fb, n) => ({ LaunchSpecification: { ImageId: await image(fb), InstanceType: 'm5.large', SubnetId: (await world(fb)).subnet, UserData: Buffer.from(`n${n}`).toString('base64') }, LaunchGroup: `group-${n}`, AvailabilityZoneGroup: 'zone' }),
    id: (o) => o.SpotInstanceRequests[0].SpotInstanceRequestId,
  },
  'ec2:spot-fleet-request': {
    operation: 'RequestSpotFleet',
    input: async (fb) => ({ SpotFleetRequestConfig: { IamFleetRole: 'arn:aws:iam::123456789012:role/fleet', TargetCapacity: 1, LaunchSpecifications: [{ ImageId: await image(fb), InstanceType: 'm5.large', SubnetId: (await world(fb)).subnet }] } }),
    id: (o) => o.SpotFleetRequestId,
  },
  'ec2:fleet': {
    operation: 'CreateFleet',
    input: async (fb, n) => ({ LaunchTemplateConfigs: [{ LaunchTemplateSpecification: { LaunchTemplateId: await template(fb), Version: '1' } }], TargetCapacitySpecification: { TotalTargetCapacity: 1, DefaultTargetCapacityType: 'on-demand' }, Context: `n${n}` }),
    id: (o) => o.FleetId,
  },
  'ec2:capacity-reservation': {
    operation: 'CreateCapacityReservation', input: async (_fb, n) => ({ InstanceType: 'm5.large', InstancePlatform: 'Linux/UNIX', AvailabilityZone: 'us-east-1a', InstanceCount: n }), id: (o) => o.CapacityReservation.CapacityReservationId,
  },
  'ec2:capacity-reservation-fleet': {
    operation: 'CreateCapacityReservationFleet',
    input: async (_fb, n) => ({ TotalTargetCapacity: n, InstanceTypeSpecifications: [{ InstanceType: 'm5.large', InstancePlatform: 'Linux/UNIX', AvailabilityZone: 'us-east-1a', Weight: 1 }] }),
    id: (o) => o.CapacityReservationFleetId,
  },
  'ec2:capacity-block': {
    operation: 'PurchaseCapacityBlock',
    input: async (fb, n) => ({
      CapacityBlockOfferingId: (await call(fb, 'DescribeCapacityBlockOfferings', { InstanceType: 'p5.48xlarge', InstanceCount: n, CapacityDurationHours: 48 })).CapacityBlockOfferings[0].CapacityBlockOfferingId, InstancePlatform: 'Linux/UNIX',
    }),
    id: (o) => o.CapacityBlocks[0].CapacityBlockId,
  },
  'ec2:dedicated-host': { operation: 'AllocateHosts', input: async () => ({ InstanceType: 'm5.large', AvailabilityZone: 'us-east-1a', Quantity: 1 }), id: (o) => o.HostIds[0] },
  'ec2:host-reservation': {
    operation: 'PurchaseHostReservation',
    input: async (fb, n) => ({ OfferingId: (await call(fb, 'DescribeHostReservationOfferings', { Filter: [{ Name: 'instance-family', Values: ['m5'] }] })).OfferingSet[0].OfferingId, HostIdSet: [await host(fb, n)] }),
    id: (o) => o.Purchase[0].HostReservationId,
  },
  'ec2:reserved-instances': { operation: 'PurchaseReservedInstancesOffering', input: async (fb, n) => ({ ReservedInstancesOfferingId: await offering(fb), InstanceCount: n }), id: (o) => o.ReservedInstancesId },
};

export const EXEMPT: Readonly<Record<string, string>> = {
  'ec2:capacity-reservation-billing-request': 'one a reservation, seen by two accounts, listed by part and without ids; its own tests',
  'ec2:reserved-instances-modification': 'made by ModifyReservedInstances of what was bought before; its own tests',
  'ec2:reserved-instances-listing': 'one at a time, of what was active for a month; its own tests',
};
