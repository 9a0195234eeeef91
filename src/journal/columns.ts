/**
 * What lists and filters need to know of every message, in typed arrays: a filter on metadata looks at a million rows in
 * a few ten milliseconds and touches no file. Rows are addressed by sequence number; chunks are dropped from the old end.
 */
export const CHUNK_ROWS = 16_384;

/** Set in `bits` of every row that is there: numbers may be missing after a torn file. */
export const PRESENT = 0x8000_0000;

export class Chunk {
  /** The sequence number of row 0. */
  readonly base: number;
  readonly time = new Float64Array(CHUNK_ROWS);
  /** Milliseconds; NaN when the message is no answer. */
  readonly latency = new Float32Array(CHUNK_ROWS);
  /** Kind, direction, origin, flags as packed entries have them, and `PRESENT`. */
  readonly bits = new Uint32Array(CHUNK_ROWS);
  /** Who talks to whom: see `Routes`. */
  readonly route = new Uint32Array(CHUNK_ROWS);
  readonly action = new Uint32Array(CHUNK_ROWS);
  readonly code = new Uint32Array(CHUNK_ROWS);
  readonly size = new Uint32Array(CHUNK_ROWS);
  /** How many numbers before an answer its request stands; 0: none. */
  readonly partner = new Uint32Array(CHUNK_ROWS);
  /** How many numbers behind a request its answer stands; 0: none yet. */
  readonly answer = new Uint32Array(CHUNK_ROWS);
  readonly idHash = new Uint32Array(CHUNK_ROWS);
  readonly traceHash = new Uint32Array(CHUNK_ROWS);
  readonly http = new Uint16Array(CHUNK_ROWS);
  /** The charging session's number; 0: none, or not known yet. */
  readonly session = new Uint32Array(CHUNK_ROWS);
  rows = 0;
  bytes = 0;

  constructor(base: number) {
    this.base = base;
  }
}

/** Where a row stands. */
export interface Place {
  readonly chunk: Chunk;
  readonly row: number;
}

export class Columns {
  readonly #chunks = new Map<number, Chunk>();
  #first = Number.POSITIVE_INFINITY;
  #head = 0;
  #count = 0;
  #bytes = 0;

  /** The oldest number, or head + 1 when there is nothing. */
  get first(): number {
    return this.#count === 0 ? this.#head + 1 : this.#first;
  }
  /** The newest number; 0 at the very beginning. */
  get head(): number {
    return this.#head;
  }
  get count(): number {
    return this.#count;
  }
  /** Bytes of raw text. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The row's place, or undefined when there is no such message (any more). */
  find(seq: number): Place | undefined {
    if (seq < this.#first || seq > this.#head) return undefined;
    const chunk = this.#chunks.get(Math.floor(seq / CHUNK_ROWS));
    if (chunk === undefined) return undefined;
    const row = seq - chunk.base;
    return (at(chunk.bits, row) & PRESENT) === 0 ? undefined : { chunk, row };
  }

  /** Makes room for a row that is then filled by the caller. Rows may come in any order. */
  add(seq: number, bits: number, size: number): Place {
    const number = Math.floor(seq / CHUNK_ROWS);
    let chunk = this.#chunks.get(number);
    if (chunk === undefined) {
      chunk = new Chunk(number * CHUNK_ROWS);
      this.#chunks.set(number, chunk);
    }
    const row = seq - chunk.base;
    if ((at(chunk.bits, row) & PRESENT) === 0) {
      chunk.rows++;
      this.#count++;
    } else {
      chunk.bytes -= at(chunk.size, row);
      this.#bytes -= at(chunk.size, row);
    }
    chunk.bits[row] = (bits | PRESENT) >>> 0;
    chunk.size[row] = size;
    chunk.bytes += size;
    this.#bytes += size;
    if (seq < this.#first) this.#first = seq;
    if (seq > this.#head) this.#head = seq;
    return { chunk, row };
  }

  /** Tells where numbers stand when the newest messages are not there any more. */
  raiseHead(head: number): void {
    if (head > this.#head) this.#head = head;
  }

  /** Forgets everything below `seq`. */
  dropBelow(seq: number): void {
    if (seq <= this.#first) return;
    for (const [number, chunk] of this.#chunks) {
      if (chunk.base + CHUNK_ROWS <= seq) {
        this.#count -= chunk.rows;
        this.#bytes -= chunk.bytes;
        this.#chunks.delete(number);
      } else if (chunk.base < seq) {
        for (let row = Math.max(0, this.#first - chunk.base); row < seq - chunk.base; row++) {
          if ((at(chunk.bits, row) & PRESENT) === 0) continue;
          chunk.bits[row] = 0;
          chunk.rows--;
          this.#count--;
          chunk.bytes -= at(chunk.size, row);
          this.#bytes -= at(chunk.size, row);
        }
      }
    }
    this.#first = seq;
  }

  /**
   * Calls back for the rows from `from` down to `to` (newest first) or up to it. Stops when the callback returns false and
   * returns the number of the last row it looked at.
   */
  walk(from: number, to: number, visit: (chunk: Chunk, row: number) => boolean | undefined): number {
    const step = from <= to ? 1 : -1;
    const low = Math.max(Math.min(from, to), this.#count === 0 ? Number.POSITIVE_INFINITY : this.#first);
    const high = Math.min(Math.max(from, to), this.#head);
    if (low > high) return to;
    let seq = step === 1 ? low : high;
    while (seq >= low && seq <= high) {
      const number = Math.floor(seq / CHUNK_ROWS);
      const chunk = this.#chunks.get(number);
      const last = step === 1 ? Math.min(high, (number + 1) * CHUNK_ROWS - 1) : Math.max(low, number * CHUNK_ROWS);
      if (chunk === undefined) {
        seq = last + step;
        continue;
      }
      for (let row = seq - chunk.base; step === 1 ? row <= last - chunk.base : row >= last - chunk.base; row += step) {
        if ((at(chunk.bits, row) & PRESENT) === 0) continue;
        if (visit(chunk, row) === false) return chunk.base + row;
      }
      seq = last + step;
    }
    return to;
  }
}

/** An element that is there by construction: rows are below `CHUNK_ROWS`. */
export function at(column: Uint32Array | Uint16Array | Float32Array | Float64Array, row: number): number {
  return column[row] ?? 0;
}
