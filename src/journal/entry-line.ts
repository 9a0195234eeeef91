import { parseTime } from '../core/time.ts';
import type { HopSpan, SpanCause } from '../core/trace-context.ts';
import type {
  EntryFlag,
  EntryKind,
  LinkDescription,
  NewEntry,
  NewFinding,
  Party,
  PartyRole,
  Protocol,
  TransportType,
} from './entry.ts';
import { ownClockFacts } from './own-clock.ts';
import { FLAGS, KINDS, ORIGINS } from './packed-entry.ts';
import type { Finding } from './query.ts';

/** One line of an export or of a feed, checked and taken apart. */
export interface EntryLine {
  /** Its number in the journal that it comes from. */
  readonly seq?: number;
  /** Its request's number there, when it is an answer. */
  readonly partner?: number;
  readonly link: LinkDescription;
  readonly entry: Omit<NewEntry, 'link' | 'partner'>;
  readonly findings: readonly NewFinding[];
  readonly annotation?: { readonly marked?: boolean; readonly note?: string };
}

/** Reads a line that was parsed already. @throws Error with a sentence that says which member does not fit */
export function readEntryLine(value: unknown): EntryLine {
  const line = new Line(value);
  const kind = line.text('kind') as EntryKind;
  if (!KINDS.includes(kind)) throw new Error(`“${kind}” is no kind of message`);
  const times = line.mustPart('time');
  const time = parseTime(times.text('received'));
  if (time === undefined) throw new Error('time.received is no time');
  const raw = line.text('raw');
  const transport = line.mustPart('transport');
  const { type: _type, conn: _conn, tap: _tap, clock: _clock, sender, ...detail } = transport.members;
  const isAnswer = kind === 'response' || kind === 'error';
  const partner = isAnswer ? line.part('partner') : undefined;
  const annotation = {
    ...optional('marked', line.optionalBoolean('marked')),
    ...optional('note', line.optionalText('note')),
  };
  const origin = line.part('origin')?.optionalText('by');
  return {
    ...optional('seq', line.optionalNumber('seq')),
    ...optional('partner', partner?.optionalNumber('seq')),
    link: linkOf(line, transport),
    entry: {
      toClient: sender === 'server',
      time: times.optionalNumber('mono') ?? time,
      kind,
      action: line.text('action'),
      messageId: line.optionalText('messageId') ?? '',
      raw: line.optionalText('rawEncoding') === 'base64' ? Buffer.from(raw, 'base64') : raw,
      ...optional('latencyMs', partner?.optionalNumber('latencyMs')),
      ...optional('rawBytes', line.optionalNumber('rawTruncated')),
      ...optional('code', line.optionalText('code')),
      flags: line.list('flags').filter((flag): flag is EntryFlag => FLAGS.some((known) => known === flag)),
      ...optional(
        'origin',
        ORIGINS.find((known) => known === origin),
      ),
      ...optional('trace', line.optionalText('trace')),
      ...optional('hop', hopOf(line.part('hop'))),
      ...(Object.keys(detail).length === 0 ? {} : { detail: JSON.stringify(detail) }),
    },
    findings: line.list('findings').map((each) => findingOf(each)),
    ...(Object.keys(annotation).length === 0 ? {} : { annotation }),
  };
}

/** A finding as a line has it, without the number that it has in the journal it comes from. */
export function findingOf(value: unknown): NewFinding {
  const { id: _id, status: _status, mute: _mute, ...content } = value as Partial<Finding> & NewFinding;
  return content;
}

/** The form of `HopSpan`; `undefined` for what is not of it, as in lines of older journals. */
function hopOf(line: Line | undefined): HopSpan | undefined {
  const id = line?.optionalText('id');
  const side = line?.optionalText('side');
  if (line === undefined || id === undefined || !SPAN_ID.test(id) || (side !== 'client' && side !== 'server'))
    return undefined;
  const caller = line.part('caller');
  return {
    id,
    side,
    ...optional('cause', causeOf(line.part('cause'))),
    ...optional('caller', caller === undefined ? undefined : optional('cause', causeOf(caller.part('cause')))),
  };
}

function causeOf(line: Line | undefined): SpanCause | undefined {
  const span = line?.optionalText('span');
  if (line === undefined || span === undefined || !SPAN_ID.test(span)) return undefined;
  return { span, ...(line.optionalBoolean('follows') === true ? { follows: true as const } : {}) };
}

const SPAN_ID = /^[0-9a-f]{16}$/;

function linkOf(line: Line, transport: Line): LinkDescription {
  const fromServer = transport.optionalText('sender') === 'server';
  const [from, to] = [partyOf(line.mustPart('from')), partyOf(line.mustPart('to'))];
  return {
    a: fromServer ? to : from,
    b: fromServer ? from : to,
    protocol: line.text('proto') as Protocol,
    ...optional('version', line.optionalText('version')),
    transport: transport.text('type') as TransportType,
    conn: transport.text('conn'),
    tap: transport.optionalText('tap') ?? 'import',
    ...ownClockFacts(transport.members['clock']),
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
