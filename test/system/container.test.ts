import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

/** Dockerfile and compose file as far as they can be tried without a container engine: their steps, done in a folder. */

const root = fileURLToPath(new URL('../..', import.meta.url));
const stages = readFileSync(join(root, 'Dockerfile'), 'utf8')
  .split(/^FROM .*$/m)
  .slice(1);
const folder = mkdtempSync(join(tmpdir(), 'container-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const copies = (stage = ''): string[][] =>
  [...stage.matchAll(/^COPY (?!--from)(.+)$/gm)].map(([, words = '']) => words.split(' ').slice(0, -1));

describe('the container', () => {
  it('builds from what it copies, and from nothing else', () => {
    const isSource = (path: string): boolean => !/\.test\.ts$|\/node_modules$|\/generated$/.test(path);
    for (const path of copies(stages[0]).flat())
      cpSync(join(root, path), join(folder, path), { recursive: true, filter: isSource });
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'dir');
    const built = spawnSync('npm', ['run', 'build'], { cwd: folder, encoding: 'utf8' });
    expect(built.status, built.stdout + built.stderr).toBe(0);
    for (const path of copies(stages[1]).flat()) cpSync(join(root, path), join(folder, path));
    const main = join(folder, 'dist/cli/main.js');
    expect(spawnSync(process.execPath, [main, '--version'], { encoding: 'utf8' }).status).toBe(0);
    // Without tokens it does not listen to the world.
    const env = { ...process.env, COMPOTE_HOST: '0.0.0.0', COMPOTE_DATA: join(folder, 'data') };
    const up = spawnSync(process.execPath, [main, 'up'], { encoding: 'utf8', env, timeout: 60_000 });
    expect(up.status).not.toBe(0);
    expect(up.stderr).toContain('access.tokens');
  }, 180_000);

  it('publishes the ports that it exposes, to this machine only', () => {
    const exposed = /^EXPOSE (.+)$/m.exec(stages[1] ?? '')?.[1]?.split(' ') ?? [];
    const { services } = parse(readFileSync(join(root, 'compose.yaml'), 'utf8')) as {
      services: Record<string, { ports: string[]; environment: Record<string, string> }>;
    };
    expect(services['compote']?.ports).toEqual(exposed.map((port) => `127.0.0.1:${port}:${port}`));
    const config = readFileSync(join(root, 'docs/reference/config.md'), 'utf8');
    for (const port of exposed) expect(config).toContain(`\`${port}\``);
    expect(services['compote']?.environment['COMPOTE_ACCESS__TOKENS']).toContain(':?');
  });
});
