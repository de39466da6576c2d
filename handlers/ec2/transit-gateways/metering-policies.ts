import type { TransitGatewayMeteringPolicy } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { creates, describes, hours, isoTime, resource, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';
import { attachmentTo } from './attachments.ts';
import * as errors from './errors.ts';
import { comesAndGoes, ends, ready, removeAll } from './lifecycles.ts';
import { meteringPolicyEntries } from './metering-policy-entries.ts';
import { transitGateways } from './transit-gateways.ts';

export type StoredMeteringPolicy = Wire<TransitGatewayMeteringPolicy>;

/** https://docs.aws.amazon.com/vpc/latest/tgw/metering-policy.html */
export const meteringPolicies = resource<StoredMeteringPolicy>({
  service: 'ec2',
  kind: 'transit-gateway-metering-policy',
  shape: 'TransitGatewayMeteringPolicy',
  id: { member: 'TransitGatewayMeteringPolicyId', prefix: 'tgw-mp' },
  // assumed: these codes are like those of the other kinds.
  notFound: errors.missing('InvalidTransitGatewayMeteringPolicyId.NotFound', 'Transit Gateway Metering Policy'),
  malformed: errors.malformed('InvalidTransitGatewayMeteringPolicyId.Malformed', 'Transit Gateway Metering Policy'),
  state: 'State',
  lifecycle: comesAndGoes({ made: 15, deleted: 15 }),
  entering: { deleting: (policy, ctx) => removeAll(ctx, meteringPolicyEntries, 'TransitGatewayMeteringPolicyId', policy.TransitGatewayMeteringPolicyId!) },
  references: {
    TransitGatewayId: { kind: 'ec2:transit-gateway', onDelete: 'keep' },
    MiddleboxAttachmentIds: { kind: 'ec2:transit-gateway-attachment', onDelete: 'release' },
  },
  conditionKeys: (p) => ({ 'ec2:transitGatewayMeteringPolicyId': p.TransitGatewayMeteringPolicyId }),
});

const BILLING_HOURS = 2;

/** "All management operations … take effect after two billing hours": those that begin on the hour. https://docs.aws.amazon.com/vpc/latest/tgw/metering-policy-manage-policy.html */
export const effectiveAt = (ctx: Context): string => isoTime(Math.floor(ctx.nowMs / hours(1)) * hours(1) + hours(BILLING_HOURS));

const MIDDLEBOXES_MAX = 10;

/** "You can specify a maximum of 10 middlebox attachments. Supported … types are Network Function, VPC and VPN attachments." https://docs.aws.amazon.com/vpc/latest/tgw/metering-policy-middlebox.html */
async function checkMiddleboxes(ctx: Context, gatewayId: string, ids: readonly string[], count: number): Promise<void> {
  for (const id of ids) {
    const attachment = await attachmentTo(ctx, gatewayId, id);
    if (attachment.ResourceType !== 'vpc' && attachment.ResourceType !== 'vpn') throw general.invalidValue(id, 'MiddleboxAttachmentIds', 'The attachment must be a VPC, VPN or network function attachment.');
  }
  if (count > MIDDLEBOXES_MAX) throw general.invalidParameterValue(`A metering policy cannot have more than ${MIDDLEBOXES_MAX} middlebox attachments.`);
}

async function planPolicy(input: Ec2Operations['CreateTransitGatewayMeteringPolicy']['input'], ctx: Context): Promise<Partial<StoredMeteringPolicy>> {
  await ready(ctx, transitGateways, input.TransitGatewayId);
  const ids = [...new Set(input.MiddleboxAttachmentIds ?? [])];
  await checkMiddleboxes(ctx, input.TransitGatewayId, ids, ids.length);
  return { TransitGatewayId: input.TransitGatewayId, MiddleboxAttachmentIds: ids, State: 'pending', UpdateEffectiveAt: effectiveAt(ctx) };
}

async function modify(input: Ec2Operations['ModifyTransitGatewayMeteringPolicy']['input'], ctx: Context): Promise<{ TransitGatewayMeteringPolicy: StoredMeteringPolicy }> {
  const policy = await ready(ctx, meteringPolicies, input.TransitGatewayMeteringPolicyId);
  const added = input.AddMiddleboxAttachmentIds ?? [];
  const removed = input.RemoveMiddleboxAttachmentIds ?? [];
  if (added.length + removed.length === 0) throw general.missingParameter('AddMiddleboxAttachmentIds or RemoveMiddleboxAttachmentIds');
  const present = policy.MiddleboxAttachmentIds ?? [];
  for (const id of removed) if (!present.includes(id)) throw general.invalidValue(id, 'RemoveMiddleboxAttachmentIds', 'The metering policy has no such middlebox attachment.');
  const next = [...new Set([...present.filter((id) => !removed.includes(id)), ...added])];
  await checkMiddleboxes(ctx, policy.TransitGatewayId!, added, next.length);
  Object.assign(policy, { MiddleboxAttachmentIds: next, UpdateEffectiveAt: effectiveAt(ctx) });
  return { TransitGatewayMeteringPolicy: await ctx.transition(meteringPolicies, policy, 'modifying') };
}

export const meteringPolicyOperations = {
  CreateTransitGatewayMeteringPolicy: creates(meteringPolicies, planPolicy),
  DescribeTransitGatewayMeteringPolicies: describes(meteringPolicies, { ids: 'TransitGatewayMeteringPolicyIds' }),
  ModifyTransitGatewayMeteringPolicy: modify,
  DeleteTransitGatewayMeteringPolicy: ends(meteringPolicies, 'TransitGatewayMeteringPolicyId', (TransitGatewayMeteringPolicy) => ({ TransitGatewayMeteringPolicy })),
} satisfies Handlers<Ec2Operations>;
