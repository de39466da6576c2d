import { beforeAll, describe, expect, it } from 'vitest';
import { fogbank } from '../../support/fogbank.ts';
import { launches, type Launches } from '../../support/launches.ts';

let ec2: Launches;
const RANGE = { StartWeekDay: 'monday', StartHour: 2, EndWeekDay: 'monday', EndHour: 8 };
const create = async (input: Record<string, unknown> = { TimeRanges: [RANGE] }): Promise<string> => (await ec2.go('CreateInstanceEventWindow', input)).InstanceEventWindow.InstanceEventWindowId;
const one = async (id: string) => (await ec2.go('DescribeInstanceEventWindows', { InstanceEventWindowIds: [id] })).InstanceEventWindows[0];

beforeAll(async () => {
  ec2 = await launches(await fogbank());
});

describe('CreateInstanceEventWindow', () => {
  it.each([{ TimeRanges: [RANGE] }, { TimeRanges: [{ StartWeekDay: 'saturday', StartHour: 22, EndWeekDay: 'sunday', EndHour: 4 }] }, { CronExpression: '* 0-4,20-23 * * 1,5' }, { CronExpression: '* 21-23 * * MON,TUE' }])('takes %j', async (times) => {
    expect(await one(await create(times))).toMatchObject({ State: 'active', ...times });
  });

  it.each([
    [{}, 'MissingParameter'], [{ TimeRanges: [RANGE], CronExpression: '* 0-4 * * 1' }, 'InvalidParameterCombination'], [{ TimeRanges: [{ ...RANGE, EndHour: 3 }] }, 'InvalidParameterValue'],
    [{ TimeRanges: [{ ...RANGE, EndHour: 5 }] }, 'InvalidParameterValue'], [{ TimeRanges: [{ ...RANGE, EndHour: 24 }] }, 'InvalidParameterValue'], [{ CronExpression: '5 0-4 * * 1' }, 'InvalidParameterValue'],
    [{ CronExpression: '* 0-1 * * 1' }, 'InvalidParameterValue'], [{ CronExpression: '* 0-2 * * 1' }, 'InvalidParameterValue'], [{ CronExpression: '* 0-4 * * 8' }, 'InvalidParameterValue'], [{ CronExpression: '* 0-4' }, 'InvalidParameterValue'],
  ])('refuses %j', async (times, code) => {
    expect((await ec2.refused('CreateInstanceEventWindow', times)).code).toBe(code);
  });
});

it('ModifyInstanceEventWindow: puts one kind of time in the place of the other', async () => {
  const id = await create();
  const { InstanceEventWindow } = await ec2.go('ModifyInstanceEventWindow', { InstanceEventWindowId: id, Name: 'nights', CronExpression: '* 0-4 * * *' });
  expect(InstanceEventWindow).toMatchObject({ Name: 'nights', CronExpression: '* 0-4 * * *' });
  expect(await one(id)).not.toHaveProperty('TimeRanges.0');
});

