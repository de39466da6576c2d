import { constants, createDecipheriv, createPrivateKey, privateDecrypt } from 'node:crypto';
import { first, textOf, type Element } from './xml.ts';

/** Elements that were encrypted for a key. https://www.w3.org/TR/xmlenc-core1/ */
const XENC = 'http://www.w3.org/2001/04/xmlenc#';
const XENC11 = 'http://www.w3.org/2009/xmlenc11#';
const DSIG = 'http://www.w3.org/2000/09/xmldsig#';

/** AES in its two modes: "AES-GCM or AES-CBC encryption algorithm". https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml.html */
const CIPHERS: Readonly<Record<string, { readonly name: 'aes-128-gcm' | 'aes-192-gcm' | 'aes-256-gcm' } | { readonly name: 'aes-128-cbc' | 'aes-192-cbc' | 'aes-256-cbc' }>> = {
  [`${XENC11}aes128-gcm`]: { name: 'aes-128-gcm' }, [`${XENC11}aes192-gcm`]: { name: 'aes-192-gcm' }, [`${XENC11}aes256-gcm`]: { name: 'aes-256-gcm' },
  [`${XENC}aes128-cbc`]: { name: 'aes-128-cbc' }, [`${XENC}aes192-cbc`]: { name: 'aes-192-cbc' }, [`${XENC}aes256-cbc`]: { name: 'aes-256-cbc' },
};
const OAEP_HASHES: Readonly<Record<string, string>> = { [`${DSIG}sha1`]: 'sha1', [`${XENC}sha256`]: 'sha256', [`${XENC}sha512`]: 'sha512' };

/** The text of an EncryptedAssertion; undefined where none of the keys opens it. */
export function decrypted(encrypted: Element, pems: readonly string[]): string | undefined {
  const data = first(encrypted, XENC, 'EncryptedData');
  const wrapped = first(first(data, DSIG, 'KeyInfo'), XENC, 'EncryptedKey') ?? first(encrypted, XENC, 'EncryptedKey');
  const algorithm = CIPHERS[first(data, XENC, 'EncryptionMethod')?.attributes.Algorithm ?? ''];
  if (!data || !wrapped || !algorithm) return undefined;
  for (const pem of pems) {
    try {
      return open(algorithm.name, unwrapped(wrapped, pem), bytes(data));
    } catch {
      // Another key may fit.
    }
  }
  return undefined;
}

const bytes = (parent: Element): Buffer => Buffer.from(textOf(first(parent, XENC, 'CipherData', 'CipherValue')!), 'base64');

function unwrapped(wrapped: Element, pem: string): Buffer {
  const method = first(wrapped, XENC, 'EncryptionMethod')!;
  if (![`${XENC}rsa-oaep-mgf1p`, `${XENC11}rsa-oaep`].includes(method.attributes.Algorithm ?? '')) throw new Error('not RSA-OAEP');
  const digest = first(method, DSIG, 'DigestMethod')?.attributes.Algorithm;
  const oaepHash = digest === undefined ? 'sha1' : OAEP_HASHES[digest]!;
  return privateDecrypt({ key: createPrivateKey(pem), padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, bytes(wrapped));
}

function open(name: (typeof CIPHERS)[string]['name'], key: Buffer, sealed: Buffer): string {
  if (name === 'aes-128-gcm' || name === 'aes-192-gcm' || name === 'aes-256-gcm') {
    const decipher = createDecipheriv(name, key, sealed.subarray(0, 12));
    decipher.setAuthTag(sealed.subarray(-16));
    return Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]).toString('utf8');
  }
  // The last byte says how long the padding is; what else is in it does not matter.
  const decipher = createDecipheriv(name, key, sealed.subarray(0, 16)).setAutoPadding(false);
  const padded = Buffer.concat([decipher.update(sealed.subarray(16)), decipher.final()]);
  return padded.subarray(0, -padded[padded.length - 1]!).toString('utf8');
}
