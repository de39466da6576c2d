import type { Context } from '../../../src/kit/index.ts';

/** Verified Access writes its times as texts, in whole seconds and without a zone. https://docs.aws.amazon.com/cli/latest/reference/ec2/describe-verified-access-instances.html#examples */
export const timeOf = (ctx: Context): string => ctx.now.slice(0, 19);
