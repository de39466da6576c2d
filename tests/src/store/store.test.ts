import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { IdSource } from '../../../src/ids/source.ts';
import { SqliteStore } from '../../../src/store/sqlite.ts';
import type { Due, Row, Terms } from '../../../src/store/store.ts';

interface Thing {
  readonly name: string;
  readonly colours: string[];
  readonly tags: Record<string, string>;
}

const termsOf = (thing: object): Terms => {
  const { colours, tags } = thing as Thing;
  return { links: [...new Set(colours)].flatMap((value) => ['colours', value]), tags: Object.entries(tags).flat() };
};
const termsOfNothing = (): Terms => ({ links: [], tags: [] });
const SCOPE = { account: '1', region: 'r', kind: 'k:thing' };
const COLOURS = ['red', 'green', 'blue'];

/** Everything that can be asked of a store, as one value. */
async function told(store: SqliteStore): Promise<unknown> {
  const names = (rows: readonly Row[]) => rows.map((row) => [row.seq, row.id]);
  const page = await store.page(SCOPE, 0, 1000);
  return {
    page: page.map((row) => [row.seq, row.id, row.document]), read: store.readAll(page), one: page.map((row) => row.read()), tagged: names(await store.allTagged('1', 'r')), nextDueAt: store.nextDueAt(), counts: await store.counts(), lingering: await store.lingering(),
    byColour: await Promise.all(COLOURS.map(async (colour) => names(await store.linked(SCOPE, 'colours', [colour])))), red: await store.linkedCount(SCOPE, 'colours', 'red'), twoColours: names(await store.linked(SCOPE, 'colours', ['red', 'blue'])),
    values: await store.linkedValues(SCOPE, { member: 'colours', value: 'red' }, 'colours'), byTag: names(await store.tagged(SCOPE, 'size', ['1', '2'])),
    found: await Promise.all(page.map(async (row) => (await store.get(row))?.seq)), first: [store.firstDue(Number.MAX_SAFE_INTEGER)].map((f) => f && [f.row.id, f.due]), facts: await store.fact('f'), credential: await store.credential('AK'),
  };
}

/** One random change. */
async function change(store: SqliteStore, chance: IdSource): Promise<void> {
  const all = await store.page(SCOPE, 0, 1000);
  const thing = (): Thing => ({ name: chance.hex(4), colours: COLOURS.filter(() => chance.below(2) === 1), tags: chance.below(2) === 1 ? { size: String(chance.below(3)) } : {} });
  const due = (): Due | undefined => (chance.below(2) === 1 ? { at: 1000 + chance.below(50), from: 'a', to: chance.below(2) === 1 ? 'gone' : 'b' } : undefined);
  const some = all.length > 0 ? all[chance.below(all.length)] : undefined;
  switch (chance.below(some ? 8 : 2)) {
    case 0: case 1: {
      const made = thing();
      return void store.insert({ ...SCOPE, id: `id-${chance.hex(6)}` }, made, termsOf(made), due());
    }
    case 2: case 3: {
      const made = thing();
      return store.update(some!, made, termsOf(made));
    }
    case 4: return store.schedule(some!, due());
    case 5: return store.remove(some!);
    case 6: return store.putFact('f', chance.hex(3));
    default: return store.putCredential({ accessKeyId: 'AK', account: '1', principal: chance.hex(2), secret: 's', sessionToken: null, expires: null, active: 1 });
  }
}

