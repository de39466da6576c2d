/**
 * Packs InstanceTypeInfo documents into `fixtures/catalog/instance-types.json` and offerings into
 * `instance-type-offerings.json`. A document is taken apart into paths; what all types have in common stands in
 * `defaults`, what a family has in common in its `shared`, the rest in one row a type. Paths are positions in `paths`; a value that
 * is long stands once in `values` and is referred to by its position as a string. `null` means that the member is absent. handlers/ec2/catalog/instance-types.ts puts documents together again; this script checks that it loses nothing.
 */
import { buildSync } from 'esbuild';
import { isDeepStrictEqual } from 'node:util';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { modelledTypes } from './generate-catalog-modelled-types.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const catalog = join(root, 'fixtures', 'catalog');

// assumed: current. The record calls these families previous generation while it calls their d, n and a variants current,
// and stacks in the field ask for m5 as a current one; AWS's notion is at
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceRequirementsRequest.html
const CURRENT = new Set(['c5', 'c6gn', 'm5', 'm6i', 'r5', 'r6i']);
// Stands in a path for the only card of the list NetworkCards.
const CARD = 'NetworkInfo.NetworkCard.';
const ZONES_OF_MODELLED = { newer: ['us-east-1', 'us-east-2', 'us-west-2', 'eu-central-1'], older: ['us-east-1', 'us-west-2', 'eu-west-1'] };
const RETIRED = new Set(['cc1', 'cc2', 'cg1', 'cr1', 'hi1', 'hs1', 'g2', 'p2', 'f1']);

export async function writeInstanceTypes(facts) {
  const known = JSON.parse(readFileSync(join(facts, 'describe-instance-types.json'), 'utf8'));
  const names = Object.values(createRequire(import.meta.url)('@aws-sdk/client-ec2')._InstanceType);
  for (const [name, info] of Object.entries(known)) if (CURRENT.has(name.split('.')[0])) info.CurrentGeneration = true;
  const modelled = modelledTypes(names, known);
  const all = Object.fromEntries(Object.entries({ ...known, ...modelled }).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(join(catalog, 'instance-types.json'), render(pack(all, modelled)));
  writeFileSync(join(catalog, 'instance-type-offerings.json'), renderOfferings(join(facts, 'offerings'), all, modelled));
  await verify(all);
  console.log(`${Object.keys(all).length} instance types, ${Object.keys(modelled).length} of them modelled`);
}

function pack(all, modelled) {
  const flat = new Map(Object.entries(all).map(([name, info]) => [name, flatten(info)]));
  const paths = [...new Set([...flat.values()].flatMap((each) => [...each.keys()]))].sort();
  const defaults = {};
  for (const path of paths) {
    const common = mostCommon([...flat.values()].map((each) => each.get(path) ?? null));
    if (common !== null) defaults[path] = common;
  }
  const families = {};
  for (const name of flat.keys()) (families[name.split('.')[0]] ??= []).push(name);
  for (const [family, members] of Object.entries(families)) {
    families[family] = packFamily(members.map((name) => [name.slice(family.length + 1), flat.get(name)]), paths, defaults);
    const made = members.filter((name) => modelled[name] !== undefined).map((name) => name.slice(family.length + 1));
    if (made.length > 0) families[family].modelled = made.length === members.length ? true : made;
  }
  return shorten(paths, defaults, families);
}

/** Paths become positions in a list, long values references into another: the file is a third of its size then. */
function shorten(paths, defaults, families) {
  const position = new Map(paths.map((path, index) => [path, index]));
  const values = new Map();
  const refer = (value) => {
    const text = JSON.stringify(value);
    if (typeof value === 'number' || value === null) return value;
    if (!values.has(text)) values.set(text, values.size);
    return String(values.get(text));
  };
  const byPosition = (record) => Object.fromEntries(Object.entries(record).map(([path, value]) => [position.get(path), refer(value)]));
  const short = Object.fromEntries(Object.entries(families).map(([name, { shared, columns, rows, ...rest }]) => [name, {
    ...rest,
    shared: byPosition(shared),
    columns: columns.map((path) => position.get(path)),
    rows: Object.fromEntries(Object.entries(rows).map(([size, row]) => [size, row.map(refer)])),
  }]));
  const packedDefaults = byPosition(defaults);
  return { paths, values: [...values.keys()].map((text) => JSON.parse(text)), defaults: packedDefaults, families: short };
}

function packFamily(members, paths, defaults) {
  const shared = {};
  const columns = [];
  for (const path of paths) {
    const values = members.map(([, flat]) => flat.get(path) ?? null);
    if (values.every((value) => same(value, values[0]))) {
      if (!same(values[0], defaults[path] ?? null)) shared[path] = values[0];
    } else columns.push(path);
  }
  const rows = Object.fromEntries(members.map(([size, flat]) => [size, columns.map((path) => flat.get(path) ?? null)]));
  return { shared, columns, rows };
}

/** Paths to values; what follows from another member by rule is left out. */
function flatten(info) {
  const flat = new Map();
  const walk = (value, path) => {
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
      for (const [member, inner] of Object.entries(value)) walk(inner, path === '' ? member : `${path}.${member}`);
    } else flat.set(path, Array.isArray(value) ? packList(value) : value);
  };
  walk(info, '');
  flat.delete('InstanceType');
  packNetworkCards(flat, info.NetworkInfo);
  for (const kind of ['Baseline', 'Maximum']) {
    const ebs = info.EbsInfo.EbsOptimizedInfo;
    if (ebs?.[`${kind}ThroughputInMBps`] === ebs?.[`${kind}BandwidthInMbps`] / 8) flat.delete(`EbsInfo.EbsOptimizedInfo.${kind}ThroughputInMBps`);
  }
  const { DefaultVCpus, DefaultThreadsPerCore, DefaultCores } = info.VCpuInfo;
  if (DefaultVCpus === DefaultCores * DefaultThreadsPerCore) flat.delete('VCpuInfo.DefaultCores');
  return flat;
}

