// Breaks clean traces of the demos in seeded ways and looks at what the rules find:
//   npm run mutate                                 records the demos, breaks each 100 times
//   npm run mutate -- --seed second --count 200
//   npm run mutate -- --keep traces                keeps the recordings there, or takes them from there
// Exit code 1 when a clean trace has a finding, fewer than 90 % are found, or more than 5 % are neutral.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runnerImport } from 'vite';

const DEMOS = ['charging', 'roaming', 'pnc', 'everest'];
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: 'first' },
    count: { type: 'string', default: '100' },
    keep: { type: 'string' },
    demo: { type: 'string', multiple: true, default: DEMOS },
  },
});
const count = Number(values.count);
if (!Number.isInteger(count) || count < 1) {
  console.error('Give the number of mutations of each trace as a whole number: npm run mutate -- --count 100');
  process.exit(2);
}
const root = new URL('../', import.meta.url);
const folder = values.keep ?? mkdtempSync(join(tmpdir(), 'compote-mutate-'));
mkdirSync(folder, { recursive: true });
try {
  const traces = values.demo.map((name) => ({ name, file: join(folder, `${name}.jsonl`) }));
  for (const { name, file } of traces) {
    if (existsSync(file)) continue;
    console.error(`recording the ${name} demo`);
    const cli = fileURLToPath(new URL('dist/cli/main.js', root));
    const { status } = spawnSync(process.execPath, [cli, 'demo', name, '--quiet', '--record', file], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    if (status !== 0) throw new Error(`The ${name} demo ended with ${status}; npm run build makes what it needs`);
  }
  const { module } = await runnerImport(
    fileURLToPath(new URL('src/journal/findings/testing/mutation/mutation-command.ts', root)),
    { configFile: false, logLevel: 'error' },
  );
  const progress = (done, total) => {
    if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${total} mutations`);
  };
  const { text, ok } = await module.runMutations({ traces, seed: values.seed, count, progress });
  if (process.stderr.isTTY) process.stderr.write('\r\u001B[K');
  console.log(`Seed ${JSON.stringify(values.seed)}, ${count} mutations of each trace.\n\n${text}`);
  process.exitCode = ok ? 0 : 1;
} finally {
  if (values.keep === undefined) rmSync(folder, { recursive: true, force: true });
}
