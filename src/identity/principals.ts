/** Who calls. What IAM and STS answer about a caller is all in here. */
export interface Principal {
  readonly type: 'root' | 'user' | 'role-session' | 'federated-user' | 'anonymous';
  readonly account: string;
  /** `arn:aws:iam::…:root`, `arn:aws:iam::…:user/…`, `arn:aws:sts::…:assumed-role/…/…`, `arn:aws:sts::…:federated-user/…` */
  readonly arn: string;
  /** GetCallerIdentity's UserId: the account, AIDA…, AROA…:session, the account and the federated name. */
  readonly userId: string;
  readonly accessKeyId: string;
  /** The user's or role's name; of a federated user, the name of the user who made the session. */
  readonly name?: string;
  /** Where temporary credentials made the call. */
  readonly session?: Session;
}

/** What a session was made with. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp.html */
export interface Session {
  /** Milliseconds since the epoch. */
  readonly issuedAt: number;
  /** Inline session policies, JSON. They only ever narrow what the session may do. */
  readonly policies?: readonly string[];
  /** ARNs of managed session policies. */
  readonly policyArns?: readonly string[];
  /** What AWS limits the session by besides: a policy's text or ARN. */
  readonly limits?: readonly ({ readonly text: string } | { readonly arn: string })[];
  /** The delegation request by which a partner acts for whom they are not. https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies-temporary-delegation.html */
  readonly delegation?: string;
  /** The one task that a privileged session of a member account's root is for: the ARN of its policy. https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoot.html */
  readonly task?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly transitiveTagKeys?: readonly string[];
  readonly sourceIdentity?: string;
  /** When MFA was given, in milliseconds since the epoch. */
  readonly mfaAt?: number;
  /** The identity provider's ARN or name. */
  readonly federatedProvider?: string;
  /** Condition keys that came with a web identity or SAML assertion: 'accounts.example.com:sub'. */
  readonly claims?: Readonly<Record<string, string | readonly string[]>>;
}

/** Whose request is not signed: a token in it says who they are, and the operation reads that. */
export const anonymousIn = (account: string): Principal => ({ type: 'anonymous', account, arn: '', userId: '', accessKeyId: '' });

export const rootOf = (account: string, accessKeyId: string): Principal => ({
  type: 'root', account, arn: `arn:aws:iam::${account}:root`, userId: account, accessKeyId,
});
