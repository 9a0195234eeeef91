// Time from starting the process until the CSMS answers, and until every service of `compote up` does, beside a process that
// only loads Fastify and `ws` and listens.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answers, cli, freePort, sleep, startService } from '../processes.mjs';
import { median, spread, table } from '../statistics.mjs';

const BARE = `const [{default: fastify}, {WebSocketServer}] = await Promise.all([import('fastify'), import('ws')]);
const app = fastify(); new WebSocketServer({ noServer: true }); await app.listen({ port: 0, host: '127.0.0.1' }); console.log('ready');`;

function bare() {
  const start = performance.now();
  const child = spawn(process.execPath, ['--input-type=module', '-e', BARE], { stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((resolve) =>
    child.stdout.once('data', () => {
      resolve(performance.now() - start);
      child.kill('SIGKILL');
    }),
  );
}

const SERVICES = ['trust', 'hub', 'emp', 'csms', 'everest', 'station', 'workbench'];
const GIVE_UP_MS = 120_000;

/** `compote up` with ports of its own, until every service answers. */
async function whole() {
  const data = mkdtempSync(join(tmpdir(), 'compote-bench-'));
  const ports = await Promise.all(SERVICES.map(() => freePort()));
  const flags = SERVICES.flatMap((service, index) => ['--set', `${service}.port=${ports[index]}`]);
  const broker = ['--set', 'everest.broker.look=false', '--set', 'everest.broker.embeddedPort=0'];
  const start = performance.now();
  const child = spawn(process.execPath, [cli, 'up', '--data', data, ...flags, ...broker], { stdio: 'ignore' });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  try {
    for (const port of ports) {
      while (!(await answers(port))) {
        if (child.exitCode !== null || performance.now() - start > GIVE_UP_MS)
          throw new Error('compote up does not answer');
        await sleep(10);
      }
    }
    return performance.now() - start;
  } finally {
    child.kill('SIGINT');
    await ended;
    rmSync(data, { recursive: true, force: true });
  }
}

export async function measure({ quick }) {
  const samples = {
    'fastify + ws, nothing else': [],
    'compote csms until it answers': [],
    'compote up until every service answers': [],
  };
  for (let run = 0; run < (quick ? 1 : 5); run++) {
    samples['fastify + ws, nothing else'].push(Math.round(await bare()));
    const server = await startService('csms');
    samples['compote csms until it answers'].push(Math.round(server.startMs));
    await server.stop();
    samples['compote up until every service answers'].push(Math.round(await whole()));
  }
  console.log('Start-up');
  table(
    ['', 'median ms', 'spread'],
    Object.entries(samples).map(([name, times]) => [name, median(times), spread(times)]),
  );
  console.log('');
  return samples;
}
