import { permission, type Permission } from '../iam/permissions.ts';
import { reference } from '../iam/reference.ts';
import { demand, isJudged } from '../kit/access.ts';
import type { Machine } from '../machine.ts';
import type { Awaitable } from '../store/store.ts';
import type { Exchange } from './exchange.ts';

/** May this principal do this? Of all that the call needs. */
export function authorize(x: Exchange, machine: Machine): Awaitable<void> {
  const judged = isJudged(x.ctx!);
  if (judged) return permit(x, machine, judged);
}

async function permit(x: Exchange, machine: Machine, judged: true | Promise<boolean>): Promise<void> {
  const { ctx, protocol } = x as Required<Exchange>;
  if (await judged) await demand(ctx, await permissionsOf(x, machine), protocol.name);
}

async function permissionsOf(x: Exchange, machine: Machine): Promise<readonly Permission[]> {
  const { model, operation, input, ctx } = x as Required<Exchange>;
  const service = machine.world.registry.service(model.service)!;
  if (service.permissions) return service.permissions(operation.name, input, ctx);
  const action = reference(model.service).action(operation.name);
  return action ? [permission(action, '*', undefined, {})] : [];
}
