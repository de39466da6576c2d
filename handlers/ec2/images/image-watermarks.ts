import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Handlers } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { images, ownImage, type StoredImage } from './images.ts';
import { NAME } from './image-making.ts';

type Mark = NonNullable<StoredImage['ImageWatermarks']>[number];

/** Watermarks go along into the images that are made of a watermarked one. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AttachImageWatermark.html */
export const imageWatermarkOperations = {
  AttachImageWatermark: async (input, ctx) => {
    if (!NAME.test(input.WatermarkName)) throw errors.invalidValue(input.WatermarkName, 'watermarkName');
    const image = await ownImage(ctx, input.ImageId);
    if (image.Public) throw errors.operationNotPermitted(`Watermarks cannot be attached to the public image '${input.ImageId}'`);
    const WatermarkKey = `${ctx.account}:${input.WatermarkName}`;
    const mark: Mark = { WatermarkKey, SourceImageId: image.ImageId, SourceImageRegion: ctx.region, SourceImageCreationTime: image.CreationDate, WatermarkCreationTime: ctx.now };
    // assumed: a watermark that is there already stays as it is.
    const present = image.ImageWatermarks ?? [];
    if (!present.some((m) => m.WatermarkKey === WatermarkKey)) await ctx.save(images, { ...image, ImageWatermarks: [...present, mark] });
    return { WatermarkKey };
  },
  /** "It succeeds even if the watermark does not exist on the image." */
  DetachImageWatermark: async (input, ctx) => {
    if (!/^\d{12}:./.test(input.WatermarkKey)) throw errors.invalidValue(input.WatermarkKey, 'watermarkKey');
    const image = await ownImage(ctx, input.ImageId);
    await ctx.save(images, { ...image, ImageWatermarks: (image.ImageWatermarks ?? []).filter((m) => m.WatermarkKey !== input.WatermarkKey) });
    return { Return: true };
  },
} satisfies Handlers<Ec2Operations>;
