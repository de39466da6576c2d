/**
 * Loads a service's model from fixtures/models on first use. Shapes become objects only when something reads them: EC2 has
 * some five thousand, a request needs a few dozen.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type {
  ErrorShape, Limits, Member, OperationModel, Pagination, ProtocolName, ScalarType, ServiceModel, Shape, StructureShape,
} from './types.ts';

/** What tells services apart before their models are loaded. */
export interface ServiceIndexEntry {
  readonly service: string;
  readonly serviceId: string;
  readonly signingName: string;
  readonly endpointPrefix: string;
  readonly apiVersion: string;
  readonly targetPrefix: string;
  readonly protocols: readonly ProtocolName[];
}

// The files' own layout, written by scripts/generate/model.mjs.
interface RawTraits {
  usual?: 1; required?: 1; xmlName?: string; ec2QueryName?: string; xmlFlattened?: 1; jsonName?: string; idempotencyToken?: 1; sensitive?: 1;
  format?: Member['timestampFormat']; enum?: string; min?: number; max?: number; pattern?: string;
}
/** The traits `1` are `{ usual: 1 }`: the member's own name in EC2's requests, and it with a small letter in its answers. */
type RawMember = [target: string | RawShape, traits?: RawTraits | 1];
type RawShape =
  | { members: Record<string, RawMember>; union?: 1 }
  | { list: RawMember; min?: number; max?: number }
  | { key: RawMember; value: RawMember; min?: number; max?: number };
interface RawOperation {
  input?: string; output?: string; errors?: string[]; page?: Pagination; filters?: string[];
}
interface RawError { status: number; fault: 'client' | 'server'; queryCode?: string }
type Header = Omit<ServiceModel, 'operation' | 'operationNames' | 'error'>;

const scalarTypes: ReadonlySet<string> = new Set<ScalarType>([
  'string', 'boolean', 'integer', 'long', 'float', 'double', 'timestamp', 'blob', 'document',
]);
const usual: RawTraits = { usual: 1 };
const noLimits: Limits = {};
const unit: StructureShape = { type: 'structure', name: 'Unit', members: new Map(), limits: noLimits };

/**
 * A model file has one operation, error, enum or shape a line. Lines are parsed when they are asked for: all of EC2 at once takes
 * twenty-odd milliseconds, cutting it into lines two.
 */
class Table<Row> {
  readonly #lines = new Map<string, string>();
  readonly #rows = new Map<string, Row>();

  add(line: string): void {
    const nameEnd = line.indexOf('"', 1);
    this.#lines.set(line.slice(1, nameEnd), line.slice(nameEnd + 2, line.endsWith(',') ? -1 : undefined));
  }

  get names(): string[] {
    return [...this.#lines.keys()];
  }

  get(name: string): Row | undefined {
    let row = this.#rows.get(name);
    const line = row === undefined ? this.#lines.get(name) : undefined;
    if (line !== undefined) this.#rows.set(name, (row = JSON.parse(line) as Row));
    return row;
  }
}

class RawModel {
  readonly header: Header;
  readonly operations = new Table<RawOperation>();
  readonly errors = new Table<RawError>();
  readonly enums = new Table<string[]>();
  readonly shapes = new Table<RawShape>();

  constructor(text: string) {
    const tables: Record<string, Table<unknown>> = { operations: this.operations, errors: this.errors, enums: this.enums, shapes: this.shapes };
    const header: string[] = [];
    let table: Table<unknown> | undefined;
    for (const line of text.split('\n')) {
      if (table && line.startsWith('}')) table = undefined;
      else if (table) table.add(line);
      else if (line.endsWith(':{')) table = tables[line.slice(1, -3)];
      else if (line.startsWith('"')) header.push(line.endsWith(',') ? line.slice(0, -1) : line);
    }
    this.header = JSON.parse(`{${header.join(',')}}`) as Header;
  }
}

let modelsDir: string | undefined;
const models = new Map<string, ServiceModel>();
let index: readonly ServiceIndexEntry[] | undefined;

/** Reads models from another place than the source tree's or the package's own `fixtures/models`. */
export function setModelsDir(dir: string): void {
  modelsDir = dir;
  models.clear();
  index = undefined;
}

/** fixtures/models stands beside protocols/ in the source tree, and beside or inside dist/ in the package. */
function findModelsDir(): string {
  if (modelsDir === undefined) {
    const here = path.dirname(fileURLToPath(import.meta.url));
    const candidates = ['../fixtures/models', 'fixtures/models', 'models', '../../fixtures/models'].map((dir) => path.resolve(here, dir));
    modelsDir = candidates.find((dir) => existsSync(path.join(dir, 'index.json')));
    if (modelsDir === undefined) throw new Error(`No service models found in ${candidates.join(', ')}`);
  }
  return modelsDir;
}

export function serviceIndex(): readonly ServiceIndexEntry[] {
  index ??= JSON.parse(readFileSync(path.join(findModelsDir(), 'index.json'), 'utf8')) as ServiceIndexEntry[];
  return index;
}

/** The model of a service by our name for it ('ec2', 'elastic-load-balancing-v2'); throws for one that is not in the index. */
export function loadModel(service: string): ServiceModel {
  let model = models.get(service);
  if (!model) {
    if (!serviceIndex().some((entry) => entry.service === service)) throw new Error(`No model of the service ${service}`);
    model = new LoadedModel(new RawModel(readFileSync(path.join(findModelsDir(), `${service}.json`), 'utf8')));
    models.set(service, model);
  }
  return model;
}

class LoadedModel implements ServiceModel {
  readonly service; readonly serviceId; readonly namespace; readonly signingName; readonly endpointPrefix; readonly apiVersion;
  readonly protocols; readonly xmlNamespace; readonly targetPrefix; readonly awsQueryCompatible;
  readonly #raw: RawModel;
  readonly #shapes = new Map<string, Shape>();
  readonly #operations = new Map<string, OperationModel>();
  readonly #errors = new Map<string, ErrorShape>();
  #names: string[] | undefined;

