import { AsnConvert } from '@peculiar/asn1-schema';
import { Iso15118Error } from '../error.ts';

/** Larger than any certificate, CSR, OCSP answer or bundle that this field exchanges. */
const MAX_DER_BYTES = 262_144;

/** One tag-length-value of DER, with the exact octets it was read from. */
export interface Tlv {
  readonly tag: number;
  /** Tag, length and value. */
  readonly whole: Uint8Array;
  readonly value: Uint8Array;
}

function malformed(what: string): Iso15118Error {
  return new Iso15118Error('ASN1_INVALID', what);
}

/** Reads the value at `offset`. Single-octet tags and definite lengths only, as DER in this field has. */
export function readTlv(bytes: Uint8Array, offset = 0): Tlv {
  const tag = bytes[offset];
  const first = bytes[offset + 1];
  if (tag === undefined || first === undefined) throw malformed('DER ends inside a header');
  if ((tag & 0x1f) === 0x1f) throw malformed('DER with a tag of several octets');
  let length = first;
  let start = offset + 2;
  if (first >= 0x80) {
    const count = first & 0x7f;
    if (count === 0 || count > 4) throw malformed('DER with an indefinite or oversized length');
    length = 0;
    for (let i = 0; i < count; i++) length = length * 256 + (bytes[start++] ?? 0);
  }
  const end = start + length;
  if (end > bytes.length) throw malformed('DER ends inside a value');
  return { tag, whole: bytes.subarray(offset, end), value: bytes.subarray(start, end) };
}

/** The values inside a constructed value. */
export function childrenOf(value: Uint8Array): readonly Tlv[] {
  const children: Tlv[] = [];
  for (let offset = 0; offset < value.length; ) {
    const child = readTlv(value, offset);
    children.push(child);
    offset += child.whole.length;
  }
  return children;
}

/** One tag-length-value around the given parts. */
export function tlv(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const value = Buffer.concat(parts);
  const length: number[] = [];
  if (value.length < 0x80) length.push(value.length);
  else {
    for (let rest = value.length; rest > 0; rest >>>= 8) length.unshift(rest & 0xff);
    length.unshift(0x80 | length.length);
  }
  return new Uint8Array(Buffer.concat([Uint8Array.of(tag, ...length), value]));
}

/** A structure of the ASN.1 packages as DER. */
export function serialize(structure: unknown): Uint8Array {
  return new Uint8Array(AsnConvert.serialize(structure));
}

/** The octets as the array buffer that the ASN.1 packages take. */
export function asBuffer(bytes: Uint8Array): ArrayBuffer {
  return Uint8Array.from(bytes).buffer;
}

/**
 * Reads exactly one structure. Throws `ASN1_INVALID` for other structures, trailing octets, and anything nested or
 * repeated beyond reason.
 */
export function parseDer<T>(bytes: Uint8Array, structure: new () => T, what: string): T {
  if (bytes.length > MAX_DER_BYTES) throw malformed(`${what} of ${bytes.length} bytes; ${MAX_DER_BYTES} are read`);
  const outer = readTlv(bytes);
  if (outer.whole.length !== bytes.length) throw malformed(`${what} with bytes after its end`);
  try {
    return AsnConvert.parse(asBuffer(bytes), structure, { berOptions: { maxDepth: 24, maxNodes: 8_000 } });
  } catch (cause) {
    throw new Iso15118Error('ASN1_INVALID', `These bytes are no ${what}`, { cause });
  }
}

/** The number of a DER integer's value octets; serial numbers are at most 20 octets (RFC 5280 section 4.1.2.2). */
export function integerValue(value: Uint8Array): bigint {
  if (value.length === 0 || value.length > 64) throw malformed(`A number of ${value.length} octets`);
  return BigInt.asIntN(value.length * 8, BigInt(`0x${Buffer.from(value).toString('hex')}`));
}

/** Value octets of a DER integer that is not negative. */
export function integerOctets(value: bigint): Uint8Array {
  let hex = value.toString(16);
  if (hex.length % 2 === 1) hex = `0${hex}`;
  if (Number.parseInt(hex.slice(0, 2), 16) >= 0x80) hex = `00${hex}`;
  return new Uint8Array(Buffer.from(hex, 'hex'));
}
