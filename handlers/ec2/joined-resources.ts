import type { Context, Structure } from '../../src/kit/index.ts';
import { addresses } from './addresses/addresses.ts';
import { networkInterfaces } from './network-interfaces/network-interfaces.ts';
import { networkAclAssociations } from './vpcs/network-acls.ts';
import { routeTables } from './vpcs/route-tables.ts';

/**
 * What an association or an attachment joins, `[kind, id]` each: a call that names it is about these, and what is allowed of them
 * decides. The types are those that the authorization reference gives the calls.
 */
export async function joinedBy(input: Structure, ctx: Context): Promise<[kind: string, id: string][]> {
  const id = [input.AssociationId, input.AttachmentId].find((given): given is string => typeof given === 'string');
  if (id === undefined) return [];
  // An association of a profile has its instance's number.
  if (id.startsWith('iip-assoc-')) return [['instance', id.replace('iip-assoc-', 'i-')]];
  if (id.startsWith('eni-attach-')) {
    const [attached] = await ctx.list(networkInterfaces, { member: 'Attachment.AttachmentId', value: id });
    return present([['network-interface', attached?.NetworkInterfaceId], ['instance', attached?.Attachment?.InstanceId]]);
  }
  if (id.startsWith('eipassoc-')) {
    const [address] = await ctx.list(addresses, { member: 'AssociationId', value: id });
    return present([['elastic-ip', address?.AllocationId], ['network-interface', address?.NetworkInterfaceId]]);
  }
  if (id.startsWith('rtbassoc-')) {
    const [table] = await ctx.list(routeTables, { member: 'Associations.RouteTableAssociationId', value: id });
    const association = table?.Associations?.find((a) => a.RouteTableAssociationId === id);
    // assumed: who replaces a table must be allowed to of the one that comes, not of the one that goes.
    return present([['route-table', input.RouteTableId === undefined ? table?.RouteTableId : undefined], ['subnet', association?.SubnetId]]);
  }
  if (id.startsWith('aclassoc-')) return present([['subnet', (await ctx.find(networkAclAssociations, id))?.SubnetId]]);
  return [];
}

const present = (joined: [string, string | undefined][]): [string, string][] => joined.filter((one): one is [string, string] => one[1] !== undefined);
