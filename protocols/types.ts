/**
 * What the wire and the machine agree on. Everything here is data; no clock, no store, no service by name.
 *
 * Values are JSON-safe on our side of the wire, so that what a request carried can be stored as it is:
 * timestamps are ISO 8601 strings in UTC with milliseconds ('2026-11-21T06:28:26.000Z'), blobs are base64 strings,
 * numbers are numbers, lists arrays, structures and maps plain objects without a prototype trap.
 */

export type Json = null | boolean | number | string | Json[] | { [member: string]: Json | undefined };
export type Structure = { [member: string]: Json | undefined };

export type ProtocolName = 'ec2Query' | 'awsQuery' | 'awsJson1_0' | 'awsJson1_1' | 'rpcv2Cbor';

export type ScalarType = 'string' | 'boolean' | 'integer' | 'long' | 'float' | 'double' | 'timestamp' | 'blob' | 'document';

/** A shape with its targets resolved lazily (shapes are recursive: read `target` only when compiling). */
export type Shape =
  | { readonly type: ScalarType; readonly name: string; readonly limits: Limits }
  | { readonly type: 'list'; readonly name: string; readonly member: Member; readonly limits: Limits }
  | { readonly type: 'map'; readonly name: string; readonly key: Member; readonly value: Member; readonly limits: Limits }
  | StructureShape;

export interface StructureShape {
  readonly type: 'structure' | 'union';
  readonly name: string;
  /** In the model's order. */
  readonly members: ReadonlyMap<string, Member>;
  readonly limits: Limits;
}

export interface Limits {
  readonly enum?: readonly string[];
  /** Length of a string, list or blob, or value of a number: inclusive. */
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
}

export interface Member {
  readonly name: string;
  readonly target: Shape;
  readonly required: boolean;
  /** The name in ec2Query and awsQuery requests (with list flattening and the like decided by the protocol). */
  readonly queryName?: string;
  readonly ec2QueryName?: string;
  readonly xmlName?: string;
  readonly xmlFlattened?: boolean;
  readonly jsonName?: string;
  readonly timestampFormat?: 'date-time' | 'epoch-seconds' | 'http-date';
  readonly idempotencyToken?: boolean;
  readonly sensitive?: boolean;
}

export interface Pagination {
  readonly inputToken: string;
  readonly outputToken: string;
  readonly limit?: string;
  /** The output member(s) that hold the list. */
  readonly items?: readonly string[];
}

export interface OperationModel {
  readonly name: string;
  readonly input: StructureShape;
  readonly output: StructureShape;
  /** Names of the error shapes that the model lists for it. */
  readonly errors: readonly string[];
  readonly pagination?: Pagination;
  /** The input member that is the idempotency token (`ClientToken`), if any. */
  readonly idempotencyToken?: string;
  /** Names that the documentation lists for the Filters member: 'attachment.status', 'tag:<key>', 'tag-key', ... */
  readonly filters?: readonly string[];
}

export interface ErrorShape {
  readonly name: string;
  /** The code on the wire in the Query protocols (`awsQueryError`), where it differs from the shape's name. */
  readonly queryCode?: string;
  readonly status: number;
  readonly fault: 'client' | 'server';
  readonly shape: StructureShape;
}

export interface ServiceModel {
  /** Our folder's name: 'ec2', 'iam', 'elastic-load-balancing-v2'. */
  readonly service: string;
  /** 'EC2', 'IAM', 'Elastic Load Balancing v2'. */
  readonly serviceId: string;
  /** The model's namespace, which error types carry in CBOR: 'com.amazonaws.cloudwatch'. */
  readonly namespace: string;
  readonly signingName: string;
  readonly endpointPrefix: string;
  readonly apiVersion: string;
  /** The first is the model's own; the others are spoken by other clients. */
  readonly protocols: readonly ProtocolName[];
  readonly xmlNamespace: string;
  /** X-Amz-Target's part before the dot, for the JSON protocols. */
  readonly targetPrefix: string;
  readonly awsQueryCompatible: boolean;
  operation(name: string): OperationModel | undefined;
  readonly operationNames: readonly string[];
  /** By the shape's name or by its code in the Query protocols. */
  error(name: string): ErrorShape | undefined;
}

/** A request as the server got it; the body is already decompressed. */
export interface WireRequest {
  readonly method: string;
  /** The path as sent, without the query string. */
  readonly path: string;
  /** The query string as sent, without '?'. */
  readonly query: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
  /** The body as it came, where it was compressed: what the signature covers. */
  readonly signedBody?: Buffer;
  /** Its parameters, once a Query protocol has read them. */
  form?: object;
}

export interface WireResponse {
  readonly status: number;
  readonly headers: Record<string, string>;
  /** Text, which is encoded as it leaves; a long answer was encoded piece by piece while it was written. */
  readonly body: string | readonly Buffer[];
}

export const bytesOf = ({ body }: Pick<WireResponse, 'body'>): Buffer => (typeof body === 'string' ? Buffer.from(body) : body.length === 1 ? body[0] : Buffer.concat(body));

export type Fault = 'client' | 'server';

/** The one error that crosses rooms: everything that AWS would answer instead of a result. */
export class AwsError extends Error {
  constructor(
    /** AWS's code, as on the wire of the service's own protocol: 'InvalidVolume.NotFound', 'NoSuchEntity'. */
    readonly code: string,
    message: string,
    readonly status: number = 400,
    /** Further members of the error's shape. */
    readonly members: Structure = {},
  ) {
    // Nobody reads where a refusal was thrown, and finding it out costs more than the refusal.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(message);
    Error.stackTraceLimit = stackTraceLimit;
  }
  get fault(): Fault {
    return this.status >= 500 ? 'server' : 'client';
  }
}

/** A violation of the model's constraints, before a protocol puts it into its own words. */
export type Violation =
  | { readonly kind: 'missing'; readonly path: string }
  | { readonly kind: 'unknown'; readonly path: string }
  | { readonly kind: 'type'; readonly path: string; readonly value: string; readonly expected: string }
  | { readonly kind: 'enum'; readonly path: string; readonly value: string; readonly allowed: readonly string[] }
  | { readonly kind: 'length'; readonly path: string; readonly value: string; readonly min?: number; readonly max?: number }
  | { readonly kind: 'range'; readonly path: string; readonly value: string; readonly min?: number; readonly max?: number }
  /** Items of a list that break the limits which all items have. */
  | { readonly kind: 'items'; readonly path: string; readonly value: string; readonly limits: Limits }
  | { readonly kind: 'pattern'; readonly path: string; readonly value: string; readonly pattern: string };

export interface ParsedRequest {
  readonly operation: OperationModel;
  readonly input: Structure;
}

/** One wire protocol: request to (operation, input), and result or error to response. */
export interface Protocol {
  readonly name: ProtocolName;
  /** The operation's name as the request spells it, or undefined where it names none. Never throws. */
  operationName(request: WireRequest): string | undefined;
  /** Throws AwsError with the protocol's own code for what cannot be read (bad encoding, unknown parameter, wrong type, too deep, too many). */
  parse(model: ServiceModel, operation: OperationModel, request: WireRequest): Structure;
  /** The model's constraints, in the protocol's codes and texts; throws AwsError. */
  validate(model: ServiceModel, operation: OperationModel, input: Structure): void;
  writeResult(model: ServiceModel, operation: OperationModel, output: Structure, requestId: string): WireResponse;
  /** `model` is absent where the service could not be told. */
  writeError(model: ServiceModel | undefined, error: AwsError, requestId: string): WireResponse;
}
