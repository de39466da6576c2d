import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { ec2 } from '../handlers/ec2/index.ts';
import { isRegion } from '../handlers/ec2/catalog/regions.ts';
import { iam } from '../handlers/iam/index.ts';
import { sts } from '../handlers/sts/index.ts';
import { Machine } from './machine.ts';
import { createServer } from './server.ts';
import type { Settings } from './settings.ts';

/** The one place that joins the services to the machine. */
export const SERVICES = [ec2, iam, sts];

export { isRegion };

export interface Running {
  readonly endpoint: string;
  readonly machine: Machine;
  readonly app: FastifyInstance;
  stop(): Promise<void>;
}

export async function start(settings: Settings, logger?: Logger): Promise<Running> {
  const machine = new Machine(settings, SERVICES, isRegion);
  const app = createServer(machine, logger);
  await app.listen({ host: settings.host, port: settings.port });
  const address = app.server.address();
  const port = typeof address === 'object' && address ? address.port : settings.port;
  const host = settings.host.includes(':') ? `[${settings.host}]` : settings.host;
  return { endpoint: `http://${host}:${port}`, machine, app, stop: () => app.close() };
}
