import { beforeAll, describe, expect, it } from 'vitest';
import { call } from '../../laws/samples/index.ts';
import { fogbank, refusal, type Fogbank } from '../../support/fogbank.ts';

let fb: Fogbank;
const go = (operation: string, input: Record<string, unknown> = {}) => call(fb, operation, input);
const refused = async (operation: string, input: Record<string, unknown> = {}) => {
  const { code, message } = await refusal(go(operation, input));
  return `${code}: ${message}`;
};

let TransitGatewayId: string;
let table: string;
let attachment: string;
let VpcId: string;
beforeAll(async () => {
  fb = await fogbank();
  ({ TransitGatewayId } = (await go('CreateTransitGateway', { Options: { DefaultRouteTableAssociation: 'disable' } })).TransitGateway);
  table = (await go('CreateTransitGatewayRouteTable', { TransitGatewayId })).TransitGatewayRouteTable.TransitGatewayRouteTableId;
  ({ VpcId } = (await go('CreateVpc', { CidrBlock: '10.0.0.0/16' })).Vpc);
  const { SubnetId } = (await go('CreateSubnet', { VpcId, CidrBlock: '10.0.0.0/24' })).Subnet;
  attachment = (await go('CreateTransitGatewayVpcAttachment', { TransitGatewayId, VpcId, SubnetIds: [SubnetId] })).TransitGatewayVpcAttachment.TransitGatewayAttachmentId;
});

