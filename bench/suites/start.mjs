// Time from starting the process until the CSMS answers, beside a process that only loads Fastify and `ws` and listens.

import { spawn } from 'node:child_process';
import { startService } from '../processes.mjs';
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

export async function measure({ quick }) {
  const samples = { 'fastify + ws, nothing else': [], 'compote csms until /api/v1/meta answers': [] };
  for (let run = 0; run < (quick ? 1 : 5); run++) {
    samples['fastify + ws, nothing else'].push(Math.round(await bare()));
    const server = await startService('csms');
    samples['compote csms until /api/v1/meta answers'].push(Math.round(server.startMs));
    await server.stop();
  }
  console.log('Start-up');
  table(
    ['', 'median ms', 'spread'],
    Object.entries(samples).map(([name, times]) => [name, median(times), spread(times)]),
  );
  console.log('');
  return samples;
}
