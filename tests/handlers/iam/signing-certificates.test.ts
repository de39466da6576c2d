import { beforeAll, expect, it } from 'vitest';
import { fogbank, type Fogbank } from '../../support/fogbank.ts';
import { callsAs, iamCalls } from '../../support/iam.ts';
import { old, one, three, two } from './pem.ts';

let fb: Fogbank;
const { go, refused } = iamCalls(() => fb.iam);
const upload = async (UserName: string, CertificateBody: string) => (await go('UploadSigningCertificate', { UserName, CertificateBody })).Certificate;

beforeAll(async () => {
  fb = await fogbank();
  for (const UserName of ['ada', 'grace']) await go('CreateUser', { UserName });
});

it('a user has two certificates, each once in the account', async () => {
  const certificate = await upload('ada', one);
  expect(certificate).toMatchObject({ UserName: 'ada', CertificateBody: one, Status: 'Active' });
  expect(certificate.CertificateId).toMatch(/^[A-Z2-7]{32}$/);
  expect(await refused('UploadSigningCertificate', { UserName: 'grace', CertificateBody: one })).toMatchObject({ code: 'DuplicateCertificate', status: 409 });
  await upload('ada', two);
  expect(await refused('UploadSigningCertificate', { UserName: 'ada', CertificateBody: three })).toEqual({ code: 'LimitExceeded', message: 'Cannot exceed quota for CertificatesPerUser: 2', status: 409 });
  const { Certificates } = await go('ListSigningCertificates', { UserName: 'ada' });
  expect(Certificates.map((c: { CertificateBody: string }) => c.CertificateBody)).toEqual([one, two]);
});

it.each([['nothing like it', 'notacert'], ['two at once', one + two], ['one with a letter gone', one.replace(/\n[A-Za-z]/, '\n')]])('%s is malformed', async (_name, CertificateBody) => {
  expect(await refused('UploadSigningCertificate', { UserName: 'grace', CertificateBody })).toEqual({ code: 'MalformedCertificate', message: 'Unable to parse certificate. Please ensure the certificate is in PEM format.', status: 400 });
});

it('an expired certificate is invalid', async () => {
  expect(await refused('UploadSigningCertificate', { UserName: 'grace', CertificateBody: old })).toMatchObject({ code: 'InvalidCertificate', status: 400 });
});

it('a certificate is its user\'s alone, is switched off and on, and holds the user', async () => {
  const { CertificateId } = await upload('grace', three);
  expect(await refused('UpdateSigningCertificate', { UserName: 'ada', CertificateId, Status: 'Inactive' })).toEqual({ code: 'NoSuchEntity', message: `The Certificate with id ${CertificateId} cannot be found.`, status: 404 });
  const grace = await callsAs(fb, 'grace');
  await grace.go('UpdateSigningCertificate', { CertificateId, Status: 'Inactive' });
  expect((await go('ListSigningCertificates', { UserName: 'grace' })).Certificates).toMatchObject([{ UserName: 'grace', Status: 'Inactive' }]);
  const [key] = (await go('ListAccessKeys', { UserName: 'grace' })).AccessKeyMetadata;
  await go('DeleteAccessKey', { UserName: 'grace', AccessKeyId: key.AccessKeyId });
  await go('DeleteUserPolicy', { UserName: 'grace', PolicyName: 'everything' });
  expect(await refused('DeleteUser', { UserName: 'grace' })).toMatchObject({ code: 'DeleteConflict', message: 'Cannot delete entity, must delete certificates first.' });
  await go('DeleteSigningCertificate', { UserName: 'grace', CertificateId });
  expect((await refused('DeleteSigningCertificate', { UserName: 'grace', CertificateId })).code).toBe('NoSuchEntity');
  await go('DeleteUser', { UserName: 'grace' });
});

it('a user that is not there is named', async () => {
  expect((await refused('UploadSigningCertificate', { UserName: 'nobody', CertificateBody: one })).message).toBe('The user with name nobody cannot be found.');
});
