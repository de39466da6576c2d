import type { Context } from '../../src/kit/index.ts';
import * as errors from './errors.ts';
import { anyPolicy } from './policies.ts';

/** A permissions boundary names a managed policy that exists. https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html */
export async function boundary(ctx: Context, arn: string): Promise<{ PermissionsBoundaryType: 'PermissionsBoundaryPolicy'; PermissionsBoundaryArn: string }> {
  if (!(await anyPolicy(ctx, arn))) throw errors.noSuchEntity(`Scope ARN: ${arn} does not exist or is not attachable.`);
  // IAM answers 'Policy', which the model's enum does not have.
  return { PermissionsBoundaryType: 'Policy' as 'PermissionsBoundaryPolicy', PermissionsBoundaryArn: arn };
}
