import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { CreateOpenIDConnectProviderCommand, CreateRoleCommand, IAMClient, ListUsersCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { AssumeRoleWithWebIdentityCommand, GetCallerIdentityCommand, STSClient, type AssumeRoleWithWebIdentityCommandInput } from '@aws-sdk/client-sts';
import { beforeAll, describe, expect, it } from 'vitest';
import { fogbank, refusal, type Fogbank } from '../../support/fogbank.ts';

let fb: Fogbank;
const ISSUER = 'https://issuer.example.com/tenant';
const HOST = 'issuer.example.com/tenant';
const PROVIDER = `arn:aws:iam::123456789012:oidc-provider/${HOST}`;
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const jwk = (key: KeyObject, kid: string) => ({ ...key.export({ format: 'jwk' }), kid, use: 'sig' });
const seconds = () => Math.floor(fb.machine.clock.now() / 1000);

function token(claims: object = {}, header: { alg: 'RS256' | 'ES256'; kid: string } = { alg: 'RS256', kid: 'rsa' }, key = header.alg === 'RS256' ? rsa.privateKey : ec.privateKey): string {
  const text = `${part({ typ: 'JWT', ...header })}.${part({ iss: ISSUER, sub: 'repo:one', aud: 'client', iat: seconds(), exp: seconds() + 300, ...claims })}`;
  return `${text}.${sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

const assume = (WebIdentityToken: string, more: Partial<AssumeRoleWithWebIdentityCommandInput> = {}) => {
  const client = new STSClient({ endpoint: fb.endpoint, region: 'us-east-1', maxAttempts: 1, credentials: { accessKeyId: '', secretAccessKey: '' } });
  return client.send(new AssumeRoleWithWebIdentityCommand({ RoleArn: 'arn:aws:iam::123456789012:role/web', RoleSessionName: 'ci', WebIdentityToken, ...more }));
};
const put = (body: unknown) => fetch(`${fb.endpoint}/_fogbank/issuers`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
const role = (RoleName: string, Condition: object, Federated = PROVIDER, Action: unknown = 'sts:AssumeRoleWithWebIdentity') => fb.iam.send(new CreateRoleCommand({
  RoleName, AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', Principal: { Federated }, Action, Condition } }),
}));

beforeAll(async () => {
  fb = await fogbank();
  await fb.iam.send(new CreateOpenIDConnectProviderCommand({ Url: ISSUER, ClientIDList: ['client', 'other'] }));
  await role('web', { StringLike: { [`${HOST}:sub`]: 'repo:*' }, StringEquals: { [`${HOST}:aud`]: 'client' } });
  await put({ issuer: ISSUER, jwks: { keys: [jwk(rsa.publicKey, 'rsa'), jwk(ec.publicKey, 'ec')] } });
});

describe('keys of issuers', () => {
  it('are what the control route was told, and are read back', async () => {
    const answer = await fetch(`${fb.endpoint}/_fogbank/issuers?issuer=${encodeURIComponent(ISSUER)}`);
    expect(((await answer.json()) as { keys: { kid: string }[] }).keys.map((k) => k.kid)).toEqual(['rsa', 'ec']);
    expect((await fetch(`${fb.endpoint}/_fogbank/issuers?issuer=https://other.example.com`)).status).toBe(404);
    expect((await put({ issuer: 'http://plain.example.com', jwks: { keys: [] } })).status).toBe(400);
    expect((await put({ issuer: ISSUER })).status).toBe(400);
  });
});

it.each([{ alg: 'RS256', kid: 'rsa' } as const, { alg: 'ES256', kid: 'ec' } as const])('a token signed with $alg gives the role\'s credentials to who signs nothing', async (header) => {
  const answer = await assume(token({}, header), { DurationSeconds: 900 });
  expect(answer).toMatchObject({ SubjectFromWebIdentityToken: 'repo:one', Audience: 'client', Provider: PROVIDER, AssumedRoleUser: { Arn: 'arn:aws:sts::123456789012:assumed-role/web/ci' } });
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = answer.Credentials!;
  const config = fb.config({ accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken });
  expect((await new STSClient(config).send(new GetCallerIdentityCommand({}))).Arn).toBe('arn:aws:sts::123456789012:assumed-role/web/ci');
});

it('the claims stay condition keys of the session', async () => {
  const document = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 'iam:ListUsers', Resource: '*', Condition: { StringEquals: { [`${HOST}:sub`]: 'repo:one' } } } };
  await fb.iam.send(new PutRolePolicyCommand({ RoleName: 'web', PolicyName: 'list', PolicyDocument: JSON.stringify(document) }));
  const list = async (sub: string) => {
    const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = (await assume(token({ sub }))).Credentials!;
    return new IAMClient(fb.config({ accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken })).send(new ListUsersCommand({}));
  };
  expect((await list('repo:one')).Users).toEqual([]);
  expect((await refusal(list('repo:two'))).code).toBe('AccessDenied');
});

