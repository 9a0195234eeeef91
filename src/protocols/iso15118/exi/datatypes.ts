import { Iso15118Error } from '../error.ts';
import { type BitReader, type BitWriter, bitsFor } from './bits.ts';

/** How a simple value stands in the stream (EXI 1.0 section 7.1) and in XML text. `V` is its TypeScript type. */
export interface Datatype<V = unknown> {
  readonly kind: 'datatype';
  readonly name: string;
  read(reader: BitReader): V;
  write(writer: BitWriter, value: unknown): void;
  toText(value: unknown): string;
  fromText(text: string): V;
}

function misfit(name: string): Iso15118Error {
  return new Iso15118Error('EXI_VALUE', `${name} expected`);
}

function octets(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw misfit('bytes (Uint8Array)');
}

function integerOf(value: unknown): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  throw misfit('a whole number');
}

function integerFromText(text: string): bigint {
  const trimmed = text.trim();
  if (!/^[+-]?\d{1,60}$/.test(trimmed)) throw new Iso15118Error('XML_INVALID', `"${trimmed}" is not a whole number`);
  return BigInt(trimmed.replace(/^\+/, ''));
}

function binaryType(name: string, encoding: 'base64' | 'hex'): Datatype<Uint8Array> {
  const pattern = encoding === 'hex' ? /^([0-9a-fA-F]{2})*$/ : /^[A-Za-z0-9+/]*={0,2}$/;
  return {
    kind: 'datatype',
    name,
    read: (reader) => reader.binary(),
    write: (writer, value) => writer.binary(octets(value)),
    toText: (value) => {
      const text = Buffer.from(octets(value)).toString(encoding);
      return encoding === 'hex' ? text.toUpperCase() : text;
    },
    fromText: (text) => {
      const packed = text.replace(/\s+/g, '');
      if (!pattern.test(packed)) throw new Iso15118Error('XML_INVALID', `Text that is not ${encoding}`);
      return new Uint8Array(Buffer.from(packed, encoding));
    },
  };
}

export const base64Binary = binaryType('base64Binary', 'base64');
export const hexBinary = binaryType('hexBinary', 'hex');

export const text: Datatype<string> = {
  kind: 'datatype',
  name: 'string',
  read: (reader) => reader.string(),
  write: (writer, value) => {
    if (typeof value !== 'string') throw misfit('text');
    writer.string(value);
  },
  toText: (value) => {
    if (typeof value !== 'string') throw misfit('text');
    return value;
  },
  fromText: (source) => source,
};

/** xs:integer and the signed types wider than 4096 values. */
export const integer: Datatype<bigint> = {
  kind: 'datatype',
  name: 'integer',
  read: (reader) => reader.integer(),
  write: (writer, value) => writer.integer(integerOf(value)),
  toText: (value) => integerOf(value).toString(),
  fromText: integerFromText,
};

/** xs:unsignedLong and the other unsigned types wider than 4096 values. */
export const unsigned: Datatype<bigint> = {
  kind: 'datatype',
  name: 'unsigned integer',
  read: (reader) => reader.unsigned(),
  write: (writer, value) => {
    const whole = integerOf(value);
    if (whole < 0n) throw misfit('a number that is not negative');
    writer.unsigned(whole);
  },
  toText: (value) => integerOf(value).toString(),
  fromText: integerFromText,
};

/** xs:unsignedByte: 256 values, so 8 bits (EXI 1.0 section 7.1.5). */
export const unsignedByte: Datatype<number> = {
  kind: 'datatype',
  name: 'unsigned byte',
  read: (reader) => reader.bits(8),
  write: (writer, value) => {
    const whole = integerOf(value);
    if (whole < 0n || whole > 255n) throw misfit('a number from 0 to 255');
    writer.bits(8, Number(whole));
  },
  toText: (value) => integerOf(value).toString(),
  fromText: (source) => Number(integerFromText(source)),
};

/** Values are numbered in schema order. */
export function enumeration<const T extends readonly string[]>(name: string, values: T): Datatype<T[number]> {
  const width = bitsFor(values.length);
  const at = (value: unknown): number => {
    const index = typeof value === 'string' ? values.indexOf(value) : -1;
    if (index < 0) throw new Iso15118Error('EXI_VALUE', `"${String(value)}" is not a ${name}`);
    return index;
  };
  return {
    kind: 'datatype',
    name,
    read: (reader) => {
      const index = reader.bits(width);
      const value = values[index];
      if (value === undefined) throw new Iso15118Error('EXI_DEVIATION', `${name} has no value number ${index}`);
      return value;
    },
    write: (writer, value) => writer.bits(width, at(value)),
    toText: (value) => values[at(value)] ?? '',
    fromText: (source) => {
      const value = values.find((each) => each === source.trim());
      if (value === undefined) throw new Iso15118Error('XML_INVALID', `"${source}" is not a ${name}`);
      return value;
    },
  };
}
