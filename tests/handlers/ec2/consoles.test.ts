import { constants, createPublicKey, generateKeyPairSync, privateDecrypt } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { fogbank, type Fogbank } from '../../support/fogbank.ts';
import { imageNamed, launches, type Launches } from '../../support/launches.ts';

let fb: Fogbank;
let ec2: Launches;
let windows: string;
const text = async (InstanceId: string, Latest?: boolean): Promise<string | undefined> => {
  const { Output } = await ec2.go('GetConsoleOutput', { InstanceId, Latest });
  return Output === undefined ? undefined : Buffer.from(Output, 'base64').toString();
};

beforeAll(async () => {
  fb = await fogbank({ pace: 'realistic' });
  fb.machine.clock.hold();
  ec2 = await launches(fb);
  windows = await imageNamed(fb, 'Windows_Server-2022-English-Full-Base-*');
});

it.each(['GetConsoleOutput', 'GetPasswordData'])('%s: is of a whole second', async (operation) => {
  const { InstanceId } = await ec2.run({ InstanceType: 'm5.large' });
  fb.machine.clock.advance(123);
  for (const later of [0, 600_001]) {
    fb.machine.clock.advance(later);
    expect((await ec2.go(operation, { InstanceId })).Timestamp.getMilliseconds()).toBe(0);
  }
});

describe('GetConsoleOutput', () => {
  it('is empty before an instance runs, grows with its start, and ends with its end', async () => {
    const { InstanceId } = await ec2.run({ InstanceType: 'm5.large' });
    expect(await text(InstanceId, true)).toBeUndefined();
    fb.machine.clock.advance(10_000);
    await ec2.one(InstanceId);
    fb.machine.clock.advance(3_000);
    const early = (await text(InstanceId, true))!;
    expect(early).toContain('Linux version');
    expect(early).not.toContain('login:');
    expect(await text(InstanceId)).toBeUndefined();
    fb.machine.clock.advance(57_000);
    const whole = (await text(InstanceId))!;
    expect(whole).toContain('Amazon EC2 m5.large/');
    expect(whole.trimEnd()).toMatch(/ip-172-31-\d+-\d+ login:$/);
    await ec2.go('StopInstances', { InstanceIds: [InstanceId] });
    expect((await text(InstanceId))!.trimEnd()).toMatch(/reboot: Power down$/);
  });

  it('refuses the latest output of what is no Nitro instance', async () => {
    const { InstanceId } = await ec2.run({ InstanceType: 't2.micro' });
    expect((await ec2.refused('GetConsoleOutput', { InstanceId, Latest: true })).code).toBe('UnsupportedOperation');
    expect((await ec2.refused('GetConsoleOutput', { InstanceId: 'i-00000000000000000' })).code).toBe('InvalidInstanceID.NotFound');
  });
});

describe('GetPasswordData', () => {
  it('is there some minutes after a Windows instance runs, for the holder of its key', async () => {
    const { KeyMaterial } = await ec2.go('CreateKeyPair', { KeyName: 'admin' });
    const { InstanceId } = await ec2.run({ ImageId: windows, KeyName: 'admin' });
    fb.machine.clock.advance(10_000);
    expect((await ec2.go('GetPasswordData', { InstanceId })).PasswordData).toBe('');
    await ec2.go('DeleteKeyPair', { KeyName: 'admin' });
    fb.machine.clock.advance(240_000);
    const { PasswordData } = await ec2.go('GetPasswordData', { InstanceId });
    const block = privateDecrypt({ key: KeyMaterial, padding: constants.RSA_NO_PADDING }, Buffer.from(PasswordData, 'base64'));
    expect([block[0], block[1]]).toEqual([0, 2]);
    expect(block.subarray(block.indexOf(0, 2) + 1).toString()).toMatch(/^\S{32}$/);
    expect((await ec2.go('GetPasswordData', { InstanceId })).PasswordData).toBe(PasswordData);
  });

  it('is empty for Linux', async () => {
    const { InstanceId } = await ec2.run();
    fb.machine.clock.advance(600_000);
    expect((await ec2.go('GetPasswordData', { InstanceId })).PasswordData).toBe('');
  });

  it('needs a key that Windows can use', async () => {
    await ec2.go('CreateKeyPair', { KeyName: 'curved', KeyType: 'ed25519' });
    expect(await ec2.refused('RunInstances', { ImageId: windows, InstanceType: 't3.micro', KeyName: 'curved', MinCount: 1, MaxCount: 1 })).toMatchObject({ code: 'InvalidParameterCombination', message: 'ED25519 key pairs are not supported with Windows AMIs.' });
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    await ec2.go('ImportKeyPair', { KeyName: 'imported', PublicKeyMaterial: Buffer.from(publicKey.export({ type: 'spki', format: 'der' }).toString('base64')) });
    expect((await ec2.run({ ImageId: windows, KeyName: 'imported' })).KeyName).toBe('imported');
  });
});

