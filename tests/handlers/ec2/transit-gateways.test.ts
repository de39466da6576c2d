import { EC2Client, DescribeTransitGatewaysCommand, CreateTransitGatewayVpcAttachmentCommand } from '@aws-sdk/client-ec2';
import { beforeAll, describe, expect, it } from 'vitest';
import { call } from '../../laws/samples/index.ts';
import { fogbank, refusal, type Fogbank } from '../../support/fogbank.ts';

let fb: Fogbank;
const go = (operation: string, input: Record<string, unknown> = {}) => call(fb, operation, input);
const refused = async (operation: string, input: Record<string, unknown> = {}) => {
  const { code, message } = await refusal(go(operation, input));
  return `${code}: ${message}`;
};
const gateway = async (Options?: Record<string, unknown>) => (await go('CreateTransitGateway', Options ? { Options } : {})).TransitGateway;
const seen = async (id: string) => (await go('DescribeTransitGateways', { TransitGatewayIds: [id] })).TransitGateways[0];
const tables = async (id: string) => (await go('DescribeTransitGatewayRouteTables', { Filters: [{ Name: 'transit-gateway-id', Values: [id] }] })).TransitGatewayRouteTables;

beforeAll(async () => {
  fb = await fogbank();
});

describe('creation', () => {
  it('CreateTransitGateway: answers the documented defaults and makes one default route table', async () => {
    const made = await gateway();
    expect(made).toMatchObject({
      State: 'pending', OwnerId: '123456789012', TransitGatewayArn: `arn:aws:ec2:us-east-1:123456789012:transit-gateway/${made.TransitGatewayId}`,
      Options: {
        AmazonSideAsn: 64512, AutoAcceptSharedAttachments: 'disable', DefaultRouteTableAssociation: 'enable', DefaultRouteTablePropagation: 'enable', VpnEcmpSupport: 'enable', DnsSupport: 'enable',
        SecurityGroupReferencingSupport: 'disable', MulticastSupport: 'disable', EncryptionSupport: { EncryptionState: 'disabled' },
      },
    });
    const all = await tables(made.TransitGatewayId);
    expect(all).toMatchObject([{ State: 'available', DefaultAssociationRouteTable: true, DefaultPropagationRouteTable: true }]);
    expect(made.Options).toMatchObject({ AssociationDefaultRouteTableId: all[0].TransitGatewayRouteTableId, PropagationDefaultRouteTableId: all[0].TransitGatewayRouteTableId });
  });

  it('DescribeTransitGateways: finds those that take multicast', async () => {
    const { TransitGatewayId } = await gateway({ MulticastSupport: 'enable' });
    await gateway();
    expect((await go('DescribeTransitGateways', { Filters: [{ Name: 'options.multicast-support', Values: ['enable'] }] })).TransitGateways.map((g: { TransitGatewayId: string }) => g.TransitGatewayId)).toEqual([TransitGatewayId]);
  });

  it('CreateTransitGateway: makes no table where neither default is wanted', async () => {
    const made = await gateway({ DefaultRouteTableAssociation: 'disable', DefaultRouteTablePropagation: 'disable' });
    expect(made.Options.AssociationDefaultRouteTableId).toBeUndefined();
    expect(await tables(made.TransitGatewayId)).toEqual([]);
  });

  it.each([64511, 65535, 4199999999, 4294967295])('CreateTransitGateway: refuses the ASN %i', async (AmazonSideAsn) => {
    expect(await refused('CreateTransitGateway', { Options: { AmazonSideAsn } })).toBe(`InvalidParameterValue: Value (${AmazonSideAsn}) for parameter AmazonSideAsn is invalid. Valid values are 64512 to 65534 and 4200000000 to 4294967294.`);
  });

  it.each([[['10.0.0.0/25']], [['2001:db8::/65']], [['169.254.0.0/24']], [['10.0.0.0/24', '10.0.0.0/16']], [['nonsense']]])('CreateTransitGateway: refuses the CIDR blocks %j', async (TransitGatewayCidrBlocks) => {
    expect(await refused('CreateTransitGateway', { Options: { TransitGatewayCidrBlocks } })).toMatch(/^InvalidParameterValue: Value \(.*\) for parameter TransitGatewayCidrBlocks is invalid/);
  });

  it('is no one else\'s: another account is told that it does not exist', async () => {
    const { TransitGatewayId } = await gateway({ AutoAcceptSharedAttachments: 'enable' });
    const other = new EC2Client(fb.config({ accessKeyId: '999999999999' }));
    expect((await other.send(new DescribeTransitGatewaysCommand({}))).TransitGateways).toEqual([]);
    expect(await refusal(other.send(new CreateTransitGatewayVpcAttachmentCommand({ TransitGatewayId, VpcId: 'vpc-00000000', SubnetIds: ['subnet-00000000'] })))).toMatchObject({
      code: 'InvalidTransitGatewayID.NotFound', message: `Transit Gateway ${TransitGatewayId} was deleted or does not exist.`,
    });
  });
});

