import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Handlers } from '../../../src/kit/index.ts';
import { seenImage, visibleImage, type StoredImage } from './images.ts';

type Entry = NonNullable<Ec2Operations['GetImageAncestry']['output']['ImageAncestryEntries']>[number];

export const imageAncestryOperations = {
  /** From the image to its root, as far as the account can see. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ami-ancestry.html */
  GetImageAncestry: async (input, ctx) => {
    const entries: Entry[] = [];
    let at = ctx;
    for (let image: StoredImage | undefined = await seenImage(ctx, input.ImageId); image; ) {
      const { ImageId, ImageOwnerAlias, CreationDate, SourceImageId, SourceImageRegion }: StoredImage = image;
      entries.push({ ImageId, ImageOwnerAlias, CreationDate, SourceImageId, SourceImageRegion });
      at = SourceImageRegion === undefined ? at : ctx.in(ctx.account, SourceImageRegion);
      image = SourceImageId === undefined ? undefined : await visibleImage(at, SourceImageId);
    }
    return { ImageAncestryEntries: entries };
  },
  /** "Amazon Inspector returns findings only for AMIs that it has scanned": there is no Inspector, and no image is scanned. */
  GetImageFindings: async (input, ctx) => {
    await seenImage(ctx, input.ImageId);
    return { ImageFindings: [] };
  },
} satisfies Handlers<Ec2Operations>;
