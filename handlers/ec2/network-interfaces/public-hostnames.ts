import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Handlers } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { vpcs } from '../vpcs/vpcs.ts';
import { networkInterfaces, saveInterface, type StoredInterface } from './network-interfaces.ts';

type Options = NonNullable<StoredInterface['PublicIpDnsNameOptions']>;

const domain = (region: string): string => (region === 'us-east-1' ? 'compute-1.amazonaws.com' : `${region}.compute.amazonaws.com`);

/** The names of an interface in the public DNS, for what it has. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/hostname-types.html */
// assumed: how the names for IPv6 and both families are spelled.
export function publicNames(eni: StoredInterface, region: string): Omit<Options, 'DnsHostnameType'> {
  const plain = eni.NetworkInterfaceId!.replace(/^eni-/, '');
  return {
    ...(eni.Association?.PublicIp ? { PublicIpv4DnsName: `${plain}.public-ipv4.${domain(region)}` } : {}), ...(eni.Ipv6Addresses?.length ? { PublicIpv6DnsName: `${plain}.public-ipv6.${domain(region)}` } : {}),
    ...(eni.Association?.PublicIp && eni.Ipv6Addresses?.length ? { PublicDualStackDnsName: `${plain}.public-dual-stack.${domain(region)}` } : {}),
  };
}

const NEEDS = { 'public-ipv4-dns-name': 'PublicIpv4DnsName', 'public-ipv6-dns-name': 'PublicIpv6DnsName', 'public-dual-stack-dns-name': 'PublicDualStackDnsName' } as const;

export const publicHostnameOperations = {
  ModifyPublicIpDnsNameOptions: async (input, ctx) => {
    const eni = await ctx.get(networkInterfaces, input.NetworkInterfaceId);
    if (!(await ctx.get(vpcs, eni.VpcId!)).$.enableDnsHostnames) throw errors.invalidParameterCombination(`The VPC ${eni.VpcId} has no DNS hostnames.`);
    const names = publicNames(eni, ctx.region);
    const name = names[NEEDS[input.HostnameType]];
    // assumed: the code and text of an interface that has no such address.
    if (name === undefined) throw errors.invalidParameterValue(`The network interface ${input.NetworkInterfaceId} has no public address for the hostname type ${input.HostnameType}.`);
    eni.PublicIpDnsNameOptions = { DnsHostnameType: input.HostnameType, ...names };
    eni.PublicDnsName = name;
    await saveInterface(ctx, eni);
    return { Successful: true };
  },
} satisfies Handlers<Ec2Operations>;
