/**
 * Values that arrive as a decoded document (JSON, CBOR) and leave as one: read and written along the model by closures compiled on
 * first use. The two formats differ only in how they carry timestamps and blobs, which is the codec.
 */
import { AwsError } from './types.ts';
import type { Json, Member, ScalarType, Shape, Structure, StructureShape } from './types.ts';

/** What a decoder makes: JSON's values, or those and a format's own objects for timestamps and blobs. */
export type Decoded = unknown;

export interface DocumentCodec {
  /** Undefined for what cannot be one. */
  readonly timestampIn: (value: Decoded, member: Member) => string | undefined;
  readonly blobIn: (value: Decoded) => string | undefined;
  readonly timestampOut: (value: string, member: Member) => unknown;
  readonly blobOut: (base64: string) => unknown;
  /** A float or double, which may be NaN or infinite. */
  readonly numberOut: (value: Json) => unknown;
}

export type ReadValue = (value: Decoded) => Json;
export type WriteValue = (value: Json) => unknown;

export const depthMax = 64;

/** Recursive shapes could otherwise be sent as deep as a body is long. */
export function checkDepth(value: Decoded, depth = 0): void {
  if (depth > depthMax) throw serialization('The request is nested too deeply');
  if (Array.isArray(value)) for (const item of value) checkDepth(item, depth + 1);
  else if (isObject(value)) for (const key of Object.keys(value)) checkDepth(value[key], depth + 1);
}

const serialization = (message: string): AwsError => new AwsError('SerializationException', message);

/** Names as AWS's JSON parser gives them: "STRING_VALUE can not be converted to an Integer" (https://github.com/aws/aws-cdk/pull/27087). */
function tokenName(value: Decoded): string {
  if (typeof value === 'string') return 'STRING_VALUE';
  if (typeof value === 'number') return 'NUMBER_VALUE';
  return value === true ? 'TRUE_VALUE' : 'FALSE_VALUE';
}

const typeNames: Record<ScalarType, string> = {
  string: 'a String', boolean: 'a Boolean', integer: 'an Integer', long: 'a Long', float: 'a Float', double: 'a Double',
  timestamp: 'a Timestamp', blob: 'a Blob', document: 'a Document',
};

function wrongScalar(value: Decoded, type: ScalarType): AwsError {
  if (Array.isArray(value)) return serialization('Unrecognized collection type class java.lang.String');
  if (typeof value === 'object') return serialization('Start of structure or map found where not expected.');
  return serialization(`${tokenName(value)} can not be converted to ${typeNames[type]}`);
}

// assumed: the wording where a list or structure is expected.
const wrongCollection = (value: Decoded): AwsError =>
  serialization(Array.isArray(value) ? 'Start of list found where not expected' : 'Unexpected field type');

const isObject = (value: Decoded): value is Record<string, Decoded> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);

export class DocumentCompiler {
  readonly #codec: DocumentCodec;
  readonly #readers = new WeakMap<StructureShape, ReadValue>();
  readonly #writers = new WeakMap<StructureShape, WriteValue>();

  constructor(codec: DocumentCodec) {
    this.#codec = codec;
  }

  reader(shape: StructureShape): (value: Decoded) => Structure {
    let reader = this.#readers.get(shape);
    if (!reader) this.#readers.set(shape, (reader = this.#structureReader(shape)));
    return reader as (value: Decoded) => Structure;
  }

  writer(shape: StructureShape): (value: Structure) => Record<string, unknown> {
    let writer = this.#writers.get(shape);
    if (!writer) this.#writers.set(shape, (writer = this.#structureWriter(shape)));
    return writer as (value: Structure) => Record<string, unknown>;
  }

  #structureReader(shape: StructureShape): ReadValue {
    const members = new Map<string, { member: Member; read?: ReadValue }>();
    for (const member of shape.members.values()) members.set(member.jsonName ?? member.name, { member });
    return (value) => {
      if (!isObject(value)) throw wrongCollection(value);
      const structure: Structure = {};
      for (const name of Object.keys(value)) {
        const entry = members.get(name);
        const memberValue = value[name];
        // What nobody declared is ignored, and null is absence.
        if (entry && memberValue !== null && memberValue !== undefined) {
          structure[entry.member.name] = (entry.read ??= this.#valueReader(entry.member))(memberValue);
        }
      }
      return structure;
    };
  }

