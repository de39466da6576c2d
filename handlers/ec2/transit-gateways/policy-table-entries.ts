import type { TransitGatewayPolicyTableEntry, TransitGatewayRequestPolicyRule } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { describes, resource, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';
import * as errors from './errors.ts';
import { belonging, ready } from './lifecycles.ts';
import { policyTables, type StoredPolicyTable } from './policy-tables.ts';
import { transitGatewayRouteTables } from './route-tables.ts';
import { block, checkPorts, ruleNumber } from './traffic-rules.ts';

type Rule = NonNullable<Wire<TransitGatewayPolicyTableEntry>['PolicyRule']>;

/** Keyed by table and rule number: `tgw-ptb-…/100`. */
export type StoredPolicyEntry = Wire<TransitGatewayPolicyTableEntry> & { readonly EntryKey: string; readonly TransitGatewayPolicyTableId: string };

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateTransitGatewayPolicyTableEntry.html */
export const policyTableEntries = resource<StoredPolicyEntry>({
  service: 'ec2',
  kind: 'transit-gateway-policy-table-entry',
  shape: 'TransitGatewayPolicyTableEntry',
  id: { member: 'EntryKey' },
  notFound: (ids) => errors.policyEntryNotFound(ids[0]!.split('/')[1]!, ids[0]!.split('/')[0]!),
  tags: null,
  references: {
    TransitGatewayPolicyTableId: { kind: 'ec2:transit-gateway-policy-table', onDelete: 'cascade' },
    TargetRouteTableId: { kind: 'ec2:transit-gateway-route-table', onDelete: 'cascade' },
  },
  filters: {
    'policy-rule.source-ip': 'PolicyRule.SourceCidrBlock',
    'policy-rule.destination-ip': 'PolicyRule.DestinationCidrBlock',
    'policy-rule.source-port': 'PolicyRule.SourcePortRange',
    'policy-rule.destination-port': 'PolicyRule.DestinationPortRange',
    'policy-rule.meta-data.key': 'PolicyRule.MetaData.MetaDataKey',
    'policy-rule.meta-data.value': 'PolicyRule.MetaData.MetaDataValue',
  },
});

const PROTOCOLS = ['1', '6', '17', '47', '*'];

// assumed: what a rule does not say is shown as that which everything matches.
const ANYTHING: Rule = { SourceCidrBlock: '0.0.0.0/0', SourcePortRange: '*', DestinationCidrBlock: '0.0.0.0/0', DestinationPortRange: '*', Protocol: '*' };

/** "Unspecified fields retain their current values." https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyTransitGatewayPolicyTableEntry.html */
function ruleOver(present: Rule, given: Wire<TransitGatewayRequestPolicyRule> = {}): Rule {
  const rule: Rule = {
    ...present, ...given,
    SourceCidrBlock: block(given.SourceCidrBlock, 'SourceCidrBlock') ?? present.SourceCidrBlock, DestinationCidrBlock: block(given.DestinationCidrBlock, 'DestinationCidrBlock') ?? present.DestinationCidrBlock,
  };
  if (!PROTOCOLS.includes(rule.Protocol!)) throw general.invalidValue(rule.Protocol, 'Protocol', `Valid values are ${PROTOCOLS.join(', ')}.`);
  checkPorts(rule.SourcePortRange, rule.Protocol, 'SourcePortRange');
  checkPorts(rule.DestinationPortRange, rule.Protocol, 'DestinationPortRange');
  return rule;
}

/** A route table of the same gateway. */
async function checkTarget(ctx: Context, table: StoredPolicyTable, id: string): Promise<void> {
  const target = await ready(ctx, transitGatewayRouteTables, id);
  if (target.TransitGatewayId !== table.TransitGatewayId) throw errors.routeTableOfAnother(id, table.TransitGatewayId!);
}

async function present(ctx: Context, tableId: string, rule: string): Promise<StoredPolicyEntry> {
  const found = await ctx.find(policyTableEntries, `${tableId}/${ruleNumber(rule)}`);
  if (!found) throw errors.policyEntryNotFound(rule, tableId);
  return found;
}

export const policyTableEntryOperations = {
  CreateTransitGatewayPolicyTableEntry: async (input, ctx) => {
    const table = await ready(ctx, policyTables, input.TransitGatewayPolicyTableId);
    const number = ruleNumber(input.PolicyRuleNumber);
    await checkTarget(ctx, table, input.TargetRouteTableId);
    const entry: StoredPolicyEntry = {
      EntryKey: `${input.TransitGatewayPolicyTableId}/${number}`, TransitGatewayPolicyTableId: input.TransitGatewayPolicyTableId, PolicyRuleNumber: number,
      PolicyRule: ruleOver(ANYTHING, input.PolicyRule), TargetRouteTableId: input.TargetRouteTableId, State: 'active',
    };
    if (await ctx.find(policyTableEntries, entry.EntryKey)) throw errors.policyEntryDuplicate(number, input.TransitGatewayPolicyTableId);
    return { TransitGatewayPolicyTableEntry: await ctx.create(policyTableEntries, entry) };
  },
  GetTransitGatewayPolicyTableEntries: describes(policyTableEntries, belonging(() => policyTables, 'TransitGatewayPolicyTableId')),
  ModifyTransitGatewayPolicyTableEntry: async (input, ctx) => {
    const table = await ready(ctx, policyTables, input.TransitGatewayPolicyTableId);
    const entry = await present(ctx, input.TransitGatewayPolicyTableId, input.PolicyRuleNumber);
    if (input.TargetRouteTableId !== undefined) await checkTarget(ctx, table, input.TargetRouteTableId);
    entry.PolicyRule = ruleOver(entry.PolicyRule!, input.PolicyRule);
    entry.TargetRouteTableId = input.TargetRouteTableId ?? entry.TargetRouteTableId;
    return { TransitGatewayPolicyTableEntry: await ctx.save(policyTableEntries, entry) };
  },
  DeleteTransitGatewayPolicyTableEntry: async (input, ctx) => {
    await ready(ctx, policyTables, input.TransitGatewayPolicyTableId);
    const entry = await present(ctx, input.TransitGatewayPolicyTableId, input.PolicyRuleNumber);
    await ctx.remove(policyTableEntries, entry);
    return { TransitGatewayPolicyTableEntry: { ...entry, State: 'deleted' } };
  },
} satisfies Handlers<Ec2Operations>;
