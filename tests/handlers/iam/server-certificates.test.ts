import { beforeAll, expect, it } from 'vitest';
import { fogbank, type Fogbank } from '../../support/fogbank.ts';
import { iamCalls } from '../../support/iam.ts';
import { leaf, leafKey, mid, old, oldKey, one, oneKey, root } from './pem.ts';

let fb: Fogbank;
const { go, refused } = iamCalls(() => fb.iam);
const upload = (over: Record<string, unknown>) => ({ ServerCertificateName: 'refused', CertificateBody: one, PrivateKey: oneKey, ...over });
const names = async (input: Record<string, unknown>) => (await go('ListServerCertificates', input)).ServerCertificateMetadataList.map((c: { ServerCertificateName: string }) => c.ServerCertificateName);

beforeAll(async () => {
  fb = await fogbank({ quotas: 'enforce' });
});

it('a certificate is answered with its chain and expiration, and without its key', async () => {
  const { ServerCertificateMetadata, Tags } = await go('UploadServerCertificate', { ServerCertificateName: 'web', Path: '/cloudfront/', CertificateBody: leaf, PrivateKey: leafKey, CertificateChain: mid + root, Tags: [{ Key: 'a', Value: '1' }] });
  expect(ServerCertificateMetadata).toMatchObject({ Path: '/cloudfront/', ServerCertificateName: 'web', Arn: 'arn:aws:iam::123456789012:server-certificate/cloudfront/web' });
  expect(ServerCertificateMetadata.ServerCertificateId).toMatch(/^ASCA[A-Z2-7]{17}$/);
  expect(ServerCertificateMetadata.Expiration.toISOString()).toBe('2126-10-28T10:26:48.000Z');
  expect(Tags).toEqual([{ Key: 'a', Value: '1' }]);
  const { ServerCertificate } = await go('GetServerCertificate', { ServerCertificateName: 'web' });
  // What it ends with is not answered again.
  expect(ServerCertificate).toMatchObject({ CertificateBody: leaf.trim(), CertificateChain: (mid + root).trim(), ServerCertificateMetadata, Tags });
  expect(JSON.stringify(ServerCertificate)).not.toContain('PRIVATE KEY');
});

it.each([
  ['a body that is none', { CertificateBody: 'certbody' }, 'MalformedCertificate', 'Unable to parse certificate. Please ensure the certificate is in PEM format.'],
  ['a key that is none', { PrivateKey: 'privatekey' }, 'MalformedCertificate', 'private key'],
  ['the key of another', { PrivateKey: leafKey }, 'KeyPairMismatch', 'do not match'],
  ['an expired one', { CertificateBody: old, PrivateKey: oldKey }, 'MalformedCertificate', 'Certificate is no longer valid. The \'Not After\' date restriction on the certificate has passed.'],
  ['a chain that does not sign it', { CertificateChain: root }, 'MalformedCertificate', 'The index within the chain of the invalid certificate is: -1'],
  ['a chain out of order', { CertificateBody: leaf, PrivateKey: leafKey, CertificateChain: mid + one }, 'MalformedCertificate', 'The index within the chain of the invalid certificate is: 0'],
])('%s is refused', async (_name, over, code, text) => {
  const refusal = await refused('UploadServerCertificate', upload(over));
  expect(refusal).toMatchObject({ code, status: 400 });
  expect(refusal.message).toContain(text);
});

it('names are unique whatever their case, also when they change', async () => {
  await go('UploadServerCertificate', upload({ ServerCertificateName: 'Api' }));
  expect(await refused('UploadServerCertificate', upload({ ServerCertificateName: 'api' }))).toEqual({ code: 'EntityAlreadyExists', message: 'The Server Certificate with name api already exists.', status: 409 });
  expect((await refused('UpdateServerCertificate', { ServerCertificateName: 'Api', NewServerCertificateName: 'web' })).code).toBe('EntityAlreadyExists');
  await go('UpdateServerCertificate', { ServerCertificateName: 'Api', NewServerCertificateName: 'api', NewPath: '/x/' });
  expect((await refused('GetServerCertificate', { ServerCertificateName: 'Api' })).message).toBe('The Server Certificate with name Api cannot be found.');
  const { ServerCertificate } = await go('GetServerCertificate', { ServerCertificateName: 'api' });
  expect(ServerCertificate.ServerCertificateMetadata.Arn).toBe('arn:aws:iam::123456789012:server-certificate/x/api');
  expect([ServerCertificate.CertificateChain, ServerCertificate.Tags]).toEqual([undefined, undefined]);
});

it('certificates are listed under a path, in pages', async () => {
  expect(await names({ PathPrefix: '/cloudfront/' })).toEqual(['web']);
  const { Marker, IsTruncated } = await go('ListServerCertificates', { MaxItems: 1 });
  expect(IsTruncated).toBe(true);
  expect(await names({ Marker })).toEqual(['web']);
});

it('tags come and go', async () => {
  await go('TagServerCertificate', { ServerCertificateName: 'web', Tags: [{ Key: 'A', Value: '2' }, { Key: 'b', Value: '3' }] });
  await go('UntagServerCertificate', { ServerCertificateName: 'web', TagKeys: ['b'] });
  expect((await go('ListServerCertificateTags', { ServerCertificateName: 'web' })).Tags).toEqual([{ Key: 'A', Value: '2' }]);
});

it('an account has twenty at most, and a deleted one makes room', async () => {
  for (let n = 2; n < 20; n++) await go('UploadServerCertificate', upload({ ServerCertificateName: `many${n}` }));
  expect(await refused('UploadServerCertificate', upload({}))).toMatchObject({ code: 'LimitExceeded', message: 'Cannot exceed quota for ServerCertificatesPerAccount: 20' });
  await go('DeleteServerCertificate', { ServerCertificateName: 'many2' });
  expect((await refused('DeleteServerCertificate', { ServerCertificateName: 'many2' })).code).toBe('NoSuchEntity');
  await go('UploadServerCertificate', upload({}));
});
