import type { CustomerGateway } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { creates, describes, hours, resource, type Handlers } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { parseIpv4, parseIpv6 } from '../vpcs/cidr.ts';

export type StoredCustomerGateway = Wire<CustomerGateway>;

/** https://docs.aws.amazon.com/vpn/latest/s2svpn/cgw-options.html */
export const customerGateways = resource<StoredCustomerGateway>({
  service: 'ec2',
  kind: 'customer-gateway',
  shape: 'CustomerGateway',
  id: { member: 'CustomerGatewayId', prefix: 'cgw' },
  notFound: errors.notFound('InvalidCustomerGatewayID.NotFound', 'customerGateway ID'),
  malformed: errors.malformedId('InvalidCustomerGatewayId.Malformed', 'cgw'),
  // assumed: the text is as in https://github.com/openstack-archive/ec2-api/blob/master/ec2api/api/customer_gateway.py, which answers in EC2's words.
  inUse: () => errors.incorrectState('The customer gateway is in use.'),
  state: 'State',
  lifecycle: { deleted: { after: hours(1), to: 'gone', paced: false } },
});

const ASN_MAX = 2_147_483_647;
const EXTENDED_ASN_MAX = 4_294_967_295;

export const customerGatewayOperations = {
  /** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateCustomerGateway.html */
  CreateCustomerGateway: creates(customerGateways, async (input) => {
    const address = input.IpAddress ?? input.PublicIp;
    if (address === undefined && input.CertificateArn === undefined) throw errors.missingParameter('ipAddress');
    if (address !== undefined && parseIpv4(address) === undefined && parseIpv6(address) === undefined) throw errors.invalidValue(address, 'ipAddress', 'This is not a valid IP address.');
    if (input.BgpAsn !== undefined && input.BgpAsnExtended !== undefined) throw errors.invalidParameterCombination('Only one of bgpAsn and bgpAsnExtended may be specified');
    const asn = input.BgpAsn ?? 65_000;
    if (!(asn >= 1 && asn <= ASN_MAX)) throw errors.invalidValue(asn, 'bgpAsn', `A number from 1 to ${ASN_MAX} is expected.`);
    if (input.BgpAsnExtended !== undefined && !(input.BgpAsnExtended > ASN_MAX && input.BgpAsnExtended <= EXTENDED_ASN_MAX)) throw errors.invalidValue(input.BgpAsnExtended, 'bgpAsnExtended', `A number from ${ASN_MAX + 1} to ${EXTENDED_ASN_MAX} is expected.`);
    return {
      State: 'available', Type: input.Type, ...(address !== undefined && { IpAddress: address }), ...(input.CertificateArn !== undefined && { CertificateArn: input.CertificateArn }), ...(input.DeviceName !== undefined && { DeviceName: input.DeviceName }),
      ...(input.BgpAsnExtended === undefined ? { BgpAsn: String(asn) } : { BgpAsnExtended: String(input.BgpAsnExtended) }),
    };
  }),
  DescribeCustomerGateways: describes(customerGateways, { ids: 'CustomerGatewayIds' }),
  DeleteCustomerGateway: async (input, ctx) => {
    const gateway = await ctx.get(customerGateways, input.CustomerGatewayId);
    if (gateway.State === 'deleted') throw customerGateways.notFound([input.CustomerGatewayId]);
    await ctx.refuseWhileReferred(customerGateways, input.CustomerGatewayId);
    await ctx.transition(customerGateways, gateway, 'deleted');
    return {};
  },
} satisfies Handlers<Ec2Operations>;
