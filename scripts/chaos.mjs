// Kills services under load and counts what is lost or doubled: `npm run chaos`, or `npm run chaos -- --kills 14 --seed mine`.
// The load and its checks are the system test test/system/chaos.test.ts, which kills three times in every test run.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '50' },
    seed: { type: 'string', default: `chaos-${Date.now()}` },
  },
});
if (!(Number.isInteger(Number(values.kills)) && Number(values.kills) > 0)) {
  console.error('Give the number of kills: npm run chaos -- --kills 14');
  process.exit(2);
}
const root = fileURLToPath(new URL('..', import.meta.url));
const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));
const { status } = spawnSync(
  process.execPath,
  [vitest, 'run', '--config', 'vitest.system.config.ts', '--retry', '0', 'test/system/chaos.test.ts'],
  { cwd: root, env: { ...process.env, CHAOS_KILLS: values.kills, CHAOS_SEED: values.seed }, stdio: 'inherit' },
);
process.exitCode = status ?? 1;
