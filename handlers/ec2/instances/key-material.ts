import { createHash, createHmac, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { AwsError, generateRsaKey, type Random } from '../../../src/kit/index.ts';

/** Key pairs' material: private keys as CreateKeyPair returns them, public keys as ImportKeyPair takes them. Pure. */
export type KeyType = 'rsa' | 'ed25519';
export type KeyFormat = 'pem' | 'ppk';

export interface GeneratedKeyPair {
  /** The private key's file. */
  readonly material: string;
  /** 'ssh-rsa AAAA…', without a comment. */
  readonly publicKeyOpenSsh: string;
  readonly fingerprint: string;
}

export interface ImportedPublicKey {
  readonly type: KeyType;
  readonly fingerprint: string;
  /** 'ssh-rsa AAAA…', without a comment. */
  readonly publicKey: string;
  /** What stood behind the key, or ''. */
  readonly comment: string;
}

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/create-key-pairs.html: "2048-bit SSH-2 RSA keys" and ED25519. */
const RSA_BITS = 2048;

export function generateKeyPair(type: KeyType, format: KeyFormat, random: Random): GeneratedKeyPair {
  const key = type === 'rsa' ? generateRsaKey(RSA_BITS, random) : ed25519FromSeed(random(32));
  const publicBlob = blobOf(createPublicKey(key));
  const material = format === 'ppk' ? ppkFile(type, key, publicBlob) : type === 'rsa' ? pkcs1Pem(key) : openSshFile(key, publicBlob, random(4));
  return { material, publicKeyOpenSsh: openSsh(type, publicBlob), fingerprint: type === 'rsa' ? createdRsaFingerprint(key) : ed25519Fingerprint(publicBlob) };
}

/** Throws `InvalidKey.Format` for what is no public key that EC2 takes. */
export function importPublicKey(material: string | Buffer): ImportedPublicKey {
  const text = material.toString('utf8').trim();
  const read = readOpenSsh(text) ?? readRfc4716(text) ?? readDer(text);
  if (!read) throw invalidFormat();
  const { key, comment } = read;
  const type = key.asymmetricKeyType === 'rsa' ? 'rsa' : 'ed25519';
  // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/create-key-pairs.html#how-to-generate-your-own-key-and-import-it-to-aws
  if (type === 'rsa' && ![1024, 2048, 4096].includes(key.asymmetricKeyDetails!.modulusLength!)) throw invalidFormat();
  const blob = blobOf(key);
  return { type, publicKey: openSsh(type, blob), comment, fingerprint: type === 'rsa' ? importedRsaFingerprint(key) : ed25519Fingerprint(blob) };
}

/** The public key of a pair, from the text that is kept of it. */
export const publicKeyFrom = (openSshText: string): KeyObject => readOpenSsh(openSshText)!.key;

/** The text: https://github.com/aws/aws-sdk-js/issues/314 */
const invalidFormat = (): AwsError => new AwsError('InvalidKey.Format', 'Key is not in valid OpenSSH public key format');

// ---- fingerprints: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/verify-keys.html ----

const colonHex = (digest: Buffer): string => digest.toString('hex').replace(/..(?=.)/g, '$&:');
const createdRsaFingerprint = (key: KeyObject): string => colonHex(createHash('sha1').update(key.export({ type: 'pkcs8', format: 'der' })).digest());
const importedRsaFingerprint = (key: KeyObject): string => colonHex(createHash('md5').update(key.export({ type: 'spki', format: 'der' })).digest());
/** With the padding that ssh-keygen leaves out. */
const ed25519Fingerprint = (blob: Buffer): string => createHash('sha256').update(blob).digest('base64');

// ---- keys ----

/** RFC 8410's PKCS#8 form of an Ed25519 key is this and the seed. */
const ED25519_PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const ed25519FromSeed = (seed: Buffer): KeyObject => createPrivateKey({ key: Buffer.concat([ED25519_PKCS8, seed]), format: 'der', type: 'pkcs8' });

type Jwk = Readonly<Record<string, string>>;
const jwkOf = (key: KeyObject): Jwk => key.export({ format: 'jwk' }) as Jwk;
const fromBase64Url = (text: string): Buffer => Buffer.from(text, 'base64url');

// ---- SSH's encoding: https://www.rfc-editor.org/rfc/rfc4251#section-5 ----

const uint32 = (n: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(n);
  return bytes;
};
const string = (value: string | Buffer): Buffer => Buffer.concat([uint32(Buffer.byteLength(value)), Buffer.from(value as string)]);
/** A leading zero byte keeps a number positive whose highest bit is set. */
const mpint = (bytes: Buffer): Buffer => {
  let start = 0;
  while (start < bytes.length && bytes[start] === 0) start++;
  const short = bytes.subarray(start);
  return string(short.length > 0 && short[0]! >= 0x80 ? Buffer.concat([Buffer.alloc(1), short]) : short);
};

const ALGORITHMS = { rsa: 'ssh-rsa', ed25519: 'ssh-ed25519' } as const;

/** https://www.rfc-editor.org/rfc/rfc4253#section-6.6 and https://www.rfc-editor.org/rfc/rfc8709#section-4 */
function blobOf(publicKey: KeyObject): Buffer {
  const { kty, n, e, x } = jwkOf(publicKey);
  return kty === 'RSA'
    ? Buffer.concat([string(ALGORITHMS.rsa), mpint(fromBase64Url(e!)), mpint(fromBase64Url(n!))])
    : Buffer.concat([string(ALGORITHMS.ed25519), string(fromBase64Url(x!))]);
}

const openSsh = (type: KeyType, blob: Buffer): string => `${ALGORITHMS[type]} ${blob.toString('base64')}`;

/** The strings that a blob is made of, or undefined where its lengths do not add up. */
function stringsOf(blob: Buffer): Buffer[] | undefined {
  const found: Buffer[] = [];
  for (let at = 0; at < blob.length;) {
    if (at + 4 > blob.length) return undefined;
    const end = at + 4 + blob.readUInt32BE(at);
    if (end > blob.length) return undefined;
    found.push(blob.subarray(at + 4, end));
    at = end;
  }
  return found;
}

function keyFromBlob(blob: Buffer): KeyObject | undefined {
  const [algorithm, first, second, ...more] = stringsOf(blob) ?? [];
  if (!algorithm || !first || more.length > 0) return undefined;
  const name = algorithm.toString('latin1');
  if (name === ALGORITHMS.rsa && second) return publicKeyOf({ kty: 'RSA', e: first.toString('base64url'), n: second.toString('base64url') });
  if (name === ALGORITHMS.ed25519 && !second && first.length === 32) return publicKeyOf({ kty: 'OKP', crv: 'Ed25519', x: first.toString('base64url') });
  return undefined;
}

function publicKeyOf(jwk: Jwk): KeyObject | undefined {
  try {
    return createPublicKey({ key: jwk as never, format: 'jwk' });
  } catch {
    return undefined;
  }
}

// ---- reading public keys ----

interface Read { readonly key: KeyObject; readonly comment: string }

const strictBase64 = (text: string): Buffer | undefined => (/^[A-Za-z0-9+/]+={0,2}$/.test(text) ? Buffer.from(text, 'base64') : undefined);

/** "ssh-rsa AAAA… comment" */
function readOpenSsh(text: string): Read | undefined {
  const match = /^(ssh-\w+)[ \t]+(\S+)(?:[ \t]+([^\r\n]*))?$/.exec(text);
  const blob = match && strictBase64(match[2]!);
  const key = blob && keyFromBlob(blob);
  if (!key || stringsOf(blob)![0]!.toString('latin1') !== match[1]) return undefined;
  return { key, comment: match[3]?.trim() ?? '' };
}

/** https://www.rfc-editor.org/rfc/rfc4716: headers, each with continuation lines, then the blob in base64. */
function readRfc4716(text: string): Read | undefined {
  const body = /^---- BEGIN SSH2 PUBLIC KEY ----\r?\n([^]*?)\r?\n---- END SSH2 PUBLIC KEY ----$/.exec(text)?.[1];
  if (body === undefined) return undefined;
  const lines = body.replace(/\\\r?\n/g, '').split(/\r?\n/);
  const comment = lines.find((line) => /^comment:/i.test(line))?.slice('comment:'.length).trim().replace(/^"(.*)"$/, '$1') ?? '';
  const blob = strictBase64(lines.filter((line) => !line.includes(':')).map((line) => line.trim()).join(''));
  const key = blob && keyFromBlob(blob);
  return key && { key, comment };
}

/** A SubjectPublicKeyInfo in base64, without PEM's frame. */
function readDer(text: string): Read | undefined {
  const der = strictBase64(text.replace(/\s+/g, ''));
  if (!der) return undefined;
  try {
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
    return key.asymmetricKeyType === 'rsa' || key.asymmetricKeyType === 'ed25519' ? { key, comment: '' } : undefined;
  } catch {
    return undefined;
  }
}

// ---- writing private keys ----

const wrapped = (base64: string, width: number): string[] => base64.match(new RegExp(`.{1,${width}}`, 'g')) ?? [];

/** CreateKeyPair's material ends without a line break: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateKeyPair.html */
const pkcs1Pem = (key: KeyObject): string => key.export({ type: 'pkcs1', format: 'pem' }).toString().trimEnd();

const seedOf = (key: KeyObject): Buffer => fromBase64Url(jwkOf(key).d!);

/** OpenSSH's own format, unencrypted: https://cvsweb.openbsd.org/src/usr.bin/ssh/PROTOCOL.key */
function openSshFile(key: KeyObject, publicBlob: Buffer, check: Buffer): string {
  const publicBytes = fromBase64Url(jwkOf(key).x!);
  const secret = Buffer.concat([check, check, string(ALGORITHMS.ed25519), string(publicBytes), string(Buffer.concat([seedOf(key), publicBytes])), string('')]);
  const padding = Buffer.from(Array.from({ length: (8 - (secret.length % 8)) % 8 }, (_, i) => i + 1));
  const file = Buffer.concat([
    Buffer.from('openssh-key-v1\0'), string('none'), string('none'), string(''), uint32(1), string(publicBlob), string(Buffer.concat([secret, padding])),
  ]);
  return ['-----BEGIN OPENSSH PRIVATE KEY-----', ...wrapped(file.toString('base64'), 70), '-----END OPENSSH PRIVATE KEY-----'].join('\n');
}

// assumed: the comment that AWS writes
const PPK_COMMENT = 'imported-openssh-key';

/** PuTTY's format, version 2, unencrypted: https://tartarus.org/~simon/putty-snapshots/htmldoc/AppendixC.html */
function ppkFile(type: KeyType, key: KeyObject, publicBlob: Buffer): string {
  const { d, p, q, qi } = jwkOf(key);
  const privateBlob = type === 'rsa' ? Buffer.concat([d!, p!, q!, qi!].map((number) => mpint(fromBase64Url(number)))) : string(seedOf(key));
  const macKey = createHash('sha1').update('putty-private-key-file-mac-key').digest();
  const signed = Buffer.concat([ALGORITHMS[type], 'none', PPK_COMMENT, publicBlob, privateBlob].map(string));
  const publicLines = wrapped(publicBlob.toString('base64'), 64);
  const privateLines = wrapped(privateBlob.toString('base64'), 64);
  return [
    `PuTTY-User-Key-File-2: ${ALGORITHMS[type]}`, 'Encryption: none', `Comment: ${PPK_COMMENT}`,
    `Public-Lines: ${publicLines.length}`, ...publicLines, `Private-Lines: ${privateLines.length}`, ...privateLines,
    `Private-MAC: ${createHmac('sha1', macKey).update(signed).digest('hex')}`,
  ].join('\n');
}
