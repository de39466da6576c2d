import type { IamOperations } from '../../../fixtures/models/iam.ts';
import { checkPolicy } from '../../../src/iam/index.ts';
import { arranged, AwsError, type Context } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { missingValue, placeholdersOf, rendered, switchesOf, type Values } from '../policy-templates.ts';

type Permissions = IamOperations['CreateDelegationRequest']['input']['Permissions'];

/** "The final rendered policy has a maximum size limit of 2048 characters." https://docs.aws.amazon.com/IAM/latest/UserGuide/temporary-delegation-policy-templates.html */
const LENGTH_MAX = 2048;

/** The name by which AWS knows a partner. */
export async function partnerName(ctx: Context): Promise<string> {
  const partner = await arranged(ctx.world.store, 'delegation-partner', ctx.account);
  // assumed: the code and text.
  if (!partner) throw errors.accessDenied(`Account ${ctx.account} is not onboarded for IAM temporary delegation.`);
  return partner.name;
}

// assumed: the codes and texts of all refusals here.
function valuesOf(parameters: NonNullable<Permissions['Parameters']>): Values {
  const values: Record<string, readonly string[]> = Object.create(null) as Record<string, readonly string[]>;
  for (const { Name: name, Values: given = [], Type: type } of parameters) {
    if (name === undefined || type === undefined) throw errors.invalidInput('A policy parameter must have a name and a type.');
    if (values[name] !== undefined) throw errors.invalidInput(`The policy parameter ${name} is given twice.`);
    if (given.length === 0 || (type === 'string' && given.length > 1)) throw errors.invalidInput(`The policy parameter ${name} must have ${type === 'string' ? 'exactly one value' : 'a value'}.`);
    values[name] = given;
  }
  return values;
}

/** A partner's template with the values of a request: what its customer is asked for. */
export async function permissionPolicy(ctx: Context, { PolicyTemplateArn: arn, Parameters: parameters = [] }: Permissions): Promise<string> {
  if (arn === undefined) throw errors.invalidInput('A policy template ARN must be specified.');
  const template = await arranged(ctx.world.store, 'delegation-template', arn);
  if (!template || template.account !== ctx.account) throw errors.invalidInput(`The policy template ${arn} does not exist.`);
  const values = valuesOf(parameters);
  const known = [...placeholdersOf(template.policy), ...switchesOf(template.policy)];
  const strange = Object.keys(values).find((name) => !known.includes(name));
  if (strange !== undefined) throw errors.invalidInput(`The policy template has no parameter ${strange}.`);
  const missing = missingValue(template.policy, values);
  if (missing !== undefined) throw errors.invalidInput(`The policy parameter ${missing} must have a value.`);
  const policy = rendered(template.policy, values);
  if (policy.length > LENGTH_MAX) throw errors.invalidInput(`The rendered policy is longer than ${LENGTH_MAX} characters.`);
  try {
    checkPolicy(policy, 'identity');
  } catch (error) {
    throw error instanceof AwsError ? errors.invalidInput(`The rendered policy is not valid: ${error.message}`) : error;
  }
  return policy;
}

interface Statement {
  readonly Effect?: string;
  readonly Action?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

const listed = (value: string | readonly string[] | undefined): readonly string[] => (value === undefined ? [] : typeof value === 'string' ? [value] : value);

export function statementsOf(policy: string): { effect: string; actions: readonly string[]; resources: readonly string[]; conditions: NonNullable<Statement['Condition']> }[] {
  const { Statement: found } = JSON.parse(policy) as { Statement: Statement | Statement[] };
  return [found].flat().map((one) => ({ effect: one.Effect ?? '', actions: listed(one.Action), resources: listed(one.Resource), conditions: one.Condition ?? {} }));
}

/** The boundaries with which roles may be made: what remains after the access has ended. */
export function boundariesOf(policy: string): string[] {
  const arns = statementsOf(policy).filter((s) => s.effect === 'Allow' && s.actions.some((action) => action.toLowerCase() === 'iam:createrole'))
    .flatMap((s) => Object.values(s.conditions)).flatMap((keys) => Object.entries(keys)).filter(([key]) => key.toLowerCase() === 'iam:permissionsboundary').flatMap(([, values]) => listed(values));
  return [...new Set(arns)];
}
