import { Readable } from 'node:stream';
import { answer } from '../pipeline/index.ts';
import type { Machine } from '../machine.ts';
import type { RequestHandler } from './types.ts';

/** As the SDK hands requests to a handler: https://smithy.io/2.0/languages/typescript.html */
interface SdkRequest {
  readonly method: string;
  readonly hostname: string;
  readonly port?: number;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | string[] | null>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** Calls the machine without a socket. What would leave for another host is refused: a test never reaches real AWS. */
export function requestHandler(machine: Machine, endpoint: string): RequestHandler {
  const { host } = new URL(endpoint);
  return {
    handle: async (request: SdkRequest) => {
      const wanted = request.port === undefined ? request.hostname : `${request.hostname}:${request.port}`;
      if (wanted !== host) throw new Error(`this client was configured by Fogbank at ${host}, and ${wanted} is another host: the request was not sent`);
      const { response, exchange } = await answer(machine, {
        method: request.method, path: request.path, query: queryOf(request.query), body: request.body === undefined ? Buffer.alloc(0) : Buffer.from(request.body as Uint8Array),
        headers: { host, ...Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value])) },
      }, '127.0.0.1');
      const { transport } = exchange;
      if (transport && transport.delayMs > 0) await machine.clock.pause(transport.delayMs);
      if (transport?.connection) throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', errno: -104, syscall: 'read' });
      return { response: { statusCode: response.status, reason: '', headers: Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name.toLowerCase(), String(value)])), body: Readable.from(typeof response.body === 'string' ? [Buffer.from(response.body)] : response.body, { objectMode: false }) } };
    },
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
    destroy: () => undefined,
  };
}

function queryOf(query: SdkRequest['query']): string {
  const escaped = (text: string) => encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return Object.entries(query ?? {}).flatMap(([name, value]) => (Array.isArray(value) ? value : [value]).map((one) => (one === null ? escaped(name) : `${escaped(name)}=${escaped(one)}`))).join('&');
}
