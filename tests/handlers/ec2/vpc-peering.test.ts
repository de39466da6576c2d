import * as sdk from '@aws-sdk/client-ec2';
import { beforeAll, describe, expect, it } from 'vitest';
import { call } from '../../laws/samples/index.ts';
import { fogbank, refusal, type Fogbank } from '../../support/fogbank.ts';

const OTHER = '999999999999';

let fb: Fogbank;
let west: Fogbank;
let other: Fogbank;
const as = (config: ReturnType<Fogbank['config']>): Fogbank => ({ ...fb, ec2: new sdk.EC2Client(config) });
const vpc = async (at: Fogbank, CidrBlock: string): Promise<string> => (await call(at, 'CreateVpc', { CidrBlock })).Vpc.VpcId;
const one = async (at: Fogbank, id: string) => (await call(at, 'DescribeVpcPeeringConnections', { VpcPeeringConnectionIds: [id] })).VpcPeeringConnections[0];
const code = async (at: Fogbank, id: string): Promise<string> => (await one(at, id)).Status.Code;

async function request(at: Fogbank, input: Record<string, unknown>): Promise<string> {
  return (await call(at, 'CreateVpcPeeringConnection', input)).VpcPeeringConnection.VpcPeeringConnectionId;
}

/** An active connection of two new VPCs of one account. */
async function peered(a: string, b: string): Promise<{ VpcId: string; PeerVpcId: string; id: string }> {
  const [VpcId, PeerVpcId] = [await vpc(fb, a), await vpc(fb, b)];
  const id = await request(fb, { VpcId, PeerVpcId });
  await one(fb, id);
  await call(fb, 'AcceptVpcPeeringConnection', { VpcPeeringConnectionId: id });
  expect(await code(fb, id)).toBe('active');
  return { VpcId, PeerVpcId, id };
}

const tableOf = async (at: Fogbank, vpcId: string) => (await call(at, 'DescribeRouteTables', { Filters: [{ Name: 'vpc-id', Values: [vpcId] }] })).RouteTables[0];

beforeAll(async () => {
  fb = await fogbank();
  west = as(fb.config({ region: 'us-west-2' }));
  other = as(fb.config({ accessKeyId: OTHER }));
});

