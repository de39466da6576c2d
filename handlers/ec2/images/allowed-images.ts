import type { ImageCriterion } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { hours, wildcardMatcher, type Context, type Handlers } from '../../../src/kit/index.ts';
import { setting } from '../account-settings.ts';
import * as errors from '../errors.ts';
import type { StoredImage } from './images.ts';

type Criterion = Wire<ImageCriterion>;

interface AllowedImages {
  readonly state: 'disabled' | 'audit-mode' | 'enabled';
  readonly criteria: readonly Criterion[];
}

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-allowed-amis.html */
export const allowedImages = setting<AllowedImages>('allowed-images', { state: 'disabled', criteria: [] });

const DAY_MS = hours(24);

const within = (since: string | undefined, daysMax: number | undefined, ctx: Context): boolean => daysMax === undefined || (since !== undefined && Date.parse(since) >= ctx.nowMs - daysMax * DAY_MS);

/** "An image must match all of a criterion's parameters, and any one of the criteria." An account's own images are always allowed. */
export const isAllowed = (image: StoredImage, criteria: readonly Criterion[], ctx: Context): boolean => image.OwnerId === ctx.account || criteria.some((c) => meets(image, c, ctx));

function meets(image: StoredImage, c: Criterion, ctx: Context): boolean {
  if (c.ImageProviders?.length && !c.ImageProviders.some((p) => p === image.OwnerId || p === image.ImageOwnerAlias)) return false;
  if (c.ImageNames?.length && !wildcardMatcher(c.ImageNames)(image.Name ?? '')) return false;
  if (c.MarketplaceProductCodes?.length && !image.ProductCodes?.some((p) => c.MarketplaceProductCodes!.includes(p.ProductCodeId!))) return false;
  const deprecated = image.DeprecationTime !== undefined && image.DeprecationTime < ctx.now;
  if (deprecated && !within(image.DeprecationTime, c.DeprecationTimeCondition?.MaximumDaysSinceDeprecated, ctx)) return false;
  if (!within(image.CreationDate, c.CreationDateCondition?.MaximumDaysSinceCreated, ctx)) return false;
  // "AMIs that Amazon Inspector has not scanned are not allowed", and there is no Inspector.
  if (c.ScanResultCondition !== undefined) return false;
  return !c.ImageWatermarks?.length || c.ImageWatermarks.some((wanted) => image.ImageWatermarks?.some((mark) => bears(mark, wanted, ctx)));
}

type Mark = NonNullable<StoredImage['ImageWatermarks']>[number];

function bears(mark: Mark, wanted: NonNullable<Criterion['ImageWatermarks']>[number], ctx: Context): boolean {
  const matches = (pattern: string | undefined, value: string | undefined) => pattern === undefined || wildcardMatcher([pattern])(value ?? '');
  return matches(wanted.WatermarkKey, mark.WatermarkKey) && matches(wanted.SourceImageRegion, mark.SourceImageRegion)
    && within(mark.SourceImageCreationTime, wanted.MaximumDaysSinceSourceImageCreated, ctx) && within(mark.WatermarkCreationTime, wanted.MaximumDaysSinceWatermarkCreated, ctx);
}

const CRITERIA_MAX = 10;
const PROVIDERS_MAX = 200;
const VALUES_MAX = 50;
const PROVIDER = /^(?:\d{12}|amazon|aws-marketplace|aws-backup-vault|none)$/;
const PRODUCT_CODE = /^[A-Za-z0-9]{1,25}$/;
const IMAGE_NAME = /^[A-Za-z0-9()[\]./\-'@_*? ]{1,128}$/;

/** The limits of each list, and of each of its values. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ImageCriterionRequest.html */
function checkCriterion(c: Criterion): void {
  const lists = [['imageProvider', c.ImageProviders, PROVIDER, PROVIDERS_MAX], ['marketplaceProductCode', c.MarketplaceProductCodes, PRODUCT_CODE, VALUES_MAX], ['imageName', c.ImageNames, IMAGE_NAME, VALUES_MAX]] as const;
  for (const [name, values = [], form, max] of lists) {
    if (values.length > max) throw errors.invalidParameterValue(`An image criterion can have up to ${max} values of ${name}`);
    const wrong = values.find((v) => !form.test(v));
    if (wrong !== undefined) throw errors.invalidValue(wrong, name);
  }
  // "none" stands alone: only the account's own images.
  if (c.ImageProviders?.includes('none') && c.ImageProviders.length > 1) throw errors.invalidParameterValue(`The image provider 'none' cannot be combined with other image providers`);
  if ((c.ImageWatermarks?.length ?? 0) > VALUES_MAX) throw errors.invalidParameterValue(`An image criterion can have up to ${VALUES_MAX} values of imageWatermark`);
  const days = [c.DeprecationTimeCondition?.MaximumDaysSinceDeprecated, c.CreationDateCondition?.MaximumDaysSinceCreated, ...(c.ImageWatermarks ?? []).flatMap((w) => [w.MaximumDaysSinceSourceImageCreated, w.MaximumDaysSinceWatermarkCreated])];
  const wrong = days.find((d) => d !== undefined && d < 0);
  if (wrong !== undefined) throw errors.invalidParameterValue(`The number of days ${wrong} is invalid; it must be 0 or more`);
}

async function changeState<S extends AllowedImages['state']>(ctx: Context, state: S): Promise<{ AllowedImagesSettingsState: S }> {
  await allowedImages.set(ctx, { ...(await allowedImages.of(ctx)), state });
  return { AllowedImagesSettingsState: state };
}

export const allowedImagesOperations = {
  EnableAllowedImagesSettings: (input, ctx) => changeState(ctx, input.AllowedImagesSettingsState),
  GetAllowedImagesSettings: async (_input, ctx) => {
    const { state, criteria } = await allowedImages.of(ctx);
    return { State: state, ImageCriteria: [...criteria], ManagedBy: 'account' };
  },
  ReplaceImageCriteriaInAllowedImagesSettings: async (input, ctx) => {
    const criteria = (input.ImageCriteria ?? []) as Criterion[];
    if (criteria.length > CRITERIA_MAX) throw errors.invalidParameterValue(`The image criteria can include up to ${CRITERIA_MAX} image criterion`);
    for (const criterion of criteria) checkCriterion(criterion);
    await allowedImages.set(ctx, { ...(await allowedImages.of(ctx)), criteria });
    return { ReturnValue: true };
  },
  /** The criteria stay, for the next time. */
  DisableAllowedImagesSettings: (_input, ctx) => changeState(ctx, 'disabled'),
} satisfies Handlers<Ec2Operations>;
