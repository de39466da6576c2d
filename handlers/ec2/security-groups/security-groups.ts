import type { SecurityGroup } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { AwsError, creates, deletes, describes, resource, type Context, type Handlers } from '../../../src/kit/index.ts';
import { groupKeys } from '../condition-keys.ts';
import * as errors from '../errors.ts';
import { addRules, ruleDocument, rulesOf, securityGroupRules, withPermissions, type RulePlan } from './security-group-rules.ts';
import { defaultVpc, hasIpv6, vpcs, type StoredVpc } from '../vpcs/vpcs.ts';

/** IpPermissions and IpPermissionsEgress are kept in step with the rules, which are documents of their own. */
export type StoredGroup = Wire<SecurityGroup>;

/** https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html */
export const securityGroups = resource<StoredGroup>({
  service: 'ec2',
  kind: 'security-group',
  shape: 'SecurityGroup',
  untagged: 'absent',
  id: { member: 'GroupId', prefix: 'sg' },
  notFound: (ids) => new AwsError('InvalidGroup.NotFound', ids.length === 1 ? `The security group '${ids[0]}' does not exist` : `The security groups '${ids.join(', ')}' do not exist`),
  malformed: errors.malformedId('InvalidGroupId.Malformed', 'sg'),
  inUse: (id) => errors.groupInUse(id),
  references: { VpcId: { kind: 'ec2:vpc', onDelete: (group) => (group.GroupName === 'default' ? 'cascade' : 'refuse') } },
  indexed: ['GroupName'],
  filters: {
    'ip-permission.cidr': 'IpPermissions.IpRanges.CidrIp',
    'ip-permission.from-port': 'IpPermissions.FromPort',
    'ip-permission.to-port': 'IpPermissions.ToPort',
    'ip-permission.protocol': 'IpPermissions.IpProtocol',
    'ip-permission.group-id': 'IpPermissions.UserIdGroupPairs.GroupId',
    'ip-permission.group-name': 'IpPermissions.UserIdGroupPairs.GroupName',
    'ip-permission.user-id': 'IpPermissions.UserIdGroupPairs.UserId',
    'ip-permission.ipv6-cidr': 'IpPermissions.Ipv6Ranges.CidrIpv6',
    'ip-permission.prefix-list-id': 'IpPermissions.PrefixListIds.PrefixListId',
    'egress.ip-permission.cidr': 'IpPermissionsEgress.IpRanges.CidrIp',
    'egress.ip-permission.from-port': 'IpPermissionsEgress.FromPort',
    'egress.ip-permission.to-port': 'IpPermissionsEgress.ToPort',
    'egress.ip-permission.protocol': 'IpPermissionsEgress.IpProtocol',
    'egress.ip-permission.group-id': 'IpPermissionsEgress.UserIdGroupPairs.GroupId',
    'egress.ip-permission.group-name': 'IpPermissionsEgress.UserIdGroupPairs.GroupName',
    'egress.ip-permission.user-id': 'IpPermissionsEgress.UserIdGroupPairs.UserId',
    'egress.ip-permission.ipv6-cidr': 'IpPermissionsEgress.Ipv6Ranges.CidrIpv6',
    'egress.ip-permission.prefix-list-id': 'IpPermissionsEgress.PrefixListIds.PrefixListId',
  },
  conditionKeys: groupKeys,
});

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html */
const TEXT_LENGTH_MAX = 255;
const TEXT = /^[a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]*$/;

async function planGroup(input: Ec2Operations['CreateSecurityGroup']['input'], ctx: Context): Promise<Partial<StoredGroup>> {
  const { GroupName: name, Description: description } = input;
  if (name === 'default') throw errors.invalidParameterValue('Cannot use reserved security group name: default');
  if (name.startsWith('sg-')) throw errors.invalidParameterValue(`Group names may not be in the format sg-*`);
  for (const [parameter, text] of [['groupName', name], ['groupDescription', description]] as const) {
    if (text.length > TEXT_LENGTH_MAX) throw errors.invalidValue(text, parameter, `Value is too long. Must not exceed ${TEXT_LENGTH_MAX} characters`);
    if (!TEXT.test(text)) throw errors.invalidValue(text, parameter, 'Invalid security group description. Valid descriptions are strings less than 256 characters from the following set:  a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*');
  }
  const vpcId = input.VpcId === undefined ? (await defaultVpc(ctx))?.VpcId : (await ctx.get(vpcs, input.VpcId)).VpcId;
  if (vpcId === undefined) throw new AwsError('VPCIdNotSpecified', 'No default VPC for this user');
  const namesakes = await ctx.list(securityGroups, { member: 'GroupName', value: name });
  if (namesakes.some((g) => g.VpcId === vpcId)) throw errors.groupDuplicate(name, vpcId);
  return groupDocument(ctx, vpcId, name, description);
}

function groupDocument(ctx: Context, vpcId: string, name: string, description: string): StoredGroup {
  const id = ctx.newId(securityGroups);
  return {
    GroupId: id, GroupName: name, Description: description, OwnerId: ctx.account, VpcId: vpcId, IpPermissions: [], IpPermissionsEgress: [],
    SecurityGroupArn: `arn:aws:ec2:${ctx.region}:${ctx.account}:security-group/${id}`,
  };
}

