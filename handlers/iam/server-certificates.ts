import { createPrivateKey, type KeyObject } from 'node:crypto';
import type { ServerCertificate, ServerCertificateMetadata } from '@aws-sdk/client-iam';
import type { IamOperations } from '../../fixtures/models/iam.ts';
import type { Wire } from '../../protocols/wire-types.ts';
import { resource, type Context, type Handlers } from '../../src/kit/index.ts';
import { checkChain, expirationOf, readCertificate, untimely } from './certificates.ts';
import { arnOf, byName, checkedTags, checkQuota, joinedTags, paged, underPath, uniqueId, type Entity, type Hidden } from './entities.ts';
import * as errors from './errors.ts';

/** Keyed by its unique id, since it can be renamed. The private key is sealed, and no operation answers it. */
export type StoredServerCertificate = Wire<ServerCertificateMetadata> & Entity & { $: Hidden & { body: string; chain?: string; privateKey: string } };

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_server-certs.html */
export const serverCertificates = resource<StoredServerCertificate>({
  service: 'iam',
  kind: 'server-certificate',
  global: true,
  shape: 'ServerCertificateMetadata',
  id: { member: 'ServerCertificateId' },
  notFound: (names) => errors.noSuchEntity(`The Server Certificate with name ${names[0]} cannot be found.`),
  inUse: (id, by) => errors.deleteConflict(`Certificate: ${id} is currently in use by ${by[0]!.id}. Please remove it first before deleting it from IAM.`),
  arn: (c) => c.Arn,
  indexed: ['$.lower'],
});

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */

const certificateNamed = (ctx: Context, name: string): Promise<StoredServerCertificate> => byName(ctx, serverCertificates, 'ServerCertificateName', name);

async function refuseNamesake(ctx: Context, name: string): Promise<void> {
  if ((await ctx.list(serverCertificates, { member: '$.lower', value: name.toLowerCase() })).length > 0) throw errors.entityAlreadyExists(`The Server Certificate with name ${name} already exists.`);
}

/** PEM, not encrypted: "the private key must be in unencrypted PEM format". */
function readPrivateKey(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    // assumed: the text for a private key that cannot be read.
    throw errors.malformedCertificate('Unable to parse private key. Please ensure the private key is in unencrypted PEM format.');
  }
}

const metadata = ({ $: _hidden, Tags: _tags, ...shown }: StoredServerCertificate): Wire<ServerCertificateMetadata> => shown;

async function upload(input: IamOperations['UploadServerCertificate']['input'], ctx: Context): Promise<IamOperations['UploadServerCertificate']['output']> {
  await refuseNamesake(ctx, input.ServerCertificateName);
  const certificate = readCertificate(input.CertificateBody);
  const key = readPrivateKey(input.PrivateKey);
  // assumed: the text for a key of another certificate.
  if (!certificate.checkPrivateKey(key)) throw errors.keyPairMismatch('The public key of the certificate and the private key do not match.');
  const problem = untimely(certificate, ctx.nowMs);
  if (problem !== undefined) throw errors.malformedCertificate(problem);
  if (input.CertificateChain !== undefined) checkChain(certificate, input.CertificateChain);
  await checkQuota(ctx, 'L-BF35879D', (await ctx.list(serverCertificates)).length, 'ServerCertificatesPerAccount');
  const path = input.Path ?? '/';
  const stored = await ctx.create(serverCertificates, {
    Path: path, ServerCertificateName: input.ServerCertificateName, ServerCertificateId: uniqueId(ctx, 'ASCA'), Arn: arnOf(ctx, 'server-certificate', path, input.ServerCertificateName),
    UploadDate: ctx.wholeSecond, Expiration: expirationOf(certificate), Tags: checkedTags(input.Tags),
    // What a file ends with is not answered again: https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/iam/server_certificate.go
    // compares what AWS answers with the trimmed text, and would replace every certificate otherwise.
    $: { lower: input.ServerCertificateName.toLowerCase(), body: input.CertificateBody.trim(), ...(input.CertificateChain === undefined ? {} : { chain: input.CertificateChain.trim() }), privateKey: ctx.seal(input.PrivateKey) },
  });
  return { ServerCertificateMetadata: metadata(stored), ...tagsOf(stored) };
}

const tagsOf = (certificate: StoredServerCertificate) => (certificate.Tags!.length > 0 ? { Tags: certificate.Tags! } : {});

function shown(certificate: StoredServerCertificate): Wire<ServerCertificate> {
  const { body, chain } = certificate.$;
  return { ServerCertificateMetadata: metadata(certificate), CertificateBody: body, ...(chain === undefined ? {} : { CertificateChain: chain }), ...tagsOf(certificate) };
}

async function update(input: IamOperations['UpdateServerCertificate']['input'], ctx: Context): Promise<void> {
  const certificate = await certificateNamed(ctx, input.ServerCertificateName);
  const name = input.NewServerCertificateName ?? certificate.ServerCertificateName;
  if (name.toLowerCase() !== certificate.$.lower) await refuseNamesake(ctx, name);
  certificate.ServerCertificateName = name;
  certificate.Path = input.NewPath ?? certificate.Path;
  certificate.$.lower = name.toLowerCase();
  certificate.Arn = arnOf(ctx, 'server-certificate', certificate.Path, name);
  await ctx.save(serverCertificates, certificate);
}

export const serverCertificateOperations = {
  UploadServerCertificate: upload,
  GetServerCertificate: async (input, ctx) => ({ ServerCertificate: shown(await certificateNamed(ctx, input.ServerCertificateName)) }),
  ListServerCertificates: async (input, ctx) => {
    const { page, ...rest } = paged(await underPath(ctx, serverCertificates, input.PathPrefix), input);
    return { ...rest, ServerCertificateMetadataList: page.map(metadata) };
  },
  UpdateServerCertificate: update,
  DeleteServerCertificate: async (input, ctx) => {
    const certificate = await certificateNamed(ctx, input.ServerCertificateName);
    await ctx.refuseWhileReferred(serverCertificates, certificate.ServerCertificateId);
    await ctx.remove(serverCertificates, certificate);
  },
  TagServerCertificate: async (input, ctx) => {
    const certificate = await certificateNamed(ctx, input.ServerCertificateName);
    certificate.Tags = joinedTags(certificate.Tags, input.Tags);
    await ctx.save(serverCertificates, certificate);
  },
  UntagServerCertificate: async (input, ctx) => {
    const certificate = await certificateNamed(ctx, input.ServerCertificateName);
    certificate.Tags = certificate.Tags!.filter((t) => !input.TagKeys.includes(t.Key));
    await ctx.save(serverCertificates, certificate);
  },
  ListServerCertificateTags: async (input, ctx) => {
    const { page, ...rest } = paged((await certificateNamed(ctx, input.ServerCertificateName)).Tags ?? [], input);
    return { ...rest, Tags: page };
  },
} satisfies Handlers<IamOperations>;
