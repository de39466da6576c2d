import type { Json, Member, OperationModel, Structure } from '../../protocols/index.ts';
import type { Machine } from '../../src/machine.ts';
import { GLOBAL } from '../../src/kit/context.ts';
import { getter } from '../../src/kit/paths.ts';
import { onDeleteOf, type AnyResource } from '../../src/kit/resource.ts';
import type { Due, Row } from '../../src/store/store.ts';

/** A stored document as the store holds it. */
export interface Stored extends Row {
  readonly due?: Due | undefined;
}

type Document = Record<string, unknown>;

const values = (document: Document, path: string): string[] => getter(path)(document).filter((v) => v !== undefined && v !== null && v !== '').map(String);

/** What is wrong with one document, looked at with those that it names. */
export async function wrongWith(row: Stored, machine: Machine): Promise<string[]> {
  const resource = machine.world.registry.resource(row.kind);
  if (!resource) return [];
  const document = JSON.parse(row.document) as Document;
  const wrong: string[] = [];
  if (resource.idOf(document) !== row.id) wrong.push(`its document says ${resource.idOf(document)}`);
  wrong.push(...await dangling(row, document, resource, machine), ...offLifecycle(row, document, resource));
  return wrong.map((text) => `${row.kind} ${row.id} (${row.account}, ${row.region}): ${text}`);
}

/** A reference that refuses, cascades or releases names something that is there. */
async function dangling(row: Stored, document: Document, resource: AnyResource, machine: Machine): Promise<string[]> {
  const wrong: string[] = [];
  for (const [member, reference] of Object.entries(resource.references ?? {})) {
    if (onDeleteOf(reference, document) === 'keep') continue;
    const owner = machine.world.registry.resource(reference.kind);
    if (!owner) {
      wrong.push(`${member} refers to ${reference.kind}, which nobody declares`);
      continue;
    }
    for (const id of values(document, member)) {
      const region = owner.global ? GLOBAL : row.region;
      if (await machine.store.get({ account: row.account, region, kind: reference.kind, id })) continue;
      // What two accounts or Regions share is named across them.
      if (!(await anywhere(reference.kind, id, machine))) wrong.push(`${member} names ${id}, which is gone`);
    }
  }
  return wrong;
}

async function anywhere(kind: string, id: string, { store }: Machine): Promise<boolean> {
  for (const scope of await store.scopes()) if (scope.kind === kind && (await store.get({ ...scope, id }))) return true;
  return false;
}

/** A state that a step follows has it scheduled; one that nothing follows has none. */
function offLifecycle(row: Stored, document: Document, { lifecycle, stateOf }: AnyResource): string[] {
  if (!lifecycle) return [];
  const state = stateOf(document);
  const transition = lifecycle[state];
  // A step that waits for something else than time has none that is due.
  const waits = typeof transition?.after === 'function' && transition.after(document as never, 0) === undefined;
  if (transition && !waits && !row.due) return [`it is ${state} and nothing will end that`];
  if (!transition && row.due && row.due.from === state) return [`it is ${state}, which ends nowhere, and a step to ${row.due.to} is due`];
  return [];
}

/** What must hold of all documents together. */
export function wrongTogether(rows: readonly Stored[]): string[] {
  const wrong: string[] = [];
  const documents = new Map<string, Document[]>();
  for (const row of rows) {
    const key = `${row.account}/${row.region}/${row.kind}`;
    let list = documents.get(key);
    if (!list) documents.set(key, (list = []));
    list.push(JSON.parse(row.document) as Document);
  }
  const scopes = new Set(rows.map((r) => `${r.account}/${r.region}`));
  for (const scope of scopes) {
    const of = (kind: string) => documents.get(`${scope}/ec2:${kind}`) ?? [];
    wrong.push(...addressesGivenTwice(of('network-interface'), of('elastic-ip')), ...overlapping(of('subnet')), ...oneSided(of), ...freeAddresses(of('subnet'), of('network-interface')), ...givenTwice(of('ipam-pool-allocation')), ...overfull(of), ...spotAtOdds(of), ...vpnAtOdds(of));
  }
  return wrong;
}

