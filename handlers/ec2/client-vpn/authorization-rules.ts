import type { AuthorizationRule } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { describes, resource, seconds, type Handlers, type Resource } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';
import { formatCidr, parseCidr } from '../vpcs/cidr.ts';
import { ofEndpoint } from './endpoint-listings.ts';
import { liveEndpoint } from './endpoints.ts';
import * as errors from './errors.ts';

/** Known by its endpoint, destination and group: `cvpn-endpoint-…/10.0.0.0/16/S-1-5-21`; nothing stands for everybody. */
export type StoredRule = Wire<AuthorizationRule> & { readonly RuleKey: string };

/** https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/cvpn-working-rules.html */
export const authorizationRules: Resource<StoredRule> = resource<StoredRule>({
  service: 'ec2',
  kind: 'client-vpn-authorization-rule',
  shape: 'AuthorizationRule',
  id: { member: 'RuleKey' },
  notFound: (keys) => errors.ruleNotFound(keys[0]!),
  tags: null,
  state: 'Status.Code',
  // assumed: how long both take.
  lifecycle: { authorizing: { after: seconds(30), to: 'active' }, revoking: { after: seconds(30), to: 'gone' } },
  references: { ClientVpnEndpointId: { kind: 'ec2:client-vpn-endpoint', onDelete: 'cascade' } },
});

const keyOf = (endpointId: string, destination: string, group: string): string => `${endpointId}/${destination}/${group}`;

function networkOf(text: string): string {
  const cidr = parseCidr(text);
  if (!cidr) throw general.invalidValue(text, 'targetNetworkCidr', 'This is not a valid CIDR block.');
  return formatCidr(cidr);
}

/** "The maximum group ID length is 255 characters." https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/limits.html */
const GROUP_LENGTH_MAX = 255;

/** Either one group or everybody, who has none. */
function groupOf(group: string | undefined, everybody: boolean | undefined, all: 'authorize-all-groups' | 'revoke-all-groups'): string {
  if (group === undefined && !everybody) throw errors.groupMissing(all);
  // assumed: the code with which both are refused.
  if (group !== undefined && everybody) throw general.invalidParameterCombination(`You must specify only one of access-group-id and ${all}`);
  if ((group?.length ?? 0) > GROUP_LENGTH_MAX) throw general.invalidValue(group, 'accessGroupId', `From 1 to ${GROUP_LENGTH_MAX} characters are expected.`);
  return group ?? '';
}

export const authorizationRuleOperations = {
  /** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizeClientVpnIngress.html */
  AuthorizeClientVpnIngress: async (input, ctx) => {
    const { ClientVpnEndpointId } = input;
    await liveEndpoint(ctx, ClientVpnEndpointId);
    const destination = networkOf(input.TargetNetworkCidr);
    const group = groupOf(input.AccessGroupId, input.AuthorizeAllGroups, 'authorize-all-groups');
    const RuleKey = keyOf(ClientVpnEndpointId, destination, group);
    if (await ctx.find(authorizationRules, RuleKey)) throw errors.ruleDuplicate();
    const { Status } = await ctx.create(authorizationRules, { RuleKey, ClientVpnEndpointId, Description: input.Description ?? '', GroupId: group, AccessAll: group === '', DestinationCidr: destination, Status: { Code: 'authorizing' } });
    return { Status };
  },
  DescribeClientVpnAuthorizationRules: describes(authorizationRules, ofEndpoint<StoredRule>()),
  RevokeClientVpnIngress: async (input, ctx) => {
    await liveEndpoint(ctx, input.ClientVpnEndpointId);
    const destination = networkOf(input.TargetNetworkCidr);
    const group = groupOf(input.AccessGroupId, input.RevokeAllGroups, 'revoke-all-groups');
    const rule = await ctx.find(authorizationRules, keyOf(input.ClientVpnEndpointId, destination, group));
    if (!rule) throw errors.ruleNotFound(destination);
    const { Status } = rule.Status!.Code === 'revoking' ? rule : await ctx.transition(authorizationRules, rule, 'revoking');
    return { Status };
  },
} satisfies Handlers<Ec2Operations>;
