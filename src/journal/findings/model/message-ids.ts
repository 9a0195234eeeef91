import type { Observation } from '../observation.ts';

/** A message id that was used, and for what; to be read at once: what is said of a UUID is written over after a while. */
export interface UsedId {
  id: string;
  action: string;
  /** Stands for its payload. */
  content: number;
  seq: number;
  /** What became of its answer, where that matters for a second use. */
  fate: 'usual' | 'lost' | 'timeout';
}

const RECENT = 8;
const FIRST = 32;
const LATEST = 32;
const UUID_LENGTH = 36;

/**
 * Ids that one side of a station's connections has used (1.6 errata J 3.1: unique over all sockets of an identity). The
 * latest few are kept with their text: a double sender or a retry meets them. Of ids that are no UUIDs the first ones and
 * more of the latest are kept too: a counter that restarts meets them.
 */
export class MessageIds {
  readonly #recent: UsedId[] = [];
  /** A number for each of them: most comparisons end here. */
  readonly #tags: number[] = [];
  #nextRecent = 0;
  #counters: Map<string, UsedId> | undefined;
  readonly #ring: string[] = [];
  #nextInRing = 0;

  get(id: string): UsedId | undefined {
    const tag = tagOf(id);
    for (let i = 0; i < this.#tags.length; i++) {
      if (this.#tags[i] === tag && this.#recent[i]?.id === id) return this.#recent[i];
    }
    return isUuid(id) ? undefined : this.#counters?.get(id);
  }

  /** The answer did not come: the id may be used again for the same message. */
  unanswered(id: string, fate: 'lost' | 'timeout'): void {
    const used = this.get(id);
    if (used !== undefined) used.fate = fate;
  }

  add(o: Observation): void {
    const { messageId: id, action, seq, content } = o;
    const old = this.#recent[this.#nextRecent];
    if (old !== undefined && isUuid(id) && isUuid(old.id)) {
      // Written over, not made anew: every message of every station comes here.
      old.id = id;
      old.action = action;
      old.content = content;
      old.seq = seq;
      old.fate = 'usual';
    } else {
      const used: UsedId = { id, action, content, seq, fate: 'usual' };
      this.#recent[this.#nextRecent] = used;
      if (!isUuid(id)) this.#count(used);
    }
    this.#tags[this.#nextRecent] = tagOf(id);
    this.#nextRecent = (this.#nextRecent + 1) % RECENT;
  }

  #count(used: UsedId): void {
    this.#counters ??= new Map();
    const isNew = !this.#counters.has(used.id);
    this.#counters.set(used.id, used);
    if (!isNew || this.#counters.size <= FIRST) return;
    const oldest = this.#ring[this.#nextInRing];
    if (oldest !== undefined) this.#counters.delete(oldest);
    this.#ring[this.#nextInRing] = used.id;
    this.#nextInRing = (this.#nextInRing + 1) % LATEST;
  }
}

/** By its length: an id has at most 36 characters. */
function isUuid(id: string): boolean {
  return id.length === UUID_LENGTH;
}

function tagOf(id: string): number {
  const end = id.length - 1;
  return (id.charCodeAt(0) << 22) ^ (id.charCodeAt(4) << 16) ^ (id.charCodeAt(end - 1) << 8) ^ id.charCodeAt(end) ^ end;
}

/** True when a frame says what was said under this id before. */
export function isSameMessage(used: UsedId, o: Observation): boolean {
  return used.action === o.action && used.content === o.content;
}