function addressesGivenTwice(interfaces: Document[], elastic: Document[]): string[] {
  const wrong: string[] = [];
  const seen = new Set<string>();
  const once = (what: string) => {
    if (seen.has(what)) wrong.push(`${what} is given twice`);
    seen.add(what);
  };
  for (const eni of interfaces) {
    for (const address of values(eni, 'PrivateIpAddresses.PrivateIpAddress')) once(`${address} in ${String(eni.SubnetId)}`);
    for (const address of values(eni, 'Ipv6Addresses.Ipv6Address')) once(address);
    for (const address of values(eni, 'PrivateIpAddresses.Association.PublicIp')) once(address);
  }
  const associated = new Set(elastic.filter((a) => a.AssociationId !== undefined).map((a) => a.PublicIp));
  for (const address of elastic) {
    if (!associated.has(address.PublicIp)) once(String(address.PublicIp));
  }
  return wrong;
}

const range = (cidr: string): [number, number] => {
  const [address, length] = cidr.split('/') as [string, string];
  const first = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  return [first, first + 2 ** (32 - Number(length)) - 1];
};

function overlapping(subnets: Document[]): string[] {
  const wrong: string[] = [];
  for (const [i, a] of subnets.entries()) {
    for (const b of subnets.slice(i + 1)) {
      if (a.VpcId !== b.VpcId) continue;
      const [x, y] = [range(a.CidrBlock as string), range(b.CidrBlock as string)];
      if (x[0] <= y[1] && y[0] <= x[1]) wrong.push(`subnets ${String(a.SubnetId)} and ${String(b.SubnetId)} of one VPC overlap`);
    }
  }
  return wrong;
}

/** A pool gives no address to two. */
function givenTwice(allocations: Document[]): string[] {
  const wrong: string[] = [];
  const ipv4 = allocations.filter((a) => !String(a.Cidr).includes(':'));
  for (const [i, a] of ipv4.entries()) {
    for (const b of ipv4.slice(i + 1)) {
      if (values(a, '$.poolId')[0] !== values(b, '$.poolId')[0]) continue;
      const [x, y] = [range(a.Cidr as string), range(b.Cidr as string)];
      if (x[0] <= y[1] && y[0] <= x[1]) wrong.push(`allocations ${String(a.IpamPoolAllocationId)} and ${String(b.IpamPoolAllocationId)} of one pool overlap`);
    }
  }
  return wrong;
}

/** What two documents say of each other agrees. */
function oneSided(of: (kind: string) => Document[]): string[] {
  const wrong: string[] = [];
  const volumes = new Map(of('volume').map((v) => [v.VolumeId, v]));
  const interfaces = new Map(of('network-interface').map((e) => [e.NetworkInterfaceId, e]));
  for (const instance of of('instance')) {
    const id = String(instance.InstanceId);
    for (const volumeId of values(instance, 'BlockDeviceMappings.Ebs.VolumeId')) {
      const volume = volumes.get(volumeId);
      if (!volume || !values(volume, 'Attachments.InstanceId').includes(id)) wrong.push(`instance ${id} has volume ${volumeId}, which does not say so`);
    }
    for (const eniId of values(instance, 'NetworkInterfaces.NetworkInterfaceId')) {
      const eni = interfaces.get(eniId);
      if (!eni || !values(eni, 'Attachment.InstanceId').includes(id)) wrong.push(`instance ${id} has interface ${eniId}, which does not say so`);
    }
  }
  const instances = new Map(of('instance').map((i) => [i.InstanceId, i]));
  for (const volume of volumes.values()) {
    for (const id of values(volume, 'Attachments.InstanceId')) {
      const instance = instances.get(id);
      if (instance && !values(instance, 'BlockDeviceMappings.Ebs.VolumeId').includes(String(volume.VolumeId))) wrong.push(`volume ${String(volume.VolumeId)} is attached to ${id}, which does not say so`);
    }
  }
  for (const address of of('elastic-ip')) {
    const eni = interfaces.get(address.NetworkInterfaceId as string);
    if (address.AssociationId === undefined || address.NetworkInterfaceId === undefined) continue;
    if (!eni || !values(eni, 'PrivateIpAddresses.Association.AllocationId').includes(String(address.AllocationId))) wrong.push(`address ${String(address.AllocationId)} is associated with ${String(address.NetworkInterfaceId)}, which does not say so`);
  }
  for (const eni of interfaces.values()) {
    for (const allocation of values(eni, 'PrivateIpAddresses.Association.AllocationId')) {
      const address = of('elastic-ip').find((a) => a.AllocationId === allocation);
      if (!address || address.NetworkInterfaceId !== eni.NetworkInterfaceId) wrong.push(`interface ${String(eni.NetworkInterfaceId)} has address ${allocation}, which does not say so`);
    }
  }
  return wrong;
}

