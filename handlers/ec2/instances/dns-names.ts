/** https://docs.aws.amazon.com/vpc/latest/userguide/vpc-dns.html */
const dashed = (address: string): string => address.replaceAll('.', '-');

const internal = (region: string): string => (region === 'us-east-1' ? 'ec2.internal' : `${region}.compute.internal`);

export const privateDnsName = (address: string, region: string): string =>
  `ip-${dashed(address)}.${internal(region)}`;

export const resourceDnsName = (instanceId: string, region: string): string => `${instanceId}.${internal(region)}`;

export const publicDnsName = (address: string, region: string): string =>
  `ec2-${dashed(address)}.${region === 'us-east-1' ? 'compute-1' : `${region}.compute`}.amazonaws.com`;