describe('a request', () => {
  it('waits for its acceptance, shows the accepter’s blocks only then, and is refused a second time', async () => {
    const [VpcId, PeerVpcId] = [await vpc(fb, '10.1.0.0/16'), await vpc(fb, '10.2.0.0/16')];
    const made = (await call(fb, 'CreateVpcPeeringConnection', { VpcId, PeerVpcId })).VpcPeeringConnection;
    expect(made).toMatchObject({ Status: { Code: 'initiating-request', Message: 'Initiating Request to 123456789012' }, RequesterVpcInfo: { CidrBlock: '10.1.0.0/16', Region: 'us-east-1' } });
    const waiting = await one(fb, made.VpcPeeringConnectionId);
    expect(waiting.ExpirationTime.getMilliseconds()).toBe(0);
    expect(waiting.Status).toEqual({ Code: 'pending-acceptance', Message: 'Pending Acceptance by 123456789012' });
    expect(waiting.AccepterVpcInfo).toEqual({ VpcId: PeerVpcId, OwnerId: '123456789012', Region: 'us-east-1' });
    expect((await refusal(call(fb, 'CreateVpcPeeringConnection', { VpcId, PeerVpcId }))).code).toBe('VpcPeeringConnectionAlreadyExists');
    await call(fb, 'AcceptVpcPeeringConnection', { VpcPeeringConnectionId: made.VpcPeeringConnectionId });
    expect(await one(fb, made.VpcPeeringConnectionId)).toMatchObject({ Status: { Code: 'active' }, AccepterVpcInfo: { CidrBlock: '10.2.0.0/16' } });
    await call(fb, 'AssociateVpcCidrBlock', { VpcId: PeerVpcId, CidrBlock: '10.3.0.0/16' });
    expect((await one(fb, made.VpcPeeringConnectionId)).AccepterVpcInfo.CidrBlockSet).toEqual([{ CidrBlock: '10.2.0.0/16' }, { CidrBlock: '10.3.0.0/16' }]);
    expect(await refusal(call(fb, 'AcceptVpcPeeringConnection', { VpcPeeringConnectionId: made.VpcPeeringConnectionId }))).toMatchObject({ code: 'InvalidStateTransition' });
  });

  it('fails for overlapping blocks and for a VPC of another account that is not there', async () => {
    const [VpcId, PeerVpcId] = [await vpc(fb, '10.4.0.0/16'), await vpc(fb, '10.4.128.0/20')];
    const message = 'Failed due to incorrect VPC-ID, Account ID, or overlapping CIDR range';
    expect((await call(fb, 'CreateVpcPeeringConnection', { VpcId, PeerVpcId })).VpcPeeringConnection.Status).toEqual({ Code: 'failed', Message: message });
    expect((await call(fb, 'CreateVpcPeeringConnection', { VpcId, PeerVpcId: 'vpc-00000000', PeerOwnerId: OTHER })).VpcPeeringConnection.Status).toEqual({ Code: 'failed', Message: message });
    const failed = await request(fb, { VpcId, PeerVpcId: VpcId });
    expect(await refusal(call(fb, 'DeleteVpcPeeringConnection', { VpcPeeringConnectionId: failed }))).toMatchObject({ code: 'InvalidStateTransition', message: `Invalid state transition for ${failed}, attempted to transition from failed to deleting` });
  });

  it.each([
    [{ PeerVpcId: 'vpc-00000000' }, 'InvalidVpcID.NotFound'], [{ PeerVpcId: 'nonsense' }, 'InvalidVpcID.Malformed'], [{}, 'MissingParameter'],
    [{ PeerVpcId: 'vpc-00000000', PeerRegion: 'mars-1' }, 'InvalidParameterValue'], [{ PeerVpcId: 'vpc-00000000', PeerOwnerId: '12' }, 'InvalidParameterValue'],
  ])('CreateVpcPeeringConnection: refuses %o', async (input, expected) => {
    expect((await refusal(call(fb, 'CreateVpcPeeringConnection', { VpcId: await vpc(fb, '10.5.0.0/16'), ...input }))).code).toBe(expected);
  });

  it('does not furnish a Region that nobody has looked at', async () => {
    const VpcId = await vpc(fb, '10.6.0.0/16');
    expect((await call(fb, 'CreateVpcPeeringConnection', { VpcId, PeerVpcId: 'vpc-00000000', PeerRegion: 'eu-north-1' })).VpcPeeringConnection.Status.Code).toBe('failed');
    const { Vpcs } = await call(as(fb.config({ region: 'eu-north-1' })), 'DescribeVpcs', {});
    expect(Vpcs.map((v: { IsDefault: boolean }) => v.IsDefault)).toEqual([true]);
  });

  it('expires after seven days, and is gone after two more', async () => {
    const [VpcId, PeerVpcId] = [await vpc(fb, '10.7.0.0/16'), await vpc(fb, '10.8.0.0/16')];
    const id = await request(fb, { VpcId, PeerVpcId });
    await one(fb, id);
    await fb.machine.advance(7 * 86_400_000);
    expect((await one(fb, id)).Status).toEqual({ Code: 'expired', Message: 'Expired' });
    expect(await refusal(call(fb, 'AcceptVpcPeeringConnection', { VpcPeeringConnectionId: id }))).toMatchObject({ code: 'InvalidStateTransition' });
    await fb.machine.advance(2 * 86_400_000);
    expect((await refusal(one(fb, id))).code).toBe('InvalidVpcPeeringConnectionID.NotFound');
  });
});