/** AWS keeps five addresses of each subnet. https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html */
function freeAddresses(subnets: Document[], interfaces: Document[]): string[] {
  const wrong: string[] = [];
  for (const subnet of subnets) {
    if (subnet.AvailableIpAddressCount === undefined) continue;
    const [first, last] = range(subnet.CidrBlock as string);
    const used = interfaces.filter((e) => e.SubnetId === subnet.SubnetId).reduce((sum, e) => sum + values(e, 'PrivateIpAddresses.PrivateIpAddress').length, 0);
    const prefixes = interfaces.filter((e) => e.SubnetId === subnet.SubnetId).reduce((sum, e) => sum + 16 * values(e, 'Ipv4Prefixes.Ipv4Prefix').length, 0);
    const free = last - first + 1 - 5 - used - prefixes;
    if (subnet.AvailableIpAddressCount !== free) wrong.push(`subnet ${String(subnet.SubnetId)} says ${String(subnet.AvailableIpAddressCount)} free addresses, and has ${free}`);
  }
  return wrong;
}

/** The first thing in an answer that the model does not have. */
export function offModel({ output }: OperationModel, answer: Structure): string | undefined {
  return wrongIn('', { target: output } as Member, answer);
}

function wrongIn(path: string, { target }: Member, value: Json | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (value === null) return `${path} is null`;
  switch (target.type) {
    case 'structure':
    case 'union': {
      if (typeof value !== 'object' || Array.isArray(value)) return `${path} is no structure`;
      for (const [name, one] of Object.entries(value)) {
        const member = target.members.get(name);
        // What AWS keeps and never shows lies under '$': writers leave out what the model does not have.
        if (!member) continue;
        const wrong = wrongIn(`${path}.${name}`, member, one);
        if (wrong) return wrong;
      }
      return undefined;
    }
    case 'list':
      if (!Array.isArray(value)) return `${path} is no list`;
      for (const [i, one] of value.entries()) {
        const wrong = wrongIn(`${path}[${i}]`, target.member, one);
        if (wrong) return wrong;
      }
      return undefined;
    case 'map':
      return typeof value === 'object' && !Array.isArray(value) ? undefined : `${path} is no map`;
    case 'boolean':
      return typeof value === 'boolean' ? undefined : `${path} is no boolean: ${JSON.stringify(value)}`;
    case 'integer':
    case 'long':
      return Number.isInteger(value) ? undefined : `${path} is no integer: ${JSON.stringify(value)}`;
    case 'float':
    case 'double':
      return typeof value === 'number' && Number.isFinite(value) ? undefined : `${path} is no number: ${JSON.stringify(value)}`;
    case 'timestamp':
      return typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? undefined : `${path} is no time: ${JSON.stringify(value)}`;
    case 'blob':
      return typeof value === 'string' ? undefined : `${path} is no blob`;
    case 'string':
      if (typeof value !== 'string') return `${path} is no string: ${JSON.stringify(value)}`;
      return undefined;
    default:
      return undefined;
  }
}

