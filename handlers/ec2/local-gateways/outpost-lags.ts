import type { OutpostLag, ServiceLinkVirtualInterface } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { describes, resource, type Context, type Handlers } from '../../../src/kit/index.ts';
import { unknown } from './errors.ts';
import { virtualInterfaces } from './virtual-interfaces.ts';

export type StoredServiceLink = Wire<ServiceLinkVirtualInterface> & { $?: { localInterfaces: string[] } };
/** `$.links` are its service links, for the filters that are about these. */
export type StoredLag = Wire<OutpostLag> & { $: { localGatewayId: string; links?: readonly StoredServiceLink[] } };

const ofLinks = (member: keyof StoredServiceLink) => (lag: StoredLag) => (lag.$.links ?? []).map((link) => link[member] as string | number);

/** The bundled links of an Outpost to each of the two network devices of where it stands. https://docs.aws.amazon.com/outposts/latest/userguide/local-rack.html */
export const outpostLags = resource<StoredLag>({
  service: 'ec2',
  kind: 'outpost-lag',
  shape: 'OutpostLag',
  // assumed: how their ids begin, as those of service links.
  id: { member: 'OutpostLagId', prefix: 'op-lag' },
  ...unknown('OutpostLag', 'Outpost LAG', 'op-lag'),
  state: 'State',
  references: { '$.localGatewayId': { kind: 'ec2:local-gateway' } },
  filters: {
    'service-link-virtual-interface-id': 'ServiceLinkVirtualInterfaceIds', 'service-link-virtual-interface-arn': ofLinks('ServiceLinkVirtualInterfaceArn'), 'outpost-id': ofLinks('OutpostId'), vlan: ofLinks('Vlan'),
    'local-address': ofLinks('LocalAddress'), 'peer-address': ofLinks('PeerAddress'), 'peer-bgp-asn': ofLinks('PeerBgpAsn'), 'configuration-state': ofLinks('ConfigurationState'),
  },
});

/** What connects an Outpost to its Region. https://docs.aws.amazon.com/outposts/latest/userguide/service-links.html */
export const serviceLinks = resource<StoredServiceLink>({
  service: 'ec2',
  kind: 'service-link-virtual-interface',
  shape: 'ServiceLinkVirtualInterface',
  id: { member: 'ServiceLinkVirtualInterfaceId', prefix: 'sl-vif' },
  ...unknown('ServiceLinkVirtualInterface', 'service link virtual interface', 'sl-vif'),
  state: 'ConfigurationState',
  references: { OutpostLagId: { kind: 'ec2:outpost-lag' } },
  filters: { state: 'ConfigurationState', 'local-gateway-virtual-interface-id': '$.localInterfaces' },
});

const localInterfaces = async (ctx: Context, lagId: string): Promise<string[]> => (await ctx.list(virtualInterfaces, { member: 'OutpostLagId', value: lagId })).map((i) => i.LocalGatewayVirtualInterfaceId!);

async function withInterfaces(lag: StoredLag, ctx: Context): Promise<StoredLag> {
  const links = await ctx.list(serviceLinks, { member: 'OutpostLagId', value: lag.OutpostLagId! });
  return { ...lag, LocalGatewayVirtualInterfaceIds: await localInterfaces(ctx, lag.OutpostLagId!), ServiceLinkVirtualInterfaceIds: links.map((l) => l.ServiceLinkVirtualInterfaceId!), $: { ...lag.$, links } };
}

export const outpostLagOperations = {
  DescribeOutpostLags: describes(outpostLags, { ids: 'OutpostLagIds', complete: withInterfaces }),
  DescribeServiceLinkVirtualInterfaces: describes(serviceLinks, { ids: 'ServiceLinkVirtualInterfaceIds', complete: async (link, ctx) => ({ ...link, $: { localInterfaces: await localInterfaces(ctx, link.OutpostLagId!) } }) }),
} satisfies Handlers<Ec2Operations>;
