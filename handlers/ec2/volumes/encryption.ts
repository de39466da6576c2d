import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Context, Handlers } from '../../../src/kit/index.ts';
import { setting } from '../account-settings.ts';
import * as errors from './errors.ts';

/** Encryption by default is an account's choice in each Region. https://docs.aws.amazon.com/ebs/latest/userguide/encryption-by-default.html */
const byDefault = setting<boolean>('ebs-encryption-by-default', false);

const AWS_MANAGED_KEY = 'alias/aws/ebs';

const defaultKey = setting<string>('ebs-default-kms-key-id', AWS_MANAGED_KEY);

const KEY_ID = /^(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|mrk-[0-9a-f]{32})$/;
const ALIAS = /^alias\/[a-zA-Z0-9/_-]{1,250}$/;
const ARN = /^arn:aws[a-z-]*:kms:([a-z0-9-]+):(\d{12}):(?:key\/(.+)|(alias\/.+))$/;

/**
 * The ARN of a key however it is named. https://docs.aws.amazon.com/kms/latest/developerguide/find-cmk-id-arn.html
 * assumed: every well-formed key exists; the key behind an alias is not known, so the alias' own ARN stands for it.
 */
export function keyArn(ctx: Context, key: string): string {
  if (KEY_ID.test(key)) return `arn:aws:kms:${ctx.region}:${ctx.account}:key/${key}`;
  if (ALIAS.test(key)) return `arn:aws:kms:${ctx.region}:${ctx.account}:${key}`;
  const [, region, , id, alias] = ARN.exec(key) ?? [];
  if (region === undefined || !(id === undefined ? ALIAS.test(alias!) : KEY_ID.test(id))) throw errors.malformedKey(key);
  if (region !== ctx.region) throw errors.keyOfAnotherRegion(key, ctx.region);
  return key;
}

/** What AWS's own key for EBS encrypts cannot be shared. https://docs.aws.amazon.com/ebs/latest/userguide/ebs-modifying-snapshot-permissions.html */
export const isAwsManagedKey = (arn: string | undefined): boolean => arn?.endsWith(`:${AWS_MANAGED_KEY}`) === true;

/** The account's key for EBS, where no other is named. https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html */
export const defaultEbsKey = async (ctx: Context): Promise<string> => keyArn(ctx, await defaultKey.of(ctx));

export interface Encryption {
  readonly Encrypted: boolean;
  readonly KmsKeyId?: string;
  readonly SseType?: 'sse-kms';
}

interface Source {
  readonly Encrypted?: boolean;
  readonly KmsKeyId?: string;
  readonly OwnerId?: string;
}

/**
 * How a new volume or copy is encrypted: as asked, as its source is, or as the account wants everything to be. The key is the
 * one named, that of the account's own source where it lies in the same Region, or the account's default.
 * https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html#encryption-parameters
 */
export async function encryptionOf(ctx: Context, wish: { Encrypted?: boolean | undefined; KmsKeyId?: string | undefined }, source?: Source, sourceRegion = ctx.region): Promise<Encryption> {
  const encrypted = wish.Encrypted === true || source?.Encrypted === true || (await byDefault.of(ctx));
  if (wish.KmsKeyId !== undefined && !encrypted) throw errors.keyNeedsEncryption();
  if (!encrypted) return { Encrypted: false };
  const kept = source?.Encrypted && source.OwnerId === ctx.account && sourceRegion === ctx.region ? source.KmsKeyId : undefined;
  return { Encrypted: true, KmsKeyId: wish.KmsKeyId === undefined ? (kept ?? (await defaultEbsKey(ctx))) : keyArn(ctx, wish.KmsKeyId), SseType: 'sse-kms' };
}

type Flag = Ec2Operations['EnableEbsEncryptionByDefault']['output'];

async function setByDefault(ctx: Context, value: boolean): Promise<Flag> {
  await byDefault.set(ctx, value);
  return { EbsEncryptionByDefault: value };
}

export const encryptionOperations = {
  EnableEbsEncryptionByDefault: (_input, ctx) => setByDefault(ctx, true),
  DisableEbsEncryptionByDefault: (_input, ctx) => setByDefault(ctx, false),
  GetEbsEncryptionByDefault: async (_input, ctx) => ({ EbsEncryptionByDefault: await byDefault.of(ctx), SseType: 'sse-kms' }),
  /** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyEbsDefaultKmsKeyId.html */
  ModifyEbsDefaultKmsKeyId: async (input, ctx) => {
    const KmsKeyId = keyArn(ctx, input.KmsKeyId);
    await defaultKey.set(ctx, isAwsManagedKey(KmsKeyId) ? AWS_MANAGED_KEY : KmsKeyId);
    return { KmsKeyId };
  },
  /** Until the account names another key, the answer is the alias of AWS's own. */
  GetEbsDefaultKmsKeyId: async (_input, ctx) => ({ KmsKeyId: await defaultKey.of(ctx) }),
  ResetEbsDefaultKmsKeyId: async (_input, ctx) => {
    await defaultKey.set(ctx, AWS_MANAGED_KEY);
    return { KmsKeyId: await defaultEbsKey(ctx) };
  },
} satisfies Handlers<Ec2Operations>;
