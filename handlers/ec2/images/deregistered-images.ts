/**
 * Images that are gone and still known by their ids: "Recently deregistered images appear in the returned results for a short
 * interval and then return empty results. [Later] specifying the ID of the image will eventually return an error indicating
 * that the AMI ID cannot be found." https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeImages.html
 * Clients that wait for a deregistration wait for the empty results:
 * https://github.com/ansible-collections/amazon.aws/blob/main/plugins/modules/ec2_ami.py
 */
import { hours, isoTime, type Context } from '../../../src/kit/index.ts';
import { setting } from '../account-settings.ts';

interface Deregistered {
  readonly id: string;
  readonly at: string;
}

// assumed: the short interval is none; the error comes after an hour, whether instances of the image are left or not.
const KNOWN_MS = hours(1);

const deregistered = setting<readonly Deregistered[]>('deregistered-images', []);

const known = async (ctx: Context): Promise<readonly Deregistered[]> => {
  const since = isoTime(ctx.nowMs - KNOWN_MS);
  return (await deregistered.of(ctx)).filter(({ at }) => at > since);
};

export const rememberDeregistered = async (ctx: Context, id: string): Promise<void> => deregistered.set(ctx, [...(await known(ctx)), { id, at: ctx.now }]);

export const recentlyDeregistered = async (ctx: Context): Promise<readonly string[]> => (await known(ctx)).map(({ id }) => id);
