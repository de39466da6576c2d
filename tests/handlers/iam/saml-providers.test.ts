import { generateKeyPairSync } from 'node:crypto';
import * as sdk from '@aws-sdk/client-iam';
import { beforeAll, expect, it } from 'vitest';
import { fogbank, refusal, type Fogbank } from '../../support/fogbank.ts';

let fb: Fogbank;
beforeAll(async () => {
  fb = await fogbank();
});
const metadata = (attributes = '', body = '') => `<?xml version="1.0"?>\n<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://idp.example.com"${attributes}>${body}<!-- ${'x'.repeat(1000)} --></md:EntityDescriptor>`;
const pem = (): string => String(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }));
const create = (Name: string, more: Partial<sdk.CreateSAMLProviderCommandInput> = {}) => fb.iam.send(new sdk.CreateSAMLProviderCommand({ Name, SAMLMetadataDocument: metadata(), ...more }));
const get = (SAMLProviderArn: string) => fb.iam.send(new sdk.GetSAMLProviderCommand({ SAMLProviderArn }));

it('a provider keeps its metadata, and is valid for a century where that says nothing', async () => {
  const { SAMLProviderArn = '', Tags } = await create('idp', { Tags: [{ Key: 'k', Value: 'v' }] });
  expect(SAMLProviderArn).toBe('arn:aws:iam::123456789012:saml-provider/idp');
  expect(Tags).toEqual([{ Key: 'k', Value: 'v' }]);
  const got = await get(SAMLProviderArn);
  expect(got).toMatchObject({ SAMLMetadataDocument: metadata(), Tags: [{ Key: 'k', Value: 'v' }] });
  expect(got.SAMLProviderUUID).toMatch(/^[A-Z0-9]{22,64}$/);
  expect(got.ValidUntil!.getUTCFullYear() - got.CreateDate!.getUTCFullYear()).toBe(100);
  const { SAMLProviderList } = await fb.iam.send(new sdk.ListSAMLProvidersCommand({}));
  expect(SAMLProviderList).toEqual([{ Arn: SAMLProviderArn, CreateDate: got.CreateDate, ValidUntil: got.ValidUntil }]);
});

it.each([['no XML', 'a'.repeat(1024)], ['an open element', `<EntityDescriptor entityID="x">${' '.repeat(1000)}`], ['another root', `<Other entityID="x">${' '.repeat(1000)}</Other>`], ['no entityID', `<EntityDescriptor>${' '.repeat(1000)}</EntityDescriptor>`]])('metadata that is %s is refused', async (_what, SAMLMetadataDocument) => {
  expect(await refusal(create('bad', { SAMLMetadataDocument }))).toEqual({ code: 'InvalidInput', message: 'Could not parse metadata', status: 400 });
});

it('metadata of less than a thousand characters is refused by the model', async () => {
  expect((await refusal(create('short', { SAMLMetadataDocument: '<EntityDescriptor entityID="x"/>' }))).code).toBe('ValidationError');
});

it('a name is taken once', async () => {
  await create('twice');
  expect(await refusal(create('twice'))).toMatchObject({ code: 'EntityAlreadyExists', status: 409 });
});

it('an update replaces the metadata and its end', async () => {
  const { SAMLProviderArn = '' } = await create('updated');
  const SAMLMetadataDocument = metadata(' validUntil="2040-01-02T03:04:05Z"');
  expect(await fb.iam.send(new sdk.UpdateSAMLProviderCommand({ SAMLProviderArn, SAMLMetadataDocument }))).toMatchObject({ SAMLProviderArn });
  expect(await get(SAMLProviderArn)).toMatchObject({ SAMLMetadataDocument, ValidUntil: new Date('2040-01-02T03:04:05Z') });
});

it('two private keys at most are kept and never shown; encryption that is required needs one', async () => {
  expect((await refusal(create('locked', { AssertionEncryptionMode: 'Required' }))).code).toBe('InvalidInput');
  expect((await refusal(create('locked', { AddPrivateKey: 'no key' }))).code).toBe('InvalidInput');
  const { SAMLProviderArn = '' } = await create('locked', { AssertionEncryptionMode: 'Required', AddPrivateKey: pem() });
  const update = (more: Partial<sdk.UpdateSAMLProviderCommandInput>) => fb.iam.send(new sdk.UpdateSAMLProviderCommand({ SAMLProviderArn, ...more }));
  await update({ AddPrivateKey: pem() });
  expect(await refusal(update({ AddPrivateKey: pem() }))).toMatchObject({ code: 'LimitExceeded', status: 409 });
  const { PrivateKeyList = [], AssertionEncryptionMode } = await get(SAMLProviderArn);
  expect(AssertionEncryptionMode).toBe('Required');
  expect(PrivateKeyList.map((k) => Object.keys(k).sort())).toEqual([['KeyId', 'Timestamp'], ['KeyId', 'Timestamp']]);
  await update({ RemovePrivateKey: PrivateKeyList[0]!.KeyId! });
  expect((await refusal(update({ RemovePrivateKey: PrivateKeyList[1]!.KeyId! }))).code).toBe('InvalidInput');
  expect((await refusal(update({ RemovePrivateKey: PrivateKeyList[0]!.KeyId! }))).code).toBe('NoSuchEntity');
  expect((await get(SAMLProviderArn)).PrivateKeyList).toEqual([PrivateKeyList[1]]);
});

it('tags come and go, in pages', async () => {
  const { SAMLProviderArn = '' } = await create('tagged');
  await fb.iam.send(new sdk.TagSAMLProviderCommand({ SAMLProviderArn, Tags: [{ Key: 'a', Value: '1' }, { Key: 'b', Value: '2' }, { Key: 'c', Value: '3' }] }));
  await fb.iam.send(new sdk.UntagSAMLProviderCommand({ SAMLProviderArn, TagKeys: ['b'] }));
  const first = await fb.iam.send(new sdk.ListSAMLProviderTagsCommand({ SAMLProviderArn, MaxItems: 1 }));
  const second = await fb.iam.send(new sdk.ListSAMLProviderTagsCommand({ SAMLProviderArn, MaxItems: 1, Marker: first.Marker }));
  expect([first.Tags, second.Tags, second.IsTruncated]).toEqual([[{ Key: 'a', Value: '1' }], [{ Key: 'c', Value: '3' }], false]);
});

it('a deleted provider is not found', async () => {
  const { SAMLProviderArn = '' } = await create('gone');
  await fb.iam.send(new sdk.DeleteSAMLProviderCommand({ SAMLProviderArn }));
  expect(await refusal(get(SAMLProviderArn))).toEqual({ code: 'NoSuchEntity', message: `Manifest not found for arn ${SAMLProviderArn}`, status: 404 });
  expect((await refusal(fb.iam.send(new sdk.DeleteSAMLProviderCommand({ SAMLProviderArn })))).code).toBe('NoSuchEntity');
});
