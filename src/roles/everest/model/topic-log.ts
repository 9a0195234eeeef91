import { isoTime } from '../../../core/time.ts';
import { maskSecrets } from '../../../journal/mask.ts';

export interface TopicSeen {
  readonly topic: string;
  readonly by: 'everest' | 'adapter' | 'other';
  readonly count: number;
  readonly lastAt: string;
  /** The last payload, cut, its secrets masked; `base64:` stands before bytes that are no text. */
  readonly payload: string;
}

const MAX_TOPICS = 1_000;
const MAX_SHOWN = 2_000;

/** Every topic with its last payload; the journal has all messages. Bounded. */
export class TopicLog {
  readonly #topics = new Map<string, TopicSeen>();
  readonly #problems = new Map<string, string>();

  get all(): readonly TopicSeen[] {
    return [...this.#topics.values()]
      .map((seen) => ({ ...seen, payload: maskSecrets(seen.payload) }))
      .sort((a, b) => (a.topic < b.topic ? -1 : 1));
  }

  add(topic: string, payload: string | Uint8Array, by: TopicSeen['by'], atMs: number): void {
    const known = this.#topics.get(topic);
    // Answers have a topic each: they are no topics to look at.
    if (known === undefined && (this.#topics.size >= MAX_TOPICS || /\/e2m\/[^/]+\/[^/]+$/.test(topic))) return;
    this.#topics.set(topic, {
      topic,
      by,
      count: (known?.count ?? 0) + 1,
      lastAt: isoTime(atMs),
      payload: shown(payload),
    });
  }

  /** True when this problem of a topic was not the last one told. */
  isNewProblem(topic: string, reason: string): boolean {
    if (this.#problems.get(topic) === reason) return false;
    if (this.#problems.size < MAX_TOPICS) this.#problems.set(topic, reason);
    return true;
  }
}

function shown(payload: string | Uint8Array): string {
  if (typeof payload === 'string') return payload.slice(0, MAX_SHOWN);
  const cut = payload.subarray(0, MAX_SHOWN);
  try {
    return new TextDecoder('utf-8', { fatal: payload.length <= MAX_SHOWN }).decode(cut);
  } catch {
    return `base64:${Buffer.from(cut).toString('base64')}`;
  }
}