describe('a token is refused', () => {
  it('that is no JWT, or lacks a claim', async () => {
    expect(await refusal(assume('opaque'))).toEqual({ code: 'InvalidIdentityToken', message: 'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)', status: 400 });
    expect((await refusal(assume(token({ sub: undefined })))).message).toBe('Missing a required claim: sub');
  });

  it('that has expired, or is not valid yet', async () => {
    const past = seconds() - 1;
    const { code, message } = await refusal(assume(token({ exp: past })));
    expect(code).toBe('ExpiredTokenException');
    expect(message).toMatch(new RegExp(`^Token expired: current date/time \\d+ must be before the expiration date/time ${past}$`));
    expect((await refusal(assume(token({ nbf: seconds() + 60 })))).code).toBe('InvalidIdentityToken');
  });

  it('of an issuer that the account has no provider for', async () => {
    expect(await refusal(assume(token({ iss: 'https://stranger.example.com' })))).toMatchObject({ code: 'InvalidIdentityToken', message: 'No OpenIDConnect provider found in your account for https://stranger.example.com' });
  });

  it('of an issuer whose keys nobody has given', async () => {
    await fb.iam.send(new CreateOpenIDConnectProviderCommand({ Url: 'https://silent.example.com', ClientIDList: ['client'] }));
    expect((await refusal(assume(token({ iss: 'https://silent.example.com' })))).code).toBe('IDPCommunicationError');
  });

  it('with another key\'s signature, or a key that the issuer has not got, or none', async () => {
    const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    expect((await refusal(assume(token({}, { alg: 'RS256', kid: 'rsa' }, stranger)))).code).toBe('InvalidIdentityToken');
    expect((await refusal(assume(token({}, { alg: 'RS256', kid: 'gone' })))).message).toContain('Couldn\'t retrieve verification key');
    const unsigned = `${part({ alg: 'none' })}.${part({ iss: ISSUER, sub: 'x', aud: 'client', iat: seconds(), exp: seconds() + 60 })}.AA`;
    expect((await refusal(assume(unsigned))).code).toBe('InvalidIdentityToken');
    const [header, , signature] = token().split('.');
    expect((await refusal(assume(`${header}.${part({ iss: ISSUER, sub: 'repo:forged', aud: 'client', iat: seconds(), exp: seconds() + 60 })}.${signature}`))).code).toBe('InvalidIdentityToken');
  });

  it('for an audience that is none of the provider\'s clients', async () => {
    expect(await refusal(assume(token({ aud: 'stranger' })))).toMatchObject({ code: 'InvalidIdentityToken', message: 'Incorrect token audience' });
    expect((await refusal(assume(token({ aud: 'client', azp: 'stranger' })))).message).toBe('Incorrect token audience');
  });

  it('by a trust policy that wants another subject or audience, as by a role that does not exist', async () => {
    const message = 'Not authorized to perform sts:AssumeRoleWithWebIdentity';
    expect(await refusal(assume(token({ sub: 'user:one' })))).toEqual({ code: 'AccessDenied', message, status: 403 });
    expect((await refusal(assume(token({ aud: 'other' })))).message).toBe(message);
    expect((await refusal(assume(token(), { RoleArn: 'arn:aws:iam::123456789012:role/none' }))).message).toBe(message);
    await role('ordinary', {}, PROVIDER, 'sts:AssumeRole');
    expect((await refusal(assume(token(), { RoleArn: 'arn:aws:iam::123456789012:role/ordinary' }))).message).toBe(message);
  });

  it('for longer than the role lasts', async () => {
    expect((await refusal(assume(token(), { DurationSeconds: 7200 }))).message).toBe('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
  });
});

it('tags and a source identity come in the token, where the trust policy lets them', async () => {
  const claims = { 'https://aws.amazon.com/tags': { principal_tags: { team: ['a'] }, transitive_tag_keys: ['team'] }, 'https://aws.amazon.com/source_identity': 'ada' };
  expect((await refusal(assume(token(claims)))).message).toBe('Not authorized to perform sts:TagSession');
  await role('tagged', { StringEquals: { 'aws:RequestTag/team': 'a' } }, PROVIDER, ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession', 'sts:SetSourceIdentity']);
  const answer = await assume(token(claims), { RoleArn: 'arn:aws:iam::123456789012:role/tagged' });
  expect(answer).toMatchObject({ SourceIdentity: 'ada' });
  expect(answer.PackedPolicySize).toBeGreaterThan(0);
});

it('accounts.google.com needs no provider of the account', async () => {
  await role('google', { StringEquals: { 'accounts.google.com:sub': '42', 'accounts.google.com:aud': 'app', 'accounts.google.com:oaud': 'server' } }, 'accounts.google.com');
  await put({ issuer: 'https://accounts.google.com', jwks: { keys: [jwk(rsa.publicKey, 'rsa')] } });
  const answer = await assume(token({ iss: 'accounts.google.com', sub: '42', azp: 'app', aud: 'server' }), { RoleArn: 'arn:aws:iam::123456789012:role/google' });
  expect(answer).toMatchObject({ Provider: 'accounts.google.com', Audience: 'app' });
});
