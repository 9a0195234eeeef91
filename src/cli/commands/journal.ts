import { type Command, InvalidArgumentError, Option } from 'commander';
import { EXPORT_FORMATS, type ExportFormat } from '../../journal/formats/export-formats.ts';
import type { Row } from '../../journal/index.ts';
import { SERVICE_NAMES, type ServiceName } from '../../platform/service.ts';
import { eventsOf } from '../event-reader.ts';
import { messageLine } from '../message-line.ts';
import { type RestFlags, type RestTarget, restRequest, restTarget } from '../rest-client.ts';
import { printResponse, withRestOptions } from './api.ts';

interface JournalFlags extends RestFlags {
  readonly service: ServiceName;
  readonly follow?: boolean;
  readonly export?: boolean;
  readonly frames?: boolean;
  readonly json?: boolean;
  readonly format: ExportFormat;
  readonly sequence?: string;
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
    .option('--export', 'whole messages, oldest first')
    .addOption(
      new Option('--format <form>', 'of the export: JSON Lines, Open OCPP Trace, HTTP archive')
        .choices([...EXPORT_FORMATS])
        .default('jsonl'),
    )
    .addOption(
      new Option('--sequence [form]', 'a sequence diagram instead of lines')
        .choices(['text', 'mermaid', 'plantuml'])
        .preset('text'),
    )
    .option('--json', 'rows as JSON Lines')
    .addOption(new Option('-s, --service <name>', 'whose journal').choices([...SERVICE_NAMES]).default('csms'))
    .addHelpText(
      'after',
      `
Examples:
  $ compote journal
  $ compote journal --follow station:CS-DEMO-1
  $ compote journal -n 200 'action:Authorize has:finding'
  $ compote journal --export > journal.jsonl
  $ compote journal --export --format oot station:CS-DEMO-1 > trace.jsonl
  $ compote journal --sequence mermaid has:session`,
    );
  withRestOptions(journal).action(async (words: string[], flags: JournalFlags) => {
    const target = restTarget(flags, process.env, flags.service);
    const q = words.join(' ');
    if (flags.export === true) return exportAll(target, q, flags.format);
    if (flags.sequence !== undefined) return diagram(target, q, flags.sequence);
    return flags.follow === true ? follow(target, q, flags) : list(target, q, flags);
  });
}

function rowCount(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1) return value;
  throw new InvalidArgumentError('Give a whole number above 0.');
}

const print = (row: Row, json: boolean | undefined): void => {
  console.log(json === true ? JSON.stringify(row) : messageLine(row));
};

async function list(target: RestTarget, q: string, { limit, frames, json }: JournalFlags): Promise<void> {
  const rows: Row[] = [];
  let cursor: string | undefined;
  do {
    const query = new URLSearchParams({
      q,
      limit: String(Math.min(limit - rows.length, 1_000)),
      entity: frames === true ? 'messages' : 'exchanges',
      ...(cursor === undefined ? {} : { cursor }),
    });
    const response = await restRequest(target, 'GET', `/api/v1/messages?${query}`);
    const page = (await response.json()) as { items: Row[]; next?: string };
    rows.push(...page.items);
    cursor = page.next;
  } while (cursor !== undefined && rows.length < limit);
  // The newest are asked for, and read best from top to bottom.
  for (const row of rows.reverse()) print(row, json);
}

async function follow(target: RestTarget, q: string, { json }: JournalFlags): Promise<void> {
  const response = await restRequest(
    target,
    'GET',
    `/api/v1/journal/live?${new URLSearchParams({ q, entity: 'messages' })}`,
  );
  for await (const { event, data } of eventsOf(response)) {
    if (event === 'rows') for (const row of (data as { rows: Row[] }).rows) print(row, json);
    if (event === 'bye') console.error(`The service ended the stream: ${(data as { reason: string }).reason}.`);
  }
}

async function exportAll(target: RestTarget, q: string, format: ExportFormat): Promise<void> {
  const query = new URLSearchParams({ q, format });
  const response = await restRequest(target, 'GET', `/api/v1/journal/export?${query}`);
  // An archive is JSON, and long: as it comes.
  for await (const chunk of response.body ?? []) process.stdout.write(chunk);
}

async function diagram(target: RestTarget, q: string, format: string): Promise<void> {
  await printResponse(await restRequest(target, 'GET', `/api/v1/sequence?${new URLSearchParams({ q, format })}`));
}
