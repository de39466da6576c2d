import { beforeAll, expect, it } from 'vitest';
import { launchMac } from '../../laws/samples/instances.ts';
import { image } from '../../laws/samples/sample.ts';
import { fogbank, type Fogbank } from '../../support/fogbank.ts';
import { as, type Caller } from '../../support/others.ts';

let fb: Fogbank;
let ec2: Caller;
const pass = (seconds: number) => fb.machine.clock.advance(seconds * 1000);
const SIP = 'CreateMacSystemIntegrityProtectionModificationTask';
const DELEGATE = 'CreateDelegateMacVolumeOwnershipTask';
const MacCredentials = JSON.stringify({ rootVolumeUsername: 'ec2-user', rootVolumepassword: 'secret', internalDiskPassword: '' });

beforeAll(async () => {
  // Macs of two kinds are launched of snapshots that are ready at once; the tasks take their time.
  fb = await fogbank();
  ec2 = as(fb);
});

const realistic = async (): Promise<void> => {
  fb.machine.clock.hold();
  await fetch(`${fb.endpoint}/_fogbank/pace`, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ pace: 'realistic' }) });
};
const task = async (id: string) => (await ec2.go('DescribeMacModificationTasks', { MacModificationTaskIds: [id] })).MacModificationTasks[0];

it('settings are changed on Macs alone, one task at a time, with credentials where Apple made the processor', async () => {
  const intel = await launchMac(fb);
  const silicon = await launchMac(fb, 'mac2.metal', 'arm64_mac');
  const { Instances: [{ InstanceId: other }] } = await ec2.go('RunInstances', { ImageId: await image(fb), InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 });
  await ec2.go('DescribeInstances');
  await realistic();
  expect(await ec2.refused(SIP, { InstanceId: other, MacSystemIntegrityProtectionStatus: 'disabled' })).toMatchObject({ code: 'UnsupportedOperation' });
  const { MacModificationTask: made } = await ec2.go(SIP, { InstanceId: intel, MacSystemIntegrityProtectionStatus: 'enabled', MacSystemIntegrityProtectionConfiguration: { NvramProtections: 'disabled' } });
  expect(made).toMatchObject({ InstanceId: intel, TaskState: 'pending', TaskType: 'sip-modification', MacSystemIntegrityProtectionConfig: { Status: 'enabled', NvramProtections: 'disabled', KextSigning: 'enabled' } });
  expect(await ec2.refused(SIP, { InstanceId: intel, MacSystemIntegrityProtectionStatus: 'disabled' })).toMatchObject({ code: 'IncorrectInstanceState', message: `The instance '${intel}' is being modified by the task ${made.MacModificationTaskId}.` });
  expect((await ec2.refused(SIP, { InstanceId: silicon, MacSystemIntegrityProtectionStatus: 'disabled' })).code).toBe('MissingParameter');
  for (const wrong of ['secret', '{}', 'null', '{"rootVolumeUsername":"ec2-user"}']) expect((await ec2.refused(SIP, { InstanceId: silicon, MacSystemIntegrityProtectionStatus: 'disabled', MacCredentials: wrong })).code).toBe('InvalidParameterValue');
  expect((await ec2.refused(DELEGATE, { InstanceId: intel, MacCredentials })).code).toBe('IncorrectInstanceState');
  const { MacModificationTask: delegation } = await ec2.go(DELEGATE, { InstanceId: silicon, MacCredentials });
  expect(delegation).toMatchObject({ TaskType: 'volume-ownership-delegation', TaskState: 'pending' });
  pass(30);
  expect(await task(made.MacModificationTaskId)).toMatchObject({ TaskState: 'in-progress' });
  await ec2.go('StopInstances', { InstanceIds: [silicon] });
  pass(3600);
  expect(await task(made.MacModificationTaskId)).toMatchObject({ TaskState: 'successful' });
  expect(await task(delegation.MacModificationTaskId)).toMatchObject({ TaskState: 'failed' });
  expect((await ec2.go('DescribeMacModificationTasks', { Filters: [{ Name: 'mac-system-integrity-protection-configuration.sip-status', Values: ['enabled'] }, { Name: 'task-state', Values: ['successful'] }] })).MacModificationTasks).toHaveLength(1);
  expect((await ec2.refused(DELEGATE, { InstanceId: intel, MacCredentials })).code).toBe('UnsupportedOperation');
});
