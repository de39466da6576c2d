import { createPrivateKey } from 'node:crypto';
import type { GetSAMLProviderResponse } from '@aws-sdk/client-iam';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type { IamOperations } from '../../fixtures/models/iam.ts';
import type { Wire } from '../../protocols/wire-types.ts';
import { isoTime, resource, type Context, type Handlers } from '../../src/kit/index.ts';
import { checkedTags, checkQuota, joinedTags, paged } from './entities.ts';
import * as errors from './errors.ts';

/** sts reads SAMLMetadataDocument of it, to know the issuer and its certificates. */
export type StoredSamlProvider = Wire<GetSAMLProviderResponse> & { Arn: string; Tags: { Key: string; Value: string }[]; $: { privateKeys: StoredPrivateKey[] } };

/** `sealed` decrypts assertions; sts asks for it. */
interface StoredPrivateKey {
  KeyId: string;
  Timestamp: string;
  sealed: string;
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_saml.html */
export const samlProviders = resource<StoredSamlProvider>({
  service: 'iam',
  kind: 'saml-provider',
  global: true,
  shape: 'GetSAMLProviderResponse',
  id: { member: 'Arn' },
  notFound: (arns) => errors.noSuchEntity(`Manifest not found for arn ${arns[0]}`),
  arn: (p) => p.Arn,
});

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const METADATA_KEYS_MAX = 10;
/** "You can save up to two private keys per identity provider." https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml.html */
const PRIVATE_KEYS_MAX = 2;
const YEARS_VALID = 100;
const ID_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '@', removeNSPrefix: true, parseTagValue: false, parseAttributeValue: false, isArray: (name) => name === 'KeyDescriptor' });

interface Descriptor {
  readonly '@entityID'?: string;
  readonly '@validUntil'?: string;
  readonly IDPSSODescriptor?: { readonly KeyDescriptor?: readonly unknown[] };
}

// assumed: AWS asks for more than an EntityDescriptor with an entityID, and does not say what.
function readMetadata(ctx: Context, text: string): { validUntil: string } {
  const malformed = errors.invalidInput('Could not parse metadata');
  if (/<!DOCTYPE/i.test(text) || XMLValidator.validate(text) !== true) throw malformed;
  const { EntityDescriptor: descriptor } = parser.parse(text) as { EntityDescriptor?: Descriptor };
  if (typeof descriptor !== 'object' || !descriptor['@entityID']) throw malformed;
  if ((descriptor.IDPSSODescriptor?.KeyDescriptor ?? []).length > METADATA_KEYS_MAX) throw errors.limitExceeded('KeysPerSAMLProvider', METADATA_KEYS_MAX);
  const until = descriptor['@validUntil'] === undefined ? undefined : Date.parse(descriptor['@validUntil']);
  if (until !== undefined && Number.isNaN(until)) throw malformed;
  // What says nothing is valid for a hundred years, as in the example of https://docs.aws.amazon.com/cli/latest/reference/iam/get-saml-provider.html
  const century = new Date(ctx.nowMs);
  century.setUTCFullYear(century.getUTCFullYear() + YEARS_VALID);
  return { validUntil: isoTime(until ?? century.getTime()) };
}

function newPrivateKey(ctx: Context, pem: string): StoredPrivateKey {
  try {
    createPrivateKey(pem);
  } catch {
    // assumed: the text.
    throw errors.invalidInput('The private key is not a valid PEM-encoded private key.');
  }
  return { KeyId: ctx.ids.text(ID_ALPHABET, 22), Timestamp: ctx.wholeSecond, sealed: ctx.seal(pem) };
}

/** Encryption that is required needs a key to decrypt with. */
function checkEncryption(provider: StoredSamlProvider): void {
  // assumed: the text.
  if (provider.AssertionEncryptionMode === 'Required' && provider.$.privateKeys.length === 0) throw errors.invalidInput('A private key is required when the assertion encryption mode is Required.');
}

