// Memory per idle connection of the CSMS and of `ws` alone: resident memory after the stations booted, less that before.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { residentBytes, sleep, startPeer, startService } from '../processes.mjs';
import { table } from '../statistics.mjs';

const client = fileURLToPath(new URL('../idle-client.mjs', import.meta.url));

async function idle(server, stations) {
  const before = residentBytes(server.pid);
  const child = fork(client, [JSON.stringify({ port: server.port, stations })]);
  const opened = await new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`The idle client ended with ${code}`)));
  });
  await sleep(2_000);
  const after = residentBytes(server.pid);
  child.removeAllListeners('exit');
  child.kill('SIGKILL');
  return { stations, openMs: opened.ms, bytesPerStation: Math.round((after - before) / stations) };
}

export async function measure({ quick }) {
  const results = [];
  for (const stations of quick ? [200] : [1_000, 10_000]) {
    for (const [name, start] of [
      ['ws alone', () => startPeer('bare-echo', 'ocpp1.6')],
      ['compote csms', () => startService('csms')],
    ]) {
      const server = await start();
      try {
        results.push({ name, ...(await idle(server, stations)) });
      } finally {
        await server.stop();
      }
    }
  }
  console.log('Memory per idle station (booted, one status sent)');
  table(
    ['', 'stations', 'all open after', 'kB/station'],
    results.map((row) => [
      row.name,
      row.stations.toLocaleString('en'),
      `${(row.openMs / 1000).toFixed(1)} s`,
      (row.bytesPerStation / 1024).toFixed(1),
    ]),
  );
  console.log('');
  return results;
}