describe('policy tables', () => {
  let TransitGatewayPolicyTableId: string;
  beforeAll(async () => {
    ({ TransitGatewayPolicyTableId } = (await go('CreateTransitGatewayPolicyTable', { TransitGatewayId })).TransitGatewayPolicyTable);
  });
  const entry = (PolicyRuleNumber: string, PolicyRule?: Record<string, unknown>) => ({ TransitGatewayPolicyTableId, PolicyRuleNumber, TargetRouteTableId: table, ...(PolicyRule ? { PolicyRule } : {}) });
  const entries = async (...filters: [string, string][]) => (await go('GetTransitGatewayPolicyTableEntries', { TransitGatewayPolicyTableId, Filters: filters.map(([Name, Value]) => ({ Name, Values: [Value] })) })).TransitGatewayPolicyTableEntries;

  it('entries are numbered once, changed in part, filtered, and deleted', async () => {
    const made = (await go('CreateTransitGatewayPolicyTableEntry', entry('100', { SourceCidrBlock: '10.1.2.3/16', Protocol: '6', DestinationPortRange: '443', MetaData: { MetaDataKey: 'segment', MetaDataValue: 'prod' } }))).TransitGatewayPolicyTableEntry;
    expect(made).toEqual({
      PolicyRuleNumber: '100', TargetRouteTableId: table, State: 'active',
      PolicyRule: { SourceCidrBlock: '10.1.0.0/16', SourcePortRange: '*', DestinationCidrBlock: '0.0.0.0/0', DestinationPortRange: '443', Protocol: '6', MetaData: { MetaDataKey: 'segment', MetaDataValue: 'prod' } },
    });
    expect(await refused('CreateTransitGatewayPolicyTableEntry', entry('100'))).toBe(`TransitGatewayPolicyTableEntry.Duplicate: Rule 100 already exists in Transit Gateway Policy Table ${TransitGatewayPolicyTableId}.`);
    await go('CreateTransitGatewayPolicyTableEntry', entry('200'));
    for (const [name, value] of [['policy-rule-number', '100'], ['policy-rule.source-ip', '10.1.0.0/16'], ['policy-rule.destination-port', '443'], ['policy-rule.protocol', '6'], ['policy-rule.meta-data.key', 'segment'], ['policy-rule.meta-data.value', 'prod']] as const) expect(await entries([name, value]), name).toEqual([made]);
    expect(await entries(['target-route-table-id', table])).toHaveLength(2);
    const changed = (await go('ModifyTransitGatewayPolicyTableEntry', { TransitGatewayPolicyTableId, PolicyRuleNumber: '100', PolicyRule: { DestinationPortRange: '80-90' } })).TransitGatewayPolicyTableEntry;
    expect(changed).toEqual({ ...made, PolicyRule: { ...made.PolicyRule, DestinationPortRange: '80-90' } });
    expect(await refused('DeleteTransitGatewayRouteTable', { TransitGatewayRouteTableId: table })).toMatch(/^IncorrectState: .* has non-deleted Transit Gateway Policy Table Entries/);
    for (const PolicyRuleNumber of ['100', '200']) expect((await go('DeleteTransitGatewayPolicyTableEntry', { TransitGatewayPolicyTableId, PolicyRuleNumber })).TransitGatewayPolicyTableEntry.State).toBe('deleted');
    expect(await refused('DeleteTransitGatewayPolicyTableEntry', { TransitGatewayPolicyTableId, PolicyRuleNumber: '100' })).toBe(`InvalidTransitGatewayPolicyTableEntry.NotFound: Rule 100 does not exist in Transit Gateway Policy Table ${TransitGatewayPolicyTableId}.`);
    expect(await entries()).toEqual([]);
  });

  it.each([
    ['0', {}, /^InvalidParameterValue: Value \(0\) for parameter PolicyRuleNumber/],
    ['one', {}, /^InvalidParameterValue: Value \(one\) for parameter PolicyRuleNumber/],
    ['1', { SourceCidrBlock: 'x' }, /^InvalidParameterValue: Value \(x\) for parameter SourceCidrBlock/],
    ['1', { Protocol: '2' }, /^InvalidParameterValue: Value \(2\) for parameter Protocol/],
    ['1', { Protocol: '1', SourcePortRange: '80' }, /^InvalidParameterCombination: SourcePortRange can be specified only when/],
    ['1', { Protocol: '6', SourcePortRange: '90-80' }, /^InvalidParameterValue: Value \(90-80\) for parameter SourcePortRange/],
    ['1', { Protocol: '6', SourcePortRange: '65536' }, /^InvalidParameterValue: Value \(65536\) for parameter SourcePortRange/],
  ])('CreateTransitGatewayPolicyTableEntry: refuses %s %j', async (number, rule, expected) => {
    expect(await refused('CreateTransitGatewayPolicyTableEntry', entry(number, rule))).toMatch(expected);
    expect(await entries()).toEqual([]);
  });

  it('CreateTransitGatewayPolicyTableEntry: refuses a route table of another gateway', async () => {
    const other = (await go('CreateTransitGateway', {})).TransitGateway.Options.AssociationDefaultRouteTableId;
    expect(await refused('CreateTransitGatewayPolicyTableEntry', { ...entry('1'), TargetRouteTableId: other })).toBe(`InvalidRouteTableID.NotFound: Transit Gateway Route Table ${other} was deleted or does not exist in Transit Gateway ${TransitGatewayId}.`);
  });

  it('an attachment has a policy table or a route table, and the policy table is kept by it', async () => {
    const both = { TransitGatewayPolicyTableId, TransitGatewayAttachmentId: attachment };
    expect((await go('AssociateTransitGatewayPolicyTable', both)).Association).toEqual({ ...both, ResourceId: VpcId, ResourceType: 'vpc', State: 'associating' });
    expect((await go('GetTransitGatewayPolicyTableAssociations', { TransitGatewayPolicyTableId })).Associations).toEqual([{ ...both, ResourceId: VpcId, ResourceType: 'vpc', State: 'associated' }]);
    expect((await go('DescribeTransitGatewayAttachments', { TransitGatewayAttachmentIds: [attachment] })).TransitGatewayAttachments[0].Association).toEqual({ TransitGatewayPolicyTableId, State: 'associated' });
    expect(await refused('AssociateTransitGatewayRouteTable', { TransitGatewayRouteTableId: table, TransitGatewayAttachmentId: attachment })).toMatch(/^Resource.AlreadyAssociated/);
    expect(await refused('DeleteTransitGatewayPolicyTable', { TransitGatewayPolicyTableId })).toBe(`IncorrectState: ${TransitGatewayPolicyTableId} has associated attachments`);
    expect((await go('DisassociateTransitGatewayPolicyTable', both)).Association.State).toBe('disassociating');
    expect(await refused('DisassociateTransitGatewayPolicyTable', both)).toBe(`InvalidTransitGatewayPolicyTableAssociation.NotFound: Transit Gateway Attachment ${attachment} is not associated with policy table ${TransitGatewayPolicyTableId}.`);
    expect((await go('DeleteTransitGatewayPolicyTable', { TransitGatewayPolicyTableId })).TransitGatewayPolicyTable.State).toBe('deleting');
    expect(await refused('DescribeTransitGatewayPolicyTables', { TransitGatewayPolicyTableIds: [TransitGatewayPolicyTableId] })).toBe(`InvalidTransitGatewayPolicyTableId.NotFound: Transit Gateway Policy Table ${TransitGatewayPolicyTableId} was deleted or does not exist.`);
  });
});

