/** One service's model: the SDK's schemas, its declarations and the limits overlay, joined and reduced to what operations reach. */
import { filterNames } from './declarations.mjs';
import { xmlNamespaces } from './services.mjs';
import { readSchema, traitsOf } from './schemas.mjs';

const otherProtocols = { ec2: 'ec2Query', query: 'awsQuery', 'smithy-rpc-v2-cbor': 'rpcv2Cbor' };

export function buildModel(service, settings, schemas, declarations, overlay) {
  const builder = new ModelBuilder(declarations, overlay);
  const operations = {};
  for (const [, , name, , input, output] of schemas.filter(([code]) => code === 9).sort(byName)) {
    operations[name] = builder.operation(name, input, output);
  }
  const errors = {};
  for (const schema of schemas.filter(([code, ns]) => code === -3 && !ns.startsWith('smithy.ts')).sort(byName)) {
    errors[schema[2]] = builder.error(schema);
  }
  if (builder.unknownWidths.length > 0) console.warn(`${service}: ${builder.unknownWidths.length} numbers of unknown width, newer than the overlay, taken as double`);
  return {
    service,
    serviceId: settings.serviceId,
    namespace: settings.namespace,
    signingName: settings.signingName,
    endpointPrefix: overlay.endpointPrefix,
    apiVersion: settings.apiVersion,
    protocols: protocolsOf(settings, overlay),
    xmlNamespace: settings.xmlNamespace || (xmlNamespaces[service] ?? ''),
    targetPrefix: settings.targetPrefix,
    awsQueryCompatible: settings.awsQueryCompatible,
    operations,
    errors,
    enums: builder.sortedEnums(),
    shapes: Object.fromEntries([...builder.shapes].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

const byName = (a, b) => (a[2] < b[2] ? -1 : 1);

/** The SDK's own first; then what botocore speaks; a query-compatible service still hears clients from before its JSON days. */
function protocolsOf(settings, overlay) {
  const all = [settings.protocol, ...overlay.protocols.map((name) => otherProtocols[name])];
  if (settings.awsQueryCompatible) all.push('awsQuery');
  return [...new Set(all.filter(Boolean))];
}

/** Most of EC2's members have their own name in requests and it with a small letter in answers: the trait `usual` says so in less. */
function withUsualNames(name, [target, traits]) {
  if (!traits) return [target];
  const { ec2QueryName, xmlName, ...others } = traits;
  if (ec2QueryName !== name || xmlName !== name[0].toLowerCase() + name.slice(1)) return [target, traits];
  return [target, Object.keys(others).length > 0 ? { usual: 1, ...others } : 1];
}

class ModelBuilder {
  shapes = new Map();
  enums = new Map();
  /** Numeric members whose width the overlay does not know. */
  unknownWidths = [];

  constructor(declarations, overlay) {
    this.declarations = declarations;
    this.overlay = overlay;
  }

  sortedEnums() {
    return Object.fromEntries([...this.enums].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  operation(name, input, output) {
    const { errors, input: inputType } = this.declarations.operations.get(name);
    const page = this.declarations.pagination.get(name);
    const filtersDoc = this.declarations.interfaces.get(inputType)?.get('Filters')?.doc;
    const filters = filtersDoc ? filterNames(filtersDoc) : [];
    return {
      input: this.rootShape(input),
      output: this.rootShape(output),
      ...(errors.length > 0 && { errors }),
      ...(page && { page: { ...page, items: this.overlay.items[name] } }),
      ...(filters.length > 0 && { filters }),
    };
  }

  error(schema) {
    const traits = traitsOf(schema[3]);
    this.rootShape(schema);
    return {
      status: traits.httpError ?? (traits.error === 'server' ? 500 : 400),
      fault: traits.error ?? 'client',
      ...(traits.awsQueryError && { queryCode: traits.awsQueryError[0] }),
    };
  }

  rootShape(reference) {
    const schema = readSchema(reference);
    if (schema.kind === 'unit') return undefined;
    return this.structure(schema);
  }

  structure(schema) {
    const { name } = schema;
    if (this.shapes.has(name)) return name;
    const shape = schema.kind === 'union' ? { union: 1, members: {} } : { members: {} };
    this.shapes.set(name, shape);
    const declared = this.declarations.interfaces.get(name);
    const limits = this.overlay.structures[name] ?? {};
    schema.names.forEach((member, index) => {
      const required = index < schema.required ? { required: 1 } : {};
      const entry = this.member(schema.members[index], declared?.get(member), limits[member], required, `${name}.${member}`);
      shape.members[member] = withUsualNames(member, entry);
    });
    return name;
  }

  /** `[target, traits?]`; a list or map whose schema has no name is written in place. */
  member(reference, declared, limits = {}, extra = {}, where = '') {
    const schema = readSchema(reference);
    const traits = { ...extra, ...schema.traits };
    if (schema.kind === 'scalar') return this.scalar(schema, traits, declared, limits, where);
    const target = this.target(schema, declared, limits, where);
    return Object.keys(traits).length > 0 ? [target, traits] : [target];
  }

  scalar(schema, traits, declared, limits, where) {
    const { type: width, min, max, pattern } = limits;
    if (schema.format) traits.format = schema.format;
    if (declared?.leaf && schema.type === 'string') {
      traits.enum = declared.leaf;
      this.enums.set(declared.leaf, this.declarations.enums.get(declared.leaf));
    }
    // A pattern or length beside an enum says nothing more than the enum does.
    if (!traits.enum) for (const [key, value] of Object.entries({ min, max, pattern })) if (value !== undefined) traits[key] = value;
    if (schema.type === 'number' && !width) this.unknownWidths.push(where);
    const target = schema.type === 'number' ? (width ?? 'double') : schema.type;
    return Object.keys(traits).length > 0 ? [target, traits] : [target];
  }

  target(schema, declared, limits, where) {
    if (schema.kind === 'structure' || schema.kind === 'union') return this.structure(schema);
    if (!schema.name) return this.collection(schema, declared, limits, where);
    if (!this.shapes.has(schema.name)) {
      this.shapes.set(schema.name, {});
      const own = this.overlay.collections[schema.name] ?? limits;
      this.shapes.set(schema.name, this.collection(schema, declared, own, schema.name));
    }
    return schema.name;
  }

  collection(schema, declared, limits, where) {
    const bounds = {};
    if (limits.min !== undefined) bounds.min = limits.min;
    if (limits.max !== undefined) bounds.max = limits.max;
    if (schema.kind === 'list') return { list: this.member(schema.member, declared, limits.member, {}, `${where}[]`), ...bounds };
    return {
      key: this.member(schema.key, { leaf: declared?.key }, limits.key, {}, `${where}.key`),
      value: this.member(schema.value, declared, limits.value, {}, `${where}.value`),
      ...bounds,
    };
  }
}
