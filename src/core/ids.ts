import { randomUUID } from 'node:crypto';
import type { Random } from './random.ts';

/** Where identifiers come from: message ids, transaction ids, sessions. */
export interface Ids {
  /** A version 4 UUID in lower case (36 characters: fits an OCPP message id and a 2.x transaction id). */
  uuid(): string;
}

/** Ids that collide with nothing, not even on another machine. */
export class SystemIds implements Ids {
  uuid(): string {
    return randomUUID();
  }
}

/** Ids that a seed repeats, for virtual time and tests. */
export class SeededIds implements Ids {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  uuid(): string {
    const bytes = this.#random.bytes(16);
    bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
    bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
    const hex = Buffer.from(bytes).toString('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  }
}
