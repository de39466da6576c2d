import { AwsError, loadModel, protocolFor, type Shape, type Structure } from '../../protocols/index.ts';
import { Context } from '../kit/context.ts';
import { refuseParameters } from '../kit/parameters.ts';
import { rootOf } from '../identity/principals.ts';
import type { Machine } from '../machine.ts';

export interface Performed {
  /** The model's name: 'ec2'. */
  readonly service: string;
  readonly operation: string;
  readonly input: Structure;
  readonly account: string;
  readonly region: string;
}

/** One operation by an account's root without the wire, as part of the caller's transaction. Unlike on the wire, a member that nobody declares is refused everywhere. */
export async function perform(machine: Machine, { service, operation: name, input, account, region }: Performed): Promise<Structure> {
  const known = machine.world.registry.service(service);
  const model = known && loadModel(service);
  const operation = model?.operation(name);
  const handler = known?.operations[name];
  if (!model || !operation) throw new AwsError('InvalidAction', `there is no operation ${service}:${name}`);
  if (!handler) throw new AwsError('NotImplemented', `Fogbank does not implement ${service}:${name}`, 501);
  const unknown = undeclared(operation.input, input, name);
  if (unknown !== undefined) throw new AwsError('UnknownParameter', `${unknown} is no member of the input`);
  const read = protocolFor('awsJson1_1').parse(model, operation, { method: 'POST', path: '/', query: '', headers: {}, body: Buffer.from(JSON.stringify(input)) });
  protocolFor(model.protocols[0]!).validate(model, operation, read);
  refuseParameters(known!.refused, name, read);
  const ctx = new Context(machine.world, account, region, rootOf(account, ''), machine.requestIds.uuid(), machine.clock.now(), operation);
  await machine.provision(service, ctx);
  return ((await handler(read, ctx)) ?? {}) as Structure;
}

function undeclared(shape: Shape, value: unknown, path: string): string | undefined {
  if (Array.isArray(value)) {
    if (shape.type !== 'list') return undefined;
    for (const [i, one] of value.entries()) {
      const found = undeclared(shape.member.target, one, `${path}.${i}`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if ((shape.type !== 'structure' && shape.type !== 'union') || typeof value !== 'object' || value === null) return undefined;
  for (const [name, one] of Object.entries(value)) {
    const member = shape.members.get(name);
    if (!member) return `${path}.${name}`;
    const found = undeclared(member.target, one, `${path}.${name}`);
    if (found !== undefined) return found;
  }
  return undefined;
}
