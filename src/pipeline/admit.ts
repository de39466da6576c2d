import type { Machine } from '../machine.ts';
import type { Exchange } from './exchange.ts';

/** Faults: errors that a rule asks for, delays and broken connections. */
export async function admit(x: Exchange, machine: Machine): Promise<void> {
  const { faults } = machine.world;
  if (faults.none) return;
  const { model, operation, principal, region, input, ctx } = x as Required<Exchange>;
  const service = machine.world.registry.service(model.service);
  x.transport = await faults.admit({
    service: model.service, operation: operation.name, account: principal.account, region, principal: principal.arn, input,
    zone: async () => service?.zoneOf?.(operation.name, input, ctx),
  }, x.at);
}
