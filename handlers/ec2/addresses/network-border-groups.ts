import type { Context } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { zonesFor } from '../zone-groups.ts';

/** The places from which a Region advertises addresses, of the zones that the account may use. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/elastic-ip-addresses-eip.html */
export async function checkBorderGroup(ctx: Context, asked: string | undefined): Promise<string> {
  if (asked === undefined || asked === ctx.region) return ctx.region;
  const known = (await zonesFor(ctx)).some((z) => z.OptInStatus !== 'not-opted-in' && z.NetworkBorderGroup === asked);
  if (!known) throw errors.invalidParameterValue(`Invalid value '${asked}' for networkBorderGroup.`);
  return asked;
}
