import type { ServiceSpecificCredential, ServiceSpecificCredentialMetadata } from '@aws-sdk/client-iam';
import type { IamOperations } from '../../fixtures/models/iam.ts';
import type { Wire } from '../../protocols/wire-types.ts';
import { hours, isoTime, resource, type Context, type Handlers } from '../../src/kit/index.ts';
import { ownerOf } from './access-keys.ts';
import { paged, uniqueId } from './entities.ts';
import * as errors from './errors.ts';
import { userNamed, users } from './users.ts';

/** The secret is sealed. */
export type StoredServiceCredential = Wire<ServiceSpecificCredentialMetadata> & { $: { userId: string; secret: string } };

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_service-specific-creds.html */
export const serviceSpecificCredentials = resource<StoredServiceCredential>({
  service: 'iam',
  kind: 'service-specific-credential',
  global: true,
  shape: 'ServiceSpecificCredentialMetadata',
  id: { member: 'ServiceSpecificCredentialId' },
  // assumed: the text.
  notFound: (ids) => errors.noSuchEntity(`The Service Specific Credential with id ${ids[0]} cannot be found.`),
  tags: null,
  references: { '$.userId': { kind: 'iam:user' } },
});

/** A user name and a password, or a long-term API key with its beginning. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_api_keys_for_aws_services.html */
const SERVICES: Readonly<Record<string, { readonly keyPrefix?: string }>> = {
  'codecommit.amazonaws.com': {},
  'cassandra.amazonaws.com': {},
  'bedrock.amazonaws.com': { keyPrefix: 'ABSK' },
  // assumed: how API keys of CloudWatch Logs begin.
  'logs.amazonaws.com': { keyPrefix: 'ACWL' },
};
const PER_USER_AND_SERVICE = 2;
const DAY_MS = hours(24);
const SECRET_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const SECRET_LENGTH = 43;

function serviceNamed(name: string): { readonly keyPrefix?: string } {
  if (!Object.hasOwn(SERVICES, name)) throw errors.serviceNotSupported(`The specified service ${name} does not support service-specific credentials.`);
  return SERVICES[name]!;
}

export const serviceCredentialsOf = (ctx: Context, userId: string): Promise<StoredServiceCredential[]> => ctx.list(serviceSpecificCredentials, { member: '$.userId', value: userId });

/** A user's second credential for a service is 'ada+1-at-123456789012'. */
function freeName(ctx: Context, userName: string, taken: readonly StoredServiceCredential[]): string {
  const names = taken.map((c) => c.ServiceUserName ?? c.ServiceCredentialAlias);
  for (let n = 0; ; n++) {
    const name = `${userName}${n === 0 ? '' : `+${n}`}-at-${ctx.account}`;
    if (!names.includes(name)) return name;
  }
}

/** The form of secrets that Git credentials have: base64 of 32 bytes. */
const newSecret = (ctx: Context): string => `${ctx.ids.text(SECRET_ALPHABET, SECRET_LENGTH)}=`;

/** What only its creation and its reset show. */
function withSecret(credential: StoredServiceCredential, secret: string): Wire<ServiceSpecificCredential> {
  const { $: _hidden, ...shown } = credential;
  const prefix = SERVICES[credential.ServiceName]!.keyPrefix;
  if (prefix === undefined) return { ...shown, ServicePassword: secret } as Wire<ServiceSpecificCredential>;
  // API keys carry their alias.
  return { ...shown, ServiceCredentialSecret: prefix + Buffer.from(`${credential.ServiceCredentialAlias}:${secret}`).toString('base64') } as Wire<ServiceSpecificCredential>;
}

