#!/usr/bin/env node
// Measures Fogbank beside a bare node:http server, a Fastify-with-SQLite server and moto_server (where it is), in one
// interleaved run, and checks the ratios that Fogbank must reach.
//   node scripts/bench/run.mjs [--quick] [--json result.json] [--instances 10000] [--only RunInstances]
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { inProcess } from './in-process.mjs';
import { checks, printChecks, printMeasurements } from './report.mjs';
import { hasMoto, start } from './servers.mjs';
import { becomeRole, listAll, prepare, round, seed, WORKLOADS } from './workloads.mjs';
import { median } from './load.mjs';

const { values: options } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, json: { type: 'string' }, instances: { type: 'string', default: '10000' }, only: { type: 'string' } },
});
const ROUNDS = options.quick ? 3 : 7;
/** Requests a round: enough for a process's time, which is counted in hundredths of a second. */
const REQUESTS = options.quick ? { fogbank: 800, raw: 1500, moto: 60 } : { fogbank: 3000, raw: 5000, moto: 200 };
const CONNECTIONS = 8;
const PRESENT_BESIDE_PEERS = 100;
const FEW = 1000;
const MANY = Number(options.instances);
const HOT = 100;

const say = (text) => process.stderr.write(`${text}\n`);
const medians = (rounds) => {
  const failed = rounds.find((r) => r.error);
  return failed ?? Object.fromEntries(['perSecond', 'p50Ms', 'p99Ms', 'cpuMs'].map((member) => [member, median(rounds.map((r) => r[member]))]));
};

/** Spawn to first answer, servers in turn; and what an idle Fogbank holds in memory. */
async function startUp() {
  const subjects = [['fogbank', 'sts'], ['fogbank', 'ec2'], ['fastify-sqlite', 'sts'], ...(hasMoto ? [['moto', 'sts']] : [])];
  const ms = {};
  let idleMib;
  for (let i = 0; i < ROUNDS; i++) {
    for (const [name, service] of subjects) {
      if (name === 'moto' && i > 2) continue;
      const server = await start(name, service);
      const key = name === 'fogbank' ? `fogbank, first ${service}` : name;
      (ms[key] ??= []).push(server.startMs);
      if (name === 'fogbank' && service === 'ec2') idleMib = server.rssMib();
      await server.stop();
    }
  }
  return { startMs: Object.fromEntries(Object.entries(ms).map(([name, all]) => [name, median(all)])), idleMib };
}

async function ready(name, hotEvery, instances) {
  const server = await start(name);
  server.hotEvery = hotEvery;
  if (name === 'raw') server.state = { instances: [], roles: [], started: 0, image: 'ami-1', subnet: 'subnet-1' };
  else {
    try {
      await prepare(server);
      await seed(server, instances);
    } catch (error) {
      server.cannot = error.message;
    }
  }
  return server;
}

const ATTEMPTS = 5;

/** moto fails some rounds by chance, and would be left out of the comparison for one of them: such a round is run again. */
async function measuredRound(server, name, n) {
  let result;
  for (let i = 0; i < (server.name === 'moto' ? ATTEMPTS : 1); i++) {
    result = await round(server, name, n, CONNECTIONS);
    if (!result.error) break;
  }
  return result;
}

/** Each workload, round by round, the servers in turn; the first round warms up. */
async function interleaved(servers, names, requests) {
  const all = {};
  for (const name of names) {
    if (options.only && !name.includes(options.only)) continue;
    say(`  ${name}`);
    const rounds = servers.map(() => []);
    for (let i = 0; i <= ROUNDS; i++) {
      for (const [at, server] of servers.entries()) rounds[at].push(await measuredRound(server, name, requests(server, name)));
    }
    all[name] = Object.fromEntries(servers.map((server, at) => [server.label ?? server.name, medians(rounds[at].slice(1))]));
  }
  return all;
}