it('serial console access is an account\'s choice in a Region', async () => {
  expect((await ec2.go('GetSerialConsoleAccessStatus')).SerialConsoleAccessEnabled).toBe(false);
  expect((await ec2.go('EnableSerialConsoleAccess')).SerialConsoleAccessEnabled).toBe(true);
  expect((await ec2.go('GetSerialConsoleAccessStatus')).SerialConsoleAccessEnabled).toBe(true);
  expect((await ec2.go('DisableSerialConsoleAccess')).SerialConsoleAccessEnabled).toBe(false);
});

it('SendDiagnosticInterrupt: is for running Nitro instances', async () => {
  const { InstanceId } = await ec2.run();
  expect((await ec2.refused('SendDiagnosticInterrupt', { InstanceId })).code).toBe('IncorrectInstanceState');
  fb.machine.clock.advance(10_000);
  await ec2.go('SendDiagnosticInterrupt', { InstanceId });
  const old = await ec2.run({ InstanceType: 't2.micro' });
  fb.machine.clock.advance(10_000);
  expect((await ec2.refused('SendDiagnosticInterrupt', { InstanceId: old.InstanceId })).code).toBe('UnsupportedOperation');
});

describe('DescribeInstanceStatus', () => {
  it('initializes for some minutes, and is not applicable to what does not run', async () => {
    const { InstanceId } = await ec2.run({ Placement: { AvailabilityZone: 'us-east-1b' } });
    const status = async (extra: Record<string, unknown> = {}) => (await ec2.go('DescribeInstanceStatus', { InstanceIds: [InstanceId], ...extra })).InstanceStatuses[0];
    expect(await status()).toBeUndefined();
    expect(await status({ IncludeAllInstances: true })).toMatchObject({ InstanceState: { Name: 'pending' }, InstanceStatus: { Status: 'not-applicable' } });
    fb.machine.clock.advance(10_000);
    expect(await status()).toMatchObject({ InstanceStatus: { Status: 'initializing', Details: [{ Name: 'reachability', Status: 'initializing' }] }, SystemStatus: { Status: 'initializing' }, AttachedEbsStatus: { Status: 'initializing' } });
    fb.machine.clock.advance(120_000);
    expect(await status()).toMatchObject({ InstanceStatus: { Status: 'ok', Details: [{ Status: 'passed' }] }, SystemStatus: { Status: 'ok' }, AttachedEbsStatus: { Status: 'ok' }, AvailabilityZone: 'us-east-1b' });
    for (const [Name, value] of [['instance-status.status', 'ok'], ['system-status.reachability', 'passed'], ['attached-ebs-status.status', 'ok'], ['availability-zone', 'us-east-1b'], ['instance-state-code', '16']] as const) {
      expect(await status({ Filters: [{ Name, Values: [value] }] }), Name).toBeDefined();
      expect(await status({ Filters: [{ Name, Values: ['other'] }] }), Name).toBeUndefined();
    }
    expect((await ec2.refused('DescribeInstanceStatus', { InstanceIds: [InstanceId], MaxResults: 5 })).code).toBe('InvalidParameterCombination');
    expect((await ec2.refused('DescribeInstanceStatus', { Filters: [{ Name: 'mood', Values: ['x'] }] })).message).toBe("The filter 'mood' is invalid");
  });

  it('ReportInstanceStatus: is for running instances, and changes nothing that is described', async () => {
    const { InstanceId } = await ec2.run();
    const report = { Instances: [InstanceId], Status: 'impaired', ReasonCodes: ['unresponsive'] };
    expect((await ec2.refused('ReportInstanceStatus', report)).code).toBe('IncorrectInstanceState');
    fb.machine.clock.advance(200_000);
    await ec2.go('ReportInstanceStatus', report);
    expect((await ec2.go('DescribeInstanceStatus', { InstanceIds: [InstanceId] })).InstanceStatuses[0].InstanceStatus.Status).toBe('ok');
  });
});

