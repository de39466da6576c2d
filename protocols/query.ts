/**
 * The requests of both Query protocols: form parameters whose dotted names spell a path ('Tag.1.Key'), grown into a tree and
 * then read along the model. What the two protocols do not share (names, flattening, words for what is wrong) is the dialect.
 */
import { toTimestamp } from './timestamps.ts';
import { AwsError } from './types.ts';
import type { Json, Member, ScalarType, Shape, Structure, StructureShape, WireRequest } from './types.ts';

/** A parameter, or a step on the way to one. Children are a Map: no name can reach a prototype. */
export class FormNode {
  value: string | undefined = undefined;
  children: Map<string, FormNode> | undefined = undefined;
  readonly #parent: FormNode | undefined;
  readonly #step: string;

  constructor(parent: FormNode | undefined, step: string) {
    this.#parent = parent;
    this.#step = step;
  }

  /** The name as the request spells it up to here: only errors ask. */
  get path(): string {
    const before = this.#parent?.path ?? '';
    return before === '' ? this.#step : `${before}.${this.#step}`;
  }
}

export interface QueryDialect {
  readonly memberName: (member: Member) => string;
  /** The name between a list and its numbers, or undefined where lists are flat. */
  readonly listItemName: (list: Shape & { type: 'list' }, flattened: boolean) => string | undefined;
  /** What the request should not have held: throws, or returns to ignore it. */
  readonly unknown: (node: FormNode) => void;
  readonly wrongType: (node: FormNode, expected: ScalarType | 'list' | 'map' | 'structure') => AwsError;
  readonly booleans: ReadonlyMap<string, boolean>;
  /** Whether an empty value says nothing, as if the parameter were not there. */
  readonly emptyIsNone?: (member: Member, of: StructureShape) => boolean;
}

const pairsMax = 10_000;
const depthMax = 32;
/** The parameters of the query string and of a form body together: GET (presigned) has only the first, POST nearly always only the second. */
export function formOf(request: WireRequest): FormNode {
  if (request.form) return request.form as FormNode;
  const form = new FormNode(undefined, '');
  const pairs = addPairs(form, request.query, 0);
  if (request.body.length > 0) addPairs(form, request.body.toString('utf8'), pairs);
  request.form = form;
  return form;
}

export const actionOf = (request: WireRequest): string | undefined => parameterOf(request, 'Action');

/** One parameter of a request that can be read. Never throws. */
export function parameterOf(request: WireRequest, name: 'Action' | 'Version'): string | undefined {
  try {
    return formOf(request).children?.get(name)?.value;
  } catch {
    return undefined;
  }
}

function addPairs(form: FormNode, text: string, before: number): number {
  let pairs = before;
  let start = 0;
  while (start < text.length) {
    let end = text.indexOf('&', start);
    if (end < 0) end = text.length;
    if (end > start) {
      if (++pairs > pairsMax) throw new AwsError('MalformedQueryString', `The request has more than ${pairsMax} parameters`);
      const equals = text.indexOf('=', start);
      const split = equals < 0 || equals > end ? end : equals;
      addPair(form, decode(text.slice(start, split)), split < end ? decode(text.slice(split + 1, end)) : '');
    }
    start = end + 1;
  }
  return pairs;
}

// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/CommonErrors.html lists the code with its status.
function decode(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    throw new AwsError('MalformedQueryString', 'The query string contains a syntax error.', 404);
  }
}

function addPair(form: FormNode, name: string, value: string): void {
  let node = form;
  let start = 0;
  for (let depth = 0; start <= name.length; depth++) {
    if (depth === depthMax) throw new AwsError('MalformedQueryString', 'A parameter of the request is nested too deeply');
    let end = name.indexOf('.', start);
    if (end < 0) end = name.length;
    const step = name.slice(start, end);
    node.children ??= new Map();
    let child = node.children.get(step);
    if (!child) {
      child = new FormNode(node, step);
      node.children.set(step, child);
    }
    node = child;
    start = end + 1;
  }
  node.value = value;
}

export type FormReader = (node: FormNode) => Json;

/** Compiles readers for one dialect, one for each structure, on first use. */
export class QueryCompiler {
  readonly #dialect: QueryDialect;
  readonly #structures = new WeakMap<StructureShape, (node: FormNode) => Structure>();

  constructor(dialect: QueryDialect) {
    this.#dialect = dialect;
  }

  structure(shape: StructureShape): (node: FormNode) => Structure {
    let reader = this.#structures.get(shape);
    if (!reader) {
      reader = this.#compileStructure(shape);
      this.#structures.set(shape, reader);
    }
    return reader;
  }