function shown(ctx: Context, credential: StoredServiceCredential, userName: string): Wire<ServiceSpecificCredentialMetadata> {
  const expired = credential.ExpirationDate !== undefined && credential.ExpirationDate <= ctx.now;
  const { $: _hidden, ...rest } = credential;
  return { ...rest, UserName: userName, ...(expired ? { Status: 'Expired' } : {}) } as Wire<ServiceSpecificCredentialMetadata>;
}

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateServiceSpecificCredential.html */
async function create(input: IamOperations['CreateServiceSpecificCredential']['input'], ctx: Context): Promise<IamOperations['CreateServiceSpecificCredential']['output']> {
  const user = await userNamed(ctx, input.UserName);
  const { keyPrefix } = serviceNamed(input.ServiceName);
  if (input.CredentialAgeDays !== undefined && keyPrefix === undefined) throw errors.validationError(`CredentialAgeDays is not supported for service ${input.ServiceName}.`);
  const taken = (await serviceCredentialsOf(ctx, user.UserId!)).filter((c) => c.ServiceName === input.ServiceName);
  if (taken.length >= PER_USER_AND_SERVICE) throw errors.limitExceeded('ServiceSpecificCredentialsPerUser', PER_USER_AND_SERVICE);
  const name = freeName(ctx, user.UserName!, taken);
  const secret = newSecret(ctx);
  const credential = await ctx.create(serviceSpecificCredentials, {
    CreateDate: ctx.wholeSecond, ...(input.CredentialAgeDays === undefined ? {} : { ExpirationDate: `${isoTime(ctx.nowMs + input.CredentialAgeDays * DAY_MS).slice(0, 19)}.000Z` }),
    ServiceName: input.ServiceName, ...(keyPrefix === undefined ? { ServiceUserName: name } : { ServiceCredentialAlias: name }), ServiceSpecificCredentialId: uniqueId(ctx, 'ACCA'),
    UserName: user.UserName!, Status: 'Active', $: { userId: user.UserId!, secret: ctx.seal(secret) },
  });
  return { ServiceSpecificCredential: withSecret(credential, secret) };
}

async function credentialOf(ctx: Context, userName: string | undefined, id: string): Promise<StoredServiceCredential> {
  const owner = await ownerOf(ctx, userName);
  const credential = await ctx.get(serviceSpecificCredentials, id);
  if (credential.$.userId !== owner.userId) throw serviceSpecificCredentials.notFound([id]);
  return { ...credential, UserName: owner.name! };
}

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListServiceSpecificCredentials.html */
async function list(input: IamOperations['ListServiceSpecificCredentials']['input'], ctx: Context): Promise<IamOperations['ListServiceSpecificCredentials']['output']> {
  if (input.AllUsers === true && input.UserName !== undefined) throw errors.validationError('AllUsers cannot be specified together with UserName.');
  if (input.ServiceName !== undefined) serviceNamed(input.ServiceName);
  const all = input.AllUsers === true ? await ctx.list(serviceSpecificCredentials) : await serviceCredentialsOf(ctx, (await ownerOf(ctx, input.UserName)).userId);
  const { page, ...rest } = paged(all.filter((c) => input.ServiceName === undefined || c.ServiceName === input.ServiceName), input);
  const ServiceSpecificCredentials = [];
  for (const credential of page) ServiceSpecificCredentials.push(shown(ctx, credential, (await ctx.get(users, credential.$.userId)).UserName!));
  return { ...rest, ServiceSpecificCredentials };
}

export const serviceSpecificCredentialOperations = {
  CreateServiceSpecificCredential: create,
  ListServiceSpecificCredentials: list,
  UpdateServiceSpecificCredential: async (input, ctx) => {
    const credential = await credentialOf(ctx, input.UserName, input.ServiceSpecificCredentialId);
    if (input.Status === 'Expired') throw errors.validationError('Status must be Active or Inactive.');
    credential.Status = input.Status;
    await ctx.save(serviceSpecificCredentials, credential);
  },
  /** The new secret replaces the old one at once. https://docs.aws.amazon.com/IAM/latest/APIReference/API_ResetServiceSpecificCredential.html */
  ResetServiceSpecificCredential: async (input, ctx) => {
    const credential = await credentialOf(ctx, input.UserName, input.ServiceSpecificCredentialId);
    const secret = newSecret(ctx);
    credential.$.secret = ctx.seal(secret);
    await ctx.save(serviceSpecificCredentials, credential);
    return { ServiceSpecificCredential: withSecret(credential, secret) };
  },
  DeleteServiceSpecificCredential: async (input, ctx) => ctx.remove(serviceSpecificCredentials, await credentialOf(ctx, input.UserName, input.ServiceSpecificCredentialId)),
} satisfies Handlers<IamOperations>;
