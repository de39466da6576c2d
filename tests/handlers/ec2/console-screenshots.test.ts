import { beforeAll, expect, it } from 'vitest';
import { jpegOf } from '../../../handlers/ec2/instances/jpegs.ts';
import { fogbank, type Fogbank } from '../../support/fogbank.ts';
import { imageNamed, launches, type Launches } from '../../support/launches.ts';

let fb: Fogbank;
let ec2: Launches;
const shot = async (InstanceId: string): Promise<Buffer> => Buffer.from((await ec2.go('GetConsoleScreenshot', { InstanceId })).ImageData, 'base64');
/** Width and height, as the frame header says. */
const sizeOf = (jpeg: Buffer): [number, number] => {
  const at = jpeg.indexOf(Buffer.from([0xff, 0xc0]));
  return [jpeg.readUInt16BE(at + 7), jpeg.readUInt16BE(at + 5)];
};

beforeAll(async () => {
  fb = await fogbank({ pace: 'realistic' });
  fb.machine.clock.hold();
  ec2 = await launches(fb);
});

it('GetConsoleScreenshot: is a picture of the console of a running instance', async () => {
  const { InstanceId } = await ec2.run({ InstanceType: 'm5.large' });
  expect(await ec2.refused('GetConsoleScreenshot', { InstanceId })).toMatchObject({ code: 'IncorrectInstanceState', message: `The instance '${InstanceId}' is not in the 'running' state.` });
  fb.machine.clock.advance(12_000);
  await ec2.one(InstanceId);
  const early = await shot(InstanceId);
  expect([...early.subarray(0, 2), ...early.subarray(-2)]).toEqual([0xff, 0xd8, 0xff, 0xd9]);
  expect(sizeOf(early)).toEqual([480, 200]);
  fb.machine.clock.advance(60_000);
  const late = await shot(InstanceId);
  expect(late.length).toBeGreaterThan(early.length);
  expect((await shot(InstanceId)).equals(late)).toBe(true);
  await ec2.go('StopInstances', { InstanceIds: [InstanceId] });
  expect((await ec2.refused('GetConsoleScreenshot', { InstanceId, WakeUp: true })).code).toBe('IncorrectInstanceState');
  expect((await ec2.refused('GetConsoleScreenshot', { InstanceId: 'i-00000000000000000' })).code).toBe('InvalidInstanceID.NotFound');
});

it('GetConsoleScreenshot: shows who signs in to a Windows Server', async () => {
  const { InstanceId } = await ec2.run({ ImageId: await imageNamed(fb, 'Windows_Server-2022-English-Full-Base-*') });
  fb.machine.clock.advance(300_000);
  const picture = await shot(InstanceId);
  expect(sizeOf(picture)).toEqual([480, 200]);
});

it('GetConsoleScreenshot: refuses what has no display', async () => {
  const arm = await ec2.run({ InstanceType: 't4g.micro', ImageId: await imageNamed(fb, 'al2023-ami-2023*-arm64') });
  const metal = await ec2.run({ InstanceType: 'm5.metal' });
  fb.machine.clock.advance(600_000);
  for (const [{ InstanceId }, type] of [[arm, 't4g.micro'], [metal, 'm5.metal']] as const) {
    expect(await ec2.refused('GetConsoleScreenshot', { InstanceId })).toMatchObject({ code: 'UnsupportedOperation', message: `Console screenshots are not supported for the instance type ${type}.` });
  }
});

it('a JPEG of one grey is that grey', () => {
  const block = (grey: number): Buffer => jpegOf({ width: 8, height: 8, pixels: new Uint8Array(64).fill(grey) });
  const scan = (jpeg: Buffer): number[] => [...jpeg.subarray(jpeg.indexOf(Buffer.from([0xff, 0xda])) + 10, -2)];
  // Grey 128 is no change at all (0000) and the end of the block (00000000); ones fill the last byte.
  expect(scan(block(128))).toEqual([0b00000000, 0b00001111]);
  // (129.5 - 128) * 8 / 12 is a step of one: a size of one (0001), its bit (1), the end.
  expect(scan(block(130))).toEqual([0b00011000, 0b00000111]);
});
