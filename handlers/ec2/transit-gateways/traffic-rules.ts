import * as general from '../errors.ts';
import { formatCidr, parseCidr } from '../vpcs/cidr.ts';

/** What rules over traffic (policy tables, metering policies) say of it. */

const RULE_MAX = 32_766;
const PORT_MAX = 65_535;
const WITH_PORTS = ['6', '17'];

// assumed: rules are numbered as those of network ACLs are.
export function ruleNumber(value: string | number): string {
  const text = String(value);
  if (!/^\d{1,5}$/.test(text) || Number(text) < 1 || Number(text) > RULE_MAX) throw general.invalidValue(text, 'PolicyRuleNumber', `Valid values are 1 to ${RULE_MAX}.`);
  return String(Number(text));
}

/** A block as AWS writes it. */
export function block(text: string | undefined, parameter: string): string | undefined {
  if (text === undefined) return undefined;
  const cidr = parseCidr(text);
  if (!cidr) throw general.invalidValue(text, parameter, 'This is not a valid CIDR block.');
  return formatCidr(cidr);
}

/** A port or a range of ports, where the protocol has ports. */
export function checkPorts(text: string | undefined, protocol: string | undefined, parameter: string): void {
  if (text === undefined || text === '*') return;
  const [from, to = from] = text.split('-');
  const isPort = (port: string | undefined) => /^\d{1,5}$/.test(port ?? '') && Number(port) <= PORT_MAX;
  if (text.split('-').length > 2 || !isPort(from) || !isPort(to) || Number(from) > Number(to)) throw general.invalidValue(text, parameter, 'This is not a valid port range.');
  if (!WITH_PORTS.includes(protocol ?? '')) throw general.invalidParameterCombination(`${parameter} can be specified only when Protocol is 6 (TCP) or 17 (UDP).`);
}
