import { createPublicKey, verify, type JsonWebKey } from 'node:crypto';
import { CreateOpenIDConnectProviderCommand, CreateRoleCommand, DisableOutboundWebIdentityFederationCommand, EnableOutboundWebIdentityFederationCommand, GetOutboundWebIdentityFederationInfoCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, AssumeRoleWithWebIdentityCommand, GetWebIdentityTokenCommand, STSClient, type GetWebIdentityTokenCommandInput } from '@aws-sdk/client-sts';
import { beforeAll, expect, it } from 'vitest';
import { fogbank, refusal, type Fogbank } from '../../support/fogbank.ts';

let fb: Fogbank;
let issuer: string;
const get = (more: Partial<GetWebIdentityTokenCommandInput> = {}, sts = fb.sts) => sts.send(new GetWebIdentityTokenCommand({ Audience: ['https://api.example.com'], SigningAlgorithm: 'ES384', ...more }));
const json = (part: string | undefined) => JSON.parse(Buffer.from(part!, 'base64url').toString()) as Record<string, unknown>;

beforeAll(async () => {
  fb = await fogbank();
});

it('the account has to enable it, once', async () => {
  const info = () => fb.iam.send(new GetOutboundWebIdentityFederationInfoCommand({}));
  expect(await refusal(info())).toMatchObject({ code: 'FeatureDisabled', status: 404 });
  expect(await refusal(get())).toMatchObject({ code: 'OutboundWebIdentityFederationDisabledException', status: 403 });
  issuer = (await fb.iam.send(new EnableOutboundWebIdentityFederationCommand({}))).IssuerIdentifier!;
  expect(issuer).toMatch(/^https:\/\/[0-9a-f-]{36}\.tokens\.sts\.global\.api\.aws$/);
  expect(await refusal(fb.iam.send(new EnableOutboundWebIdentityFederationCommand({})))).toMatchObject({ code: 'FeatureEnabled', status: 409 });
  expect(await info()).toMatchObject({ IssuerIdentifier: issuer, JwtVendingEnabled: true });
  await fb.iam.send(new DisableOutboundWebIdentityFederationCommand({}));
  expect(await refusal(fb.iam.send(new DisableOutboundWebIdentityFederationCommand({})))).toMatchObject({ code: 'FeatureDisabled', status: 404 });
  expect(await info()).toMatchObject({ IssuerIdentifier: issuer, JwtVendingEnabled: false });
  expect((await fb.iam.send(new EnableOutboundWebIdentityFederationCommand({}))).IssuerIdentifier).toBe(issuer);
});

it.each([['RS256', 'sha256'], ['ES384', 'sha384']] as const)('a token signed with %s is verified by the issuer\'s keys', async (SigningAlgorithm, hash) => {
  const { WebIdentityToken = '', Expiration } = await get({ SigningAlgorithm, DurationSeconds: 60, Tags: [{ Key: 'job', Value: '7' }] });
  const [header, claims, signature] = WebIdentityToken.split('.');
  const { keys } = (await (await fetch(`${fb.endpoint}/_fogbank/issuers?issuer=${encodeURIComponent(issuer)}`)).json()) as { keys: (JsonWebKey & { kid: string })[] };
  const key = createPublicKey({ format: 'jwk', key: keys.find((k) => k.kid === json(header).kid)! });
  expect(verify(hash, Buffer.from(`${header}.${claims}`), { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature!, 'base64url'))).toBe(true);
  expect(json(claims)).toMatchObject({ iss: issuer, aud: 'https://api.example.com', sub: 'arn:aws:iam::123456789012:root', exp: Expiration!.getTime() / 1000, 'https://sts.amazonaws.com/': { aws_account: '123456789012', source_region: 'us-east-1', request_tags: { job: '7' } } });
});

it('a role\'s token names the role, and does not outlive the session', async () => {
  const trust = JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', Principal: { AWS: '123456789012' }, Action: 'sts:AssumeRole' } });
  await fb.iam.send(new CreateRoleCommand({ RoleName: 'job', AssumeRolePolicyDocument: trust, Tags: [{ Key: 'team', Value: 'a' }] }));
  const condition = { 'ForAllValues:StringEquals': { 'sts:IdentityTokenAudience': 'https://api.example.com' } };
  await fb.iam.send(new PutRolePolicyCommand({ RoleName: 'job', PolicyName: 'p', PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 'sts:GetWebIdentityToken', Resource: '*', Condition: condition } }) }));
  const { Credentials } = await fb.sts.send(new AssumeRoleCommand({ RoleArn: 'arn:aws:iam::123456789012:role/job', RoleSessionName: 'ci', DurationSeconds: 900 }));
  const sts = new STSClient(fb.config({ accessKeyId: Credentials!.AccessKeyId!, secretAccessKey: Credentials!.SecretAccessKey!, sessionToken: Credentials!.SessionToken! }));
  const claims = json((await get({}, sts)).WebIdentityToken!.split('.')[1]);
  expect(claims).toMatchObject({ sub: 'arn:aws:iam::123456789012:role/job', 'https://sts.amazonaws.com/': { principal_tags: { team: 'a' } } });
  expect(await refusal(get({ DurationSeconds: 1000 }, sts))).toMatchObject({ code: 'SessionDurationEscalationException', status: 403 });
  expect((await refusal(get({ Audience: ['https://other.example.com'] }, sts))).code).toBe('AccessDenied');
  expect((await refusal(get({ Tags: [{ Key: 'k', Value: 'v' }] }, sts))).message).toContain('sts:TagGetWebIdentityToken');
});

it('what is asked for is checked', async () => {
  expect((await refusal(get({ SigningAlgorithm: 'HS256' }))).code).toBe('ValidationError');
  expect((await refusal(get({ DurationSeconds: 59 }))).code).toBe('ValidationError');
  expect((await refusal(get({ Tags: [{ Key: 'k', Value: '' }, { Key: 'K', Value: '' }] }))).code).toBe('InvalidParameterValue');
});

it('such a token gives no role in AWS', async () => {
  await fb.iam.send(new CreateOpenIDConnectProviderCommand({ Url: issuer, ClientIDList: ['https://api.example.com'] }));
  const { WebIdentityToken = '' } = await get();
  expect((await refusal(fb.sts.send(new AssumeRoleWithWebIdentityCommand({ RoleArn: 'arn:aws:iam::123456789012:role/job', RoleSessionName: 'ci', WebIdentityToken })))).code).toBe('InvalidIdentityToken');
});
