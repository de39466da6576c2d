import type { DhcpOptions } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { AwsError, creates, deletes, describes, resource, type Context, type Handlers } from '../../../src/kit/index.ts';
import { dhcpOptionsKeys } from '../condition-keys.ts';
import * as errors from '../errors.ts';
import { vpcs } from './vpcs.ts';

export type StoredDhcpOptions = Wire<DhcpOptions> & { $?: { isDefault: true } };

/** https://docs.aws.amazon.com/vpc/latest/userguide/VPC_DHCP_Options.html */
export const dhcpOptions = resource<StoredDhcpOptions>({
  service: 'ec2',
  kind: 'dhcp-options',
  shape: 'DhcpOptions',
  id: { member: 'DhcpOptionsId', prefix: 'dopt' },
  notFound: errors.notFound('InvalidDhcpOptionID.NotFound', 'dhcpOption ID'),
  // As DeleteDhcpOptions answered: https://github.com/aws-samples/aws-control-tower-account-setup-using-step-functions/issues/9
  malformed: (id) => new AwsError('InvalidDhcpOptionsId.Malformed', `The dhcp-options ID '${id}' is malformed`),
  inUse: errors.hasDependencies('dhcpOptions'),
  filters: { key: 'DhcpConfigurations.Key', value: 'DhcpConfigurations.Values.Value' },
  conditionKeys: dhcpOptionsKeys,
});

const KEYS = ['domain-name', 'domain-name-servers', 'ntp-servers', 'netbios-name-servers', 'netbios-node-type', 'ipv6-address-preferred-lease-time'];
const SERVERS_MAX = 4;

function planOptions(input: Ec2Operations['CreateDhcpOptions']['input'], ctx: Context): Partial<StoredDhcpOptions> {
  const configurations = input.DhcpConfigurations.map(({ Key = '', Values = [] }) => {
    if (!KEYS.includes(Key)) throw errors.invalidParameterValue(`Value (${Key}) for parameter value is invalid. Unknown DHCP option`);
    if (Values.length === 0) throw errors.missingParameter('value');
    if (Key.endsWith('-servers') && Values.length > SERVERS_MAX) throw errors.invalidParameterValue(`Too many values for ${Key}; maximum is ${SERVERS_MAX}`);
    if (Key === 'netbios-node-type' && !['1', '2', '4', '8'].includes(Values[0]!)) throw errors.invalidParameterValue(`Value (${Values[0]}) for parameter netbios-node-type is invalid.`);
    return { Key, Values: Values.map((Value) => ({ Value })) };
  });
  if (configurations.length === 0) throw errors.missingParameter('dhcpConfiguration');
  return { DhcpConfigurations: configurations, OwnerId: ctx.account };
}

/** The set that a region's VPCs have until another is associated; made when first needed. */
export async function defaultDhcpOptions(ctx: Context): Promise<string> {
  const present = (await ctx.list(dhcpOptions)).find((o) => o.$?.isDefault);
  if (present) return present.DhcpOptionsId!;
  const domain = ctx.region === 'us-east-1' ? 'ec2.internal' : `${ctx.region}.compute.internal`;
  const made = await ctx.create(dhcpOptions, {
    DhcpOptionsId: ctx.newId(dhcpOptions), OwnerId: ctx.account, Tags: [], $: { isDefault: true },
    DhcpConfigurations: [{ Key: 'domain-name', Values: [{ Value: domain }] }, { Key: 'domain-name-servers', Values: [{ Value: 'AmazonProvidedDNS' }] }],
  });
  return made.DhcpOptionsId!;
}

export const dhcpOptionsOperations = {
  CreateDhcpOptions: creates(dhcpOptions, planOptions),
  DescribeDhcpOptions: describes(dhcpOptions, { ids: 'DhcpOptionsIds' }),
  /** The id `default` stands for no options at all. */
  AssociateDhcpOptions: async (input, ctx) => {
    const vpc = await ctx.get(vpcs, input.VpcId);
    if (input.DhcpOptionsId !== 'default') await ctx.get(dhcpOptions, input.DhcpOptionsId);
    vpc.DhcpOptionsId = input.DhcpOptionsId;
    await ctx.save(vpcs, vpc);
    return {};
  },
  /** Its code for what does not exist has an s that DescribeDhcpOptions' has not. https://github.com/hashicorp/terraform-provider-aws/pull/36933 */
  DeleteDhcpOptions: deletes(dhcpOptions, { id: 'DhcpOptionsId', notFound: errors.notFound('InvalidDhcpOptionsID.NotFound', 'dhcpOptions ID') }),
} satisfies Handlers<Ec2Operations>;
