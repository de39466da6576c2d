import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Handlers } from '../../../src/kit/index.ts';
import { setting } from '../account-settings.ts';
import * as errors from '../errors.ts';

interface Attributes {
  readonly IncludeAllTagsOfInstance: boolean;
  readonly InstanceTagKeys: readonly string[];
}

type Wish = Ec2Operations['DeregisterInstanceEventNotificationAttributes']['input']['InstanceTagAttribute'];

/** Which tags of an instance are in the notifications of its scheduled events. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/customizing_scheduled_event_notifications.html */
const attributes = setting<Attributes>('instance-event-notification-attributes', { IncludeAllTagsOfInstance: false, InstanceTagKeys: [] });

const KEYS_MAX = 10;

function checkWish({ IncludeAllTagsOfInstance: all, InstanceTagKeys: keys = [] }: Wish): void {
  if (all === undefined && keys.length === 0) throw errors.missingParameter('instanceTagAttribute');
  if (all === true && keys.length > 0) throw errors.invalidParameterCombination('Specify either tag keys or all tags of the instance, but not both');
}

const shown = ({ IncludeAllTagsOfInstance, InstanceTagKeys }: Attributes) => ({ InstanceTagAttribute: { IncludeAllTagsOfInstance, InstanceTagKeys: [...InstanceTagKeys] } });

export const eventNotificationOperations = {
  RegisterInstanceEventNotificationAttributes: async (input, ctx) => {
    const wish = input.InstanceTagAttribute;
    checkWish(wish);
    const before = await attributes.of(ctx);
    const keys = [...new Set([...before.InstanceTagKeys, ...(wish.InstanceTagKeys ?? [])])];
    // assumed: the code and the text of this limit.
    if (keys.length > KEYS_MAX) throw errors.limitExceeded('TagLimitExceeded', `A maximum of ${KEYS_MAX} tag keys can be registered`);
    const after = { IncludeAllTagsOfInstance: wish.IncludeAllTagsOfInstance ?? before.IncludeAllTagsOfInstance, InstanceTagKeys: keys };
    await attributes.set(ctx, after);
    return shown(after);
  },
  DescribeInstanceEventNotificationAttributes: async (_input, ctx) => shown(await attributes.of(ctx)),
  DeregisterInstanceEventNotificationAttributes: async (input, ctx) => {
    const wish = input.InstanceTagAttribute;
    checkWish(wish);
    const before = await attributes.of(ctx);
    const after = { IncludeAllTagsOfInstance: wish.IncludeAllTagsOfInstance === true ? false : before.IncludeAllTagsOfInstance, InstanceTagKeys: before.InstanceTagKeys.filter((key) => !wish.InstanceTagKeys?.includes(key)) };
    await attributes.set(ctx, after);
    return shown(after);
  },
} satisfies Handlers<Ec2Operations>;