  #valueReader(member: Member): ReadValue {
    const { target } = member;
    switch (target.type) {
      case 'structure':
      case 'union':
        return this.reader(target);
      case 'list':
        return this.#listReader(target);
      case 'map':
        return this.#mapReader(target);
      default:
        return scalarReader(target.type, member, this.#codec);
    }
  }

  #listReader(list: Shape & { type: 'list' }): ReadValue {
    let read: ReadValue | undefined;
    return (value) => {
      if (!Array.isArray(value)) throw wrongCollection(value);
      const item = (read ??= this.#valueReader(list.member));
      return value.filter((entry) => entry !== null && entry !== undefined).map(item);
    };
  }

  #mapReader(map: Shape & { type: 'map' }): ReadValue {
    let read: ReadValue | undefined;
    return (value) => {
      if (!isObject(value)) throw wrongCollection(value);
      read ??= this.#valueReader(map.value);
      const entries = Object.create(null) as Structure;
      for (const key of Object.keys(value)) {
        const entry = value[key];
        if (entry !== null && entry !== undefined) entries[key] = read(entry);
      }
      return entries;
    };
  }

  #structureWriter(shape: StructureShape): WriteValue {
    const writers = new Map<string, WriteValue>();
    return (value) => {
      const document: Record<string, unknown> = {};
      for (const [name, memberValue] of Object.entries(value as Structure)) {
        const member = shape.members.get(name);
        if (!member || memberValue === undefined || memberValue === null) continue;
        let write = writers.get(name);
        if (!write) writers.set(name, (write = this.#valueWriter(member)));
        document[member.jsonName ?? name] = write(memberValue);
      }
      return document;
    };
  }

  #valueWriter(member: Member): WriteValue {
    const { target } = member;
    switch (target.type) {
      case 'structure':
      case 'union':
        return this.writer(target) as WriteValue;
      case 'list': {
        let write: WriteValue | undefined;
        return (value) => (value as Json[]).map((write ??= this.#valueWriter(target.member)));
      }
      case 'map': {
        let write: WriteValue | undefined;
        return (value) => {
          write ??= this.#valueWriter(target.value);
          const document = Object.create(null) as Record<string, unknown>;
          for (const [key, entry] of Object.entries(value as Structure)) if (entry !== undefined && entry !== null) document[key] = write(entry);
          return document;
        };
      }
      case 'timestamp':
        return (value) => this.#codec.timestampOut(value as string, member);
      case 'blob':
        return (value) => this.#codec.blobOut(value as string);
      case 'float':
      case 'double':
        return this.#codec.numberOut;
      default:
        return (value) => value;
    }
  }
}

function scalarReader(type: ScalarType, member: Member, codec: DocumentCodec): ReadValue {
  const convert = scalarConverter(type, member, codec);
  return (value) => {
    const converted = convert(value);
    if (converted === undefined) throw wrongScalar(value, type);
    return converted;
  };
}

function scalarConverter(type: ScalarType, member: Member, codec: DocumentCodec): (value: Decoded) => Json | undefined {
  switch (type) {
    case 'string':
      return (value) => (typeof value === 'string' ? value : undefined);
    case 'boolean':
      return (value) => (typeof value === 'boolean' ? value : undefined);
    case 'integer':
      return (value) => (Number.isInteger(value) && Math.abs(value as number) <= 2 ** 31 ? (value as number) : undefined);
    case 'long':
      return (value) => (Number.isInteger(value) ? (value as number) : undefined);
    case 'float':
    case 'double':
      return (value) => (typeof value === 'number' ? value : notFinite(value));
    case 'timestamp':
      return (value) => codec.timestampIn(value, member);
    case 'blob':
      return codec.blobIn;
    case 'document':
      return (value) => plain(value, 0);
  }
}

/** JSON has no numbers for these; they are spelled as strings. */
function notFinite(value: Decoded): number | undefined {
  return value === 'NaN' || value === 'Infinity' || value === '-Infinity' ? Number(value) : undefined;
}

function plain(value: Decoded, depth: number): Json | undefined {
  if (depth > depthMax) throw serialization('The document is nested too deeply');
  if (Array.isArray(value)) return value.map((item) => plain(item, depth + 1) ?? null);
  if (!isObject(value)) return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null ? value : undefined;
  const document = Object.create(null) as Structure;
  for (const key of Object.keys(value)) document[key] = plain(value[key], depth + 1);
  return document;
}
