import { AwsError } from '../../protocols/types.ts';

/**
 * The grammar of policies. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 * Throws MalformedPolicyDocument.
 */
export type PolicyUse = 'identity' | 'trust' | 'session';

const malformed = (message: string): AwsError => new AwsError('MalformedPolicyDocument', message);

type Node = { [member: string]: unknown };

const STATEMENT_MEMBERS = ['Sid', 'Effect', 'Principal', 'NotPrincipal', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition'];

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);
const listed = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

export function checkPolicy(text: string, use: PolicyUse): void {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw malformed(use === 'trust' ? 'This policy contains invalid Json' : 'Syntax errors in policy.');
  }
  if (!isNode(document)) throw malformed('Syntax errors in policy.');
  const unknown = Object.keys(document).find((m) => !['Version', 'Id', 'Statement'].includes(m));
  if (unknown !== undefined) throw malformed('Syntax errors in policy.');
  if (document.Version !== undefined && document.Version !== '2012-10-17' && document.Version !== '2008-10-17') throw malformed('The policy must contain a valid version string');
  const statements = listed(document.Statement);
  if (document.Statement === undefined || statements.length === 0) throw malformed('Syntax errors in policy.');
  const sids = new Set<string>();
  for (const statement of statements) {
    if (!isNode(statement)) throw malformed('Syntax errors in policy.');
    checkStatement(statement, use);
    if (statement.Sid === undefined || statement.Sid === '') continue;
    if (sids.has(String(statement.Sid))) throw malformed('Statement IDs (SID) in a single policy must be unique.');
    sids.add(String(statement.Sid));
  }
}

function checkStatement(statement: Node, use: PolicyUse): void {
  const unknown = Object.keys(statement).find((m) => !STATEMENT_MEMBERS.includes(m));
  if (unknown !== undefined) throw malformed('Syntax errors in policy.');
  if (statement.Effect !== 'Allow' && statement.Effect !== 'Deny') throw malformed(statement.Effect === undefined ? 'Missing required field Effect' : `Invalid effect: ${String(statement.Effect)}`);
  if (statement.Sid !== undefined && (typeof statement.Sid !== 'string' || (use !== 'trust' && !/^[A-Za-z0-9]*$/.test(statement.Sid)))) throw malformed('Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*');
  checkActions(statement);
  if (use === 'trust') checkPrincipals(statement);
  else checkResources(statement);
  checkCondition(statement.Condition);
}

const one = (statement: Node, ...members: string[]): unknown => {
  const given = members.filter((m) => statement[m] !== undefined);
  if (given.length > 1) throw malformed('Syntax errors in policy.');
  return given.length === 0 ? undefined : statement[given[0]!];
};

function texts(value: unknown): string[] {
  const all = listed(value);
  if (all.length === 0 || !all.every((v) => typeof v === 'string')) throw malformed('Syntax errors in policy.');
  return all as string[];
}

function checkActions(statement: Node): void {
  const value = one(statement, 'Action', 'NotAction');
  if (value === undefined) throw malformed('Policy statement must contain actions.');
  for (const action of texts(value)) {
    if (action === '*') continue;
    const [vendor, name, ...rest] = action.split(':');
    if (name === undefined || rest.length > 0) throw malformed('Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.');
    if (!/^[A-Za-z0-9-]+$/.test(vendor!)) throw malformed(`Vendor ${vendor} is not valid`);
  }
}

function checkResources(statement: Node): void {
  if (statement.Principal !== undefined || statement.NotPrincipal !== undefined) throw malformed('Policy document should not specify a principal.');
  const value = one(statement, 'Resource', 'NotResource');
  if (value === undefined) throw malformed('Policy statement must contain resources.');
  for (const resource of texts(value)) {
    if (resource === '*') continue;
    if (!resource.startsWith('arn:')) throw malformed(`Resource ${resource} must be in ARN format or "*".`);
    const parts = resource.split(':');
    if (parts.length < 6 && !resource.includes('*')) throw malformed(`Resource vendor must be fully qualified and cannot contain regexes.`);
    if (!/^(aws[a-z-]*|\*|\$\{aws:Partition\})$/.test(parts[1]!)) throw malformed(`Partition "${parts[1]}" is not valid for resource "${resource}".`);
  }
}

const PRINCIPAL_TYPES = ['AWS', 'Service', 'Federated', 'CanonicalUser'];

function checkPrincipals(statement: Node): void {
  if (statement.Resource !== undefined || statement.NotResource !== undefined) throw malformed('Has prohibited field Resource');
  const value = one(statement, 'Principal', 'NotPrincipal');
  if (value === undefined) throw malformed('Missing required field Principal');
  if (value === '*') return;
  if (!isNode(value) || Object.keys(value).length === 0) throw malformed('Invalid principal in policy.');
  for (const [type, who] of Object.entries(value)) {
    if (!PRINCIPAL_TYPES.includes(type)) throw malformed(`Unknown field Principal.${type}`);
    for (const name of texts(who)) {
      if (type !== 'AWS' || name === '*' || /^\d{12}$/.test(name) || /^A[A-Z0-9]{15,}$/.test(name)) continue;
      if (!/^arn:aws[a-z-]*:(iam|sts)::\d{12}:(root|(user|role|assumed-role|federated-user)\/.+)$/.test(name)) throw malformed(`Invalid principal in policy: "AWS":"${name}"`);
    }
  }
  for (const action of texts(one(statement, 'Action', 'NotAction'))) {
    if (!/^(sts:|\*)/i.test(action)) throw malformed('AssumeRole policy may only specify STS AssumeRole actions.');
  }
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
const OPERATOR = /^(ForAllValues:|ForAnyValue:)?(String(Not)?(Equals|EqualsIgnoreCase|Like)|Numeric(Not)?Equals|Numeric(Less|Greater)Than(Equals)?|Date(Not)?Equals|Date(Less|Greater)Than(Equals)?|Bool|BinaryEquals|(Not)?IpAddress|Arn(Not)?(Equals|Like)|Null)(IfExists)?$/i;

function checkCondition(condition: unknown): void {
  if (condition === undefined) return;
  if (!isNode(condition)) throw malformed('Syntax errors in policy.');
  for (const [operator, keys] of Object.entries(condition)) {
    if (!OPERATOR.test(operator)) throw malformed(`Invalid Condition type : ${operator}.`);
    if (!isNode(keys)) throw malformed('Syntax errors in policy.');
    for (const [key, values] of Object.entries(keys)) {
      if (!key.includes(':')) throw malformed('Conditions must be prefaced by a vendor, e.g., aws:, ec2:, etc.');
      if (!listed(values).every((v) => ['string', 'number', 'boolean'].includes(typeof v))) throw malformed('Syntax errors in policy.');
    }
  }
}
