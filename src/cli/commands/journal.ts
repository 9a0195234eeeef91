import { type Command, InvalidArgumentError, Option } from 'commander';
import { CompoteError } from '../../core/errors.ts';
import { EXPORT_MASKS, type ExportMask } from '../../journal/formats/export-as.ts';
import { EXPORT_FORMATS, type ExportFormat } from '../../journal/formats/export-formats.ts';
import type { Row } from '../../journal/index.ts';
import { newestRows } from '../../journal/newest-rows.ts';
import { SERVICE_NAMES, type ServiceName } from '../../platform/service.ts';
import { eventsOf } from '../event-reader.ts';
import { DIAGRAMS, type Diagram, type JournalSource, runningJournal, stoppedJournal } from '../journal-source.ts';
import { messageLine } from '../message-line.ts';
import { type RestFlags, type RestTarget, restRequest, restTarget } from '../rest-client.ts';
import { withRestOptions } from './api.ts';

interface SourceFlags extends RestFlags {
  readonly service: ServiceName;
  readonly stopped?: boolean;
}

interface JournalFlags extends SourceFlags {
  readonly follow?: boolean;
  readonly frames?: boolean;
  readonly json?: boolean;
  readonly sequence?: Diagram;
  readonly limit: number;
}

export function addJournal(program: Command): void {
  const journal = program
    .command('journal')
    .description('read what crossed the wire: list, filter, follow, export')
    .argument('[filter...]', 'filter, for example: action:Authorize station:CS-DEMO-1')
    .option('-f, --follow', 'print messages as they come')
    .option('-n, --limit <number>', 'how many of the newest', rowCount, 50)
    .option('--frames', 'every message on its own line, instead of requests with their answers')
    .addOption(
      new Option('--sequence [form]', 'a sequence diagram instead of lines').choices([...DIAGRAMS]).preset('text'),
    )
    .option('--json', 'rows as JSON Lines')
    .addHelpText(
      'after',
      `
Examples:
  $ compote journal
  $ compote journal --follow station:CS-DEMO-1
  $ compote journal -n 200 'action:Authorize has:finding'
  $ compote journal --stopped --data ./data --service hub has:finding
  $ compote journal --sequence mermaid has:session
  $ compote journal export --format oot station:CS-DEMO-1 > trace.jsonl`,
    );
  withSource(journal).action(async (words: string[], flags: JournalFlags) => {
    const q = words.join(' ');
    if (flags.follow === true) return follow(q, flags);
    await reading(flags, (source) => (flags.sequence === undefined ? list(source, q, flags) : draw(source, q, flags)));
  });
  addExport(journal);
}

function addExport(journal: Command): void {
  const command = journal
    .command('export')
    .description('write whole messages, oldest first; secrets are masked')
    .argument('[filter...]', 'filter; all messages when there is none')
    .addOption(
      new Option('--format <form>', 'JSON Lines, Open OCPP Trace, HTTP archive, a table')
        .choices([...EXPORT_FORMATS])
        .default('jsonl'),
    )
    .addOption(
      new Option('--mask <what>', 'tokens: no cards, contracts and certificates either')
        .choices([...EXPORT_MASKS])
        .default('secrets'),
    )
    .addHelpText(
      'after',
      `
Examples:
  $ compote journal export > journal.jsonl
  $ compote journal export --stopped --data ./data > journal.jsonl
  $ compote journal export --format har --service hub > roaming.har`,
    );
  withSource(command).action((words: string[]) => {
    // Options that `journal` has too are taken by it, wherever they stand.
    const flags: SourceFlags & { readonly format: ExportFormat; readonly mask: ExportMask } = command.optsWithGlobals();
    return reading(flags, async (source) => {
      for await (const chunk of source.export(words.join(' '), flags.format, flags.mask)) process.stdout.write(chunk);
    });
  });
}

function withSource(command: Command): Command {
  command
    .addOption(new Option('-s, --service <name>', 'whose journal').choices([...SERVICE_NAMES]).default('csms'))
    .option('--stopped', 'read the data folder of a service that does not run');
  return withRestOptions(command);
}

async function reading(flags: SourceFlags, read: (source: JournalSource) => Promise<void>): Promise<void> {
  const source = flags.stopped === true ? await stoppedJournal(flags, flags.service) : runningJournal(targetOf(flags));
  try {
    await read(source);
  } finally {
    await source.close();
  }
}

function targetOf(flags: SourceFlags): RestTarget {
  return restTarget(flags, process.env, flags.service);
}

function rowCount(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1) return value;
  throw new InvalidArgumentError('Give a whole number above 0.');
}

const print = (row: Row, json: boolean | undefined): void => {
  console.log(json === true ? JSON.stringify(row) : messageLine(row));
};

async function list(source: JournalSource, q: string, { limit, frames, json }: JournalFlags): Promise<void> {
  const entity = frames === true ? 'messages' : 'exchanges';
  const query = { messages: (asked = {}) => source.messages({ entity, ...asked }) };
  for (const row of await newestRows(query, { q, entity }, limit)) print(row, json);
}

async function draw(source: JournalSource, q: string, { sequence = 'text' }: JournalFlags): Promise<void> {
  process.stdout.write(await source.sequence(q, sequence));
}

async function follow(q: string, flags: JournalFlags): Promise<void> {
  if (flags.stopped === true) {
    throw new CompoteError('ARGUMENT_INVALID', {
      detail: 'Nothing comes in at a stopped service',
      hint: 'Leave out --follow, or --stopped.',
    });
  }
  const query = new URLSearchParams({ q, entity: 'messages' });
  const response = await restRequest(targetOf(flags), 'GET', `/api/v1/journal/live?${query}`);
  for await (const { event, data } of eventsOf(response)) {
    if (event === 'rows') for (const row of (data as { rows: Row[] }).rows) print(row, flags.json);
    if (event === 'bye') console.error(`The service ended the stream: ${(data as { reason: string }).reason}.`);
  }
}
