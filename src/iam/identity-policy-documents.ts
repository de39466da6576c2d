import { isNode, isOperator, listed, malformed, one, parsed, syntaxError, type Node } from './policy-syntax.ts';

/**
 * What is wrong with policies of identities, found in the order in which IAM says it: the syntax, the version, what its
 * older parser refuses, statement ids, actions, resources.
 */
export function checkIdentityPolicy(text: string, managed: boolean): void {
  const { document, statements } = parsed(text, 'Syntax errors in policy.');
  if (document.Version !== undefined && document.Version !== '2012-10-17' && document.Version !== '2008-10-17') throw syntaxError();
  if (document.Id !== undefined && typeof document.Id !== 'string') throw syntaxError();
  for (const statement of statements) checkSyntax(statement);
  // assumed: inline policies are from times when there was no version.
  if (managed && document.Version !== '2012-10-17') throw malformed('Policy document must be version 2012-10-17 or greater.');
  for (const statement of statements) checkLegacy(statement);
  checkSids(statements);
  for (const statement of statements) if (statement.Principal !== undefined || statement.NotPrincipal !== undefined) throw malformed('Policy document should not specify a principal.');
  const resources = statements.flatMap(resourcesOf);
  const wrong = resources.map(resourceProblem).find((problem) => problem !== undefined);
  if (wrong === undefined && resources.some(failsLegacyParsing)) throw failedLegacyParsing();
  if (statements.some((s) => actionsOf(s).length === 0)) throw malformed('Policy statement must contain actions.');
  if (wrong !== undefined) throw malformed(wrong);
  statements.flatMap(actionsOf).forEach(checkAction);
  if (statements.some((s) => resourcesOf(s).length === 0)) throw malformed('Policy statement must contain resources.');
}

const failedLegacyParsing = () => malformed('The policy failed legacy parsing');

// What is null in a list counts as if it were not there.
const textsOf = (value: unknown): string[] => (value === undefined ? [] : listed(value).filter((v) => v !== null)) as string[];
const actionsOf = (statement: Node): string[] => textsOf(one(statement, 'Action', 'NotAction'));
const resourcesOf = (statement: Node): string[] => textsOf(one(statement, 'Resource', 'NotResource'));

function checkSyntax(statement: Node): void {
  if (typeof statement.Effect !== 'string' || !/^(allow|deny)$/i.test(statement.Effect)) throw syntaxError();
  if (statement.Sid !== undefined && typeof statement.Sid !== 'string') throw syntaxError();
  for (const text of [...actionsOf(statement), ...resourcesOf(statement)]) if (typeof text !== 'string') throw syntaxError();
  if (statement.Condition === undefined) return;
  if (!isNode(statement.Condition)) throw syntaxError();
  for (const [operator, keys] of Object.entries(statement.Condition)) {
    // An operator that nothing is compared by may be any.
    if (!isNode(keys) || (Object.keys(keys).length > 0 && !isOperator(operator))) throw syntaxError();
    for (const values of Object.values(keys)) if (!listed(values).every((v) => ['string', 'number', 'boolean'].includes(typeof v))) throw syntaxError();
  }
}

/** Effects by their case, and dates. */
function checkLegacy(statement: Node): void {
  if (statement.Effect !== 'Allow' && statement.Effect !== 'Deny') throw failedLegacyParsing();
  for (const [operator, keys] of Object.entries((statement.Condition ?? {}) as Record<string, Node>)) {
    if (!/^(\w+:)?Date/i.test(operator)) continue;
    for (const value of Object.values(keys).flatMap(listed)) if (!isDate(String(value))) throw failedLegacyParsing();
  }
}

const EPOCH_MAX = 2n ** 63n - 1n;
const DATE = /^-?\d{1,9}(?:-(\d{1,2})(?:-(\d{1,2}))?)?$/;
const TIME = /^(?:(\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(?:\.\d{1,9})?)?)?)?(?:z|[+-](\d{2})(?::?(\d{2}))?)?$/i;

