import type { StsOperations } from '../../fixtures/models/sts.ts';
import type { Handlers, Service } from '../../src/kit/index.ts';
import { accessKeyInfoOperations } from './access-key-info.ts';
import { authorizationMessageOperations } from './authorization-messages.ts';
import { delegatedAccessTokenOperations } from './delegated-access-tokens.ts';
import { federationTokenOperations } from './federation-tokens.ts';
import { permissions } from './permissions.ts';
import { rootSessionOperations } from './root-sessions.ts';
import { samlSessionOperations } from './saml-sessions.ts';
import { sessionOperations } from './sessions.ts';
import { signingKeys, webIdentityTokenOperations } from './web-identity-tokens.ts';
import { webIdentityOperations } from './web-identities.ts';

const callerOperations = {
  GetCallerIdentity: async (_input, ctx) => ({ UserId: ctx.principal.userId, Account: ctx.principal.account, Arn: ctx.principal.arn }),
} satisfies Handlers<StsOperations>;

export const sts: Service = {
  name: 'sts',
  resources: [signingKeys],
  unsigned: ['AssumeRoleWithSAML', 'AssumeRoleWithWebIdentity'],
  permissions,
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-sts-requests
  tokenBuckets: () => [{ name: 'requests', capacity: 600, perSecond: 600, tokens: 1 }],
  operations: {
    ...callerOperations, ...sessionOperations, ...webIdentityOperations, ...samlSessionOperations, ...federationTokenOperations, ...webIdentityTokenOperations, ...accessKeyInfoOperations,
    ...authorizationMessageOperations, ...rootSessionOperations, ...delegatedAccessTokenOperations,
  },
};