describe('across Regions and accounts', () => {
  it('is accepted in the accepter’s Region alone, and is deleted on both sides', async () => {
    const [VpcId, PeerVpcId] = [await vpc(fb, '10.10.0.0/16'), await vpc(west, '10.11.0.0/16')];
    const id = await request(fb, { VpcId, PeerVpcId, PeerRegion: 'us-west-2' });
    expect(await code(fb, id)).toBe('pending-acceptance');
    expect(await refusal(call(fb, 'AcceptVpcPeeringConnection', { VpcPeeringConnectionId: id })))
      .toMatchObject({ code: 'OperationNotPermitted', message: `Incorrect region (us-east-1) specified for this request. VPC peering connection ${id} must be accepted in region us-west-2` });
    await call(west, 'AcceptVpcPeeringConnection', { VpcPeeringConnectionId: id });
    expect([await code(fb, id), await code(west, id)]).toEqual(['active', 'active']);
    const table = await tableOf(west, PeerVpcId);
    await call(west, 'CreateRoute', { RouteTableId: table.RouteTableId, DestinationCidrBlock: '10.10.0.0/16', VpcPeeringConnectionId: id });
    await call(fb, 'DeleteVpcPeeringConnection', { VpcPeeringConnectionId: id });
    expect([await code(fb, id), await code(west, id)]).toEqual(['deleted', 'deleted']);
    for (const side of [fb, west]) {
      const { RequesterVpcInfo, AccepterVpcInfo } = await one(side, id);
      expect([RequesterVpcInfo, AccepterVpcInfo]).toEqual([{ VpcId, OwnerId: '123456789012', Region: 'us-east-1' }, { VpcId: PeerVpcId, OwnerId: '123456789012', Region: 'us-west-2' }]);
    }
    expect((await tableOf(west, PeerVpcId)).Routes.find((r: { VpcPeeringConnectionId?: string }) => r.VpcPeeringConnectionId === id).State).toBe('blackhole');
    await call(fb, 'DeleteVpc', { VpcId });
  });

  it('belongs to two accounts, each with its own tags and its own say', async () => {
    const [VpcId, PeerVpcId] = [await vpc(fb, '10.12.0.0/16'), await vpc(other, '10.13.0.0/16')];
    const id = await request(fb, { VpcId, PeerVpcId, PeerOwnerId: OTHER, TagSpecifications: [{ ResourceType: 'vpc-peering-connection', Tags: [{ Key: 'side', Value: 'mine' }] }] });
    await one(fb, id);
    expect(await refusal(call(fb, 'AcceptVpcPeeringConnection', { VpcPeeringConnectionId: id }))).toMatchObject({ code: 'OperationNotPermitted', message: `User (123456789012) cannot accept peering ${id}` });
    expect((await one(other, id)).Tags).toEqual([]);
    expect((await refusal(call(other, 'DeleteVpcPeeringConnection', { VpcPeeringConnectionId: id }))).code).toBe('OperationNotPermitted');
    await call(other, 'RejectVpcPeeringConnection', { VpcPeeringConnectionId: id });
    expect(await one(fb, id)).toMatchObject({ Status: { Code: 'rejected', Message: `Rejected by ${OTHER}` }, Tags: [{ Key: 'side', Value: 'mine' }] });
  });
});

describe('routes', () => {
  it('wait as black holes for the acceptance, live, and are black holes again', async () => {
    const [VpcId, PeerVpcId] = [await vpc(fb, '10.14.0.0/16'), await vpc(fb, '10.15.0.0/16')];
    const id = await request(fb, { VpcId, PeerVpcId });
    const { RouteTableId } = await tableOf(fb, VpcId);
    const state = async () => (await tableOf(fb, VpcId)).Routes.find((r: { VpcPeeringConnectionId?: string }) => r.VpcPeeringConnectionId === id).State;
    await call(fb, 'CreateRoute', { RouteTableId, DestinationCidrBlock: '10.15.0.0/16', VpcPeeringConnectionId: id });
    expect(await state()).toBe('blackhole');
    await call(fb, 'AcceptVpcPeeringConnection', { VpcPeeringConnectionId: id });
    await one(fb, id);
    expect(await state()).toBe('active');
    expect((await refusal(call(fb, 'DeleteVpc', { VpcId: PeerVpcId }))).code).toBe('DependencyViolation');
    await call(fb, 'DeleteVpcPeeringConnection', { VpcPeeringConnectionId: id });
    await one(fb, id);
    expect(await state()).toBe('blackhole');
    expect((await refusal(call(fb, 'CreateRoute', { RouteTableId, DestinationCidrBlock: '10.16.0.0/16', VpcPeeringConnectionId: id }))).code).toBe('InvalidVpcPeeringConnectionID.NotFound');
  });

  it('CreateRoute: refuses a connection of other VPCs', async () => {
    const { id } = await peered('10.17.0.0/16', '10.18.0.0/16');
    const { RouteTableId } = await tableOf(fb, await vpc(fb, '10.19.0.0/16'));
    expect(await refusal(call(fb, 'CreateRoute', { RouteTableId, DestinationCidrBlock: '10.17.0.0/16', VpcPeeringConnectionId: id })))
      .toMatchObject({ code: 'InvalidParameterValue', message: `route table and VPC peering connection ${id} belong to different networks` });
  });
});

