import { createCipheriv, createHash, generateKeyPairSync, publicEncrypt, randomBytes, sign, type KeyObject } from 'node:crypto';
import { CreateRoleCommand, CreateSAMLProviderCommand, UpdateSAMLProviderCommand } from '@aws-sdk/client-iam';
import { AssumeRoleWithSAMLCommand, GetCallerIdentityCommand, STSClient, type AssumeRoleWithSAMLCommandInput } from '@aws-sdk/client-sts';
import { beforeAll, describe, expect, it } from 'vitest';
import { CERTIFICATE, PRIVATE_KEY } from '../../support/saml-certificate.ts';
import { fogbank, refusal, type Fogbank } from '../../support/fogbank.ts';

let fb: Fogbank;
const ISSUER = 'https://idp.example.com/saml';
const PROVIDER = 'arn:aws:iam::123456789012:saml-provider/idp';
const ROLE = 'arn:aws:iam::123456789012:role/federated';
const SAML = 'urn:oasis:names:tc:SAML:2.0:assertion';
const DSIG = 'http://www.w3.org/2000/09/xmldsig#';
const at = (seconds: number) => new Date(Math.floor(fb.machine.clock.now() / 1000 + seconds) * 1000).toISOString();

interface Made {
  issuer?: string; issued?: number; ends?: number; audience?: string; recipient?: string; key?: KeyObject | string; sessionName?: string; pair?: string; attributes?: Record<string, string | string[]>; sessionEnds?: number;
}

/** Written in canonical form from the start: what is signed is the text itself. */
function assertion(made: Made = {}): string {
  const attributes: Record<string, string | string[]> = { Role: made.pair ?? `${ROLE},${PROVIDER}`, RoleSessionName: made.sessionName ?? 'bob@example.com', ...made.attributes };
  const attribute = ([name, values]: [string, string | string[]]) => `<saml:Attribute Name="${name.includes(':/') || name.startsWith('urn:') ? name : `https://aws.amazon.com/SAML/Attributes/${name}`}">${[values].flat().map((v) => `<saml:AttributeValue>${v}</saml:AttributeValue>`).join('')}</saml:Attribute>`;
  const ends = at(made.ends ?? 300);
  const body = `<saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">bob</saml:NameID><saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData NotOnOrAfter="${ends}" Recipient="${made.recipient ?? 'https://signin.aws.amazon.com/saml'}"></saml:SubjectConfirmationData></saml:SubjectConfirmation></saml:Subject>`
    + `<saml:Conditions NotOnOrAfter="${ends}"><saml:AudienceRestriction><saml:Audience>${made.audience ?? 'urn:amazon:webservices'}</saml:Audience></saml:AudienceRestriction></saml:Conditions>`
    + `<saml:AuthnStatement AuthnInstant="${at(0)}"${made.sessionEnds === undefined ? '' : ` SessionNotOnOrAfter="${at(made.sessionEnds)}"`}></saml:AuthnStatement>`
    + `<saml:AttributeStatement>${Object.entries(attributes).map(attribute).join('')}</saml:AttributeStatement>`;
  const open = `<saml:Assertion xmlns:saml="${SAML}" ID="_a1" IssueInstant="${at(made.issued ?? 0)}" Version="2.0"><saml:Issuer>${made.issuer ?? ISSUER}</saml:Issuer>`;
  return `${open}${signature(`${open}${body}</saml:Assertion>`, '_a1', made.key)}${body}</saml:Assertion>`;
}

function signature(text: string, id: string, key: KeyObject | string = PRIVATE_KEY): string {
  const digest = createHash('sha256').update(text).digest('base64');
  const inside = `<ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:CanonicalizationMethod><ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"></ds:SignatureMethod><ds:Reference URI="#${id}"><ds:Transforms><ds:Transform Algorithm="${DSIG}enveloped-signature"></ds:Transform><ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:Transform></ds:Transforms><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></ds:DigestMethod><ds:DigestValue>${digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>`;
  const value = sign('sha256', Buffer.from(`<ds:SignedInfo xmlns:ds="${DSIG}">${inside}`), key).toString('base64');
  return `<ds:Signature xmlns:ds="${DSIG}"><ds:SignedInfo>${inside}<ds:SignatureValue>${value}</ds:SignatureValue></ds:Signature>`;
}