describe('changes', () => {
  it('ModifyTransitGateway: changes what is given, keeps the rest, and goes through modifying', async () => {
    const { TransitGatewayId } = await gateway({ TransitGatewayCidrBlocks: ['10.0.0.0/24'] });
    const { TransitGateway } = await go('ModifyTransitGateway', {
      TransitGatewayId, Description: 'changed', Options: { AmazonSideAsn: 65000, DnsSupport: 'disable', EncryptionSupport: 'enable', RemoveTransitGatewayCidrBlocks: ['10.0.0.0/24'], AddTransitGatewayCidrBlocks: ['10.0.0.0/23'] },
    });
    expect(TransitGateway).toMatchObject({ State: 'modifying', Description: 'changed', Options: { AmazonSideAsn: 65000, DnsSupport: 'disable', VpnEcmpSupport: 'enable', TransitGatewayCidrBlocks: ['10.0.0.0/23'], EncryptionSupport: { EncryptionState: 'enabling' } } });
    expect(await seen(TransitGatewayId)).toMatchObject({ State: 'available', Options: { EncryptionSupport: { EncryptionState: 'enabled' } } });
  });

  it('ModifyTransitGateway: a default and its table agree, or the change is refused', async () => {
    const { TransitGatewayId, Options } = await gateway();
    const first = Options.AssociationDefaultRouteTableId;
    const second = (await go('CreateTransitGatewayRouteTable', { TransitGatewayId })).TransitGatewayRouteTable.TransitGatewayRouteTableId;
    const modify = (given: Record<string, unknown>) => ({ TransitGatewayId, Options: given });
    expect(await refused('ModifyTransitGateway', modify({ DefaultRouteTableAssociation: 'disable', AssociationDefaultRouteTableId: second }))).toBe(`InvalidParameterCombination: disable DefaultRouteTableAssociation conflicts with AssociationDefaultRouteTableId ${second}`);
    await go('ModifyTransitGateway', modify({ AssociationDefaultRouteTableId: second }));
    expect((await tables(TransitGatewayId)).map((t: { DefaultAssociationRouteTable: boolean; DefaultPropagationRouteTable: boolean }) => [t.DefaultAssociationRouteTable, t.DefaultPropagationRouteTable])).toEqual([[false, true], [true, false]]);
    await go('ModifyTransitGateway', modify({ DefaultRouteTableAssociation: 'disable', DefaultRouteTablePropagation: 'disable' }));
    const options = (await seen(TransitGatewayId)).Options;
    expect([options.AssociationDefaultRouteTableId, options.PropagationDefaultRouteTableId]).toEqual([undefined, undefined]);
    expect(await refused('ModifyTransitGateway', modify({ DefaultRouteTableAssociation: 'enable' }))).toBe('InvalidParameterCombination: enable DefaultRouteTableAssociation conflicts with AssociationDefaultRouteTableId null');
    const foreign = (await gateway()).Options.AssociationDefaultRouteTableId;
    expect(await refused('ModifyTransitGateway', modify({ DefaultRouteTableAssociation: 'enable', AssociationDefaultRouteTableId: foreign }))).toBe(`InvalidRouteTableID.NotFound: Transit Gateway Route Table ${foreign} was deleted or does not exist in Transit Gateway ${TransitGatewayId}.`);
    await go('DeleteTransitGatewayRouteTable', { TransitGatewayRouteTableId: first });
  });

  it('ModifyTransitGateway: refuses to remove a block that it has not', async () => {
    const { TransitGatewayId } = await gateway({ TransitGatewayCidrBlocks: ['10.0.0.0/24'] });
    expect(await refused('ModifyTransitGateway', { TransitGatewayId, Options: { RemoveTransitGatewayCidrBlocks: ['10.1.0.0/24'] } })).toBe('InvalidParameterValue: Value (10.1.0.0/24) for parameter RemoveTransitGatewayCidrBlocks is invalid. The transit gateway has no such CIDR block.');
    expect((await seen(TransitGatewayId)).Options.TransitGatewayCidrBlocks).toEqual(['10.0.0.0/24']);
  });
});

