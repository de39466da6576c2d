import type { SigningCertificate } from '@aws-sdk/client-iam';
import type { IamOperations } from '../../fixtures/models/iam.ts';
import type { Wire } from '../../protocols/wire-types.ts';
import { BASE32, resource, type Context, type Handlers } from '../../src/kit/index.ts';
import { ownerOf } from './access-keys.ts';
import { readCertificate, untimely } from './certificates.ts';
import { paged } from './entities.ts';
import * as errors from './errors.ts';

/** Root may have signing certificates too: then `$.userId` is the account. `$.print` is the certificate's SHA-256. */
export type StoredSigningCertificate = Omit<Wire<SigningCertificate>, 'UserName'> & { $: { userId: string; print: string } };

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_UploadSigningCertificate.html */
export const signingCertificates = resource<StoredSigningCertificate>({
  service: 'iam',
  kind: 'signing-certificate',
  global: true,
  shape: 'SigningCertificate',
  id: { member: 'CertificateId' },
  notFound: (ids) => errors.noSuchEntity(`The Certificate with id ${ids[0]} cannot be found.`),
  tags: null,
  references: { '$.userId': { kind: 'iam:user' } },
  indexed: ['$.print'],
});

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const CERTIFICATES_PER_USER = 2;
// assumed: the length of a certificate's id.
const ID_LENGTH = 32;

export const signingCertificatesOf = (ctx: Context, userId: string): Promise<StoredSigningCertificate[]> => ctx.list(signingCertificates, { member: '$.userId', value: userId });

async function certificateOf(ctx: Context, userName: string | undefined, id: string): Promise<StoredSigningCertificate> {
  const owner = await ownerOf(ctx, userName);
  const certificate = await ctx.get(signingCertificates, id);
  if (certificate.$.userId !== owner.userId) throw signingCertificates.notFound([id]);
  return certificate;
}

async function upload(input: IamOperations['UploadSigningCertificate']['input'], ctx: Context): Promise<IamOperations['UploadSigningCertificate']['output']> {
  const owner = await ownerOf(ctx, input.UserName);
  const certificate = readCertificate(input.CertificateBody);
  const problem = untimely(certificate, ctx.nowMs);
  if (problem !== undefined) throw errors.invalidCertificate(problem);
  const print = certificate.fingerprint256;
  // assumed: the text for a certificate that some user of the account has already.
  if ((await ctx.list(signingCertificates, { member: '$.print', value: print })).length > 0) throw errors.duplicateCertificate('The same certificate is associated with an IAM user in the account.');
  if ((await signingCertificatesOf(ctx, owner.userId)).length >= CERTIFICATES_PER_USER) throw errors.limitExceeded('CertificatesPerUser', CERTIFICATES_PER_USER);
  const stored = await ctx.create(signingCertificates, {
    CertificateId: ctx.ids.text(BASE32, ID_LENGTH), CertificateBody: input.CertificateBody, Status: 'Active', UploadDate: ctx.wholeSecond, $: { userId: owner.userId, print },
  });
  return { Certificate: { ...stored, UserName: owner.name ?? '' } };
}

export const signingCertificateOperations = {
  UploadSigningCertificate: upload,
  ListSigningCertificates: async (input, ctx) => {
    const owner = await ownerOf(ctx, input.UserName);
    const { page, ...rest } = paged(await signingCertificatesOf(ctx, owner.userId), input);
    return { ...rest, Certificates: page.map((c) => ({ ...c, UserName: owner.name ?? '' })) };
  },
  UpdateSigningCertificate: async (input, ctx) => {
    const certificate = await certificateOf(ctx, input.UserName, input.CertificateId);
    if (input.Status === 'Expired') throw errors.invalidInput('Status must be Active or Inactive.');
    certificate.Status = input.Status;
    await ctx.save(signingCertificates, certificate);
  },
  DeleteSigningCertificate: async (input, ctx) => ctx.remove(signingCertificates, await certificateOf(ctx, input.UserName, input.CertificateId)),
} satisfies Handlers<IamOperations>;
