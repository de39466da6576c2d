import type { VpcEncryptionControlExclusions } from '@aws-sdk/client-ec2';
import type { Context } from '../../../src/kit/index.ts';
import { instances } from '../instances/instances.ts';
import { instanceTypeLimits } from '../catalog/instance-types.ts';
import { peeringConnections } from '../peering/peering-connections.ts';
import { egressOnlyInternetGateways } from './egress-only-internet-gateways.ts';
import { internetGateways } from './internet-gateways.ts';
import { natGateways } from './nat-gateways.ts';

/** What in a VPC sends traffic that is not encrypted in transit. https://docs.aws.amazon.com/vpc/latest/userguide/vpc-encryption-controls.html */

export type Excludable = keyof VpcEncryptionControlExclusions;

export interface Blocker {
  readonly Id: string;
  readonly Type: string;
  readonly Description: string;
  /** The exclusion that would let it be; none for instances. */
  readonly excludable?: Excludable;
}

const gateway = (Id: string, Type: string, excludable: Excludable): Blocker => ({ Id, Type, Description: `Traffic through ${Id} is not encrypted by AWS.`, excludable });

export async function blockingResources(ctx: Context, vpcId: string): Promise<Blocker[]> {
  const out: Blocker[] = [];
  for (const g of await ctx.list(internetGateways, { member: 'Attachments.VpcId', value: vpcId })) out.push(gateway(g.InternetGatewayId!, 'internet-gateway', 'InternetGateway'));
  for (const g of await ctx.list(egressOnlyInternetGateways, { member: 'Attachments.VpcId', value: vpcId })) out.push(gateway(g.EgressOnlyInternetGatewayId!, 'egress-only-internet-gateway', 'EgressOnlyInternetGateway'));
  for (const g of await ctx.list(natGateways, { member: 'VpcId', value: vpcId })) {
    if (g.State === 'pending' || g.State === 'available') out.push(gateway(g.NatGatewayId!, 'nat-gateway', 'NatGateway'));
  }
  for (const side of ['RequesterVpcInfo.VpcId', 'AccepterVpcInfo.VpcId']) {
    for (const p of await ctx.list(peeringConnections, { member: side, value: vpcId })) if (p.Status!.Code === 'active') out.push(gateway(p.VpcPeeringConnectionId!, 'vpc-peering-connection', 'VpcPeering'));
  }
  for (const i of (await ctx.list(instances)).filter((each) => each.VpcId === vpcId)) {
    if (instanceTypeLimits(i.InstanceType!)?.encryptsInTransit) continue;
    out.push({ Id: i.InstanceId!, Type: 'instance', Description: `The instance type ${i.InstanceType} does not encrypt traffic in transit.` });
  }
  return out;
}
