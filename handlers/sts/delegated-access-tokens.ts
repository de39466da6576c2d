import type { StsOperations } from '../../fixtures/models/sts.ts';
import type { Context, Handlers, Principal } from '../../src/kit/index.ts';
import { issue } from './credentials.ts';
import * as errors from './errors.ts';

/** What of a stored delegation request sts reads; iam keeps them all in one place, whosever they are. */
interface Delegation {
  readonly RequestorId: string;
  readonly PermissionPolicy: string;
  readonly $: { readonly approver: Principal; readonly token?: string; readonly until: number };
}

const ALL_ACCOUNTS = '000000000000';

/** The request that a token says it is of; its middle part is JSON. */
function requestId(token: string): string | undefined {
  try {
    const { sub } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as { sub?: unknown };
    return typeof sub === 'string' ? sub : undefined;
  } catch {
    return undefined;
  }
}

/**
 * A partner becomes who accepted their request, limited to what it asks for, until the time that it named has passed since
 * the token was sent; as often as they like. https://docs.aws.amazon.com/IAM/latest/UserGuide/temporary-delegation-building-integration.html#temporary-delegation-exchange-tokens
 */
async function getDelegatedAccessToken(input: StsOperations['GetDelegatedAccessToken']['input'], ctx: Context): Promise<StsOperations['GetDelegatedAccessToken']['output']> {
  const id = requestId(input.TradeInToken);
  const found = id === undefined ? undefined : ((await ctx.in(ALL_ACCOUNTS, ctx.region).findForeign('iam:delegation-request', id)) as Delegation | undefined);
  // assumed: the code and texts.
  if (!found || found.$.token === undefined || ctx.unseal(found.$.token) !== input.TradeInToken) throw errors.accessDenied('The trade-in token is not valid.');
  if (found.RequestorId !== ctx.account) throw errors.accessDenied(`The trade-in token was not issued to account ${ctx.account}.`);
  const seconds = Math.floor(found.$.until / 1000) - Math.floor(ctx.nowMs / 1000);
  if (seconds <= 0) throw errors.expiredTradeInToken();
  const { accessKeyId: _key, session, ...approver } = found.$.approver;
  const { Credentials } = await issue(ctx, { ...approver, session: { ...session, issuedAt: ctx.nowMs, delegation: id!, limits: [...(session?.limits ?? []), { text: found.PermissionPolicy }] } }, seconds);
  return { Credentials, AssumedPrincipal: approver.arn };
}

export const delegatedAccessTokenOperations = { GetDelegatedAccessToken: getDelegatedAccessToken } satisfies Handlers<StsOperations>;
