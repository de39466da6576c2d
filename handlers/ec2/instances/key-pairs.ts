import type { KeyPairInfo } from '@aws-sdk/client-ec2';
import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Wire } from '../../../protocols/wire-types.ts';
import { describes, resource, specifiedTags, type Context, type Handlers } from '../../../src/kit/index.ts';
import { keyPairKeys } from '../condition-keys.ts';
import * as errors from '../errors.ts';
import { generateKeyPair, importPublicKey, type KeyFormat, type KeyType } from './key-material.ts';

/** The private key of a pair that EC2 made is in CreateKeyPair's answer and nowhere else. */
export type StoredKeyPair = Wire<KeyPairInfo>;

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-key-pairs.html */
export const keyPairs = resource<StoredKeyPair>({
  service: 'ec2',
  kind: 'key-pair',
  shape: 'KeyPairInfo',
  id: { member: 'KeyPairId', prefix: 'key' },
  notFound: (ids) => errors.keyPairNotFound(ids[0]!),
  arn: (k, account, region) => `arn:aws:ec2:${region}:${account}:key-pair/${k.KeyName}`,
  indexed: ['KeyName'],
  filters: { fingerprint: 'KeyFingerprint' },
  conditionKeys: keyPairKeys,
});

const NAME_LENGTH_MAX = 255;

async function checkName(ctx: Context, name: string): Promise<void> {
  if (name.length > NAME_LENGTH_MAX) throw errors.invalidValue(name, 'keyName', `Value is too long. Must not exceed ${NAME_LENGTH_MAX} characters`);
  if (await keyPairNamed(ctx, name)) throw errors.keyPairDuplicate(name);
}

export async function keyPairNamed(ctx: Context, name: string): Promise<StoredKeyPair | undefined> {
  return (await ctx.list(keyPairs, { member: 'KeyName', value: name }))[0];
}

async function byEither(ctx: Context, input: { KeyName?: string; KeyPairId?: string }): Promise<StoredKeyPair | undefined> {
  if (input.KeyPairId !== undefined) return ctx.find(keyPairs, input.KeyPairId);
  if (input.KeyName !== undefined) return keyPairNamed(ctx, input.KeyName);
  throw errors.missingParameter('KeyName or KeyPairId');
}

async function store(ctx: Context, pair: Omit<StoredKeyPair, 'KeyPairId' | 'CreateTime'>): Promise<StoredKeyPair> {
  return ctx.create(keyPairs, { ...pair, KeyPairId: ctx.newId(keyPairs), CreateTime: ctx.now });
}

export const keyPairOperations = {
  CreateKeyPair: async (input, ctx) => {
    const tags = specifiedTags(input.TagSpecifications as never, 'key-pair');
    await checkName(ctx, input.KeyName);
    const type = (input.KeyType ?? 'rsa') as KeyType;
    const made = generateKeyPair(type, (input.KeyFormat ?? 'pem') as KeyFormat, (count) => ctx.ids.bytes(count));
    const pair = await store(ctx, { KeyName: input.KeyName, KeyType: type, KeyFingerprint: made.fingerprint, PublicKey: `${made.publicKeyOpenSsh} ${input.KeyName}`, Tags: tags });
    return { KeyName: pair.KeyName, KeyPairId: pair.KeyPairId, KeyFingerprint: pair.KeyFingerprint, KeyMaterial: made.material, Tags: tags };
  },
  ImportKeyPair: async (input, ctx) => {
    const tags = specifiedTags(input.TagSpecifications as never, 'key-pair');
    await checkName(ctx, input.KeyName);
    const { type, fingerprint, publicKey, comment } = importPublicKey(Buffer.from(input.PublicKeyMaterial, 'base64'));
    const pair = await store(ctx, { KeyName: input.KeyName, KeyType: type, KeyFingerprint: fingerprint, PublicKey: comment ? `${publicKey} ${comment}` : publicKey, Tags: tags });
    return { KeyName: pair.KeyName, KeyPairId: pair.KeyPairId, KeyFingerprint: fingerprint, Tags: tags };
  },
  DescribeKeyPairs: describes(keyPairs, {
    ids: 'KeyPairIds',
    prepare: async (input, ctx) => {
      const named = [];
      for (const name of input.KeyNames ?? []) {
        const pair = await keyPairNamed(ctx, name);
        if (!pair) throw errors.keyPairNotFound(name);
        named.push(pair.KeyPairId!);
      }
      return { ...input, KeyPairIds: [...(input.KeyPairIds ?? []), ...named] };
    },
    // The public key is shown only to who asks for it.
    project: ({ PublicKey, ...shown }, _ctx, input) => (input.IncludePublicKey === true ? { ...shown, PublicKey } : shown),
  }),
  /** Deleting what is not there succeeds. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteKeyPair.html */
  DeleteKeyPair: async (input, ctx) => {
    const pair = await byEither(ctx, input);
    if (pair) await ctx.remove(keyPairs, pair);
    return { Return: true, ...(pair ? { KeyPairId: pair.KeyPairId } : {}) };
  },
} satisfies Handlers<Ec2Operations>;
