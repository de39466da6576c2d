import { AwsError, memo, type Context, type Structure } from '../../src/kit/index.ts';
import { roles } from './roles.ts';
import { users } from './users.ts';

/**
 * Who a trust policy names: they must be there when it is saved, and are meant themselves from then on, not who has their name later.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html, https://repost.aws/knowledge-center/iam-principal-policy
 * assumed: users and roles of other accounts are taken to be there, and are not followed when they go.
 */
export async function refuseUnknownPrincipals(document: string, ctx: Context): Promise<void> {
  for (const name of principalsIn(document)) {
    const [, account, kind, path] = /^arn:aws:(?:iam|sts)::(\d{12}):(user|role|assumed-role)\/(.+)$/.exec(name) ?? [];
    if (account !== ctx.account) continue;
    const found = kind === 'user' ? await userByArn(name, ctx) : await ctx.find(roles, kind === 'role' ? path!.split('/').at(-1)! : path!.split('/')[0]!);
    if (!found || (kind === 'role' && found.Arn !== name)) throw new AwsError('MalformedPolicyDocument', `Invalid principal in policy: "AWS":"${name}"`);
  }
}

async function userByArn(arn: string, ctx: Context): Promise<{ Arn?: string } | undefined> {
  const [user] = await ctx.list(users, { member: '$.lower', value: arn.split('/').at(-1)!.toLowerCase() });
  return user?.Arn === arn ? user : undefined;
}

/** In the account's trust policies, what names one who goes names their unique id from then on; what names one who is renamed, their new ARN. */
export async function renameInTrustPolicies(from: string, to: string, ctx: Context): Promise<void> {
  for (const role of await ctx.list(roles)) {
    if (!role.AssumeRolePolicyDocument!.includes(from)) continue;
    const document = JSON.parse(role.AssumeRolePolicyDocument!) as Structure;
    if (!principalsOf(document).includes(from)) continue;
    for (const element of principalElements(document)) element.AWS = Array.isArray(element.AWS) ? element.AWS.map((name) => (name === from ? to : name)) : element.AWS === from ? to : element.AWS;
    role.AssumeRolePolicyDocument = JSON.stringify(document);
    await ctx.save(roles, role);
  }
}

interface PrincipalElement {
  AWS?: string | string[];
}

function principalElements({ Statement }: Structure): PrincipalElement[] {
  const statements = (Array.isArray(Statement) ? Statement : [Statement]) as { Principal?: unknown; NotPrincipal?: unknown }[];
  return statements.map((s) => s.Principal ?? s.NotPrincipal).filter((element): element is PrincipalElement => typeof element === 'object' && element !== null && 'AWS' in element);
}

const principalsOf = (document: Structure): string[] => principalElements(document).flatMap((element) => element.AWS ?? []);
const principalsIn = memo((text) => principalsOf(JSON.parse(text) as Structure));
