import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import { CompoteError } from '../../core/errors.ts';
import { startWorld } from '../../platform/process/world.ts';
import { SERVICE_NAMES } from '../../platform/service.ts';
import { DEMOS, type Demo } from '../../workbench/demo/index.ts';
import { configFromFlags } from '../config-options.ts';
import { playDemo, printSummary } from '../demo-player.ts';
import { recordDemo } from '../demo-recording.ts';
import { restTarget } from '../rest-client.ts';
import { loadService } from '../services.ts';
import { packageVersion } from '../version.ts';

interface DemoFlags {
  readonly data?: string;
  readonly quiet?: boolean;
  readonly record?: string;
  readonly url?: string;
  readonly token?: string;
}

/** Simulated cars and meters run this much faster, so that a demo session takes seconds. */
const DEMO_CLOCK = 'scaled:30';

const EXAMPLES = [
  'compote demo',
  'compote demo broken',
  'compote demo --data ./demo && compote journal --data ./demo',
  'compote demo roaming --record roaming.jsonl && compote inspect roaming.jsonl',
  'compote demo remote-start --url http://127.0.0.1:3000',
]
  .map((line) => `  $ ${line}\n`)
  .join('');

export function addDemo(program: Command): void {
  program
    .command('demo')
    .description('start a small world on free ports, let it charge, and explain what happened')
    .addArgument(
      new Argument('[name]', 'which demo, of those below').argParser(demoNamed).default(DEMOS[0], DEMOS[0]?.id),
    )
    .option('-d, --data <folder>', 'keep the data here (a temporary folder is removed at the end)')
    .addOption(
      new Option('-r, --record <file>', 'write all messages as JSON Lines, for `compote inspect`').conflicts('url'),
    )
    .option('-q, --quiet', 'only the story and the summary, not the messages')
    .option('--url <address>', 'run it in a world that runs already: the address of its workbench')
    .option('--token <token>', 'access token for that workbench')
    .addHelpText(
      'after',
      `\nDemos:\n${DEMOS.map(({ id, summary }) => `  ${id.padEnd(14)}${summary}\n`).join('')}\nExamples:\n${EXAMPLES}`,
    )
    .action(async (demo: Demo, flags: DemoFlags) => {
      if (flags.url !== undefined) {
        const workbench = restTarget(flags, process.env, 'workbench');
        await printSummary(workbench, await playDemo(workbench, demo, flags.quiet === true));
        return;
      }
      const folder = flags.data ?? mkdtempSync(join(tmpdir(), 'compote-demo-'));
      try {
        await runAlone(demo, folder, flags);
      } finally {
        if (flags.data === undefined) rmSync(folder, { recursive: true, force: true });
      }
    });
}

function demoNamed(name: string): Demo {
  const demo = DEMOS.find((each) => each.id === name);
  if (demo !== undefined) return demo;
  throw new InvalidArgumentError(`There are ${DEMOS.map((each) => each.id).join(', ')}.`);
}

/** In a world of its own, which ends with it. */
async function runAlone(demo: Demo, folder: string, { quiet = false, record }: DemoFlags): Promise<void> {
  const config = configFromFlags(
    {
      data: folder,
      // A service of the person’s own must not hear of the demo.
      port: SERVICE_NAMES.map((service) => `${service}=0`),
      clock: DEMO_CLOCK,
      logLevel: 'warn',
      set: demo.settings ?? [],
    },
    {},
    undefined,
    // The person's own configuration must not change the demo.
    false,
  );
  const services = SERVICE_NAMES.filter((name) => name === 'workbench' || demo.services.some((each) => each === name));
  const world = await startWorld({
    version: packageVersion(),
    config,
    definitions: await Promise.all(services.map(loadService)),
    problem: (text) => console.error(text),
  });
  try {
    const url = world.doors.find(({ service }) => service === 'workbench')?.doors[0]?.url;
    if (url === undefined) throw new CompoteError('INTERNAL', { detail: 'the workbench told no address' });
    const workbench = { url: new URL(url).origin, token: undefined };
    await printSummary(workbench, await playDemo(workbench, demo, quiet));
    if (record !== undefined) await recordDemo(world, demo, record);
  } finally {
    await world.stop();
  }
}
