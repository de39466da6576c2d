/** https://docs.aws.amazon.com/vpc/latest/userguide/vpc-dns.html */
const dashed = (address: string): string => address.replaceAll('.', '-');

export const privateDnsName = (address: string, region: string): string =>
  `ip-${dashed(address)}.${region === 'us-east-1' ? 'ec2.internal' : `${region}.compute.internal`}`;

export const publicDnsName = (address: string, region: string): string =>
  `ec2-${dashed(address)}.${region === 'us-east-1' ? 'compute-1' : `${region}.compute`}.amazonaws.com`;
