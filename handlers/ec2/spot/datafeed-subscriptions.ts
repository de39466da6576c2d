import type { SpotDatafeedSubscription } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import type { Handlers } from '../../../src/kit/index.ts';
import { setting } from '../account-settings.ts';
import * as general from '../errors.ts';
import { datafeedNotFound } from './errors.ts';

/** assumed: the one data feed of an account is one for each Region. */
const subscription = setting<Wire<SpotDatafeedSubscription> | null>('spot-datafeed-subscription', null);

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const BUCKET = /^(?!\d+\.\d+\.\d+\.\d+$)(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-data-feeds.html */
export const datafeedSubscriptionOperations = {
  /** assumed: a subscription that is there is replaced; a bucket exists when its name is well formed. */
  CreateSpotDatafeedSubscription: async (input, ctx) => {
    if (!BUCKET.test(input.Bucket)) throw general.invalidValue(input.Bucket, 'bucket', 'It is not a valid name of a bucket.');
    const made = { Bucket: input.Bucket, ...(input.Prefix !== undefined && { Prefix: input.Prefix }), OwnerId: ctx.account, State: 'Active' as const };
    await subscription.set(ctx, made);
    return { SpotDatafeedSubscription: made };
  },
  DescribeSpotDatafeedSubscription: async (_input, ctx) => {
    const present = await subscription.of(ctx);
    if (!present) throw datafeedNotFound();
    return { SpotDatafeedSubscription: present };
  },
  /** assumed: that there is nothing to delete is no error. */
  DeleteSpotDatafeedSubscription: async (_input, ctx) => {
    await subscription.set(ctx, null);
    return {};
  },
} satisfies Handlers<Ec2Operations>;
