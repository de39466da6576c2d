import type { VpcEndpointAssociation } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { pageOf, type Handlers } from '../../../src/kit/index.ts';
import { filtered } from '../regions.ts';
import { vpcEndpoints, type StoredEndpoint } from './vpc-endpoints.ts';

/**
 * What Resource and Tunnel endpoints lead to: the resource configuration. Those of a service network lead to what is
 * associated with the network in VPC Lattice, which Fogbank does not have: nothing.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVpcEndpointAssociations.html
 */
const associationOf = (endpoint: StoredEndpoint): Wire<VpcEndpointAssociation> => ({
  Id: `vpce-rsc-asc-${endpoint.VpcEndpointId!.slice('vpce-'.length)}`, VpcEndpointId: endpoint.VpcEndpointId, AssociatedResourceArn: endpoint.ResourceConfigurationArn,
  AssociatedResourceAccessibility: endpoint.State === ('available' as typeof endpoint.State) ? 'Accessible' : 'Inaccessible', Tags: [],
});

export const endpointAssociationOperations = {
  DescribeVpcEndpointAssociations: async (input, ctx) => {
    const endpoints = input.VpcEndpointIds?.length ? await ctx.getAll(vpcEndpoints, input.VpcEndpointIds) : await ctx.list(vpcEndpoints);
    const found = filtered(endpoints.filter((e) => e.ResourceConfigurationArn !== undefined).map(associationOf), input.Filters, {
      'vpc-endpoint-id': (a) => a.VpcEndpointId, 'associated-resource-accessibility': (a) => a.AssociatedResourceAccessibility, 'association-id': (a) => a.Id, 'associated-resource-id': (a) => a.AssociatedResourceArn?.split('/').at(-1),
      'service-network-arn': (a) => a.ServiceNetworkArn, 'resource-configuration-group-arn': (a) => a.ResourceConfigurationGroupArn,
    });
    const { items, next } = pageOf(found, input);
    return { VpcEndpointAssociations: items, ...next };
  },
} satisfies Handlers<Ec2Operations>;
