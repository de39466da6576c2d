import type { Fogbank } from '../../support/fogbank.ts';
import { call, world, type Sample } from './sample.ts';

interface Hub {
  readonly ipam: string;
  readonly scope: string;
  readonly resolver: string;
}

const hubs = new WeakMap<Fogbank, Promise<Hub>>();

/** What the samples stand on, made once for each Fogbank. */
function hub(fb: Fogbank): Promise<Hub> {
  let made = hubs.get(fb);
  if (!made) hubs.set(fb, (made = makeHub(fb)));
  return made;
}

async function makeHub(fb: Fogbank): Promise<Hub> {
  const { IpamId: ipam, PrivateDefaultScopeId: scope } = (await call(fb, 'CreateIpam', { OperatingRegions: [{ RegionName: 'us-east-1' }] })).Ipam;
  const resolver = (await call(fb, 'CreateIpamPrefixListResolver', { IpamId: ipam, AddressFamily: 'ipv4', Rules: [{ RuleType: 'static-cidr', StaticCidr: '10.0.0.0/8' }] })).IpamPrefixListResolver.IpamPrefixListResolverId as string;
  return { ipam, scope, resolver };
}

const kept = new WeakMap<Fogbank, Map<string, Promise<string>>>();

/** What a sample names is the same whenever it is made: a repeated call must be the same call. */
function once(fb: Fogbank, key: string, make: () => Promise<string>): Promise<string> {
  let known = kept.get(fb);
  if (!known) kept.set(fb, (known = new Map()));
  if (!known.has(key)) known.set(key, make());
  return known.get(key)!;
}

const list = async (fb: Fogbank, n: number) => (await call(fb, 'CreateManagedPrefixList', { PrefixListName: `l${n}`, AddressFamily: 'IPv4', MaxEntries: 5 })).PrefixList.PrefixListId as string;
const eni = (fb: Fogbank, n: number, over: Record<string, unknown>) =>
  once(fb, `eni ${n} ${JSON.stringify(over)}`, async () => (await call(fb, 'CreateNetworkInterface', { SubnetId: (await world(fb)).subnet, ...over })).NetworkInterface.NetworkInterfaceId as string);
const discovery = async (fb: Fogbank) => (await call(fb, 'CreateIpamResourceDiscovery', {})).IpamResourceDiscovery.IpamResourceDiscoveryId as string;

export const SAMPLES: Readonly<Record<string, Sample>> = {
  'ec2:ipam': { operation: 'CreateIpam', input: async (_fb, n) => ({ Description: `ipam ${n}` }), id: (o) => o.Ipam.IpamId },
  'ec2:ipam-scope': { operation: 'CreateIpamScope', input: async (fb, n) => ({ IpamId: (await hub(fb)).ipam, Description: `scope ${n}` }), id: (o) => o.IpamScope.IpamScopeId },
  'ec2:ipam-pool': { operation: 'CreateIpamPool', input: async (fb, n) => ({ IpamScopeId: (await hub(fb)).scope, AddressFamily: 'ipv4', Description: `pool ${n}`, Locale: 'us-east-1' }), id: (o) => o.IpamPool.IpamPoolId },
  'ec2:ipam-resource-discovery': { operation: 'CreateIpamResourceDiscovery', input: async (_fb, n) => ({ Description: `discovery ${n}` }), id: (o) => o.IpamResourceDiscovery.IpamResourceDiscoveryId },
  'ec2:ipam-resource-discovery-association': {
    operation: 'AssociateIpamResourceDiscovery', input: async (fb, n) => ({ IpamId: (await hub(fb)).ipam, IpamResourceDiscoveryId: await once(fb, `discovery ${n}`, () => discovery(fb)) }), id: (o) => o.IpamResourceDiscoveryAssociation.IpamResourceDiscoveryAssociationId,
  },
  'ec2:ipam-external-resource-verification-token': {
    operation: 'CreateIpamExternalResourceVerificationToken', input: async (fb) => ({ IpamId: (await hub(fb)).ipam }), id: (o) => o.IpamExternalResourceVerificationToken.IpamExternalResourceVerificationTokenId,
  },
  'ec2:ipam-prefix-list-resolver': { operation: 'CreateIpamPrefixListResolver', input: async (fb, n) => ({ IpamId: (await hub(fb)).ipam, AddressFamily: 'ipv4', Description: `resolver ${n}` }), id: (o) => o.IpamPrefixListResolver.IpamPrefixListResolverId },
  'ec2:ipam-prefix-list-resolver-target': {
    operation: 'CreateIpamPrefixListResolverTarget',
    input: async (fb, n) => ({ IpamPrefixListResolverId: (await hub(fb)).resolver, PrefixListId: await once(fb, `list ${n}`, () => list(fb, n)), PrefixListRegion: 'us-east-1', TrackLatestVersion: true }),
    id: (o) => o.IpamPrefixListResolverTarget.IpamPrefixListResolverTargetId,
  },
  'ec2:ipam-policy': { operation: 'CreateIpamPolicy', input: async (fb) => ({ IpamId: (await hub(fb)).ipam }), id: (o) => o.IpamPolicy.IpamPolicyId },
  'ec2:network-interface-permission': {
    operation: 'CreateNetworkInterfacePermission', input: async (fb, n) => ({ NetworkInterfaceId: await eni(fb, n, {}), AwsAccountId: '999999999999', Permission: 'INSTANCE-ATTACH' }), id: (o) => o.InterfacePermission.NetworkInterfacePermissionId,
  },
  'ec2:trunk-interface-association': {
    operation: 'AssociateTrunkInterface', input: async (fb, n) => ({ TrunkInterfaceId: await eni(fb, 0, { InterfaceType: 'trunk' }), BranchInterfaceId: await eni(fb, n, { InterfaceType: 'branch' }), VlanId: n }), id: (o) => o.InterfaceAssociation.AssociationId,
  },
  'ec2:ipv4pool-ec2': { operation: 'CreatePublicIpv4Pool', input: async () => ({}), id: (o) => o.PoolId },
};

export const EXEMPT: Readonly<Record<string, string>> = {
  'ec2:ipam-pool-presence': 'says in its locale where a pool is at home; never listed itself',
  'ec2:ipam-pool-cidr': 'listed under its pool by GetIpamPoolCidrs, which takes no ids; its own test file',
  'ec2:ipam-pool-allocation': 'its listing pages by 1,000 at least; its own test file',
  'ec2:ipam-resource-override': 'what was said of a found resource, shown by GetIpamResourceCidrs; its own test file',
  'ec2:ipam-byoasn': 'known by its number, and listed without ids and filters; its own test file',
  'ec2:ipam-byoasn-association': 'shown in its address range; its own test file',
  'ec2:address-transfer': 'known by its allocation, and listed without filters; its own test file',
  'ec2:released-address': 'never listed: an address that can be recovered; its own test file',
  'ec2:ipv6pool-ec2': 'made by the provisioning of an address range; its own test file',
  'ec2:byoip-cidr': 'known by its range, and listed without ids and filters; its own test file',
};
