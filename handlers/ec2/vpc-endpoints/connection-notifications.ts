import type { ConnectionNotification } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { AwsError, creates, describes, modifies, resource, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { unsuccessful } from './errors.ts';
import { endpointServices } from './service-configurations.ts';
import { vpcEndpoints } from './vpc-endpoints.ts';

export type StoredNotification = Wire<ConnectionNotification>;

const missing = (id: string): string => `The connection notification ${id} does not exist`;

/** What is told to an SNS topic of a service's or an endpoint's connections. https://docs.aws.amazon.com/vpc/latest/privatelink/configure-endpoint-service.html#add-endpoint-service-event-notification */
export const connectionNotifications = resource<StoredNotification>({
  service: 'ec2',
  kind: 'vpc-endpoint-connection-notification',
  shape: 'ConnectionNotification',
  id: { member: 'ConnectionNotificationId', prefix: 'vpce-nfn' },
  notFound: (ids) => new AwsError('InvalidConnectionNotification', missing(ids[0]!), 400),
  tags: null,
  references: { ServiceId: { kind: 'ec2:vpc-endpoint-service', onDelete: 'cascade' }, VpcEndpointId: { kind: 'ec2:vpc-endpoint', onDelete: 'cascade' } },
});

const EVENTS = ['Accept', 'Connect', 'Delete', 'Reject'];

function checkEvents(events: readonly string[]): string[] {
  const wrong = events.find((e) => !EVENTS.includes(e));
  if (wrong !== undefined) throw errors.invalidValue(wrong, 'connectionEvents', `Valid values are ${EVENTS.join(', ')}.`);
  if (events.length === 0) throw errors.missingParameter('connectionEvents');
  return [...new Set(events)];
}

// assumed: a topic exists when its ARN is well formed and of this Region.
function checkTopic(arn: string, ctx: Context): string {
  if (!new RegExp(`^arn:aws:sns:${ctx.region}:\\d{12}:[A-Za-z0-9_-]{1,256}$`).test(arn)) throw errors.invalidValue(arn, 'connectionNotificationArn');
  return arn;
}

export const connectionNotificationOperations = {
  CreateVpcEndpointConnectionNotification: creates(connectionNotifications, async (input, ctx) => {
    if ((input.ServiceId === undefined) === (input.VpcEndpointId === undefined)) throw errors.invalidParameterCombination('Exactly one of serviceId and vpcEndpointId must be specified');
    if (input.ServiceId !== undefined) await ctx.get(endpointServices, input.ServiceId);
    if (input.VpcEndpointId !== undefined) await ctx.get(vpcEndpoints, input.VpcEndpointId);
    return {
      ...(input.ServiceId === undefined ? { VpcEndpointId: input.VpcEndpointId } : { ServiceId: input.ServiceId }), ConnectionNotificationType: 'Topic' as const, ConnectionNotificationState: 'Enabled' as const,
      ConnectionNotificationArn: checkTopic(input.ConnectionNotificationArn, ctx), ConnectionEvents: checkEvents(input.ConnectionEvents), ServiceRegion: ctx.region,
    };
  }),
  DescribeVpcEndpointConnectionNotifications: describes(connectionNotifications, {
    prepare: async (input, ctx) => {
      if (input.ConnectionNotificationId !== undefined) await ctx.get(connectionNotifications, input.ConnectionNotificationId);
      return input;
    },
    visible: (notification, input) => input.ConnectionNotificationId === undefined || notification.ConnectionNotificationId === input.ConnectionNotificationId,
  }),
  ModifyVpcEndpointConnectionNotification: modifies(connectionNotifications, { id: 'ConnectionNotificationId' }, (notification, input, ctx) => {
    if (input.ConnectionNotificationArn !== undefined) notification.ConnectionNotificationArn = checkTopic(input.ConnectionNotificationArn, ctx);
    if (input.ConnectionEvents?.length) notification.ConnectionEvents = checkEvents(input.ConnectionEvents);
    return { ReturnValue: true };
  }),
  DeleteVpcEndpointConnectionNotifications: async (input, ctx) => {
    const failed = [];
    for (const id of input.ConnectionNotificationIds) {
      const found = await ctx.find(connectionNotifications, id);
      if (found) await ctx.remove(connectionNotifications, found);
      else failed.push(unsuccessful(id, 'InvalidConnectionNotification', missing(id)));
    }
    return { Unsuccessful: failed };
  },
} satisfies Handlers<Ec2Operations>;