  #compileStructure(shape: StructureShape): (node: FormNode) => Structure {
    const { memberName, unknown, wrongType, emptyIsNone } = this.#dialect;
    const members = new Map<string, { name: string; member: Member; emptyIsNone: boolean; read?: FormReader }>();
    for (const member of shape.members.values()) members.set(memberName(member), { name: member.name, member, emptyIsNone: emptyIsNone?.(member, shape) === true });
    return (node) => {
      const structure: Structure = {};
      if (!node.children) {
        if (node.value) throw wrongType(node, 'structure');
        return structure;
      }
      for (const [step, child] of node.children) {
        const known = members.get(step);
        if (!known) unknown(child);
        else if (child.value !== '' || child.children || !known.emptyIsNone) structure[known.name] = (known.read ??= this.member(known.member))(child);
      }
      return structure;
    };
  }

  member(member: Member): FormReader {
    const { target } = member;
    switch (target.type) {
      case 'structure':
      case 'union':
        return this.structure(target);
      case 'list':
        return this.#list(target, member.xmlFlattened === true);
      case 'map':
        return this.#map(target, member.xmlFlattened === true);
      default:
        return this.#scalar(target.type);
    }
  }

  #list(list: Shape & { type: 'list' }, flattened: boolean): FormReader {
    const { listItemName, unknown, wrongType } = this.#dialect;
    const itemName = listItemName(list, flattened);
    let readItem: FormReader | undefined;
    return (node) => {
      // An empty list is sent as the list's own name without a value.
      if (node.value !== undefined && node.value !== '') throw wrongType(node, 'list');
      const items = itemName === undefined ? node : step(node, itemName, unknown);
      readItem ??= this.member(list.member);
      return numbered(items, unknown).map(readItem);
    };
  }

  #map(map: Shape & { type: 'map' }, flattened: boolean): FormReader {
    const { unknown, wrongType } = this.#dialect;
    const keyName = map.key.xmlName ?? 'key';
    const valueName = map.value.xmlName ?? 'value';
    let readValue: FormReader | undefined;
    return (node) => {
      if (node.value !== undefined && node.value !== '') throw wrongType(node, 'map');
      const entries = Object.create(null) as Structure;
      readValue ??= this.member(map.value);
      for (const entry of numbered(flattened ? node : step(node, 'entry', unknown), unknown)) {
        const key = entry.children?.get(keyName)?.value;
        const value = entry.children?.get(valueName);
        if (key !== undefined && value) entries[key] = readValue(value);
      }
      return entries;
    };
  }

  #scalar(type: ScalarType): FormReader {
    const { unknown, wrongType, booleans } = this.#dialect;
    const convert = scalarReader(type, booleans);
    return (node) => {
      if (node.children) for (const child of node.children.values()) unknown(child);
      const value = convert(node.value ?? '');
      if (value === undefined) throw wrongType(node, type);
      return value;
    };
  }
}

/** The child of that name, with every other child reported as unknown. */
function step(node: FormNode, name: string, unknown: (node: FormNode) => void): FormNode | undefined {
  if (node.children) for (const [other, child] of node.children) if (other !== name) unknown(child);
  return node.children?.get(name);
}

/** Children 'Foo.1', 'Foo.2' in the order of their numbers; gaps close, so that a huge number costs nothing. */
function numbered(node: FormNode | undefined, unknown: (node: FormNode) => void): FormNode[] {
  if (!node?.children) return [];
  const items: [number, FormNode][] = [];
  let sorted = true;
  for (const [name, child] of node.children) {
    if (!/^\d{1,15}$/.test(name)) {
      unknown(child);
      continue;
    }
    const index = Number(name);
    if (items.length > 0 && index < items[items.length - 1][0]) sorted = false;
    items.push([index, child]);
  }
  if (!sorted) items.sort(([a], [b]) => a - b);
  return items.map(([, child]) => child);
}

function scalarReader(type: ScalarType, booleans: ReadonlyMap<string, boolean>): (text: string) => Json | undefined {
  switch (type) {
    case 'boolean':
      return (text) => booleans.get(text);
    case 'integer':
      return (text) => whole(text, 2 ** 31);
    case 'long':
      return (text) => whole(text, 2 ** 63);
    case 'float':
    case 'double':
      return (text) => (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$|^NaN$|^-?Infinity$/i.test(text) ? Number(text) : undefined);
    case 'timestamp':
      return toTimestamp;
    case 'blob':
      // Base64 is often broken into lines: https://www.rfc-editor.org/rfc/rfc2045#section-6.8
      return (text) => {
        const unbroken = /\s/.test(text) ? text.replaceAll(/\s+/g, '') : text;
        return /^[A-Za-z0-9+/]*={0,2}$/.test(unbroken) ? unbroken : undefined;
      };
    default:
      return (text) => text;
  }
}

function whole(text: string, bound: number): number | undefined {
  if (!/^[+-]?\d{1,20}$/.test(text)) return undefined;
  const value = Number(text);
  return value >= -bound && value < bound ? value : undefined;
}
