import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import type { SSHPublicKey } from '@aws-sdk/client-iam';
import type { IamOperations } from '../../fixtures/models/iam.ts';
import type { Wire } from '../../protocols/wire-types.ts';
import { BASE32, resource, type Context, type Handlers } from '../../src/kit/index.ts';
import { paged } from './entities.ts';
import * as errors from './errors.ts';
import { userNamed } from './users.ts';

/** For Git over SSH. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_ssh-keys.html */
export type StoredSshKey = Wire<SSHPublicKey> & { $: { userId: string } };

export const sshPublicKeys = resource<StoredSshKey>({
  service: 'iam',
  kind: 'ssh-public-key',
  global: true,
  shape: 'SSHPublicKey',
  id: { member: 'SSHPublicKeyId' },
  notFound: (ids) => errors.noSuchEntity(`The Public Key with id ${ids[0]} cannot be found.`),
  tags: null,
  indexed: ['$.userId'],
});

const KEYS_PER_USER = 5;
/** Unlike other unique ids, twenty characters in all: 'APKAEIBAERJR2EXAMPLE'. https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetSSHPublicKey.html */
const ID_LENGTH = 16;

/** RSA keys in OpenSSH's form or PEM. */
function readKey(body: string): KeyObject {
  try {
    const blob = /^ssh-rsa ([A-Za-z0-9+/=]+)/.exec(body.trim())?.[1];
    if (blob === undefined) return createPublicKey(body);
    const [, exponent, modulus] = fields(Buffer.from(blob, 'base64'));
    const unsigned = (bytes: Buffer) => (bytes[0] === 0 ? bytes.subarray(1) : bytes).toString('base64url');
    return createPublicKey({ format: 'jwk', key: { kty: 'RSA', e: unsigned(exponent!), n: unsigned(modulus!) } });
  } catch {
    throw errors.invalidPublicKey();
  }
}

/** RFC 4253: each field behind its length. */
function fields(blob: Buffer): Buffer[] {
  const out: Buffer[] = [];
  for (let at = 0; at + 4 <= blob.length; ) {
    const length = blob.readUInt32BE(at);
    out.push(blob.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return out;
}

function openSsh(key: KeyObject): string {
  const { e, n } = key.export({ format: 'jwk' });
  const field = (bytes: Buffer) => Buffer.concat([Buffer.from([0, 0, bytes.length >> 8, bytes.length & 255]), bytes]);
  const signed = (text: string) => {
    const bytes = Buffer.from(text, 'base64url');
    return field(bytes[0]! & 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);
  };
  return `ssh-rsa ${Buffer.concat([field(Buffer.from('ssh-rsa')), signed(e!), signed(n!)]).toString('base64')}`;
}

// assumed: the fingerprint is the MD5 of the key's DER form.
const fingerprint = (key: KeyObject): string => createHash('md5').update(key.export({ type: 'spki', format: 'der' })).digest('hex').replace(/..(?=.)/g, '$&:');

const keysOf = (ctx: Context, userId: string): Promise<StoredSshKey[]> => ctx.list(sshPublicKeys, { member: '$.userId', value: userId });

export const hasSshKeys = async (ctx: Context, userId: string): Promise<boolean> => (await keysOf(ctx, userId)).length > 0;

async function keyOf(ctx: Context, userName: string, id: string): Promise<StoredSshKey> {
  const user = await userNamed(ctx, userName);
  const key = await ctx.get(sshPublicKeys, id);
  if (key.$.userId !== user.UserId) throw sshPublicKeys.notFound([id]);
  return { ...key, UserName: user.UserName! };
}

export const sshPublicKeyOperations = {
  UploadSSHPublicKey: async (input, ctx) => {
    const user = await userNamed(ctx, input.UserName);
    const key = readKey(input.SSHPublicKeyBody);
    if (key.asymmetricKeyType !== 'rsa') throw errors.invalidPublicKey();
    const print = fingerprint(key);
    const present = await keysOf(ctx, user.UserId!);
    if (present.some((k) => k.Fingerprint === print)) throw errors.duplicatePublicKey();
    if (present.length >= KEYS_PER_USER) throw errors.limitExceeded('SSHPublicKeysPerUser', KEYS_PER_USER);
    const stored = await ctx.create(sshPublicKeys, {
      UserName: user.UserName!, SSHPublicKeyId: `APKA${ctx.ids.text(BASE32, ID_LENGTH)}`, Fingerprint: print, SSHPublicKeyBody: input.SSHPublicKeyBody, Status: 'Active', UploadDate: ctx.wholeSecond, $: { userId: user.UserId! },
    });
    return { SSHPublicKey: stored };
  },
  GetSSHPublicKey: async (input, ctx) => {
    const stored = await keyOf(ctx, input.UserName, input.SSHPublicKeyId);
    const given = stored.SSHPublicKeyBody!;
    const isSsh = given.trim().startsWith('ssh-rsa');
    const body = input.Encoding === 'PEM' ? (isSsh ? String(readKey(given).export({ type: 'spki', format: 'pem' })) : given) : isSsh ? given : openSsh(readKey(given));
    return { SSHPublicKey: { ...stored, SSHPublicKeyBody: body } };
  },
  ListSSHPublicKeys: async (input, ctx) => {
    const user = await userNamed(ctx, input.UserName ?? ctx.principal.name ?? '');
    const { page, ...rest } = paged(await keysOf(ctx, user.UserId!), input);
    return { ...rest, SSHPublicKeys: page.map((key) => ({ UserName: user.UserName!, SSHPublicKeyId: key.SSHPublicKeyId!, Status: key.Status!, UploadDate: key.UploadDate! })) };
  },
  UpdateSSHPublicKey: async (input, ctx) => {
    const key = await keyOf(ctx, input.UserName, input.SSHPublicKeyId);
    key.Status = input.Status;
    await ctx.save(sshPublicKeys, key);
  },
  DeleteSSHPublicKey: async (input, ctx) => ctx.remove(sshPublicKeys, await keyOf(ctx, input.UserName, input.SSHPublicKeyId)),
} satisfies Handlers<IamOperations>;
