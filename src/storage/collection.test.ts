import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../core/virtual-clock.ts';
import { Collection } from './collection.ts';
import { CommitGroup } from './commit-group.ts';
import { Database } from './database.ts';

interface Token {
  readonly id: string;
  readonly status: string;
  readonly uses: number;
  readonly parent?: string;
}

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'compote-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function open(cached = 2) {
  const clock = new VirtualClock(0);
  const group = new CommitGroup(clock, (cause) => {
    throw cause;
  });
  const database = new Database({ path: join(folder, 'a.db'), group });
  const tokens = new Collection<Token, 'status' | 'uses' | 'parent'>(database, {
    name: 'token',
    key: (token) => token.id,
    index: { status: (token) => token.status, uses: (token) => token.uses, parent: (token) => token.parent },
    pinned: (token) => token.status === 'active',
    cached,
  });
  return { clock, database, tokens };
}

const token = (id: string, status = 'idle', uses = 0): Token => ({ id, status, uses });

describe('a collection', () => {
  it('gives back what was put, in the same turn and after a restart', async () => {
    const { clock, database, tokens } = open();
    tokens.put(token('a\0b'));
    expect(tokens.get('a\0b')).toEqual(token('a\0b'));
    await clock.settle();
    database.close();
    expect(open().tokens.get('a\0b')).toEqual(token('a\0b'));
  });

  it('writes a record once a turn, however often it was put', async () => {
    const { clock, database, tokens } = open();
    const before = Number(database.get('select total_changes() as n')?.['n']);
    for (let i = 0; i < 100; i++) tokens.put(token('a', 'active', i));
    await clock.settle();
    expect(Number(database.get('select total_changes() as n')?.['n']) - before).toBe(1);
  });

  it('forgets least recently used records, but never pinned ones and never unwritten ones', async () => {
    const { clock, tokens } = open(2);
    for (const id of ['a', 'b', 'c', 'd']) tokens.put(token(id));
    tokens.put(token('p', 'active'));
    expect(['a', 'b', 'c', 'd', 'p'].map((id) => tokens.get(id)?.id)).toEqual(['a', 'b', 'c', 'd', 'p']);
    await clock.settle();
    const kept = tokens.get('p');
    for (const id of ['a', 'b', 'c', 'd']) expect(tokens.get(id)).toEqual(token(id));
    expect(tokens.get('p')).toBe(kept);
    expect([...tokens.pinned()].map((record) => record.id)).toEqual(['p']);
  });

  it('has its pinned records in memory after a restart', async () => {
    const { clock, database, tokens } = open();
    tokens.put(token('p', 'active'));
    tokens.put(token('q'));
    await clock.settle();
    database.close();
    expect([...open().tokens.pinned()]).toEqual([token('p', 'active')]);
  });

  it('a deleted record is gone at once, also from lists, and stays gone', async () => {
    const { clock, tokens } = open();
    tokens.put(token('a'));
    await clock.settle();
    expect(tokens.delete('a')).toBe(true);
    expect([tokens.has('a'), tokens.delete('a'), tokens.list().items.length]).toEqual([false, false, 0]);
    await clock.settle();
    expect(tokens.count()).toBe(0);
  });

  it('lists by conditions on index columns: a value, any of several, a range, none', () => {
    const { tokens } = open();
    tokens.put(token('a', 'idle', 1));
    tokens.put(token('b', 'active', 5));
    tokens.put({ ...token('c', 'blocked', 9), parent: 'P' });
    const ids = (where: Parameters<typeof tokens.list>[0]): string[] => tokens.list(where).items.map((item) => item.id);
    expect(ids({ where: { status: 'idle' } })).toEqual(['a']);
    expect(ids({ where: { status: ['idle', 'blocked'] } })).toEqual(['a', 'c']);
    expect(ids({ where: { uses: { from: 1, below: 9 } } })).toEqual(['a', 'b']);
    expect(ids({ where: { parent: null } })).toEqual(['a', 'b']);
    expect(tokens.count({ status: ['active', 'idle'] })).toBe(2);
  });

  it.each(['ascending', 'descending'] as const)(
    'pages through everything exactly once, %s, with ties and gaps',
    (order) => {
      const { tokens } = open();
      for (let i = 0; i < 25; i++) {
        tokens.put({
          ...token(`t${String(i).padStart(2, '0')}`, 'idle', i % 3),
          ...(i % 4 === 0 ? {} : { parent: `P${i % 5}` }),
        });
      }
      for (const by of ['key', 'uses', 'parent'] as const) {
        const whole = tokens.list({ by, order, limit: 100 }).items.map((item) => item.id);
        const paged: string[] = [];
        let after: string | undefined;
        do {
          const page: ReturnType<typeof tokens.list> = tokens.list({
            by,
            order,
            limit: 4,
            ...(after === undefined ? {} : { after }),
          });
          paged.push(...page.items.map((item) => item.id));
          after = page.next;
        } while (after !== undefined);
        expect(paged).toEqual(whole);
        expect(new Set(paged).size).toBe(25);
      }
      expect([...tokens.all()].length).toBe(25);
    },
  );

  it('counts the records of each value of an index column, unwritten ones too', () => {
    const { tokens } = open();
    for (const id of ['a', 'b']) tokens.put(token(id));
    tokens.put({ ...token('c', 'blocked'), parent: 'a' });
    tokens.delete('b');
    expect(tokens.countsBy('status')).toEqual(
      new Map([
        ['blocked', 1],
        ['idle', 1],
      ]),
    );
    expect(tokens.countsBy('parent')).toEqual(new Map([['a', 1]]));
  });

  it('refuses a cursor that no page gave', () => {
    expect(() => open().tokens.list({ after: 'x' })).toThrow(/cursor/);
  });

  it('fills an index column that a newer version declares', async () => {
    const { clock, database, tokens } = open();
    tokens.put(token('a', 'idle', 7));
    await clock.settle();
    database.close();
    const newer = new Database({ path: join(folder, 'a.db') });
    const records = new Collection<Token, 'uses' | 'initial'>(newer, {
      name: 'token',
      key: (record) => record.id,
      index: { uses: (record) => record.uses, initial: (record) => record.id[0] },
    });
    expect(records.list({ where: { initial: 'a' } }).items).toEqual([token('a', 'idle', 7)]);
  });
});
