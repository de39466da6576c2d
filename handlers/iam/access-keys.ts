import type { AccessKeyMetadata } from '@aws-sdk/client-iam';
import type { IamOperations } from '../../fixtures/models/iam.ts';
import type { Wire } from '../../protocols/wire-types.ts';
import { BASE32, resource, type Context, type Handlers, type Principal } from '../../src/kit/index.ts';
import { paged } from './entities.ts';
import * as errors from './errors.ts';
import { userNamed } from './users.ts';

/** The secret is with the machine's credentials, sealed, and nowhere in here. */
export type StoredAccessKey = Wire<AccessKeyMetadata> & { $: { userId: string; secret: string } };

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html */
export const accessKeys = resource<StoredAccessKey>({
  service: 'iam',
  kind: 'access-key',
  global: true,
  shape: 'AccessKeyMetadata',
  id: { member: 'AccessKeyId' },
  notFound: (ids) => errors.noSuchEntity(`The Access Key with id ${ids[0]} cannot be found.`),
  tags: null,
  indexed: ['$.userId'],
});

const KEYS_PER_USER = 2;
const SECRET_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

export interface Owner {
  readonly name: string | undefined;
  readonly userId: string;
  readonly arn: string;
}

/** The named user, or who calls; root may have keys too. */
export async function ownerOf(ctx: Context, userName: string | undefined): Promise<Owner> {
  if (userName !== undefined || ctx.principal.type === 'user') {
    const user = await userNamed(ctx, userName ?? ctx.principal.name!);
    return { name: user.UserName!, userId: user.UserId!, arn: user.Arn! };
  }
  if (ctx.principal.type === 'root') return { name: undefined, userId: ctx.account, arn: ctx.principal.arn };
  throw errors.validationError('Must specify userName when calling with non-User credentials');
}

function principalOf(ctx: Context, owner: Owner, accessKeyId: string): Principal {
  return { type: owner.name === undefined ? 'root' : 'user', account: ctx.account, arn: owner.arn, userId: owner.userId, accessKeyId, ...(owner.name === undefined ? {} : { name: owner.name }) };
}

async function keyOf(ctx: Context, owner: Owner, id: string): Promise<StoredAccessKey> {
  const key = await ctx.get(accessKeys, id);
  if (key.$.userId !== owner.userId) throw accessKeys.notFound([id]);
  return key;
}

/** A renamed user's keys speak for the new name. */
export async function renameCredentials(ctx: Context, owner: Owner): Promise<void> {
  for (const key of await ctx.list(accessKeys, { member: '$.userId', value: owner.userId })) {
    await ctx.putCredential({ accessKeyId: key.AccessKeyId!, secret: ctx.unseal(key.$.secret), principal: principalOf(ctx, owner, key.AccessKeyId!), sessionToken: null, expires: null, active: key.Status === 'Active' });
    if (owner.name !== undefined) await ctx.save(accessKeys, { ...key, UserName: owner.name });
  }
}

/** A key that is gone opens nothing. */
export async function tearDownKey(key: StoredAccessKey, ctx: Context): Promise<void> {
  await ctx.revokeCredential(key.AccessKeyId!);
  await ctx.remove(accessKeys, key);
}

export const accessKeyOperations = {
  CreateAccessKey: async (input, ctx) => {
    const owner = await ownerOf(ctx, input.UserName);
    if ((await ctx.list(accessKeys, { member: '$.userId', value: owner.userId })).length >= KEYS_PER_USER) throw errors.limitExceeded('AccessKeysPerUser', KEYS_PER_USER);
    const id = `AKIA${ctx.ids.text(BASE32, 16)}`;
    const secret = ctx.ids.text(SECRET_ALPHABET, 40);
    await ctx.putCredential({ accessKeyId: id, secret, principal: principalOf(ctx, owner, id), sessionToken: null, expires: null, active: true });
    const key = await ctx.create(accessKeys, { ...(owner.name === undefined ? {} : { UserName: owner.name }), AccessKeyId: id, Status: 'Active', CreateDate: ctx.wholeSecond, $: { userId: owner.userId, secret: ctx.seal(secret) } });
    return { AccessKey: { UserName: owner.name ?? '', AccessKeyId: id, Status: 'Active', SecretAccessKey: secret, CreateDate: key.CreateDate } };
  },
  ListAccessKeys: async (input, ctx) => {
    const owner = await ownerOf(ctx, input.UserName);
    const { page, ...rest } = paged(await ctx.list(accessKeys, { member: '$.userId', value: owner.userId }), input);
    return { ...rest, AccessKeyMetadata: page.map((key) => ({ ...key, ...(owner.name === undefined ? {} : { UserName: owner.name }) })) };
  },
  UpdateAccessKey: async (input, ctx) => {
    const owner = await ownerOf(ctx, input.UserName);
    const key = await keyOf(ctx, owner, input.AccessKeyId);
    key.Status = input.Status;
    await ctx.save(accessKeys, key);
    await ctx.putCredential({ accessKeyId: input.AccessKeyId, secret: ctx.unseal(key.$.secret), principal: principalOf(ctx, owner, input.AccessKeyId), sessionToken: null, expires: null, active: input.Status === 'Active' });
  },
  DeleteAccessKey: async (input, ctx) => {
    const owner = await ownerOf(ctx, input.UserName);
    await tearDownKey(await keyOf(ctx, owner, input.AccessKeyId), ctx);
  },
} satisfies Handlers<IamOperations>;
