import type { TransitGatewayRoute } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { pagePosition, pageToken, wildcardMatcher, type Context, type Handlers, type Structure } from '../../../src/kit/index.ts';
import { clientVpnEndpoints } from '../client-vpn/endpoints.ts';
import * as general from '../errors.ts';
import { contains, formatCidr, includes, overlaps, parseCidr, parseIpv4, parseIpv6 } from '../vpcs/cidr.ts';
import { vpcs } from '../vpcs/vpcs.ts';
import { announcements } from './announcements.ts';
import { attachments, mention, type StoredAttachment } from './attachments.ts';
import { ready } from './lifecycles.ts';
import { natConfigurations } from './nat-configurations.ts';
import { referenceRoutes } from './prefix-list-references.ts';
import { propagations, type StoredPropagation } from './propagations.ts';
import { transitGatewayRouteTables } from './route-tables.ts';
import { transitGatewayRoutes } from './routes.ts';

type Route = Wire<TransitGatewayRoute>;

// ---- what a table holds ----

/** The blocks of an attached VPC, those of IPv6 only where the attachment supports it; of an endpoint, whose clients keep their addresses, the range of these. */
async function blocksOf(ctx: Context, attachment: StoredAttachment): Promise<string[]> {
  const endpoint = attachment.$.clientVpn && (await ctx.find(clientVpnEndpoints, attachment.$.clientVpn.ClientVpnEndpointId));
  if (endpoint?.ClientCidrBlock !== undefined) return [endpoint.ClientCidrBlock];
  const vpc = attachment.$.vpc && (await ctx.find(vpcs, attachment.$.vpc.VpcId));
  if (!vpc) return [];
  const ipv4 = (vpc.CidrBlockAssociationSet ?? []).filter((a) => a.CidrBlockState?.State === 'associated').map((a) => a.CidrBlock!);
  const ipv6 = (vpc.Ipv6CidrBlockAssociationSet ?? []).filter((a) => a.Ipv6CidrBlockState?.State === 'associated').map((a) => a.Ipv6CidrBlock!);
  return attachment.$.vpc!.Options.Ipv6Support === 'enable' ? [...ipv4, ...ipv6] : ipv4;
}

/** Routes to the ranges into which an attachment's sources are translated, while they are. */
async function natRoutes(ctx: Context, attachment: StoredAttachment): Promise<Route[]> {
  const configuration = await ctx.find(natConfigurations, attachment.TransitGatewayAttachmentId!);
  if (configuration?.NatGatewaySupport !== 'enabled' || configuration.NatSystemRouteSupport === 'disable') return [];
  return (configuration.NatGatewayRules ?? []).map((rule) => ({ DestinationCidrBlock: rule.NatCidr, TransitGatewayAttachments: [mention(attachment)], Type: 'system', State: 'active' }));
}

/** What the announced table of the other end routes itself, through the peering. */
async function announcedRoutes(ctx: Context, attachment: StoredAttachment, announcementId: string): Promise<Route[]> {
  const announcement = await ctx.find(announcements, announcementId);
  const source = announcement?.State === 'available' ? announcement.$.source : undefined;
  if (!source) return [];
  // assumed: routes that came in by an announcement are not announced further, nor are black holes.
  const routes = (await routesIn(ctx.in(source.account, source.region), source.tableId, { announced: false })).filter((r) => r.State === 'active' && r.DestinationCidrBlock !== undefined);
  return routes.map((r) => ({ DestinationCidrBlock: r.DestinationCidrBlock, TransitGatewayRouteTableAnnouncementId: announcementId, TransitGatewayAttachments: [mention(attachment)], Type: 'propagated', State: 'active' }));
}

async function propagatedBy(ctx: Context, propagation: StoredPropagation): Promise<Route[]> {
  const attachment = await ctx.find(attachments, propagation.TransitGatewayAttachmentId!);
  if (!attachment) return [];
  if (propagation.TransitGatewayRouteTableAnnouncementId) return announcedRoutes(ctx, attachment, propagation.TransitGatewayRouteTableAnnouncementId);
  const blocks = await blocksOf(ctx, attachment);
  return [...blocks.map((block): Route => ({ DestinationCidrBlock: block, TransitGatewayAttachments: [mention(attachment)], Type: 'propagated', State: 'active' })), ...(await natRoutes(ctx, attachment))];
}

/**
 * Static routes come before propagated ones of the same destination, and a VPC whose range overlaps that of one which
 * propagates already is not propagated. https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html#tgw-route-evaluation-overview
 */
