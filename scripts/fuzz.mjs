// Fuzzes EXI, certificates and their messages for a while: `npm run fuzz -- 10` for ten minutes. Each round looks at new
// inputs; a crash, a wrong error or a hang fails it, and fast-check prints seed and path to repeat it.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const minutes = Number(process.argv[2] ?? 10);
if (!(minutes > 0)) {
  console.error('Give the minutes as a number: npm run fuzz -- 10');
  process.exit(2);
}
const RUNS = 20_000;
/** A round of one property takes a minute on a slow machine; what takes ten hangs. */
const HANG_MS = 600_000;
const files = ['src/protocols/iso15118/exi/fuzz.test.ts', 'src/protocols/iso15118/pki/fuzz.test.ts'];
const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'compote-fuzz-'));
const report = join(folder, 'report.json');

const begin = Date.now();
const elapsed = () => ((Date.now() - begin) / 60_000).toFixed(1);
let rounds = 0;
let inputs = 0;
let failed = false;
while (!failed && Date.now() - begin < minutes * 60_000) {
  const { status } = spawnSync(
    process.execPath,
    [vitest, 'run', ...files, `--testTimeout=${HANG_MS}`, '--reporter=json', `--outputFile=${report}`],
    { env: { ...process.env, COMPOTE_FUZZ_RUNS: String(RUNS) }, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const { numPassedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'));
  rounds++;
  inputs += numPassedTests * RUNS;
  failed = status !== 0;
  console.log(`round ${rounds}: ${numPassedTests} properties of ${RUNS} inputs each, ${elapsed()} minutes`);
  for (const { assertionResults } of failed ? testResults : [])
    for (const { fullName, failureMessages } of assertionResults)
      for (const text of failureMessages) console.error(`${fullName}\n${text}`);
}
rmSync(folder, { recursive: true, force: true });
console.log(`${inputs} inputs in ${elapsed()} minutes: ${failed ? 'FAILED' : 'no crash, no hang'}`);
process.exitCode = failed ? 1 : 0;
