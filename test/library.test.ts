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
function compile(file: string, ...more: string[]): string {
  const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023', '--skipLibCheck'];
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const types = ['--types', 'node', '--typeRoots', join(root, 'node_modules', '@types')];
  return spawnSync(process.execPath, [tsc, ...options, ...types, ...more, file], { encoding: 'utf8', cwd: folder })
    .stdout;
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

/** The examples of the page, by what they import. */
const PAGE = readFileSync(join(root, 'docs', 'reference', 'library.md'), 'utf8');
const exampleOf = (entry: string): string =>
  [...PAGE.matchAll(/```ts\n([\s\S]*?)```/g)]
    .map(([, text = '']) => text)
    .find((text) => text.includes(`'${entry}'`)) ?? '';

/** What the compiler makes of a file in the folder, run. */
function run(name: string, example: string): unknown {
  writeFileSync(join(folder, `${name}.mts`), example);
  expect(compile(`${name}.mts`, '--outDir', 'out', '--noEmit', 'false')).toBe('');
  const { stdout, stderr } = spawnSync(process.execPath, [join(folder, 'out', `${name}.mjs`)], {
    encoding: 'utf8',
    cwd: folder,
  });
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

describe('the page of what can be imported', () => {
  it('names every entry of the package, and has an example of each that it explains', () => {
    const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { exports: object };
    const entries = Object.keys(exports).filter((name) => name !== './package.json');
    for (const name of entries.map((entry) => entry.replace('.', 'ocpp-compote'))) {
      expect(PAGE).toContain(`| \`${name}\` |`);
      if (name !== 'ocpp-compote/station') expect([name, exampleOf(name)]).not.toEqual([name, '']);
    }
  });

  it('`ocpp-compote/ocpp`: compiles, runs, and not with a version that does not exist', () => {
    const example = exampleOf('ocpp-compote/ocpp');
    // 1.6 with the security whitepaper: 19 of the CSMS in 1.6 itself, DataTransfer among them, and 7 more.
    expect(run('ocpp', example)).toEqual({ found: [['/idTag', 'type']], commands: 26 });
    writeFileSync(join(folder, 'ocpp.mts'), example.replace("OcppSchemas('1.6')", "OcppSchemas('1.5')"));
    expect(compile('ocpp.mts')).toContain('1.5');
  });

  it('`ocpp-compote/rules`: compiles, and finds what is wrong in messages made by hand and in a log', () => {
    const example = exampleOf('ocpp-compote/rules');
    expect(run('rules', example)).toEqual({ messages: 2, rule: 'OCPPJ-RPC-021', causes: true, ofLog: 1 });
    writeFileSync(join(folder, 'rules.mts'), example.replace("type: 'frame'", "type: 'picture'"));
    expect(compile('rules.mts')).toContain('picture');
  });

  it('`ocpp-compote/journal`: compiles, filters, lists and draws an export', () => {
    const told = run('journal', exampleOf('ocpp-compote/journal'));
    expect(told).toEqual({ errors: 0, listed: 2, latencyMs: 20, diagram: 'sequenceDiagram' });
  });
});
