import { Context } from '../kit/context.ts';
import { noteUse } from '../kit/uses.ts';
import type { Machine } from '../machine.ts';
import type { Awaitable } from '../store/store.ts';
import type { Exchange } from './exchange.ts';

/** The caller enters their account and region, which are furnished when they are first looked at. */
export function enter(x: Exchange, machine: Machine): Awaitable<void> {
  const { principal, region, operation, model } = x as Required<Exchange>;
  const userAgent = x.request.headers['user-agent'];
  x.ctx = new Context(machine.world, principal.account, region, principal, x.requestId, x.at, operation, {
    sourceIp: x.sourceIp, userAgent: Array.isArray(userAgent) ? userAgent[0] : userAgent,
  });
  const { ctx } = x;
  const furnished = machine.provision(model.service, ctx);
  return furnished ? furnished.then(() => noteUse(ctx, model.signingName)) : noteUse(ctx, model.signingName);
}
