import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { CLI } from './service-process.ts';
import { sessionOf, shellBlocks, untypedCommands } from './shell-blocks.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const pages = [
  'README.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).map((name) => `docs/${name}`),
]
  // What the program says of itself: no sh blocks of ours.
  .filter((name) => name.endsWith('.md') && name !== 'docs/reference/cli.md')
  .sort()
  .map((name) => {
    const page = readFileSync(join(root, name), 'utf8');
    return { name, blocks: shellBlocks(page), untyped: untypedCommands(page) };
  });

const CURL = `#!/bin/sh
case " $* " in *" --fail-with-body "*) strict=;; *) strict=--fail;; esac
exec "$(command -pv curl)" $strict "$@"
`;

/** Runs a session in a fresh folder; resolves to its exit code and what it wrote to both outputs. */
async function play(script: string): Promise<{ code: number | null; said: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'compote-docs-'));
  const bin = join(folder, 'bin');
  const work = join(folder, 'work');
  mkdirSync(bin);
  mkdirSync(work);
  writeFileSync(join(bin, 'compote'), `#!/bin/sh\nexec "${process.execPath}" "${CLI}" "$@"\n`, { mode: 0o755 });
  // Never a registry: what stands behind npx is what is built here.
  writeFileSync(join(bin, 'npx'), '#!/bin/sh\nexec "$@"\n', { mode: 0o755 });
  // A request that is refused fails its block, also where the page does not ask curl for that.
  writeFileSync(join(bin, 'curl'), CURL, { mode: 0o755 });
  const shell = spawn('bash', ['-euo', 'pipefail', '-c', script], {
    cwd: work,
    detached: true,
    env: { ...process.env, PATH: `${bin}:${process.env['PATH'] ?? ''}` },
  });
  let said = '';
  for (const stream of [shell.stdout, shell.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-4_000);
    });
  }
  const closed = new Promise((resolve) => shell.once('close', resolve));
  const limit = setTimeout(() => stop(shell.pid), 110_000);
  const code = await new Promise<number | null>((resolve) => shell.once('exit', resolve));
  clearTimeout(limit);
  stop(shell.pid);
  await closed;
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  return { code, said };
}

/** Ends the shell with all that it started: they are one process group. */
function stop(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // The group has ended by itself.
  }
}

const freeNow = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });

/** Free within five seconds: the service of the page before may still be ending. */
async function free(port: number): Promise<boolean> {
  for (let left = 50; left > 0; left -= 1) {
    if (await freeNow(port)) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}

describe('every sh block of the docs runs', () => {
  for (const { name, blocks } of pages.filter((page) => page.blocks.some(({ run, given }) => run && !given))) {
    it(name, async () => {
      for (const { service, line } of blocks) {
        if (service === undefined) continue;
        expect(await free(service), `${name}:${line} needs port ${service}, which another program holds: stop it`).toBe(
          true,
        );
      }
      const { code, said } = await play(sessionOf(blocks));
      expect(code, said).toBe(0);
    });
  }

  it('at most one block in ten is left out', () => {
    const all = pages.flatMap((page) =>
      page.blocks.filter(({ given }) => !given).map((block) => ({ ...block, page: page.name })),
    );
    const out = all.filter(({ run }) => !run);
    process.stdout.write(
      `sh blocks: ${all.length}, not run: ${out.length}\n${out.map((b) => `  ${b.page}:${b.line}\n`).join('')}`,
    );
    expect(all.length).toBeGreaterThan(0);
    expect(out.length).toBeLessThanOrEqual(all.length / 10);
  });
});

describe('the reading of a page', () => {
  it('finds no command outside of sh blocks', () => {
    const loose = pages.flatMap(({ name, untyped }) => untyped.map((line) => `${name}:${line}`));
    expect(loose).toEqual([]);
  });
  it('sees a command without a language, fenced and indented, also in a list', () => {
    expect(untypedCommands('```\ncompote up\n```\n\n    curl x\n\n1. See:\n\n   ```\n   npm ci\n   ```\n')).toEqual([
      1, 5, 9,
    ]);
    expect(untypedCommands('```sh\ncompote up\n    curl x\n```\n\n```json\n    "npm ": 1\n```\n')).toEqual([]);
  });
  it('refuses an info word that it does not know', () => {
    expect(() => shellBlocks('```sh norun\ntrue\n```\n')).toThrow('line 1: a sh block has no "norun"');
  });
  it('fails a session whose block fails, and one that ends otherwise than announced', async () => {
    expect((await play(sessionOf(shellBlocks('```sh\nfalse\ntrue\n```\n')))).code).toBe(1);
    expect((await play(sessionOf(shellBlocks('```sh exits=3\nexit 2\n```\n')))).code).toBe(1);
    expect((await play(sessionOf(shellBlocks('```sh exits=3\nexit 3\n```\n')))).code).toBe(0);
  });
});
