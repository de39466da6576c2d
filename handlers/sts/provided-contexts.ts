import type { StsOperations } from '../../fixtures/models/sts.ts';
import type { KeyValue } from '../../src/iam/index.ts';
import { contextAssertion, type Context } from '../../src/kit/index.ts';
import * as errors from './errors.ts';

/** What a trusted context provider says of who is behind a session. https://docs.aws.amazon.com/STS/latest/APIReference/API_ProvidedContext.html */
export interface ProvidedContexts {
  /** What the role's policy may ask of the call. */
  readonly keys: Readonly<Record<string, KeyValue>>;
  /** What the session has as long as it lives. */
  readonly claims: Readonly<Record<string, string>>;
}

/** "AWS STS adds an AWS managed policy to the session": https://docs.aws.amazon.com/singlesignon/latest/userguide/trustedidentitypropagation-identity-enhanced-iam-role-sessions.html */
export const IDENTITY_CONTEXT_POLICY = 'arn:aws:iam::aws:policy/AWSIAMIdentityCenterAllowListForIdentityContext';

export function providedContexts(given: StsOperations['AssumeRole']['input']['ProvidedContexts'], ctx: Context): ProvidedContexts | undefined {
  if (!given || given.length === 0) return undefined;
  const claims: Record<string, string> = {};
  const providers: string[] = [];
  for (const { ProviderArn: provider, ContextAssertion: assertion } of given) {
    // assumed: the codes and texts.
    if (provider === undefined || assertion === undefined) throw errors.validationError('A provided context must have a ProviderArn and a ContextAssertion.');
    if (!/^arn:aws:iam::aws:contextProvider\/\w+$/.test(provider)) throw errors.validationError(`${provider} is invalid`);
    const said = contextAssertion(ctx, assertion);
    if (!said || said.provider !== provider) throw errors.validationError('The context assertion is not valid.');
    if (said.expires <= ctx.nowMs) throw errors.expiredToken('The context assertion has expired.');
    providers.push(provider);
    for (const [key, value] of Object.entries(said.contexts)) claims[`sts:RequestContext/${key}`] = value;
  }
  return { keys: { ...claims, 'sts:RequestContextProviders': providers }, claims };
}
