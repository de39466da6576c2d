import { createHash } from 'node:crypto';
import type { Ec2InstanceConnectEndpoint } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { creates, describes, hours, modifies, resource, seconds, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { groupIdentifiers, networkInterfaces, planInterface, removeInterface } from '../network-interfaces/network-interfaces.ts';
import { subnets, type StoredSubnet } from '../vpcs/subnets.ts';
import { endpointLimitExceeded, incorrectEndpointState } from './errors.ts';

export type StoredConnectEndpoint = Wire<Ec2InstanceConnectEndpoint>;

const gone = (endpoint: StoredConnectEndpoint): boolean => endpoint.State === 'delete-complete';

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/connect-with-ec2-instance-connect-endpoint.html */
export const connectEndpoints = resource<StoredConnectEndpoint>({
  service: 'ec2',
  kind: 'instance-connect-endpoint',
  shape: 'Ec2InstanceConnectEndpoint',
  id: { member: 'InstanceConnectEndpointId', prefix: 'eice' },
  notFound: errors.notFound('InvalidInstanceConnectEndpointId.NotFound', 'instance connect endpoint ID'),
  malformed: errors.malformedId('InvalidInstanceConnectEndpointId.Malformed', 'eice'),
  state: 'State',
  lifecycle: {
    'create-in-progress': { after: seconds(120), to: 'create-complete' },
    'update-in-progress': { after: seconds(30), to: 'update-complete' },
    'delete-in-progress': { after: seconds(120), to: 'delete-complete' },
    // assumed: what is deleted is described for an hour more.
    'delete-complete': { after: hours(1), to: 'gone', paced: false },
  },
  entering: {
    'delete-complete': async (endpoint, ctx) => {
      for (const id of endpoint.NetworkInterfaceIds ?? []) {
        const eni = await ctx.find(networkInterfaces, id);
        if (eni) await removeInterface(ctx, eni);
      }
      endpoint.NetworkInterfaceIds = [];
    },
  },
  references: {
    SubnetId: { kind: 'ec2:subnet', onDelete: (e) => (gone(e) ? 'keep' : 'refuse') },
    VpcId: { kind: 'ec2:vpc', onDelete: (e) => (gone(e) ? 'keep' : 'refuse') },
  },
  filters: { 'instance-connect-endpoint-id': 'InstanceConnectEndpointId' },
  conditionKeys: (endpoint) => ({ 'ec2:SubnetID': endpoint.SubnetId }),
});

type AddressType = NonNullable<StoredConnectEndpoint['IpAddressType']>;

const hasIpv6 = (subnet: StoredSubnet): boolean => (subnet.Ipv6CidrBlockAssociationSet ?? []).some((a) => a.Ipv6CidrBlockState?.State === 'associated');
const usualType = (subnet: StoredSubnet): AddressType => (subnet.CidrBlock === undefined ? 'ipv6' : hasIpv6(subnet) ? 'dualstack' : 'ipv4');

/** "PreserveClientIp is only supported on IPv4 EC2 Instance Connect Endpoints." */
function checkAddresses(subnet: StoredSubnet, type: AddressType, preserve: boolean): void {
  if (preserve && type !== 'ipv4') throw errors.invalidParameterCombination('PreserveClientIp requires the IP address type ipv4');
  const fits = { ipv4: subnet.CidrBlock !== undefined, ipv6: hasIpv6(subnet), dualstack: subnet.CidrBlock !== undefined && hasIpv6(subnet) }[type];
  if (!fits) throw errors.invalidParameter(`The subnet ${subnet.SubnetId} does not support the IP address type ${type}.`);
}

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/eice-quotas.html */
const LIMITS = { account: 5, vpc: 1, subnet: 1 };

async function checkLimits(ctx: Context, subnet: StoredSubnet): Promise<void> {
  if (!ctx.world.settings.quotas) return;
  const present = (await ctx.list(connectEndpoints)).filter((e) => !gone(e));
  if (present.length >= LIMITS.account) throw endpointLimitExceeded('account and Region', LIMITS.account);
  if (present.filter((e) => e.VpcId === subnet.VpcId).length >= LIMITS.vpc) throw endpointLimitExceeded('VPC', LIMITS.vpc);
}

/** The names: one for IPv4, and with IPv6 another. */
function names(id: string, region: string, type: AddressType): Partial<StoredConnectEndpoint> {
  // assumed: the part that says nothing follows from the id; endpoints for FIPS are in Regions of North America only.
  const label = createHash('sha256').update(id).digest('hex').slice(0, 8);
  const fips = /^(us|ca)-/.test(region);
  const of = (domain: string) => ({ DnsName: `${id}.${label}.ec2-instance-connect-endpoint.${region}.${domain}`, ...(fips ? { FipsDnsName: `${id}.${label}.fips.ec2-instance-connect-endpoint.${region}.${domain}` } : {}) });
  const ipv4 = of('amazonaws.com');
  return { ...ipv4, PublicDnsNames: { ...(type === 'ipv6' ? {} : { Ipv4: ipv4 }), ...(type === 'ipv4' ? {} : { Dualstack: of('api.aws') }) } };
}

async function planEndpoint(input: Ec2Operations['CreateInstanceConnectEndpoint']['input'], ctx: Context): Promise<StoredConnectEndpoint> {
  const subnet = await ctx.get(subnets, input.SubnetId);
  const type = input.IpAddressType ?? usualType(subnet);
  const preserve = input.PreserveClientIp ?? false;
  checkAddresses(subnet, type, preserve);
  await checkLimits(ctx, subnet);
  const id = ctx.newId(connectEndpoints);
  const groups = await groupIdentifiers(ctx, input.SecurityGroupIds ?? [], subnet.VpcId!);
  const eni = await planInterface(ctx, {
    subnet, groups: groups.map((g) => g.GroupId), description: `EC2 Instance Connect endpoint interface for ${id}`, type: 'ec2_instance_connect_endpoint' as 'interface', requester: 'amazon-ec2-instance-connect',
    ipv6Count: type === 'ipv4' ? 0 : 1,
  });
  await ctx.create(networkInterfaces, eni);
  return {
    InstanceConnectEndpointId: id, InstanceConnectEndpointArn: `arn:aws:ec2:${ctx.region}:${ctx.account}:instance-connect-endpoint/${id}`, OwnerId: ctx.account, State: 'create-in-progress', StateMessage: '',
    ...names(id, ctx.region, type), NetworkInterfaceIds: [eni.NetworkInterfaceId!], VpcId: subnet.VpcId, SubnetId: subnet.SubnetId, AvailabilityZone: subnet.AvailabilityZone, AvailabilityZoneId: subnet.AvailabilityZoneId,
    CreatedAt: ctx.now, PreserveClientIp: preserve, SecurityGroupIds: groups.map((g) => g.GroupId), IpAddressType: type,
  };
}

const settled = (endpoint: StoredConnectEndpoint): void => {
  if (!/^(create|update)-complete$/.test(endpoint.State!)) throw incorrectEndpointState(endpoint.InstanceConnectEndpointId!, endpoint.State!);
};

export const connectEndpointOperations = {
  CreateInstanceConnectEndpoint: creates(connectEndpoints, planEndpoint),
  DescribeInstanceConnectEndpoints: describes(connectEndpoints, { ids: 'InstanceConnectEndpointIds' }),
  ModifyInstanceConnectEndpoint: modifies(connectEndpoints, { id: 'InstanceConnectEndpointId' }, async (endpoint, input, ctx) => {
    const { IpAddressType: type = endpoint.IpAddressType!, PreserveClientIp: preserve = endpoint.PreserveClientIp!, SecurityGroupIds: groups } = input;
    if (input.IpAddressType === undefined && input.PreserveClientIp === undefined && groups === undefined) throw errors.missingParameter('IpAddressType, SecurityGroupIds or PreserveClientIp');
    settled(endpoint);
    checkAddresses(await ctx.get(subnets, endpoint.SubnetId!), type, preserve);
    if (groups !== undefined) {
      const identifiers = await groupIdentifiers(ctx, groups, endpoint.VpcId!);
      endpoint.SecurityGroupIds = identifiers.map((g) => g.GroupId);
      for (const eni of await ctx.getAll(networkInterfaces, endpoint.NetworkInterfaceIds ?? [])) await ctx.save(networkInterfaces, { ...eni, Groups: identifiers });
    }
    Object.assign(endpoint, { IpAddressType: type, PreserveClientIp: preserve }, names(endpoint.InstanceConnectEndpointId!, ctx.region, type));
    await ctx.transition(connectEndpoints, endpoint, 'update-in-progress');
    return { Return: true };
  }),
  DeleteInstanceConnectEndpoint: async (input, ctx) => {
    const endpoint = await ctx.get(connectEndpoints, input.InstanceConnectEndpointId);
    if (/^delete-/.test(endpoint.State!)) throw connectEndpoints.notFound([input.InstanceConnectEndpointId]);
    return { InstanceConnectEndpoint: await ctx.transition(connectEndpoints, endpoint, 'delete-in-progress') };
  },
} satisfies Handlers<Ec2Operations>;
