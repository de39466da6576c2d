/**
 * Reads the schemas that an SDK package exports for its own serialisers (dist-es/schemas/schemas_0.js). A schema is an array:
 * `[9, ns, name, traits, input, output]` an operation, `[3 | -3 | 4, ns, name, traits, names, members, requiredCount]` a
 * structure, an error, a union, `[1, ns, name, traits, member]` a list, `[2, ns, name, traits, key, value]` a map, `[0, ns,
 * name, traits, number]` a scalar with traits; a bare number is a scalar, with 64 added a list of it, with 128 a map. A
 * function is a forward reference, a pair `[schema, traits]` a member with traits. What is not known here throws: a silent
 * guess would be a wrong wire.
 */
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import esbuild from 'esbuild';

const scalars = { 0: 'string', 1: 'number', 2: 'boolean', 4: 'timestamp', 5: 'timestamp', 6: 'timestamp', 7: 'timestamp', 15: 'document', 21: 'blob' };
const timestampFormats = { 5: 'date-time', 6: 'http-date', 7: 'epoch-seconds' };
const traitBits = ['httpLabel', 'idempotent', 'idempotencyToken', 'sensitive', 'httpPayload', 'httpResponseCode', 'httpQueryParams'];
// Traits that change nothing for the protocols here, and the ones that we carry over.
const ignored = new Set(['idempotent', 'http', 'endpoint', 'mediaType', 'streaming']);
const carried = new Set(['xmlName', 'xmlFlattened', 'ec2QueryName', 'idempotencyToken', 'sensitive', 'awsQueryError', 'error', 'httpError', 'jsonName']);

/** The package's schemas, evaluated: bundled first, because its files name each other without extensions. */
export function loadSchemas(packageDir) {
  const bundle = esbuild.buildSync({
    entryPoints: [path.join(packageDir, 'dist-es/schemas/schemas_0.js')],
    bundle: true, write: false, format: 'cjs', platform: 'node', logLevel: 'error',
  });
  const module = { exports: {} };
  new Function('module', 'exports', 'require', bundle.outputFiles[0].text)(module, module.exports, createRequire(import.meta.url));
  return Object.values(module.exports).filter((value) => Array.isArray(value) && typeof value[0] === 'number');
}

export function traitsOf(raw) {
  const traits = typeof raw === 'object' && raw !== null ? { ...raw } : {};
  if (typeof raw === 'number') {
    if (raw >> traitBits.length) throw new Error(`Unknown trait bits ${raw}`);
    traitBits.forEach((name, bit) => (raw >> bit) & 1 && (traits[name] = 1));
  }
  for (const name of Object.keys(traits)) {
    if (ignored.has(name)) delete traits[name];
    else if (!carried.has(name)) throw new Error(`Unknown trait ${name}`);
  }
  return traits;
}

/** A reference as `{ traits, kind, ... }`, its own and its member's traits merged; children stay references. */
export function readSchema(reference) {
  const traits = {};
  let schema = reference;
  while (typeof schema === 'function' || (Array.isArray(schema) && schema.length === 2)) {
    if (typeof schema === 'function') schema = schema();
    else {
      Object.assign(traits, traitsOf(schema[1]), { ...traits });
      schema = schema[0];
    }
  }
  if (schema === 'unit') return { kind: 'unit', traits };
  if (typeof schema === 'number') return readNumber(schema, traits);
  if (!Array.isArray(schema)) throw new Error(`Unknown schema ${String(schema)}`);
  const [code, , name, own] = schema;
  if (code === 0) return { ...readSchema(schema[4]), traits: { ...traitsOf(own), ...traits } };
  const sensitive = traitsOf(own).sensitive ? { sensitive: 1 } : {};
  const merged = { ...sensitive, ...traits };
  if (code === 1) return { kind: 'list', name, traits: merged, member: schema[4] };
  if (code === 2) return { kind: 'map', name, traits: merged, key: schema[4], value: schema[5] };
  if (code === 3 || code === -3 || code === 4) {
    const [names, members, required = 0] = schema.slice(4);
    return { kind: code === 4 ? 'union' : 'structure', name, traits: merged, own: traitsOf(own), names, members, required };
  }
  throw new Error(`Unknown schema code ${code} of ${name}`);
}

function readNumber(code, traits) {
  if (code >= 128 && code < 256) return { kind: 'map', traits, key: 0, value: code & 63 };
  if (code >= 64 && code < 128) return { kind: 'list', traits, member: code & 63 };
  if (!scalars[code]) throw new Error(`Unknown scalar code ${code}`);
  return { kind: 'scalar', type: scalars[code], format: timestampFormats[code], traits };
}

/** apiVersion, xmlNamespace and so on out of dist-es/runtimeConfig.shared.js and its neighbours, which are text to us. */
export function readSettings(packageDir) {
  const text = readFileSync(path.join(packageDir, 'dist-es/runtimeConfig.shared.js'), 'utf8');
  const string = (pattern) => text.match(pattern)?.[1];
  const protocols = {
    AwsEc2QueryProtocol: 'ec2Query', AwsQueryProtocol: 'awsQuery', AwsJson1_0Protocol: 'awsJson1_0', AwsJson1_1Protocol: 'awsJson1_1',
  };
  const protocolClass = string(/protocol: config\?\.protocol \?\? (\w+)/);
  if (!protocols[protocolClass]) throw new Error(`Unknown protocol class ${protocolClass}`);
  const client = readFileSync(path.join(packageDir, 'dist-es/endpoint/EndpointParameters.js'), 'utf8');
  return {
    serviceId: string(/serviceId: config\?\.serviceId \?\? "([^"]+)"/),
    signingName: client.match(/defaultSigningName: "([^"]+)"/)[1],
    apiVersion: string(/\bversion: "([^"]+)"/),
    protocol: protocols[protocolClass],
    xmlNamespace: string(/xmlNamespace: "([^"]+)"/) ?? '',
    namespace: string(/defaultNamespace: "([^"]+)"/),
    targetPrefix: string(/serviceTarget: "([^"]+)"/),
    awsQueryCompatible: /awsQueryCompatible: true/.test(text),
  };
}

