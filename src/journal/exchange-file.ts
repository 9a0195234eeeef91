import type { Clock } from '../core/clock.ts';
import { messageOf } from '../core/errors.ts';
import { parseTime } from '../core/time.ts';
import type {
  EntryFlag,
  EntryKind,
  LinkDescription,
  LinkNumber,
  NewEntry,
  NewFinding,
  Party,
  PartyRole,
  Protocol,
  Recorder,
  TransportType,
} from './entry.ts';
import { FLAGS, KINDS } from './packed-entry.ts';
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
  readonly #links = new Map<string, LinkNumber>();
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
  }

  async line(text: string): Promise<void> {
    this.#line++;
    if (text.trim() === '') return;
    const { recorder, pause } = this.#options;
    if (recorder.full) await new Promise<void>((resolve) => recorder.onceDrained(resolve));
    if (pause !== undefined && this.#line % LINES_PER_SLICE === 0) await pause();
    try {
      this.#record(JSON.parse(text));
      this.#messages++;
    } catch (error) {
      this.#refused++;
      if (this.#errors.length < ERROR_LIMIT) this.#errors.push({ line: this.#line, msg: messageOf(error) });
    }
  }

  async finish(): Promise<ImportResult> {
    for (const link of this.#links.values()) this.#options.recorder.closeLink(link);
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
    const line = new Line(value);
    const { recorder } = this.#options;
    const oldSeq = line.optionalNumber('seq');
    const partner = line.part('partner');
    const newPartner = this.#numbers.get(partner?.optionalNumber('seq') ?? -1);
    const seq = recorder.record({
      ...entryOf(line),
      link: this.#link(line),
      ...(newPartner === undefined
        ? {}
        : { partner: newPartner, ...optional('latencyMs', partner?.optionalNumber('latencyMs')) }),
    });
    this.#first ??= seq;
    this.#last = seq;
    if (oldSeq !== undefined) this.#remember(oldSeq, seq);
    for (const finding of line.list('findings')) {
      const { id: _id, ...content } = finding as { id?: string } & NewFinding;
      recorder.finding({ ...content, seq });
    }
    const annotation = {
      ...optional('marked', line.optionalBoolean('marked')),
      ...optional('note', line.optionalText('note')),
    };
    if (Object.keys(annotation).length > 0) this.#annotations.push({ seq, annotation });
  }

  #remember(oldSeq: number, seq: number): void {
    this.#numbers.set(oldSeq, seq);
    if (this.#numbers.size <= PARTNER_LIMIT) return;
    for (const oldest of this.#numbers.keys()) {
      this.#numbers.delete(oldest);
      break;
    }
  }

  #link(line: Line): LinkNumber {
    const transport = line.mustPart('transport');
    const fromServer = transport.optionalText('sender') === 'server';
    const [from, to] = [partyOf(line.mustPart('from')), partyOf(line.mustPart('to'))];
    const description: LinkDescription = {
      a: fromServer ? to : from,
      b: fromServer ? from : to,
      protocol: line.text('proto') as Protocol,
      ...optional('version', line.optionalText('version')),
      transport: transport.text('type') as TransportType,
      conn: transport.text('conn'),
      tap: 'import',
    };
    const key = JSON.stringify(description);
    const known = this.#links.get(key);
    if (known !== undefined) return known;
    const link = this.#options.recorder.openLink(description);
    this.#links.set(key, link);
    return link;
  }
}

function entryOf(line: Line): Omit<NewEntry, 'link'> {
  const kind = line.text('kind') as EntryKind;
  if (!KINDS.includes(kind)) throw new Error(`“${kind}” is no kind of message`);
  const time = parseTime(line.mustPart('time').text('received'));
  if (time === undefined) throw new Error('time.received is no time');
  const raw = line.text('raw');
  const { type: _type, conn: _conn, tap: _tap, sender, ...detail } = line.mustPart('transport').members;
  const flags = line.list('flags').filter((flag): flag is EntryFlag => FLAGS.some((known) => known === flag));
  return {
    toClient: sender === 'server',
    time: line.mustPart('time').optionalNumber('mono') ?? time,
    kind,
    action: line.text('action'),
    messageId: line.optionalText('messageId') ?? '',
    raw: line.optionalText('rawEncoding') === 'base64' ? Buffer.from(raw, 'base64') : raw,
    ...optional('rawBytes', line.optionalNumber('rawTruncated')),
    ...optional('code', line.optionalText('code')),
    flags: [...new Set([...flags, 'imported' as const])],
    origin: 'import',
    ...optional('trace', line.optionalText('trace')),
    ...optional('span', line.optionalText('span')),
    ...(Object.keys(detail).length === 0 ? {} : { detail: JSON.stringify(detail) }),
  };
}

function partyOf(line: Line): Party {
  return { id: line.text('id'), role: line.text('role') as PartyRole };
}

function optional<K extends string, V>(key: K, value: V | undefined): { [key in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [key in K]: V });
}

/** A JSON object from outside, read member by member. */
class Line {
  readonly members: Readonly<Record<string, unknown>>;

  constructor(value: unknown) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('not a JSON object');
    this.members = value as Record<string, unknown>;
  }

  text(name: string): string {
    const value = this.members[name];
    if (typeof value === 'string') return value;
    throw new Error(`${name} is missing or not a text`);
  }

  optionalText(name: string): string | undefined {
    const value = this.members[name];
    return typeof value === 'string' ? value : undefined;
  }

  optionalNumber(name: string): number | undefined {
    const value = this.members[name];
    return typeof value === 'number' ? value : undefined;
  }

  optionalBoolean(name: string): boolean | undefined {
    const value = this.members[name];
    return typeof value === 'boolean' ? value : undefined;
  }

  list(name: string): readonly unknown[] {
    const value = this.members[name];
    return Array.isArray(value) ? value : [];
  }

  part(name: string): Line | undefined {
    return this.members[name] === undefined ? undefined : this.mustPart(name);
  }

  mustPart(name: string): Line {
    try {
      return new Line(this.members[name]);
    } catch {
      throw new Error(`${name} is missing or not an object`);
    }
  }
}
