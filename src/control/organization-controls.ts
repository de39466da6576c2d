import { checkPolicy } from '../iam/policy-documents.ts';
import { putOrganizationPolicies } from '../kit/organization-policies.ts';
import { ControlError, type Control, type Given } from './control.ts';

/** A list of levels, each a list of documents; texts as the store wants them. */
function levelsOf(name: 'scps' | 'rcps', given: Given): string[][] | undefined {
  const levels = given[name] as unknown;
  if (levels === undefined) return undefined;
  if (!Array.isArray(levels) || !levels.every((level) => Array.isArray(level))) throw new ControlError(`organization set: ${name} must be a list of levels, each a list of policy documents`);
  return (levels as unknown[][]).map((level) => level.map((document) => {
    const text = JSON.stringify(document);
    try {
      // Resource control policies name a principal, everybody, which no other policy of this grammar does.
      checkPolicy(name === 'scps' ? text : JSON.stringify(withoutPrincipals(document)), 'identity');
    } catch (error) {
      throw new ControlError(`organization set: ${text.slice(0, 120)}: ${(error as Error).message}`);
    }
    return text;
  }));
}

function withoutPrincipals(document: unknown): unknown {
  const { Statement, ...rest } = document as { Statement?: object | object[] };
  const statements = (Array.isArray(Statement) ? Statement : [Statement ?? {}]) as { Principal?: unknown }[];
  return { ...rest, Statement: statements.map(({ Principal: _principal, ...statement }) => statement) };
}

export const organizationControls: readonly Control[] = [{
  name: 'organization set', method: 'PUT', path: '/_fogbank/organization-policies', summary: "set the organisation's policies above an account, which limit its root too",
  parameters: {
    account: { type: 'string', help: 'twelve digits' },
    scps: { type: 'object', help: 'service control policies: levels from the organisation\'s root to the account, each a list of documents', optional: true },
    rcps: { type: 'object', help: 'resource control policies, likewise', optional: true },
  },
  run: async (machine, given) => {
    if (!/^\d{12}$/.test(given.account as string)) throw new ControlError(`organization set: '${String(given.account)}' is no account id of twelve digits`);
    const [scps, rcps] = [levelsOf('scps', given), levelsOf('rcps', given)];
    await machine.transact(() => putOrganizationPolicies(machine.store, given.account as string, { ...(scps && { scps }), ...(rcps && { rcps }) }));
    await machine.kept();
    return { account: given.account, scps: scps?.length ?? 0, rcps: rcps?.length ?? 0 };
  }, text: (a) => `${a.account}: ${a.scps} levels of service control policies, ${a.rcps} of resource control policies`,
}];
