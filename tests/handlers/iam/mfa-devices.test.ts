import { createHmac } from 'node:crypto';
import { inflateSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { qrCode } from '../../../handlers/iam/qr-code.ts';
import { verifyTotp } from '../../../handlers/iam/mfa-devices.ts';
import { fogbank, type Fogbank } from '../../support/fogbank.ts';
import { callsAs, iamCalls } from '../../support/iam.ts';

let fb: Fogbank;
const { go, refused } = iamCalls(() => fb.iam);
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** What an authenticator app does, written for the tests alone. */
function code(seed: string, atMs: number): string {
  const bits = [...seed].map((c) => ALPHABET.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g)!.map((b) => parseInt(b, 2)));
  const mac = createHmac('sha1', key).update(Buffer.from(Math.floor(atMs / 30_000).toString(16).padStart(16, '0'), 'hex')).digest();
  return String((mac.readUInt32BE(mac[19]! & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

async function device(name: string): Promise<{ SerialNumber: string; seed: string; png: Buffer }> {
  const { VirtualMFADevice } = await go('CreateVirtualMFADevice', { VirtualMFADeviceName: name });
  return { SerialNumber: VirtualMFADevice.SerialNumber, seed: Buffer.from(VirtualMFADevice.Base32StringSeed).toString(), png: Buffer.from(VirtualMFADevice.QRCodePNG) };
}

const codes = (seed: string, atMs = Date.now()) => ({ AuthenticationCode1: code(seed, atMs - 30_000), AuthenticationCode2: code(seed, atMs) });
const serials = async (input: Record<string, unknown>) => (await go('ListVirtualMFADevices', input)).VirtualMFADevices.map((d: { SerialNumber: string }) => d.SerialNumber);

beforeAll(async () => {
  fb = await fogbank();
  await go('CreateUser', { UserName: 'ada' });
});

it('the test vectors of RFC 6238 verify', () => {
  const seed = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
  for (const [seconds, expected] of [[59, '287082'], [1111111109, '081804'], [1111111111, '050471'], [1234567890, '005924'], [2000000000, '279037']] as const) {
    expect(verifyTotp(seed, expected, seconds * 1000)).toBe(true);
    expect(verifyTotp(seed, expected, seconds * 1000 + 120_000)).toBe(false);
  }
});

it('a virtual device has a seed of its own and a QR code that is a PNG', async () => {
  const { SerialNumber, seed, png } = await device('pictured');
  expect(SerialNumber).toBe('arn:aws:iam::123456789012:mfa/pictured');
  expect(seed).toMatch(/^[A-Z2-7]{64}$/);
  expect(png.subarray(0, 8).toString('hex')).toBe('89504e470d0a1a0a');
  const size = png.readUInt32BE(16);
  const data = png.indexOf('IDAT');
  const rows = inflateSync(png.subarray(data + 4, data + 4 + png.readUInt32BE(data - 4)));
  expect(rows.length).toBe(size * (size + 1));
  const code = qrCode(`otpauth://totp/pictured@123456789012?secret=${seed}`)!;
  // Four pixels a module, four modules of quiet zone.
  const drawn = code.map((row, y) => row.map((_, x) => rows[(y + 4) * 4 * (size + 1) + 1 + (x + 4) * 4] === 0));
  expect(drawn).toEqual(code);
  expect(code.slice(0, 7).map((row) => row.slice(0, 7).map((m) => (m ? '#' : '.')).join(''))).toEqual(['#######', '#.....#', '#.###.#', '#.###.#', '#.###.#', '#.....#', '#######']);
});

it('names are unique under their path', async () => {
  await device('twice');
  expect(await refused('CreateVirtualMFADevice', { VirtualMFADeviceName: 'twice' })).toEqual({ code: 'EntityAlreadyExists', message: 'MFADevice entity at the same path and name already exists.', status: 409 });
  const { VirtualMFADevice } = await go('CreateVirtualMFADevice', { VirtualMFADeviceName: 'twice', Path: '/other/' });
  expect(VirtualMFADevice.SerialNumber).toBe('arn:aws:iam::123456789012:mfa/other/twice');
});

describe('enabling', () => {
  it('takes two consecutive codes of the device and nothing else', async () => {
    const { SerialNumber, seed } = await device('enabled');
    const now = Date.now();
    const wrong = { code: 'InvalidAuthenticationCode', message: 'Authentication code for device is not valid.', status: 403 };
    const { AuthenticationCode1, AuthenticationCode2 } = codes(seed, now);
    expect(await refused('EnableMFADevice', { UserName: 'ada', SerialNumber, AuthenticationCode1: AuthenticationCode2, AuthenticationCode2: AuthenticationCode1 })).toEqual(wrong);
    expect(await refused('EnableMFADevice', { UserName: 'ada', SerialNumber, ...codes(seed, now - 600_000) })).toEqual(wrong);
    expect((await go('ListMFADevices', { UserName: 'ada' })).MFADevices).toEqual([]);
    await go('EnableMFADevice', { UserName: 'ada', SerialNumber, AuthenticationCode1, AuthenticationCode2 });
    expect((await go('ListMFADevices', { UserName: 'ada' })).MFADevices).toMatchObject([{ UserName: 'ada', SerialNumber }]);
    expect((await go('GetMFADevice', { SerialNumber })).UserName).toBe('ada');
    expect((await refused('EnableMFADevice', { UserName: 'ada', SerialNumber, ...codes(seed) })).code).toBe('EntityAlreadyExists');
  });

  it('decides in which lists a virtual device stands', async () => {
    const enabled = 'arn:aws:iam::123456789012:mfa/enabled';
    expect(await serials({ AssignmentStatus: 'Assigned' })).toEqual([enabled]);
    expect(await serials({ AssignmentStatus: 'Unassigned' })).not.toContain(enabled);
    expect((await serials({})).length).toBe((await serials({ AssignmentStatus: 'Unassigned' })).length + 1);
    const { VirtualMFADevices, Marker, IsTruncated } = await go('ListVirtualMFADevices', { MaxItems: 1 });
    expect([VirtualMFADevices.length, IsTruncated]).toEqual([1, true]);
    expect(await serials({ Marker })).toEqual((await serials({})).slice(1));
  });

  it('holds the device and its user until it is undone', async () => {
    const SerialNumber = 'arn:aws:iam::123456789012:mfa/enabled';
    expect(await refused('DeleteVirtualMFADevice', { SerialNumber })).toMatchObject({ code: 'DeleteConflict', message: 'MFA VirtualDevice in use. Must deactivate first.' });
    expect(await refused('DeleteUser', { UserName: 'ada' })).toMatchObject({ code: 'DeleteConflict', message: 'Cannot delete entity, must delete MFA device first.' });
    await go('CreateUser', { UserName: 'other' });
    expect(await refused('DeactivateMFADevice', { UserName: 'other', SerialNumber })).toMatchObject({ code: 'NoSuchEntity', status: 404 });
    await go('DeactivateMFADevice', { UserName: 'ada', SerialNumber });
    expect(await serials({ AssignmentStatus: 'Assigned' })).toEqual([]);
    await go('DeleteVirtualMFADevice', { SerialNumber });
    expect(await refused('DeleteVirtualMFADevice', { SerialNumber })).toEqual({ code: 'NoSuchEntity', message: `VirtualMFADevice with serial number ${SerialNumber} doesn't exist.`, status: 404 });
  });

  it('ends at eight devices of a user', async () => {
    await go('CreateUser', { UserName: 'collector' });
    const enable = (n: number) => ({ UserName: 'collector', SerialNumber: `GAHT0000000${n}`, AuthenticationCode1: '234567', AuthenticationCode2: '987654' });
    for (let n = 0; n < 8; n++) await go('EnableMFADevice', enable(n));
    expect((await refused('EnableMFADevice', enable(8))).code).toBe('LimitExceeded');
    await go('DeactivateMFADevice', { UserName: 'collector', SerialNumber: 'GAHT00000000' });
    await go('EnableMFADevice', enable(8));
  });
});

it('a device whose clock is off by ten minutes works after it is resynchronized', async () => {
  await go('CreateUser', { UserName: 'late' });
  const { SerialNumber, seed } = await device('late');
  await go('EnableMFADevice', { UserName: 'late', SerialNumber, ...codes(seed) });
  await go('ResyncMFADevice', { UserName: 'late', SerialNumber, ...codes(seed, Date.now() - 600_000) });
  expect((await refused('ResyncMFADevice', { UserName: 'late', SerialNumber, AuthenticationCode1: '000000', AuthenticationCode2: '000000' })).code).toBe('InvalidAuthenticationCode');
});

it('a virtual device that nobody made cannot be enabled', async () => {
  const SerialNumber = 'arn:aws:iam::123456789012:mfa/nothing';
  expect((await refused('EnableMFADevice', { UserName: 'ada', SerialNumber, AuthenticationCode1: '234567', AuthenticationCode2: '987654' })).code).toBe('NoSuchEntity');
});

it('without a user name the devices of who calls are listed', async () => {
  await go('CreateUser', { UserName: 'self' });
  await go('EnableMFADevice', { UserName: 'self', SerialNumber: 'GAHT12345678', AuthenticationCode1: '234567', AuthenticationCode2: '987654' });
  const self = await callsAs(fb, 'self');
  expect((await self.go('ListMFADevices')).MFADevices).toMatchObject([{ UserName: 'self', SerialNumber: 'GAHT12345678' }]);
});

it('tags are kept by key, whatever its case, and shown by their own operation only', async () => {
  const { VirtualMFADevice } = await go('CreateVirtualMFADevice', { VirtualMFADeviceName: 'tagged', Tags: [{ Key: 'Team', Value: 'a' }] });
  const { SerialNumber } = VirtualMFADevice;
  await go('TagMFADevice', { SerialNumber, Tags: [{ Key: 'team', Value: 'b' }, { Key: 'Cost', Value: '1' }] });
  expect((await go('ListMFADeviceTags', { SerialNumber })).Tags).toEqual([{ Key: 'team', Value: 'b' }, { Key: 'Cost', Value: '1' }]);
  await go('UntagMFADevice', { SerialNumber, TagKeys: ['Cost'] });
  expect((await go('ListMFADeviceTags', { SerialNumber })).Tags).toEqual([{ Key: 'team', Value: 'b' }]);
  expect((await refused('ListMFADeviceTags', { SerialNumber: 'arn:aws:iam::123456789012:mfa/none' })).code).toBe('NoSuchEntity');
});