describe('firmware', () => {
  let made = 0;
  const registered = async (extra: Record<string, unknown>): Promise<string> => {
    const { VolumeId } = await ec2.go('CreateVolume', { AvailabilityZone: 'us-east-1a', Size: 8 });
    fb.machine.clock.advance(10_000);
    const { SnapshotId } = await ec2.go('CreateSnapshot', { VolumeId });
    fb.machine.clock.advance(600_000);
    const { ImageId } = await ec2.go('RegisterImage', { Name: `uefi-${++made}`, Architecture: 'x86_64', VirtualizationType: 'hvm', EnaSupport: true, BootMode: 'uefi', RootDeviceName: '/dev/xvda', BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { SnapshotId } }], ...extra });
    fb.machine.clock.advance(600_000);
    return ImageId;
  };

  it('GetInstanceTpmEkPub: gives keys of both types, the same each time, to instances with a TPM', async () => {
    const tpm = await ec2.run({ ImageId: await registered({ TpmSupport: 'v2.0' }) });
    expect((await ec2.one(tpm.InstanceId)).TpmSupport).toBe('v2.0');
    const key = async (KeyType: string, KeyFormat: string) => (await ec2.go('GetInstanceTpmEkPub', { InstanceId: tpm.InstanceId, KeyType, KeyFormat })).KeyValue as string;
    const rsa = await key('rsa-2048', 'der');
    const read = (der: string) => createPublicKey({ key: Buffer.from(der, 'base64'), format: 'der', type: 'spki' });
    expect(read(rsa).asymmetricKeyDetails).toMatchObject({ modulusLength: 2048 });
    expect(await key('rsa-2048', 'der')).toBe(rsa);
    expect(read(await key('ecc-sec-p384', 'der')).asymmetricKeyDetails).toMatchObject({ namedCurve: 'secp384r1' });
    const tpmt = Buffer.from(await key('rsa-2048', 'tpmt'), 'base64');
    expect(tpmt.subarray(-256).equals(Buffer.from(read(rsa).export({ format: 'jwk' }).n!, 'base64url'))).toBe(true);
    expect(Buffer.from(await key('ecc-sec-p384', 'tpmt'), 'base64').readUInt16BE(0)).toBe(0x23);
    const plain = await ec2.run({ InstanceType: 't2.micro' });
    expect((await ec2.refused('GetInstanceTpmEkPub', { InstanceId: plain.InstanceId, KeyType: 'rsa-2048', KeyFormat: 'der' })).code).toBe('UnsupportedOperation');
  });

  it('GetInstanceUefiData: is that of the image, for instances that boot with UEFI', async () => {
    const bios = await ec2.run({ InstanceType: 't2.micro' });
    expect((await ec2.refused('GetInstanceUefiData', { InstanceId: bios.InstanceId })).code).toBe('UnsupportedOperation');
    const UefiData = Buffer.from('variables').toString('base64');
    const ImageId = await registered({ UefiData });
    const { InstanceId } = await ec2.run({ ImageId });
    expect((await ec2.go('GetInstanceUefiData', { InstanceId })).UefiData).toBe(UefiData);
  });
});
