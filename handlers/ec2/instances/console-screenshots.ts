import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Context, Handlers } from '../../../src/kit/index.ts';
import { instanceType } from '../catalog/instance-types.ts';
import * as errors from '../errors.ts';
import { consoleText } from './consoles.ts';
import { instances, type StoredInstance } from './instances.ts';
import { jpegOf, type Picture } from './jpegs.ts';

/** The characters from the space to the tilde, five columns of seven dots each; the lowest bit is the top. */
const FONT = Buffer.from(
  '000000000000005f00000007000700147f147f14242a7f2a12231308646236495522500005030000001c2241000041221c0014083e081408083e08080050300000080808080800606000002010080402' +
  '3e5149453e00427f400042615149462141454b311814127f1027454545393c4a49493001710905033649494936064949291e003636000000563600000814224100141414141400412214080201510906' +
  '324979413e7e1111117e7f494949363e414141227f4141221c7f494949417f090909013e4149497a7f0808087f00417f41002040413f017f081422417f404040407f020c027f7f0408107f3e4141413e' +
  '7f090909063e4151215e7f09192946464949493101017f01013f4040403f1f2040201f3f4038403f631408146307087008076151494543007f4141000204081020' +
  '0041417f0004020102044040404040000102040020545454787f484444383844444420384444487f3854545418087e0901020c5252523e7f0804047800447d40002040443d007f1028440000417f4000' +
  '7c041804787c0804047838444444387c14141408081414187c7c080404084854545420043f4440203c4040207c1c2040201c3c4030403c44281028440c5050503c4464544c44' +
  '000836410000007f000000413608000804081008', 'hex');

const [COLUMNS, LINES] = [80, 25];
const [CELL_WIDTH, CELL_HEIGHT] = [6, 8];
const INK = 190;

/** What a screen of text shows: its last lines, long ones broken. */
function screen(text: string): Picture {
  const lines = text.split(/\r?\n/).flatMap((line) => (line === '' ? [''] : line.match(new RegExp(`.{1,${COLUMNS}}`, 'g'))!)).slice(-LINES);
  const [width, height] = [COLUMNS * CELL_WIDTH, LINES * CELL_HEIGHT];
  const pixels = new Uint8Array(width * height);
  for (const [row, line] of lines.entries()) {
    for (let column = 0; column < line.length; column++) {
      const glyph = (line.charCodeAt(column) - 32) * 5;
      for (let x = 0; x < 5; x++) for (let y = 0; y < 7; y++) if (((FONT[glyph + x] ?? 0) >> y) & 1) pixels[(row * CELL_HEIGHT + y) * width + column * CELL_WIDTH + x] = INK;
    }
  }
  return { width, height, pixels };
}

// assumed: what a Windows Server shows whom nobody has signed in to.
const shownOf = (instance: StoredInstance, ctx: Context): string => (instance.Platform === undefined ? (consoleText(instance, ctx) ?? '') : `${'\n'.repeat(11)}${' '.repeat(24)}Press Ctrl+Alt+Delete to unlock.`);

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/troubleshoot-unreachable-instance.html#instance-console-screenshot */
export const consoleScreenshotOperations = {
  /** Nothing here sleeps: there is nothing that a keystroke would wake. */
  GetConsoleScreenshot: async (input, ctx) => {
    const instance = await ctx.get(instances, input.InstanceId);
    if (instance.State!.Name !== 'running') throw errors.incorrectInstanceState(`The instance '${input.InstanceId}' is not in the 'running' state.`);
    // assumed: the words; the page says which instances have no screenshots.
    if (instanceType(instance.InstanceType!)!.BareMetal || instance.Architecture === 'arm64') throw errors.unsupportedOperation(`Console screenshots are not supported for the instance type ${instance.InstanceType}.`);
    return { InstanceId: input.InstanceId, ImageData: jpegOf(screen(shownOf(instance, ctx))).toString('base64') };
  },
} satisfies Handlers<Ec2Operations>;
