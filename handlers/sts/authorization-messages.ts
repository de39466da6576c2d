import type { StsOperations } from '../../fixtures/models/sts.ts';
import { AwsError, type Handlers } from '../../src/kit/index.ts';

/** Opens what an UnauthorizedOperation of this Fogbank carries. https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html */
export const authorizationMessageOperations = {
  DecodeAuthorizationMessage: async (input, ctx) => {
    try {
      return { DecodedMessage: ctx.unseal(input.EncodedMessage) };
    } catch {
      throw new AwsError('InvalidAuthorizationMessageException', 'The authorization message is invalid or was not made by this Fogbank.', 400); // assumed: the text
    }
  },
} satisfies Handlers<StsOperations>;
