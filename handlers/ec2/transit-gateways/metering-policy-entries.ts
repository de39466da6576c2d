import type { TransitGatewayMeteringPolicyEntry } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { describes, resource, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';
import { attachmentTo } from './attachments.ts';
import * as errors from './errors.ts';
import { belonging, ready } from './lifecycles.ts';
import { effectiveAt, meteringPolicies, type StoredMeteringPolicy } from './metering-policies.ts';
import { block, checkPorts, ruleNumber } from './traffic-rules.ts';

type Rule = NonNullable<Wire<TransitGatewayMeteringPolicyEntry>['MeteringPolicyRule']>;
type Input = Ec2Operations['CreateTransitGatewayMeteringPolicyEntry']['input'];

/** Keyed by policy and rule number: `tgw-mp-…/100`. */
export type StoredMeteringEntry = Wire<TransitGatewayMeteringPolicyEntry> & { readonly EntryKey: string; readonly TransitGatewayMeteringPolicyId: string };

/** https://docs.aws.amazon.com/vpc/latest/tgw/create-metering-policy-entry.html */
export const meteringPolicyEntries = resource<StoredMeteringEntry>({
  service: 'ec2',
  kind: 'transit-gateway-metering-policy-entry',
  shape: 'TransitGatewayMeteringPolicyEntry',
  id: { member: 'EntryKey' },
  notFound: (ids) => errors.meteringEntryNotFound(Number(ids[0]!.split('/')[1]), ids[0]!.split('/')[0]!),
  tags: null,
  references: { TransitGatewayMeteringPolicyId: { kind: 'ec2:transit-gateway-metering-policy', onDelete: 'cascade' } },
});

/** "The tgw-peering resource type has been deprecated. To configure metering policies for Connect, use the transport attachment type." */
const TYPES_NOT_METERED = ['tgw-peering', 'connect'];
const PROTOCOL_MAX = 255;

/** One end of the traffic: by an attachment, or by a type of attachments. */
async function checkEnd(ctx: Context, policy: StoredMeteringPolicy, end: 'Source' | 'Destination', input: Input): Promise<void> {
  const id = input[`${end}TransitGatewayAttachmentId`];
  const type = input[`${end}TransitGatewayAttachmentType`];
  // assumed: an attachment and a type exclude each other.
  if (id !== undefined && type !== undefined) throw general.invalidParameterCombination(`Only one of ${end}TransitGatewayAttachmentId and ${end}TransitGatewayAttachmentType may be specified`);
  if (type !== undefined && TYPES_NOT_METERED.includes(type)) throw general.invalidValue(type, `${end}TransitGatewayAttachmentType`);
  if (id !== undefined) await attachmentTo(ctx, policy.TransitGatewayId!, id);
}

async function ruleOf(ctx: Context, policy: StoredMeteringPolicy, input: Input): Promise<Rule> {
  const { Protocol, SourcePortRange, DestinationPortRange, SourceTransitGatewayAttachmentId, SourceTransitGatewayAttachmentType, DestinationTransitGatewayAttachmentId, DestinationTransitGatewayAttachmentType } = input;
  if (Protocol !== undefined && Protocol !== '*' && !(/^\d{1,3}$/.test(Protocol) && Number(Protocol) <= PROTOCOL_MAX)) throw general.invalidValue(Protocol, 'Protocol', 'Unknown protocol.');
  checkPorts(SourcePortRange, Protocol, 'SourcePortRange');
  checkPorts(DestinationPortRange, Protocol, 'DestinationPortRange');
  await checkEnd(ctx, policy, 'Source', input);
  await checkEnd(ctx, policy, 'Destination', input);
  return {
    SourceTransitGatewayAttachmentId, SourceTransitGatewayAttachmentType, SourceCidrBlock: block(input.SourceCidrBlock, 'SourceCidrBlock'), SourcePortRange,
    DestinationTransitGatewayAttachmentId, DestinationTransitGatewayAttachmentType, DestinationCidrBlock: block(input.DestinationCidrBlock, 'DestinationCidrBlock'), DestinationPortRange, Protocol,
  };
}

export const meteringPolicyEntryOperations = {
  CreateTransitGatewayMeteringPolicyEntry: async (input, ctx) => {
    const policy = await ready(ctx, meteringPolicies, input.TransitGatewayMeteringPolicyId);
    const number = ruleNumber(input.PolicyRuleNumber);
    const entry: StoredMeteringEntry = {
      EntryKey: `${input.TransitGatewayMeteringPolicyId}/${number}`, TransitGatewayMeteringPolicyId: input.TransitGatewayMeteringPolicyId, PolicyRuleNumber: number, MeteredAccount: input.MeteredAccount,
      State: 'available', UpdatedAt: ctx.now, UpdateEffectiveAt: effectiveAt(ctx), MeteringPolicyRule: await ruleOf(ctx, policy, input),
    };
    if (await ctx.find(meteringPolicyEntries, entry.EntryKey)) throw errors.meteringEntryDuplicate(input.PolicyRuleNumber, input.TransitGatewayMeteringPolicyId);
    return { TransitGatewayMeteringPolicyEntry: await ctx.create(meteringPolicyEntries, entry) };
  },
  GetTransitGatewayMeteringPolicyEntries: describes(meteringPolicyEntries, belonging(() => meteringPolicies, 'TransitGatewayMeteringPolicyId')),
  DeleteTransitGatewayMeteringPolicyEntry: async (input, ctx) => {
    await ready(ctx, meteringPolicies, input.TransitGatewayMeteringPolicyId);
    const entry = await ctx.find(meteringPolicyEntries, `${input.TransitGatewayMeteringPolicyId}/${input.PolicyRuleNumber}`);
    if (!entry) throw errors.meteringEntryNotFound(input.PolicyRuleNumber, input.TransitGatewayMeteringPolicyId);
    await ctx.remove(meteringPolicyEntries, entry);
    return { TransitGatewayMeteringPolicyEntry: { ...entry, State: 'deleted', UpdatedAt: ctx.now, UpdateEffectiveAt: effectiveAt(ctx) } };
  },
} satisfies Handlers<Ec2Operations>;