/** Fogbank, moto and the bare server, with a hundred instances present. */
async function besidePeers() {
  const servers = await Promise.all(['fogbank', ...(hasMoto ? ['moto'] : [])].map((name) => ready(name, 100, PRESENT_BESIDE_PEERS)));
  for (const { name, cannot } of servers) if (cannot) say(`${name}: ${cannot}`);
  const floor = await ready('raw', 100, 0);
  // What runs instances comes last, since the others are compared at a hundred present.
  const names = Object.keys(WORKLOADS).filter((name) => name !== 'RunInstances' && !/, (root|role)$/.test(name)).concat('RunInstances');
  const bare = await interleaved([servers[0], floor], ['GetCallerIdentity'], ({ name }) => REQUESTS[name]);
  const measured = await interleaved(servers, names, ({ name }) => REQUESTS[name]);
  await Promise.all([...servers, floor].map((server) => server.stop()));
  return { ...measured, 'GetCallerIdentity beside bare node:http': bare.GetCallerIdentity ?? {} };
}

/** What policies cost: the same calls by an account's root and by a role with ten policies, in turn. */
async function byRole() {
  const server = await ready('fogbank', 100, PRESENT_BESIDE_PEERS);
  const out = {};
  try {
    await becomeRole(server);
    for (const action of ['GetCallerIdentity', 'DescribeInstances']) {
      const rounds = { root: [], role: [] };
      for (let i = 0; i <= ROUNDS; i++) {
        for (const who of ['root', 'role']) rounds[who].push(await round(server, `${action}, ${who}`, REQUESTS.fogbank, CONNECTIONS));
      }
      out[`${action} by a caller`] = { root: medians(rounds.root.slice(1)), role: medians(rounds.role.slice(1)) };
    }
    return out;
  } finally {
    await server.stop();
  }
}

/** The same calls with few and with many instances present, the same hundred of them hot. */
async function growth() {
  const few = Object.assign(await ready('fogbank', FEW / HOT, FEW), { label: 'few' });
  const many = Object.assign(await ready('fogbank', MANY / HOT, MANY), { label: 'many' });
  const result = await (async () => {
    if (many.cannot) return { cannot: many.cannot };
    const manyMib = many.rssMib();
    const names = ['DescribeInstances by tag', 'DescribeInstances by id', 'CreateTags', 'RunInstances'];
    const measured = await interleaved([few, many], names, (_server, name) => (name === 'DescribeInstances by tag' ? Math.ceil(REQUESTS.fogbank / 10) : REQUESTS.fogbank));
    const listings = [];
    for (let i = 0; i < ROUNDS; i++) {
      const { cpuMs, items } = await listAll(many, 1000);
      listings.push((cpuMs / items) * MANY);
    }
    return { measured, manyMib, listingCpuMs: median(listings) };
  })();
  await few.stop();
  await many.stop((folder) => { result.listingFloorCpuMs = listingFloor(join(folder, 'state', 'state.sqlite')); });
  return result;
}

/** For as many instances as were listed. */
function listingFloor(stateFile) {
  const { cpuMs, items } = JSON.parse(spawnSync(process.execPath, [fileURLToPath(new URL('listing-floor.mjs', import.meta.url)), stateFile], { encoding: 'utf8' }).stdout);
  return (cpuMs / items) * MANY;
}

say(`rounds ${ROUNDS}, moto_server ${hasMoto ? 'found' : 'not found: what is compared with it is left out'}`);
say('start-up');
const begin = await startUp();
say('in process');
const within = inProcess(options.quick ? 3 : 5);
say('beside peers');
const peers = await besidePeers();
say('by a role');
Object.assign(peers, await byRole());
say(`growth: ${FEW} and ${MANY} instances`);
const grown = await growth();
const result = { node: process.version, quick: options.quick, ...begin, within, peers, grown, listingFloorCpuMs: grown.listingFloorCpuMs, many: MANY };
result.checks = checks(result);
printMeasurements(result);
printChecks(result.checks);
if (options.json) writeFileSync(options.json, `${JSON.stringify(result, null, 1)}\n`);
process.exitCode = result.checks.some((c) => c.ok === false) ? 1 : 0;
