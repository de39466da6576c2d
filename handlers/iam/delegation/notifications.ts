import { resource, type Context } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';

/** What a partner's topic would receive, kept until there is SNS. https://docs.aws.amazon.com/IAM/latest/UserGuide/temporary-delegation-building-integration.html#temporary-delegation-notifications */
interface Notification {
  readonly MessageId: string;
  readonly TopicArn: string;
  readonly Timestamp: string;
  /** An exchange token is as good as the access that it brings. */
  readonly $: { readonly sealed: string };
}

/** The control API shows them by this name. */
export const notifications = resource<Notification>({
  service: 'iam',
  kind: 'delegation-notification',
  global: true,
  shape: 'DelegationRequest',
  id: { member: 'MessageId', uuid: true },
  notFound: (ids) => errors.noSuchEntity(`The notification ${ids[0]} cannot be found.`),
  tags: null,
});

export async function publish(ctx: Context, topic: string, message: object): Promise<void> {
  await ctx.create(notifications, { MessageId: ctx.newId(notifications), TopicArn: topic, Timestamp: ctx.now, $: { sealed: ctx.seal(JSON.stringify(message)) } });
}
