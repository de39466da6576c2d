import type { Instance } from '@aws-sdk/client-ec2';
import type { Wire } from '../../protocols/wire-types.ts';
import { hours, resource, seconds } from '../../src/kit/index.ts';
import * as errors from './errors.ts';

/** `$` holds what AWS keeps and shows only through attributes: user data, and the reservation that DescribeInstances groups by. */
export type StoredInstance = Wire<Instance> & {
  $?: { reservationId: string; requesterId?: string; userData?: string; disableApiTermination?: boolean; disableApiStop?: boolean; shutdownBehavior?: string; creditSpecification?: string };
};

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-lifecycle.html */
export const STATE_CODES: Readonly<Record<string, number>> = { pending: 0, running: 16, 'shutting-down': 32, terminated: 48, stopping: 64, stopped: 80 };

export const instances = resource<StoredInstance>({
  service: 'ec2',
  kind: 'instance',
  shape: 'Instance',
  id: { member: 'InstanceId', prefix: 'i' },
  notFound: errors.notFound('InvalidInstanceID.NotFound', 'instance ID'),
  malformed: errors.malformedId('InvalidInstanceID.Malformed', 'i'),
  state: 'State.Name',
  lifecycle: {
    pending: { after: seconds(10), to: 'running' },
    stopping: { after: seconds(30), to: 'stopped' },
    'shutting-down': { after: seconds(30), to: 'terminated' },
    // "Terminated instances remain visible for about an hour."
    terminated: { after: hours(1), to: 'gone', paced: false },
  },
});
