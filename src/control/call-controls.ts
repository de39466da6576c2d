import { explain, type Call } from './calls.ts';
import { ControlError, type Control } from './control.ts';
import { leastPolicy } from './least-policy.ts';

const principal = { type: 'string', help: 'ARN of a user, role or session' } as const;
const optional = (help: string) => ({ type: 'string', help, optional: true }) as const;

const listed = ({ judgements, ...call }: Call) => ({
  ...call, decisions: judgements.map(({ permission, decision }) => ({ action: permission.action, resource: permission.resource, outcome: decision.outcome })),
});

const line = (c: ReturnType<typeof listed>): string =>
  `${c.at}  ${c.service}:${c.operation}  ${c.error ?? 'ok'}  ${c.principal}  ${c.region}  ${c.requestId}${c.changes.map((change) => `\n    ${change.change} ${change.kind} ${change.id}${change.state === undefined ? '' : ` ${change.from === undefined ? '' : `${change.from} -> `}${change.state}`}`).join('')}`;

/** The log of calls, and what can be learnt from it. */
export const callControls: readonly Control[] = [
  {
    name: 'calls', method: 'GET', path: '/_fogbank/calls', summary: 'the last calls: who, what, with which parameters and outcome, what they changed and what was decided',
    parameters: {
      principal: { ...principal, optional: true }, account: optional('twelve digits'), region: optional('us-east-1'), service: optional('ec2'), operation: optional('RunInstances'),
      error: optional('a code, or * for every call that failed'), resource: optional('an id that the call names or changes'), since: optional('a time in ISO 8601, on Fogbank\'s clock'),
      limit: { type: 'number', help: 'the last so many', optional: true },
    },
    run: (machine, given) => {
      if (given.since !== undefined && Number.isNaN(Date.parse(given.since as string))) throw new ControlError(`calls: '${String(given.since)}' is no time in ISO 8601`);
      if (given.limit !== undefined && !(Number.isInteger(given.limit) && given.limit > 0)) throw new ControlError('calls: limit must be a whole number above 0');
      return { calls: machine.calls.select(given).map(listed) };
    }, text: (a) => a.calls.map(line).join('\n') || 'there are none',
  },
  {
    name: 'call', method: 'GET', path: '/_fogbank/calls/:requestId', summary: 'one call, with every policy statement that spoke to it', parameters: { requestId: { type: 'string', help: 'the request id of the answer' } },
    run: (machine, given) => {
      const call = machine.calls.find(given.requestId as string);
      if (!call) throw new ControlError(`request ${String(given.requestId)} is not in the log: it had no caller, or it was too long ago`, 404);
      const { judgements, ...rest } = call;
      return { ...rest, decisions: judgements.map(explain) };
    },
  },
  {
    name: 'least-policy', method: 'GET', path: '/_fogbank/policy', summary: 'the least policy that allows what a principal did', parameters: { principal },
    run: (machine, given) => {
      const calls = machine.calls.select({ principal: given.principal as string }).filter((call) => call.judgements.length > 0);
      if (calls.length === 0) throw new ControlError(`no calls of '${String(given.principal)}' for which policies decided are in the log; root's calls are decided with --iam observe only`, 404);
      return leastPolicy(calls);
    },
  },
];
