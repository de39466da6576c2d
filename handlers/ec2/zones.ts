import type { Context, Structure } from '../../src/kit/index.ts';
import { instanceTypeOffered } from './catalog/instance-type-offerings.ts';
import { instances } from './instances/instances.ts';
import { launchPlace } from './instances/launch-interfaces.ts';
import { withLaunchTemplate } from './instances/launch-templates.ts';
import type { RunInput } from './instances/run-instances.ts';

/** The zone in which a call would place something: as it says, or as follows from its subnet or instance. */
export async function zoneOf(operation: string, input: Structure, ctx: Context): Promise<string | undefined> {
  if (operation === 'RunInstances') {
    const wanted = await withLaunchTemplate(ctx, input as never as RunInput).catch(() => undefined);
    const place = wanted && (await launchPlace(wanted, ctx, (zone) => instanceTypeOffered(ctx.region, zone, wanted.InstanceType ?? 'm1.small')).catch(() => undefined));
    return place?.subnet.AvailabilityZone;
  }
  if (operation === 'StartInstances') {
    const [id] = input.InstanceIds as string[];
    return (await ctx.find(instances, id!))?.Placement?.AvailabilityZone;
  }
  return typeof input.AvailabilityZone === 'string' ? input.AvailabilityZone : undefined;
}
