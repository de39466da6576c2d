import { beforeAll, describe, expect, it } from 'vitest';
import { intersect, passing, subtract, type Packets, type Range } from '../../../handlers/ec2/network-insights/packets.ts';
import { call } from '../../laws/samples/index.ts';
import { randomSource } from '../../protocols/support/random-values.ts';
import { fogbank, refusal, type Fogbank } from '../../support/fogbank.ts';

let fb: Fogbank;
beforeAll(async () => {
  fb = await fogbank();
});

const go = (operation: string, input: Record<string, unknown> = {}) => call(fb, operation, input);
const vpc = async (block: string) => (await go('CreateVpc', { CidrBlock: block })).Vpc.VpcId as string;
const subnet = async (VpcId: string, CidrBlock: string, AvailabilityZone = 'us-east-1a') => (await go('CreateSubnet', { VpcId, CidrBlock, AvailabilityZone })).Subnet.SubnetId as string;
const group = async (VpcId: string, ...permissions: object[]) => {
  const { GroupId } = await go('CreateSecurityGroup', { VpcId, GroupName: `g${Math.random()}`, Description: 'g' });
  if (permissions.length > 0) await go('AuthorizeSecurityGroupIngress', { GroupId, IpPermissions: permissions });
  return GroupId as string;
};
const everything = { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] };
const eni = async (SubnetId: string, GroupId: string) => (await go('CreateNetworkInterface', { SubnetId, Groups: [GroupId] })).NetworkInterface.NetworkInterfaceId as string;
const table = async (VpcId: string, SubnetId: string, ...routes: Record<string, unknown>[]) => {
  const { RouteTableId } = (await go('CreateRouteTable', { VpcId })).RouteTable;
  await go('AssociateRouteTable', { RouteTableId, SubnetId });
  for (const route of routes) await go('CreateRoute', { RouteTableId, ...route });
  return RouteTableId as string;
};

async function analyse(Source: string, over: Record<string, unknown>, wanted: Record<string, unknown> = {}) {
  const { NetworkInsightsPathId } = (await go('CreateNetworkInsightsPath', { Source, Protocol: 'tcp', ...over })).NetworkInsightsPath;
  const { NetworkInsightsAnalysisId } = (await go('StartNetworkInsightsAnalysis', { NetworkInsightsPathId, ...wanted })).NetworkInsightsAnalysis;
  const analysis = (await go('DescribeNetworkInsightsAnalyses', { NetworkInsightsAnalysisIds: [NetworkInsightsAnalysisId] })).NetworkInsightsAnalyses[0];
  return { ...analysis, codes: (analysis.Explanations ?? []).map((e: { ExplanationCode: string }) => e.ExplanationCode), through: analysis.ForwardPathComponents.map((c: { Component: { Id: string } }) => c.Component.Id) };
}

async function twoSubnets(block: string) {
  const VpcId = await vpc(`${block}.0.0/16`);
  const [a, b] = [await subnet(VpcId, `${block}.1.0/24`), await subnet(VpcId, `${block}.2.0/24`)];
  const open = await group(VpcId, everything);
  return { VpcId, a, b, open, from: await eni(a, open), to: await eni(b, open) };
}