function packNetworkCards(flat, network) {
  if (network.NetworkCards.length !== 1) return;
  flat.delete('NetworkInfo.NetworkCards');
  for (const [member, value] of Object.entries(network.NetworkCards[0])) {
    if (member === 'NetworkCardIndex' || value === network[member]) continue;
    flat.set(CARD + member, value);
  }
}

/** Evenly spaced numbers as "first-last/step", equal objects that differ in their index only as one with a count. */
function packList(list) {
  if (list.length > 2 && list.every((value, index) => index === 0 || (typeof value === 'number' && value - list[index - 1] === list[1] - list[0]))) {
    return `${list[0]}-${list.at(-1)}/${list[1] - list[0]}`;
  }
  const index = Object.keys(list[0] ?? {}).find((member) => member.endsWith('CardIndex'));
  if (index === undefined) return list;
  const runs = [];
  for (const { [index]: _, ...card } of list) {
    const last = runs.at(-1);
    if (last !== undefined && same(last.card, card)) last.count += 1;
    else runs.push({ count: 1, card });
  }
  return { index, runs };
}

function mostCommon(values) {
  const counts = new Map();
  for (const value of values) counts.set(JSON.stringify(value), (counts.get(JSON.stringify(value)) ?? 0) + 1);
  return JSON.parse([...counts].sort((a, b) => b[1] - a[1])[0][0]);
}

function same(a, b) {
  return JSON.stringify(a) === JSON.stringify(b);
}

function render({ paths, values, defaults, families }) {
  const lines = Object.entries(families).map(([family, { rows, ...head }]) => {
    const sizes = Object.entries(rows).map(([size, row]) => `      ${JSON.stringify(size)}: ${JSON.stringify(row)}`).join(',\n');
    return `    ${JSON.stringify(family)}: ${JSON.stringify(head).slice(0, -1)}, "rows": {\n${sizes}}}`;
  });
  const origin = ['https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceTypes.html', 'answers as recorded by moto 5.2.1 (Apache-2.0)'];
  return `{\n  "origin": ${JSON.stringify(origin)},\n  "paths": ${JSON.stringify(paths)},\n`
    + `  "values": ${JSON.stringify(values)},\n  "defaults": ${JSON.stringify(defaults)},\n  "families": {\n${lines.join(',\n')}\n  }\n}\n`;
}

