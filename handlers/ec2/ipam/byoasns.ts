import type { Byoasn } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { AwsError, minutes, pageOf, resource, type Context, type Handlers } from '../../../src/kit/index.ts';
import { byoipCidrs } from '../addresses/byoip-cidrs.ts';
import { regions } from '../catalog/regions.ts';
import * as general from '../errors.ts';
import { formatCidr, parseCidr } from '../vpcs/cidr.ts';
import { byoasnAssociations, keyOf } from './byoasn-associations.ts';
import * as errors from './errors.ts';
import { ipams } from './ipams.ts';
import { ready, withinLimit } from './lifecycles.ts';

type StoredByoasn = Wire<Byoasn>;

/** Autonomous system numbers that somebody brought; ranges of every Region may be announced with them. https://docs.aws.amazon.com/vpc/latest/ipam/tutorials-byoasn.html */
export const byoasns = resource<StoredByoasn>({
  service: 'ec2',
  kind: 'ipam-byoasn',
  global: true,
  shape: 'Byoasn',
  id: { member: 'Asn' },
  // assumed: the code and text of an ASN that was not brought.
  notFound: (ids) => new AwsError('InvalidParameterValue', `The ASN ${ids[0]} is not provisioned.`),
  tags: null,
  state: 'State',
  lifecycle: { 'pending-provision': { after: minutes(5), to: 'provisioned' }, 'pending-deprovision': { after: minutes(5), to: 'gone' } },
  indexed: ['IpamId'],
});

const ASNS_MAX = 5;
const ASN_MAX = 4_294_967_295;
/** Numbers for private use, which nobody may bring. https://www.rfc-editor.org/rfc/rfc6996 */
const isPrivate = (asn: number): boolean => (asn >= 64_512 && asn <= 65_534) || asn >= 4_200_000_000;

function checkAsn(text: string): void {
  const asn = Number(text);
  if (!/^\d{1,10}$/.test(text) || asn < 1 || asn > ASN_MAX) throw general.invalidValue(text, 'asn', 'This is not a 2-byte or 4-byte ASN.');
  if (isPrivate(asn)) throw general.invalidValue(text, 'asn', 'The ASN is not public.');
}

/** "1|aws|account|asn|YYYYMMDD|SHA256|RSAPSS" */
function checkAuthorization(ctx: Context, asn: string, given: { Message?: string; Signature?: string }): void {
  const invalid = (why: string) => general.invalidValue(given.Message, 'asnAuthorizationContext', why);
  if (given.Message === undefined) throw general.missingParameter('asnAuthorizationContext.message');
  if (given.Signature === undefined) throw general.missingParameter('asnAuthorizationContext.signature');
  const [version, cloud, account, said, until, hash, scheme, ...rest] = given.Message.split('|');
  if (version !== '1' || cloud !== 'aws' || hash !== 'SHA256' || scheme !== 'RSAPSS' || rest.length > 0 || !/^\d{8}$/.test(until ?? '')) throw invalid('The message is malformed.');
  if (account !== ctx.account) throw invalid('The account ID of the message is not the account ID of the request.');
  if (said !== asn) throw invalid('The ASN of the message is not the ASN of the request.');
  if (until! < ctx.now.slice(0, 10).replaceAll('-', '')) throw invalid('The message has expired.');
}

async function provision(input: Ec2Operations['ProvisionIpamByoasn']['input'], ctx: Context): Promise<Ec2Operations['ProvisionIpamByoasn']['output']> {
  await ready(ctx, ipams, input.IpamId);
  checkAsn(input.Asn);
  checkAuthorization(ctx, input.Asn, input.AsnAuthorizationContext);
  if (await ctx.find(byoasns, input.Asn)) throw general.invalidValue(input.Asn, 'asn', 'The ASN is already provisioned.');
  withinLimit(ctx, 'byoasns', (await ctx.list(byoasns, { member: 'IpamId', value: input.IpamId })).length, ASNS_MAX);
  return { Byoasn: await ctx.create(byoasns, { Asn: input.Asn, IpamId: input.IpamId, State: 'pending-provision' }) };
}

async function deprovision(input: Ec2Operations['DeprovisionIpamByoasn']['input'], ctx: Context): Promise<Ec2Operations['DeprovisionIpamByoasn']['output']> {
  await ctx.get(ipams, input.IpamId);
  const byoasn = await ctx.get(byoasns, input.Asn);
  if (byoasn.IpamId !== input.IpamId) throw byoasns.notFound([input.Asn]);
  if (byoasn.State !== 'provisioned') throw errors.wrongState(input.Asn, byoasn.State!);
  for (const { RegionName } of regions()) {
    if ((await ctx.in(ctx.account, RegionName!).list(byoasnAssociations, { member: 'Asn', value: input.Asn })).length > 0) throw errors.stillHas(input.Asn, 'CIDRs associated with the ASN');
  }
  return { Byoasn: await ctx.transition(byoasns, byoasn, 'pending-deprovision') };
}

async function associationOf(ctx: Context, text: string, asn: string) {
  const cidr = parseCidr(text);
  if (!cidr) throw general.invalidValue(text, 'cidr', 'This is not a valid CIDR block.');
  return { Cidr: formatCidr(cidr), known: await ctx.find(byoasnAssociations, keyOf(asn, formatCidr(cidr))) };
}

export const byoasnOperations = {
  ProvisionIpamByoasn: provision,
  DescribeIpamByoasn: async (input, ctx) => {
    const { items, next } = pageOf(await ctx.list(byoasns), input);
    return { Byoasns: items, ...next };
  },
  AssociateIpamByoasn: async (input, ctx) => {
    const byoasn = await ctx.get(byoasns, input.Asn);
    if (byoasn.State !== 'provisioned') throw errors.wrongState(input.Asn, byoasn.State!);
    const { Cidr, known } = await associationOf(ctx, input.Cidr, input.Asn);
    const range = await ctx.get(byoipCidrs, Cidr);
    if (known) throw general.resourceAlreadyAssociated(`The ASN ${input.Asn} is already associated with the CIDR ${Cidr}`);
    if (!['provisioned', 'advertised'].includes(range.State!)) throw errors.wrongState(Cidr, range.State!);
    return { AsnAssociation: await ctx.create(byoasnAssociations, { Key: keyOf(input.Asn, Cidr), Asn: input.Asn, Cidr, State: 'pending-association' }) };
  },
  DisassociateIpamByoasn: async (input, ctx) => {
    const { Cidr, known } = await associationOf(ctx, input.Cidr, input.Asn);
    // assumed: the code of an association that is not there.
    if (!known) throw general.invalidParameterValue(`The ASN ${input.Asn} is not associated with the CIDR ${Cidr}.`);
    if (known.State !== 'associated') throw errors.wrongState(`${input.Asn} and ${Cidr}`, known.State!);
    return { AsnAssociation: await ctx.transition(byoasnAssociations, known, 'pending-disassociation') };
  },
  DeprovisionIpamByoasn: deprovision,
} satisfies Handlers<Ec2Operations>;
