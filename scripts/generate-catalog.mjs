/**
 * Writes the generated part of `fixtures/catalog`:
 *   node scripts/generate-catalog.mjs managed-policies [--check]
 *   node scripts/generate-catalog.mjs instance-types --facts <folder>
 * Managed policies come from a dev dependency, so `--check` can compare. Instance types come from answers of AWS that are
 * not kept here: `<folder>/describe-instance-types.json` (type name to InstanceTypeInfo) and
 * `<folder>/offerings/<region>.json` (the list of DescribeInstanceTypeOfferings by availability-zone-id).
 */
import { writeInstanceTypes } from './generate-catalog-instance-types.mjs';
import { writeManagedPolicies } from './generate-catalog-managed-policies.mjs';

const [part, ...options] = process.argv.slice(2);
const facts = options[options.indexOf('--facts') + 1];

if (part === 'managed-policies') await writeManagedPolicies({ check: options.includes('--check') });
else if (part === 'instance-types' && options.includes('--facts') && facts !== undefined) await writeInstanceTypes(facts);
else {
  console.error('usage: generate-catalog.mjs managed-policies [--check] | instance-types --facts <folder>');
  process.exitCode = 2;
}
