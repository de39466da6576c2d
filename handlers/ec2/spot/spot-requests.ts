import type { SpotInstanceRequest } from '@aws-sdk/client-ec2';
import type { Wire } from '../../../protocols/wire-types.ts';
import { hours, resource, type Context } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import type { RunInput } from '../instances/run-instances.ts';
import { advance } from './spot-fulfilment.ts';

export type StoredSpotRequest = Wire<SpotInstanceRequest> & { $: SpotRequestPlan };

interface SpotRequestPlan {
  /** With what RunInstances fulfils the request. */
  readonly launch: RunInput;
  /** The pool that its instance is of. */
  pool?: { readonly type: string; readonly zone: string };
  /** Before this time (milliseconds) it is not evaluated. */
  evaluateAtMs: number;
  /** Whether it has been seen as pending. */
  reviewed?: boolean;
  /** When a notice of interruption, once given, is carried out. */
  interruptAtMs?: number;
  /** When it is to be looked at again. */
  wakeAtMs?: number;
}

/** Until somebody or something else touches it, a request stays as it is. */
const untilWoken = (request: StoredSpotRequest, nowMs: number): number | undefined => (request.$.wakeAtMs === undefined ? undefined : Math.max(0, request.$.wakeAtMs - nowMs));

// assumed: what is over is described for two days, as spot fleets are; a cancelled request at least as long as its instance runs.
const untilForgotten = (request: StoredSpotRequest): number | undefined => (request.Status?.Code === 'request-canceled-and-instance-running' ? undefined : hours(48));

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-request-status.html */
export const spotRequests = resource<StoredSpotRequest>({
  service: 'ec2',
  kind: 'spot-instances-request',
  shape: 'SpotInstanceRequest',
  id: { member: 'SpotInstanceRequestId', prefix: 'sir' },
  notFound: errors.notFound('InvalidSpotInstanceRequestID.NotFound', 'spot instance request ID'),
  malformed: errors.malformedId('InvalidSpotInstanceRequestID.Malformed', 'sir'),
  state: 'State',
  lifecycle: {
    open: { after: untilWoken, paced: false, to: 'open' },
    active: { after: untilWoken, paced: false, to: 'active' },
    disabled: { after: untilWoken, paced: false, to: 'disabled' },
    closed: { after: untilForgotten, paced: false, to: 'gone' },
    cancelled: { after: untilForgotten, paced: false, to: 'gone' },
    failed: { after: untilForgotten, paced: false, to: 'gone' },
  },
  entering: { open: advance, active: advance, disabled: advance },
  references: { InstanceId: { kind: 'ec2:instance', onDelete: 'keep' } },
  indexed: ['LaunchGroup', 'AvailabilityZoneGroup', 'State'],
  filters: {
    'create-time': 'CreateTime', 'fault-code': 'Fault.Code', 'fault-message': 'Fault.Message', 'instance-id': 'InstanceId', 'status-code': 'Status.Code', 'status-message': 'Status.Message',
    'launch.block-device-mapping.delete-on-termination': 'LaunchSpecification.BlockDeviceMappings.Ebs.DeleteOnTermination', 'launch.block-device-mapping.device-name': 'LaunchSpecification.BlockDeviceMappings.DeviceName',
    'launch.block-device-mapping.snapshot-id': 'LaunchSpecification.BlockDeviceMappings.Ebs.SnapshotId', 'launch.block-device-mapping.volume-size': 'LaunchSpecification.BlockDeviceMappings.Ebs.VolumeSize',
    'launch.block-device-mapping.volume-type': 'LaunchSpecification.BlockDeviceMappings.Ebs.VolumeType', 'launch.group-id': 'LaunchSpecification.SecurityGroups.GroupId', 'launch.group-name': 'LaunchSpecification.SecurityGroups.GroupName',
    'launch.image-id': 'LaunchSpecification.ImageId', 'launch.instance-type': 'LaunchSpecification.InstanceType', 'launch.kernel-id': 'LaunchSpecification.KernelId', 'launch.key-name': 'LaunchSpecification.KeyName',
    'launch.monitoring-enabled': 'LaunchSpecification.Monitoring.Enabled', 'launch.ramdisk-id': 'LaunchSpecification.RamdiskId', 'network-interface.addresses.primary': 'LaunchSpecification.NetworkInterfaces.PrivateIpAddresses.Primary',
    'network-interface.delete-on-termination': 'LaunchSpecification.NetworkInterfaces.DeleteOnTermination', 'network-interface.description': 'LaunchSpecification.NetworkInterfaces.Description',
    'network-interface.device-index': 'LaunchSpecification.NetworkInterfaces.DeviceIndex', 'network-interface.group-id': 'LaunchSpecification.NetworkInterfaces.Groups', 'network-interface.network-interface-id': 'LaunchSpecification.NetworkInterfaces.NetworkInterfaceId',
    'network-interface.private-ip-address': 'LaunchSpecification.NetworkInterfaces.PrivateIpAddress', 'network-interface.subnet-id': 'LaunchSpecification.NetworkInterfaces.SubnetId',
  },
});

/** What AWS says of each status. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-request-status.html#spot-instance-request-status-understand */
const STATUS_TEXTS = {
  'pending-evaluation': 'Your Spot request has been submitted for review, and is pending evaluation.',
  'not-scheduled-yet': 'Your Spot request will not be evaluated until the scheduled date.',
  'price-too-low': 'Your Spot request price is lower than the minimum required Spot request fulfillment price.',
  'capacity-not-available': 'There is no Spot capacity available that matches your request.',
  'limit-exceeded': 'Your Spot request cannot be fulfilled because a limit of your account is reached.',
  'launch-group-constraint': 'Your Spot request cannot be fulfilled due to a constraint in your launch group.',
  'az-group-constraint': 'Your Spot request cannot be fulfilled due to a constraint in your Availability Zone group.',
  'constraint-not-fulfillable': 'Your Spot request cannot be fulfilled due to one or more constraints.',
  'schedule-expired': 'Your Spot request cannot be fulfilled because its schedule has expired.',
  'canceled-before-fulfillment': 'Your Spot request was canceled before it was fulfilled.',
  'bad-parameters': 'Your Spot request failed due to bad parameters.',
  fulfilled: 'Your spot request is fulfilled.',
  'request-canceled-and-instance-running': 'Your Spot request is canceled, but your instance is still running.',
  'marked-for-termination': 'Your Spot Instance is marked for termination.',
  'marked-for-stop': 'Your Spot Instance is marked for stop.',
  'instance-terminated-by-price': 'Your Spot Instance was terminated because the Spot price exceeded your maximum price.',
  'instance-terminated-by-user': 'Your Spot Instance was terminated by user request.',
  'instance-terminated-launch-group-constraint': 'Your Spot Instance was terminated due to a constraint in your launch group.',
  'instance-stopped-by-price': 'Your Spot Instance was stopped because the Spot price exceeded your maximum price.',
  'instance-stopped-by-user': 'Your Spot Instance was stopped by user request.',
} as const;

export type SpotStatus = keyof typeof STATUS_TEXTS;

export function setStatus(request: StoredSpotRequest, code: SpotStatus, ctx: Context): void {
  if (request.Status?.Code !== code) request.Status = { Code: code, Message: STATUS_TEXTS[code], UpdateTime: ctx.wholeSecond };
}
