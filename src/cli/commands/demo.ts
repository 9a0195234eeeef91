import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { CompoteError } from '../../core/errors.ts';
import { SystemClock } from '../../core/system-clock.ts';
import { localClockTime } from '../../core/time.ts';
import type { Row } from '../../journal/index.ts';
import { startWorld, type World } from '../../platform/process/world.ts';
import { DEMOS, type Demo, type DemoService, type DemoWorld } from '../../workbench/demo/index.ts';
import { configFromFlags } from '../config-options.ts';
import { eventsOf } from '../event-reader.ts';
import { messageLine } from '../message-line.ts';
import { restRequest } from '../rest-client.ts';
import { loadService } from '../services.ts';
import { ToldInOrder } from '../told-in-order.ts';
import { packageVersion } from '../version.ts';

interface DemoFlags {
  readonly data?: string;
  readonly quiet?: boolean;
}

/** Simulated cars and meters run this much faster, so that a demo session takes seconds. */
const DEMO_CLOCK = 'scaled:30';

export function addDemo(program: Command): void {
  program
    .command('demo')
    .description('start a small world on free ports, let it charge, and explain what happened')
    .argument(
      '[name]',
      `which demo: ${DEMOS.map(({ name, summary }) => `${name} (${summary})`).join('; ')}`,
      demoNamed,
      DEMOS[0],
    )
    .option('-d, --data <folder>', 'keep the data here (a temporary folder is removed at the end)')
    .option('-q, --quiet', 'only the story and the summary, not the messages')
    .addHelpText(
      'after',
      '\nExamples:\n  $ compote demo\n  $ compote demo --data ./demo && compote journal --data ./demo',
    )
    .action(async (demo: Demo, flags: DemoFlags) => {
      const folder = flags.data ?? mkdtempSync(join(tmpdir(), 'compote-demo-'));
      try {
        await runDemo(demo, folder, flags.quiet === true);
      } finally {
        if (flags.data === undefined) rmSync(folder, { recursive: true, force: true });
      }
    });
}

function demoNamed(name: string): Demo {
  const demo = DEMOS.find((each) => each.name === name);
  if (demo !== undefined) return demo;
  throw new InvalidArgumentError(`There are ${DEMOS.map((each) => each.name).join(', ')}.`);
}

async function runDemo(demo: Demo, folder: string, quiet: boolean): Promise<void> {
  const clock = new SystemClock();
  const config = configFromFlags(
    {
      data: folder,
      // A hub of the person’s own must not hear of the demo.
      port: [...new Set<string>(['hub', ...demo.services])].map((service) => `${service}=0`),
      clock: DEMO_CLOCK,
      logLevel: 'warn',
      set: demo.settings ?? [],
    },
    {},
    undefined,
    // The person's own configuration must not change the demo.
    false,
  );
  const world = await startWorld({
    version: packageVersion(),
    config,
    definitions: await Promise.all(demo.services.map(loadService)),
    problem: (text) => console.error(text),
  });
  try {
    const call: DemoWorld['call'] = async (service, method, path, body) => {
      const response = await restRequest(
        { url: originOf(world, service), token: undefined },
        method,
        path.startsWith('/pnc_api/') ? path : `/api/v1${path}`,
        body,
      );
      return response.status === 204 ? undefined : response.json();
    };
    const reader = new AbortController();
    const told = new ToldInOrder(clock, (line) => console.log(line));
    const following = quiet
      ? []
      : (Object.entries(demo.shows) as [DemoService, string][]).map(([service, filter]) =>
          printMessages(originOf(world, service), filter, reader.signal, told),
        );
    const began = clock.monotonic();
    let seconds = 0;
    try {
      await demo.run({ clock, call, folder }, (station, text) => {
        const now = clock.now();
        told.tell(now, `\n${localClockTime(now)}  ${station}: ${text}`);
      });
      seconds = (clock.monotonic() - began) / 1000;
    } finally {
      await told.end();
      reader.abort();
      await Promise.all(following);
    }
    await printSummary(call, demo, seconds);
  } finally {
    await world.stop();
  }
}

function originOf(world: World, service: DemoService): string {
  const url = world.doors.find((each) => each.service === service)?.doors[0]?.url;
  if (url === undefined) throw new CompoteError('INTERNAL', { detail: `${service} told no address` });
  return new URL(url).origin;
}

async function printMessages(url: string, filter: string, signal: AbortSignal, told: ToldInOrder): Promise<void> {
  try {
    const response = await fetch(
      `${url}/api/v1/journal/live?${new URLSearchParams({ entity: 'messages', ...(filter === '' ? {} : { q: filter }) })}`,
      { signal },
    );
    for await (const { event, data } of eventsOf(response)) {
      if (event === 'rows') for (const row of (data as { rows: Row[] }).rows) told.tell(row.t, messageLine(row));
    }
  } catch (cause) {
    if (!signal.aborted) throw cause;
  }
}

interface Summary {
  readonly sessions: readonly { station: string; version: string; idToken: string; energyWh: number; end: string }[];
  readonly messages: number;
  readonly findings: readonly { rule: string; party: string; text: string }[];
}

async function printSummary(call: DemoWorld['call'], demo: Demo, seconds: number): Promise<void> {
  const transactions = (await call('csms', 'GET', '/transactions?limit=100')) as {
    items: readonly { station: string; version: string; idToken?: string; energyWh?: number; stoppedReason?: string }[];
  };
  const recording = Object.keys(demo.shows) as DemoService[];
  const totals = await Promise.all(
    recording.map(async (service) => ({
      service,
      statistics: (await call(service, 'GET', '/statistics')) as { total: { messages: number } },
      findings: (await call(service, 'GET', '/findings?limit=100')) as { items: Summary['findings'] },
    })),
  );
  const findings = totals.flatMap((each) => each.findings.items);
  console.log(
    `\nDone: the ${demo.name} demo took ${seconds.toFixed(1)} s (cars and meters ran ${DEMO_CLOCK.split(':')[1]} times faster).\n`,
  );
  console.log(`  ${transactions.items.length} sessions`);
  for (const {
    station,
    version,
    idToken = '–',
    energyWh = 0,
    stoppedReason = '–',
  } of transactions.items.toReversed()) {
    console.log(
      `    ${station.padEnd(12)} OCPP ${version.padEnd(6)} ${idToken.padEnd(14)} ${String(energyWh).padStart(6)} Wh  ${stoppedReason}`,
    );
  }
  const total = transactions.items.reduce((sum, { energyWh = 0 }) => sum + energyWh, 0);
  console.log(`  ${total} Wh in all`);
  for (const { service, statistics } of totals) {
    console.log(`  ${statistics.total.messages} messages${totals.length > 1 ? ` in the journal of ${service}` : ''}`);
  }
  console.log(`  ${findings.length} findings`);
  for (const { rule, party, text } of findings) console.log(`    ${rule} ${party}: ${text}`);
}
