import { AwsError } from '../../protocols/types.ts';
import { rootOf } from '../identity/principals.ts';
import { Context } from '../kit/context.ts';
import type { Machine } from '../machine.ts';
import { ControlError, duration, type Control, type Given } from './control.ts';

/** Lets something come about in an account and a Region, for whichever service it is about. */
const happens = (name: string) => async (machine: Machine, { account = machine.settings.account, region = machine.settings.region, ...given }: Given): Promise<object> => {
  if (!/^\d{12}$/.test(account as string)) throw new ControlError(`${name}: '${String(account)}' is no account id of twelve digits`);
  if (!machine.isRegion(region as string)) throw new ControlError(`${name}: there is no region '${String(region)}'`);
  const service = [...machine.world.registry.services].find((s) => s.happenings?.[name]);
  if (!service) throw new ControlError(`${name}: there is no service that it is about`);
  await machine.catchUp();
  try {
    const answer = await machine.transact(async () => {
      const ctx = new Context(machine.world, account as string, region as string, rootOf(account as string, ''), '', Math.floor(machine.clock.peek()));
      await machine.provision(service.name, ctx);
      return service.happenings![name]!(given, ctx);
    });
    await machine.kept();
    return answer;
  } catch (error) {
    if (error instanceof AwsError) throw new ControlError(`${name}: ${error.message}`);
    throw error;
  }
};

const PLACE = {
  account: { type: 'string', help: 'twelve digits; the default account, when it is left out', optional: true },
  region: { type: 'string', help: 'us-east-1; the default region, when it is left out', optional: true },
} as const;

/** What no call of AWS brings about: it comes from outside. */
export const happeningControls: readonly Control[] = [
  {
    name: 'outpost install', method: 'POST', path: '/_fogbank/outposts', summary: 'deliver an Outpost to an account: its local gateway with route table, virtual interfaces and link aggregation groups comes with it',
    parameters: {
      zone: { type: 'string', help: 'the Availability Zone that it belongs to: us-east-1a' }, ...PLACE,
      mode: { type: 'string', help: 'how its route table routes; direct-vpc-routing, when it is left out', choices: ['direct-vpc-routing', 'coip'], optional: true },
    },
    run: happens('outpost install'), text: (a) => `${a.outpost}: ${a.localGateway}`,
  },
  {
    name: 'instance schedule', method: 'POST', path: '/_fogbank/instance-events', summary: 'schedule an event for an instance, as AWS does where its host is to be rebooted, mended or retired',
    parameters: {
      instance: { type: 'string', help: 'its id' },
      code: { type: 'string', help: 'what is to happen', choices: ['instance-reboot', 'system-reboot', 'system-maintenance', 'instance-retirement', 'instance-stop'] }, ...PLACE,
      in: { type: 'string', help: 'how long from now: 2d, 90m; two weeks, when it is left out', optional: true },
      deferrable: { type: 'string', help: 'for how long it may be put off: 1w; what ends an instance may not, all else for a week, when it is left out', optional: true },
    },
    run: (machine, { in: after = '2w', deferrable, ...given }) =>
      happens('instance schedule')(machine, { ...given, inMs: duration(after as string), ...(deferrable === undefined ? {} : { deferrableMs: duration(deferrable as string) }) }),
    text: (a) => `${a.event}: ${a.notBefore}`,
  },
  {
    name: 'retention rule put', method: 'POST', path: '/_fogbank/retention-rules', summary: 'let the Recycle Bin keep what is deleted, as its CreateRule does',
    parameters: {
      type: { type: 'string', help: 'what it keeps', choices: ['EBS_SNAPSHOT', 'EC2_IMAGE', 'EBS_VOLUME'] }, days: { type: 'number', help: 'for how long: up to 365, volumes up to 7' }, ...PLACE,
      tags: { type: 'object', help: 'only what has one of them: {"Tier": "gold"}', optional: true }, exclude: { type: 'object', help: 'everything but what has one of them', optional: true },
    },
    run: happens('retention rule put'), text: (a) => a.rule,
  },
  {
    name: 'retention rule delete', method: 'DELETE', path: '/_fogbank/retention-rules/:rule', summary: 'delete a retention rule; what is in the Recycle Bin stays there for its time',
    parameters: { rule: { type: 'string', help: 'its id' }, ...PLACE },
    run: happens('retention rule delete'), text: (a) => `${a.rule} is deleted`,
  },
];
