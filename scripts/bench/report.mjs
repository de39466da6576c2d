// The bounds that Fogbank must keep, and how a run is printed.

const rounded = (n) => (n === undefined ? '-' : n >= 100 ? Math.round(n) : Math.round(n * 100) / 100);

/** `{ what, value, bound, ok }`; `ok` is undefined where something that it needs was not measured. */
function atLeast(what, value, bound) {
  return { what, value, bound: `at least ${bound}`, ok: Number.isFinite(value) ? value >= bound : undefined };
}
function atMost(what, value, bound) {
  return { what, value, bound: `at most ${bound}`, ok: Number.isFinite(value) ? value <= bound : undefined };
}

/** Beside moto_server, with a hundred instances present. */
const PEER_RATIOS = {
  GetCallerIdentity: 25, RunInstances: 20, 'DescribeInstances by id': 20, CreateTags: 20, CreateRole: 20, GetRole: 20, 'CreateVpc and CreateSubnet': 20,
};
/** "Flat in what exists", with room for the noise of shared cores. */
const FLAT_MAX = 1.3;

export function checks({ startMs, idleMib, within, peers, grown, listingFloorCpuMs, many }) {
  const ratio = (a, b) => a / b;
  const at = (name, server) => peers[name]?.[server] ?? {};
  const growthOf = (name) => ratio(grown.measured?.[name]?.many?.cpuMs, grown.measured?.[name]?.few?.cpuMs);
  const bare = peers['GetCallerIdentity beside bare node:http'];
  return [
    ...Object.entries(PEER_RATIOS).map(([name, bound]) => atLeast(`${name}: requests a second, times moto's`, ratio(at(name, 'fogbank').perSecond, at(name, 'moto').perSecond), bound)),
    atLeast("GetCallerIdentity: share of bare node:http's requests a second", ratio(bare?.fogbank?.perSecond, bare?.raw?.perSecond), 0.33),
    ...['GetCallerIdentity', 'DescribeInstances'].map((name) => atLeast(`${name} by a role with ten policies: share of root's requests a second`, ratio(at(`${name} by a caller`, 'role').perSecond, at(`${name} by a caller`, 'root').perSecond), 0.7)),
    atMost('RunInstances: server CPU, ms', at('RunInstances', 'fogbank').cpuMs, 0.5),
    atMost(`tag filter: CPU for 100 hits among ${many}, times among 1000`, growthOf('DescribeInstances by tag'), 1.3),
    ...['RunInstances', 'DescribeInstances by id', 'CreateTags'].map((name) => atMost(`${name}: CPU with ${many} present, times with 1000`, growthOf(name), FLAT_MAX)),
    atMost(`listing ${many} in pages of 1000: CPU, times the floor's`, ratio(grown.listingCpuMs, listingFloorCpuMs), 2.5),
    atMost("start to first answered call (EC2, cold Region), times bare Fastify with SQLite's", ratio(startMs['fogbank, first ec2'], startMs['fastify-sqlite']), 1.6),
    atMost("in process, start to first answered call, share of moto's decorator", ratio(within.firstMs, within.motoFirstMs), 0.25),
    atMost('in process, reset of a world with 1000 resources, share of a start', ratio(within.resetMs, within.firstMs), 0.05),
    atMost('in process, fork of a world with 1000 resources, share of a start', ratio(within.forkMs, within.firstMs), 0.3),
    atMost('resident memory idle, MiB', idleMib, 110),
    atMost(`resident memory with ${many} instances, MiB`, grown.manyMib, 200),
  ];
}

const columns = (rows, widths) => rows.map((row) => row.map((cell, i) => (i === 0 ? String(cell).padEnd(widths[i]) : String(cell).padStart(widths[i]))).join(' ')).join('\n');

function measurementRows(measured) {
  return Object.entries(measured).flatMap(([name, servers]) => Object.entries(servers).map(([server, r]) =>
    (r.error ? [name, server, r.error.slice(0, 90)] : [name, server, rounded(r.perSecond), rounded(r.p50Ms), rounded(r.p99Ms), rounded(r.cpuMs)])));
}

export function printMeasurements({ startMs, idleMib, within, peers, grown, listingFloorCpuMs }) {
  console.log('\nstart to first answered signed call, ms');
  for (const [name, ms] of Object.entries(startMs)) console.log(`  ${name.padEnd(24)}${rounded(ms)}`);
  console.log(`in process, ms: SDK imported ${rounded(within.sdkMs)}, first call ${rounded(within.firstMs)} (moto's decorator ${rounded(within.motoFirstMs)}); with 1000 resources: reset ${rounded(within.resetMs)}, restore ${rounded(within.restoreMs)}, fork ${rounded(within.forkMs)}`);
  console.log(`resident memory, MiB: idle ${rounded(idleMib)}, with many instances ${rounded(grown.manyMib)}`);
  console.log(`listing, CPU ms: ${rounded(grown.listingCpuMs)}, floor ${rounded(listingFloorCpuMs)}\n`);
  const head = ['call', 'server', 'req/s', 'p50 ms', 'p99 ms', 'CPU ms/req'];
  console.log(columns([head, ...measurementRows(peers), ...(grown.cannot ? [] : measurementRows(grown.measured ?? {}))], [40, 9, 9, 9, 9, 11]));
  if (grown.cannot) console.log(`growth was not measured: ${grown.cannot}`);
}

export function printChecks(all) {
  console.log('');
  for (const { what, value, bound, ok } of all) console.log(`${ok === undefined ? 'not measured' : ok ? 'ok          ' : 'FAIL        '} ${what}: ${rounded(Number.isFinite(value) ? value : undefined)} (${bound})`);
  const failed = all.filter((c) => c.ok === false).length;
  console.log(`${all.filter((c) => c.ok).length} hold, ${failed} fail, ${all.filter((c) => c.ok === undefined).length} not measured`);
}
