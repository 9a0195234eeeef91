// A fleet of `compote station` in a process of its own: its lines once a second, its summary, and the memory of both sides.
import { spawn } from 'node:child_process';
import { cli, residentBytes } from './processes.mjs';

const SAMPLE_MS = 1_000;
const LINE = /connected (\d+)\/\d+ {2}accepted (\d+) {2}charging (\d+) {2}(-?\d+) messages\/s {2}failed (\d+)/;

/**
 * Runs to its end. The result: `summary` as the fleet printed it, `lines` with {atS, connected, accepted, charging, perS,
 * failed}, and `memory` with {atS, fleet, csms} in bytes; `atS` counts from the start of the process.
 */
export async function runFleet(flags, csmsPid, tell = () => {}) {
  const child = spawn(process.execPath, [cli, 'station', '--workers', '1', '--json', '-', ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const began = performance.now();
  const atS = () => (performance.now() - began) / 1000;
  let out = '';
  let rest = '';
  const lines = [];
  const complaints = [];
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    const texts = (rest + chunk).split('\n');
    rest = texts.pop() ?? '';
    for (const text of texts) {
      const match = LINE.exec(text);
      if (match === null) {
        complaints.push(text);
        continue;
      }
      const [connected, accepted, charging, perS, failed] = match.slice(1).map(Number);
      const line = { atS: atS(), connected, accepted, charging, perS, failed };
      lines.push(line);
      tell(line);
    }
  });
  const memory = [];
  const sampler = setInterval(() => {
    try {
      memory.push({ atS: atS(), fleet: residentBytes(child.pid), csms: residentBytes(csmsPid) });
    } catch {
      // It has just ended.
    }
  }, SAMPLE_MS);
  const code = await new Promise((resolve) => child.once('close', resolve));
  clearInterval(sampler);
  if (out === '') throw new Error(`The fleet ended with ${code}: ${complaints.slice(-5).join('\n')}`);
  return { summary: JSON.parse(out), lines, memory };
}
