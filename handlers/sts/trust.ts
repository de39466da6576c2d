/**
 * Whether a role's trust policy lets a caller assume it. Conditions are read for the operators and keys named here;
 * anything else does not match. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-trust-policy.html
 */
export interface TrustRequest {
  readonly action: string;
  readonly callerArn: string;
  readonly callerAccount: string;
  /** Condition keys in lower case: 'sts:externalid', 'aws:principalarn', … */
  readonly context: Readonly<Record<string, string | undefined>>;
}

interface Statement {
  Effect?: string;
  Principal?: string | Record<string, string | string[]>;
  Action?: string | string[];
  Condition?: Record<string, Record<string, string | string[]>>;
}

const listed = <T>(value: T | readonly T[] | undefined): readonly T[] => (value === undefined ? [] : Array.isArray(value) ? (value as readonly T[]) : [value as T]);

export function trusts(document: string, request: TrustRequest): boolean {
  const statements = listed((JSON.parse(document) as { Statement: Statement | Statement[] }).Statement);
  const matching = statements.filter((s) => matches(s, request));
  return matching.some((s) => s.Effect === 'Allow') && !matching.some((s) => s.Effect === 'Deny');
}

const matches = (statement: Statement, request: TrustRequest): boolean =>
  listed(statement.Action).some((a) => like(a.toLowerCase(), request.action.toLowerCase())) && principalMatches(statement.Principal, request) && conditionsHold(statement.Condition, request);

function principalMatches(principal: Statement['Principal'], { callerArn, callerAccount }: TrustRequest): boolean {
  if (principal === '*') return true;
  if (principal === undefined || typeof principal === 'string') return false;
  return listed(principal.AWS).some((name) => name === '*' || name === callerAccount || name === `arn:aws:iam::${callerAccount}:root` || name === callerArn || name === roleOf(callerArn));
}

/** A session's role: `arn:aws:sts::…:assumed-role/name/session` acts for `arn:aws:iam::…:role/name`. */
function roleOf(arn: string): string | undefined {
  const session = /^arn:aws:sts::(\d{12}):assumed-role\/([^/]+)\//.exec(arn);
  return session ? `arn:aws:iam::${session[1]}:role/${session[2]}` : undefined;
}

const OPERATORS: Readonly<Record<string, (given: string, wanted: string) => boolean>> = {
  stringequals: (given, wanted) => given === wanted,
  stringequalsignorecase: (given, wanted) => given.toLowerCase() === wanted.toLowerCase(),
  stringlike: (given, wanted) => like(wanted, given),
  arnequals: (given, wanted) => like(wanted, given),
  arnlike: (given, wanted) => like(wanted, given),
};

function conditionsHold(condition: Statement['Condition'], { context }: TrustRequest): boolean {
  return Object.entries(condition ?? {}).every(([operator, keys]) => {
    const test = OPERATORS[operator.toLowerCase()];
    return test !== undefined && Object.entries(keys).every(([key, wanted]) => {
      const given = context[key.toLowerCase()];
      return given !== undefined && listed(wanted).some((w) => test(given, w));
    });
  });
}

/** `*` and `?`, by the greedy walk that never backtracks further than the last star. */
function like(pattern: string, text: string): boolean {
  let [p, t, star, mark] = [0, 0, -1, 0];
  while (t < text.length) {
    if (pattern[p] === '*') [star, mark] = [p++, t];
    else if (pattern[p] === '?' || pattern[p] === text[t]) [p, t] = [p + 1, t + 1];
    else if (star >= 0) [p, t] = [star + 1, ++mark];
    else return false;
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}
