import { createHash, verify, type KeyObject } from 'node:crypto';
import { canonical, everyElement, first, named, textOf, type Element } from './xml.ts';

/**
 * Enveloped XML signatures over a whole element, as SAML has them: https://www.w3.org/TR/xmldsig-core1/ and chapter 5 of
 * https://docs.oasis-open.org/security/saml/v2.0/saml-core-2.0-os.pdf. Anything else is no signature here.
 */
const DSIG = 'http://www.w3.org/2000/09/xmldsig#';
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#';
const ENVELOPED = `${DSIG}enveloped-signature`;
const MORE = 'http://www.w3.org/2001/04/xmldsig-more#';

const DIGESTS: Readonly<Record<string, string>> = {
  [`${DSIG}sha1`]: 'sha1', 'http://www.w3.org/2001/04/xmlenc#sha256': 'sha256', [`${MORE}sha384`]: 'sha384', 'http://www.w3.org/2001/04/xmlenc#sha512': 'sha512',
};
const METHODS: Readonly<Record<string, string>> = { [`${DSIG}rsa-sha1`]: 'sha1', [`${MORE}rsa-sha256`]: 'sha256', [`${MORE}rsa-sha384`]: 'sha384', [`${MORE}rsa-sha512`]: 'sha512' };

/** Whether `signed`, an element of `document`, carries a signature over itself by one of the keys. */
export function isSigned(document: Element, signed: Element, keys: readonly KeyObject[]): boolean {
  const signatures = named(signed, DSIG, 'Signature');
  const info = first(signatures[0], DSIG, 'SignedInfo');
  if (signatures.length !== 1 || !info) return false;
  return covers(document, signed, signatures[0]!, info) && verifies(signatures[0]!, info, keys);
}

function covers(document: Element, signed: Element, signature: Element, info: Element): boolean {
  const references = named(info, DSIG, 'Reference');
  const [reference] = references;
  const id = signed.attributes.ID;
  // Two elements of one id would let a signature be taken for another's.
  if (references.length !== 1 || !id || reference!.attributes.URI !== `#${id}` || everyElement(document).filter((e) => e.attributes.ID === id).length !== 1) return false;
  const transforms = named(first(reference, DSIG, 'Transforms'), DSIG, 'Transform');
  const [enveloped, exclusive] = transforms;
  if (transforms.length !== 2 || enveloped!.attributes.Algorithm !== ENVELOPED || exclusive!.attributes.Algorithm !== EXCLUSIVE) return false;
  const hash = DIGESTS[first(reference, DSIG, 'DigestMethod')?.attributes.Algorithm ?? ''];
  const digest = first(reference, DSIG, 'DigestValue');
  if (hash === undefined || !digest) return false;
  return createHash(hash).update(canonical(signed, prefixes(exclusive!), signature)).digest().equals(Buffer.from(textOf(digest), 'base64'));
}

function verifies(signature: Element, info: Element, keys: readonly KeyObject[]): boolean {
  const method = first(info, DSIG, 'CanonicalizationMethod');
  const hash = METHODS[first(info, DSIG, 'SignatureMethod')?.attributes.Algorithm ?? ''];
  const value = first(signature, DSIG, 'SignatureValue');
  if (method?.attributes.Algorithm !== EXCLUSIVE || hash === undefined || !value) return false;
  const text = Buffer.from(canonical(info, prefixes(method)));
  const bytes = Buffer.from(textOf(value), 'base64');
  return keys.some((key) => key.asymmetricKeyType === 'rsa' && verify(hash, text, key, bytes));
}

const prefixes = (transform: Element): string[] => (first(transform, EXCLUSIVE, 'InclusiveNamespaces')?.attributes.PrefixList ?? '').split(/\s+/).filter(Boolean);
