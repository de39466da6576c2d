/**
 * Smithy's RPC v2 with CBOR, which newer clients speak to CloudWatch. Like awsJson in all but the encoding: the operation is in the
 * path (`/service/<prefix>/operation/<name>`), timestamps are tagged numbers, blobs are bytes, NaN is a number, and error types always
 * carry their namespace.
 *
 * https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html
 */
import { errorDocument, queryErrorHeader, validateTogether } from './aws-json.ts';
import { CborTimestamp, decodeCbor, encodeCbor } from './cbor.ts';
import { checkDepth, DocumentCompiler } from './documents.ts';
import { fromEpochSeconds, toEpochSeconds } from './timestamps.ts';
import type { Protocol } from './types.ts';

const documents = new DocumentCompiler({
  timestampIn: (value) => {
    if (value instanceof CborTimestamp) return fromEpochSeconds(value.seconds);
    return typeof value === 'number' ? fromEpochSeconds(value) : undefined;
  },
  blobIn: (value) => (value instanceof Uint8Array ? Buffer.from(value).toString('base64') : undefined),
  timestampOut: (value) => new CborTimestamp(toEpochSeconds(value)),
  blobOut: (base64) => Buffer.from(base64, 'base64'),
  numberOut: (value) => value,
});

function headers(requestId: string): Record<string, string> {
  return { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor', 'x-amzn-requestid': requestId };
}

export const rpcv2Cbor: Protocol = {
  name: 'rpcv2Cbor',
  operationName: (request) => /\/service\/[\w.]+\/operation\/(\w+)\/?$/.exec(request.path)?.[1],
  parse: (_model, operation, request) => {
    if (request.body.length === 0) return {};
    const body = decodeCbor(request.body);
    checkDepth(body);
    return documents.reader(operation.input)(body);
  },
  validate: (model, operation, input) => validateTogether(model, operation.input, input),
  writeResult: (_model, operation, output, requestId) => ({
    status: 200,
    headers: headers(requestId),
    body: [encodeCbor(documents.writer(operation.output)(output))],
  }),
  writeError: (model, error, requestId) => {
    const shape = model?.error(error.code);
    const name = shape?.name ?? error.code;
    const type = model ? `${model.namespace}#${name}` : name;
    const body = encodeCbor(errorDocument(documents, type, error, shape));
    return { status: error.status, headers: { ...headers(requestId), ...queryErrorHeader(model, error, shape) }, body: [body] };
  },
};