  constructor(model: RawModel) {
    const raw = model.header;
    this.#raw = model;
    this.service = raw.service;
    this.serviceId = raw.serviceId;
    this.namespace = raw.namespace;
    this.signingName = raw.signingName;
    this.endpointPrefix = raw.endpointPrefix;
    this.apiVersion = raw.apiVersion;
    this.protocols = raw.protocols;
    this.xmlNamespace = raw.xmlNamespace;
    this.targetPrefix = raw.targetPrefix;
    this.awsQueryCompatible = raw.awsQueryCompatible;
  }

  get operationNames(): readonly string[] {
    return (this.#names ??= this.#raw.operations.names);
  }

  operation(name: string): OperationModel | undefined {
    let operation = this.#operations.get(name);
    const raw = operation ? undefined : this.#raw.operations.get(name);
    if (raw) {
      operation = this.#readOperation(name, raw);
      this.#operations.set(name, operation);
    }
    return operation;
  }

  error(nameOrCode: string): ErrorShape | undefined {
    let error = this.#errors.get(nameOrCode);
    if (!error) {
      const { errors } = this.#raw;
      const name = errors.get(nameOrCode) ? nameOrCode : errors.names.find((key) => errors.get(key)?.queryCode === nameOrCode);
      if (name === undefined) return undefined;
      error = { name, ...(errors.get(name) as RawError), shape: this.#structure(name) };
      this.#errors.set(nameOrCode, error);
    }
    return error;
  }

  #readOperation(name: string, raw: RawOperation): OperationModel {
    const input = this.#structure(raw.input);
    // Sixteen operations of EC2 have a token that their client does not fill in by itself; they heed it all the same.
    const token = [...input.members.values()].find((member) => member.idempotencyToken) ?? input.members.get('ClientToken');
    return {
      name,
      input,
      output: this.#structure(raw.output),
      errors: raw.errors ?? [],
      pagination: raw.page,
      idempotencyToken: token?.name,
      filters: raw.filters,
    };
  }

  #structure(name: string | undefined): StructureShape {
    return name === undefined ? unit : (this.#shape(name) as StructureShape);
  }

  #shape(name: string): Shape {
    let shape = this.#shapes.get(name);
    if (!shape) {
      shape = this.#readShape(name, this.#raw.shapes.get(name) as RawShape);
      this.#shapes.set(name, shape);
    }
    return shape;
  }

  #readShape(name: string, raw: RawShape): Shape {
    if ('members' in raw) {
      const members = new Map(Object.entries(raw.members).map(([member, rawMember]) => [member, this.#member(member, rawMember)]));
      return { type: raw.union ? 'union' : 'structure', name, members, limits: noLimits };
    }
    const limits: Limits = { min: raw.min, max: raw.max };
    if ('list' in raw) return { type: 'list', name, member: this.#member('member', raw.list), limits };
    return { type: 'map', name, key: this.#member('key', raw.key), value: this.#member('value', raw.value), limits };
  }

  #member(name: string, [target, rawTraits = {}]: RawMember): Member {
    const traits = rawTraits === 1 ? usual : rawTraits;
    let shape: Shape | undefined;
    const resolve = (): Shape => {
      if (typeof target !== 'string') return this.#readShape(`${name}Value`, target);
      return scalarTypes.has(target) ? { type: target as ScalarType, name: target, limits: this.#limits(traits) } : this.#shape(target);
    };
    return {
      name,
      get target() {
        return (shape ??= resolve());
      },
      required: traits.required === 1,
      ec2QueryName: traits.usual ? name : traits.ec2QueryName,
      xmlName: traits.usual ? name[0].toLowerCase() + name.slice(1) : traits.xmlName,
      xmlFlattened: traits.xmlFlattened === 1,
      jsonName: traits.jsonName,
      timestampFormat: traits.format,
      idempotencyToken: traits.idempotencyToken === 1,
      sensitive: traits.sensitive === 1,
    };
  }

  #limits({ enum: enumName, min, max, pattern }: RawTraits): Limits {
    if (enumName === undefined && min === undefined && max === undefined && pattern === undefined) return noLimits;
    return { enum: enumName === undefined ? undefined : this.#raw.enums.get(enumName), min, max, pattern };
  }
}
