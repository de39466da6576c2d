/**
 * The JSON protocols, 1.0 and 1.1, which differ in their content type and in whether error types carry their namespace. Unlike the
 * Query protocols the operation is a header (`X-Amz-Target: <prefix>.<operation>`), and undeclared members and absent lists are
 * nothing to speak of. A service that used to speak awsQuery also names the old error code in `x-amzn-query-error`.
 *
 * https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html, https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#awsquerycompatible
 */
import { constraintMessage, lowerCamelPaths } from './constraint-texts.ts';
import { checkDepth, DocumentCompiler } from './documents.ts';
import type { Decoded } from './documents.ts';
import { fromEpochSeconds, toEpochSeconds, toTimestamp, withoutZeroMilliseconds } from './timestamps.ts';
import { AwsError } from './types.ts';
import type { ErrorShape, Protocol, ServiceModel, Structure, WireRequest } from './types.ts';
import { ConstraintCompiler } from './validation.ts';

const documents = new DocumentCompiler({
  timestampIn: (value) => (typeof value === 'number' ? fromEpochSeconds(value) : typeof value === 'string' ? toTimestamp(value) : undefined),
  blobIn: (value) => (typeof value === 'string' && /^[A-Za-z0-9+/]*={0,2}$/.test(value) ? value : undefined),
  timestampOut: (value, member) => {
    if (member.timestampFormat === 'date-time') return withoutZeroMilliseconds(value);
    return member.timestampFormat === 'http-date' ? new Date(value).toUTCString() : toEpochSeconds(value);
  },
  blobOut: (base64) => base64,
  numberOut: (value) => (Number.isFinite(value) ? value : String(value)),
});
const constraints = new ConstraintCompiler(lowerCamelPaths, true);

function readBody(request: WireRequest): Decoded {
  if (request.body.length === 0) return {};
  let body: Decoded;
  try {
    body = JSON.parse(request.body.toString('utf8'));
  } catch {
    // assumed: AWS's parser gives no message of its own.
    throw new AwsError('SerializationException', 'The request body is not valid JSON');
  }
  checkDepth(body);
  return body;
}

/** What JSON and CBOR errors have in common: the shape's own members, and the message under the name that the shape has for it. */
export function errorDocument(compiler: DocumentCompiler, type: string, error: AwsError, shape: ErrorShape | undefined): Record<string, unknown> {
  const messageName = shape?.shape.members.has('Message') ? 'Message' : 'message';
  const members = shape ? compiler.writer(shape.shape)(error.members) : {};
  return { __type: type, ...members, [messageName]: error.message };
}

/** `x-amzn-query-error` for services that clients of the Query protocol know by other codes. */
export function queryErrorHeader(model: ServiceModel | undefined, error: AwsError, shape: ErrorShape | undefined): Record<string, string> {
  if (!model?.awsQueryCompatible) return {};
  return { 'x-amzn-query-error': `${shape?.queryCode ?? error.code};${error.fault === 'client' ? 'Sender' : 'Receiver'}` };
}

export function validateTogether(model: ServiceModel, shape: Parameters<ConstraintCompiler['violations']>[1], input: Structure): void {
  const violations = constraints.violations(model.service, shape, input);
  if (violations.length > 0) throw new AwsError('ValidationException', constraintMessage(violations));
}

function awsJson(version: '1.0' | '1.1'): Protocol {
  const headers = (requestId: string): Record<string, string> => ({
    'content-type': `application/x-amz-json-${version}`,
    'x-amzn-requestid': requestId,
  });
  return {
    name: version === '1.0' ? 'awsJson1_0' : 'awsJson1_1',
    operationName: ({ headers: sent }) => {
      const target = sent['x-amz-target'];
      return typeof target === 'string' ? target.slice(target.lastIndexOf('.') + 1) || undefined : undefined;
    },
    parse: (_model, operation, request) => documents.reader(operation.input)(readBody(request)),
    validate: (model, operation, input) => validateTogether(model, operation.input, input),
    writeResult: (_model, operation, output, requestId) => {
      // An operation without a result answers with an empty body.
      const empty = operation.output.members.size === 0 && operation.output.name === 'Unit';
      const body = empty ? '' : JSON.stringify(documents.writer(operation.output)(output));
      return { status: 200, headers: headers(requestId), body };
    },
    writeError: (model, error, requestId) => {
      const shape = model?.error(error.code);
      const name = shape?.name ?? error.code;
      const type = version === '1.0' && model ? `${model.namespace}#${name}` : name;
      const body = JSON.stringify(errorDocument(documents, type, error, shape));
      const all = { ...headers(requestId), 'x-amzn-errortype': name, ...queryErrorHeader(model, error, shape) };
      return { status: error.status, headers: all, body };
    },
  };
}

export const awsJson1_0 = awsJson('1.0');
export const awsJson1_1 = awsJson('1.1');