describe('within a VPC', () => {
  it('a path goes through groups, network ACLs and the local route, and back', async () => {
    const { a, open, from, to } = await twoSubnets('10.1');
    const found = await analyse(from, { Destination: to, DestinationPort: 80 });
    expect(found.NetworkPathFound).toBe(true);
    const kinds = found.through.map((id: string) => id.slice(0, id.lastIndexOf('-')));
    expect(kinds).toEqual(['eni', 'sg', 'acl', 'rtb', 'acl', 'sg', 'eni']);
    expect(found.ReturnPathComponents.map((c: { Component: { Id: string } }) => c.Component.Id.split('-')[0])).toEqual(['eni', 'acl', 'rtb', 'acl', 'eni']);
    const neighbour = await analyse(from, { Destination: await eni(a, open) });
    expect(neighbour.through.map((id: string) => id.split('-')[0])).toEqual(['eni', 'sg', 'sg', 'eni']);
  });

  it('a path leads through what it must, and not through what it must not', async () => {
    const { open, from, to } = await twoSubnets('10.60');
    const [passed, other] = [open, 'sg-0123456789abcdef0'].map((id) => `arn:aws:ec2:us-east-1:123456789012:security-group/${id}`);
    for (const [wanted, found] of [[{ FilterInArns: [passed] }, true], [{ FilterInArns: [passed, other] }, false], [{ FilterOutArns: [other] }, true], [{ FilterOutArns: [other, passed] }, false]] as const) {
      expect(await analyse(from, { Destination: to }, wanted)).toMatchObject({ ...wanted, NetworkPathFound: found, codes: found ? [] : ['NO_PATH'] });
    }
  });

  it('a network ACL that denies the way, or the answers, stands in it by its rule', async () => {
    const { VpcId, b, from, to } = await twoSubnets('10.2');
    const { NetworkAclId } = (await go('CreateNetworkAcl', { VpcId })).NetworkAcl;
    const association = (await go('DescribeNetworkAcls', { Filters: [{ Name: 'association.subnet-id', Values: [b] }] })).NetworkAcls[0].Associations.find((x: { SubnetId: string }) => x.SubnetId === b);
    await go('ReplaceNetworkAclAssociation', { AssociationId: association.NetworkAclAssociationId, NetworkAclId });
    const entry = (RuleNumber: number, Egress: boolean, RuleAction: string, From: number, To: number) => go('CreateNetworkAclEntry', { NetworkAclId, RuleNumber, Egress, RuleAction, Protocol: '6', CidrBlock: '10.2.0.0/16', PortRange: { From, To } });
    const closed = await analyse(from, { Destination: to, DestinationPort: 80 });
    expect(closed.Explanations).toMatchObject([{ ExplanationCode: 'SUBNET_ACL_RESTRICTION', Direction: 'ingress', Acl: { Id: NetworkAclId }, Subnet: { Id: b }, AclRule: { RuleNumber: 32767, RuleAction: 'deny' } }]);
    await entry(100, false, 'allow', 80, 80);
    const unanswered = await analyse(from, { Destination: to, DestinationPort: 80 });
    expect(unanswered.Explanations).toMatchObject([{ ExplanationCode: 'SUBNET_ACL_RESTRICTION', Direction: 'egress', Acl: { Id: NetworkAclId } }]);
    await entry(100, true, 'allow', 1024, 65535);
    expect((await analyse(from, { Destination: to, DestinationPort: 80 })).NetworkPathFound).toBe(true);
    await entry(50, false, 'deny', 1, 100);
    expect((await analyse(from, { Destination: to, DestinationPort: 80 })).Explanations).toMatchObject([{ AclRule: { RuleNumber: 50 } }]);
  });

  it('everything in the way is told at once', async () => {
    const { VpcId, a, b } = await twoSubnets('10.3');
    const shut = await group(VpcId);
    await go('RevokeSecurityGroupEgress', { GroupId: shut, IpPermissions: [everything] });
    expect((await analyse(await eni(a, shut), { Destination: await eni(b, shut) })).Explanations).toMatchObject([{ ExplanationCode: 'ENI_SG_RULES_MISMATCH', Direction: 'egress' }, { ExplanationCode: 'ENI_SG_RULES_MISMATCH', Direction: 'ingress' }]);
  });
});

