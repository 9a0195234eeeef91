// A closed loop of POSTs over kept connections. argv[2]: JSON {port, path, body, connections, warmupS, seconds, expect}.
// Prints one JSON line. `body` may hold {n}: a number that grows with each call.
import { Pool } from 'undici';

const options = { connections: 20, warmupS: 0.5, seconds: 2, ...JSON.parse(process.argv[2]) };
const pool = new Pool(`http://127.0.0.1:${options.port}`, { connections: options.connections, headersTimeout: 60_000 });
const headers = { 'content-type': 'application/json' };
let n = 0;
let running = true;
let measuring = false;
let errors = 0;
let firstError = '';
const latencies = [];

async function loop() {
  while (running) {
    const began = performance.now();
    const body = options.body.replaceAll('{n}', String(n++));
    const answer = await pool.request({ method: 'POST', path: options.path, headers, body });
    const text = await answer.body.text();
    if (!text.includes(options.expect)) {
      errors++;
      firstError ||= `${answer.statusCode} ${text.slice(0, 300)}`;
    }
    if (measuring) latencies.push(performance.now() - began);
  }
}
const loops = Array.from({ length: options.connections }, loop);
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
await sleep(options.warmupS * 1000);
measuring = true;
const began = performance.now();
await sleep(options.seconds * 1000);
measuring = false;
const elapsedMs = performance.now() - began;
running = false;
await Promise.all(loops);
await pool.close();
const sorted = Float64Array.from(latencies).sort();
const at = (share) => Number((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(2));
console.log(
  JSON.stringify({
    calls: n,
    callsPerSecond: Math.round((latencies.length / elapsedMs) * 1000),
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    errors,
    firstError,
  }),
);
