import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const KEY_BYTES = 32;

/**
 * AES-256-GCM under a key that lies beside the state file, readable by its owner alone, so that the file itself gives no
 * secret away. With a seed the key follows from it, as every secret that Fogbank makes does: the same run gives the same
 * bytes. The nonce follows from the text for the same reason; the same text sealed twice looks the same.
 */
export class Seal {
  private constructor(private bytes: Buffer, private readonly path?: string) {}

  static inMemory(seed?: string): Seal {
    return new Seal(newKey(seed));
  }

  static fromFile(path: string, seed?: string): Seal {
    if (!existsSync(path)) writeFileSync(path, newKey(seed), { mode: 0o600, flag: 'wx' });
    const key = readFileSync(path);
    if (key.length !== KEY_BYTES) throw new Error(`${path} is not a Fogbank seal key`);
    return new Seal(key, path);
  }

  get key(): Buffer {
    return this.bytes;
  }

  /** Takes the key of a world that was sealed elsewhere. */
  replaceKey(key: Buffer): void {
    if (key.length !== KEY_BYTES) throw new Error('that is not a Fogbank seal key');
    if (this.path !== undefined) writeFileSync(this.path, key, { mode: 0o600 });
    this.bytes = key;
  }

  seal(text: string): string {
    const nonce = createHmac('sha256', this.bytes).update(text).digest().subarray(0, 12);
    const cipher = createCipheriv('aes-256-gcm', this.bytes, nonce);
    const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64');
  }

  unseal(sealed: string): string {
    const raw = Buffer.from(sealed, 'base64');
    const decipher = createDecipheriv('aes-256-gcm', this.bytes, raw.subarray(0, 12));
    decipher.setAuthTag(raw.subarray(12, 28));
    return decipher.update(raw.subarray(28), undefined, 'utf8') + decipher.final('utf8');
  }
}

const newKey = (seed: string | undefined): Buffer => (seed === undefined ? randomBytes(KEY_BYTES) : createHash('sha256').update(`fogbank seal\0${seed}`).digest());
