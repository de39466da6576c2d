import type { TrunkInterfaceAssociation } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { creates, describes, resource, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { networkInterfaces } from './network-interfaces.ts';

type StoredTrunkAssociation = Wire<TrunkInterfaceAssociation>;

/** Branch interfaces that reach their instance through another interface of it. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AssociateTrunkInterface.html */
export const trunkAssociations = resource<StoredTrunkAssociation>({
  service: 'ec2',
  kind: 'trunk-interface-association',
  shape: 'TrunkInterfaceAssociation',
  id: { member: 'AssociationId', prefix: 'trunk-assoc' },
  notFound: errors.notFound('InvalidAssociationID.NotFound', 'association ID'),
  malformed: errors.malformedId('InvalidAssociationID.Malformed', 'trunk-assoc'),
  // The model shows tags, and no operation gives any.
  tags: null,
  references: {
    TrunkInterfaceId: { kind: 'ec2:network-interface' },
    BranchInterfaceId: { kind: 'ec2:network-interface' },
  },
});

const VLAN_MAX = 4094;
/** The most significant of 32 bits is as good as the others. */
const GRE_MAX = 4_294_967_295;

async function planAssociation(input: Ec2Operations['AssociateTrunkInterface']['input'], ctx: Context): Promise<Partial<StoredTrunkAssociation>> {
  const { TrunkInterfaceId, BranchInterfaceId, VlanId, GreKey } = input;
  // assumed: the codes and texts of all of these.
  if ((VlanId === undefined) === (GreKey === undefined)) throw errors.invalidParameterCombination('Exactly one of vlanId and greKey must be specified.');
  if (VlanId !== undefined && (VlanId < 1 || VlanId > VLAN_MAX)) throw errors.invalidValue(VlanId, 'vlanId', `Expecting a value from 1 to ${VLAN_MAX}.`);
  if (GreKey !== undefined && (GreKey < 0 || GreKey > GRE_MAX)) throw errors.invalidValue(GreKey, 'greKey', `Expecting a value from 0 to ${GRE_MAX}.`);
  const [trunk, branch] = [await ctx.get(networkInterfaces, TrunkInterfaceId), await ctx.get(networkInterfaces, BranchInterfaceId)];
  if (trunk.InterfaceType !== 'trunk') throw errors.invalidParameterValue(`The network interface ${TrunkInterfaceId} is not a trunk network interface.`);
  if (branch.InterfaceType === 'trunk' || TrunkInterfaceId === BranchInterfaceId) throw errors.invalidParameterValue(`The network interface ${BranchInterfaceId} is not a branch network interface.`);
  if (branch.Attachment) throw errors.interfaceInUse(BranchInterfaceId, branch.Attachment.InstanceId);
  if (branch.AvailabilityZone !== trunk.AvailabilityZone) throw errors.invalidParameterCombination('The trunk and the branch network interface must be in the same availability zone');
  if ((await ctx.list(trunkAssociations, { member: 'BranchInterfaceId', value: BranchInterfaceId })).length > 0) throw errors.resourceAlreadyAssociated(`The branch network interface ${BranchInterfaceId} is already associated with a trunk network interface`);
  const present = await ctx.list(trunkAssociations, { member: 'TrunkInterfaceId', value: TrunkInterfaceId });
  if (present.some((a) => VlanId !== undefined && a.VlanId === VlanId)) throw errors.invalidParameterValue(`The VLAN ID ${VlanId} is in use on the trunk network interface ${TrunkInterfaceId}.`);
  if (present.some((a) => GreKey !== undefined && a.GreKey === GreKey)) throw errors.invalidParameterValue(`The GRE key ${GreKey} is in use on the trunk network interface ${TrunkInterfaceId}.`);
  return { TrunkInterfaceId, BranchInterfaceId, InterfaceProtocol: VlanId === undefined ? 'GRE' : 'VLAN', ...(VlanId === undefined ? { GreKey: GreKey! } : { VlanId }), Tags: [] };
}

export const trunkAssociationOperations = {
  AssociateTrunkInterface: creates(trunkAssociations, planAssociation),
  DescribeTrunkInterfaceAssociations: describes(trunkAssociations, { ids: 'AssociationIds' }),
  DisassociateTrunkInterface: async (input, ctx) => {
    await ctx.remove(trunkAssociations, await ctx.get(trunkAssociations, input.AssociationId));
    return { Return: true, ...(input.ClientToken === undefined ? {} : { ClientToken: input.ClientToken }) };
  },
} satisfies Handlers<Ec2Operations>;
