import type { Context } from '../../../src/kit/index.ts';
import { addresses } from './addresses.ts';
import { networkInterfaces } from '../network-interfaces/network-interfaces.ts';

/** First octets that EC2 has large parts of; which one a region draws from is not modelled. https://ip-ranges.amazonaws.com/ip-ranges.json */
const FIRST_OCTETS = [3, 18, 34, 35, 44, 52, 54];

/** A public IPv4 address that nobody in this account and region has. */
export async function drawPublicIp(ctx: Context): Promise<string> {
  for (;;) {
    const octets = [FIRST_OCTETS[ctx.ids.below(FIRST_OCTETS.length)], 1 + ctx.ids.below(254), ctx.ids.below(256), 1 + ctx.ids.below(254)];
    const address = octets.join('.');
    const held = (await ctx.list(addresses, { member: 'PublicIp', value: address })).length + (await ctx.list(networkInterfaces, { member: 'Association.PublicIp', value: address })).length;
    if (held === 0) return address;
  }
}
