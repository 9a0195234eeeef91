import { CompoteError } from '../core/errors.ts';

/** What a statement takes. Booleans are stored as 1 and 0. */
export type SqlParameter = null | string | number | bigint | boolean | Uint8Array;

/** What a statement gives back. */
export type SqlValue = null | string | number | Uint8Array;

/**
 * SQLite's text ends at the first NUL on the way through the driver, and UTF-8 has no lone surrogates. Such texts are
 * stored as a BLOB: this mark, then UTF-16. A real BLOB that happens to start with the mark gets `BYTES` in front.
 */
const MARK = [0xff, 0x00, 0xc0] as const;
const TEXT = 0x74;
const BYTES = 0x62;
const PREFIX_LENGTH = MARK.length + 1;

/** `isWellFormed` is newer than the library that the type checker is given, not than the oldest Node we run on. */
interface WellFormedText {
  isWellFormed(): boolean;
}

function survivesAsText(text: string): boolean {
  return !text.includes('\0') && (text as unknown as WellFormedText).isWellFormed();
}

/**
 * A parameter as the driver may get it. The driver **aborts the process** on a boolean, a Date or another object, and
 * stores NaN as NULL: what cannot be stored exactly is refused here, naming the place.
 *
 * @param position 1 for the first parameter of the statement.
 */
export function toDriver(value: unknown, position: number): null | string | number | bigint | Uint8Array {
  switch (typeof value) {
    case 'string':
      return survivesAsText(value) ? value : marked(TEXT, Buffer.from(value, 'utf16le'));
    case 'number':
      if (Number.isNaN(value)) throw refused('NaN', position);
      return value;
    case 'boolean':
      return value ? 1 : 0;
    case 'bigint':
      if (value > Number.MAX_SAFE_INTEGER || value < Number.MIN_SAFE_INTEGER) {
        throw refused(`the integer ${value}, which cannot be read back exactly`, position);
      }
      return value;
    case 'object':
      if (value === null) return null;
      if (value instanceof Uint8Array) return hasMark(value) ? marked(BYTES, value) : value;
      throw refused(`an object (${describe(value)})`, position);
    default:
      throw refused(typeof value, position);
  }
}

/** A value as it was before `toDriver` (booleans stay 1 and 0, bigints become numbers). */
export function fromDriver(value: unknown): SqlValue {
  if (typeof value === 'string' || typeof value === 'number' || value === null) return value;
  if (typeof value === 'bigint') return Number(value);
  if (value === undefined) return null;
  const bytes = value instanceof ArrayBuffer ? new Uint8Array(value) : value;
  if (!(bytes instanceof Uint8Array)) throw new TypeError(`The database gave a ${typeof value}`);
  if (!hasMark(bytes)) return bytes;
  const content = bytes.subarray(PREFIX_LENGTH);
  if (bytes[MARK.length] !== TEXT) return content;
  return Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('utf16le');
}

function hasMark(bytes: Uint8Array): boolean {
  return bytes[0] === MARK[0] && bytes[1] === MARK[1] && bytes[2] === MARK[2];
}

function marked(kind: number, content: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(PREFIX_LENGTH + content.length);
  bytes.set(MARK);
  bytes[MARK.length] = kind;
  bytes.set(content, PREFIX_LENGTH);
  return bytes;
}

function refused(what: string, position: number): CompoteError {
  return new CompoteError('INTERNAL', {
    detail: `A statement was given ${what} as parameter ${position}`,
    hint: 'Store text, numbers, booleans, bytes or null; turn objects into JSON and instants into epoch milliseconds.',
  });
}

function describe(value: object): string {
  return value.constructor?.name ?? 'without a prototype';
}
