// Fuzzes one target for a while: `npm run fuzz -- http 10` for ten minutes. Each round looks at new inputs; a crash, a wrong
// answer or a hang ends it and prints what repeats it: `--seed` begins with the round of that seed.
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/** The test files of each target, how many inputs a round takes from each test, and what the tests print of them. */
const TARGETS = {
  exi: {
    what: 'EXI, certificates and their messages',
    files: ['src/protocols/iso15118/exi/fuzz.test.ts', 'src/protocols/iso15118/pki/fuzz.test.ts'],
    runs: 20_000,
    // Properties count for themselves: each looks at all inputs.
    inputs: (_text, passed, runs) => passed * runs,
  },
  http: {
    what: 'every HTTP operation of every service',
    files: ['test/system/fuzz-http.test.ts'],
    config: 'vitest.system.config.ts',
    runs: 3,
    inputs: (text) => sum(text, /"requests":(\d+)/g),
  },
  ocpp: {
    what: 'every OCPP action, at a running CSMS and at running stations',
    files: ['test/system/fuzz-ocpp.test.ts'],
    config: 'vitest.system.config.ts',
    runs: 10,
    inputs: (text) => sum(text, /"messages":(\d+)/g),
  },
};
/** A round takes a minute or some on a slow machine; what takes so long hangs. */
const HANG_MS = 1_200_000;

const { values, positionals } = parseArgs({ options: { seed: { type: 'string' } }, allowPositionals: true });
// `npm run fuzz -- 10` is the oldest target.
const [name, minutesText = '10'] = /^\d/.test(positionals[0] ?? '1') ? ['exi', ...positionals] : positionals;
const target = TARGETS[name];
const minutes = Number(minutesText);
if (target === undefined || !(minutes > 0)) {
  console.error('Give target and minutes: npm run fuzz -- http 10 [--seed words]');
  for (const [known, { what }] of Object.entries(TARGETS)) console.error(`  ${known.padEnd(6)}${what}`);
  process.exit(2);
}

const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'compote-fuzz-'));
const report = join(folder, 'report.json');
const begin = Date.now();
const elapsed = () => ((Date.now() - begin) / 60_000).toFixed(1);
let rounds = 0;
let inputs = 0;
let failed = false;
while (!failed && Date.now() - begin < minutes * 60_000) {
  // Of fast-check the seed is a number; the others take any words.
  const seed = rounds === 0 && values.seed !== undefined ? values.seed : String(randomBytes(4).readInt32LE());
  const { status, stdout } = spawnSync(
    process.execPath,
    [
      vitest,
      'run',
      ...(target.config === undefined ? [] : ['--config', target.config]),
      ...target.files,
      '--retry=0',
      `--testTimeout=${HANG_MS}`,
      '--reporter=json',
      '--reporter=default',
      `--outputFile.json=${report}`,
    ],
    {
      env: {
        ...process.env,
        COMPOTE_FUZZ_RUNS: String(target.runs),
        COMPOTE_FUZZ_SEED: seed,
        ...(name === 'exi' ? { COMPOTE_SEED: seed } : {}),
      },
      stdio: ['ignore', 'pipe', 'inherit'],
      encoding: 'utf8',
      maxBuffer: 256 * 1024 * 1024,
    },
  );
  const { numPassedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'));
  const count = target.inputs(stdout, numPassedTests, target.runs);
  rounds++;
  inputs += count;
  failed = status !== 0;
  console.log(`round ${rounds}: ${count} inputs, seed ${seed}, ${elapsed()} minutes`);
  for (const { assertionResults, message } of failed ? testResults : []) {
    if (message) console.error(message);
    for (const { fullName, failureMessages } of assertionResults)
      for (const text of failureMessages) console.error(`${fullName}\n${text}`);
  }
}
rmSync(folder, { recursive: true, force: true });
console.log(
  `${name}: ${inputs} inputs in ${elapsed()} minutes: ${failed ? 'FAILED' : 'no crash, no hang, no wrong answer'}`,
);
process.exitCode = failed ? 1 : 0;

function sum(text, pattern) {
  return [...text.matchAll(pattern)].reduce((total, [, digits]) => total + Number(digits), 0);
}
