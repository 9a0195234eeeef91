import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDataFolder } from './data-folder.ts';

let parent = '';
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'compote-'));
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

it('is created with its parents and closed to other users', () => {
  const folder = openDataFolder(join(parent, 'a', 'b'), 'csms');
  expect(statSync(folder.path).mode & 0o777).toBe(0o700);
  folder.close();
});

it('is held by one run of a service at a time; other services may share it', () => {
  const first = openDataFolder(parent, 'csms');
  const other = openDataFolder(parent, 'hub');
  expect(() => openDataFolder(parent, 'csms')).toThrow(/in use by another running “csms”/);
  first.close();
  openDataFolder(parent, 'csms').close();
  other.close();
});

it('opens databases in it, and refuses names that lead out of it', () => {
  const folder = openDataFolder(parent, 'csms');
  const database = folder.database('state.db', { sync: 'normal' });
  expect(database.path).toBe(join(folder.path, 'state.db'));
  database.close();
  expect(() => folder.file('../state.db')).toThrow(/not a file name/);
  folder.close();
});

it('that is a file is one clear error', () => {
  const path = join(parent, 'file');
  writeFileSync(path, '');
  expect(() => openDataFolder(path, 'csms')).toThrow(/data folder .* cannot be made or opened/);
});
