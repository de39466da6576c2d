import type { LocalGatewayRouteTableVpcAssociation } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { creates, deletes, describes, resource, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';
import { setRouteState } from '../vpcs/route-tables.ts';
import { vpcs } from '../vpcs/vpcs.ts';
import { notReady, unknown } from './errors.ts';
import { JOINING_AND_LEAVING } from './group-associations.ts';
import { ready } from './local-gateways.ts';
import { localTables, ofTable } from './route-tables.ts';

export type StoredVpcAssociation = Wire<LocalGatewayRouteTableVpcAssociation>;

/** https://docs.aws.amazon.com/outposts/latest/userguide/outposts-local-gateways.html */
export const vpcAssociations = resource<StoredVpcAssociation>({
  service: 'ec2',
  kind: 'local-gateway-route-table-vpc-association',
  shape: 'LocalGatewayRouteTableVpcAssociation',
  id: { member: 'LocalGatewayRouteTableVpcAssociationId', prefix: 'lgw-vpc-assoc' },
  ...unknown('LocalGatewayRouteTableVpcAssociation', 'local gateway route table VPC association', 'lgw-vpc-assoc'),
  state: 'State',
  lifecycle: JOINING_AND_LEAVING,
  entering: {
    associated: (a, ctx) => setRouteState(ctx, 'LocalGatewayId', a.LocalGatewayId!, 'active', a.VpcId),
    // assumed: an association that routes of the VPC need may go, as an internet gateway may be detached.
    disassociating: (a, ctx) => setRouteState(ctx, 'LocalGatewayId', a.LocalGatewayId!, 'blackhole', a.VpcId),
  },
  references: { LocalGatewayRouteTableId: { kind: 'ec2:local-gateway-route-table' }, VpcId: { kind: 'ec2:vpc' } },
});

/** The association by which a VPC reaches a local gateway. */
export const reachedBy = async (ctx: Context, gatewayId: string, vpcId: string): Promise<StoredVpcAssociation | undefined> =>
  (await ctx.list(vpcAssociations, { member: 'VpcId', value: vpcId })).find((a) => a.LocalGatewayId === gatewayId && a.State !== 'disassociating');

/** "VPCs are exclusively associated with one LGW routing domain per Outpost." https://docs.aws.amazon.com/outposts/latest/network-userguide/routing-domains.html */
async function planAssociation(input: Ec2Operations['CreateLocalGatewayRouteTableVpcAssociation']['input'], ctx: Context): Promise<StoredVpcAssociation> {
  const table = await ready(ctx, localTables, input.LocalGatewayRouteTableId);
  const vpc = await ctx.get(vpcs, input.VpcId);
  const other = (await ctx.list(vpcAssociations, { member: 'VpcId', value: input.VpcId })).find((a) => a.LocalGatewayId === table.LocalGatewayId);
  if (other) throw general.resourceAlreadyAssociated(`${input.VpcId} is already associated with association-id ${other.LocalGatewayRouteTableVpcAssociationId}`);
  return { VpcId: vpc.VpcId, ...ofTable(table), OwnerId: ctx.account, State: 'associating', Tags: [] };
}

export const vpcAssociationOperations = {
  CreateLocalGatewayRouteTableVpcAssociation: creates(vpcAssociations, planAssociation),
  DescribeLocalGatewayRouteTableVpcAssociations: describes(vpcAssociations, { ids: 'LocalGatewayRouteTableVpcAssociationIds' }),
  DeleteLocalGatewayRouteTableVpcAssociation: deletes(vpcAssociations, {
    id: 'LocalGatewayRouteTableVpcAssociationId', from: ['associated'], otherwise: (a) => notReady('association', a.LocalGatewayRouteTableVpcAssociationId!, a.State!), to: 'disassociating',
  }),
} satisfies Handlers<Ec2Operations>;
