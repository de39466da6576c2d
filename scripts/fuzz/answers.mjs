// Whether an answer is one that AWS could have given.

const idHeader = (head) => /\r\nx-amzn-requestid: *\S+/i.test(head);
const typeOf = (head) => /\r\ncontent-type: *([^\r;]+)/i.exec(head)?.[1].trim().toLowerCase() ?? '';

/** What Node's HTTP reader takes of request line and headers: https://nodejs.org/docs/latest-v20.x/api/cli.html#--max-http-header-sizesize */
const HEAD_BYTES_MAX = 16 * 1024;

/** A sentence about what is wrong, or undefined. */
export function complaint({ status, head, body }, { method, headBytes }) {
  // Refused before there is a request that an envelope could be for.
  if (status === 431 && headBytes > HEAD_BYTES_MAX) return undefined;
  if (status >= 500 && status !== 501) return `status ${status}`;
  if (status < 200 || (status >= 300 && status < 400)) return `status ${status}`;
  if (!idHeader(head)) return 'no request id header';
  if (method === 'HEAD') return undefined;
  const type = typeOf(head);
  const check = /xml/.test(type) ? xml : /json/.test(type) ? json : type === 'application/cbor' ? cbor : undefined;
  if (!check) return `content type '${type}' with status ${status}`;
  const wrong = check(body, status >= 400, head);
  if (wrong) return wrong;
  if (status === 501 && !body.includes('NotImplemented')) return 'status 501 without NotImplemented';
  return undefined;
}

function xml(body, failed) {
  const text = body.toString();
  const root = /^<\?xml [^>]*\?>\s*<(\w+)[^>]*?(\/?)>/.exec(text);
  if (!root || (!root[2] && !text.trimEnd().endsWith(`</${root[1]}>`))) return 'XML is not whole';
  // https://www.w3.org/TR/xml/#charsets
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(text)) return 'XML has a character that it may not have';
  if (!/<(RequestId|RequestID|requestId)>[\w-]+</.test(text)) return 'no request id in the XML';
  if (failed && !/<Code>[\w.:-]+<\/Code>/.test(text)) return 'an error without a code';
  if (failed && /<Code>InternalError</.test(text)) return 'InternalError';
  return undefined;
}

function json(body, failed, head) {
  let value;
  try {
    value = body.length === 0 && !failed ? {} : JSON.parse(body.toString());
  } catch {
    return 'JSON cannot be parsed';
  }
  return failed && !value.__type && !/\r\nx-amzn-errortype:/i.test(head) ? 'an error without a type' : undefined;
}

function cbor(body, failed, head) {
  if (!/\r\nsmithy-protocol: *rpc-v2-cbor/i.test(head)) return 'CBOR without smithy-protocol';
  return failed && !body.includes('__type') ? 'an error without a type' : undefined;
}
