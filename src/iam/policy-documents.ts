import { memo } from '../memo.ts';
import { checkIdentityPolicy } from './identity-policy-documents.ts';
import { isNode, isOperator, listed, malformed, one, parsed, syntaxError, texts, type Node } from './policy-syntax.ts';

/**
 * The grammar of policies. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 * Of managed policies, other policies of identities, trust policies of roles, and policies of other resources.
 * Throws MalformedPolicyDocument.
 */
export type PolicyUse = 'managed' | 'identity' | 'session' | 'trust' | 'resource';

export const checkPolicy = (text: string, use: PolicyUse): void => void CHECKED[use](text);

/** The same document is put into many roles: what was right is not read again. */
const checked = (check: (text: string) => void) => memo((text) => (check(text), true));

const CHECKED: Readonly<Record<PolicyUse, (text: string) => boolean>> = {
  managed: checked((text) => checkIdentityPolicy(text, true)),
  identity: checked((text) => checkIdentityPolicy(text, false)),
  session: checked((text) => checkIdentityPolicy(text, false)),
  trust: checked((text) => checkResourcePolicy(text, 'trust')),
  resource: checked((text) => checkResourcePolicy(text, 'resource')),
};

function checkResourcePolicy(text: string, use: 'trust' | 'resource'): void {
  const { document, statements } = parsed(text, 'This policy contains invalid Json');
  if (document.Version !== undefined && document.Version !== '2012-10-17' && document.Version !== '2008-10-17') throw malformed('The policy must contain a valid version string');
  const sids = new Set<string>();
  for (const statement of statements) {
    checkStatement(statement);
    if (use === 'trust') checkTrust(statement);
    if (statement.Sid === undefined || statement.Sid === '') continue;
    if (sids.has(String(statement.Sid))) throw malformed('Statement IDs (SID) in a single policy must be unique.');
    sids.add(String(statement.Sid));
  }
}

function checkStatement(statement: Node): void {
  if (statement.Effect !== 'Allow' && statement.Effect !== 'Deny') throw malformed(statement.Effect === undefined ? 'Missing required field Effect' : `Invalid effect: ${String(statement.Effect)}`);
  if (statement.Sid !== undefined && typeof statement.Sid !== 'string') throw syntaxError();
  checkActions(statement);
  checkPrincipals(statement);
  checkCondition(statement.Condition);
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

const PRINCIPAL_TYPES = ['AWS', 'Service', 'Federated', 'CanonicalUser'];

function checkPrincipals(statement: Node): void {
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
}

/** A role's trust policy is about the role alone, and about becoming it. */
function checkTrust(statement: Node): void {
  if (statement.Resource !== undefined || statement.NotResource !== undefined) throw malformed('Has prohibited field Resource');
  for (const action of texts(one(statement, 'Action', 'NotAction'))) {
    if (!/^(sts:|\*)/i.test(action)) throw malformed('AssumeRole policy may only specify STS AssumeRole actions.');
  }
}

function checkCondition(condition: unknown): void {
  if (condition === undefined) return;
  if (!isNode(condition)) throw syntaxError();
  for (const [operator, keys] of Object.entries(condition)) {
    if (!isOperator(operator)) throw malformed(`Invalid Condition type : ${operator}.`);
    if (!isNode(keys)) throw syntaxError();
    for (const [key, values] of Object.entries(keys)) {
      if (!key.includes(':')) throw malformed('Conditions must be prefaced by a vendor, e.g., aws:, ec2:, etc.');
      if (!listed(values).every((v) => ['string', 'number', 'boolean'].includes(typeof v))) throw syntaxError();
    }
  }
}
