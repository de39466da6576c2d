import * as sdk from '@aws-sdk/client-iam';
import { beforeAll, describe, expect, it } from 'vitest';
import { fogbank, refusal, type Fogbank } from '../../support/fogbank.ts';

let fb: Fogbank;
beforeAll(async () => {
  fb = await fogbank();
});
const create = (Url: string, more: Partial<sdk.CreateOpenIDConnectProviderCommandInput> = {}) => fb.iam.send(new sdk.CreateOpenIDConnectProviderCommand({ Url, ...more }));
const get = (OpenIDConnectProviderArn: string) => fb.iam.send(new sdk.GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }));
const ARN = 'arn:aws:iam::123456789012:oidc-provider';

it('a provider is answered with its URL without the scheme', async () => {
  const { clock } = fb.machine;
  clock.hold();
  clock.advance((1790 - (clock.now() % 1000)) % 1000);
  const made = await create('https://issuer.example.com/a/b', { ClientIDList: ['one', 'one', 'two'], ThumbprintList: ['A'.repeat(40)], Tags: [{ Key: 'k', Value: 'v' }] });
  expect(made).toMatchObject({ OpenIDConnectProviderArn: `${ARN}/issuer.example.com/a/b`, Tags: [{ Key: 'k', Value: 'v' }] });
  const got = await get(made.OpenIDConnectProviderArn!);
  expect(got).toMatchObject({ Url: 'issuer.example.com/a/b', ClientIDList: ['one', 'two'], ThumbprintList: ['A'.repeat(40)], Tags: [{ Key: 'k', Value: 'v' }] });
  // Unlike the rest of IAM, providers have their milliseconds.
  expect(got.CreateDate!.getMilliseconds()).toBe(790);
  const { OpenIDConnectProviderList } = await fb.iam.send(new sdk.ListOpenIDConnectProvidersCommand({}));
  expect(OpenIDConnectProviderList).toEqual([{ Arn: made.OpenIDConnectProviderArn }]);
});

describe('creation is refused', () => {
  it('for a URL that an account has already', async () => {
    await create('https://twice.example.com');
    expect(await refusal(create('https://twice.example.com'))).toEqual({ code: 'EntityAlreadyExists', message: 'Provider with url https://twice.example.com already exists.', status: 409 });
  });

  it.each(['example.org', 'http://example.org', 'https://example.org?x=1', 'https://example.org:8443', 'https://'])('for the URL %s', async (url) => {
    expect(await refusal(create(url))).toEqual({ code: 'ValidationError', message: 'Invalid Open ID Connect Provider URL', status: 400 });
  });

  it('for six thumbprints, one that is not hexadecimal, and 101 client ids', async () => {
    expect(await refusal(create('https://x.example.com', { ThumbprintList: Array(6).fill('a'.repeat(40)) }))).toMatchObject({ code: 'InvalidInput', message: 'Thumbprint list must contain fewer than 5 entries.' });
    expect((await refusal(create('https://x.example.com', { ThumbprintList: ['z'.repeat(40)] }))).code).toBe('InvalidInput');
    expect((await refusal(create('https://x.example.com', { ThumbprintList: ['a'.repeat(39)] }))).code).toBe('ValidationError');
    expect(await refusal(create('https://x.example.com', { ClientIDList: Array.from({ length: 101 }, (_, n) => `c${n}`) }))).toEqual({ code: 'LimitExceeded', message: 'Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: 100', status: 409 });
  });
});

it('client ids, thumbprints and tags change, and repeating a change does no harm', async () => {
  const { OpenIDConnectProviderArn = '' } = await create('https://changing.example.com');
  for (const ClientID of ['a', 'b', 'a']) await fb.iam.send(new sdk.AddClientIDToOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, ClientID }));
  for (let n = 0; n < 2; n++) await fb.iam.send(new sdk.RemoveClientIDFromOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, ClientID: 'b' }));
  await fb.iam.send(new sdk.UpdateOpenIDConnectProviderThumbprintCommand({ OpenIDConnectProviderArn, ThumbprintList: ['c'.repeat(40)] }));
  await fb.iam.send(new sdk.TagOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, Tags: [{ Key: 'x', Value: '1' }, { Key: 'y', Value: '2' }, { Key: 'z', Value: '3' }] }));
  await fb.iam.send(new sdk.UntagOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, TagKeys: ['y'] }));
  expect(await get(OpenIDConnectProviderArn)).toMatchObject({ ClientIDList: ['a'], ThumbprintList: ['c'.repeat(40)] });
  const first = await fb.iam.send(new sdk.ListOpenIDConnectProviderTagsCommand({ OpenIDConnectProviderArn, MaxItems: 1 }));
  expect(first).toMatchObject({ IsTruncated: true, Tags: [{ Key: 'x', Value: '1' }] });
  const second = await fb.iam.send(new sdk.ListOpenIDConnectProviderTagsCommand({ OpenIDConnectProviderArn, MaxItems: 1, Marker: first.Marker }));
  expect(second).toMatchObject({ IsTruncated: false, Tags: [{ Key: 'z', Value: '3' }] });
});

it('the hundred-and-first client id is one too many', async () => {
  const { OpenIDConnectProviderArn = '' } = await create('https://full.example.com', { ClientIDList: Array.from({ length: 100 }, (_, n) => `c${n}`) });
  await fb.iam.send(new sdk.AddClientIDToOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, ClientID: 'c0' }));
  expect((await refusal(fb.iam.send(new sdk.AddClientIDToOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, ClientID: 'more' })))).code).toBe('LimitExceeded');
});

it('a provider that is gone is not found, and may be deleted again', async () => {
  const { OpenIDConnectProviderArn = '' } = await create('https://gone.example.com');
  for (let n = 0; n < 2; n++) await fb.iam.send(new sdk.DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }));
  expect(await refusal(get(OpenIDConnectProviderArn))).toEqual({ code: 'NoSuchEntity', message: `OpenIDConnect Provider not found for arn ${OpenIDConnectProviderArn}`, status: 404 });
  expect((await refusal(get('arn:aws:iam::123456789012:role/other'))).code).toBe('InvalidInput');
});

it('without thumbprints it has the one of its issuer, with an empty list none', async () => {
  const listOf = async (url: string, more: Partial<sdk.CreateOpenIDConnectProviderCommandInput> = {}) => (await get((await create(url, more)).OpenIDConnectProviderArn!)).ThumbprintList ?? [];
  const [one] = await listOf('https://thumbs.example.com/one');
  expect(one).toMatch(/^[0-9a-f]{40}$/);
  expect(await listOf('https://thumbs.example.com/two')).toEqual([one]);
  expect(await listOf('https://thumbs.example.com/three', { ThumbprintList: [] })).toEqual([]);
});
