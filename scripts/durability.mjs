// Writes, kills the process with -9 at random moments, starts it again, and looks whether everything acknowledged is there.
//   node scripts/durability.mjs [--writes 10000] [--kills 20] [--seed 1]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CreateVolumeCommand, DescribeVolumesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { freePort, startFogbank } from './fogbank-process.mjs';

const { values } = parseArgs({ options: { writes: { type: 'string', default: '10000' }, kills: { type: 'string', default: '20' }, seed: { type: 'string', default: '1' } } });
const [writes, kills] = [Number(values.writes), Number(values.kills)];
let state = Number(values.seed);
const random = () => ((state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32);

const data = mkdtempSync(join(tmpdir(), 'fogbank-durability-'));
const port = await freePort();
const client = () => new EC2Client({ endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1', maxAttempts: 1, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } });
const acknowledged = new Map();
let asked = 0;
let killed = 0;

try {
  let ec2;
  while (acknowledged.size < writes) {
    const fogbank = await startFogbank({ port, data, log: 'silent', flags: ['--quotas', 'off'] });
    ec2 = client();
    const share = Math.ceil(writes / (kills + 1));
    const stopAt = killed < kills ? acknowledged.size + Math.floor(share * (0.5 + random())) : Infinity;
    let dead = false;
    const worker = async () => {
      while (!dead && acknowledged.size < writes) {
        const n = ++asked;
        try {
          const { VolumeId } = await ec2.send(new CreateVolumeCommand({ AvailabilityZone: 'us-east-1a', Size: 1 + (n % 100), TagSpecifications: [{ ResourceType: 'volume', Tags: [{ Key: 'n', Value: String(n) }] }] }));
          acknowledged.set(VolumeId, String(n));
        } catch (error) {
          if (!dead) throw error;
        }
        // In the middle of what the other workers have under way.
        if (!dead && acknowledged.size >= stopAt) {
          dead = true;
          killed++;
          process.kill(fogbank.pid, 'SIGKILL');
        }
      }
    };
    await Promise.all(Array.from({ length: 8 }, worker));
    if (!dead) await fogbank.stop();
  }
  const fogbank = await startFogbank({ port, data, log: 'silent', flags: ['--quotas', 'off'] });
  ec2 = client();
  const found = new Map();
  let NextToken;
  do {
    const page = await ec2.send(new DescribeVolumesCommand({ MaxResults: 1000, NextToken }));
    for (const v of page.Volumes) found.set(v.VolumeId, v.Tags[0].Value);
    NextToken = page.NextToken;
  } while (NextToken);
  await fogbank.stop();
  const lost = [...acknowledged].filter(([id, n]) => found.get(id) !== n);
  console.log(`${acknowledged.size} writes acknowledged, process killed ${killed} times, ${lost.length} lost, ${found.size - acknowledged.size} kept whose answer was cut off`);
  process.exitCode = lost.length === 0 ? 0 : 1;
} finally {
  rmSync(data, { recursive: true, force: true });
}
