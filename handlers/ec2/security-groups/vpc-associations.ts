import type { SecurityGroupVpcAssociation } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { AwsError, describes, pageOf, resource, seconds, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { networkInterfaces } from '../network-interfaces/network-interfaces.ts';
import { filtered } from '../regions.ts';
import { vpcs } from '../vpcs/vpcs.ts';
import { securityGroups, type StoredGroup } from './security-groups.ts';

/** AWS gives an association no id of its own; `Key` names the group and the VPC. */
export type StoredVpcAssociation = Wire<SecurityGroupVpcAssociation> & { Key: string };

const keyOf = (groupId: string, vpcId: string): string => `${groupId}/${vpcId}`;

const noAssociation = (groupId: string, vpcId: string): AwsError => new AwsError('InvalidSecurityGroupVpcAssociation.NotFound', `The security group ${groupId} is not associated with the VPC ${vpcId}`, 400);

/** Groups that serve in further VPCs of the Region. https://docs.aws.amazon.com/vpc/latest/userguide/security-group-assoc.html */
export const securityGroupVpcAssociations = resource<StoredVpcAssociation>({
  service: 'ec2',
  kind: 'security-group-vpc-association',
  shape: 'SecurityGroupVpcAssociation',
  id: { member: 'Key' },
  notFound: (ids) => noAssociation(ids[0]!.split('/')[0]!, ids[0]!.split('/')[1]!),
  tags: null,
  state: 'State',
  // assumed: an association that has ended is not described, as the Terraform provider, which waits until it is gone, has it:
  // https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/ec2/vpc_security_group_vpc_association.go
  lifecycle: { associating: { after: seconds(3), to: 'associated' }, disassociating: { after: seconds(3), to: 'gone' } },
  // assumed: an association goes with its group or its VPC and holds neither.
  references: { GroupId: { kind: 'ec2:security-group', onDelete: 'cascade' }, VpcId: { kind: 'ec2:vpc', onDelete: 'cascade' } },
});

/** Whether a group may be used in a VPC that is not its own. */
export async function isAssociated(ctx: Context, groupId: string, vpcId: string): Promise<boolean> {
  const found = await ctx.find(securityGroupVpcAssociations, keyOf(groupId, vpcId));
  return found?.State === 'associated' || found?.State === 'associating';
}

/** Whether two groups may be used in the same VPC. */
export async function servesTogether(ctx: Context, one: StoredGroup, other: StoredGroup): Promise<boolean> {
  const places = async (group: StoredGroup) => [group.VpcId!, ...(await ctx.values(securityGroupVpcAssociations, 'VpcId', { member: 'GroupId', value: group.GroupId! }))];
  const [mine, theirs] = [await places(one), await places(other)];
  return mine.some((vpcId) => theirs.includes(vpcId));
}

async function associate(input: Ec2Operations['AssociateSecurityGroupVpc']['input'], ctx: Context): Promise<Ec2Operations['AssociateSecurityGroupVpc']['output']> {
  const group = await ctx.get(securityGroups, input.GroupId);
  await ctx.get(vpcs, input.VpcId);
  // "You can't associate a default security group with another VPC". assumed: these codes.
  if (group.GroupName === 'default') throw errors.invalidParameterValue(`The default security group ${input.GroupId} cannot be associated with another VPC.`);
  if (group.VpcId === input.VpcId) throw errors.invalidParameterValue(`The security group ${input.GroupId} already belongs to the VPC ${input.VpcId}.`);
  const namesakes = await ctx.list(securityGroups, { member: 'GroupName', value: group.GroupName! });
  if (namesakes.some((g) => g.VpcId === input.VpcId)) throw errors.groupDuplicate(group.GroupName!, input.VpcId);
  const present = await ctx.find(securityGroupVpcAssociations, keyOf(input.GroupId, input.VpcId));
  if (present?.State === 'associated' || present?.State === 'associating') return { State: present.State };
  if (present) await ctx.remove(securityGroupVpcAssociations, present);
  const made = await ctx.create(securityGroupVpcAssociations, {
    Key: keyOf(input.GroupId, input.VpcId), GroupId: input.GroupId, GroupOwnerId: ctx.account, VpcId: input.VpcId, VpcOwnerId: ctx.account, State: 'associating',
  } satisfies StoredVpcAssociation);
  return { State: made.State! };
}

/** The groups that interfaces in a VPC may have: its own, and those associated with it. */
async function groupsFor(ctx: Context, vpcId: string): Promise<StoredGroup[]> {
  const own = await ctx.list(securityGroups, { member: 'VpcId', value: vpcId });
  const associated = (await ctx.list(securityGroupVpcAssociations, { member: 'VpcId', value: vpcId })).filter((a) => a.State === 'associated');
  return [...own, ...(await ctx.getAll(securityGroups, associated.map((a) => a.GroupId!)))];
}

// https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html#vpc-limits-security-groups
const GROUPS_PER_INTERFACE_MAX = 5;

export const vpcAssociationOperations = {
  AssociateSecurityGroupVpc: associate,
  DescribeSecurityGroupVpcAssociations: describes(securityGroupVpcAssociations),
  GetSecurityGroupsForVpc: async (input, ctx) => {
    await ctx.get(vpcs, input.VpcId);
    const groups = (await groupsFor(ctx, input.VpcId)).map((g) => ({ GroupId: g.GroupId, GroupName: g.GroupName, Description: g.Description, OwnerId: g.OwnerId, PrimaryVpcId: g.VpcId, Tags: g.Tags ?? [] }));
    const found = filtered(groups, input.Filters, {
      'group-id': (g) => g.GroupId, 'group-name': (g) => g.GroupName, description: (g) => g.Description, 'owner-id': (g) => g.OwnerId, 'primary-vpc-id': (g) => g.PrimaryVpcId,
    });
    const { items, next } = pageOf(found, input);
    return { SecurityGroupForVpcs: items, ...next };
  },
  /** Whether an interface could have these groups. assumed: the quota is that of groups for an interface; that of their rules is kept when rules are added. */
  ValidateSecurityGroupQuotasForInterface: async (input, ctx) => {
    const groups = await ctx.getAll(securityGroups, [...new Set(input.SecurityGroupIds)]);
    return { Valid: groups.length <= GROUPS_PER_INTERFACE_MAX };
  },
  DisassociateSecurityGroupVpc: async (input, ctx) => {
    await ctx.get(securityGroups, input.GroupId);
    await ctx.get(vpcs, input.VpcId);
    const found = await ctx.get(securityGroupVpcAssociations, keyOf(input.GroupId, input.VpcId));
    if (found.State === 'disassociating') return { State: found.State };
    const used = (await ctx.list(networkInterfaces, { member: 'Groups.GroupId', value: input.GroupId })).some((e) => e.VpcId === input.VpcId);
    if (used) throw errors.groupInUse(input.GroupId);
    await ctx.transition(securityGroupVpcAssociations, found, 'disassociating');
    return { State: 'disassociating' };
  },
} satisfies Handlers<Ec2Operations>;
