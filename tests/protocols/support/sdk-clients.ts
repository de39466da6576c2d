/** The SDK's own clients, with a handler that keeps the serialised request and answers with what the test wrote. */
import { bytesOf, serviceIndex } from '../../../protocols/index.ts';
import type { Json, Member, Shape, Structure, StructureShape, WireRequest, WireResponse } from '../../../protocols/index.ts';

type Answer = (request: WireRequest) => WireResponse;
interface SdkClient {
  send(command: object): Promise<Record<string, unknown>>;
}
// The packages are looked up by name, so their types say nothing here.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type SdkPackage = Record<string, any>;

const packages = new Map<string, Promise<SdkPackage>>();

export function sdkPackage(service: string): Promise<SdkPackage> {
  let loaded = packages.get(service);
  if (!loaded) packages.set(service, (loaded = import(`@aws-sdk/client-${service}`) as Promise<SdkPackage>));
  return loaded;
}

interface SdkHttpRequest {
  method: string;
  path: string;
  query: Record<string, string | string[]>;
  headers: Record<string, string>;
  body?: string | Uint8Array;
}

export async function sdkClient(service: string, answer: Answer, options: object = {}): Promise<SdkClient> {
  const sdk = await sdkPackage(service);
  const requestHandler = {
    handle: (sent: SdkHttpRequest) => {
      const { status, headers, body } = answer(wireRequest(sent));
      return Promise.resolve({ response: { statusCode: status, headers, body: new Uint8Array(bytesOf({ body })) } });
    },
  };
  const client = Object.keys(sdk).find((name) => /^\w+Client$/.test(name) && name !== '__Client') as string;
  return new sdk[client]({
    region: 'us-east-1',
    endpoint: 'http://127.0.0.1:1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    disableHostPrefix: true,
    maxAttempts: 1,
    md5: false,
    useQueueUrlAsEndpoint: false,
    requestHandler,
    ...options,
  }) as SdkClient;
}

export async function sdkCommand(service: string, operation: string, input: object): Promise<object> {
  const sdk = await sdkPackage(service);
  return new sdk[`${operation}Command`](input) as object;
}

function wireRequest({ method, path, query, headers, body }: SdkHttpRequest): WireRequest {
  const pairs = Object.entries(query ?? {}).flatMap(([name, value]) => [value].flat().map((one) => `${encodeURIComponent(name)}=${encodeURIComponent(one)}`));
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return { method, path, query: pairs.join('&'), headers: lower, body: Buffer.from(body ?? '') };
}

/** Our side's values as the SDK takes them: timestamps as Dates, blobs as bytes. */
export function toSdk(value: Structure, shape: StructureShape): Record<string, unknown> {
  const entries = Object.entries(value).map(([name, member]) => [name, sdkValue(member as Json, (shape.members.get(name) as Member).target)]);
  return Object.fromEntries(entries) as Record<string, unknown>;
}

function sdkValue(value: Json, shape: Shape): unknown {
  switch (shape.type) {
    case 'structure':
    case 'union':
      return toSdk(value as Structure, shape);
    case 'list':
      return (value as Json[]).map((item) => sdkValue(item, shape.member.target));
    case 'map':
      return Object.fromEntries(Object.entries(value as Structure).map(([key, entry]) => [key, sdkValue(entry as Json, shape.value.target)]));
    case 'timestamp':
      return new Date(value as string);
    case 'blob':
      return new Uint8Array(Buffer.from(value as string, 'base64'));
    default:
      return value;
  }
}

/** What the SDK gives, as our side has it. */
export function fromSdk(value: unknown): unknown {
  // Members that hold JSON come as String objects.
  if (value instanceof String) return value.toString();
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(fromSdk);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([name, member]) => name !== '$metadata' && member !== undefined);
  return Object.fromEntries(entries.map(([name, member]) => [name, fromSdk(member)]));
}

export const services = (): string[] => serviceIndex().map((entry) => entry.service);

export function post(body: string): WireRequest {
  return { method: 'POST', path: '/', query: '', headers: {}, body: Buffer.from(body) };
}
