import type { Observation } from './observation.ts';

/** Requests of one link that wait for their answers. */
const MAX_OUTSTANDING = 64;

/**
 * Requests without an answer yet, oldest first. Nearly always there is none or one: a map, from which each message takes
 * what the one before put in, would be made anew again and again.
 */
export class OutstandingRequests {
  readonly #requests: Observation[] = [];

  /** Beyond 64 the oldest is forgotten. */
  add(request: Observation): void {
    this.#requests.push(request);
    if (this.#requests.length > MAX_OUTSTANDING) this.#requests.shift();
  }

  get(seq: number): Observation | undefined {
    return this.#requests.find((request) => request.seq === seq);
  }

  delete(request: Observation): void {
    const at = this.#requests.indexOf(request);
    if (at === this.#requests.length - 1) this.#requests.pop();
    else if (at >= 0) this.#requests.splice(at, 1);
  }

  values(): readonly Observation[] {
    return this.#requests;
  }
}
