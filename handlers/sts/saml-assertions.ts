import { X509Certificate, type KeyObject } from 'node:crypto';
import type { Context } from '../../src/kit/index.ts';
import * as errors from './errors.ts';
import { decrypted } from './xml-encryption.ts';
import { isSigned } from './xml-signatures.ts';
import { first, named, readXml, textOf, type Element } from './xml.ts';

/** Responses of SAML 2.0 identity providers. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html */
const PROTOCOL = 'urn:oasis:names:tc:SAML:2.0:protocol';
const ASSERTION = 'urn:oasis:names:tc:SAML:2.0:assertion';
const METADATA = 'urn:oasis:names:tc:SAML:2.0:metadata';
const DSIG = 'http://www.w3.org/2000/09/xmldsig#';
const AUDIENCES = new Set(['urn:amazon:webservices', 'https://signin.aws.amazon.com/saml']);
const RECIPIENT = /^https:\/\/([a-z0-9-]+\.)?signin\.aws\.amazon\.com\/saml(\/acs\/[A-Za-z0-9]+)?$/;
const NAME_ID_FORMATS = 'urn:oasis:names:tc:SAML:2.0:nameid-format:';
const REDEEMED_WITHIN_MS = 5 * 60_000;

export interface SamlProvider {
  readonly SAMLMetadataDocument: string;
  readonly AssertionEncryptionMode?: string;
  readonly $: { readonly privateKeys: readonly { readonly sealed: string }[] };
}

export interface Assertion {
  readonly issuer: string;
  readonly subject: string;
  /** 'persistent', 'transient', or the format's whole name. */
  readonly subjectType: string;
  readonly recipient: string;
  /** Milliseconds since the epoch. */
  readonly sessionEnds: number | undefined;
  readonly attributes: ReadonlyMap<string, readonly string[]>;
}

/** Verified and in time; throws InvalidIdentityToken or ExpiredTokenException. */
export function readAssertion(base64: string, provider: SamlProvider, ctx: Context): Assertion {
  const response = readXml(Buffer.from(base64, 'base64').toString('utf8'));
  if (!response || response.local !== 'Response' || response.namespace !== PROTOCOL) throw errors.invalidIdentityToken('Invalid SAML response');
  const metadata = readXml(provider.SAMLMetadataDocument);
  const assertion = verified(response, provider, signingKeys(metadata), ctx);
  const status = first(response, PROTOCOL, 'Status', 'StatusCode')?.attributes.Value;
  // assumed: the text.
  if (status !== 'urn:oasis:names:tc:SAML:2.0:status:Success') throw errors.invalidIdentityToken('Response does not report success');
  const issuer = text(first(assertion, ASSERTION, 'Issuer'));
  if (issuer === '' || issuer !== metadata?.attributes.entityID) throw errors.invalidIdentityToken('Issuer not present in specified provider');
  checkTimes(assertion, ctx.nowMs);
  const audiences = named(first(assertion, ASSERTION, 'Conditions'), ASSERTION, 'AudienceRestriction').flatMap((r) => named(r, ASSERTION, 'Audience')).map(text);
  if (!audiences.some((audience) => AUDIENCES.has(audience) || RECIPIENT.test(audience))) throw errors.invalidIdentityToken('Response does not contain the required audience');
  const nameId = first(assertion, ASSERTION, 'Subject', 'NameID');
  const ends = first(assertion, ASSERTION, 'AuthnStatement')?.attributes.SessionNotOnOrAfter;
  return {
    issuer, subject: text(nameId), subjectType: (nameId?.attributes.Format ?? '').replace(NAME_ID_FORMATS, ''), recipient: recipientOf(assertion, ctx.nowMs),
    sessionEnds: ends === undefined ? undefined : time(ends), attributes: attributesOf(assertion),
  };
}

const text = (e: Element | undefined): string => (e ? textOf(e).trim() : '');

