import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Context } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { groupIdentifiers } from '../network-interfaces/network-interfaces.ts';
import { vpcs } from '../vpcs/vpcs.ts';
import { reflect } from './connections.ts';
import { nameEndpoint, serveSubnets, shareGroups } from './endpoint-interfaces.ts';
import { changeDnsOptions, checkAddressType, checkPolicy, checkPrivateDns, FULL_ACCESS } from './endpoint-options.ts';
import { refuseStrangers } from './endpoint-plans.ts';
import { incorrectEndpointState } from './errors.ts';
import { addGatewayRoutes, removeGatewayRoutes } from './gateway-routes.ts';
import { vpcEndpoints, type StoredEndpoint } from './vpc-endpoints.ts';

type Input = Ec2Operations['ModifyVpcEndpoint']['input'];

/** What is there, without what goes, with what comes; what goes must be there. */
function changed(present: readonly string[], added: readonly string[] = [], removed: readonly string[] = [], noun: string): string[] {
  const unknown = removed.find((id) => !present.includes(id));
  if (unknown !== undefined) throw errors.invalidParameter(`The ${noun} ${unknown} is not associated with the endpoint.`);
  return [...new Set([...present.filter((id) => !removed.includes(id)), ...added])];
}

async function changeTables(ctx: Context, endpoint: StoredEndpoint, input: Input): Promise<void> {
  const present = endpoint.RouteTableIds ?? [];
  const wanted = changed(present, input.AddRouteTableIds, input.RemoveRouteTableIds, 'route table');
  await removeGatewayRoutes(ctx, endpoint, present.filter((id) => !wanted.includes(id)));
  await addGatewayRoutes(ctx, endpoint, wanted.filter((id) => !present.includes(id)));
  endpoint.RouteTableIds = wanted;
}

async function changeInterfaces(ctx: Context, endpoint: StoredEndpoint, input: Input): Promise<void> {
  if (input.AddSecurityGroupIds?.length || input.RemoveSecurityGroupIds?.length) {
    const wanted = changed((endpoint.Groups ?? []).map((g) => g.GroupId!), input.AddSecurityGroupIds, input.RemoveSecurityGroupIds, 'security group');
    if (wanted.length === 0) throw errors.invalidParameter('An endpoint must have at least one security group.');
    endpoint.Groups = await groupIdentifiers(ctx, wanted, endpoint.VpcId!);
    await shareGroups(ctx, endpoint);
  }
  if (input.AddSubnetIds?.length || input.RemoveSubnetIds?.length || input.SubnetConfigurations?.length || input.IpAddressType !== undefined) {
    await serveSubnets(ctx, endpoint, changed(endpoint.SubnetIds ?? [], input.AddSubnetIds, input.RemoveSubnetIds, 'subnet'), input.SubnetConfigurations ?? []);
  }
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVpcEndpoint.html */
export async function modifyEndpoint(input: Input, ctx: Context): Promise<{ Return: boolean }> {
  const endpoint = await ctx.get(vpcEndpoints, input.VpcEndpointId);
  const type = endpoint.VpcEndpointType!;
  if (['deleting', 'deleted', 'rejected', 'failed', 'expired'].includes(endpoint.State!)) throw incorrectEndpointState(input.VpcEndpointId, endpoint.State!);
  refuseStrangers(input, type, (member) => (member === 'ResetPolicy' ? 'PolicyDocument' : member.replace(/^(Add|Remove)/, '')));
  if (input.ResetPolicy && input.PolicyDocument !== undefined) throw errors.invalidParameterCombination('The parameters resetPolicy and policyDocument may not be used together');
  if (input.ResetPolicy) endpoint.PolicyDocument = type === 'Gateway' ? FULL_ACCESS.Gateway : FULL_ACCESS.Interface;
  if (input.PolicyDocument !== undefined) endpoint.PolicyDocument = checkPolicy(input.PolicyDocument);
  if (input.IpAddressType !== undefined) {
    endpoint.IpAddressType = input.IpAddressType;
    if (type !== 'Gateway' && endpoint.DnsOptions) endpoint.DnsOptions.DnsRecordIpType = input.IpAddressType;
  }
  if (input.PrivateDnsEnabled !== undefined && type !== 'Gateway') endpoint.PrivateDnsEnabled = input.PrivateDnsEnabled;
  changeDnsOptions(endpoint, input.DnsOptions);
  checkAddressType(endpoint);
  await checkPrivateDns(ctx, endpoint, await ctx.get(vpcs, endpoint.VpcId!));
  if (type === 'Gateway') await changeTables(ctx, endpoint, input);
  else {
    await changeInterfaces(ctx, endpoint, input);
    await nameEndpoint(ctx, endpoint);
  }
  await ctx.save(vpcEndpoints, endpoint);
  await reflect(endpoint, ctx);
  return { Return: true };
}
