import { beforeAll, expect, it } from 'vitest';
import { image } from '../../laws/samples/sample.ts';
import { fogbank, type Fogbank } from '../../support/fogbank.ts';
import { as, type Caller } from '../../support/others.ts';

let fb: Fogbank;
let ec2: Caller;
const HOUR = 3_600_000;
const pass = (milliseconds: number) => fb.machine.clock.advance(milliseconds);
const at = (milliseconds: number) => new Date(Math.floor((fb.machine.clock.peek() + milliseconds) / 1000) * 1000);

beforeAll(async () => {
  fb = await fogbank({ pace: 'realistic' });
  fb.machine.clock.hold();
  ec2 = as(fb);
});

async function running(): Promise<string> {
  const { Instances } = await ec2.go('RunInstances', { ImageId: await image(fb), InstanceType: 'm5.large', MinCount: 1, MaxCount: 1 });
  pass(20_000);
  return Instances[0].InstanceId as string;
}

async function schedule(given: Record<string, string>): Promise<{ event: string; error?: string }> {
  const response = await fetch(`${fb.endpoint}/_fogbank/instance-events`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(given) });
  return (await response.json()) as { event: string; error?: string };
}

const events = async (instance: string, ...Filters: object[]) => (await ec2.go('DescribeInstanceStatus', { InstanceIds: [instance], IncludeAllInstances: true, Filters })).InstanceStatuses[0]?.Events;

it('an event is shown by the status of its instance, can be put off until its deadline, and is completed in its time', async () => {
  const instance = await running();
  expect(await events(instance)).toEqual([]);
  const { event } = await schedule({ instance, code: 'system-reboot', in: '2d', deferrable: '3d' });
  const [first] = await events(instance);
  expect(first).toMatchObject({ InstanceEventId: event, Code: 'system-reboot', Description: 'The instance is scheduled for a reboot' });
  expect(first.NotBeforeDeadline - first.NotBefore).toBe(72 * HOUR);
  expect(await events(instance, { Name: 'event.code', Values: ['system-reboot'] })).toHaveLength(1);
  expect(await events(instance, { Name: 'event.code', Values: ['instance-stop'] })).toBeUndefined();
  const move = (NotBefore: Date, over: object = {}) => ({ InstanceId: instance, InstanceEventId: event, NotBefore, ...over });
  expect(await ec2.refused('ModifyInstanceEventStartTime', move(at(30 * 60_000)))).toMatchObject({ code: 'InvalidInstanceEventStartTime', message: 'The new start time must be at least 60 minutes from the current time.' });
  expect((await ec2.refused('ModifyInstanceEventStartTime', move(at(200 * HOUR)))).code).toBe('InvalidInstanceEventStartTime');
  expect((await ec2.refused('ModifyInstanceEventStartTime', move(at(3 * HOUR), { InstanceEventId: 'instance-event-00000000000000000' }))).code).toBe('InvalidInstanceEventIDNotFound');
  expect((await ec2.refused('ModifyInstanceEventStartTime', move(at(3 * HOUR), { InstanceId: await running() }))).code).toBe('InvalidInstanceEventIDNotFound');
  const later = at(96 * HOUR);
  expect((await ec2.go('ModifyInstanceEventStartTime', move(later))).Event).toMatchObject({ InstanceEventId: event, NotBefore: later, NotAfter: new Date(later.getTime() + 2 * HOUR) });
  pass(95 * HOUR);
  expect((await events(instance))[0].Description).toBe('The instance is scheduled for a reboot');
  pass(HOUR);
  expect((await events(instance))[0].Description).toBe('[Completed] The instance is scheduled for a reboot');
  expect((await ec2.refused('ModifyInstanceEventStartTime', move(at(3 * HOUR)))).message).toContain('has started');
  pass(7 * 24 * HOUR);
  expect(await events(instance)).toEqual([]);
});

it('a retirement stops its instance, and has no deadline', async () => {
  const instance = await running();
  const { event } = await schedule({ instance, code: 'instance-retirement', in: '3h' });
  expect((await ec2.refused('ModifyInstanceEventStartTime', { InstanceId: instance, InstanceEventId: event, NotBefore: at(2 * HOUR) })).message).toContain('has no deadline');
  pass(4 * HOUR);
  const { Reservations: [{ Instances: [stopped] }] } = await ec2.go('DescribeInstances', { InstanceIds: [instance] });
  expect(stopped).toMatchObject({ State: { Name: 'stopped' }, StateReason: { Code: 'Server.ScheduledStop' } });
  expect((await events(instance))[0].Description).toBe('[Completed] The instance is running on degraded hardware');
});

it('who is stopped and started before is on another host and stays', async () => {
  const instance = await running();
  await schedule({ instance, code: 'instance-stop', in: '1d' });
  await ec2.go('StopInstances', { InstanceIds: [instance] });
  pass(HOUR);
  await ec2.go('StartInstances', { InstanceIds: [instance] });
  pass(HOUR);
  expect((await events(instance))[0].Description).toBe('[Canceled] The instance is scheduled to be stopped');
  pass(24 * HOUR);
  expect((await ec2.go('DescribeInstanceStatus', { InstanceIds: [instance] })).InstanceStatuses).toMatchObject([{ InstanceState: { Name: 'running' }, Events: [{ Description: '[Canceled] The instance is scheduled to be stopped' }] }]);
});

it('is scheduled for instances that there are', async () => {
  const instance = await running();
  expect((await schedule({ instance: 'i-00000000000000000', code: 'instance-stop' })).error).toBe("instance schedule: The instance ID 'i-00000000000000000' does not exist");
  expect((await schedule({ instance, code: 'party' })).error).toContain("code 'party' is none of");
  await ec2.go('TerminateInstances', { InstanceIds: [instance] });
  expect((await schedule({ instance, code: 'instance-stop' })).error).toContain("is in the 'shutting-down' state");
});
