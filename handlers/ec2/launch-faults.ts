import type { Context, Structure } from '../../src/kit/index.ts';

/** A rule on RunInstances strikes as well what EC2 launches by itself: a pool of a fleet without capacity is passed over. */
export async function admitLaunch(ctx: Context, input: object, zone: string): Promise<void> {
  if (ctx.world.faults.none) return;
  await ctx.world.faults.admit({
    service: 'ec2', operation: 'RunInstances', account: ctx.account, region: ctx.region, principal: ctx.principal.arn, input: input as Structure, zone: async () => zone,
  }, ctx.nowMs);
}
