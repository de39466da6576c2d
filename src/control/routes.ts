import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { bodyOf } from '../body.ts';
import type { Machine } from '../machine.ts';
import { checked, ControlError, type Given } from './control.ts';
import { CONTROLS } from './index.ts';
import { events } from './events.ts';
import { openApi, PAGE } from './openapi.ts';

/** The control API: what AWS has no call for. */
export function control(app: FastifyInstance, machine: Machine): void {
  app.addHook('preHandler', async (request) => {
    request.body = await bodyOf(request, request.routeOptions.bodyLimit);
  });
  for (const one of CONTROLS) {
    app.route({
      method: one.method, url: one.path,
      handler: async (request) => one.run(machine, checked(one, givenBy(request))),
      errorHandler: (error, _request, reply) => refuse(error, reply),
    });
  }
  app.get('/_fogbank/openapi.json', () => openApi(CONTROLS));
  app.get('/_fogbank', (_request, reply) => reply.type('text/html').send(PAGE));
  app.get('/_fogbank/', (_request, reply) => reply.type('text/html').send(PAGE));
  app.get('/_fogbank/metrics', async (_request, reply) => reply.type('text/plain; version=0.0.4').send(await machine.metrics.text(machine)));
  events(app, machine);
  // One file that holds everything, secrets too.
  app.get('/_fogbank/export', async (_request, reply) => reply.type('application/vnd.sqlite3').send(await machine.snapshot()));
  app.post('/_fogbank/import', {
    bodyLimit: IMPORT_BYTES_MAX,
    handler: async (request) => {
      const image = request.body as Buffer;
      if (image.subarray(0, 15).toString('latin1') !== 'SQLite format 3') throw new ControlError('the body must be a file that export gave');
      await machine.restore(image);
      return { resources: await machine.store.counts() };
    },
    errorHandler: (error, _request, reply) => refuse(error, reply),
  });
  app.post('/_fogbank/load', {
    handler: async (request) => (await import('./load.ts')).load(machine, (request.body as Buffer).toString('utf8')),
    errorHandler: (error, _request, reply) => refuse(error, reply),
  });
  // What people who come from moto have in their fixtures. https://docs.getmoto.org/en/latest/docs/server_mode.html#reset-api
  app.post('/moto-api/reset', async () => {
    await machine.reset();
    return { status: 'ok' };
  });
}

const IMPORT_BYTES_MAX = 1024 * 1024 * 1024;

/** Parameters from the path, the query and a JSON body, whatever type a script says that it has. */
function givenBy(request: FastifyRequest): Given {
  const body = parsed((request.body as Buffer).toString('utf8'));
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new ControlError('the body must be a JSON object');
  return { ...(request.params as Given), ...(request.query as Given), ...(body as Given) };
}

function parsed(text: string): unknown {
  if (text === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    throw new ControlError('the body is not JSON');
  }
}

function refuse(error: Error, reply: FastifyReply): FastifyReply {
  const status = error instanceof ControlError ? error.status : ((error as { statusCode?: number }).statusCode ?? 500);
  return reply.code(status).send({ error: error.message });
}
