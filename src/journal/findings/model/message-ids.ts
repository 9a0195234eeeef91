import type { Observation } from '../observation.ts';

/** A message id that was used, and for what. */
export interface UsedId {
  readonly action: string;
  readonly content: number;
  readonly request: Observation;
}

const FIRST = 32;
const LATEST = 64;

/**
 * Ids that one side of a station's connections has used (1.6 errata J 3.1: unique over all sockets of an identity). The
 * first ones and the latest ones are kept: a counter that restarts meets the first, a double sender the latest.
 */
export class MessageIds {
  readonly #first = new Map<string, UsedId>();
  readonly #latest = new Map<string, UsedId>();

  get(id: string): UsedId | undefined {
    return this.#latest.get(id) ?? this.#first.get(id);
  }

  add(request: Observation): void {
    const used: UsedId = { action: request.action, content: contentOf(request.raw), request };
    if (this.#first.size < FIRST) this.#first.set(request.messageId, used);
    this.#latest.delete(request.messageId);
    this.#latest.set(request.messageId, used);
    if (this.#latest.size <= LATEST) return;
    for (const oldest of this.#latest.keys()) {
      this.#latest.delete(oldest);
      break;
    }
  }
}

const SAMPLES = 256;

/** A number that tells two texts apart (FNV-1a over at most 256 of the characters, and the length). */
export function contentOf(text: string): number {
  const step = Math.max(1, Math.ceil(text.length / SAMPLES));
  let hash = 0x811c9dc5 ^ text.length;
  for (let i = 0; i < text.length; i += step) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
