import type { ServiceName } from '../../platform/service.ts';
import type { OriginPlace } from './merge.ts';

/** How many numbers of an origin are remembered: answers and findings come that long after their request. */
const REMEMBERED = 100_000;
const MAX_ALIASES = 4;

/** Which number a message of a followed journal got in the merged one. */
export class Numbers {
  readonly #byOrigin = new Map<ServiceName, Map<number, number | OriginPlace>>();

  /** @param local its number here, or the place of the message that stands for it */
  put({ origin, seq }: OriginPlace, local: number | OriginPlace): void {
    let numbers = this.#byOrigin.get(origin);
    if (numbers === undefined) {
      numbers = new Map();
      this.#byOrigin.set(origin, numbers);
    }
    numbers.set(seq, local);
    for (const oldest of numbers.keys()) {
      if (numbers.size <= REMEMBERED) break;
      numbers.delete(oldest);
    }
  }

  /** Undefined for a message that was not taken over, not yet, or long ago. */
  local({ origin, seq }: OriginPlace): number | undefined {
    let at: number | OriginPlace | undefined = this.#byOrigin.get(origin)?.get(seq);
    for (let step = 0; typeof at === 'object' && step < MAX_ALIASES; step++)
      at = this.#byOrigin.get(at.origin)?.get(at.seq);
    return typeof at === 'object' ? undefined : at;
  }

  /** The origin began a new journal: its numbers mean other messages. */
  forget(origin: ServiceName): void {
    this.#byOrigin.delete(origin);
  }
}
