import { AwsError, hours, resource, type Context } from '../../../src/kit/index.ts';

interface ReleasedAddress {
  readonly PublicIp: string;
  readonly State: 'released';
}

/** Addresses that the account had and that nobody else has got since. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-instance-addressing-eips-releasing.html */
export const releasedAddresses = resource<ReleasedAddress>({
  service: 'ec2',
  kind: 'released-address',
  shape: 'Address',
  id: { member: 'PublicIp' },
  notFound: (ids) => new AwsError('InvalidAddress.NotFound', `Address '${ids[0]}' not found.`),
  tags: null,
  state: 'State',
  // assumed: a day; "you might be able to recover it", until another account gets it.
  lifecycle: { released: { after: hours(24), to: 'gone', paced: false } },
});

export async function rememberReleased(ctx: Context, publicIp: string): Promise<void> {
  await ctx.replace(releasedAddresses, { PublicIp: publicIp, State: 'released' });
}

/** The address itself where it can be recovered; the error of one that cannot. */
export async function recover(ctx: Context, publicIp: string): Promise<string> {
  await ctx.remove(releasedAddresses, await ctx.get(releasedAddresses, publicIp));
  return publicIp;
}
