import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { CompoteError, messageOf } from '../../core/errors.ts';
import { everyRule } from '../../journal/findings/catalogue.ts';
import { Anonymiser } from '../../journal/formats/anonymise.ts';
import { type RankedFinding, SEVERITIES } from '../../journal/formats/found-rules.ts';
import { inspect } from '../../journal/formats/inspect-messages.ts';
import type { InspectionResult } from '../../journal/formats/inspection.ts';
import type { LogMessage } from '../../journal/formats/log-message.ts';
import { type ReadCounts, readLog } from '../../journal/formats/log-reader.ts';
import { LOG_SHAPES } from '../../journal/formats/log-shapes.ts';
import { inOrderOfTime, stationsByFile } from '../../journal/formats/merged-logs.ts';
import { reportHtml, reportJunit } from '../../journal/formats/report-files.ts';
import { reportText } from '../../journal/formats/report-text.ts';
import type { Mute } from '../../journal/mutes.ts';
import { OCPP_VERSIONS, type OcppVersion } from '../../protocols/ocpp/versions.ts';
import { muteArgument } from '../mute-argument.ts';

interface InspectFlags {
  readonly format: 'text' | 'json' | 'junit' | 'html';
  readonly failOn: 'error' | 'warning' | 'info' | 'never';
  readonly ocpp?: OcppVersion;
  readonly anonymise?: boolean;
  readonly diagrams: number;
  readonly mute: readonly Mute[];
  readonly ownClocks?: boolean;
}

export function addInspect(program: Command): void {
  program
    .command('inspect')
    .description('read logs of others or of ours: sessions, broken rules with likely causes, sequence diagrams')
    .argument('<file...>', 'logs; - for standard input; several are read in the order of their times')
    .addOption(
      new Option('--format <form>', 'how to tell it').choices(['text', 'json', 'junit', 'html']).default('text'),
    )
    .addOption(
      new Option('--fail-on <severity>', 'exit code 1 when a finding is as bad as this')
        .choices([...SEVERITIES, 'never'])
        .default('error'),
    )
    .addOption(new Option('--ocpp <version>', 'version of frames that do not tell it').choices([...OCPP_VERSIONS]))
    .option('--anonymise', 'replace identities, tokens, serial numbers and certificates; equal ones stay equal')
    .option(
      '--own-clocks',
      'stations ran on clocks of their own: their times are not compared with now (our own exports say so themselves)',
    )
    .option('--diagrams <number>', 'sequence diagrams of broken sessions, at most', diagramCount, 3)
    .option(
      '--mute <what>',
      'known already, shown as muted: RULE, RULE@PARTY, or @FILE of GET /api/v1/findings/mutes; may be repeated',
      muteArgument,
      [],
    )
    .addHelpText(
      'after',
      `
Reads: ${LOG_SHAPES.map(({ name }) => name).join(', ')}, HTTP archives (HAR) of OICP.

Examples:
  $ compote inspect charger.log
  $ compote inspect --format html --anonymise steve.log > report.html
  $ compote inspect --mute OCPPJ-RPC-021@CP-7 charger.log
  $ compote inspect --format junit --fail-on warning traces/*.jsonl > findings.xml`,
    )
    .action(async (files: string[], flags: InspectFlags) => {
      mustBeRules(flags.mute);
      const result = await inspectFiles(files, flags);
      const fails = failsOn(flags.failOn);
      process.stdout.write(write(result, flags, fails));
      if (result.findings.some(fails)) process.exitCode = 1;
    });
}

/** A name with a typing error would mute nothing, silently. */
function mustBeRules(mutes: readonly Mute[]): void {
  const known = new Set(everyRule().map(({ id }) => id));
  const unknown = mutes.find(({ rule }) => rule !== undefined && !known.has(rule));
  if (unknown === undefined) return;
  throw new CompoteError('ARGUMENT_INVALID', {
    detail: `There is no rule ${unknown.rule} to mute`,
    hint: 'docs/reference/rules.md lists all rules; names are case-sensitive.',
  });
}

function diagramCount(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0) return value;
  throw new InvalidArgumentError('Give a whole number.');
}

