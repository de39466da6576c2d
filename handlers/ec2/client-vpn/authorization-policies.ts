import type { GetClientVpnEndpointAuthorizationPolicyResult } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { resource, seconds, type Context, type Handlers, type Resource } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';
import { isCedar } from './cedar.ts';
import { liveEndpoint } from './endpoints.ts';
import * as errors from './errors.ts';

/** An endpoint has one at most: the document is known by the endpoint. */
export type StoredPolicy = Wire<GetClientVpnEndpointAuthorizationPolicyResult>;

export const authorizationPolicies: Resource<StoredPolicy> = resource<StoredPolicy>({
  service: 'ec2',
  kind: 'client-vpn-authorization-policy',
  shape: 'GetClientVpnEndpointAuthorizationPolicyResult',
  id: { member: 'ClientVpnEndpointId' },
  notFound: (ids) => errors.policyNotFound(ids[0]!),
  tags: null,
  state: 'Status',
  // assumed: how long each takes.
  lifecycle: { creating: { after: seconds(30), to: 'active' }, updating: { after: seconds(30), to: 'active' }, deleting: { after: seconds(30), to: 'gone' } },
  references: { ClientVpnEndpointId: { kind: 'ec2:client-vpn-endpoint', onDelete: 'cascade' } },
});

async function policyOf(ctx: Context, endpointId: string): Promise<StoredPolicy> {
  await liveEndpoint(ctx, endpointId);
  return ctx.get(authorizationPolicies, endpointId);
}

type Input = Ec2Operations['ModifyClientVpnEndpointAuthorizationPolicy']['input'];

/** "If a policy already exists …, the values that you specify replace the corresponding values, and values that you do not specify remain unchanged." https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyClientVpnEndpointAuthorizationPolicy.html */
async function modified(input: Input, ctx: Context): Promise<StoredPolicy> {
  const { ClientVpnEndpointId, PolicyDocument, Description, ShadowMode } = input;
  await liveEndpoint(ctx, ClientVpnEndpointId);
  const present = await ctx.find(authorizationPolicies, ClientVpnEndpointId);
  if (!present && PolicyDocument === undefined) throw general.missingParameter('PolicyDocument');
  // assumed: the words with which what is no policy is refused.
  if (PolicyDocument !== undefined && !isCedar(PolicyDocument)) throw general.invalidParameterValue('The policy document is not valid Cedar.');
  if (!present) return ctx.create(authorizationPolicies, { ClientVpnEndpointId, PolicyDocument: PolicyDocument!, Description: Description ?? '', ShadowMode: ShadowMode ?? 'disabled', Status: 'creating' });
  if (present.Status === 'deleting') throw general.incorrectState(`The authorization policy of endpoint ${ClientVpnEndpointId} is being deleted`);
  Object.assign(present, PolicyDocument !== undefined && { PolicyDocument }, Description !== undefined && { Description }, ShadowMode !== undefined && { ShadowMode });
  return ctx.transition(authorizationPolicies, present, present.Status === 'creating' ? 'creating' : 'updating');
}

export const authorizationPolicyOperations = {
  ModifyClientVpnEndpointAuthorizationPolicy: async (input, ctx) => ({ Status: (await modified(input, ctx)).Status }),
  GetClientVpnEndpointAuthorizationPolicy: (input, ctx) => policyOf(ctx, input.ClientVpnEndpointId),
  DeleteClientVpnEndpointAuthorizationPolicy: async (input, ctx) => {
    const policy = await policyOf(ctx, input.ClientVpnEndpointId);
    const { Status } = policy.Status === 'deleting' ? policy : await ctx.transition(authorizationPolicies, policy, 'deleting');
    return { Status };
  },
} satisfies Handlers<Ec2Operations>;
