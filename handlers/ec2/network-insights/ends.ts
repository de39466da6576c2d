import type { Context } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { instances } from '../instances/instances.ts';
import { networkInterfaces } from '../network-interfaces/network-interfaces.ts';
import { vpcEndpoints } from '../vpc-endpoints/vpc-endpoints.ts';
import type { End } from './walks.ts';

/** What a path may begin and end at. https://docs.aws.amazon.com/vpc/latest/reachability/what-is-reachability-analyzer.html#reachability-analyzer-supported-resources */
const ENDS: readonly string[] = ['instance', 'network-interface', 'internet-gateway', 'vpc-endpoint', 'vpc-peering-connection', 'transit-gateway', 'transit-gateway-attachment', 'vpn-gateway'];
/** What packets can be made up at: elsewhere it is not known where they come from. */
const SOURCES: readonly string[] = ['instance', 'network-interface', 'internet-gateway', 'vpc-endpoint'];

const ARN = /^arn:aws[a-z-]*:ec2:([a-z0-9-]+):(\d{12}):[a-z-]+\/([a-z0-9-]+)$/;

/** An id, or the ARN of something that may be in another account, as its id and where it is. */
function located(ctx: Context, text: string, member: string): { there: Context; id: string } {
  const [, region, account, named] = ARN.exec(text) ?? [];
  if (named === undefined && text.includes(':')) throw errors.invalidValue(text, member, 'A resource ID or ARN is expected.');
  return named === undefined ? { there: ctx, id: text } : { there: account === ctx.account && region === ctx.region ? ctx : ctx.in(account!, region!), id: named };
}

/** Refuses what is no resource, what cannot be an end, and what does not exist. Answers its id and ARN. */
export async function checkEnd(ctx: Context, text: string, member: 'source' | 'destination'): Promise<{ id: string; arn: string }> {
  const { there, id } = located(ctx, text, member);
  const resource = ctx.world.registry.resourceOfId('ec2', id);
  if (!resource || !ENDS.includes(resource.kind)) throw errors.invalidValue(text, member, 'The resource type is not supported.');
  if (member === 'source' && !SOURCES.includes(resource.kind)) throw errors.unsupportedOperation(`Fogbank analyses no paths from a ${resource.kind} yet.`);
  const document = await there.get<object>(resource, id);
  return { id, arn: resource.arnOf(document, there.account, there.region) };
}

/** The ends that a name stands for: one, or one for each interface of an endpoint. */
export async function endsAt(ctx: Context, text: string): Promise<End[]> {
  const { there, id } = located(ctx, text, 'source');
  if (id.startsWith('i-')) {
    const instance = await there.get(instances, id);
    const attached = [...(instance.NetworkInterfaces ?? [])].sort((a, b) => (a.Attachment?.DeviceIndex ?? 0) - (b.Attachment?.DeviceIndex ?? 0));
    return Promise.all(attached.map(async (n) => ({ ctx: there, id: n.NetworkInterfaceId!, instanceId: id, eni: await there.get(networkInterfaces, n.NetworkInterfaceId!) })));
  }
  if (id.startsWith('eni-')) return [{ ctx: there, id, eni: await there.get(networkInterfaces, id) }];
  const endpoint = id.startsWith('vpce-') ? await there.get(vpcEndpoints, id) : undefined;
  if (endpoint?.NetworkInterfaceIds?.length) return Promise.all(endpoint.NetworkInterfaceIds.map(async (eni) => ({ ctx: there, id: eni, eni: await there.get(networkInterfaces, eni) })));
  await there.get<object>(ctx.world.registry.resourceOfId('ec2', id)!, id);
  return [{ ctx: there, id }];
}
