import { Iso15118Error } from '../error.ts';

/** What a decoder accepts before it gives up. The defaults hold the largest -20 answer four times over. */
export interface ExiLimits {
  readonly maxBytes: number;
  readonly maxElements: number;
  readonly maxStringChars: number;
  readonly maxBinaryBytes: number;
}

export const DEFAULT_EXI_LIMITS: ExiLimits = {
  maxBytes: 32_768,
  maxElements: 512,
  maxStringChars: 2_048,
  maxBinaryBytes: 8_192,
};

/** An unsigned integer of more octets than this is no serial number (RFC 5280: 20 octets) and no time. */
const MAX_INTEGER_GROUPS = 32;

/** How many bits hold `count` different values: 0 for one value (EXI 1.0 section 6.2). */
export function bitsFor(count: number): number {
  return count <= 1 ? 0 : 32 - Math.clz32(count - 1);
}

/** Writes a bit-packed EXI body, most significant bit first (EXI 1.0 section 7.1). */
export class BitWriter {
  #bytes = new Uint8Array(1_024);
  #bitLength = 0;

  /** The lowest `count` bits of `value`; `count` is at most 31. */
  bits(count: number, value: number): void {
    for (let bit = count - 1; bit >= 0; bit--) {
      const index = this.#bitLength >> 3;
      if (index === this.#bytes.length) this.#grow();
      if ((value >> bit) & 1) this.#bytes[index] = (this.#bytes[index] ?? 0) | (0x80 >> (this.#bitLength & 7));
      this.#bitLength++;
    }
  }

  /** Unsigned integer: groups of 7 bits, least significant group first, high bit set on all but the last. */
  unsigned(value: bigint | number): void {
    let rest = BigInt(value);
    do {
      const group = Number(rest & 0x7fn);
      rest >>= 7n;
      this.bits(8, rest > 0n ? group | 0x80 : group);
    } while (rest > 0n);
  }

  /** Integer: a sign bit and a magnitude; a negative value v has the magnitude -v-1. */
  integer(value: bigint): void {
    this.bits(1, value < 0n ? 1 : 0);
    this.unsigned(value < 0n ? -value - 1n : value);
  }

  binary(octets: Uint8Array): void {
    this.unsigned(octets.length);
    for (const octet of octets) this.bits(8, octet);
  }

  /** A string that is in no string table: its length in code points plus 2, then the code points. */
  string(text: string): void {
    const points = Array.from(text, (char) => char.codePointAt(0) ?? 0);
    this.unsigned(points.length + 2);
    for (const point of points) this.unsigned(point);
  }

  /** The octets so far; the last one is filled up with zero bits. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, (this.#bitLength + 7) >> 3);
  }

  #grow(): void {
    const larger = new Uint8Array(this.#bytes.length * 2);
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}

/**
 * Reads a bit-packed EXI body. A claimed length is compared with what is left before anything is allocated, so a short
 * hostile stream costs no memory.
 */
export class BitReader {
  readonly #bytes: Uint8Array;
  readonly #limits: ExiLimits;
  #position = 0;
  #elements = 0;

  constructor(bytes: Uint8Array, limits: ExiLimits = DEFAULT_EXI_LIMITS) {
    if (bytes.length > limits.maxBytes) {
      throw new Iso15118Error('EXI_LIMIT', `The EXI stream has ${bytes.length} bytes; ${limits.maxBytes} are accepted`);
    }
    this.#bytes = bytes;
    this.#limits = limits;
  }

  bits(count: number): number {
    if (this.remainingBits < count) throw new Iso15118Error('EXI_TRUNCATED', 'The EXI stream ends inside a value');
    let value = 0;
    for (let i = 0; i < count; i++) {
      const octet = this.#bytes[this.#position >> 3] ?? 0;
      value = (value << 1) | ((octet >> (7 - (this.#position & 7))) & 1);
      this.#position++;
    }
    return value;
  }

  unsigned(): bigint {
    let value = 0n;
    for (let group = 0; group < MAX_INTEGER_GROUPS; group++) {
      const octet = this.bits(8);
      value |= BigInt(octet & 0x7f) << BigInt(7 * group);
      if ((octet & 0x80) === 0) return value;
    }
    throw new Iso15118Error('EXI_LIMIT', `An integer has more than ${MAX_INTEGER_GROUPS} groups of 7 bits`);
  }

  integer(): bigint {
    const negative = this.bits(1) === 1;
    const magnitude = this.unsigned();
    return negative ? -magnitude - 1n : magnitude;
  }

  binary(): Uint8Array {
    const length = this.#length(this.#limits.maxBinaryBytes, 0);
    const octets = new Uint8Array(length);
    for (let i = 0; i < length; i++) octets[i] = this.bits(8);
    return octets;
  }

  string(): string {
    const length = this.#length(this.#limits.maxStringChars, 2);
    let text = '';
    for (let i = 0; i < length; i++) {
      const point = this.unsigned();
      if (point > 0x10ffffn || (point >= 0xd800n && point <= 0xdfffn)) {
        throw new Iso15118Error('EXI_DEVIATION', `${point} is not a character`);
      }
      text += String.fromCodePoint(Number(point));
    }
    return text;
  }

  /** Counts an element against the limit; every element read calls it once. */
  countElement(): void {
    if (++this.#elements > this.#limits.maxElements) {
      throw new Iso15118Error('EXI_LIMIT', `The EXI stream has more than ${this.#limits.maxElements} elements`);
    }
  }

  get remainingBits(): number {
    return this.#bytes.length * 8 - this.#position;
  }

  /** A length with `reserved` values below it for string table hits, checked against limit and rest of the stream. */
  #length(limit: number, reserved: number): number {
    const coded = this.unsigned();
    if (coded < BigInt(reserved)) {
      throw new Iso15118Error('EXI_UNSUPPORTED', 'A string table hit, which no ISO 15118 message uses');
    }
    const length = coded - BigInt(reserved);
    if (length > BigInt(limit)) {
      throw new Iso15118Error('EXI_LIMIT', `A value of length ${length}; ${limit} is accepted`);
    }
    if (length * 8n > BigInt(this.remainingBits)) {
      throw new Iso15118Error('EXI_TRUNCATED', `A value of length ${length}, but the stream ends before`);
    }
    return Number(length);
  }
}
