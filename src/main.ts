import { readFile } from 'node:fs/promises';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { ec2 } from '../handlers/ec2/index.ts';
import { isRegion } from '../handlers/ec2/catalog/regions.ts';
import { iam } from '../handlers/iam/index.ts';
import { serviceQuotas } from '../handlers/service-quotas/index.ts';
import { ssm } from '../handlers/ssm/index.ts';
import { sts } from '../handlers/sts/index.ts';
import { Machine } from './machine.ts';
import { createServer } from './server.ts';
import { SettingError, type Settings } from './settings.ts';

/** The one place that joins the services to the machine. */
export const SERVICES = [ec2, iam, sts, serviceQuotas, ssm];

export { isRegion };

export interface Running {
  readonly endpoint: string;
  readonly machine: Machine;
  readonly app: FastifyInstance;
  /** A second world, in memory, that starts as this one stands; it ends with this one, if not before. */
  fork(): Promise<Running>;
  stop(): Promise<void>;
}

/** A plan that cannot be loaded leaves nothing running. */
async function filled(machine: Machine, file: string): Promise<void> {
  try {
    const { load } = await import('./control/load.ts');
    await load(machine, await readFile(file, 'utf8'));
  } catch (error) {
    await machine.close();
    throw new SettingError(`--load ${file}: ${(error as Error).message}`);
  }
}

export async function start(settings: Settings, logger?: Logger): Promise<Running> {
  const machine = new Machine(settings, SERVICES, isRegion);
  if (settings.load !== '' && Object.keys(await machine.store.counts()).length === 0) await filled(machine, settings.load);
  const app = createServer(machine, logger);
  await app.listen({ host: settings.host, port: settings.port });
  const address = app.server.address();
  const port = typeof address === 'object' && address ? address.port : settings.port;
  const host = settings.host.includes(':') ? `[${settings.host}]` : settings.host;
  const forks = new Set<Running>();
  const fork = async (): Promise<Running> => {
    const image = await machine.snapshot();
    const made = await start({ ...settings, data: ':memory:', port: 0 }, logger);
    await made.machine.restore(image);
    forks.add(made);
    return { ...made, stop: async () => {
      forks.delete(made);
      await made.stop();
    } };
  };
  machine.fork = async () => ({ endpoint: (await fork()).endpoint });
  return {
    endpoint: `http://${host}:${port}`, machine, app, fork,
    stop: async () => {
      await Promise.all([...forks].map((one) => one.stop()));
      await app.close();
    },
  };
}
