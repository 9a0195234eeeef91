import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { testCsms } from '../support/csms.ts';

/** A fleet in several processes, as the command runs it (on the build), against the CSMS on real sockets. */

let csms: Awaited<ReturnType<typeof testCsms>>;
afterEach(() => csms.end());

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

async function fleet(...more: string[]) {
  const endpoint = `${csms.base.replace(/^http/, 'ws')}/ocpp`;
  const common = ['--csms', endpoint, '--ramp', '0', '--for', '8', '--json', '-'];
  const child = spawn(process.execPath, [MAIN, 'station', ...common, ...more], { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let told = '';
  child.stdout.on('data', (data: Buffer) => {
    out += data.toString();
  });
  child.stderr.on('data', (data: Buffer) => {
    told += data.toString();
  });
  const [code] = (await once(child, 'close')) as [number];
  return { code, summary: JSON.parse(out), told };
}

describe('compote station --count with workers', () => {
  it('adds up what its processes count; every station is there once', async () => {
    csms = await testCsms({ authorization: { unknownTokens: 'accept' } });
    const storm = ['--storm', 'morning-peak', '--storm-at', '3', '--storm-spread', '1'];
    const { code, summary } = await fleet('--count', '7', '--workers', '3', ...storm, '--max-failed', '0');
    expect(code).toBe(0);
    expect(summary).toMatchObject({ stations: 7, accepted: 7, failedCalls: {}, problems: [] });
    // The storm reached the processes; how many cars have started by the end is a matter of the machine.
    expect(summary.sessionsStarted).toBeGreaterThan(0);
    expect(summary.latencyMs.BootNotification.count).toBe(7);
    for (let i = 1; i <= 7; i++) expect(csms.csms.state.stations.get(`SIM-0000${i}`)?.boot.status).toBe('Accepted');
  }, 60_000);

  it('ends with 1 and a reason when a threshold is broken', async () => {
    csms = await testCsms();
    const { code, summary, told } = await fleet('--count', '2', '--max-p95', '0.001');
    expect(code).toBe(1);
    expect(summary.problems.length).toBeGreaterThan(0);
    expect(told).toContain('allowed 0.001 ms');
  }, 60_000);
});
