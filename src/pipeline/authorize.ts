import { accessDenied, failureMessage, type Denied } from '../iam/denials.ts';
import { permission as permissionFor, type Permission } from '../iam/permissions.ts';
import { reference } from '../iam/reference.ts';
import { Keys } from '../iam/request-context.ts';
import { judge, type Judgement } from '../kit/access.ts';
import { organizationPolicies } from '../kit/organization-policies.ts';
import type { Machine } from '../machine.ts';
import type { Exchange } from './exchange.ts';

/**
 * May this principal do this? Every permission that the call needs is decided on its own, and the first refusal is the
 * answer. An account's root may do what service control policies leave; `observe` decides for it too, so that its calls can become a policy.
 */
export async function authorize(x: Exchange, machine: Machine): Promise<void> {
  const { iam: mode } = machine.settings;
  const { principal, ctx } = x as Required<Exchange>;
  if (mode === 'off' || (mode === 'enforce' && principal.type === 'root' && !principal.session && !(await organizationPolicies(machine.store, principal.account)).scps)) return;
  for (const permission of await permissionsOf(x, machine)) {
    const judgement = await judge(ctx, permission);
    if (mode === 'enforce' && judgement.decision.outcome !== 'allowed') throw denial(x, machine, judgement);
  }
}

async function permissionsOf(x: Exchange, machine: Machine): Promise<readonly Permission[]> {
  const { model, operation, input, ctx } = x as Required<Exchange>;
  const service = machine.world.registry.service(model.service)!;
  if (service.permissions) return service.permissions(operation.name, input, ctx);
  const action = reference(model.service).action(operation.name);
  return action ? [permissionFor(action, '*', undefined, {})] : [];
}

function denial(x: Exchange, machine: Machine, { permission, question, decision }: Judgement): Error {
  const principal = x.principal!;
  const denied: Denied = { callerArn: principal.arn, action: permission.action, resource: permission.resource, named: permission.named, decision };
  const keys = question.context instanceof Keys ? question.context.entries() : [];
  return accessDenied(x.protocol!.name, denied, () => machine.store.seal(failureMessage(denied, { id: principal.userId, name: principal.name }, keys)));
}
