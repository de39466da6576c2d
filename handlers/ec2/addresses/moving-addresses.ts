import type { MovingAddressStatus } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { pageOf, type Handlers } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { filtered } from '../regions.ts';
import { byPublicIp } from './addresses.ts';

/** EC2-Classic is retired: every address is of a VPC, and none moves. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_MoveAddressToVpc.html */
// assumed: the codes and texts that are left.
export const movingAddressOperations = {
  MoveAddressToVpc: async (input, ctx) => {
    const address = await byPublicIp(ctx, input.PublicIp);
    throw errors.invalidParameterValue(`The address '${address.PublicIp}' is already allocated for use in a VPC.`);
  },
  RestoreAddressToClassic: async (input, ctx) => {
    await byPublicIp(ctx, input.PublicIp);
    throw errors.unsupportedOperation('EC2-Classic is retired. The address cannot be restored to EC2-Classic.');
  },
  DescribeMovingAddresses: async (input) => {
    const moving: Wire<MovingAddressStatus>[] = [];
    if (input.MaxResults !== undefined && (input.MaxResults < 5 || input.MaxResults > 1000)) throw errors.invalidValue(input.MaxResults, 'maxResults', 'Expecting a value from 5 to 1000.');
    const { items, next } = pageOf(filtered(moving, input.Filters, { 'moving-status': (m) => m.MoveStatus }), input);
    return { MovingAddressStatuses: items, ...next };
  },
} satisfies Handlers<Ec2Operations>;
