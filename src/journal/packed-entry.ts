import type { EntryFlag, EntryKind, NewEntry, Origin } from './entry.ts';
import { HOP_TEXT_LIMIT, hopText } from './hop-text.ts';

/**
 * One record of the journal as bytes: what the recorder writes, the files keep and the observer reads. All numbers are
 * little-endian, all texts UTF-8, every record is a multiple of 8 bytes.
 *
 * ```
 *  0 f64 time            32 u32 total length      52 u32 raw length before it was cut
 *  8 f64 seq             36 u32 record type       56 u16 action, 58 u16 message id, 60 u16 code, 62 u16 trace: lengths
 * 16 f64 partner, 0 none 40 u32 link              64 u32 detail length
 * 24 f64 latency ms, NaN 44 u32 bits (below)      68 u32 unused
 *                        48 u32 raw length        72 action, message id, code, trace, detail, raw
 * ```
 * Everything before the raw text is the *head*.
 */
const FIXED = 72;

export const RECORD_TYPES = { entry: 1, linkOpened: 2, linkClosed: 3, finding: 4 } as const;
export type RecordType = keyof typeof RECORD_TYPES;

export const KINDS: readonly EntryKind[] = ['request', 'response', 'error', 'send', 'event', 'mark'];
export const ORIGINS: readonly Origin[] = ['peer', 'system', 'sim', 'user', 'rule', 'import', 'replay', 'proxy'];
export const FLAGS: readonly EntryFlag[] = [
  'malformed',
  'invalid',
  'duplicate',
  'retry',
  'late',
  'unexpected',
  'synthetic',
  'modified',
  'intercepted',
  'replayed',
  'imported',
  'cut',
];

/** The bits word: kind 0-2, direction 3, raw is bytes 4, origin 5-8, flags from 9 on. */
export const BITS = {
  kind: 0b111,
  toClient: 1 << 3,
  rawIsBytes: 1 << 4,
  originShift: 5,
  origin: 0b1111,
  flagShift: 9,
} as const;

export function kindOfBits(bits: number): EntryKind {
  return KINDS[bits & BITS.kind] ?? 'event';
}

export function originOfBits(bits: number): Origin {
  return ORIGINS[(bits >>> BITS.originShift) & BITS.origin] ?? 'peer';
}

export function flagsOfBits(bits: number): EntryFlag[] {
  return FLAGS.filter((_, index) => (bits & (1 << (BITS.flagShift + index))) !== 0);
}

export function flagBit(flag: EntryFlag): number {
  return 1 << (BITS.flagShift + FLAGS.indexOf(flag));
}

const CUT = flagBit('cut');

function bitsOf(entry: NewEntry): number {
  let bits = Math.max(0, KINDS.indexOf(entry.kind));
  if (entry.toClient) bits |= BITS.toClient;
  if (typeof entry.raw !== 'string') bits |= BITS.rawIsBytes;
  if (entry.origin !== undefined) bits |= Math.max(0, ORIGINS.indexOf(entry.origin)) << BITS.originShift;
  if (entry.flags !== undefined) for (const flag of entry.flags) bits |= flagBit(flag);
  return bits;
}

/** Names and ids are kept up to this length; the raw text has the rest. */
const NAME_LIMIT = 1_000;
const DETAIL_LIMIT = 64 * 1024;

/** The room that an entry may need at most. */
export function packedSizeAtMost(entry: NewEntry, maxRawBytes: number): number {
  const raw = typeof entry.raw === 'string' ? entry.raw.length * 3 : entry.raw.length;
  const names =
    Math.min(entry.action.length, NAME_LIMIT) +
    Math.min(entry.messageId.length, NAME_LIMIT) +
    Math.min(entry.code?.length ?? 0, NAME_LIMIT) +
    (entry.trace === undefined ? 0 : HOP_TEXT_LIMIT) +
    Math.min(entry.detail?.length ?? 0, DETAIL_LIMIT);
  return FIXED + names * 3 + Math.min(raw, maxRawBytes + 4) + 8;
}

