// Starts servers under test and clients as processes of their own, and always ends them.
import { execFile, fork, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
export const cli = here('../dist/cli/main.js');
const run = promisify(execFile);

export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** A baseline of bench/peers: { port, pid, stop }. The last argument may be an object of environment variables. */
export async function startPeer(name, ...more) {
  const env = typeof more.at(-1) === 'object' ? more.pop() : {};
  const options = { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], env: { ...process.env, ...env } };
  const child = fork(here(`./peers/${name}.mjs`), more, options);
  const port = await new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(message.port));
    child.once('exit', (code) => reject(new Error(`${name} ended with ${code}`)));
  });
  return { port, pid: child.pid, stop: () => ended(child, () => child.disconnect()) };
}

/**
 * `compote SERVICE` on a free port with a data folder of its own: { port, pid, startMs, stop }.
 * `ca`: the PEM of the authority when the service speaks TLS.
 */
export async function startService(service, flags = [], nodeFlags = [], ca = undefined) {
  const port = await freePort();
  const data = mkdtempSync(join(tmpdir(), 'compote-bench-'));
  const start = performance.now();
  const child = spawn(
    process.execPath,
    [...nodeFlags, cli, service, '--port', String(port), '--data', data, ...flags],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let complaint = '';
  child.stderr.on('data', (chunk) => {
    complaint = (complaint + chunk).slice(-2000);
  });
  let exited = false;
  child.once('exit', () => {
    exited = true;
  });
  for (;;) {
    if (exited) throw new Error(`compote ${service} ended at start: ${complaint}`);
    if (await answers(port, ca)) break;
    await sleep(10);
  }
  const startMs = performance.now() - start;
  return {
    port,
    pid: child.pid,
    startMs,
    stop: async () => {
      await ended(child, () => child.kill('SIGINT'));
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** Whether a service answers at this port now; `ca`: see `startService`. */
export function answers(port, ca) {
  const url = `${ca === undefined ? 'http' : 'https'}://127.0.0.1:${port}/api/v1/health`;
  return new Promise((resolve) => {
    const request = (ca === undefined ? http : https).get(url, { ca, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on('error', () => resolve(false));
  });
}

/** Runs a client script of this folder with JSON options; resolves with the JSON object that it prints. */
export async function runClient(script, options) {
  const { stdout } = await run(process.execPath, [here(`./${script}`), JSON.stringify(options)], {
    maxBuffer: 10_000_000,
  });
  return JSON.parse(stdout.trim().split('\n').at(-1));
}

/** Milliseconds of the processor that processes have used since they began, all threads, user and system (Linux). */
export function cpuMs(pids) {
  const ticks = pids.map((pid) => {
    // Behind the name in brackets: state is field 3, utime 14, stime 15, in hundredths of a second.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return Number(fields[11]) + Number(fields[12]);
  });
  return ticks.reduce((sum, each) => sum + each, 0) * 10;
}

/** The same for each thread of a process, in milliseconds with fractions, by thread id; the main thread's is the pid. */
export function threadCpuMs(pid) {
  const threads = readdirSync(`/proc/${pid}/task`);
  // The first field of schedstat: nanoseconds on a processor.
  return new Map(
    threads.map((tid) => [
      Number(tid),
      Number(readFileSync(`/proc/${pid}/task/${tid}/schedstat`, 'utf8').split(' ')[0]) / 1e6,
    ]),
  );
}

/** Resident memory of a process in bytes (Linux). */
export function residentBytes(pid) {
  const match = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(match?.[1] ?? 0) * 1024;
}

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function ended(child, ask) {
  if (child.exitCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const impatience = setTimeout(() => child.kill('SIGKILL'), 15_000);
    child.once('exit', () => {
      clearTimeout(impatience);
      resolve();
    });
    ask();
  });
}
