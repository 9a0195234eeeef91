import { CompoteError } from '../core/errors.ts';
import { SystemClock } from '../core/system-clock.ts';
import { localClockTime, parseTime } from '../core/time.ts';
import type { Row } from '../journal/index.ts';
import type { DemoRun } from '../workbench/demo/demo-run.ts';
import type { Demo } from '../workbench/demo/index.ts';
import { eventsOf } from './event-reader.ts';
import { messageLine } from './message-line.ts';
import { type RestTarget, restRequest } from './rest-client.ts';
import { ToldInOrder } from './told-in-order.ts';

interface Transaction {
  readonly station: string;
  readonly version: string;
  readonly idToken?: string;
  readonly energyWh?: number;
  readonly stoppedReason?: string;
}

/** Runs a demo at a workbench, tells its story and its messages as they happen, and sums up. @throws when it fails */
export async function playDemo(workbench: RestTarget, demo: Demo, quiet: boolean): Promise<DemoRun> {
  const clock = new SystemClock();
  const reader = new AbortController();
  const told = new ToldInOrder(clock, (line) => console.log(line));
  // Says in a sentence when nothing answers there.
  await restRequest(workbench, 'GET', '/api/v1/health');
  let printing: Promise<void> | undefined;
  try {
    const events = await open(workbench, '/api/v1/events?topics=demo', reader.signal);
    if (!quiet) printing = printMessages(await open(workbench, livePath(demo), reader.signal), told, reader.signal);
    const started = await restRequest(workbench, 'POST', '/api/v1/demo', { kind: demo.id });
    const { id } = (await started.json()) as DemoRun;
    return await followed(events, id, told);
  } finally {
    await told.end();
    reader.abort();
    await printing;
  }
}

function livePath({ shows }: Demo): string {
  return `/api/v1/journal/live?${new URLSearchParams({ entity: 'messages', ...(shows === undefined ? {} : { q: shows }) })}`;
}

async function open({ url, token }: RestTarget, path: string, signal: AbortSignal): Promise<Response> {
  return fetch(`${url}${path}`, {
    signal,
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });
}

/** Tells what a run says until it has ended. */
async function followed(events: Response, id: string, told: ToldInOrder): Promise<DemoRun> {
  let heard = 0;
  for await (const { event, data } of eventsOf(events)) {
    const run = data as DemoRun;
    if (event !== 'demo' || run.id !== id) continue;
    for (const { at, party, text } of run.told.slice(heard))
      told.tell(at, `\n${localClockTime(at)}  ${party}: ${text}`);
    heard = run.told.length;
    if (run.state !== 'running') return run;
  }
  throw new CompoteError('PEER_UNREACHABLE', { detail: 'the workbench went away before the demo had ended' });
}

async function printMessages(response: Response, told: ToldInOrder, signal: AbortSignal): Promise<void> {
  try {
    for await (const { event, data } of eventsOf(response)) {
      if (event === 'rows') for (const row of (data as { rows: Row[] }).rows) told.tell(row.t, messageLine(row));
    }
  } catch (cause) {
    if (!signal.aborted) throw cause;
  }
}

/** What there is now: sessions, messages, findings. @throws when the run did not reach its end */
export async function printSummary(workbench: RestTarget, run: DemoRun): Promise<void> {
  const [began = 0, end = began] = [run.startedAt, run.endedAt].map((each) => parseTime(each ?? ''));
  const seconds = (end - began) / 1000;
  const failed = run.steps.find(({ state }) => state === 'failed');
  if (run.state !== 'done') {
    throw new CompoteError('PEER_TIMEOUT', {
      detail: `the demo ${run.demo} ${run.state}${failed === undefined ? '' : ` at “${failed.title}”: ${failed.reason ?? ''}`}`,
      hint: 'Look at the messages above for what is missing.',
    });
  }
  console.log(`\nDone: the ${run.demo} demo took ${seconds.toFixed(1)} s.\n`);
  const transactions = await transactionsOf(workbench, run);
  console.log(`  ${transactions.length} sessions`);
  for (const { station, version, idToken = '–', energyWh = 0, stoppedReason = '–' } of transactions) {
    console.log(
      `    ${station.padEnd(12)} OCPP ${version.padEnd(6)} ${idToken.padEnd(14)} ${String(energyWh).padStart(6)} Wh  ${stoppedReason}`,
    );
  }
  console.log(`  ${transactions.reduce((sum, { energyWh = 0 }) => sum + energyWh, 0)} Wh in all`);
  const { result } = run;
  if (result === undefined) return;
  console.log(`  ${result.messages} messages`);
  if (result.planted.length > 0) console.log(`  ${result.planted.length} faults were planted`);
  for (const { rule, title, finding, seq, pointer } of result.planted) {
    console.log(
      `    ${finding === undefined ? '✗ not found' : '✓ found'} ${rule} ${title}${seq === undefined ? '' : ` (#${seq} ${pointer})`}`,
    );
  }
  const others = result.planted.length > 0 ? ' beside them' : '';
  console.log(`  ${result.others.length} findings${others}`);
  for (const { rule, party, text } of result.others) console.log(`    ${rule} ${party}: ${text}`);
}

/** The OCPP transactions of its sessions. */
async function transactionsOf(workbench: RestTarget, run: DemoRun): Promise<Transaction[]> {
  const found: Transaction[] = [];
  for (const id of run.sessions) {
    const { station, ids } = (await read(workbench, `/sessions/${encodeURIComponent(id)}`)) as {
      readonly station: string;
      readonly ids: { readonly ocppTx?: string };
    };
    if (ids.ocppTx === undefined) continue;
    const path = `/stations/${encodeURIComponent(station)}/transactions/${encodeURIComponent(ids.ocppTx)}`;
    found.push((await read(workbench, path)) as Transaction);
  }
  return found;
}

async function read(workbench: RestTarget, path: string): Promise<unknown> {
  return (await restRequest(workbench, 'GET', `/api/v1${path}`)).json();
}