/** Where records are written to; `bytes` and `view` look at the same memory. */
export interface Target {
  readonly bytes: Buffer;
  readonly view: DataView;
}

/**
 * Writes an entry at `offset` and returns its length. The target must have `packedSizeAtMost` bytes of room.
 *
 * A raw text longer than `maxRawBytes` is cut (at a character's border, if it is text) and flagged `cut`.
 */
export function packEntry(
  target: Target,
  offset: number,
  seq: number,
  link: number,
  entry: NewEntry,
  maxRawBytes: number,
): number {
  const { bytes, view } = target;
  let at = offset + FIXED;
  const action = writeText(bytes, at, entry.action, NAME_LIMIT);
  at += action;
  const messageId = writeText(bytes, at, entry.messageId, NAME_LIMIT);
  at += messageId;
  const code = entry.code === undefined ? 0 : writeText(bytes, at, entry.code, NAME_LIMIT);
  at += code;
  const trace = entry.trace === undefined ? 0 : writeText(bytes, at, hopText(entry), HOP_TEXT_LIMIT);
  at += trace;
  const detail = entry.detail === undefined ? 0 : writeText(bytes, at, entry.detail, DETAIL_LIMIT);
  at += detail;
  let bits = bitsOf(entry);
  let whole: number;
  let kept: number;
  if (typeof entry.raw === 'string') {
    // `write` stops before a character that does not fit whole.
    kept = bytes.write(entry.raw, at, Math.min(maxRawBytes, bytes.length - at), 'utf8');
    whole = kept > maxRawBytes - 4 ? Buffer.byteLength(entry.raw) : kept;
  } else {
    whole = entry.raw.length;
    kept = Math.min(whole, maxRawBytes);
    bytes.set(kept === whole ? entry.raw : entry.raw.subarray(0, kept), at);
  }
  whole = Math.max(whole, entry.rawBytes ?? 0);
  if (kept < whole) bits |= CUT;
  const total = (at + kept - offset + 7) & ~7;
  bytes.fill(0, at + kept, offset + total);
  view.setFloat64(offset, entry.time, true);
  view.setFloat64(offset + 8, seq, true);
  view.setFloat64(offset + 16, entry.partner ?? 0, true);
  view.setFloat64(offset + 24, entry.latencyMs ?? Number.NaN, true);
  view.setUint32(offset + 32, total, true);
  view.setUint32(offset + 36, RECORD_TYPES.entry, true);
  view.setUint32(offset + 40, link, true);
  view.setUint32(offset + 44, bits, true);
  view.setUint32(offset + 48, kept, true);
  view.setUint32(offset + 52, whole, true);
  view.setUint16(offset + 56, action, true);
  view.setUint16(offset + 58, messageId, true);
  view.setUint16(offset + 60, code, true);
  view.setUint16(offset + 62, trace, true);
  view.setUint32(offset + 64, detail, true);
  view.setUint32(offset + 68, 0, true);
  return total;
}

/** The room that a note (a record whose content is JSON) needs. */
export function noteSize(json: Uint8Array): number {
  return (FIXED + json.length + 7) & ~7;
}

/** Writes a record whose content is JSON: a link that opened or closed, a finding. */
export function packNote(
  target: Target,
  offset: number,
  type: Exclude<RecordType, 'entry'>,
  time: number,
  link: number,
  json: Uint8Array,
): number {
  const total = noteSize(json);
  target.bytes.fill(0, offset, offset + FIXED);
  target.bytes.set(json, offset + FIXED);
  target.bytes.fill(0, offset + FIXED + json.length, offset + total);
  target.view.setFloat64(offset, time, true);
  target.view.setUint32(offset + 32, total, true);
  target.view.setUint32(offset + 36, RECORD_TYPES[type], true);
  target.view.setUint32(offset + 40, link, true);
  target.view.setUint32(offset + 48, json.length, true);
  return total;
}

