import type { VpcBlockPublicAccessExclusion, VpcBlockPublicAccessOptions } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { AwsError, creates, describes, minutes, resource, seconds, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { subnets, type StoredSubnet } from './subnets.ts';
import { vpcs, type StoredVpc } from './vpcs.ts';

/** https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa.html */

type Options = Wire<VpcBlockPublicAccessOptions>;
export type StoredExclusion = Wire<VpcBlockPublicAccessExclusion>;

/** One for an account and Region, from the first change on. */
export const blockPublicAccessOptions = resource<Options>({
  service: 'ec2',
  kind: 'vpc-block-public-access-options',
  shape: 'VpcBlockPublicAccessOptions',
  id: { member: 'AwsRegion' },
  notFound: (ids) => new AwsError('InternalError', `No options of ${ids[0]}`),
  tags: null,
  state: 'State',
  lifecycle: { 'update-in-progress': { after: seconds(30), to: 'update-complete' } },
});

const expired = (e: StoredExclusion): boolean => e.State === 'delete-in-progress' || e.State === 'delete-complete';
const leaf = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);

export const blockPublicAccessExclusions = resource<StoredExclusion>({
  service: 'ec2',
  kind: 'vpc-block-public-access-exclusion',
  shape: 'VpcBlockPublicAccessExclusion',
  id: { member: 'ExclusionId', prefix: 'vpcbpa-exclude' },
  notFound: errors.notFound('InvalidVpcBlockPublicAccessExclusionId.NotFound', 'VPC block public access exclusion ID'),
  malformed: errors.malformedId('InvalidVpcBlockPublicAccessExclusionId.Malformed', 'vpcbpa-exclude'),
  state: 'State',
  lifecycle: {
    'create-in-progress': { after: seconds(30), to: 'create-complete' },
    'update-in-progress': { after: seconds(30), to: 'update-complete' },
    'delete-in-progress': { after: seconds(30), to: 'delete-complete' },
    'delete-complete': { after: minutes(30), to: 'gone', paced: false },
  },
  entering: { 'delete-complete': (e, ctx) => void (e.DeletionTimestamp = ctx.now) },
  indexed: ['ResourceArn'],
});

async function optionsOf(ctx: Context): Promise<Options> {
  const stored = await ctx.find(blockPublicAccessOptions, ctx.region);
  return stored ?? { AwsAccountId: ctx.account, AwsRegion: ctx.region, State: 'default-state', InternetGatewayBlockMode: 'off', ManagedBy: 'account', ExclusionsAllowed: 'allowed' };
}

// A description asks for the same of each of its VPCs or subnets.
const policies = new WeakMap<Context, Promise<{ mode: string; exclusions: Map<string, string> }>>();

function policyOf(ctx: Context): Promise<{ mode: string; exclusions: Map<string, string> }> {
  let policy = policies.get(ctx);
  if (!policy) policies.set(ctx, (policy = readPolicy(ctx)));
  return policy;
}

async function readPolicy(ctx: Context): Promise<{ mode: string; exclusions: Map<string, string> }> {
  const mode = (await optionsOf(ctx)).InternetGatewayBlockMode!;
  const exclusions = mode === 'off' ? [] : (await ctx.list(blockPublicAccessExclusions)).filter((e) => !expired(e));
  return { mode, exclusions: new Map(exclusions.map((e) => [leaf(e.ResourceArn!), e.InternetGatewayExclusionMode!])) };
}

/** What is blocked in a VPC or subnet: an exclusion of a VPC is one of its subnets too. */
async function blockedIn(ctx: Context, ids: readonly string[]): Promise<{ InternetGatewayBlockMode: 'off' | 'block-ingress' | 'block-bidirectional' }> {
  const { mode, exclusions } = await policyOf(ctx);
  const exclusion = ids.map((id) => exclusions.get(id)).find((e) => e !== undefined);
  const left = exclusion === 'allow-bidirectional' ? 'off' : exclusion === 'allow-egress' ? 'block-ingress' : mode;
  return { InternetGatewayBlockMode: left as 'off' };
}