export async function routesIn(ctx: Context, tableId: string, with_: { readonly announced: boolean } = { announced: true }): Promise<Route[]> {
  const fixed: Route[] = [...(await ctx.list(transitGatewayRoutes, { member: 'TransitGatewayRouteTableId', value: tableId })), ...(await referenceRoutes(ctx, tableId))];
  const taken = new Set(fixed.map((r) => r.DestinationCidrBlock));
  const propagated: Route[] = [];
  for (const propagation of await ctx.list(propagations, { member: 'TransitGatewayRouteTableId', value: tableId })) {
    if (!with_.announced && propagation.TransitGatewayRouteTableAnnouncementId) continue;
    const routes = await propagatedBy(ctx, propagation);
    const earlier = propagated.map((r) => parseCidr(r.DestinationCidrBlock!)!);
    propagated.push(...routes.filter((r) => !earlier.some((e) => overlaps(e, parseCidr(r.DestinationCidrBlock!)!))));
  }
  return [...fixed, ...propagated.filter((r) => !taken.has(r.DestinationCidrBlock))];
}

// ---- what is looked for ----

interface Destined {
  readonly DestinationCidrBlock?: string | undefined;
}

const cidrOf = (route: Destined) => (route.DestinationCidrBlock === undefined ? undefined : parseCidr(route.DestinationCidrBlock));
const attachmentMembers = (member: 'TransitGatewayAttachmentId' | 'ResourceId' | 'ResourceType') => (route: Route) => (route.TransitGatewayAttachments ?? []).map((a) => a[member]);

/** The most specific of the routes that contain an address. */
function longestMatch(routes: readonly Destined[], text: string): Destined | undefined {
  const version = text.includes(':') ? 6 : 4;
  const address = version === 4 ? parseIpv4(text) : parseIpv6(text);
  if (address === undefined) return undefined;
  const matching = routes.filter((r) => cidrOf(r)?.version === version && includes(cidrOf(r)!, address));
  return matching.sort((a, b) => cidrOf(b)!.prefix - cidrOf(a)!.prefix)[0];
}

/** Blocks are compared with blocks, in either direction an equal one matches; the longest prefix is that of an address. */
const SEARCHES: Readonly<Record<string, (routes: readonly Destined[], value: string) => readonly Destined[]>> = {
  'route-search.exact-match': (routes, value) => routes.filter((r) => r.DestinationCidrBlock === (parseCidr(value) ? formatCidr(parseCidr(value)!) : value)),
  'route-search.longest-prefix-match': (routes, value) => routes.filter((r) => r === longestMatch(routes, value)),
  'route-search.subnet-of-match': (routes, value) => routes.filter((r) => parseCidr(value) && cidrOf(r) && contains(parseCidr(value)!, cidrOf(r)!)),
  'route-search.supernet-of-match': (routes, value) => routes.filter((r) => parseCidr(value) && cidrOf(r) && contains(cidrOf(r)!, parseCidr(value)!)),
};

/** How routes are narrowed by one filter: a search by destination, which all tables that are searched have alike, or a member's values. */
export function searches<R extends Destined>(members: Readonly<Record<string, (route: R) => readonly (string | undefined)[]>>) {
  return (routes: readonly R[], name: string, values: readonly string[]): readonly R[] => {
    const search = Object.hasOwn(SEARCHES, name) ? SEARCHES[name]! : undefined;
    if (search) {
      const found = new Set(values.flatMap((value) => search(routes, value)));
      return routes.filter((r) => found.has(r));
    }
    const read = Object.hasOwn(members, name) ? members[name]! : undefined;
    if (!read) throw general.invalidParameterValue(`The filter '${name}' is invalid`);
    const accepts = wildcardMatcher(values);
    return routes.filter((r) => read(r).some((value) => value !== undefined && accepts(value)));
  };
}

const narrowed = searches<Route>({
  'attachment.transit-gateway-attachment-id': attachmentMembers('TransitGatewayAttachmentId'),
  'attachment.resource-id': attachmentMembers('ResourceId'),
  'attachment.resource-type': attachmentMembers('ResourceType'),
  'prefix-list-id': (route) => [route.PrefixListId],
  state: (route) => [route.State],
  type: (route) => [route.Type],
});

const ROUTES_DEFAULT = 1000;

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SearchTransitGatewayRoutes.html */
async function search(input: Ec2Operations['SearchTransitGatewayRoutes']['input'], ctx: Context): Promise<Ec2Operations['SearchTransitGatewayRoutes']['output']> {
  await ready(ctx, transitGatewayRouteTables, input.TransitGatewayRouteTableId);
  let routes: readonly Route[] = await routesIn(ctx, input.TransitGatewayRouteTableId, { announced: true });
  for (const { Name = '', Values = [] } of input.Filters) routes = narrowed(routes, Name, Values);
  const from = pagePosition(input.NextToken, input as Structure, (token) => general.invalidValue(` ${token} `, 'NextToken', 'The token is invalid.'));
  const to = from + (input.MaxResults ?? ROUTES_DEFAULT);
  const more = to < routes.length;
  return { Routes: routes.slice(from, to), AdditionalRoutesAvailable: more, ...(more ? { NextToken: pageToken(to, input as Structure) } : {}) };
}

export const routeSearchOperations = { SearchTransitGatewayRoutes: search } satisfies Handlers<Ec2Operations>;
