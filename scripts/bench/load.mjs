// The load: requests that were signed and written to bytes beforehand, over C connections, each with one in flight.
// A closed loop: latencies do not include the queueing that an open one would show.
import { readFileSync } from 'node:fs';
import { Connection } from './connection.mjs';

const RUN_MS_MAX = 120_000;
/** Linux counts a process's time in hundredths of a second. */
const TICKS_PER_SECOND = 100;

/** User and system seconds of a process, all its threads. */
export function cpuSeconds(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

export const residentMib = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;

const percentile = (sorted, p) => sorted[Math.min(sorted.length - 1, Math.ceil(p * sorted.length) - 1)];
export const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];

/** `{ perSecond, p50Ms, p99Ms, cpuMs, errors, firstError, bodies? }`; `cpuMs` is the server's, for each request. */
export async function drive({ to, pid }, requests, { connections = 8, keepBodies = false } = {}) {
  const latencies = new Float64Array(requests.length);
  const bodies = keepBodies ? new Array(requests.length) : undefined;
  const all = Array.from({ length: Math.min(connections, requests.length) }, () => new Connection(to));
  let [next, done, errors, firstError] = [0, 0, 0, undefined];
  const cpuBefore = cpuSeconds(pid);
  const started = performance.now();
  await new Promise((resolve, reject) => {
    const watchdog = setTimeout(() => reject(new Error(`stalled: ${done} of ${requests.length} done`)), RUN_MS_MAX);
    const pump = (connection) => {
      const i = next++;
      if (i >= requests.length) return;
      const sent = performance.now();
      connection.send(requests[i], (error, c) => {
        latencies[i] = performance.now() - sent;
        if (error || c.status !== 200) {
          errors++;
          firstError ??= error ? String(error) : `${c.status} ${/<Code>([^<]*)</.exec(c.body().toString())?.[1] ?? ''}`;
        } else if (bodies) bodies[i] = c.body().toString();
        if (++done < requests.length) return pump(connection);
        clearTimeout(watchdog);
        resolve();
      });
    };
    all.forEach(pump);
  });
  const ms = performance.now() - started;
  const cpuMs = ((cpuSeconds(pid) - cpuBefore) * 1000) / requests.length;
  all.forEach((connection) => connection.end());
  latencies.sort();
  return { perSecond: (requests.length / ms) * 1000, p50Ms: percentile(latencies, 0.5), p99Ms: percentile(latencies, 0.99), cpuMs, errors, firstError, bodies };
}