export const withVpcBlocking = async (vpc: StoredVpc, ctx: Context): Promise<StoredVpc> => ({ ...vpc, BlockPublicAccessStates: await blockedIn(ctx, [vpc.VpcId!]) });
export const withSubnetBlocking = async (subnet: StoredSubnet, ctx: Context): Promise<StoredSubnet> => ({ ...subnet, BlockPublicAccessStates: await blockedIn(ctx, [subnet.SubnetId!, subnet.VpcId!]) });

/** https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html#vpc-limits-bpa */
const EXCLUSIONS_MAX = 50;

async function planExclusion(input: Ec2Operations['CreateVpcBlockPublicAccessExclusion']['input'], ctx: Context): Promise<Partial<StoredExclusion>> {
  if ((input.VpcId === undefined) === (input.SubnetId === undefined)) throw errors.invalidParameterCombination('Exactly one of vpcId and subnetId must be specified');
  if (input.VpcId !== undefined) await ctx.get(vpcs, input.VpcId);
  if (input.SubnetId !== undefined) await ctx.get(subnets, input.SubnetId);
  const arn = `arn:aws:ec2:${ctx.region}:${ctx.account}:${input.VpcId === undefined ? `subnet/${input.SubnetId}` : `vpc/${input.VpcId}`}`;
  const present = (await ctx.list(blockPublicAccessExclusions)).filter((e) => !expired(e));
  // assumed: these codes.
  if (present.some((e) => e.ResourceArn === arn)) throw new AwsError('VpcBlockPublicAccessExclusionAlreadyExists', `An exclusion of ${leaf(arn)} already exists.`);
  if (present.length >= EXCLUSIONS_MAX) throw errors.limitExceeded('VpcBlockPublicAccessExclusionLimitExceeded', 'The maximum number of exclusions has been reached.');
  return { ResourceArn: arn, InternetGatewayExclusionMode: input.InternetGatewayExclusionMode, State: 'create-in-progress', CreationTimestamp: ctx.now, LastUpdateTimestamp: ctx.now, Tags: [] };
}

async function changeable(ctx: Context, id: string): Promise<StoredExclusion> {
  const exclusion = await ctx.get(blockPublicAccessExclusions, id);
  if (expired(exclusion)) throw errors.incorrectState(`The exclusion ${id} is in the state ${exclusion.State}.`);
  return exclusion;
}

export const blockPublicAccessOperations = {
  DescribeVpcBlockPublicAccessOptions: async (_input, ctx) => ({ VpcBlockPublicAccessOptions: await optionsOf(ctx) }),
  ModifyVpcBlockPublicAccessOptions: async (input, ctx) => {
    const present = await ctx.find(blockPublicAccessOptions, ctx.region);
    const options: Options = { ...(await optionsOf(ctx)), InternetGatewayBlockMode: input.InternetGatewayBlockMode, LastUpdateTimestamp: ctx.now, State: 'update-in-progress' };
    if (present) await ctx.transition(blockPublicAccessOptions, options, 'update-in-progress');
    else await ctx.create(blockPublicAccessOptions, options);
    return { VpcBlockPublicAccessOptions: options };
  },
  CreateVpcBlockPublicAccessExclusion: creates(blockPublicAccessExclusions, planExclusion),
  DescribeVpcBlockPublicAccessExclusions: describes(blockPublicAccessExclusions, { ids: 'ExclusionIds' }),
  ModifyVpcBlockPublicAccessExclusion: async (input, ctx) => {
    const exclusion = await changeable(ctx, input.ExclusionId);
    exclusion.InternetGatewayExclusionMode = input.InternetGatewayExclusionMode;
    exclusion.LastUpdateTimestamp = ctx.now;
    return { VpcBlockPublicAccessExclusion: await ctx.transition(blockPublicAccessExclusions, exclusion, 'update-in-progress') };
  },
  DeleteVpcBlockPublicAccessExclusion: async (input, ctx) => {
    const exclusion = await changeable(ctx, input.ExclusionId);
    exclusion.LastUpdateTimestamp = ctx.now;
    return { VpcBlockPublicAccessExclusion: await ctx.transition(blockPublicAccessExclusions, exclusion, 'delete-in-progress') };
  },
} satisfies Handlers<Ec2Operations>;
