import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** The built package, imported by its name from a folder of somebody else (`npm test` builds before). */

const root = fileURLToPath(new URL('..', import.meta.url));
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'library-'));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules', 'ocpp-compote'), 'dir');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a strict compiler says of a file in the folder. */
function compile(file: string): string {
  const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023', '--skipLibCheck'];
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const types = ['--types', 'node', '--typeRoots', join(root, 'node_modules', '@types')];
  return spawnSync(process.execPath, [tsc, ...options, ...types, file], { encoding: 'utf8', cwd: folder }).stdout;
}

/** The example of the guide: what the docs show is what runs. */
const EXAMPLE =
  /```ts\n([\s\S]*?)```/.exec(readFileSync(join(root, 'docs', 'guides', 'station-simulator.md'), 'utf8'))?.[1] ?? '';

it('runs: `import { createStation } from "ocpp-compote/station"`', () => {
  const file = join(folder, 'example.mjs');
  writeFileSync(
    file,
    EXAMPLE.replace(', type StationEvent', '')
      .replace(': StationEvent[]', '')
      .replace(' as [number, string, string]', '')
      .replace(': string | undefined', ''),
  );
  const { stdout, stderr } = spawnSync(process.execPath, [file], { encoding: 'utf8', cwd: folder });
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual({ status: 'Occupied', booted: true });
});

it('has types that a strict program compiles against', () => {
  writeFileSync(join(folder, 'example.mts'), EXAMPLE);
  expect(compile('example.mts')).toBe('');
  writeFileSync(join(folder, 'example.mts'), EXAMPLE.replace("version: '2.0.1'", "version: '1.5'"));
  expect(compile('example.mts')).toContain('1.5');
});

describe('`ocpp-compote/ocpp`', () => {
  const page = readFileSync(join(root, 'docs', 'reference', 'library.md'), 'utf8');
  const example = /```ts\n([\s\S]*?)```/.exec(page)?.[1] ?? '';

  it('runs the example of its page', () => {
    const file = join(folder, 'ocpp.mjs');
    writeFileSync(file, example);
    const { stdout, stderr } = spawnSync(process.execPath, [file], { encoding: 'utf8', cwd: folder });
    expect(stderr).toBe('');
    // 1.6 with the security whitepaper: 19 of the CSMS in 1.6 itself, DataTransfer among them, and 7 more.
    expect(JSON.parse(stdout)).toEqual({ found: [['/idTag', 'type']], commands: 26 });
  });

  it('compiles against its types, and not with a version that does not exist', () => {
    writeFileSync(join(folder, 'ocpp.mts'), example);
    expect(compile('ocpp.mts')).toBe('');
    writeFileSync(join(folder, 'ocpp.mts'), example.replace("OcppSchemas('1.6')", "OcppSchemas('1.5')"));
    expect(compile('ocpp.mts')).toContain('1.5');
  });
});