/** A date of ISO 8601, cut off wherever it may be, or seconds since the epoch. */
function isDate(value: string): boolean {
  if (/^\d+$/.test(value)) return BigInt(value) <= EPOCH_MAX;
  const [day = '', time] = value.split(/t/i);
  const within = (text: string | undefined, low: number, high: number) => text === undefined || (Number(text) >= low && Number(text) <= high);
  const d = DATE.exec(day);
  if (!d || !within(d[1], 1, 12) || !within(d[2], 1, 31)) return false;
  if (time === undefined) return true;
  const t = TIME.exec(time);
  return t !== null && within(t[1], 0, 24) && within(t[2], 0, 59) && within(t[3], 0, 59) && within(t[4], 0, 23) && within(t[5], 0, 59);
}

function checkSids(statements: readonly Node[]): void {
  const sids = statements.map((s) => s.Sid as string | undefined).filter((sid) => sid !== undefined && sid !== '');
  if (new Set(sids).size < sids.length) throw malformed('Statement IDs (SID) in a single policy must be unique.');
  for (const sid of sids) {
    if (!/^[A-Za-z0-9]*$/.test(sid!)) throw malformed('Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*');
  }
}

function checkAction(action: string): void {
  if (action === '*') return;
  const [vendor, name, ...rest] = action.split(':');
  if (name === undefined) throw malformed('Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.');
  if (rest.length > 0) throw malformed('Actions/Condition can contain only one colon.');
  if (!/^[A-Za-z0-9.-]+$/.test(vendor!)) throw malformed(`Vendor ${vendor} is not valid`);
}

const IAM_PATHS = ['user/', 'federated-user/', 'role/', 'group/', 'instance-profile/', 'mfa/', 'server-certificate/', 'policy/', 'sms-mfa/', 'saml-provider/', 'oidc-provider/', 'report/', 'access-report/'];
/** What IAM has besides, which its message does not name: what AssumeRoot, AcquireRole and delegation are about. */
const NEWER_IAM_PATHS = ['root', 'role-template/', 'delegation-request/'];
/** What S3 has in a region. https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html */
const S3_REGIONAL = ['accesspoint/', 'job/', 'storage-lens/', 'storage-lens-group/', 'access-grants/', 'async-request/', '*'];

/** Policy variables have colons of their own. */
const withoutVariables = (resource: string): string => resource.replace(/\$\{[^}]*\}/g, '*');

/** What stands in the way of reading a resource; undefined where nothing does. */
function resourceProblem(resource: string): string | undefined {
  if (resource === '*') return undefined;
  if (!resource.includes(':')) return `Resource ${resource} must be in ARN format or "*".`;
  const [, partition, service, region, account, ...rest] = withoutVariables(resource).split(':');
  if (!/^(aws[a-z-]*|\*)$/.test(partition!)) {
    // The ARN is shown as it was read: with what is missing filled in.
    const parts = [partition, service ?? '*', region ?? '*', account ?? '*', rest.length > 0 ? rest.join(':') : '*'];
    return `Partition "${partition}" is not valid for resource "arn:${parts.join(':')}".`;
  }
  if (service === undefined) return 'Resource vendor must be fully qualified and cannot contain regexes.';
  const path = rest.join(':') || '*';
  const inRegion = region !== undefined && region !== '';
  if (service === 'iam') {
    if (inRegion) return `IAM resource ${resource} cannot contain region information.`;
    if (![...IAM_PATHS, ...NEWER_IAM_PATHS, '*'].some((start) => path.startsWith(start))) return `IAM resource path must either be "*" or start with ${IAM_PATHS.join(', ')}.`;
  }
  if (service === 's3' && inRegion && !S3_REGIONAL.some((start) => path.startsWith(start))) return `Resource ${resource} can not contain region information.`;
  return undefined;
}

/** No service, or parts that are empty before others that are missing. */
function failsLegacyParsing(resource: string): boolean {
  if (resource === '*') return false;
  const parts = withoutVariables(resource).split(':');
  return parts[2] === '' || (parts.length < 6 && resource.includes('::'));
}