const ANYWHERE: RulePlan = { protocol: '-1', from: -1, to: -1, peer: { CidrIpv4: '0.0.0.0/0' } };
const ANYWHERE_IPV6: RulePlan = { ...ANYWHERE, peer: { CidrIpv6: '::/0' } };

/**
 * Every group begins by letting everything out, over IPv6 "only if your VPC has an associated IPv6 CIDR block".
 * https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html, and of other groups
 * https://github.com/getmoto/moto/pull/2647
 */
const wayOut = (vpc: StoredVpc): RulePlan[] => [ANYWHERE, ...(hasIpv6(vpc) ? [ANYWHERE_IPV6] : [])];

/** The default group lets its own members in as well. */
export async function createDefaultGroup(ctx: Context, vpc: StoredVpc): Promise<void> {
  const group = groupDocument(ctx, vpc.VpcId!, 'default', 'default VPC security group');
  const itself: RulePlan = { protocol: '-1', from: -1, to: -1, peer: { ReferencedGroupInfo: { GroupId: group.GroupId, UserId: ctx.account } } };
  const rules = [ruleDocument(ctx, group.GroupId!, false, itself), ...wayOut(vpc).map((plan) => ruleDocument(ctx, group.GroupId!, true, plan))];
  await ctx.create(securityGroups, withPermissions(group, rules));
  for (const rule of rules) await ctx.create(securityGroupRules, rule);
}

/** What a VPC's first IPv6 block brings to its default group. https://github.com/hashicorp/terraform-provider-aws/issues/15202 */
// assumed: other groups, and one whose way out was changed, stay as they are.
export async function openDefaultGroupToIpv6(ctx: Context, vpcId: string): Promise<void> {
  const group = (await ctx.list(securityGroups, { member: 'VpcId', value: vpcId })).find((g) => g.GroupName === 'default')!;
  const out = (await rulesOf(ctx, group.GroupId!)).filter((rule) => rule.IsEgress);
  if (out.length === 1 && out[0]!.CidrIpv4 === '0.0.0.0/0' && out[0]!.IpProtocol === '-1') await addRules(ctx, group, true, [ANYWHERE_IPV6], []);
}

/** A group by id, or in the default VPC by name. */
export async function groupOf(ctx: Context, input: { GroupId?: string | undefined; GroupName?: string | undefined }): Promise<StoredGroup> {
  if (input.GroupId !== undefined) return ctx.get(securityGroups, input.GroupId);
  if (input.GroupName === undefined) throw errors.missingParameter('groupName or groupId');
  return groupNamed(ctx, input.GroupName);
}

export async function groupNamed(ctx: Context, name: string): Promise<StoredGroup> {
  const home = (await defaultVpc(ctx))?.VpcId;
  const found = (await ctx.list(securityGroups, { member: 'GroupName', value: name })).find((g) => g.VpcId === home);
  if (!found) throw new AwsError('InvalidGroup.NotFound', `The security group '${name}' does not exist in default VPC '${home ?? ''}'`);
  return found;
}

const deleteGroup = deletes<StoredGroup, { GroupId: string }, object>(securityGroups, {
  id: 'GroupId',
  before: async (group, _input, ctx) => {
    if (group.GroupName === 'default') throw errors.cannotDelete(`the specified group: "${group.GroupId}" name: "default" cannot be deleted by a user`);
    // A group's mention of itself does not hold it.
    for (const rule of await ctx.list(securityGroupRules, { member: 'GroupId', value: group.GroupId! })) {
      if (rule.ReferencedGroupInfo?.GroupId === group.GroupId) await ctx.remove(securityGroupRules, rule);
    }
  },
});

export const securityGroupOperations = {
  CreateSecurityGroup: async (input, ctx) => {
    const { GroupId, SecurityGroupArn, Tags } = await createGroup(input, ctx);
    return { GroupId, SecurityGroupArn, Tags: Tags ?? [] };
  },
  DescribeSecurityGroups: describes(securityGroups, {
    ids: 'GroupIds',
    idsName: 'groupIdSet',
    prepare: async (input, ctx) => {
      const named = [];
      for (const name of input.GroupNames ?? []) named.push((await groupNamed(ctx, name)).GroupId!);
      return { ...input, GroupIds: [...(input.GroupIds ?? []), ...named] };
    },
  }),
  DeleteSecurityGroup: async (input, ctx) => {
    const group = await groupOf(ctx, input);
    await deleteGroup({ GroupId: group.GroupId! }, ctx);
    return { Return: true, GroupId: group.GroupId };
  },
} satisfies Handlers<Ec2Operations>;

const createGroup = creates<StoredGroup, Ec2Operations['CreateSecurityGroup']['input'], StoredGroup>(securityGroups, planGroup, async (group, _input, ctx) => void (await addRules(ctx, group, true, wayOut(await ctx.get(vpcs, group.VpcId!)), [])));

