import { execFileSync, spawnSync } from 'node:child_process';
import { createHash, createHmac, createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { generateKeyPair, importPublicKey } from '../../../handlers/ec2/instances/key-material.ts';
import type { AwsError } from '../../../protocols/types.ts';

const folder = mkdtempSync(join(tmpdir(), 'fogbank-keys-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A repeatable source of bytes: SHA-256 in counter mode. */
function seeded(seed: string) {
  let counter = 0;
  return (bytes: number): Buffer => {
    const blocks: Buffer[] = [];
    for (let have = 0; have < bytes; have += 32) blocks.push(createHash('sha256').update(`${seed}/${counter++}`).digest());
    return Buffer.concat(blocks).subarray(0, bytes);
  };
}

const hasSshKeygen = spawnSync('ssh-keygen', ['-?']).error === undefined;
if (!hasSshKeygen) console.warn('key-material: ssh-keygen is not on PATH, what it would confirm is skipped');

let files = 0;
function file(content: string): string {
  const path = join(folder, `key${files++}`);
  writeFileSync(path, content);
  chmodSync(path, 0o600);
  return path;
}
const sshKeygen = (...args: string[]): string => execFileSync('ssh-keygen', args, { encoding: 'utf8' }).trim();

const code = (run: () => unknown): string => {
  try {
    run();
    return 'accepted';
  } catch (error) {
    return (error as AwsError).code;
  }
};

describe('generateKeyPair', () => {
  const rsa = generateKeyPair('rsa', 'pem', seeded('a'));
  const ed25519 = generateKeyPair('ed25519', 'pem', seeded('a'));

  it('gives the same key for the same source, and another one for another', () => {
    expect(generateKeyPair('rsa', 'pem', seeded('a'))).toEqual(rsa);
    expect(generateKeyPair('ed25519', 'pem', seeded('a'))).toEqual(ed25519);
    expect(generateKeyPair('ed25519', 'pem', seeded('b')).fingerprint).not.toBe(ed25519.fingerprint);
  });

  it('gives a working RSA key of 2,048 bits in PKCS#1', () => {
    expect(rsa.material).toMatch(/^-----BEGIN RSA PRIVATE KEY-----\n[^]*\n-----END RSA PRIVATE KEY-----$/);
    for (let i = 0; i < 10; i++) {
      const key = createPrivateKey(generateKeyPair('rsa', 'pem', seeded(`rsa ${i}`)).material);
      expect(key.asymmetricKeyDetails).toMatchObject({ modulusLength: 2048, publicExponent: 65537n });
      const data = Buffer.from('data');
      expect(verify('sha256', data, createPublicKey(key), sign('sha256', data, key))).toBe(true);
    }
  });

  it("fingerprints a created RSA key by SHA-1 of its PKCS#8 form, as the guide's openssl line does", () => {
    const der = createPrivateKey(rsa.material).export({ type: 'pkcs8', format: 'der' });
    expect(rsa.fingerprint.replaceAll(':', '')).toBe(createHash('sha1').update(der).digest('hex'));
    expect(rsa.fingerprint).toMatch(/^([0-9a-f]{2}:){19}[0-9a-f]{2}$/);
  });

  it('fingerprints an ED25519 key by SHA-256 in base64, padding included', () => {
    expect(ed25519.fingerprint).toMatch(/^[A-Za-z0-9+/]{43}=$/);
    expect(ed25519.material).toMatch(/^-----BEGIN OPENSSH PRIVATE KEY-----\n/);
  });

  it.skipIf(!hasSshKeygen)('ssh-keygen reads the private keys and agrees on public keys and fingerprint', () => {
    for (const pair of [rsa, ed25519]) expect(sshKeygen('-y', '-f', file(`${pair.material}\n`)).split(' ').slice(0, 2).join(' ')).toBe(pair.publicKeyOpenSsh);
    const printed = sshKeygen('-l', '-E', 'sha256', '-f', file(`${ed25519.publicKeyOpenSsh}\n`)).split(' ')[1];
    expect(`${printed}=`).toBe(`SHA256:${ed25519.fingerprint}`);
  });

  it.each(['rsa', 'ed25519'] as const)("writes PuTTY's version 2 for %s, with a right MAC", (type) => {
    const ppk = generateKeyPair(type, 'ppk', seeded('a'));
    const lines = ppk.material.split('\n');
    const field = (name: string) => lines.find((l) => l.startsWith(`${name}: `))!.slice(name.length + 2);
    const block = (name: string) => {
      const at = lines.findIndex((l) => l.startsWith(`${name}: `));
      return Buffer.from(lines.slice(at + 1, at + 1 + Number(field(name))).join(''), 'base64');
    };
    const publicBlob = block('Public-Lines');
    expect(`${field('PuTTY-User-Key-File-2')} ${publicBlob.toString('base64')}`).toBe(ppk.publicKeyOpenSsh);
    const withLength = (data: string | Buffer) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(Buffer.byteLength(data));
      return Buffer.concat([length, Buffer.from(data as string)]);
    };
    const data = Buffer.concat([field('PuTTY-User-Key-File-2'), field('Encryption'), field('Comment'), publicBlob, block('Private-Lines')].map(withLength));
    expect(field('Private-MAC')).toBe(createHmac('sha1', createHash('sha1').update('putty-private-key-file-mac-key').digest()).update(data).digest('hex'));
    expect(ppk.fingerprint).toBe(generateKeyPair(type, 'pem', seeded('a')).fingerprint);
  });
});

describe('importPublicKey', () => {
  const created = generateKeyPair('rsa', 'pem', seeded('import'));
  const spki = createPublicKey(created.material).export({ type: 'spki', format: 'der' });
  const md5 = createHash('md5').update(spki).digest('hex').replace(/..(?=.)/g, '$&:');
  const expected = { type: 'rsa', publicKey: created.publicKeyOpenSsh, fingerprint: md5 };

  it('takes OpenSSH text, with and without a comment, and says the MD5 of the public key', () => {
    expect(importPublicKey(created.publicKeyOpenSsh)).toEqual({ ...expected, comment: '' });
    expect(importPublicKey(Buffer.from(`${created.publicKeyOpenSsh} me@here now\n`))).toEqual({ ...expected, comment: 'me@here now' });
  });

  it('takes base64 of the DER form', () => {
    expect(importPublicKey(spki.toString('base64'))).toMatchObject(expected);
    expect(importPublicKey(spki.toString('base64').replace(/.{64}/g, '$&\n'))).toMatchObject(expected);
  });

  it('takes RFC 4716, with headers and a continued line', () => {
    const base64 = created.publicKeyOpenSsh.split(' ')[1]!.replace(/.{70}/g, '$&\n');
    expect(importPublicKey(`---- BEGIN SSH2 PUBLIC KEY ----\nSubject: me\nComment: "one \\\ntwo"\n${base64}\n---- END SSH2 PUBLIC KEY ----\n`)).toEqual({ ...expected, comment: 'one two' });
  });

  it('takes ED25519 in all three forms', () => {
    const pair = generateKeyPair('ed25519', 'pem', seeded('import'));
    const fromText = importPublicKey(pair.publicKeyOpenSsh);
    expect(fromText).toEqual({ type: 'ed25519', publicKey: pair.publicKeyOpenSsh, fingerprint: pair.fingerprint, comment: '' });
    const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), Buffer.from(pair.publicKeyOpenSsh.split(' ')[1]!, 'base64').subarray(-32)]);
    expect(importPublicKey(der.toString('base64'))).toEqual(fromText);
  });

  it.skipIf(!hasSshKeygen)("takes ssh-keygen's own keys of 1,024, 2,048 and 4,096 bits, and its RFC 4716 export", () => {
    for (const bits of ['1024', '2048', '4096']) {
      const path = file('');
      rmSync(path);
      sshKeygen('-q', '-t', 'rsa', '-b', bits, '-N', '', '-C', 'a comment', '-f', path);
      const text = sshKeygen('-y', '-f', path);
      const direct = importPublicKey(text);
      expect(direct.comment).toBe('a comment');
      expect(importPublicKey(sshKeygen('-e', '-m', 'RFC4716', '-f', path)).fingerprint).toBe(direct.fingerprint);
    }
  });

  it('refuses other kinds, other sizes and what is broken', () => {
    const ssh = (...strings: Buffer[]) => Buffer.concat(strings.flatMap((s) => [Buffer.from([0, 0, s.length >> 8, s.length & 255]), s])).toString('base64');
    const oddSize = createPublicKey(generateKeyPairSync('rsa', { modulusLength: 1536 }).privateKey);
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'der' });
    const [name, base64] = created.publicKeyOpenSsh.split(' ') as [string, string];
    const broken: Record<string, string> = {
      empty: '', words: 'not a key', 'a file name': 'file://key.pub', 'base64 of the text': Buffer.from(created.publicKeyOpenSsh).toString('base64'),
      'cut short': `${name} ${base64.slice(0, -40)}`, 'another name': `ssh-ed25519 ${base64}`, 'spaces taken for plus signs': `${name} ${base64.slice(0, 60)} ${base64.slice(61)}`,
      '1,536 bits': oddSize.export({ type: 'spki', format: 'der' }).toString('base64'), 'an elliptic curve': ec.toString('base64'),
      dss: `ssh-dss ${ssh(Buffer.from('ssh-dss'), Buffer.from([1]))}`, 'a short ed25519': `ssh-ed25519 ${ssh(Buffer.from('ssh-ed25519'), Buffer.alloc(31))}`,
      'the private key': created.material,
    };
    for (const [what, material] of Object.entries(broken)) expect(code(() => importPublicKey(material)), what).toBe('InvalidKey.Format');
    expect(() => importPublicKey('')).toThrow('Key is not in valid OpenSSH public key format');
  });
});
