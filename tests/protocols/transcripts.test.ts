/** Golden transcripts (fixtures/wire): what AWS documents is read and written as it documents it. */
import { readdirSync, readFileSync } from 'node:fs';
import { XMLParser } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { AwsError, bytesOf, loadModel, protocolFor } from '../../protocols/index.ts';
import type { OperationModel, ProtocolName, Structure, WireRequest, WireResponse } from '../../protocols/index.ts';

interface Transcript {
  origin: string;
  service: string;
  protocol: ProtocolName;
  operation: string;
  request: { method: string; query: string; headers: Record<string, string>; body: string };
  input?: Structure;
  requestId: string;
  output?: Structure;
  status?: number;
  answer: string[];
}

const folder = new URL('../../fixtures/wire/', import.meta.url);
const parser = new XMLParser({ ignoreAttributes: false, parseTagValue: false, trimValues: false });

function answerTo(transcript: Transcript): WireResponse {
  const model = loadModel(transcript.service);
  const operation = model.operation(transcript.operation) as OperationModel;
  const protocol = protocolFor(transcript.protocol);
  const request: WireRequest = { ...transcript.request, path: '/', body: Buffer.from(transcript.request.body) };
  expect(protocol.operationName(request)).toBe(transcript.operation);
  try {
    const input = protocol.parse(model, operation, request);
    if (transcript.input) expect(input).toEqual(transcript.input);
    protocol.validate(model, operation, input);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return protocol.writeError(model, error, transcript.requestId);
  }
  return protocol.writeResult(model, operation, transcript.output ?? {}, transcript.requestId);
}

describe('golden transcripts', () => {
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
    const transcript = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Transcript;
    it(`${file}: ${transcript.origin}`, () => {
      const { status, body } = answerTo(transcript);
      expect(status).toBe(transcript.status ?? 200);
      const written = parser.parse(bytesOf({ body }).toString('utf8')) as object;
      delete (written as Record<string, unknown>)['?xml'];
      expect(written).toEqual(parser.parse(transcript.answer.join('')));
    });
  }
});
