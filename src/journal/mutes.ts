import type { Clock } from '../core/clock.ts';
import type { NewFinding } from './entry.ts';

/** What a person has decided not to be told any more. What it is about stays in the journal, and is shown as muted. */
export interface Mute extends MuteScope {
  readonly id: string;
  /** Why, in words: whoever comes later wants to know. */
  readonly reason: string;
  readonly createdAt: number;
  /** Epoch milliseconds; missing: until it is taken back. */
  readonly expiresAt?: number;
  /** Who, where access tokens say it. */
  readonly by?: string;
  /** Not a wish to hear no more of it: its cause is gone. Covers what was found until then; what is found later is open. */
  readonly fixed?: true;
}

/** All parts that are given must fit: a rule, a rule of one party, one message. */
export interface MuteScope {
  readonly rule?: string;
  readonly party?: string;
  readonly seq?: number;
}

type Muted = Pick<NewFinding, 'rule' | 'party' | 'seq' | 'time'>;

/** Which findings are muted or fixed now. One of each for a scope: a later one of the same scope takes its place. */
export class MuteBook {
  readonly #clock: Clock;
  readonly #byScope = new Map<string, Mute>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#byScope.size;
  }

  /** The oldest first, also those whose time is over. */
  all(): Mute[] {
    return [...this.#byScope.values()];
  }

  byId(id: string): Mute | undefined {
    return this.all().find((mute) => mute.id === id);
  }

  isOver({ expiresAt }: Mute): boolean {
    return expiresAt !== undefined && expiresAt <= this.#clock.now();
  }

  sameScope(scope: MuteScope & Pick<Mute, 'fixed'>): Mute | undefined {
    return this.#byScope.get(scopeOf(scope));
  }

  put(mute: Mute): void {
    this.#byScope.set(scopeOf(mute), mute);
  }

  remove(mute: Mute): void {
    this.#byScope.delete(scopeOf(mute));
  }

  /** The mute that holds for a finding now. */
  of({ rule, party, seq, time }: Muted): Mute | undefined {
    // Almost always: nobody has muted anything.
    if (this.#byScope.size === 0) return undefined;
    for (const scope of [{ rule }, { rule, party }, { party }]) {
      const mute = this.#inForce(scope) ?? (seq === undefined ? undefined : this.#inForce({ ...scope, seq }));
      if (mute !== undefined) return mute;
    }
    const fixed = this.#byScope.get(scopeOf({ rule, party, fixed: true }));
    if (fixed !== undefined && time <= fixed.createdAt) return fixed;
    return seq === undefined ? undefined : this.#inForce({ seq });
  }

  /** Mutes of single messages that are no longer there. */
  below(seq: number): Mute[] {
    return this.all().filter((mute) => mute.seq !== undefined && mute.seq < seq);
  }

  #inForce(scope: MuteScope): Mute | undefined {
    const mute = this.#byScope.get(scopeOf(scope));
    return mute === undefined || this.isOver(mute) ? undefined : mute;
  }
}

/** Whether a mute, or one of this scope, covers a finding. */
export function covers(
  { rule, party, seq, fixed, createdAt }: MuteScope & Partial<Pick<Mute, 'fixed' | 'createdAt'>>,
  finding: Muted,
): boolean {
  return (
    (fixed !== true || createdAt === undefined || finding.time <= createdAt) &&
    (rule === undefined || rule === finding.rule) &&
    (party === undefined || party === finding.party) &&
    (seq === undefined || seq === finding.seq)
  );
}

function scopeOf({ rule, party, seq, fixed }: MuteScope & Pick<Mute, 'fixed'>): string {
  return JSON.stringify([rule ?? null, party ?? null, seq ?? null, fixed === true]);
}