/** The certificates of a provider that may sign. */
function signingKeys(metadata: Element | undefined): KeyObject[] {
  const descriptors = named(first(metadata, METADATA, 'IDPSSODescriptor'), METADATA, 'KeyDescriptor').filter((d) => (d.attributes.use ?? 'signing') === 'signing');
  const certificates = descriptors.flatMap((d) => named(first(d, DSIG, 'KeyInfo'), DSIG, 'X509Data')).flatMap((d) => named(d, DSIG, 'X509Certificate'));
  return certificates.flatMap((certificate) => {
    try {
      return [new X509Certificate(Buffer.from(textOf(certificate), 'base64')).publicKey];
    } catch {
      return [];
    }
  });
}

/** The one assertion, which a signature covers: its own, or the response's. Nothing that is not covered is read. */
function verified(response: Element, provider: SamlProvider, keys: readonly KeyObject[], ctx: Context): Element {
  const invalid = errors.invalidIdentityToken('Response signature invalid');
  const [plain, encrypted] = [named(response, ASSERTION, 'Assertion'), named(response, ASSERTION, 'EncryptedAssertion')];
  // assumed: the texts.
  if (plain.length + encrypted.length !== 1) throw errors.invalidIdentityToken('Invalid SAML response');
  if (plain[0] && provider.AssertionEncryptionMode === 'Required') throw errors.invalidIdentityToken('The assertion is not encrypted');
  const whole = named(response, DSIG, 'Signature').length > 0 && isSigned(response, response, keys);
  const opened = encrypted[0] && decrypted(encrypted[0], provider.$.privateKeys.map((key) => ctx.unseal(key.sealed)));
  const assertion = plain[0] ?? (opened === undefined ? undefined : readXml(opened));
  if (!assertion || assertion.local !== 'Assertion' || assertion.namespace !== ASSERTION) throw errors.invalidIdentityToken('The assertion could not be decrypted');
  if (!whole && !isSigned(plain[0] ? response : assertion, assertion, keys)) throw invalid;
  return assertion;
}

const time = (value: string): number => {
  const at = Date.parse(value);
  if (Number.isNaN(at)) throw errors.invalidIdentityToken('Invalid SAML response');
  return at;
};

function checkTimes(assertion: Element, now: number): void {
  const conditions = first(assertion, ASSERTION, 'Conditions');
  const { NotBefore, NotOnOrAfter } = conditions?.attributes ?? {};
  const issued = time(assertion.attributes.IssueInstant ?? '');
  if (now > issued + REDEEMED_WITHIN_MS) throw errors.expiredToken('Token must be redeemed within 5 minutes of issuance');
  // assumed: the texts.
  if (NotOnOrAfter !== undefined && now >= time(NotOnOrAfter)) throw errors.expiredToken('The assertion has expired');
  if ((NotBefore !== undefined && now < time(NotBefore)) || now + REDEEMED_WITHIN_MS < issued) throw errors.invalidIdentityToken('The assertion is not valid yet');
}

/** The address that the assertion is meant for: a bearer's confirmation that has not run out. */
function recipientOf(assertion: Element, now: number): string {
  for (const confirmation of named(first(assertion, ASSERTION, 'Subject'), ASSERTION, 'SubjectConfirmation')) {
    const { Recipient, NotOnOrAfter } = first(confirmation, ASSERTION, 'SubjectConfirmationData')?.attributes ?? {};
    if (confirmation.attributes.Method === 'urn:oasis:names:tc:SAML:2.0:cm:bearer' && Recipient !== undefined && RECIPIENT.test(Recipient) && NotOnOrAfter !== undefined && now < time(NotOnOrAfter)) return Recipient;
  }
  // assumed: the text.
  throw errors.invalidIdentityToken('Response does not contain a valid subject confirmation');
}

function attributesOf(assertion: Element): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const statement of named(assertion, ASSERTION, 'AttributeStatement')) {
    for (const attribute of named(statement, ASSERTION, 'Attribute')) {
      const name = attribute.attributes.Name ?? '';
      found.set(name, [...(found.get(name) ?? []), ...named(attribute, ASSERTION, 'AttributeValue').map(text)]);
    }
  }
  return found;
}