const response = (inside: string) => `<?xml version="1.0"?>\n<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_r1" Version="2.0"><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>${inside}</samlp:Response>`;
const send = (xml: string, more: Partial<AssumeRoleWithSAMLCommandInput> = {}) => {
  const client = new STSClient({ endpoint: fb.endpoint, region: 'us-east-1', maxAttempts: 1, credentials: { accessKeyId: '', secretAccessKey: '' } });
  return client.send(new AssumeRoleWithSAMLCommand({ RoleArn: ROLE, PrincipalArn: PROVIDER, SAMLAssertion: Buffer.from(xml).toString('base64'), ...more }));
};
const assume = (made: Made = {}, more: Partial<AssumeRoleWithSAMLCommandInput> = {}) => send(response(assertion(made)), more);
const metadata = `<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${ISSUER}"><IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="${DSIG}"><ds:X509Data><ds:X509Certificate>${CERTIFICATE}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></KeyDescriptor></IDPSSODescriptor></EntityDescriptor>`;
const role = (RoleName: string, Condition: object, Action: unknown = 'sts:AssumeRoleWithSAML') => fb.iam.send(new CreateRoleCommand({
  RoleName, AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', Principal: { Federated: PROVIDER }, Action, Condition } }),
}));

beforeAll(async () => {
  fb = await fogbank();
  await fb.iam.send(new CreateSAMLProviderCommand({ Name: 'idp', SAMLMetadataDocument: metadata }));
  await role('federated', { StringEquals: { 'saml:aud': 'https://signin.aws.amazon.com/saml', 'saml:iss': ISSUER, 'saml:doc': '123456789012/idp' } });
});

it('a signed assertion gives the role\'s credentials to who signs nothing', async () => {
  const answer = await assume();
  const NameQualifier = createHash('sha1').update(`${ISSUER}123456789012/idp`).digest('base64');
  expect(answer).toMatchObject({ Subject: 'bob', SubjectType: 'persistent', Issuer: ISSUER, Audience: 'https://signin.aws.amazon.com/saml', NameQualifier, AssumedRoleUser: { Arn: 'arn:aws:sts::123456789012:assumed-role/federated/bob@example.com' } });
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = answer.Credentials!;
  const who = await new STSClient(fb.config({ accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken })).send(new GetCallerIdentityCommand({}));
  expect(who.Arn).toBe(answer.AssumedRoleUser!.Arn);
});

it('the same assertion, written otherwise, has the same signature', async () => {
  const rewritten = response(assertion()).replace(/<saml:AuthnStatement ([^>]*)><\/saml:AuthnStatement>/, '<saml:AuthnStatement  $1 />').replace('ID="_a1" IssueInstant', 'ID=\'_a1\'\n IssueInstant').replace('<saml:Audience>urn', '<saml:Audience><!-- a comment -->&#117;rn');
  expect((await send(rewritten)).Subject).toBe('bob');
});

it('the signature may be the response\'s', async () => {
  const open = '<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_r2" Version="2.0">';
  const rest = `<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"></samlp:StatusCode></samlp:Status>${assertion().replace(/<ds:Signature.*<\/ds:Signature>/, '')}</samlp:Response>`;
  expect((await send(`${open}${signature(`${open}${rest}`, '_r2')}${rest}`)).Subject).toBe('bob');
});

