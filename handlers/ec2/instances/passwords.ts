import { constants, publicEncrypt, type KeyObject } from 'node:crypto';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import { isoTime, minutes, type Context, type Handlers } from '../../../src/kit/index.ts';
import * as errors from '../errors.ts';
import { publicKeyFrom } from './key-material.ts';
import { instances, type StoredInstance } from './instances.ts';
import type { StoredKeyPair } from './key-pairs.ts';

/** "At least 15 minutes may pass"; mostly it is less. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetPasswordData.html */
const AVAILABLE_AFTER_MS = minutes(4);
const PASSWORD_LENGTH = 32;
const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789!@#$%&*()-=?.;';

/** PKCS #1 v1.5, its padding from the world's own chance, so that the same seed gives the same answer. https://www.rfc-editor.org/rfc/rfc8017#section-7.2.1 */
function encrypted(key: KeyObject, text: string, ctx: Context): string {
  const length = key.asymmetricKeyDetails!.modulusLength! / 8;
  const padding = Buffer.from([...ctx.ids.bytes(length - text.length - 3)].map((byte) => (byte % 255) + 1));
  const block = Buffer.concat([Buffer.from([0, 2]), padding, Buffer.from([0]), Buffer.from(text)]);
  return publicEncrypt({ key, padding: constants.RSA_NO_PADDING }, block).toString('base64');
}

/** The administrator's password of a Windows instance, which only the holder of its key pair can read. */
export function administratorPassword(pair: StoredKeyPair | undefined, windows: boolean, ctx: Context): string | undefined {
  if (!windows || !pair) return undefined;
  // assumed: the text. "ED25519 keys are not supported for Windows instances." https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-key-pairs.html
  if (pair.KeyType !== 'rsa') throw errors.invalidParameterCombination('ED25519 key pairs are not supported with Windows AMIs.');
  const password = Array.from({ length: PASSWORD_LENGTH }, () => ALPHABET[ctx.ids.below(ALPHABET.length)]).join('');
  return encrypted(publicKeyFrom(pair.PublicKey!), password, ctx);
}

/** When the password was there, where it is. */
function since(instance: StoredInstance, ctx: Context): number | undefined {
  if (instance.$.passwordData === undefined || instance.$.firstRunningAt === undefined) return undefined;
  const at = Date.parse(instance.$.firstRunningAt) + ctx.delay(instances, 'initializing', AVAILABLE_AFTER_MS);
  return at <= ctx.nowMs ? at : undefined;
}

export const passwordOperations = {
  /** Of an instance that has no password yet, or that is not Windows, the answer is an empty text. */
  GetPasswordData: async (input, ctx) => {
    const instance = await ctx.get(instances, input.InstanceId);
    const at = since(instance, ctx);
    return { InstanceId: input.InstanceId, Timestamp: at === undefined ? ctx.wholeSecond : isoTime(at - (at % 1000)), PasswordData: at === undefined ? '' : instance.$.passwordData };
  },
} satisfies Handlers<Ec2Operations>;