const running = (instance: Document): boolean => /^(pending|running)$/.test(values(instance, 'State.Name')[0] ?? '');

/** A reservation has no more instances than it reserves, a host no more vCPUs than it has. */
function overfull(of: (kind: string) => Document[]): string[] {
  const wrong: string[] = [];
  const instances = of('instance').filter(running);
  for (const reservation of of('capacity-reservation')) {
    const used = instances.filter((i) => i.CapacityReservationId === reservation.CapacityReservationId).length;
    if (used > Number(reservation.TotalInstanceCount)) wrong.push(`reservation ${String(reservation.CapacityReservationId)} of ${String(reservation.TotalInstanceCount)} has ${used} instances`);
    if (used > 0 && reservation.State !== 'active') wrong.push(`reservation ${String(reservation.CapacityReservationId)} is ${String(reservation.State)} and has ${used} instances`);
  }
  for (const host of of('dedicated-host')) {
    const used = instances.filter((i) => values(i, 'Placement.HostId')[0] === host.HostId);
    if (used.length > 0 && host.State !== 'available') wrong.push(`host ${String(host.HostId)} is ${String(host.State)} and has ${used.length} instances`);
  }
  return wrong;
}

/** An endpoint is available with a target network and not without one; a network has its interface, and what a transit gateway is attached to its one attachment. */
function vpnAtOdds(of: (kind: string) => Document[]): string[] {
  const wrong: string[] = [];
  const interfaces = new Set(of('network-interface').map((e) => e.NetworkInterfaceId));
  const networks = of('client-vpn-target-network');
  const has = (endpointId: unknown, states: RegExp) => networks.some((n) => n.ClientVpnEndpointId === endpointId && states.test(values(n, 'Status.Code')[0]!));
  for (const endpoint of of('client-vpn-endpoint')) {
    const [code] = values(endpoint, 'Status.Code');
    // A network that is disassociated before it was associated never served.
    if ((code === 'available' && !has(endpoint.ClientVpnEndpointId, /^(associated|disassociating)$/)) || (code === 'pending-associate' && has(endpoint.ClientVpnEndpointId, /^associated$/))) wrong.push(`endpoint ${String(endpoint.ClientVpnEndpointId)} is ${code}`);
  }
  for (const network of networks) {
    const [id] = values(network, '$.interfaceId');
    if (id !== undefined && values(network, 'Status.Code')[0] !== 'disassociated' && !interfaces.has(id)) wrong.push(`target network ${String(network.AssociationId)} has interface ${id}, which is gone`);
  }
  const living = of('transit-gateway-attachment').filter((a) => !/^(deleting|deleted|rejected|failed)$/.test(String(a.State)));
  for (const connection of of('vpn-connection').filter((c) => !/^delet/.test(String(c.State)))) {
    const attached = living.filter((a) => a.ResourceId === connection.VpnConnectionId).map((a) => a.TransitGatewayId);
    if (attached.join() !== String(connection.TransitGatewayId ?? '')) wrong.push(`connection ${String(connection.VpnConnectionId)} ends at ${String(connection.TransitGatewayId)} and is attached to ${attached.join()}`);
  }
  return wrong;
}

/** A running spot instance has a request that says so, an active request an instance. */
function spotAtOdds(of: (kind: string) => Document[]): string[] {
  const wrong: string[] = [];
  const instances = new Map(of('instance').map((i) => [i.InstanceId, i]));
  for (const request of of('spot-instances-request')) {
    const instance = instances.get(request.InstanceId as string);
    const id = String(request.SpotInstanceRequestId);
    if (request.State === 'active' && (!instance || !running(instance))) wrong.push(`spot request ${id} is active, and its instance ${String(request.InstanceId)} does not run`);
    if (request.State === 'open' && request.InstanceId !== undefined) wrong.push(`spot request ${id} is open and has an instance`);
    if (request.State === 'closed' && instance && running(instance)) wrong.push(`spot request ${id} is closed, and its instance runs`);
  }
  return wrong;
}
