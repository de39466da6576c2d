import type { FastifyInstance } from 'fastify';
import { isoTime } from '../clock/clock.ts';
import type { Machine } from '../machine.ts';

/** A reader that is slower than the world loses its stream instead of filling the memory. */
const UNREAD_BYTES_MAX = 1024 * 1024;

/**
 * Calls and changes as they happen, as server-sent events: `call` when one was answered, `change` when a document was
 * created, changed or removed, by a call or by a due step. https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export function events(app: FastifyInstance, machine: Machine): void {
  const streams = new Set<() => void>();
  app.get('/_fogbank/events', (_request, reply) => {
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    raw.write(': calls and changes\n\n');
    const tell = (event: string, data: object) => {
      if (raw.writableLength > UNREAD_BYTES_MAX) raw.destroy();
      else raw.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    };
    const ends = [
      machine.calls.listen(({ judgements: _judgements, ...call }) => tell('call', call)),
      machine.world.journal.listen((change) => tell('change', { ...change, at: isoTime(change.at) })),
    ];
    const end = () => {
      for (const one of ends) one();
      streams.delete(end);
      raw.end();
    };
    streams.add(end);
    raw.once('close', end);
  });
  // Streams would keep the server open for ever.
  app.addHook('preClose', async () => {
    for (const end of [...streams]) end();
  });
}
