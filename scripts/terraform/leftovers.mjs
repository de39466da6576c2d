// What a destroyed stack left behind, against what a Region of an untouched Fogbank starts with.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import aws4 from 'aws4';
import { ACCOUNT } from './stack.mjs';

/** A signed call, so that the Region gets its default network. */
async function describeVpcs(endpoint, region) {
  const { host } = new URL(endpoint);
  const body = 'Action=DescribeVpcs&Version=2016-11-15';
  const signed = aws4.sign({ host, service: 'ec2', region, method: 'POST', path: '/', body, headers: { 'Content-Type': 'application/x-www-form-urlencoded; charset=utf-8' } }, { accessKeyId: ACCOUNT, secretAccessKey: 'test' });
  const response = await fetch(endpoint, { method: 'POST', body, headers: signed.headers });
  if (!response.ok) throw new Error(`DescribeVpcs answered ${response.status} ${(await response.text()).slice(0, 300)}`);
}

/** Counts by kind, without what is deleted but still described (terminated instances). */
const present = ({ resources = {}, lingering = {} }) =>
  Object.fromEntries(Object.entries(resources).map(([kind, count]) => [kind, count - (lingering[kind] ?? 0)]).filter(([, count]) => count > 0));

const textOf = (stack) => readdirSync(stack).filter((f) => f.endsWith('.tf')).map((f) => readFileSync(join(stack, f), 'utf8')).join('\n');

/** What there is before a stack, in each Region that it names. */
export async function startingContent(fogbank, stack) {
  const named = [...textOf(stack).matchAll(/\bregion\s*=\s*"([a-z]{2}-[a-z-]+-\d)"/g)].map((m) => m[1]);
  for (const region of new Set(['us-east-1', ...named])) await describeVpcs(fogbank.endpoint, region);
  return present(await fogbank.info());
}

/**
 * `["ec2:volume +1", …]`, empty where there is no more than at the start. Less is no leftover: Terraform takes the rules
 * of default security groups that it adopts, and does not put them back. What a stack means to leave it says in a line
 * of main.tf: `# leaves: ec2:snapshot +1`.
 */
export async function leftovers(fogbank, start, stack) {
  const meant = [...readFileSync(join(stack, 'main.tf'), 'utf8').matchAll(/^# leaves: (.*)$/gm)].map((m) => m[1].trim());
  return Object.entries(present(await fogbank.info()))
    .map(([kind, count]) => [kind, count - (start[kind] ?? 0)])
    .filter(([, more]) => more > 0)
    .map(([kind, more]) => `${kind} +${more}`)
    .filter((left) => !meant.includes(left))
    .sort();
}
