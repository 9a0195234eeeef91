import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readIfThere, writeWhole } from './whole-file.ts';

const folder = (): string => mkdtempSync(join(tmpdir(), 'whole-'));

describe('a file that is written as a whole', () => {
  it('is there for its owner alone, and nothing stays beside it', () => {
    const at = folder();
    writeWhole(join(at, 'a.json'), 'first, and longer');
    writeWhole(join(at, 'a.json'), 'second');
    expect(readFileSync(join(at, 'a.json'), 'utf8')).toBe('second');
    expect(statSync(join(at, 'a.json')).mode & 0o777).toBe(0o600);
    expect(readdirSync(at)).toEqual(['a.json']);
  });

  it('keeps the former text when it cannot be written', () => {
    const at = folder();
    writeWhole(join(at, 'a.json'), 'first');
    expect(() => writeWhole(join(at, 'missing', 'a.json'), 'second')).toThrow('ENOENT');
    expect(readIfThere(join(at, 'a.json'))).toBe('first');
  });

  it('is undefined where there is none, also in what is no folder', () => {
    const at = folder();
    writeFileSync(join(at, 'file'), '');
    expect(readIfThere(join(at, 'none'))).toBeUndefined();
    expect(readIfThere(join(at, 'file', 'none'))).toBeUndefined();
    expect(() => readIfThere(at)).toThrow('EISDIR');
  });
});