describe('out of a VPC', () => {
  it('an interface without a public address gets out by a NAT gateway, and not by the internet gateway itself', async () => {
    const { VpcId, a, b, from } = await twoSubnets('10.4');
    const { InternetGatewayId } = (await go('CreateInternetGateway')).InternetGateway;
    await go('AttachInternetGateway', { InternetGatewayId, VpcId });
    expect((await analyse(from, { DestinationIp: '8.8.8.8', DestinationPort: 53 })).codes).toEqual(['NO_ROUTE_TO_DESTINATION']);
    await table(VpcId, b, { DestinationCidrBlock: '0.0.0.0/0', GatewayId: InternetGatewayId });
    const RouteTableId = await table(VpcId, a, { DestinationCidrBlock: '0.0.0.0/0', GatewayId: InternetGatewayId });
    expect((await analyse(from, { DestinationIp: '8.8.8.8' })).codes).toEqual(['IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS']);
    const { AllocationId } = await go('AllocateAddress');
    const { NatGatewayId } = (await go('CreateNatGateway', { SubnetId: b, AllocationId })).NatGateway;
    await go('DescribeNatGateways');
    await go('ReplaceRoute', { RouteTableId, DestinationCidrBlock: '0.0.0.0/0', NatGatewayId });
    const found = await analyse(from, { Destination: InternetGatewayId });
    expect(found.NetworkPathFound).toBe(true);
    expect(found.through).toEqual(expect.arrayContaining([NatGatewayId, InternetGatewayId]));
    await go('DeleteNatGateway', { NatGatewayId });
    expect((await analyse(from, { Destination: InternetGatewayId })).codes).toEqual(['BAD_STATE_ROUTE']);
  });

  it('a peering is crossed by its routes, both ways, and only to the peer\'s own addresses', async () => {
    const [one, two] = [await twoSubnets('10.5'), await twoSubnets('10.6')];
    const { VpcPeeringConnectionId } = (await go('CreateVpcPeeringConnection', { VpcId: one.VpcId, PeerVpcId: two.VpcId })).VpcPeeringConnection;
    await go('AcceptVpcPeeringConnection', { VpcPeeringConnectionId });
    await go('DescribeVpcPeeringConnections');
    await table(one.VpcId, one.a, { DestinationCidrBlock: '10.0.0.0/8', VpcPeeringConnectionId });
    expect((await analyse(one.from, { Destination: two.to })).codes).toEqual(['NO_ROUTE_TO_DESTINATION']);
    await table(two.VpcId, two.b, { DestinationCidrBlock: '10.5.0.0/16', VpcPeeringConnectionId });
    const found = await analyse(one.from, { Destination: two.to });
    expect(found.NetworkPathFound).toBe(true);
    expect(found.through).toContain(VpcPeeringConnectionId);
    expect((await analyse(one.from, { DestinationIp: '10.7.0.1' })).codes).toEqual(['PCX_REQUIRES_ADDRESS_IN_VPC_CIDR']);
  });

  it('a transit gateway is crossed by the tables of its attachments', async () => {
    const [one, two] = [await twoSubnets('10.8'), await twoSubnets('10.9')];
    const { TransitGatewayId } = (await go('CreateTransitGateway')).TransitGateway;
    await go('DescribeTransitGateways');
    for (const { VpcId, a, b } of [one, two]) await go('CreateTransitGatewayVpcAttachment', { TransitGatewayId, VpcId, SubnetIds: [VpcId === one.VpcId ? a : b] });
    await go('DescribeTransitGatewayVpcAttachments');
    await table(one.VpcId, one.a, { DestinationCidrBlock: '10.9.0.0/16', TransitGatewayId });
    await table(two.VpcId, two.b, { DestinationCidrBlock: '10.8.0.0/16', TransitGatewayId });
    const found = await analyse(one.from, { Destination: two.to });
    expect(found.codes).toEqual([]);
    expect(found.through.filter((id: string) => id.startsWith('tgw-')).map((id: string) => id.slice(0, id.lastIndexOf('-')))).toEqual(['tgw-attach', 'tgw-rtb', 'tgw-attach']);
    expect((await analyse(one.from, { DestinationIp: '10.9.2.250' })).codes).toEqual(['NO_POSSIBLE_DESTINATION']);
    const elsewhere = await eni(await subnet(one.VpcId, '10.8.3.0/24', 'us-east-1b'), one.open);
    await table(one.VpcId, (await go('DescribeNetworkInterfaces', { NetworkInterfaceIds: [elsewhere] })).NetworkInterfaces[0].SubnetId, { DestinationCidrBlock: '10.9.0.0/16', TransitGatewayId });
    expect((await analyse(elsewhere, { Destination: two.to })).codes).toEqual(['TGW_ATTACH_VPC_AZ_RESTRICTION']);
  });

  it('an interface that is routed through must not check who packets are for', async () => {
    const { VpcId, a, open, from } = await twoSubnets('10.10');
    const { InternetGatewayId } = (await go('CreateInternetGateway')).InternetGateway;
    await go('AttachInternetGateway', { InternetGatewayId, VpcId });
    const edge = await subnet(VpcId, '10.10.9.0/24');
    await table(VpcId, edge, { DestinationCidrBlock: '0.0.0.0/0', GatewayId: InternetGatewayId });
    const ImageId = (await go('DescribeImages', { Owners: ['amazon'], Filters: [{ Name: 'name', Values: ['al2023-ami-2023*'] }, { Name: 'architecture', Values: ['x86_64'] }] })).Images[0].ImageId;
    const appliance = (await go('RunInstances', { ImageId, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1, SubnetId: edge, SecurityGroupIds: [open] })).Instances[0].NetworkInterfaces[0].NetworkInterfaceId as string;
    await table(VpcId, a, { DestinationCidrBlock: '0.0.0.0/0', NetworkInterfaceId: appliance });
    expect((await analyse(from, { DestinationIp: '8.8.8.8' })).codes).toContain('ENI_SOURCE_DEST_CHECK_RESTRICTION');
    await go('ModifyNetworkInterfaceAttribute', { NetworkInterfaceId: appliance, SourceDestCheck: { Value: false } });
    expect((await analyse(from, { DestinationIp: '8.8.8.8' })).codes).not.toContain('ENI_SOURCE_DEST_CHECK_RESTRICTION');
  });
});

