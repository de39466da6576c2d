import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase } from '../store/database.ts';
import { ControlError } from './control.ts';

export interface SnapshotInfo {
  readonly name: string;
  readonly bytes: number;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** Snapshots by name: files beside the state, or in memory where the state is. */
export class Snapshots {
  private readonly held = new Map<string, Buffer>();
  private readonly folder: string | undefined;

  constructor(data: string) {
    this.folder = data === ':memory:' ? undefined : join(data, 'snapshots');
  }

  save(name: string, image: Buffer): SnapshotInfo {
    if (!NAME.test(name)) throw new ControlError(`snapshot '${name}': a name has letters, digits, dots, hyphens and underscores, at most 100`);
    if (this.folder === undefined) this.held.set(name, image);
    else {
      mkdirSync(this.folder, { recursive: true });
      writeFileSync(this.path(name), image, { mode: 0o600 });
    }
    return { name, bytes: image.length };
  }

  list(): SnapshotInfo[] {
    if (this.folder === undefined) return [...this.held].map(([name, image]) => ({ name, bytes: image.length }));
    if (!existsSync(this.folder)) return [];
    return readdirSync(this.folder).filter((file) => file.endsWith('.sqlite')).sort().map((file) => ({ name: file.slice(0, -'.sqlite'.length), bytes: statSync(join(this.folder!, file)).size }));
  }

  get(name: string): Buffer {
    const image = this.folder === undefined ? this.held.get(name) : NAME.test(name) && existsSync(this.path(name)) ? readFileSync(this.path(name)) : undefined;
    if (!image) throw new ControlError(`there is no snapshot '${name}'; there ${this.list().length === 0 ? 'are none' : `is ${this.list().map((s) => s.name).join(', ')}`}`, 404);
    return image;
  }

  remove(name: string): void {
    this.get(name);
    if (this.folder === undefined) this.held.delete(name);
    else rmSync(this.path(name));
  }

  private path(name: string): string {
    return join(this.folder!, `${name}.sqlite`);
  }
}

interface Named {
  readonly account: string;
  readonly region: string;
  readonly kind: string;
  readonly id: string;
}

export interface Difference {
  readonly added: readonly Named[];
  readonly removed: readonly Named[];
  /** With the members that differ. */
  readonly changed: readonly (Named & { readonly members: readonly string[] })[];
}

/** What became of the resources between two snapshots. */
export function difference(before: Buffer, after: Buffer): Difference {
  const [old, now] = [documents(before), documents(after)];
  const named = ({ account, region, kind, id }: Named): Named => ({ account, region, kind, id });
  const changed = [];
  for (const [key, row] of now) {
    const earlier = old.get(key);
    if (!earlier || earlier.document === row.document) continue;
    const [a, b] = [JSON.parse(earlier.document), JSON.parse(row.document)] as [Record<string, unknown>, Record<string, unknown>];
    const members = [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((m) => JSON.stringify(a[m]) !== JSON.stringify(b[m]));
    if (members.length > 0) changed.push({ ...named(row), members });
  }
  return { added: [...now].filter(([key]) => !old.has(key)).map(([, row]) => named(row)), removed: [...old].filter(([key]) => !now.has(key)).map(([, row]) => named(row)), changed };
}

function documents(image: Buffer): Map<string, Named & { document: string }> {
  const database = openDatabase(image, { readonly: true });
  try {
    const rows = database.prepare(`SELECT account, region, kind, id, document FROM documents WHERE kind NOT LIKE 'fogbank:%' ORDER BY seq`).all() as (Named & { document: string })[];
    return new Map(rows.map((row) => [`${row.account}/${row.region}/${row.kind}/${row.id}`, row]));
  } finally {
    database.close();
  }
}
