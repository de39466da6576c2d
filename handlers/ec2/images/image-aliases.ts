import { permission, reference, resourceTagKeys, type Permission } from '../../../src/iam/index.ts';
import { demand, isJudged, type Context } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';

/**
 * A parameter in the place of an image's id: `resolve:ssm:<name or ARN>`, perhaps with `:<version>` or `:<label>`.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/create-launch-template.html#use-an-ssm-parameter-instead-of-an-ami-id
 */
const PREFIX = 'resolve:ssm:';
const DATA_TYPE = 'aws:ec2:image';

const parameterOf = (imageId: string | undefined): string | undefined => (imageId?.startsWith(PREFIX) ? imageId.slice(PREFIX.length) : undefined);

/** The id that an alias stands for now; of an id itself, the same. */
export async function resolvedImageId(imageId: string, ctx: Context): Promise<string> {
  const name = parameterOf(imageId);
  if (name === undefined) return imageId;
  const { found } = (await ctx.ask('parameter', name)) ?? {};
  if (!found) throw errors.ssmAliasInvalid(name);
  if (found.dataType !== DATA_TYPE) throw errors.ssmDataTypeUnsupported(DATA_TYPE);
  return found.value;
}

/** Who names a parameter must be allowed to read it: https://docs.aws.amazon.com/autoscaling/ec2/userguide/using-systems-manager-parameters.html */
export async function aliasPermissions(imageId: string | undefined, ctx: Context): Promise<Permission[]> {
  const name = parameterOf(imageId);
  const parameter = name === undefined ? undefined : await ctx.ask('parameter', name);
  if (!parameter) return [];
  const action = reference('ssm').action('GetParameters')!;
  return [permission(action, parameter.arn, action.resources[0], resourceTagKeys(parameter.tags, 'ssm'))];
}

/** The same as `resolvedImageId`, of callers who may read the parameter. */
export async function resolvedForCaller(imageId: string, ctx: Context): Promise<string> {
  // assumed: a refusal is worded as one of EC2's own actions.
  if (await isJudged(ctx)) await demand(ctx, await aliasPermissions(imageId, ctx), 'ec2Query');
  return resolvedImageId(imageId, ctx);
}
