import type { StsOperations } from '../../fixtures/models/sts.ts';
import { BASE32, type Handlers } from '../../src/kit/index.ts';
import * as errors from './errors.ts';

/**
 * The account that AWS's own keys carry in them: of the base 32 after the prefix, forty bits behind the first, which is
 * set. Keys from before 2019 carry none.
 * https://medium.com/@TalBeerySec/a-short-note-on-aws-key-id-f88cc4317489
 */
function encodedAccount(accessKeyId: string): string | undefined {
  if (!/^A[A-Z]{3}[A-Z2-7]{10,}$/.test(accessKeyId)) return undefined;
  let bits = 0n;
  // Ten characters are fifty bits: the first six bytes and two bits more.
  for (const character of accessKeyId.slice(4, 14)) bits = (bits << 5n) | BigInt(BASE32.indexOf(character));
  const account = ((bits >> 2n) & 0x7fffffffff80n) >> 7n;
  return bits >> 49n === 1n && account < 10n ** 12n ? account.toString().padStart(12, '0') : undefined;
}

export const accessKeyInfoOperations = {
  /** https://docs.aws.amazon.com/STS/latest/APIReference/API_GetAccessKeyInfo.html */
  GetAccessKeyInfo: async (input, ctx) => {
    // assumed: the code and text for what is no access key id.
    if (!/^A[A-Z]{3}[A-Z0-9]{12,}$/.test(input.AccessKeyId)) throw errors.validationError(`The access key id ${input.AccessKeyId} is not valid.`);
    // Any other key is its bearer's here, whatever it is: the account of who asks.
    return { Account: (await ctx.issuedKey(input.AccessKeyId))?.account ?? encodedAccount(input.AccessKeyId) ?? ctx.account };
  },
} satisfies Handlers<StsOperations>;