it('a session is as short as the least of call, assertion and identity provider', async () => {
  const minutes = async (made: Made, DurationSeconds?: number) => Math.round(((await assume(made, DurationSeconds === undefined ? {} : { DurationSeconds })).Credentials!.Expiration!.getTime() - fb.machine.clock.now()) / 60_000);
  expect(await minutes({})).toBe(60);
  expect(await minutes({ attributes: { SessionDuration: '1800' } })).toBe(30);
  expect(await minutes({ attributes: { SessionDuration: '1800' } }, 900)).toBe(15);
  expect(await minutes({ sessionEnds: 1200 })).toBe(20);
  expect((await refusal(assume({}, { DurationSeconds: 7200 }))).message).toBe('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
});

describe('an assertion is refused', () => {
  const invalid = async (call: Promise<unknown>) => {
    const { code, message } = await refusal(call);
    expect(code).toBe('InvalidIdentityToken');
    return message;
  };

  it('that is no response, not signed, signed by a stranger, or changed', async () => {
    expect(await invalid(send('no xml'))).toBe('Invalid SAML response');
    expect(await invalid(send(response(assertion().replace(/<ds:Signature.*<\/ds:Signature>/, ''))))).toBe('Response signature invalid');
    expect(await invalid(assume({ key: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey }))).toBe('Response signature invalid');
    expect(await invalid(send(response(assertion().replace('>bob<', '>root<'))))).toBe('Response signature invalid');
  });

  it('that hides behind another one\'s signature', async () => {
    const signed = assertion();
    const forged = signed.replace('>bob<', '>root<').replace(/<ds:Signature.*<\/ds:Signature>/, '');
    const stolen = /<ds:Signature.*<\/ds:Signature>/.exec(signed)![0];
    expect(await invalid(send(response(`${signed}${forged}`)))).toBe('Invalid SAML response');
    expect(await invalid(send(response(forged.replace('</saml:Issuer>', `</saml:Issuer>${stolen.replace('</ds:Signature>', `<ds:Object>${signed}</ds:Object></ds:Signature>`)}`))))).toBe('Response signature invalid');
    expect(await invalid(send(response(forged.replace('_a1', '_a2').replace('</saml:Issuer>', `</saml:Issuer>${stolen}`))))).toBe('Response signature invalid');
  });

  it('of another issuer, for another audience or recipient, or without a session name', async () => {
    expect(await invalid(assume({ issuer: 'https://stranger.example.com' }))).toBe('Issuer not present in specified provider');
    expect(await invalid(assume({ audience: 'urn:other' }))).toBe('Response does not contain the required audience');
    expect(await invalid(assume({ recipient: 'https://other.example.com' }))).toBe('Response does not contain a valid subject confirmation');
    expect(await invalid(assume({ sessionName: '' }))).toBe('RoleSessionName is required in AuthnResponse');
    expect(await invalid(assume({ sessionName: 'no spaces' }))).toBe('RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}');
    expect(await invalid(assume({}, { PrincipalArn: 'arn:aws:iam::123456789012:saml-provider/none' }))).toBe('Specified provider doesn\'t exist');
  });

  it('that is old', async () => {
    expect(await refusal(assume({ issued: -301 }))).toEqual({ code: 'ExpiredTokenException', message: 'Token must be redeemed within 5 minutes of issuance', status: 400 });
    expect((await refusal(assume({ ends: -1 }))).code).toBe('ExpiredTokenException');
  });

  it('for a role that it does not name with the provider, or that does not trust it', async () => {
    const denied = { code: 'AccessDenied', message: 'Not authorized to perform sts:AssumeRoleWithSAML', status: 403 };
    expect(await refusal(assume({ pair: `${ROLE},arn:aws:iam::123456789012:saml-provider/other` }))).toEqual(denied);
    await role('particular', { StringEquals: { 'saml:edupersonaffiliation': 'staff' } });
    const RoleArn = 'arn:aws:iam::123456789012:role/particular';
    const pair = `${PROVIDER},${RoleArn}`;
    expect(await refusal(assume({ pair }, { RoleArn }))).toEqual(denied);
    expect((await assume({ pair, attributes: { 'urn:oid:1.3.6.1.4.1.5923.1.1.1.1': 'staff' } }, { RoleArn })).Subject).toBe('bob');
  });
});

it('tags and a source identity come in the assertion', async () => {
  await role('tagged', { StringEquals: { 'aws:RequestTag/team': 'a' } }, ['sts:AssumeRoleWithSAML', 'sts:TagSession', 'sts:SetSourceIdentity']);
  const RoleArn = 'arn:aws:iam::123456789012:role/tagged';
  const attributes = { 'PrincipalTag:team': 'a', TransitiveTagKeys: ['team'], SourceIdentity: 'bob' };
  expect(await assume({ pair: `${RoleArn},${PROVIDER}`, attributes }, { RoleArn })).toMatchObject({ SourceIdentity: 'bob' });
  expect((await refusal(assume({ attributes }))).message).toBe('Not authorized to perform sts:TagSession');
});

it.each(['aes256-gcm', 'aes128-cbc'] as const)('an assertion that is encrypted with %s is read with the provider\'s private key', async (algorithm) => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const PrincipalArn = `arn:aws:iam::123456789012:saml-provider/secret-${algorithm}`;
  const RoleArn = `arn:aws:iam::123456789012:role/secret-${algorithm}`;
  await fb.iam.send(new CreateSAMLProviderCommand({ Name: `secret-${algorithm}`, SAMLMetadataDocument: metadata, AddPrivateKey: String(privateKey.export({ type: 'pkcs8', format: 'pem' })) }));
  await fb.iam.send(new UpdateSAMLProviderCommand({ SAMLProviderArn: PrincipalArn, AssertionEncryptionMode: 'Required' }));
  await fb.iam.send(new CreateRoleCommand({ RoleName: `secret-${algorithm}`, AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', Principal: { Federated: PrincipalArn }, Action: 'sts:AssumeRoleWithSAML' } }) }));
  const xml = assertion({ pair: `${RoleArn},${PrincipalArn}` });
  const gcm = algorithm === 'aes256-gcm';
  const [key, iv] = [randomBytes(gcm ? 32 : 16), randomBytes(gcm ? 12 : 16)];
  const cipher = gcm ? createCipheriv('aes-256-gcm', key, iv) : createCipheriv('aes-128-cbc', key, iv);
  const sealed = Buffer.concat([iv, cipher.update(xml), cipher.final(), ...('getAuthTag' in cipher && gcm ? [(cipher as ReturnType<typeof createCipheriv> & { getAuthTag(): Buffer }).getAuthTag()] : [])]);
  const XENC = 'http://www.w3.org/2001/04/xmlenc#';
  const value = (bytes: Buffer) => `<xenc:CipherData><xenc:CipherValue>${bytes.toString('base64')}</xenc:CipherValue></xenc:CipherData>`;
  const encrypted = `<saml:EncryptedAssertion xmlns:saml="${SAML}"><xenc:EncryptedData xmlns:xenc="${XENC}"><xenc:EncryptionMethod Algorithm="${gcm ? 'http://www.w3.org/2009/xmlenc11#' : XENC}${algorithm}"/><ds:KeyInfo xmlns:ds="${DSIG}"><xenc:EncryptedKey><xenc:EncryptionMethod Algorithm="${XENC}rsa-oaep-mgf1p"/>${value(publicEncrypt(publicKey, key))}</xenc:EncryptedKey></ds:KeyInfo>${value(sealed)}</xenc:EncryptedData></saml:EncryptedAssertion>`;
  expect((await send(response(encrypted), { RoleArn, PrincipalArn })).Subject).toBe('bob');
  expect((await refusal(send(response(xml), { RoleArn, PrincipalArn }))).message).toBe('The assertion is not encrypted');
  expect((await refusal(send(response(encrypted)))).message).toBe('The assertion could not be decrypted');
});
