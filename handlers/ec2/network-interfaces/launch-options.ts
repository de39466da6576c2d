import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import { checkFits, connectionTracking, enaExpress, enaQueues, makePrimaryIpv6 } from './interface-options.ts';
import type { InterfaceWish, StoredInterface } from './network-interfaces.ts';
import { checkPrefixWish } from './prefixes.ts';

type Specification = NonNullable<Ec2Operations['RunInstances']['input']['NetworkInterfaces']>[number];

/** The prefixes that a launch wants for an interface. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceNetworkInterfaceSpecification.html */
export function launchPrefixes(wish: Specification): Pick<InterfaceWish, 'ipv4Prefixes' | 'ipv6Prefixes'> {
  const ipv4Prefixes = { wanted: wish.Ipv4Prefixes?.map((p) => p.Ipv4Prefix!), count: wish.Ipv4PrefixCount };
  const ipv6Prefixes = { wanted: wish.Ipv6Prefixes?.map((p) => p.Ipv6Prefix!), count: wish.Ipv6PrefixCount };
  checkPrefixWish(4, ipv4Prefixes, (wish.PrivateIpAddresses ?? []).some((a) => !a.Primary) || wish.SecondaryPrivateIpAddressCount !== undefined);
  checkPrefixWish(6, ipv6Prefixes, (wish.Ipv6Addresses?.length ?? 0) > 0 || wish.Ipv6AddressCount !== undefined);
  return { ipv4Prefixes, ipv6Prefixes };
}

/** What else a launch wants of an interface that it attaches; refuses what the type of instance cannot take. */
export function applyLaunchOptions(eni: StoredInterface, wish: Specification, type: string): void {
  Object.assign(eni, connectionTracking(wish.ConnectionTrackingSpecification, eni.ConnectionTrackingConfiguration));
  Object.assign(eni.Attachment!, enaExpress(wish.EnaSrdSpecification, type), enaQueues(wish.EnaQueueCount, type));
  if (wish.PrimaryIpv6 === true) makePrimaryIpv6(eni);
  checkFits(eni, type);
}
