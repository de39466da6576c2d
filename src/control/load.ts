import { parse } from 'yaml';
import type { Json, Structure } from '../../protocols/types.ts';
import type { Machine } from '../machine.ts';
import { perform } from '../pipeline/perform.ts';
import { ControlError } from './control.ts';

/**
 * A world as a list of calls, in YAML or JSON:
 *
 *   region: eu-west-1                     # these two may stand at a call as well
 *   account: "000000000000"
 *   calls:
 *     - name: net
 *       call: ec2:CreateVpc
 *       input: { CidrBlock: 10.0.0.0/16 }
 *     - call: ec2:CreateSubnet
 *       input: { VpcId: "${net.Vpc.VpcId}", CidrBlock: 10.0.1.0/24 }
 */
export interface Plan {
  readonly account?: string;
  readonly region?: string;
  readonly calls: readonly PlannedCall[];
}

interface PlannedCall {
  readonly name?: string;
  readonly call: string;
  readonly input?: Structure;
  readonly account?: string;
  readonly region?: string;
}

const MEMBERS = ['name', 'call', 'input', 'account', 'region'];

/** Makes all of a plan's calls as root, or none. Answers what the named ones answered. */
export async function load(machine: Machine, text: string): Promise<{ calls: number; answers: Record<string, Structure> }> {
  const plan = planIn(text, machine);
  await machine.catchUp();
  const answers: Record<string, Structure> = {};
  await machine.transact(async () => {
    for (const [i, { name, call, input = {}, account = plan.account ?? machine.settings.account, region = plan.region ?? machine.settings.region }] of plan.calls.entries()) {
      const [service, operation] = call.split(':') as [string, string];
      try {
        const answer = await perform(machine, { service, operation, input: filled(input, answers) as Structure, account, region });
        if (name !== undefined) answers[name] = answer;
      } catch (error) {
        const { code, message } = error as { code?: string; message: string };
        throw new ControlError(`call ${i + 1} (${call}): ${code === undefined ? message : `${code}: ${message}`}; nothing was loaded`);
      }
    }
  });
  await machine.kept();
  return { calls: plan.calls.length, answers };
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

function planIn(text: string, machine: Machine): Plan {
  let plan: unknown;
  try {
    plan = parse(text);
  } catch (error) {
    throw new ControlError(`that is neither YAML nor JSON: ${(error as Error).message.split('\n')[0]}`);
  }
  if (!isObject(plan) || !Array.isArray(plan.calls)) throw new ControlError('a plan is an object with a list of calls, each with call (ec2:CreateVpc) and input');
  checkPlace(plan, 'the plan', machine);
  for (const [i, call] of plan.calls.entries()) {
    const where = `call ${i + 1}`;
    if (!isObject(call) || typeof call.call !== 'string' || !/^[a-z0-9-]+:[A-Za-z0-9]+$/.test(call.call)) throw new ControlError(`${where}: call must be a service and an operation, such as ec2:CreateVpc`);
    const unknown = Object.keys(call).find((member) => !MEMBERS.includes(member));
    if (unknown !== undefined) throw new ControlError(`${where}: a call has ${MEMBERS.join(', ')}, not ${unknown}`);
    if (call.input !== undefined && !isObject(call.input)) throw new ControlError(`${where}: input must be an object`);
    checkPlace(call, where, machine);
  }
  return plan as unknown as Plan;
}

function checkPlace({ account, region }: Record<string, unknown>, where: string, machine: Machine): void {
  if (account !== undefined && !/^\d{12}$/.test(String(account))) throw new ControlError(`${where}: account must be twelve digits, as text`);
  if (typeof account === 'number') throw new ControlError(`${where}: account must be text: "${account}"`);
  if (region !== undefined && !(typeof region === 'string' && machine.isRegion(region))) throw new ControlError(`${where}: there is no region '${String(region)}'`);
}

const REFERENCE = /\$\{([^}]+)\}/g;

/** `${net.Vpc.VpcId}` is what the call of that name answered; a text that is nothing else keeps the answer's type. */
function filled(value: Json | undefined, answers: Readonly<Record<string, Structure>>): Json | undefined {
  if (typeof value === 'string') {
    const whole = /^\$\{([^}]+)\}$/.exec(value);
    return whole ? answered(whole[1]!, answers) : value.replace(REFERENCE, (_, path: string) => String(answered(path, answers)));
  }
  if (Array.isArray(value)) return value.map((one) => filled(one, answers) as Json);
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, filled(one as Json, answers)])) : value;
}

function answered(path: string, answers: Readonly<Record<string, Structure>>): Json {
  const [name, ...members] = path.split('.') as [string, ...string[]];
  if (!Object.hasOwn(answers, name)) throw new ControlError(`\${${path}}: no call before has the name ${name}`);
  let found: unknown = answers[name];
  for (const member of members) found = typeof found === 'object' && found !== null && Object.hasOwn(found, member) ? (found as Record<string, unknown>)[member] : undefined;
  if (found === undefined || found === null) throw new ControlError(`\${${path}}: the answer of ${name} has no ${members.join('.')}`);
  return found as Json;
}