/** Region -> set of zones (a letter a zone) -> families that are there with all their types, then single types. */
function renderOfferings(folder, all, modelled) {
  const regions = JSON.parse(readFileSync(join(catalog, 'regions.json'), 'utf8')).regions;
  const recorded = new Set(readdirSync(folder).map((file) => file.replace('.json', '')));
  const lines = regions.map(({ name, zones }) => {
    // A Region newer than the record offers what the newest recorded one does.
    const source = recorded.has(name) ? name : 'ap-southeast-5';
    const sourceZones = regions.find((region) => region.name === source).zones;
    const letters = new Map();
    for (const { InstanceType, Location } of JSON.parse(readFileSync(join(folder, `${source}.json`), 'utf8'))) {
      const letter = Object.keys(sourceZones).find((each) => sourceZones[each] === Location);
      if (all[InstanceType] !== undefined) letters.set(InstanceType, `${letters.get(InstanceType) ?? ''}${letter}`);
    }
    for (const type of Object.keys(modelled)) {
      const wanted = all[type].CurrentGeneration ? ZONES_OF_MODELLED.newer : ZONES_OF_MODELLED.older;
      if (wanted.includes(name) && !RETIRED.has(type.split('.')[0])) letters.set(type, Object.keys(zones).slice(0, 2).join(''));
    }
    // Every Region has these families whole; the record of one lacks some of their sizes, as in a shortage.
    for (const type of Object.keys(all)) {
      if (/^t(3|4g)\./.test(type) && name !== 'us-east-1') letters.set(type, Object.keys(zones).join(''));
    }
    const groups = groupByZones(letters, all);
    return `    ${JSON.stringify(name)}: ${JSON.stringify({ ...(source === name ? {} : { modelled: true }), zones: groups })}`;
  });
  return `{\n  "origin": ["https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceTypeOfferings.html", "answers as recorded by moto 5.2.1 (Apache-2.0)"],\n`
    + `  "modelled": ["offerings of types that are modelled", "Regions marked modelled", "edge zones", "t3 and t4g in every zone outside us-east-1"],\n`
    + `  "edgeZones": "t3 c5 m5 r5 g4dn c6i m6i r6i",\n  "regions": {\n${lines.join(',\n')}\n  }\n}\n`;
}

function groupByZones(letters, all) {
  const groups = {};
  const byFamily = {};
  for (const type of Object.keys(all)) (byFamily[type.split('.')[0]] ??= []).push(type);
  for (const [family, types] of Object.entries(byFamily)) {
    const places = types.map((type) => [...(letters.get(type) ?? '')].sort().join(''));
    if (places.every((place) => place === places[0])) {
      if (places[0] !== '') (groups[places[0]] ??= []).push(family);
      continue;
    }
    types.forEach((type, index) => places[index] !== '' && (groups[places[index]] ??= []).push(type));
  }
  return Object.fromEntries(Object.entries(groups).map(([place, list]) => [place, list.join(' ')]));
}

async function verify(all) {
  const outfile = join(root, 'node_modules', '.cache', 'instance-types.mjs');
  buildSync({ entryPoints: [join(root, 'handlers/ec2/catalog/instance-types.ts')], outfile, bundle: true, platform: 'node', format: 'esm' });
  const { instanceType } = await import(`${pathToFileURL(outfile).href}?${process.pid}`);
  for (const [name, info] of Object.entries(all)) {
    if (!isDeepStrictEqual(instanceType(name), info)) throw new Error(`${name} is not what it was: ${JSON.stringify(instanceType(name))}\n${JSON.stringify(info)}`);
  }
}
