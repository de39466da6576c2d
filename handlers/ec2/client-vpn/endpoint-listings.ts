import type { Context } from '../../../src/kit/index.ts';
import { liveEndpoint } from './endpoints.ts';

/**
 * For a listing of what belongs to an endpoint, which must exist. The files of nouns import each other: this one stands
 * apart so that it is there when they are declared.
 */
export const ofEndpoint = <T extends { ClientVpnEndpointId?: string }>() => ({
  within: (input: { ClientVpnEndpointId: string }) => ({ member: 'ClientVpnEndpointId', value: input.ClientVpnEndpointId }),
  visible: (document: T, input: { ClientVpnEndpointId: string }) => document.ClientVpnEndpointId === input.ClientVpnEndpointId,
  prepare: async <I extends { ClientVpnEndpointId: string }>(input: I, ctx: Context): Promise<I> => {
    await liveEndpoint(ctx, input.ClientVpnEndpointId);
    return input;
  },
});
