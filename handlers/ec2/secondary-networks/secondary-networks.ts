import type { SecondaryNetwork } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { creates, describes, hours, resource, seconds, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';
import { formatCidr, parseCidr, type Cidr } from '../vpcs/cidr.ts';
import { blockSize, notModifiable } from './errors.ts';

export type StoredSecondaryNetwork = Wire<SecondaryNetwork>;

interface Blocks {
  Ipv4CidrBlockAssociations?: { State?: string }[];
}

type Blocked = 'associated' | 'disassociating' | 'disassociated';

/** The blocks of a network or a subnet go with it. */
const blocksBecome = (State: Blocked) => (document: Blocks): void => {
  for (const association of document.Ipv4CidrBlockAssociations ?? []) association.State = State;
};

/** How networks and subnets come and go alike. assumed: for how long, and for an hour what is deleted is described. */
export const life = {
  lifecycle: {
    'create-in-progress': { after: seconds(10), to: 'create-complete' },
    'delete-in-progress': { after: seconds(10), to: 'delete-complete' },
    'delete-complete': { after: hours(1), to: 'gone', paced: false as const },
  },
  entering: { 'create-complete': blocksBecome('associated'), 'delete-in-progress': blocksBecome('disassociating'), 'delete-complete': blocksBecome('disassociated') },
};

export const isGone = ({ State }: { readonly State?: string | undefined }): boolean => State === 'delete-complete';

/** Networks beside VPCs, for the traffic of memory to memory. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecondaryNetwork.html */
export const secondaryNetworks = resource<StoredSecondaryNetwork>({
  service: 'ec2',
  kind: 'secondary-network',
  shape: 'SecondaryNetwork',
  id: { member: 'SecondaryNetworkId', prefix: 'sn' },
  notFound: general.notFound('InvalidSecondaryNetworkId.NotFound', 'secondary network ID'),
  malformed: general.malformedId('InvalidSecondaryNetworkId.Malformed', 'sn'),
  inUse: general.hasDependencies('secondaryNetwork'),
  state: 'State',
  ...life,
});

/** A /12 to a /28. */
export function blockOf(text: string): Cidr {
  const cidr = parseCidr(text);
  if (!cidr || cidr.version !== 4) throw general.invalidValue(text, 'Ipv4CidrBlock', 'This is not a valid CIDR block.');
  if (cidr.prefix < 12 || cidr.prefix > 28) throw blockSize(text);
  return cidr;
}

export const associationOf = (ctx: Context, prefix: string, cidr: Cidr) => ({ AssociationId: `${prefix}-cidr-assoc-${ctx.ids.hex(17)}`, CidrBlock: formatCidr(cidr), State: 'associating' as const });

export const secondaryNetworkOperations = {
  CreateSecondaryNetwork: creates(secondaryNetworks, (input, ctx): StoredSecondaryNetwork => {
    const cidr = blockOf(input.Ipv4CidrBlock);
    const id = ctx.newId(secondaryNetworks);
    return {
      SecondaryNetworkId: id, SecondaryNetworkArn: `arn:aws:ec2:${ctx.region}:${ctx.account}:secondary-network/${id}`, OwnerId: ctx.account, Type: input.NetworkType, State: 'create-in-progress',
      Ipv4CidrBlockAssociations: [associationOf(ctx, 'sn', cidr)],
    };
  }),
  DescribeSecondaryNetworks: describes(secondaryNetworks, { ids: 'SecondaryNetworkIds' }),
  DeleteSecondaryNetwork: async (input, ctx) => {
    const network = await ctx.get(secondaryNetworks, input.SecondaryNetworkId);
    if (network.State !== 'create-complete') throw notModifiable('secondary network', input.SecondaryNetworkId);
    await ctx.refuseWhileReferred(secondaryNetworks, input.SecondaryNetworkId);
    return { SecondaryNetwork: await ctx.transition(secondaryNetworks, network, 'delete-in-progress'), ...(input.ClientToken === undefined ? {} : { ClientToken: input.ClientToken }) };
  },
} satisfies Handlers<Ec2Operations>;
