import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CompoteError } from '../core/errors.ts';
import { VirtualClock } from '../core/virtual-clock.ts';
import { CommitGroup } from './commit-group.ts';
import { countParameters, Database } from './database.ts';
import type { SqlParameter } from './sql-value.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'compote-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const memory = (): Database => {
  const database = new Database({ path: ':memory:' });
  database.exec('create table t(a, b)');
  return database;
};

/** What a call throws, as one of our errors. */
function errorOf(task: () => unknown): CompoteError {
  try {
    task();
  } catch (error) {
    if (error instanceof CompoteError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('values', () => {
  const storable = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('\0', '\ud800', 'a', 'ä', '\u{1F600}') }),
    fc.double({ noNaN: true }),
    fc.integer(),
    fc.constant(null),
    fc.uint8Array(),
    fc.uint8Array().map((bytes) => new Uint8Array([0xff, 0, 0xc0, ...bytes])),
  );

  it('come back exactly as they went in, also NUL, lone surrogates and bytes that look like our own mark', () => {
    const database = memory();
    const insert = database.prepare('insert into t values (?, ?) returning a, b');
    fc.assert(
      fc.property(storable, storable, (a, b) => {
        const row = insert.get(a, b);
        const plain = (value: unknown): unknown => (value instanceof Uint8Array ? [...value] : value);
        expect(plain(row?.['a'])).toEqual(plain(a));
        expect(plain(row?.['b'])).toEqual(plain(b));
      }),
      { numRuns: 300 },
    );
  });

  it('are found again by equality, also with NUL inside', () => {
    const database = memory();
    database.run('insert into t values (?, 1)', 'a\0b');
    expect(database.get('select b from t where a = ?', 'a\0b')).toEqual({ b: 1 });
    expect(database.get('select b from t where a = ?', 'a')).toBeUndefined();
  });

  it('of any other type never reach the driver, which would abort the process', () => {
    const database = memory();
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withDate: true, withTypedArray: true }), (value) => {
        const fits =
          value === null ||
          typeof value === 'string' ||
          typeof value === 'boolean' ||
          (typeof value === 'number' && !Number.isNaN(value)) ||
          (typeof value === 'bigint' && Number.isSafeInteger(Number(value))) ||
          value instanceof Uint8Array;
        const store = (): unknown => database.run('insert into t values (?, 1)', value as SqlParameter);
        if (fits) store();
        else expect(errorOf(store).message).toMatch(/parameter 1/);
      }),
      { numRuns: 500 },
    );
  });

  it('that are booleans become 1 and 0', () => {
    const database = memory();
    database.run('insert into t values (?, ?)', true, false);
    expect(database.get('select a, b from t')).toEqual({ a: 1, b: 0 });
  });

  it('must be as many as the statement has question marks', () => {
    const database = memory();
    expect(errorOf(() => database.run('insert into t values (?, ?)', 1)).message).toMatch(/takes 2 .* given 1/);
    expect(countParameters(`select '?', "?" -- ?\n, /* ? */ ?, 'it''s ?' from t where a in (?,?)`)).toBe(3);
  });
});

describe('commit with the turn', () => {
  function groupOn(path: string) {
    const clock = new VirtualClock(0);
    const failures: unknown[] = [];
    const group = new CommitGroup(clock, (cause) => failures.push(cause));
    const database = new Database({ path, group });
    database.exec('create table if not exists t(a)');
    return { clock, group, failures, database };
  }

  it('reads of the turn see its writes; another connection sees them after the commit, before the answers', async () => {
    const path = join(folder, 'a.db');
    const { clock, group, database } = groupOn(path);
    const other = new Database({ path });
    const seenByOther = (): unknown => other.get('select count(*) n from t')?.['n'];
    database.run('insert into t values (1)');
    database.run('insert into t values (2)');
    let atAnswer: unknown;
    group.afterCommit(() => {
      atAnswer = seenByOther();
    });
    expect(database.get('select count(*) n from t')).toEqual({ n: 2 });
    expect(seenByOther()).toBe(0);
    await clock.settle();
    expect(atAnswer).toBe(2);
  });

  it('a transaction inside a turn that throws takes back its own writes only', async () => {
    const { clock, database } = groupOn(':memory:');
    database.run('insert into t values (1)');
    expect(() =>
      database.transaction(() => {
        database.run('insert into t values (2)');
        throw new Error('no');
      }),
    ).toThrow('no');
    await clock.settle();
    expect(database.all('select a from t')).toEqual([{ a: 1 }]);
  });

  it('a failing participant drops the answers, keeps the work and is told', async () => {
    const clock = new VirtualClock(0);
    const failures: unknown[] = [];
    const group = new CommitGroup(clock, (cause) => failures.push(cause));
    let broken = true;
    let commits = 0;
    const participant = {
      commit() {
        if (broken) throw new Error('disk full');
        commits++;
      },
    };
    group.enlist(participant);
    let answered = false;
    group.afterCommit(() => {
      answered = true;
    });
    await clock.settle();
    expect([answered, failures.length]).toEqual([false, 1]);
    broken = false;
    group.flush();
    expect(commits).toBe(1);
  });

  it('without a group a transaction is durable when it returns, and nests', () => {
    const path = join(folder, 'a.db');
    const database = new Database({ path });
    database.exec('create table t(a)');
    database.transaction(() => {
      database.run('insert into t values (1)');
      expect(() =>
        database.transaction(() => {
          database.run('insert into t values (2)');
          throw new Error('inner');
        }),
      ).toThrow('inner');
    });
    expect(new Database({ path }).all('select a from t')).toEqual([{ a: 1 }]);
  });
});

describe('an unusable file gets one clear error', () => {
  it('damaged', () => {
    const path = join(folder, 'bad.db');
    writeFileSync(path, Buffer.alloc(8192, 7));
    const error = errorOf(() => new Database({ path }));
    expect([error.code, error.extra['reason']]).toEqual(['STORAGE_UNUSABLE', 'damaged']);
  });

  it('locked by another connection', () => {
    const path = join(folder, 'a.db');
    const first = new Database({ path });
    first.exec('create table t(a); begin exclusive');
    const second = new Database({ path, busyTimeoutMs: 0 });
    const error = errorOf(() => second.run('insert into t values (1)'));
    expect([error.code, error.extra['reason']]).toEqual(['STORAGE_UNUSABLE', 'locked']);
  });

  it('in a folder that is not there', () => {
    const error = errorOf(() => new Database({ path: join(folder, 'no', 'a.db') }));
    expect([error.code, error.extra['reason']]).toEqual(['STORAGE_UNUSABLE', 'unwritable']);
  });

  it('full', () => {
    const database = new Database({ path: join(folder, 'a.db') });
    database.exec('create table t(a); pragma max_page_count = 8');
    const error = errorOf(() => {
      for (let i = 0; i < 100; i++) database.run('insert into t values (?)', new Uint8Array(4_000));
    });
    expect([error.code, error.extra['reason']]).toEqual(['STORAGE_UNUSABLE', 'full']);
  });

  it('closed by us', () => {
    const database = memory();
    database.close();
    database.close();
    expect(errorOf(() => database.run('insert into t values (1, 2)')).detail).toMatch(/closed/);
  });
});