describe('paths', () => {
  it.each([
    ['a source that does not exist', { Source: 'eni-00000000000000000', DestinationIp: '10.0.0.1' }, 'InvalidNetworkInterfaceID.NotFound'],
    ['a source that can be none', { Source: 'vpc-00000000000000000', DestinationIp: '10.0.0.1' }, 'InvalidParameterValue'],
    ['no destination', { Source: 'eni-00000000000000000' }, 'MissingParameter'],
    ['an address that is none', { Source: 'eni-00000000000000000', DestinationIp: '10.0.0' }, 'InvalidParameterValue'],
    ['addresses beside filters', { Source: 'eni-00000000000000000', DestinationIp: '10.0.0.1', FilterAtSource: { DestinationAddress: '10.0.0.1' } }, 'InvalidParameterCombination'],
  ])('refuses %s', async (_what, input, code) => {
    expect(await refusal(go('CreateNetworkInsightsPath', { Protocol: 'tcp', ...input }))).toMatchObject({ code, status: 400 });
  });

  it('stay while they have analyses; an analysis whose end has gone fails', async () => {
    const { from, to } = await twoSubnets('10.11');
    const { NetworkInsightsPathId } = (await go('CreateNetworkInsightsPath', { Source: from, Destination: to, Protocol: 'tcp' })).NetworkInsightsPath;
    await go('DeleteNetworkInterface', { NetworkInterfaceId: to });
    const { NetworkInsightsAnalysisId } = (await go('StartNetworkInsightsAnalysis', { NetworkInsightsPathId })).NetworkInsightsAnalysis;
    expect((await go('DescribeNetworkInsightsAnalyses', { NetworkInsightsPathId })).NetworkInsightsAnalyses).toMatchObject([{ Status: 'failed', StatusMessage: expect.stringContaining(to) }]);
    expect(await refusal(go('DeleteNetworkInsightsPath', { NetworkInsightsPathId }))).toMatchObject({ code: 'AnalysisExistsForNetworkInsightsPath' });
    await go('DeleteNetworkInsightsAnalysis', { NetworkInsightsAnalysisId });
    expect(await go('DeleteNetworkInsightsPath', { NetworkInsightsPathId })).toMatchObject({ NetworkInsightsPathId });
  });
});

