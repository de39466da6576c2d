import type { IpamExternalResourceVerificationToken } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { creates, describes, hours, isoTime, resource, seconds, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';
import * as errors from './errors.ts';
import { ipams } from './ipams.ts';
import { arnOf, ready } from './lifecycles.ts';

export type StoredToken = Wire<IpamExternalResourceVerificationToken>;

/** What somebody puts into the DNS to show that a range of addresses is theirs. https://docs.aws.amazon.com/vpc/latest/ipam/tutorials-byoip-ipam-domain-verification-methods.html */
export const verificationTokens = resource<StoredToken>({
  service: 'ec2',
  kind: 'ipam-external-resource-verification-token',
  shape: 'IpamExternalResourceVerificationToken',
  id: { member: 'IpamExternalResourceVerificationTokenId', prefix: 'ipam-ext-res-ver-token' },
  notFound: errors.missing('InvalidIpamExternalResourceVerificationTokenId', 'ipam-external-resource-verification-token'),
  malformed: general.malformedId('InvalidIpamExternalResourceVerificationTokenId.Malformed', 'ipam-ext-res-ver-token'),
  arn: (token, account) => `arn:aws:ec2::${account}:ipam-external-resource-verification-token/${token.IpamExternalResourceVerificationTokenId}`,
  state: 'State',
  lifecycle: { 'create-in-progress': { after: seconds(10), to: 'create-complete' }, 'delete-in-progress': { after: seconds(10), to: 'gone' } },
  references: { IpamId: { kind: 'ec2:ipam', onDelete: 'cascade' } },
});

/** "The token is valid for 72 hours." */
const VALID_HOURS = 72;

const timed = (token: StoredToken, ctx: Context): StoredToken => ({ ...token, Status: ctx.now > token.NotAfter! ? 'expired' : 'valid' });

/** A token that may prove something to its IPAM. The DNS itself is not looked at. */
export async function checkToken(ctx: Context, id: string, ipamId: string): Promise<void> {
  const token = timed(await ready(ctx, verificationTokens, id), ctx);
  if (token.IpamId !== ipamId) throw verificationTokens.notFound([id]);
  if (token.Status === 'expired') throw general.invalidValue(id, 'ipamExternalResourceVerificationTokenId', 'The token has expired.');
}

async function planToken(input: Ec2Operations['CreateIpamExternalResourceVerificationToken']['input'], ctx: Context): Promise<Partial<StoredToken>> {
  const ipam = await ready(ctx, ipams, input.IpamId);
  const id = ctx.newId(verificationTokens);
  return {
    IpamExternalResourceVerificationTokenId: id, IpamExternalResourceVerificationTokenArn: arnOf(ctx, 'ipam-external-resource-verification-token', id), IpamId: ipam.IpamId, IpamArn: ipam.IpamArn, IpamRegion: ctx.region,
    TokenValue: ctx.ids.hex(32), TokenName: ctx.ids.hex(8), NotAfter: isoTime(ctx.nowMs + hours(VALID_HOURS)), Status: 'valid', State: 'create-in-progress', Tags: [],
  };
}

export const verificationTokenOperations = {
  CreateIpamExternalResourceVerificationToken: creates(verificationTokens, planToken),
  DescribeIpamExternalResourceVerificationTokens: describes(verificationTokens, { ids: 'IpamExternalResourceVerificationTokenIds', complete: timed }),
  DeleteIpamExternalResourceVerificationToken: async (input, ctx) => {
    const token = await ready(ctx, verificationTokens, input.IpamExternalResourceVerificationTokenId);
    return { IpamExternalResourceVerificationToken: timed(await ctx.transition(verificationTokens, token, 'delete-in-progress'), ctx) };
  },
} satisfies Handlers<Ec2Operations>;
