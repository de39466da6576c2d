import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import { modifies, type Handlers } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { subnets } from '../vpcs/subnets.ts';
import { privateDnsName, resourceDnsName } from './dns-names.ts';
import { instances } from './instances.ts';

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/hostname-types.html */
export const privateDnsNameOperations = {
  /** "The instance must be stopped" for its hostname's type to change. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/hostname-types.html#ec2-instance-private-hostnames-viewing */
  ModifyPrivateDnsNameOptions: modifies(instances, { id: 'InstanceId' }, async (instance, input, ctx) => {
    const { PrivateDnsHostnameType: type, EnableResourceNameDnsARecord: a, EnableResourceNameDnsAAAARecord: aaaa } = input;
    if (type === undefined && a === undefined && aaaa === undefined) throw errors.missingParameter('privateDnsHostnameType');
    if (type !== undefined && instance.State!.Name !== 'stopped') throw errors.incorrectInstanceState(`The instance '${input.InstanceId}' is not in the 'stopped' state.`);
    const subnet = await ctx.get(subnets, instance.SubnetId!);
    // assumed: these codes.
    if (type === 'ip-name' && subnet.Ipv6Native) throw errors.invalidParameterCombination('An instance of an IPv6-only subnet must have a resource-based name.');
    const options = { ...instance.PrivateDnsNameOptions };
    if (type !== undefined) options.HostnameType = type;
    if (a !== undefined) options.EnableResourceNameDnsARecord = a;
    if (aaaa !== undefined) options.EnableResourceNameDnsAAAARecord = aaaa;
    instance.PrivateDnsNameOptions = options;
    if (type !== undefined) instance.PrivateDnsName = type === 'resource-name' ? resourceDnsName(instance.InstanceId!, ctx.region) : privateDnsName(instance.PrivateIpAddress!, ctx.region);
    return { Return: true };
  }),
} satisfies Handlers<Ec2Operations>;
