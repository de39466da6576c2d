/**
 * Images that are gone and still known by their ids: "Recently deregistered images appear in the returned results for a short
 * interval and then return empty results. [Later] specifying the ID of the image will eventually return an error indicating
 * that the AMI ID cannot be found." https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeImages.html
 * Clients that wait for a deregistration wait for the empty results:
 * https://github.com/ansible-collections/amazon.aws/blob/main/plugins/modules/ec2_ami.py
 */
import { hours, resource, type Context } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';

interface DeregisteredImage {
  readonly ImageId: string;
  readonly State: 'deregistered';
}

// assumed: the short interval is none; the error comes after an hour, whether instances of the image are left or not.
export const deregisteredImages = resource<DeregisteredImage>({
  service: 'ec2',
  kind: 'deregistered-image',
  shape: 'Image',
  id: { member: 'ImageId' },
  notFound: errors.notFound('InvalidAMIID.NotFound', 'image id'),
  tags: null,
  state: 'State',
  lifecycle: { deregistered: { after: hours(1), to: 'gone', paced: false } },
});

/** One that came back out of the Recycle Bin may go a second time. */
export async function rememberDeregistered(ctx: Context, ImageId: string): Promise<void> {
  await ctx.replace(deregisteredImages, { ImageId, State: 'deregistered' });
}

export const recentlyDeregistered = async (ctx: Context): Promise<readonly string[]> => (await ctx.list(deregisteredImages)).map(({ ImageId }) => ImageId);
