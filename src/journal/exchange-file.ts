import type { Clock } from '../core/clock.ts';
import { messageOf } from '../core/errors.ts';
import { parseJson } from '../core/json.ts';
import type { Recorder } from './entry.ts';
import { readEntryLine } from './entry-line.ts';
import { LineRecorder } from './line-recorder.ts';
import type { JournalQuery, ListQuery, ReadOptions } from './query.ts';

/** Export and import of messages as JSON Lines: one message a line, the shape of the API's `Message` without `payload`. */

/** Pages of whole lines, oldest first. */
export async function* exportLines(
  query: JournalQuery,
  filter: Omit<ListQuery, 'entity' | 'order' | 'cursor'> = {},
  options: ReadOptions = {},
): AsyncGenerator<string> {
  let cursor: string | undefined;
  do {
    const page = await query.exportPage({ ...filter, ...(cursor === undefined ? {} : { cursor }) }, options);
    if (page.text !== '') yield page.text;
    cursor = page.next;
  } while (cursor !== undefined);
}

export interface ImportResult {
  readonly messages: number;
  /** The numbers that they got. */
  readonly first?: number;
  readonly last?: number;
  readonly refused: number;
  /** What the rules found in it, beside the findings that came with it; missing where no rules look. */
  readonly findings?: number;
  /** The first refused lines, counted from 1. */
  readonly errors: readonly { readonly line: number; readonly msg: string }[];
}

/** How many requests are remembered, to find the partner of an answer. */
const PARTNER_LIMIT = 100_000;
const ERROR_LIMIT = 20;
const LINES_PER_SLICE = 200;

export interface ImportOptions {
  readonly recorder: Recorder;
  readonly clock: Clock;
  readonly query: JournalQuery;
  /** Missing: the import does not pause. */
  readonly pause?: () => Promise<void>;
}

/** Reads exported lines into the journal: new numbers, original times, flagged `imported`. */
export async function importLines(
  chunks: AsyncIterable<string> | Iterable<string>,
  options: ImportOptions,
): Promise<ImportResult> {
  const importer = new Importer(options);
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) await importer.line(line);
  }
  await importer.line(rest);
  return importer.finish();
}

class Importer {
  readonly #options: ImportOptions;
  readonly #lines: LineRecorder;
  readonly #numbers = new Map<number, number>();
  readonly #annotations: { readonly seq: number; readonly annotation: { marked?: boolean; note?: string } }[] = [];
  readonly #errors: { line: number; msg: string }[] = [];
  #line = 0;
  #messages = 0;
  #refused = 0;
  #first: number | undefined;
  #last: number | undefined;

  constructor(options: ImportOptions) {
    this.#options = options;
    this.#lines = new LineRecorder(options.recorder);
  }

  async line(text: string): Promise<void> {
    this.#line++;
    if (text.trim() === '') return;
    const { recorder, pause } = this.#options;
    if (recorder.full) await new Promise<void>((resolve) => recorder.onceDrained(resolve));
    if (pause !== undefined && this.#line % LINES_PER_SLICE === 0) await pause();
    try {
      this.#record(parseJson(text));
      this.#messages++;
    } catch (error) {
      this.#refused++;
      if (this.#errors.length < ERROR_LIMIT) this.#errors.push({ line: this.#line, msg: messageOf(error) });
    }
  }

  async finish(): Promise<ImportResult> {
    this.#lines.close();
    for (const { seq, annotation } of this.#annotations) await this.#options.query.annotate(seq, annotation);
    return {
      messages: this.#messages,
      ...(this.#first === undefined ? {} : { first: this.#first }),
      ...(this.#last === undefined ? {} : { last: this.#last }),
      refused: this.#refused,
      errors: this.#errors,
    };
  }

  #record(value: unknown): void {
    const line = readEntryLine(value);
    const { recorder } = this.#options;
    const flags = [...new Set([...(line.entry.flags ?? []), 'imported' as const])];
    const entry = { ...line.entry, flags, origin: 'import' as const };
    const partner = this.#numbers.get(line.partner ?? -1);
    const seq = this.#lines.record({ link: { ...line.link, tap: 'import' }, entry }, partner);
    this.#first ??= seq;
    this.#last = seq;
    if (line.seq !== undefined) this.#remember(line.seq, seq);
    for (const finding of line.findings) recorder.finding({ ...finding, seq });
    if (line.annotation !== undefined) this.#annotations.push({ seq, annotation: line.annotation });
  }

  #remember(oldSeq: number, seq: number): void {
    this.#numbers.set(oldSeq, seq);
    if (this.#numbers.size <= PARTNER_LIMIT) return;
    for (const oldest of this.#numbers.keys()) {
      this.#numbers.delete(oldest);
      break;
    }
  }
}
