import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Context, Handlers } from '../../../src/kit/index.ts';
import { zonesOf } from '../catalog/regions.ts';
import * as errors from '../errors.ts';
import { attachGateway, internetGateways, type StoredInternetGateway } from './internet-gateways.ts';
import { routeTables } from './route-tables.ts';
import { createDefaultSubnet } from './subnets.ts';
import { createDefaultVpcDocument, defaultVpc, type StoredVpc } from './vpcs.ts';

/**
 * What an account has in a region from the start: a VPC 172.31.0.0/16 with a public subnet in every zone.
 * https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc-components.html
 */
export async function createDefaultVpc(ctx: Context): Promise<StoredVpc> {
  const vpc = await createDefaultVpcDocument(ctx);
  const gateway = await ctx.create<StoredInternetGateway>(internetGateways, { InternetGatewayId: ctx.newId(internetGateways), Attachments: [], OwnerId: ctx.account, Tags: [] });
  await attachGateway(ctx, gateway, vpc.VpcId!);
  const main = (await ctx.list(routeTables, { member: 'VpcId', value: vpc.VpcId! }))[0]!;
  main.Routes!.push({ DestinationCidrBlock: '0.0.0.0/0', GatewayId: gateway.InternetGatewayId, Origin: 'CreateRoute', State: 'active' });
  await ctx.save(routeTables, main);
  for (const zone of zonesOf(ctx.region)) {
    if (zone.ZoneType === 'availability-zone') await createDefaultSubnet(ctx, vpc, zone.ZoneName!);
  }
  return vpc;
}

export const defaultVpcOperations = {
  CreateDefaultVpc: async (_input, ctx) => {
    const present = await defaultVpc(ctx);
    if (present) throw errors.defaultVpcExists();
    return { Vpc: await createDefaultVpc(ctx) };
  },
} satisfies Handlers<Ec2Operations>;
