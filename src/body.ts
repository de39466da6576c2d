import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';

const METHODS = ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'];
const NOTHING = Buffer.alloc(0);

/** Leaves bodies to `bodyOf`: Fastify would read the media type of every request, and run in a scope of its own, for parsers that no route has. */
export function leaveBodies(app: FastifyInstance): void {
  for (const method of METHODS) app.addHttpMethod(method, { hasBody: false, overrideExisting: true });
}

/** The bytes of a request's body. Fails with a `statusCode`: 413 for one that is longer than `bytesMax`, 400 for one that breaks off. */
export function bodyOf({ raw, method }: FastifyRequest, bytesMax: number): Promise<Buffer> {
  return METHODS.includes(method) ? read(raw, bytesMax) : Promise.resolve(NOTHING);
}

function read(raw: IncomingMessage, bytesMax: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let length = 0;
    raw.on('data', (piece: Buffer) => {
      length += piece.length;
      if (length <= bytesMax) pieces.push(piece);
      else reject(refusal(413, 'the body is too long'));
    });
    raw.on('end', () => resolve(pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces, length)));
    raw.on('error', () => reject(refusal(400, 'the body broke off')));
  });
}

const refusal = (statusCode: number, message: string): Error => Object.assign(new Error(message), { statusCode });
