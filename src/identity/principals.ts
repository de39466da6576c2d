/** Who calls. What IAM and STS answer about a caller is all in here. */
export interface Principal {
  readonly type: 'root' | 'user' | 'role-session' | 'federated-user';
  readonly account: string;
  /** `arn:aws:iam::…:root`, `arn:aws:iam::…:user/…`, `arn:aws:sts::…:assumed-role/…/…` */
  readonly arn: string;
  /** GetCallerIdentity's UserId: the account, AIDA…, AROA…:session. */
  readonly userId: string;
  readonly accessKeyId: string;
  /** The user's or role's name, where there is one. */
  readonly name?: string;
  /** Whether temporary credentials made the call. */
  readonly session: boolean;
}

export const rootOf = (account: string, accessKeyId: string): Principal => ({
  type: 'root', account, arn: `arn:aws:iam::${account}:root`, userId: account, accessKeyId, session: false,
});