describe('the end', () => {
  it('DeleteTransitGateway: takes its tables along, is described as deleted for an hour, and exists for nobody', async () => {
    const { TransitGatewayId, Options } = await gateway();
    expect((await go('DeleteTransitGateway', { TransitGatewayId })).TransitGateway.State).toBe('deleting');
    expect((await seen(TransitGatewayId)).State).toBe('deleted');
    expect((await tables(TransitGatewayId))[0].State).toBe('deleted');
    expect(await refused('DeleteTransitGateway', { TransitGatewayId })).toBe(`InvalidTransitGatewayID.NotFound: Transit Gateway ${TransitGatewayId} was deleted or does not exist.`);
    expect(await refused('CreateTransitGatewayRouteTable', { TransitGatewayId })).toMatch(/^InvalidTransitGatewayID.NotFound/);
    expect(await refused('SearchTransitGatewayRoutes', { TransitGatewayRouteTableId: Options.AssociationDefaultRouteTableId, Filters: [{ Name: 'type', Values: ['static'] }] })).toMatch(/^InvalidRouteTableID.NotFound/);
    fb.machine.clock.advance(3_600_001);
    expect(await refused('DescribeTransitGateways', { TransitGatewayIds: [TransitGatewayId] })).toMatch(/^InvalidTransitGatewayID.NotFound/);
  });

  it('DeleteTransitGatewayRouteTable: is refused while the table is a default', async () => {
    const { TransitGatewayId, Options } = await gateway();
    const TransitGatewayRouteTableId = Options.AssociationDefaultRouteTableId;
    expect(await refused('DeleteTransitGatewayRouteTable', { TransitGatewayRouteTableId })).toBe(`IncorrectState: ${TransitGatewayRouteTableId} is set as default association route table for ${TransitGatewayId}`);
  });

  it.each([
    ['CreateTransitGatewayPolicyTable', 'TransitGatewayPolicyTable', 'Transit Gateway Policy Tables'],
    ['CreateTransitGatewayMeteringPolicy', 'TransitGatewayMeteringPolicy', 'Transit Gateway Metering Policies'],
    ['CreateTransitGatewayMulticastDomain', 'TransitGatewayMulticastDomain', 'Transit Gateway Multicast Domains'],
  ])('DeleteTransitGateway: is refused while there is something of %s', async (operation, member, nouns) => {
    const { TransitGatewayId } = await gateway({ MulticastSupport: 'enable' });
    const id = (await go(operation, { TransitGatewayId }))[member][`${member}Id`];
    expect(await refused('DeleteTransitGateway', { TransitGatewayId })).toBe(`IncorrectState: ${TransitGatewayId} has non-deleted ${nouns}: ${id}.`);
    await go(`Delete${member}`, { [`${member}Id`]: id });
    await go('DeleteTransitGateway', { TransitGatewayId });
  });
});

describe('on the clock', () => {
  it('a gateway that is pending or being modified cannot be worked with', async () => {
    const slow = await fogbank({ pace: 'realistic' });
    slow.machine.clock.hold();
    const { TransitGatewayId } = (await call(slow, 'CreateTransitGateway', {})).TransitGateway;
    const table = () => call(slow, 'CreateTransitGatewayRouteTable', { TransitGatewayId });
    expect(await refusal(table())).toMatchObject({ code: 'IncorrectState', message: `${TransitGatewayId} is in invalid state` });
    slow.machine.clock.advance(90_000);
    expect((await table()).TransitGatewayRouteTable.State).toBe('pending');
    await call(slow, 'ModifyTransitGateway', { TransitGatewayId, Description: 'x' });
    expect((await refusal(call(slow, 'ModifyTransitGateway', { TransitGatewayId, Description: 'y' }))).code).toBe('IncorrectState');
    slow.machine.clock.advance(15_000);
    expect((await call(slow, 'DescribeTransitGateways', {})).TransitGateways).toMatchObject([{ State: 'available', Description: 'x' }]);
  });
});