describe('targets', () => {
  it('are of one type, in one window, and go with their instances', async () => {
    const { InstanceId } = await ec2.run();
    const id = await create();
    const target = { InstanceEventWindowId: id, AssociationTarget: { InstanceIds: [InstanceId] } };
    expect((await ec2.go('AssociateInstanceEventWindow', target)).InstanceEventWindow.AssociationTarget).toMatchObject({ InstanceIds: [InstanceId] });
    expect((await ec2.refused('AssociateInstanceEventWindow', { ...target, AssociationTarget: { InstanceTags: [{ Key: 'a', Value: 'b' }] } })).code).toBe('InvalidParameterCombination');
    expect((await ec2.refused('AssociateInstanceEventWindow', { ...target, InstanceEventWindowId: await create() })).code).toBe('Resource.AlreadyAssociated');
    expect((await ec2.refused('AssociateInstanceEventWindow', { ...target, AssociationTarget: { InstanceIds: ['i-00000000000000000'] } })).code).toBe('InvalidInstanceID.NotFound');
    expect((await ec2.refused('AssociateInstanceEventWindow', { ...target, AssociationTarget: {} })).code).toBe('MissingParameter');
    expect((await ec2.go('DescribeInstanceEventWindows', { Filters: [{ Name: 'instance-id', Values: [InstanceId] }] })).InstanceEventWindows.map((w: { InstanceEventWindowId: string }) => w.InstanceEventWindowId)).toEqual([id]);
    expect((await ec2.refused('DeleteInstanceEventWindow', { InstanceEventWindowId: id })).code).toBe('DependencyViolation');
    await ec2.go('DisassociateInstanceEventWindow', target);
    expect((await ec2.refused('DisassociateInstanceEventWindow', target)).code).toBe('InvalidParameterValue');
    expect(await one(id)).not.toHaveProperty('AssociationTarget');
    expect((await ec2.go('DeleteInstanceEventWindow', { InstanceEventWindowId: id })).InstanceEventWindowState).toEqual({ InstanceEventWindowId: id, State: 'deleting' });
    expect((await ec2.refused('DescribeInstanceEventWindows', { InstanceEventWindowIds: [id] })).code).toBe('InvalidInstanceEventWindowId.NotFound');
  });

  it('may be tags; a forced deletion takes them along', async () => {
    const id = await create();
    const Tags = [{ Key: 'Team', Value: 'a' }, { Key: 'Team', Value: 'b' }];
    await ec2.go('AssociateInstanceEventWindow', { InstanceEventWindowId: id, AssociationTarget: { InstanceTags: Tags } });
    await ec2.go('DisassociateInstanceEventWindow', { InstanceEventWindowId: id, AssociationTarget: { InstanceTags: [Tags[0]] } });
    expect((await one(id)).AssociationTarget.Tags).toEqual([Tags[1]]);
    expect((await ec2.refused('AssociateInstanceEventWindow', { InstanceEventWindowId: await create(), AssociationTarget: { DedicatedHostIds: ['h-00000000000000000'] } })).code).toBe('InvalidHostID.NotFound');
    await ec2.go('DeleteInstanceEventWindow', { InstanceEventWindowId: id, ForceDelete: true });
  });
});

it('instance event notification attributes are registered, shown and deregistered', async () => {
  const wish = (InstanceTagAttribute: Record<string, unknown>) => ({ InstanceTagAttribute });
  expect((await ec2.go('DescribeInstanceEventNotificationAttributes')).InstanceTagAttribute).toMatchObject({ IncludeAllTagsOfInstance: false });
  await ec2.go('RegisterInstanceEventNotificationAttributes', wish({ InstanceTagKeys: ['Team', 'Tier'] }));
  await ec2.go('RegisterInstanceEventNotificationAttributes', wish({ InstanceTagKeys: ['Tier', 'Cost'] }));
  expect((await ec2.go('DeregisterInstanceEventNotificationAttributes', wish({ InstanceTagKeys: ['Team'] }))).InstanceTagAttribute).toMatchObject({ InstanceTagKeys: ['Tier', 'Cost'] });
  await ec2.go('RegisterInstanceEventNotificationAttributes', wish({ IncludeAllTagsOfInstance: true }));
  expect((await ec2.go('DescribeInstanceEventNotificationAttributes')).InstanceTagAttribute).toEqual({ IncludeAllTagsOfInstance: true, InstanceTagKeys: ['Tier', 'Cost'] });
  expect((await ec2.refused('RegisterInstanceEventNotificationAttributes', wish({}))).code).toBe('MissingParameter');
  expect((await ec2.refused('RegisterInstanceEventNotificationAttributes', wish({ IncludeAllTagsOfInstance: true, InstanceTagKeys: ['x'] }))).code).toBe('InvalidParameterCombination');
});
