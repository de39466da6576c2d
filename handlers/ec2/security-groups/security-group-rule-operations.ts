import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import { AwsError, describes, specifiedTags, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import {
  addRules, cidrOf, descriptionOf, hasPorts, planKey, plansOf, portsOf, protocolOf, referred, refuseTooMany, ruleKey, rulesOf, securityGroupRules, syncPermissions, type Permission, type StoredRule,
} from './security-group-rules.ts';
import { prefixListOf } from '../prefix-lists/prefix-lists.ts';
import { groupOf, securityGroups, type StoredGroup } from './security-groups.ts';
import { vpcs } from '../vpcs/vpcs.ts';

type Authorize = Ec2Operations['AuthorizeSecurityGroupIngress']['input'] & Ec2Operations['AuthorizeSecurityGroupEgress']['input'];
type Revoke = Ec2Operations['RevokeSecurityGroupIngress']['input'] & Ec2Operations['RevokeSecurityGroupEgress']['input'];

/** The old form, one rule in flat parameters, as the new one; both at once are refused. */
function permissionsIn(input: Omit<Authorize, 'GroupId'>): Permission[] {
  const flat = [input.CidrIp, input.IpProtocol, input.FromPort, input.ToPort, input.SourceSecurityGroupName].some((v) => v !== undefined);
  if (input.IpPermissions?.length) {
    if (flat) throw errors.invalidParameterCombination('The parameter ipPermissions may not be used together with flat rule parameters');
    return input.IpPermissions as Permission[];
  }
  if (!flat) throw errors.missingParameter('ipPermissions');
  if (input.SourceSecurityGroupName !== undefined) {
    const whole = input.IpProtocol === undefined ? { IpProtocol: '-1' } : { IpProtocol: input.IpProtocol, FromPort: input.FromPort, ToPort: input.ToPort };
    return [{ ...whole, UserIdGroupPairs: [{ GroupName: input.SourceSecurityGroupName, UserId: input.SourceSecurityGroupOwnerId }] }];
  }
  if (input.CidrIp === undefined) throw errors.missingParameter('cidrIp');
  return [{ IpProtocol: input.IpProtocol, FromPort: input.FromPort, ToPort: input.ToPort, IpRanges: [{ CidrIp: input.CidrIp }] }];
}

const authorizes = (egress: boolean) => async (input: Partial<Authorize>, ctx: Context) => {
  const group = await groupOf(ctx, input as { GroupId?: string; GroupName?: string });
  const tags = specifiedTags(input.TagSpecifications as never, 'security-group-rule');
  const plans = await plansOf(ctx, permissionsIn(input), group);
  if (plans.length === 0) throw errors.missingParameter('ipPermissions');
  const rules = await addRules(ctx, group, egress, plans, tags);
  return { Return: true, SecurityGroupRules: rules };
};

/**
 * "[Default VPC] If the values you specify do not match the existing rule's values, no error is returned, and the output
 * describes the security group rules that were not revoked." Elsewhere it is an error, and nothing is revoked.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RevokeSecurityGroupIngress.html
 */
const revokes = (egress: boolean) => async (input: Partial<Revoke>, ctx: Context) => {
  const group = await groupOf(ctx, input as { GroupId?: string; GroupName?: string });
  const rules = await rulesOf(ctx, group.GroupId!);
  const unknown: Permission[] = [];
  const found = input.SecurityGroupRuleIds?.length ? await byIds(ctx, input.SecurityGroupRuleIds, group, egress) : await byPlans(ctx, input, group, rules, egress, unknown);
  // A rule that is named twice goes once.
  const gone = [...new Map(found.map((rule) => [rule.SecurityGroupRuleId, rule])).values()];
  for (const rule of gone) await ctx.remove(securityGroupRules, rule);
  const ids = new Set(gone.map((r) => r.SecurityGroupRuleId));
  await syncPermissions(ctx, group, rules.filter((r) => !ids.has(r.SecurityGroupRuleId)));
  return {
    Return: true,
    UnknownIpPermissions: unknown,
    RevokedSecurityGroupRules: gone.map(({ SecurityGroupRuleId, GroupId, IsEgress, IpProtocol, FromPort, ToPort, CidrIpv4, CidrIpv6, PrefixListId, ReferencedGroupInfo, Description }) => ({
      SecurityGroupRuleId, GroupId, IsEgress, IpProtocol, FromPort, ToPort, CidrIpv4, CidrIpv6, PrefixListId, ReferencedGroupId: ReferencedGroupInfo?.GroupId, Description,
    })),
  };
};

async function byIds(ctx: Context, ids: readonly string[], group: StoredGroup, egress: boolean): Promise<StoredRule[]> {
  const rules = await ctx.getAll(securityGroupRules, ids);
  const stranger = rules.find((r) => r.GroupId !== group.GroupId || r.IsEgress !== egress);
  if (stranger) throw errors.permissionNotFound(`The specified rule ${stranger.SecurityGroupRuleId} does not exist in this security group.`);
  return rules;
}

async function byPlans(ctx: Context, input: Partial<Revoke>, group: StoredGroup, rules: readonly StoredRule[], egress: boolean, unknown: Permission[]): Promise<StoredRule[]> {
  const lenient = (await ctx.get(vpcs, group.VpcId!)).IsDefault;
  const present = new Map(rules.filter((r) => r.IsEgress === egress).map((r) => [ruleKey(r), r]));
  const gone: StoredRule[] = [];
  for (const permission of permissionsIn(input as Authorize)) {
    for (const plan of await plansOf(ctx, [permission], group)) {
      const rule = present.get(planKey(plan));
      if (rule) gone.push(rule);
      else if (lenient) unknown.push(permission);
      else throw errors.permissionNotFound('The specified rule does not exist in this security group.');
    }
  }
  return gone;
}

const describesRules = (egress: boolean) => async (input: Partial<Ec2Operations['UpdateSecurityGroupRuleDescriptionsIngress']['input']>, ctx: Context) => {
  const group = await groupOf(ctx, input as { GroupId?: string; GroupName?: string });
  const rules = await rulesOf(ctx, group.GroupId!);
  for (const { SecurityGroupRuleId: id, Description } of input.SecurityGroupRuleDescriptions ?? []) {
    const rule = rules.find((r) => r.SecurityGroupRuleId === id && r.IsEgress === egress);
    if (!rule) throw errors.permissionNotFound(`The specified rule ${id} does not exist in this security group.`);
    rule.Description = descriptionOf(Description);
    await ctx.save(securityGroupRules, rule);
  }
  for (const plan of await plansOf(ctx, (input.IpPermissions ?? []) as Permission[], group)) {
    const rule = rules.find((r) => r.IsEgress === egress && ruleKey(r) === planKey(plan));
    if (!rule) throw errors.permissionNotFound('The specified rule does not exist in this security group.');
    rule.Description = plan.description;
    await ctx.save(securityGroupRules, rule);
  }
  await syncPermissions(ctx, group, rules);
  return { Return: true };
};

/** https://github.com/getmoto/moto/blob/5.2.1/tests/test_ec2/test_security_groups.py has the texts as AWS answered them. */
function checkWish(wish: NonNullable<Ec2Operations['ModifySecurityGroupRules']['input']['SecurityGroupRules'][number]['SecurityGroupRule']>): void {
  if (wish.IpProtocol === undefined) throw errors.invalidParameterValue(`Invalid value 'null' for protocol. VPC security group rules must specify protocols explicitly.`);
  if (hasPorts(wish.IpProtocol) && (wish.FromPort === undefined || wish.ToPort === undefined)) throw errors.invalidParameterValue('Invalid value for portRange. Must specify both from and to ports with TCP/UDP.');
  const peers = [wish.CidrIpv4, wish.CidrIpv6, wish.PrefixListId, wish.ReferencedGroupId].filter((p) => p !== undefined);
  if (peers.length === 0) throw new AwsError('MissingParameter', 'The request must contain exactly one of: cidrIp, cidrIpv6, prefixListId, or referencedGroupId');
  if (peers.length > 1) throw errors.invalidParameterCombination('Only one of cidrIp, cidrIpv6, prefixListId, or referencedGroupId can be specified');
}

async function modifyRules(input: Ec2Operations['ModifySecurityGroupRules']['input'], ctx: Context): Promise<{ Return: boolean }> {
  const group = await ctx.get(securityGroups, input.GroupId);
  const rules = await rulesOf(ctx, input.GroupId);
  for (const { SecurityGroupRuleId: id, SecurityGroupRule: wish } of input.SecurityGroupRules) {
    const rule = rules.find((r) => r.SecurityGroupRuleId === id);
    if (!rule) throw securityGroupRules.notFound([id!]);
    if (!wish) continue;
    checkWish(wish);
    const protocol = protocolOf(wish.IpProtocol);
    const { from, to } = portsOf(protocol, wish.FromPort, wish.ToPort);
    for (const member of ['CidrIpv4', 'CidrIpv6', 'PrefixListId', 'ReferencedGroupInfo', 'Description'] as const) delete rule[member];
    Object.assign(rule, { IpProtocol: protocol, FromPort: from, ToPort: to });
    if (wish.CidrIpv4 !== undefined) rule.CidrIpv4 = cidrOf(wish.CidrIpv4, 4);
    if (wish.CidrIpv6 !== undefined) rule.CidrIpv6 = cidrOf(wish.CidrIpv6, 6);
    if (wish.PrefixListId !== undefined) rule.PrefixListId = (await prefixListOf(ctx, wish.PrefixListId)).PrefixListId!;
    if (wish.ReferencedGroupId !== undefined) rule.ReferencedGroupInfo = await referred(ctx, { GroupId: wish.ReferencedGroupId }, group);
    const description = descriptionOf(wish.Description);
    if (description !== undefined) rule.Description = description;
    if (rules.some((r) => r !== rule && r.IsEgress === rule.IsEgress && ruleKey(r) === ruleKey(rule))) throw errors.permissionDuplicate('The specified rule already exists in this security group.');
    await ctx.save(securityGroupRules, rule);
  }
  for (const egress of [false, true]) await refuseTooMany(ctx, rules.filter((r) => r.IsEgress === egress).map((r) => r.PrefixListId));
  await syncPermissions(ctx, group, rules);
  return { Return: true };
}

export const securityGroupRuleOperations = {
  AuthorizeSecurityGroupIngress: authorizes(false),
  AuthorizeSecurityGroupEgress: authorizes(true),
  DescribeSecurityGroupRules: describes(securityGroupRules, {
    ids: 'SecurityGroupRuleIds',
    // https://github.com/getmoto/moto/blob/5.2.1/tests/test_ec2/test_security_groups.py has it as AWS answered it.
    prepare: async (input) => {
      const groups = (input.Filters ?? []).filter((f) => f.Name === 'group-id').flatMap((f) => f.Values ?? []);
      // assumed: what has a wildcard is a pattern, not an id.
      const odd = groups.find((id) => !/[*?]/.test(id) && !securityGroups.wellFormed(id));
      if (odd !== undefined) throw new AwsError('InvalidGroupId.Malformed', `The security group ID '${odd}' is malformed`);
      return input;
    },
  }),
  ModifySecurityGroupRules: modifyRules,
  UpdateSecurityGroupRuleDescriptionsIngress: describesRules(false),
  UpdateSecurityGroupRuleDescriptionsEgress: describesRules(true),
  RevokeSecurityGroupIngress: revokes(false),
  RevokeSecurityGroupEgress: revokes(true),
} satisfies Handlers<Ec2Operations>;
