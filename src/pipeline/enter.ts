import { Context } from '../kit/context.ts';
import { noteUse } from '../kit/uses.ts';
import type { Machine } from '../machine.ts';
import type { Exchange } from './exchange.ts';

/** The caller enters their account and region, which are furnished when they are first looked at. */
export async function enter(x: Exchange, machine: Machine): Promise<void> {
  const { principal, region, operation, model } = x as Required<Exchange>;
  const userAgent = x.request.headers['user-agent'];
  x.ctx = new Context(machine.world, principal.account, region, principal, x.requestId, x.at, operation, {
    sourceIp: x.sourceIp, userAgent: Array.isArray(userAgent) ? userAgent[0] : userAgent,
  });
  await machine.provision(model.service, x.ctx);
  await noteUse(x.ctx, model.signingName);
}
