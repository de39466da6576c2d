import type { TransitGateway } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { creates, describes, resource, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';
import { contains, formatCidr, overlaps, parseCidr } from '../vpcs/cidr.ts';
import { attachments } from './attachments.ts';
import { connectPeers } from './connect-peers.ts';
import * as errors from './errors.ts';
import { comesAndGoes, ends, ready, withGiven } from './lifecycles.ts';
import { meteringPolicies } from './metering-policies.ts';
import { multicastDomains } from './multicast-domains.ts';
import { policyTables } from './policy-tables.ts';
import { createDefaultTable, transitGatewayRouteTables } from './route-tables.ts';

export type StoredGateway = Wire<TransitGateway>;
type Options = NonNullable<StoredGateway['Options']>;

/** https://docs.aws.amazon.com/vpc/latest/tgw/tgw-transit-gateways.html */
export const transitGateways = resource<StoredGateway>({
  service: 'ec2',
  kind: 'transit-gateway',
  shape: 'TransitGateway',
  id: { member: 'TransitGatewayId', prefix: 'tgw' },
  notFound: errors.missing('InvalidTransitGatewayID.NotFound', 'Transit Gateway'),
  malformed: errors.malformed('InvalidTransitGatewayID.Malformed', 'Transit Gateway'),
  state: 'State',
  lifecycle: comesAndGoes({ made: 90, changed: 15, deleted: 60 }),
  entering: {
    available: (gateway) => {
      const encryption = gateway.Options!.EncryptionSupport!;
      if (encryption.EncryptionState === 'enabling') encryption.EncryptionState = 'enabled';
      if (encryption.EncryptionState === 'disabling') encryption.EncryptionState = 'disabled';
    },
    // assumed: tables that were made besides the default one go with the gateway too.
    deleting: async (gateway, ctx) => {
      for (const table of await ctx.list(transitGatewayRouteTables, { member: 'TransitGatewayId', value: gateway.TransitGatewayId! })) {
        if (table.State !== 'deleted') await ctx.transition(transitGatewayRouteTables, table, 'deleting');
      }
    },
  },
  // Not documented, and taken: https://github.com/ansible-collections/amazon.aws/blob/main/tests/integration/targets/ec2_transit_gateway/tasks/main.yml
  filters: { 'options.multicast-support': 'Options.MulticastSupport' },
  conditionKeys: (g) => ({ 'ec2:transitGatewayId': g.TransitGatewayId }),
});

/** Two ranges of private numbers. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TransitGatewayRequestOptions.html */
function checkAsn(asn: number | undefined): void {
  const isPrivate = asn === undefined || (asn >= 64_512 && asn <= 65_534) || (asn >= 4_200_000_000 && asn <= 4_294_967_294);
  if (!isPrivate) throw general.invalidValue(asn, 'AmazonSideAsn', 'Valid values are 64512 to 65534 and 4200000000 to 4294967294.');
}

const BLOCKS_MAX = 5;
const LINK_LOCAL = parseCidr('169.254.0.0/16')!;

/** A /24 or larger, or a /64 or larger in IPv6; none in another or in the link-local range. https://docs.aws.amazon.com/vpc/latest/tgw/tgw-transit-gateways.html#create-tgw */
function addBlocks(present: readonly string[], added: readonly string[]): string[] {
  const blocks = [...present];
  for (const text of added) {
    const cidr = parseCidr(text);
    if (!cidr || cidr.prefix > (cidr.version === 4 ? 24 : 64) || overlaps(cidr, LINK_LOCAL)) throw general.invalidValue(text, 'TransitGatewayCidrBlocks', 'This is not a valid transit gateway CIDR block.');
    if (blocks.some((b) => overlaps(parseCidr(b)!, cidr))) throw general.invalidValue(text, 'TransitGatewayCidrBlocks', 'The CIDR block overlaps with another CIDR block of the transit gateway.');
    blocks.push(formatCidr(cidr));
  }
  if (blocks.length > BLOCKS_MAX) throw general.invalidParameterValue(`A transit gateway cannot have more than ${BLOCKS_MAX} CIDR blocks.`);
  return blocks;
}

const DEFAULTS = {
  AmazonSideAsn: 64_512, AutoAcceptSharedAttachments: 'disable', DefaultRouteTableAssociation: 'enable', DefaultRouteTablePropagation: 'enable',
  VpnEcmpSupport: 'enable', DnsSupport: 'enable', SecurityGroupReferencingSupport: 'disable', MulticastSupport: 'disable',
} as const satisfies Options;

function planGateway(input: Ec2Operations['CreateTransitGateway']['input'], ctx: Context): Partial<StoredGateway> {
  const { TransitGatewayCidrBlocks: blocks, ...given } = input.Options ?? {};
  checkAsn(given.AmazonSideAsn);
  const options: Options = { ...withGiven<Options>(DEFAULTS, given), EncryptionSupport: { EncryptionState: 'disabled' }, ...(blocks ? { TransitGatewayCidrBlocks: addBlocks([], blocks) } : {}) };
  const made: StoredGateway = { TransitGatewayId: ctx.newId(transitGateways), State: 'pending', OwnerId: ctx.account, Description: input.Description, CreationTime: ctx.wholeSecond, Options: options };
  return { ...made, TransitGatewayArn: ctx.arn(transitGateways, made) };
}

async function furnish(gateway: StoredGateway, ctx: Context): Promise<void> {
  const options = gateway.Options!;
  const association = options.DefaultRouteTableAssociation === 'enable';
  const propagation = options.DefaultRouteTablePropagation === 'enable';
  if (!association && !propagation) return;
  const table = await createDefaultTable(ctx, gateway.TransitGatewayId!, association, propagation);
  if (association) options.AssociationDefaultRouteTableId = table.TransitGatewayRouteTableId;
  if (propagation) options.PropagationDefaultRouteTableId = table.TransitGatewayRouteTableId;
  await ctx.save(transitGateways, gateway);
}

// ---- changes ----

type ModifyOptions = NonNullable<Ec2Operations['ModifyTransitGateway']['input']['Options']>;

const SIDES = [
  { flag: 'DefaultRouteTableAssociation', table: 'AssociationDefaultRouteTableId', mark: 'DefaultAssociationRouteTable' },
  { flag: 'DefaultRouteTablePropagation', table: 'PropagationDefaultRouteTableId', mark: 'DefaultPropagationRouteTable' },
] as const;
type Side = (typeof SIDES)[number];

/** Enabled, a default needs a table; disabled, it has none. */
async function checkDefault(ctx: Context, gateway: StoredGateway, { flag, table }: Side, given: ModifyOptions): Promise<void> {
  const present = gateway.Options!;
  const enabled = (given[flag] ?? present[flag]) === 'enable';
  if (!enabled && given[table] !== undefined) throw general.invalidParameterCombination(`disable ${flag} conflicts with ${table} ${given[table]}`);
  if (enabled && given[table] === undefined && present[table] === undefined) throw general.invalidParameterCombination(`enable ${flag} conflicts with ${table} null`);
  if (given[table] === undefined) return;
  const named = await ready(ctx, transitGatewayRouteTables, given[table]);
  if (named.TransitGatewayId !== gateway.TransitGatewayId) throw errors.routeTableOfAnother(given[table], gateway.TransitGatewayId!);
}

async function changeDefault(ctx: Context, gateway: StoredGateway, { flag, table, mark }: Side, given: ModifyOptions): Promise<void> {
  const options = gateway.Options!;
  const before = options[table];
  options[flag] = given[flag] ?? options[flag];
  const after = options[flag] === 'enable' ? (given[table] ?? before) : undefined;
  options[table] = after;
  for (const [id, isDefault] of [[before, false], [after, true]] as const) {
    const marked = id === undefined ? undefined : await ctx.find(transitGatewayRouteTables, id);
    if (!marked) continue;
    marked[mark] = isDefault;
    await ctx.save(transitGatewayRouteTables, marked);
  }
}

/** "The modify ASN operation is not allowed on a transit gateway" with attachments that speak BGP. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyTransitGatewayOptions.html */
async function checkAsnChange(ctx: Context, gateway: StoredGateway, asn: number | undefined): Promise<void> {
  checkAsn(asn);
  if (asn === undefined || asn === gateway.Options!.AmazonSideAsn) return;
  const attached = (await ctx.list(attachments, { member: 'TransitGatewayId', value: gateway.TransitGatewayId! })).filter((a) => a.State !== 'deleted');
  for (const type of ['connect', 'vpn', 'vpn-concentrator'] as const) {
    const speaking = attached.filter((a) => a.ResourceType === type).map((a) => a.TransitGatewayAttachmentId!);
    if (speaking.length > 0) throw errors.stillHas(gateway.TransitGatewayId!, ATTACHED[type], speaking);
  }
}

async function changedBlocks(ctx: Context, gateway: StoredGateway, given: ModifyOptions): Promise<string[]> {
  const present = gateway.Options!.TransitGatewayCidrBlocks ?? [];
  const removed = (given.RemoveTransitGatewayCidrBlocks ?? []).map((text) => {
    const cidr = parseCidr(text);
    const block = cidr && formatCidr(cidr);
    if (!block || !present.includes(block)) throw general.invalidValue(text, 'RemoveTransitGatewayCidrBlocks', 'The transit gateway has no such CIDR block.');
    return block;
  });
  for (const block of removed) {
    // assumed: a block in which a Connect peer has its address stays.
    const user = (await ctx.list(connectPeers, { member: '$.transitGatewayId', value: gateway.TransitGatewayId! })).find((p) => {
      const address = p.ConnectPeerConfiguration!.TransitGatewayAddress!;
      return p.State !== 'deleted' && contains(parseCidr(block)!, parseCidr(`${address}/${address.includes(':') ? 128 : 32}`)!);
    });
    if (user) throw general.incorrectState(`${block} is used by ${user.TransitGatewayConnectPeerId}`);
  }
  return addBlocks(present.filter((b) => !removed.includes(b)), given.AddTransitGatewayCidrBlocks ?? []);
}

async function modify(input: Ec2Operations['ModifyTransitGateway']['input'], ctx: Context): Promise<{ TransitGateway: StoredGateway }> {
  const gateway = await ready(ctx, transitGateways, input.TransitGatewayId);
  const options = gateway.Options!;
  const given = input.Options ?? {};
  await checkAsnChange(ctx, gateway, given.AmazonSideAsn);
  for (const side of SIDES) if (given[side.flag] !== undefined || given[side.table] !== undefined) await checkDefault(ctx, gateway, side, given);
  const blocks = await changedBlocks(ctx, gateway, given);
  for (const side of SIDES) await changeDefault(ctx, gateway, side, given);
  const { VpnEcmpSupport, DnsSupport, SecurityGroupReferencingSupport, AutoAcceptSharedAttachments, AmazonSideAsn } = given;
  gateway.Options = withGiven<Options>(options, { VpnEcmpSupport, DnsSupport, SecurityGroupReferencingSupport, AutoAcceptSharedAttachments, AmazonSideAsn });
  if (blocks.length > 0 || options.TransitGatewayCidrBlocks) gateway.Options.TransitGatewayCidrBlocks = blocks;
  const encrypted = options.EncryptionSupport!.EncryptionState === 'enabled';
  if (given.EncryptionSupport === 'enable' && !encrypted) gateway.Options.EncryptionSupport = { EncryptionState: 'enabling' };
  if (given.EncryptionSupport === 'disable' && encrypted) gateway.Options.EncryptionSupport = { EncryptionState: 'disabling' };
  gateway.Description = input.Description ?? gateway.Description;
  return { TransitGateway: await ctx.transition(transitGateways, gateway, 'modifying') };
}

// ---- the end ----

// assumed: the nouns of the attachments that are made for others.
const ATTACHED = {
  vpc: 'VPC Attachments', peering: 'Transit Gateway Cross Region Peering Attachments', connect: 'Connect Attachments', vpn: 'VPN Attachments', 'vpn-concentrator': 'VPN Concentrator Attachments', 'client-vpn': 'Client VPN Attachments',
} as const;

/** "You can't delete a transit gateway with resource attachments." https://docs.aws.amazon.com/vpc/latest/tgw/tgw-transit-gateways.html#delete-tgw */
async function refuseWhileUsed(gateway: StoredGateway, ctx: Context): Promise<void> {
  const id = gateway.TransitGatewayId!;
  const where = { member: 'TransitGatewayId', value: id };
  const attached = (await ctx.list(attachments, where)).filter((a) => a.State !== 'deleted' && a.State !== 'rejected' && a.State !== 'failed');
  for (const [type, nouns] of Object.entries(ATTACHED)) {
    const ids = attached.filter((a) => a.ResourceType === type).map((a) => a.TransitGatewayAttachmentId!);
    if (ids.length > 0) throw errors.stillHas(id, nouns, ids);
  }
  // assumed: what else was made for a gateway keeps it too.
  const domains = (await ctx.list(multicastDomains, where)).filter((d) => d.State !== 'deleted');
  if (domains.length > 0) throw errors.stillHas(id, 'Transit Gateway Multicast Domains', domains.map((d) => d.TransitGatewayMulticastDomainId!));
  const tables = (await ctx.list(policyTables, where)).filter((t) => t.State !== 'deleted');
  if (tables.length > 0) throw errors.stillHas(id, 'Transit Gateway Policy Tables', tables.map((t) => t.TransitGatewayPolicyTableId!));
  const policies = (await ctx.list(meteringPolicies, where)).filter((p) => p.State !== 'deleted');
  if (policies.length > 0) throw errors.stillHas(id, 'Transit Gateway Metering Policies', policies.map((p) => p.TransitGatewayMeteringPolicyId!));
}

export const transitGatewayOperations = {
  CreateTransitGateway: creates(transitGateways, planGateway, (gateway, _input, ctx) => furnish(gateway, ctx)),
  DescribeTransitGateways: describes(transitGateways, { ids: 'TransitGatewayIds' }),
  ModifyTransitGateway: modify,
  DeleteTransitGateway: ends(transitGateways, 'TransitGatewayId', (TransitGateway) => ({ TransitGateway }), refuseWhileUsed),
} satisfies Handlers<Ec2Operations>;
