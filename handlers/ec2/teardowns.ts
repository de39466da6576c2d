import type { TearDowns } from '../../src/kit/index.ts';
import { addresses, releaseAssociation } from './addresses/addresses.ts';
import { clientVpnEndpoints, type StoredClientVpnEndpoint } from './client-vpn/endpoints.ts';
import { targetNetworks, type StoredTargetNetwork } from './client-vpn/target-networks.ts';
import { instances } from './instances/instances.ts';
import { pools, type StoredPool } from './ipam/pools.ts';
import { targets, type StoredTarget } from './ipam/prefix-list-resolver-targets.ts';
import { networkInterfaces, removeInterface } from './network-interfaces/network-interfaces.ts';
import { endpoints as routeServerEndpoints, type StoredEndpoint as StoredRouteServerEndpoint } from './route-servers/endpoints.ts';
import { removeAttachment } from './transit-gateways/resource-attachments.ts';
import { detach } from './volumes/volume-attachments.ts';
import { volumes, type StoredVolume } from './volumes/volumes.ts';
import { internetGateways, type StoredInternetGateway } from './vpcs/internet-gateways.ts';
import { natGateways, type StoredNatGateway } from './vpcs/nat-gateways.ts';
import { setRouteState } from './vpcs/route-tables.ts';
import { vpnConcentrators, type StoredVpnConcentrator } from './vpn/concentrators.ts';
import { vpnConnections, type StoredVpnConnection } from './vpn/vpn-connections.ts';
import type { StoredAddress } from './addresses/addresses.ts';
import type { StoredInstance } from './instances/instances.ts';
import type { StoredInterface } from './network-interfaces/network-interfaces.ts';

/** What these give back when everything is to go; the others have nothing that their references do not say. */
export const tearDowns: TearDowns = {
  instance: async (instance: StoredInstance, ctx) => {
    if (instance.State!.Name !== 'terminated') await ctx.transition(instances, instance, 'terminated');
    await ctx.remove(instances, instance);
  },
  volume: async (volume: StoredVolume, ctx) => {
    for (const { InstanceId } of volume.Attachments ?? []) {
      const instance = await ctx.find(instances, InstanceId!);
      if (instance) await detach(ctx, volume, instance);
    }
    await ctx.remove(volumes, volume);
  },
  'network-interface': async (eni: StoredInterface, ctx) => {
    const instance = eni.Attachment?.InstanceId === undefined ? undefined : await ctx.find(instances, eni.Attachment.InstanceId);
    if (instance) {
      instance.NetworkInterfaces = instance.NetworkInterfaces?.filter((n) => n.NetworkInterfaceId !== eni.NetworkInterfaceId);
      await ctx.save(instances, instance);
    }
    await removeInterface(ctx, await ctx.get(networkInterfaces, eni.NetworkInterfaceId!));
  },
  'elastic-ip': async (address: StoredAddress, ctx) => {
    await releaseAssociation(ctx, address.AllocationId!);
    await ctx.remove(addresses, await ctx.get(addresses, address.AllocationId!));
  },
  'internet-gateway': async (gateway: StoredInternetGateway, ctx) => {
    await setRouteState(ctx, 'GatewayId', gateway.InternetGatewayId!, 'blackhole');
    await ctx.remove(internetGateways, gateway);
  },
  'ipam-pool': async (pool: StoredPool, ctx) => {
    if (pool.State !== 'delete-in-progress') await ctx.transition(pools, pool, 'delete-in-progress');
    await ctx.remove(pools, pool);
  },
  'ipam-prefix-list-resolver-target': async (target: StoredTarget, ctx) => {
    if (target.State !== 'delete-in-progress') await ctx.transition(targets, target, 'delete-in-progress');
    await ctx.remove(targets, target);
  },
  'route-server-endpoint': async (endpoint: StoredRouteServerEndpoint, ctx) => {
    if (endpoint.State !== 'deleted') await ctx.transition(routeServerEndpoints, endpoint, 'deleted');
    await ctx.remove(routeServerEndpoints, endpoint);
  },
  'client-vpn-target-network': async (network: StoredTargetNetwork, ctx) => {
    if (network.Status!.Code !== 'disassociated') await ctx.transition(targetNetworks, network, 'disassociated');
    await ctx.remove(targetNetworks, network);
  },
  'client-vpn-endpoint': async (endpoint: StoredClientVpnEndpoint, ctx) => {
    await removeAttachment(ctx, endpoint.ClientVpnEndpointId!);
    await ctx.remove(clientVpnEndpoints, await ctx.get(clientVpnEndpoints, endpoint.ClientVpnEndpointId!));
  },
  'vpn-connection': async (connection: StoredVpnConnection, ctx) => {
    await removeAttachment(ctx, connection.VpnConnectionId!);
    await ctx.remove(vpnConnections, connection);
  },
  'vpn-concentrator': async (concentrator: StoredVpnConcentrator, ctx) => {
    await removeAttachment(ctx, concentrator.VpnConcentratorId!);
    await ctx.remove(vpnConcentrators, concentrator);
  },
  natgateway: async (gateway: StoredNatGateway, ctx) => {
    await setRouteState(ctx, 'NatGatewayId', gateway.NatGatewayId!, 'blackhole');
    if (gateway.State !== 'deleted') await ctx.transition(natGateways, gateway, 'deleted');
    await ctx.remove(natGateways, gateway);
  },
};
