import type { StsOperations } from '../../fixtures/models/sts.ts';
import type { Context, Handlers } from '../../src/kit/index.ts';
import { HOUR_SECONDS, issue } from './credentials.ts';
import * as errors from './errors.ts';
import { passed } from './session-parameters.ts';

/** For who has long-term keys: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html */
async function getFederationToken(input: StsOperations['GetFederationToken']['input'], ctx: Context): Promise<StsOperations['GetFederationToken']['output']> {
  const { principal } = ctx;
  if (principal.session) throw errors.accessDenied('Cannot call GetFederationToken with session credentials');
  const { session, answer } = await passed(input, ctx);
  // "If the specified duration is longer than one hour, the session obtained by using root user credentials defaults to one hour."
  const seconds = Math.min(input.DurationSeconds ?? 12 * HOUR_SECONDS, principal.type === 'root' ? HOUR_SECONDS : Infinity);
  const arn = `arn:aws:sts::${ctx.account}:federated-user/${input.Name}`;
  const userId = `${ctx.account}:${input.Name}`;
  const issued = await issue(ctx, {
    type: 'federated-user', account: ctx.account, arn, userId, ...(principal.name === undefined ? {} : { name: principal.name }), session: { issuedAt: ctx.nowMs, ...session },
  }, seconds, input.MinimumSessionTokenSize);
  return { ...issued, FederatedUser: { FederatedUserId: userId, Arn: arn }, ...answer };
}

export const federationTokenOperations = { GetFederationToken: getFederationToken } satisfies Handlers<StsOperations>;