describe('metering policies', () => {
  let TransitGatewayMeteringPolicyId: string;
  beforeAll(async () => {
    ({ TransitGatewayMeteringPolicyId } = (await go('CreateTransitGatewayMeteringPolicy', { TransitGatewayId, MiddleboxAttachmentIds: [attachment] })).TransitGatewayMeteringPolicy);
  });
  const entry = (PolicyRuleNumber: number, over: Record<string, unknown> = {}) => ({ TransitGatewayMeteringPolicyId, PolicyRuleNumber, MeteredAccount: 'transit-gateway-owner', ...over });
  const entries = async () => (await go('GetTransitGatewayMeteringPolicyEntries', { TransitGatewayMeteringPolicyId })).TransitGatewayMeteringPolicyEntries;

  it('take effect after two billing hours, and have middleboxes that change', async () => {
    const slow = await fogbank({ pace: 'realistic' });
    slow.machine.clock.hold();
    const send = (operation: string, input: Record<string, unknown>) => call(slow, operation, input);
    const id = (await send('CreateTransitGateway', {})).TransitGateway.TransitGatewayId;
    slow.machine.clock.advance(90_000);
    const policy = (await send('CreateTransitGatewayMeteringPolicy', { TransitGatewayId: id })).TransitGatewayMeteringPolicy;
    const hour = 3_600_000;
    expect(policy).toMatchObject({ State: 'pending', MiddleboxAttachmentIds: [], UpdateEffectiveAt: new Date((Math.floor(slow.machine.clock.peek() / hour) + 2) * hour) });

    const modify = (input: Record<string, unknown>) => ({ TransitGatewayMeteringPolicyId, ...input });
    expect(await refused('ModifyTransitGatewayMeteringPolicy', modify({}))).toMatch(/^MissingParameter/);
    expect((await go('ModifyTransitGatewayMeteringPolicy', modify({ RemoveMiddleboxAttachmentIds: [attachment] }))).TransitGatewayMeteringPolicy).toMatchObject({ State: 'modifying', MiddleboxAttachmentIds: [] });
    expect(await refused('ModifyTransitGatewayMeteringPolicy', modify({ RemoveMiddleboxAttachmentIds: [attachment] }))).toMatch(/^InvalidParameterValue: .* has no such middlebox attachment/);
    expect(await refused('ModifyTransitGatewayMeteringPolicy', modify({ AddMiddleboxAttachmentIds: ['tgw-attach-00000000000000000'] }))).toMatch(/^InvalidTransitGatewayAttachmentID.NotFound/);
    await go('ModifyTransitGatewayMeteringPolicy', modify({ AddMiddleboxAttachmentIds: [attachment] }));
    expect((await go('DescribeTransitGatewayMeteringPolicies', { TransitGatewayMeteringPolicyIds: [TransitGatewayMeteringPolicyId] })).TransitGatewayMeteringPolicies).toMatchObject([{ State: 'available', MiddleboxAttachmentIds: [attachment] }]);
  });

  it('entries are numbered once, listed, and deleted', async () => {
    const rule = { SourceTransitGatewayAttachmentId: attachment, DestinationTransitGatewayAttachmentType: 'vpn', SourceCidrBlock: '10.0.0.0/16', Protocol: '6', DestinationPortRange: '443' };
    const made = (await go('CreateTransitGatewayMeteringPolicyEntry', entry(100, rule))).TransitGatewayMeteringPolicyEntry;
    expect(made).toMatchObject({ PolicyRuleNumber: '100', MeteredAccount: 'transit-gateway-owner', State: 'available', MeteringPolicyRule: rule });
    expect(await refused('CreateTransitGatewayMeteringPolicyEntry', entry(100))).toBe(`TransitGatewayMeteringPolicyEntry.Duplicate: Rule 100 already exists in Transit Gateway Metering Policy ${TransitGatewayMeteringPolicyId}.`);
    expect(await entries()).toEqual([made]);
    expect((await go('DeleteTransitGatewayMeteringPolicyEntry', { TransitGatewayMeteringPolicyId, PolicyRuleNumber: 100 })).TransitGatewayMeteringPolicyEntry.State).toBe('deleted');
    expect(await refused('DeleteTransitGatewayMeteringPolicyEntry', { TransitGatewayMeteringPolicyId, PolicyRuleNumber: 100 })).toMatch(/^InvalidTransitGatewayMeteringPolicyEntry.NotFound/);
    expect(await entries()).toEqual([]);
  });

  it.each([
    [0, {}, /^InvalidParameterValue: Value \(0\) for parameter PolicyRuleNumber/],
    [1, { Protocol: '256' }, /^InvalidParameterValue: Value \(256\) for parameter Protocol/],
    [1, { SourcePortRange: '80' }, /^InvalidParameterCombination: SourcePortRange can be specified only when/],
    [1, { DestinationCidrBlock: 'x' }, /^InvalidParameterValue: Value \(x\) for parameter DestinationCidrBlock/],
    [1, { SourceTransitGatewayAttachmentType: 'connect' }, /^InvalidParameterValue: Value \(connect\) for parameter SourceTransitGatewayAttachmentType/],
    [1, { SourceTransitGatewayAttachmentId: 'tgw-attach-00000000000000000' }, /^InvalidTransitGatewayAttachmentID.NotFound/],
    [1, { SourceTransitGatewayAttachmentId: 'tgw-attach-00000000000000000', SourceTransitGatewayAttachmentType: 'vpc' }, /^InvalidParameterCombination/],
  ])('CreateTransitGatewayMeteringPolicyEntry: refuses %i %j', async (number, over, expected) => {
    expect(await refused('CreateTransitGatewayMeteringPolicyEntry', entry(number, over))).toMatch(expected);
    expect(await entries()).toEqual([]);
  });

  it('a deleted policy takes its entries along', async () => {
    await go('CreateTransitGatewayMeteringPolicyEntry', entry(1));
    expect((await go('DeleteTransitGatewayMeteringPolicy', { TransitGatewayMeteringPolicyId })).TransitGatewayMeteringPolicy.State).toBe('deleting');
    expect(await refused('GetTransitGatewayMeteringPolicyEntries', { TransitGatewayMeteringPolicyId })).toMatch(/^InvalidTransitGatewayMeteringPolicyId.NotFound/);
    expect(await fb.machine.store.counts()).not.toHaveProperty('ec2:transit-gateway-metering-policy-entry');
  });
});