function writeText(bytes: Buffer, at: number, text: string, limit: number): number {
  if (text.length === 0) return 0;
  return bytes.write(text.length > limit ? text.slice(0, limit) : text, at, 'utf8');
}

const NOTHING = Buffer.alloc(0);
const NOTHING_TO_SEE = new DataView(NOTHING.buffer, 0, 0);

/** Reads one record in place; `move` puts it on the next. Nothing is copied until a text or a part is asked for. */
export class RecordReader {
  #bytes: Buffer = NOTHING;
  #view: DataView = NOTHING_TO_SEE;
  #at = 0;

  move(bytes: Buffer, view: DataView, offset: number): void {
    this.#bytes = bytes;
    this.#view = view;
    this.#at = offset;
  }

  /** Reads a record that stands alone (or its head only), as the database gives it. */
  moveTo(record: Uint8Array): void {
    this.#bytes = Buffer.isBuffer(record) ? record : Buffer.from(record.buffer, record.byteOffset, record.byteLength);
    this.#view = new DataView(record.buffer, record.byteOffset, record.byteLength);
    this.#at = 0;
  }

  /** Where the record stands in the bytes that the reader was given. */
  get offset(): number {
    return this.#at;
  }
  get time(): number {
    return this.#view.getFloat64(this.#at, true);
  }
  get seq(): number {
    return this.#view.getFloat64(this.#at + 8, true);
  }
  get partner(): number {
    return this.#view.getFloat64(this.#at + 16, true);
  }
  /** NaN when there is none. */
  get latencyMs(): number {
    return this.#view.getFloat64(this.#at + 24, true);
  }
  get total(): number {
    return this.#view.getUint32(this.#at + 32, true);
  }
  get type(): number {
    return this.#view.getUint32(this.#at + 36, true);
  }
  get link(): number {
    return this.#view.getUint32(this.#at + 40, true);
  }
  get bits(): number {
    return this.#view.getUint32(this.#at + 44, true);
  }
  get rawLength(): number {
    return this.#view.getUint32(this.#at + 48, true);
  }
  get rawLengthBeforeCut(): number {
    return this.#view.getUint32(this.#at + 52, true);
  }
  get action(): string {
    return this.#text(0, this.#length(56));
  }
  get messageId(): string {
    return this.#text(this.#length(56), this.#length(58));
  }
  get code(): string {
    return this.#text(this.#length(56) + this.#length(58), this.#length(60));
  }
  /** Trace and hop in one text (`hop-text.ts`), or empty. */
  get trace(): string {
    return this.#text(this.#length(56) + this.#length(58) + this.#length(60), this.#length(62));
  }
  get detail(): string {
    const before = this.#length(56) + this.#length(58) + this.#length(60) + this.#length(62);
    return this.#text(before, this.#view.getUint32(this.#at + 64, true));
  }

  /** The whole record: in place, not copied. */
  record(): Buffer {
    return this.#bytes.subarray(this.#at, this.#at + this.total);
  }

  /** How much of the record stands before the raw text. */
  get headLength(): number {
    return (
      FIXED +
      this.#length(56) +
      this.#length(58) +
      this.#length(60) +
      this.#length(62) +
      this.#view.getUint32(this.#at + 64, true)
    );
  }

  /** The raw text's bytes: in place, not copied. */
  raw(): Buffer {
    const from = this.#at + this.headLength;
    return this.#bytes.subarray(from, from + this.rawLength);
  }

  /** The content of a note. */
  json(): unknown {
    return JSON.parse(this.#bytes.toString('utf8', this.#at + FIXED, this.#at + FIXED + this.rawLength));
  }

  #length(field: number): number {
    return this.#view.getUint16(this.#at + field, true);
  }

  #text(from: number, length: number): string {
    if (length === 0) return '';
    const start = this.#at + FIXED + from;
    return this.#bytes.toString('utf8', start, start + length);
  }
}