describe('the store', () => {
  it.each(Array.from({ length: 12 }, (_, seed) => seed))('a transaction that fails leaves no trace, and what was kept is there again: seed %i', async (seed) => {
    const folder = mkdtempSync(join(tmpdir(), 'fogbank-'));
    const chance = new IdSource(`store ${seed}`);
    let store = new SqliteStore(folder, (_kind, thing) => termsOf(thing));
    try {
      for (let i = 0; i < 60; i++) {
        const before = await told(store);
        const changes = 1 + chance.below(6);
        const fails = chance.below(3) === 0;
        const work = store.transaction(async () => {
          for (let n = 0; n < changes; n++) {
            await change(store, chance);
            // Looking at what is due drops what was given up: the way back must bring it again.
            store.nextDueAt();
          }
          if (fails) throw new Error('no');
        });
        if (fails) {
          await expect(work).rejects.toThrow('no');
          expect(await told(store)).toEqual(before);
        } else await work;
        if (chance.below(2) === 0) await store.kept();
        if (chance.below(10) > 0) continue;
        const last = await told(store);
        store.close();
        store = new SqliteStore(folder, (_kind, thing) => termsOf(thing));
        expect(await told(store)).toEqual(last);
      }
    } finally {
      store.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('is kept by the end of the turn, in one go', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'fogbank-'));
    const store = new SqliteStore(folder, (_kind, thing) => termsOf(thing));
    const insert = (id: string) => store.transaction(() => store.insert({ ...SCOPE, id }, { colours: [], tags: {} }, { links: [], tags: [] }));
    await insert('kept');
    await store.kept();
    expect(store.kept()).toBeUndefined();
    await insert('not kept');
    expect(store.kept()).toBeInstanceOf(Promise);
    await store.kept();
    store.close();
    const again = new SqliteStore(folder, (_kind, thing) => termsOf(thing));
    expect((await again.page(SCOPE, 0, 10)).map((row) => row.id)).toEqual(['kept', 'not kept']);
    again.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('what a failed turn took back is not said to be kept by the next one', async () => {
    const store = new SqliteStore(':memory:', termsOfNothing);
    const { shelf } = store as unknown as { shelf: { keep: (lastSeq: number) => void } };
    const keep = shelf.keep.bind(shelf);
    const insert = (id: string) => store.insert({ ...SCOPE, id }, {}, termsOfNothing());
    await store.transaction(() => insert('kept'));
    await store.kept();
    shelf.keep = () => { throw new Error('disk full'); };
    await store.transaction(() => insert('a'));
    const first = store.kept();
    let go = () => undefined as void;
    const second = store.transaction(async () => {
      await new Promise<void>((resolve) => { go = resolve; });
      insert('b');
      return store.epoch;
    }).then((epoch) => store.kept(undefined, epoch));
    // The first turn's writing now waits behind the second transaction.
    await new Promise((resolve) => setTimeout(resolve, 20));
    go();
    await expect(first).rejects.toThrow('disk full');
    shelf.keep = keep;
    await expect(second).rejects.toThrow('taken back');
    expect((await store.page(SCOPE, 0, 10)).map((row) => row.id)).toEqual(['kept']);
    await store.transaction(() => insert('c'));
    await store.kept();
    expect((await store.page(SCOPE, 0, 10)).map((row) => row.id)).toEqual(['kept', 'c']);
    store.close();
  });

  it('an image is the same world in another store', async () => {
    const chance = new IdSource('image');
    const [one, two] = [new SqliteStore(':memory:', (_kind, thing) => termsOf(thing)), new SqliteStore(':memory:', (_kind, thing) => termsOf(thing))];
    await one.transaction(async () => {
      for (let i = 0; i < 200; i++) await change(one, chance);
    });
    await two.transaction(() => change(two, chance));
    await two.replace(await one.image());
    expect(await told(two)).toEqual(await told(one));
    expect(two.unseal(one.seal('secret'))).toBe('secret');
    for (const store of [one, two]) store.close();
  });
});

it('what came and went is not written, and its number is not given again after a restart', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fogbank-'));
  const insert = (store: SqliteStore, id: string) => store.transaction(() => store.insert({ ...SCOPE, id }, {}, { links: [], tags: [] }));
  const nothing = () => ({ links: [], tags: [] });
  try {
    const store = new SqliteStore(folder, nothing);
    await insert(store, 'a');
    const passing = await insert(store, 'b');
    await store.transaction(async () => store.remove((await store.get({ ...SCOPE, id: 'b' }))!));
    store.close();
    const again = new SqliteStore(folder, nothing);
    expect(await insert(again, 'c')).toBe(passing + 1);
    again.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('a state file of version 2 is taken over, with its steps and the highest number that was given', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fogbank-'));
  const nothing = () => ({ links: [], tags: [] });
  try {
    const old = new Database(join(folder, 'state.sqlite'));
    old.exec(`CREATE TABLE documents (seq INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, region TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, document TEXT NOT NULL, due_at INTEGER, due_turn INTEGER, due_from TEXT, due_to TEXT);
      INSERT INTO documents VALUES (1, '1', 'r', 'k:thing', 'a', '{"name":"a"}', NULL, NULL, NULL, NULL), (2, '1', 'r', 'k:thing', 'b', '{"name":"b"}', 77, 3, 'on', 'gone');
      UPDATE sqlite_sequence SET seq = 9;
      PRAGMA user_version = 2`);
    old.close();
    const store = new SqliteStore(folder, nothing);
    expect((await store.page(SCOPE, 0, 10)).map(({ seq, id, document }) => [seq, id, document])).toEqual([[1, 'a', '{"name":"a"}'], [2, 'b', '{"name":"b"}']]);
    expect((await store.firstDue(100))?.due).toEqual({ at: 77, from: 'on', to: 'gone' });
    expect(await store.transaction(() => store.insert({ ...SCOPE, id: 'c' }, {}, nothing()))).toBe(10);
    store.close();
    const again = new SqliteStore(folder, nothing);
    expect((await again.page(SCOPE, 0, 10)).map(({ seq }) => seq)).toEqual([1, 2, 10]);
    again.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
});
