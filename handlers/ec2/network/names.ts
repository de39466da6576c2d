/** Names that EC2 makes of numbers: DNS names and MAC addresses. */

/** https://docs.aws.amazon.com/vpc/latest/userguide/vpc-dns.html#vpc-dns-hostnames */
const dashed = (address: string): string => address.replaceAll('.', '-');

export const privateDnsName = (address: string, region: string): string =>
  `ip-${dashed(address)}.${region === 'us-east-1' ? 'ec2.internal' : `${region}.compute.internal`}`;

export const publicDnsName = (address: string, region: string): string =>
  `ec2-${dashed(address)}.${region === 'us-east-1' ? 'compute-1' : `${region}.compute`}.${domainOf(region)}`;

// https://docs.aws.amazon.com/general/latest/gr/aws-service-information.html: China has a domain of its own
const domainOf = (region: string): string => (region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com');

// assumed: which first byte a zone has; those met in AWS are locally administered, unicast
const MAC_FIRST_BYTES = ['02', '06', '0a', '0e', '12', '16'] as const;

/** A MAC address of the last 40 bits of a number, with a first byte that stays the same for a zone. */
export function macAddress(number: bigint, zoneIndex = 0): string {
  const rest = (number & 0xff_ffff_ffffn).toString(16).padStart(10, '0');
  return [MAC_FIRST_BYTES[zoneIndex % MAC_FIRST_BYTES.length], ...rest.match(/../g)!].join(':');
}
