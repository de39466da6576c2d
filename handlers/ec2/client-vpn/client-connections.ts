import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import { pageOf, type Handlers } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';
import { liveEndpoint } from './endpoints.ts';
import * as errors from './errors.ts';

const FILTERS = ['connection-id', 'username'];

/** Nobody reaches an endpoint that is not there in fact: no client is ever connected. https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/cvpn-working-connections.html */
export const clientConnectionOperations = {
  DescribeClientVpnConnections: async (input, ctx) => {
    await liveEndpoint(ctx, input.ClientVpnEndpointId);
    for (const { Name = '' } of input.Filters ?? []) if (!FILTERS.includes(Name)) throw general.invalidParameterValue(`The filter '${Name}' is invalid`);
    const { items, next } = pageOf<never>([], input);
    return { Connections: items, ...next };
  },
  TerminateClientVpnConnections: async (input, ctx) => {
    const { ClientVpnEndpointId, ConnectionId, Username } = input;
    await liveEndpoint(ctx, ClientVpnEndpointId);
    if (ConnectionId !== undefined && Username !== undefined) throw general.invalidParameterCombination('The parameters ConnectionId and Username cannot be used together');
    if (ConnectionId !== undefined) throw errors.connectionNotFound(ConnectionId);
    if (Username !== undefined) throw errors.userNotFound(Username, ClientVpnEndpointId);
    throw general.missingParameter('ConnectionId');
  },
} satisfies Handlers<Ec2Operations>;