describe('access scopes', () => {
  it('find who the internet reaches, and not who is excluded', async () => {
    const own = await fogbank();
    const at = (operation: string, input: Record<string, unknown> = {}) => call(own, operation, input);
    const image = (await at('DescribeImages', { Owners: ['amazon'], Filters: [{ Name: 'name', Values: ['al2023-ami-2023*'] }, { Name: 'architecture', Values: ['x86_64'] }] })).Images[0].ImageId;
    const { GroupId } = await at('CreateSecurityGroup', { GroupName: 'open', Description: 'open' });
    await at('AuthorizeSecurityGroupIngress', { GroupId, IpPermissions: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }] });
    const run = async (over: object) => (await at('RunInstances', { ImageId: image, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1, ...over })).Instances[0].InstanceId as string;
    const [open] = [await run({ SecurityGroupIds: [GroupId] }), await run({})];
    const internet = { ResourceStatement: { ResourceTypes: ['AWS::EC2::InternetGateway'] } };
    const findings = async (ExcludePaths?: object[]) => {
      const { NetworkInsightsAccessScopeId } = (await at('CreateNetworkInsightsAccessScope', { MatchPaths: [{ Source: internet }], ExcludePaths })).NetworkInsightsAccessScope;
      const { NetworkInsightsAccessScopeAnalysisId } = (await at('StartNetworkInsightsAccessScopeAnalysis', { NetworkInsightsAccessScopeId })).NetworkInsightsAccessScopeAnalysis;
      const [analysis] = (await at('DescribeNetworkInsightsAccessScopeAnalyses', { NetworkInsightsAccessScopeId })).NetworkInsightsAccessScopeAnalyses;
      const { AnalysisFindings } = await at('GetNetworkInsightsAccessScopeAnalysisFindings', { NetworkInsightsAccessScopeAnalysisId });
      return { analysis, ends: AnalysisFindings.map((f: { FindingComponents: { Component: { Id: string } }[] }) => f.FindingComponents.at(-1)!.Component.Id) };
    };
    const all = await findings();
    expect(all.analysis).toMatchObject({ Status: 'succeeded', FindingsFound: 'true', AnalyzedEniCount: 2 });
    expect(all.ends).toEqual([open]);
    expect((await findings([{ Source: internet, Destination: { ResourceStatement: { Resources: [GroupId] } } }])).analysis).toMatchObject({ FindingsFound: 'false' });
  });
});

describe('sets of packets', () => {
  const next = randomSource(7);
  const range = (): Range => {
    const [a, b] = [Math.floor(next() * 12), Math.floor(next() * 12)];
    return [Math.min(a, b), Math.max(a, b)];
  };
  const box = (): Packets => ({ source: range(), destination: range(), sourcePort: range(), destinationPort: [0, 0] });
  const inside = (p: Packets, x: number, y: number, z: number) => x >= p.source[0] && x <= p.source[1] && y >= p.destination[0] && y <= p.destination[1] && z >= p.sourcePort[0] && z <= p.sourcePort[1];

  it('what is taken away and what is left are the whole, each packet once; rules decide in order', () => {
    for (let i = 0; i < 60; i++) {
      const [a, b] = [box(), box()];
      const rules = Array.from({ length: 4 }, (_, n) => ({ matches: box(), allows: next() < 0.5, rule: n }));
      const [common, rest, passed] = [intersect(a, b), subtract(a, b), passing(a, rules)];
      for (let x = 0; x < 12; x++) for (let y = 0; y < 12; y++) for (let z = 0; z < 12; z++) {
        const here = inside(a, x, y, z);
        const pieces = rest.filter((piece) => inside(piece, x, y, z)).length + (common && inside(common, x, y, z) ? 1 : 0);
        if (pieces !== (here ? 1 : 0)) expect.fail(`${x},${y},${z} is in ${pieces} pieces`);
        const first = here ? rules.find((r) => inside(r.matches, x, y, z)) : undefined;
        const by = passed.filter((p) => inside(p.packets, x, y, z)).map((p) => p.rule);
        if (JSON.stringify(by) !== JSON.stringify(first?.allows ? [first.rule] : [])) expect.fail(`${x},${y},${z} passes by ${by}`);
      }
    }
    expect(intersect({ ...box(), source: [0, 1] }, { ...box(), source: [2, 3] })).toBeUndefined();
  });
});
