import * as capacity from './capacity.ts';
import * as clientVpn from './client-vpn.ts';
import * as localGateways from './local-gateways.ts';
import * as vmImport from './vm-import.ts';
import * as foundation from './foundation.ts';
import * as ipam from './ipam.ts';
import * as images from './images.ts';
import * as instances from './instances.ts';
import * as transitGateways from './transit-gateways.ts';
import * as joining from './joining.ts';
import * as networkInsights from './network-insights.ts';
import * as routeServers from './route-servers.ts';
import * as secondaryNetworks from './secondary-networks.ts';
import * as verifiedAccess from './verified-access.ts';
import type { Sample } from './sample.ts';

export { call } from './sample.ts';

/** One file for each family of handlers. */
const FAMILIES: readonly { readonly SAMPLES: Readonly<Record<string, Sample>>; readonly EXEMPT: Readonly<Record<string, string>> }[] = [foundation, images, transitGateways, joining, networkInsights, instances, ipam, capacity, routeServers, verifiedAccess, secondaryNetworks, clientVpn, localGateways, vmImport];

export const SAMPLES: Readonly<Record<string, Sample>> = Object.assign({}, ...FAMILIES.map((family) => family.SAMPLES));

/** Kinds that no law makes a sample of, each with its reason; the count stands in COVERAGE.md. */
export const EXEMPT: Readonly<Record<string, string>> = Object.assign({}, ...FAMILIES.map((family) => family.EXEMPT));
