import {
  AssociateRouteTableCommand, AttachInternetGatewayCommand, AuthorizeSecurityGroupIngressCommand, CreateInternetGatewayCommand, CreateNetworkInsightsPathCommand, CreateRouteCommand, CreateRouteTableCommand, CreateSecurityGroupCommand,
  CreateSubnetCommand, CreateVpcCommand, DescribeImagesCommand, DescribeNetworkInsightsAnalysesCommand, EC2Client, ModifySubnetAttributeCommand, RevokeSecurityGroupIngressCommand, RunInstancesCommand, StartNetworkInsightsAnalysisCommand,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startFogbank, type Fogbank } from '../../src/api/index.ts';

// The web tier reaches the database, and the internet does not: proved in CI, from the network as Terraform made it.
let fogbank: Fogbank;
let ec2: EC2Client;
let igw: string, web: string, db: string, dbGroup: string, webGroup: string;

beforeAll(async () => {
  fogbank = await startFogbank();
  ec2 = new EC2Client(fogbank.clientConfig());
  const VpcId = (await ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }))).Vpc!.VpcId!;
  igw = (await ec2.send(new CreateInternetGatewayCommand({}))).InternetGateway!.InternetGatewayId!;
  await ec2.send(new AttachInternetGatewayCommand({ InternetGatewayId: igw, VpcId }));
  const subnet = async (CidrBlock: string) => (await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock }))).Subnet!.SubnetId!;
  const group = async (GroupName: string) => (await ec2.send(new CreateSecurityGroupCommand({ VpcId, GroupName, Description: GroupName }))).GroupId!;
  const [publicSubnet, privateSubnet] = [await subnet('10.0.1.0/24'), await subnet('10.0.2.0/24')];
  const RouteTableId = (await ec2.send(new CreateRouteTableCommand({ VpcId }))).RouteTable!.RouteTableId!;
  await ec2.send(new CreateRouteCommand({ RouteTableId, DestinationCidrBlock: '0.0.0.0/0', GatewayId: igw }));
  await ec2.send(new AssociateRouteTableCommand({ RouteTableId, SubnetId: publicSubnet }));
  await ec2.send(new ModifySubnetAttributeCommand({ SubnetId: publicSubnet, MapPublicIpOnLaunch: { Value: true } }));
  [webGroup, dbGroup] = [await group('web'), await group('db')];
  const open = (GroupId: string, port: number, from: object) => ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [{ IpProtocol: 'tcp', FromPort: port, ToPort: port, ...from }] }));
  await open(webGroup, 443, { IpRanges: [{ CidrIp: '0.0.0.0/0' }] });
  await open(dbGroup, 5432, { UserIdGroupPairs: [{ GroupId: webGroup }] });
  const ImageId = (await ec2.send(new DescribeImagesCommand({ Owners: ['amazon'], Filters: [{ Name: 'name', Values: ['al2023-ami-2023*'] }, { Name: 'architecture', Values: ['x86_64'] }] }))).Images![0]!.ImageId!;
  const run = async (SubnetId: string, GroupId: string) => (await ec2.send(new RunInstancesCommand({ ImageId, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1, SubnetId, SecurityGroupIds: [GroupId] }))).Instances![0]!.InstanceId!;
  [web, db] = [await run(publicSubnet, webGroup), await run(privateSubnet, dbGroup)];
});

afterAll(() => fogbank.stop());

async function analyse(Source: string, Destination: string, DestinationPort: number) {
  const { NetworkInsightsPath } = await ec2.send(new CreateNetworkInsightsPathCommand({ Source, Destination, Protocol: 'tcp', DestinationPort }));
  const { NetworkInsightsAnalysis } = await ec2.send(new StartNetworkInsightsAnalysisCommand({ NetworkInsightsPathId: NetworkInsightsPath!.NetworkInsightsPathId }));
  return (await ec2.send(new DescribeNetworkInsightsAnalysesCommand({ NetworkInsightsAnalysisIds: [NetworkInsightsAnalysis!.NetworkInsightsAnalysisId!] }))).NetworkInsightsAnalyses![0]!;
}
const reasons = (a: Awaited<ReturnType<typeof analyse>>) => a.Explanations?.map((e) => e.ExplanationCode);

it('the internet reaches the web tier on 443, and on nothing else', async () => {
  expect((await analyse(igw, web, 443)).NetworkPathFound).toBe(true);
  expect(reasons(await analyse(igw, web, 22))).toEqual(['ENI_SG_RULES_MISMATCH']);
});

it('the web tier reaches the database, and the answers come back', async () => {
  const analysis = await analyse(web, db, 5432);
  expect(analysis.NetworkPathFound).toBe(true);
  expect(analysis.ReturnPathComponents!.at(-1)!.Component!.Id).toBe(web);
});

it('the internet does not reach the database: it has no public address', async () => {
  expect(reasons(await analyse(igw, db, 5432))).toEqual(['IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS']);
});

it('without its rule the database is closed to the web tier, and the group is named', async () => {
  await ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId: dbGroup, IpPermissions: [{ IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432, UserIdGroupPairs: [{ GroupId: webGroup }] }] }));
  const analysis = await analyse(web, db, 5432);
  expect(analysis.Explanations).toMatchObject([{ ExplanationCode: 'ENI_SG_RULES_MISMATCH', Direction: 'ingress', SecurityGroups: [{ Id: dbGroup }] }]);
});