function failsOn(threshold: InspectFlags['failOn']): (finding: RankedFinding) => boolean {
  const worst = threshold === 'never' ? -1 : SEVERITIES.indexOf(threshold);
  return ({ severity, status }) => status === 'open' && SEVERITIES.indexOf(severity) <= worst;
}

function write(result: InspectionResult, flags: InspectFlags, fails: (finding: RankedFinding) => boolean): string {
  switch (flags.format) {
    case 'json':
      return `${JSON.stringify(result, null, 2)}\n`;
    case 'junit':
      return reportJunit(result, fails);
    case 'html':
      return reportHtml(result);
    case 'text':
      return reportText(result, flags.diagrams);
  }
}

async function inspectFiles(files: readonly string[], flags: InspectFlags): Promise<InspectionResult> {
  const counts: ReadCounts = { lines: 0, messages: 0, shapes: new Map() };
  const progress = new Progress(await totalBytes(files));
  const result = await inspect(messagesOf(files, counts, progress, flags), {
    mutes: flags.mute,
    clocksAgree: flags.ownClocks !== true,
    anonymised: flags.anonymise === true,
    ...(flags.ocpp === undefined ? {} : { version: flags.ocpp }),
  });
  progress.end();
  if (counts.messages === 0) {
    throw new CompoteError('FILE_UNREADABLE', {
      detail: `No OCPP or OICP message is in ${files.join(', ')}`,
      hint: `Known forms: ${LOG_SHAPES.map(({ name }) => name).join(', ')}, HAR.`,
    });
  }
  return result;
}

async function* messagesOf(
  files: readonly string[],
  counts: ReadCounts,
  progress: Progress,
  flags: InspectFlags,
): AsyncGenerator<LogMessage> {
  const anonymiser = flags.anonymise === true ? new Anonymiser() : undefined;
  const stationOf = stationsByFile(files);
  const logs = files.map((file) => logOf(file, stationOf(file), counts, progress));
  for await (const message of inOrderOfTime(logs))
    yield anonymiser === undefined ? message : anonymiser.message(message);
}

/** @param station what a station is called that the log does not name */
async function* logOf(
  file: string,
  station: string | undefined,
  counts: ReadCounts,
  progress: Progress,
): AsyncGenerator<LogMessage> {
  const stream = file === '-' ? process.stdin : createReadStream(file);
  stream.setEncoding('utf8');
  const chunks = progress.through(stream as AsyncIterable<string>, () => counts.messages);
  for await (const message of readLog(chunks, counts, file)) {
    const unnamed = station !== undefined && message.type === 'frame' && message.station === undefined;
    yield unnamed ? { ...message, station } : message;
  }
}

function unreadable(file: string, why: string): CompoteError {
  return new CompoteError('FILE_UNREADABLE', {
    detail: `${file}: ${why}`,
    hint: 'Give the path of a log, or - for standard input.',
  });
}

async function totalBytes(files: readonly string[]): Promise<number> {
  let total = 0;
  for (const file of files) {
    if (file === '-') continue;
    const found = await stat(file).catch((error: unknown) => {
      const code = (error as NodeJS.ErrnoException).code;
      throw unreadable(file, code === 'ENOENT' ? 'there is no such file' : messageOf(error));
    });
    if (found.isDirectory()) throw unreadable(file, 'it is a folder');
    total += found.size;
  }
  return total;
}

/** A bar on the error stream, for people only; the output stays clean. */
class Progress {
  readonly #total: number;
  readonly #shown = process.stderr.isTTY === true;
  #done = 0;
  #percent = -1;

  constructor(total: number) {
    this.#total = total;
  }

  async *through(chunks: AsyncIterable<string>, messages: () => number): AsyncGenerator<string> {
    for await (const chunk of chunks) {
      yield chunk;
      this.#done += Buffer.byteLength(chunk);
      const percent = this.#total === 0 ? 0 : Math.min(100, Math.floor((this.#done / this.#total) * 100));
      if (!this.#shown || percent === this.#percent) continue;
      this.#percent = percent;
      const bar = '█'.repeat(Math.floor(percent / 5)).padEnd(20, '░');
      process.stderr.write(`\r${bar} ${String(percent).padStart(3)} %  ${messages().toLocaleString('en')} messages`);
    }
  }

  end(): void {
    if (this.#shown) process.stderr.write('\r\u001B[K');
  }
}