describe('options', () => {
  it('are each side’s own, and need the VPC’s DNS', async () => {
    const { id, VpcId } = await peered('10.20.0.0/16', '10.21.0.0/16');
    const RequesterPeeringConnectionOptions = { AllowDnsResolutionFromRemoteVpc: true };
    expect((await refusal(call(fb, 'ModifyVpcPeeringConnectionOptions', { VpcPeeringConnectionId: id, RequesterPeeringConnectionOptions }))).code).toBe('InvalidParameterValue');
    await call(fb, 'ModifyVpcAttribute', { VpcId, EnableDnsHostnames: { Value: true } });
    expect(await call(fb, 'ModifyVpcPeeringConnectionOptions', { VpcPeeringConnectionId: id, RequesterPeeringConnectionOptions })).toMatchObject({ RequesterPeeringConnectionOptions });
    expect(await one(fb, id)).toMatchObject({ RequesterVpcInfo: { PeeringOptions: RequesterPeeringConnectionOptions }, AccepterVpcInfo: { PeeringOptions: { AllowDnsResolutionFromRemoteVpc: false } } });
    expect((await refusal(call(fb, 'ModifyVpcPeeringConnectionOptions', { VpcPeeringConnectionId: id, AccepterPeeringConnectionOptions: { AllowEgressFromLocalClassicLinkToRemoteVpc: true } }))).code).toBe('UnsupportedOperation');
  });
});

describe('rules about groups of a peer VPC', () => {
  it('are allowed while the VPCs are peered, and are stale when the group or the connection goes', async () => {
    const { VpcId, PeerVpcId, id } = await peered('10.22.0.0/16', '10.23.0.0/16');
    const group = async (vpcId: string, GroupName: string): Promise<string> => (await call(fb, 'CreateSecurityGroup', { VpcId: vpcId, GroupName, Description: 'd' })).GroupId;
    const [mine, theirs, stranger] = [await group(VpcId, 'mine'), await group(PeerVpcId, 'theirs'), await group(await vpc(fb, '10.24.0.0/16'), 'stranger')];
    const permission = (GroupId: string) => [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, UserIdGroupPairs: [{ GroupId }] }];
    expect((await refusal(call(fb, 'AuthorizeSecurityGroupIngress', { GroupId: mine, IpPermissions: permission(stranger) }))).code).toBe('InvalidGroup.NotFound');
    await call(fb, 'AuthorizeSecurityGroupIngress', { GroupId: mine, IpPermissions: permission(theirs) });
    const pair = { GroupId: theirs, UserId: '123456789012', VpcId: PeerVpcId, VpcPeeringConnectionId: id, PeeringStatus: 'active' };
    expect((await call(fb, 'DescribeSecurityGroups', { GroupIds: [mine] })).SecurityGroups[0].IpPermissions[0].UserIdGroupPairs).toEqual([pair]);
    expect((await call(fb, 'DescribeSecurityGroupReferences', { GroupId: [theirs] })).SecurityGroupReferenceSet).toEqual([{ GroupId: theirs, ReferencingVpcId: VpcId, VpcPeeringConnectionId: id }]);
    expect((await call(fb, 'DescribeStaleSecurityGroups', { VpcId })).StaleSecurityGroupSet).toEqual([]);
    await call(fb, 'DeleteSecurityGroup', { GroupId: theirs });
    expect((await call(fb, 'DescribeStaleSecurityGroups', { VpcId })).StaleSecurityGroupSet).toMatchObject([{ GroupId: mine, StaleIpPermissions: [{ FromPort: 443, UserIdGroupPairs: [pair] }], StaleIpPermissionsEgress: [] }]);
    await call(fb, 'DeleteVpcPeeringConnection', { VpcPeeringConnectionId: id });
    expect(await code(fb, id)).toBe('deleted');
    expect((await call(fb, 'DescribeSecurityGroups', { GroupIds: [mine] })).SecurityGroups[0].IpPermissions[0].UserIdGroupPairs[0].PeeringStatus).toBe('deleted');
  });

  it('name the other account’s group with its owner', async () => {
    const [VpcId, PeerVpcId] = [await vpc(fb, '10.25.0.0/16'), await vpc(other, '10.26.0.0/16')];
    const id = await request(fb, { VpcId, PeerVpcId, PeerOwnerId: OTHER });
    await one(other, id);
    await call(other, 'AcceptVpcPeeringConnection', { VpcPeeringConnectionId: id });
    expect(await code(fb, id)).toBe('active');
    const { GroupId: theirs } = await call(other, 'CreateSecurityGroup', { VpcId: PeerVpcId, GroupName: 'theirs', Description: 'd' });
    const { GroupId: mine } = await call(fb, 'CreateSecurityGroup', { VpcId, GroupName: 'mine', Description: 'd' });
    await call(fb, 'AuthorizeSecurityGroupEgress', { GroupId: mine, IpPermissions: [{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: theirs, UserId: OTHER }] }] });
    expect((await call(other, 'DescribeSecurityGroupReferences', { GroupId: [theirs] })).SecurityGroupReferenceSet).toEqual([{ GroupId: theirs, ReferencingVpcId: VpcId, VpcPeeringConnectionId: id }]);
  });
});
