// What `compote inspect` costs: logs of 100,000 and of a million messages, in CPU time (wall time belongs to the machine).
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { writeLog } from '../inspect-log.mjs';
import { cli } from '../processes.mjs';
import { median, table } from '../statistics.mjs';

const run = promisify(execFile);
const report = fileURLToPath(new URL('../cpu-report.mjs', import.meta.url));

export async function measure({ quick }) {
  const folder = mkdtempSync(join(tmpdir(), 'compote-bench-'));
  const results = [];
  try {
    for (const messages of quick ? [100_000] : [100_000, 1_000_000]) {
      const file = join(folder, 'log.jsonl');
      await writeLog(file, messages);
      const samples = [];
      for (let round = 0; round < (quick || messages > 100_000 ? 1 : 3); round++) {
        const args = ['--import', report, cli, 'inspect', '--diagrams', '0', '--fail-on', 'never', file];
        const { stdout, stderr } = await run(process.execPath, args, { maxBuffer: 100_000_000 });
        const said = /^([\d,]+) messages of ([\d,]+) stations, ([\d,]+) sessions, ([\d,]+) rules broken/.exec(stdout);
        if (said?.[1] !== messages.toLocaleString('en') || said[4] !== '0') {
          throw new Error(`The log is clean, and inspect says: ${stdout.slice(0, 300)}`);
        }
        samples.push(JSON.parse(stderr.trim().split('\n').at(-1)));
      }
      results.push({ messages, bytes: statSync(file).size, samples });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  console.log('compote inspect, 1,000 stations, half 1.6 and half 2.0.1, nothing wrong');
  table(
    ['messages', 'MB', 'CPU s', 'µs/message', 'peak MiB'],
    results.map(({ messages, bytes, samples }) => {
      const cpuMs = median(samples.map((sample) => sample.cpuMs));
      const peak = median(samples.map((sample) => sample.maxRssMiB));
      return [
        messages,
        Math.round(bytes / 1e6),
        (cpuMs / 1000).toFixed(1),
        ((cpuMs * 1000) / messages).toFixed(1),
        peak,
      ];
    }),
  );
  return results;
}