async function createProvider(input: IamOperations['CreateSAMLProvider']['input'], ctx: Context): Promise<IamOperations['CreateSAMLProvider']['output']> {
  const { validUntil } = readMetadata(ctx, input.SAMLMetadataDocument);
  const Arn = `arn:aws:iam::${ctx.account}:saml-provider/${input.Name}`;
  // assumed: the text, and the quota's name on the wire.
  if (await ctx.find(samlProviders, Arn)) throw errors.entityAlreadyExists(`SAMLProvider with name ${input.Name} already exists.`);
  await checkQuota(ctx, 'L-DB618D39', (await ctx.list(samlProviders)).length, 'SAMLProvidersPerAccount');
  const provider: StoredSamlProvider = {
    Arn, SAMLProviderUUID: `SAMLSP${ctx.ids.text(ID_ALPHABET, 20)}`, SAMLMetadataDocument: input.SAMLMetadataDocument, CreateDate: ctx.wholeSecond, ValidUntil: validUntil, Tags: checkedTags(input.Tags),
    ...(input.AssertionEncryptionMode === undefined ? {} : { AssertionEncryptionMode: input.AssertionEncryptionMode }),
    $: { privateKeys: input.AddPrivateKey === undefined ? [] : [newPrivateKey(ctx, input.AddPrivateKey)] },
  };
  checkEncryption(provider);
  await ctx.create(samlProviders, provider);
  return { SAMLProviderArn: Arn, Tags: provider.Tags };
}

async function updateProvider(input: IamOperations['UpdateSAMLProvider']['input'], ctx: Context): Promise<IamOperations['UpdateSAMLProvider']['output']> {
  const provider = await providerOf(ctx, input.SAMLProviderArn);
  if (input.SAMLMetadataDocument !== undefined) {
    provider.ValidUntil = readMetadata(ctx, input.SAMLMetadataDocument).validUntil;
    provider.SAMLMetadataDocument = input.SAMLMetadataDocument;
  }
  if (input.AssertionEncryptionMode !== undefined) provider.AssertionEncryptionMode = input.AssertionEncryptionMode;
  if (input.RemovePrivateKey !== undefined) {
    const kept = provider.$.privateKeys.filter((k) => k.KeyId !== input.RemovePrivateKey);
    // assumed: the text.
    if (kept.length === provider.$.privateKeys.length) throw errors.noSuchEntity(`The private key with id ${input.RemovePrivateKey} cannot be found.`);
    provider.$.privateKeys = kept;
  }
  if (input.AddPrivateKey !== undefined) {
    // assumed: the quota's name on the wire.
    if (provider.$.privateKeys.length >= PRIVATE_KEYS_MAX) throw errors.limitExceeded('PrivateKeysPerSAMLProvider', PRIVATE_KEYS_MAX);
    provider.$.privateKeys.push(newPrivateKey(ctx, input.AddPrivateKey));
  }
  checkEncryption(provider);
  await ctx.save(samlProviders, provider);
  return { SAMLProviderArn: provider.Arn };
}

/** Form first, existence second. */
async function providerOf(ctx: Context, arn: string): Promise<StoredSamlProvider> {
  // assumed: the text for an ARN of another form.
  if (!/^arn:aws:iam::\d{12}:saml-provider\/[\w._-]+$/.test(arn)) throw errors.invalidInput(`Invalid SAMLProvider ARN: ${arn}`);
  return ctx.get(samlProviders, arn);
}

export const samlProviderOperations = {
  CreateSAMLProvider: createProvider,
  UpdateSAMLProvider: updateProvider,
  GetSAMLProvider: async (input, ctx) => {
    const { Arn: _arn, $: hidden, ...shown } = await providerOf(ctx, input.SAMLProviderArn);
    return { ...shown, ...(hidden.privateKeys.length === 0 ? {} : { PrivateKeyList: hidden.privateKeys.map(({ KeyId, Timestamp }) => ({ KeyId, Timestamp })) }) };
  },
  /** Not paged. https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListSAMLProviders.html */
  ListSAMLProviders: async (_input, ctx) => ({ SAMLProviderList: (await ctx.list(samlProviders)).map((p) => ({ Arn: p.Arn, ValidUntil: p.ValidUntil!, CreateDate: p.CreateDate! })) }),
  TagSAMLProvider: async (input, ctx) => {
    const provider = await providerOf(ctx, input.SAMLProviderArn);
    provider.Tags = joinedTags(provider.Tags, input.Tags);
    await ctx.save(samlProviders, provider);
  },
  UntagSAMLProvider: async (input, ctx) => {
    const provider = await providerOf(ctx, input.SAMLProviderArn);
    provider.Tags = provider.Tags.filter((t) => !input.TagKeys.includes(t.Key));
    await ctx.save(samlProviders, provider);
  },
  ListSAMLProviderTags: async (input, ctx) => {
    const { page, ...rest } = paged((await providerOf(ctx, input.SAMLProviderArn)).Tags, input);
    return { ...rest, Tags: page };
  },
  /** Roles that trust it stay as they are. https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteSAMLProvider.html */
  DeleteSAMLProvider: async (input, ctx) => ctx.remove(samlProviders, await providerOf(ctx, input.SAMLProviderArn)),
} satisfies Handlers<IamOperations>;
