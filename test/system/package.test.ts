import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';

/** What `npm pack` makes, unpacked in an empty folder beside the packages that it asks for. */

const root = fileURLToPath(new URL('../..', import.meta.url));

interface Manifest {
  readonly bin: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>;
  readonly dependencies: Readonly<Record<string, string>>;
}

let unpacked: string;
let files: string[];
let manifest: Manifest;

beforeAll(() => {
  const folder = mkdtempSync(join(tmpdir(), 'package-'));
  const packed = spawnSync('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], {
    cwd: root,
    encoding: 'utf8',
  });
  expect(packed.status, packed.stderr).toBe(0);
  const [tarball = ''] = readdirSync(folder);
  const home = join(folder, 'node_modules');
  mkdirSync(home);
  expect(spawnSync('tar', ['-xzf', join(folder, tarball), '-C', home]).status).toBe(0);
  unpacked = join(home, 'package');
  files = readdirSync(unpacked, { recursive: true, encoding: 'utf8' });
  manifest = JSON.parse(readFileSync(join(unpacked, 'package.json'), 'utf8')) as Manifest;
  symlinkSync(join(root, 'node_modules'), join(unpacked, 'node_modules'), 'dir');
});

describe('the package', () => {
  it('holds what runs, and neither tests, sources, maps nor schema texts of others', () => {
    expect(files.filter((file) => /\.test\.|\.map$|(?<!\.d)\.ts$|^src|^test|^web/.test(file))).toEqual([]);
    expect(files.filter((file) => file.endsWith('.json') && /ocpp/i.test(file))).toEqual([]);
    for (const file of ['README.md', 'LICENSE', 'NOTICE', 'CHANGELOG.md', 'dist/web/index.html']) {
      expect(files).toContain(file);
    }
  });

  it('has every file that its manifest names', () => {
    const named = [
      ...Object.values(manifest.bin),
      ...Object.values(manifest.exports).flatMap((target) =>
        typeof target === 'string' ? [target] : [target.types, target.default],
      ),
    ];
    expect(named.filter((file) => !existsSync(join(unpacked, file)))).toEqual([]);
  });

  it('imports only the packages that it asks for, and asks for none that it does not import', () => {
    const imported = new Set<string>();
    const code = files.filter(
      (file) => file.startsWith('dist/') && !file.startsWith('dist/web/') && /\.(js|d\.ts)$/.test(file),
    );
    for (const file of code) {
      const text = readFileSync(join(unpacked, file), 'utf8');
      for (const [, name = ''] of text.matchAll(/^(?:import|export)\s[^;]*?from '([^.'][^']*)'/gm)) imported.add(name);
      for (const [, name = ''] of text.matchAll(/(?:import|require|resolve)\(\s*['`]([^.'`/][^'`]*)['`]/g))
        imported.add(name);
    }
    const packages = [...imported]
      .filter((name) => !isBuiltin(name))
      .map((name) =>
        name
          .split('/')
          .slice(0, name.startsWith('@') ? 2 : 1)
          .join('/'),
      );
    expect(code.length).toBeGreaterThan(500);
    expect([...new Set(packages)].sort()).toEqual(Object.keys(manifest.dependencies).sort());
  });

  it('runs the demo in an empty folder, and leaves that folder empty', () => {
    const empty = mkdtempSync(join(tmpdir(), 'empty-'));
    const main = join(unpacked, manifest.bin['compote'] ?? '');
    const run = spawnSync(process.execPath, [main, 'demo'], { cwd: empty, encoding: 'utf8', timeout: 60_000 });
    expect(run.stdout + run.stderr).toContain('3 sessions');
    expect(run.status).toBe(0);
    expect(readdirSync(empty)).toEqual([]);
  });
});
