import type { Profile, Purpose } from './profile.ts';

/** Which profiles are meant; all given members must match (1.6 E 3.25, 2.0.1 K10). */
export interface ProfileFilter {
  readonly id?: number;
  readonly ids?: readonly number[];
  readonly evseId?: number;
  readonly purpose?: Purpose;
  readonly stackLevel?: number;
  readonly sources?: readonly Profile['source'][];
}

/** How a version decides what a new profile replaces. */
export type ReplaceRule = 'id' | 'id-or-same-place';

/** The profiles that a station holds. Immutable arrays: a reader may keep one. */
export class ProfileStore {
  #profiles: readonly Profile[];

  constructor(profiles: readonly Profile[] = NONE) {
    this.#profiles = profiles;
  }

  get all(): readonly Profile[] {
    return this.#profiles;
  }

  /**
   * Adds a profile. `id` (2.x K01.FR.05): the same id is replaced. `id-or-same-place` (1.6 §3.13.2): also one of the same
   * purpose, stack level and connector, even if the new one starts only later.
   */
  install(profile: Profile, rule: ReplaceRule): void {
    const kept = this.#profiles.filter(
      (old) => !(old.id === profile.id || (rule === 'id-or-same-place' && samePlace(old, profile))),
    );
    this.#profiles = [...kept, profile];
  }

  /** Another profile at the same place whose validity overlaps (2.x K01.FR.06, K01.FR.39). */
  conflictOf(profile: Profile): Profile | undefined {
    return this.#profiles.find((old) => old.id !== profile.id && samePlace(old, profile) && overlaps(old, profile));
  }

  find(filter: ProfileFilter): readonly Profile[] {
    return this.#profiles.filter((profile) => matches(profile, filter));
  }

  /** Removes what matches and tells how many that were. External constraints are never cleared by OCPP (K10.FR.06). */
  clear(filter: ProfileFilter): number {
    return this.#remove((profile) => profile.purpose !== 'External' && matches(profile, filter));
  }

  /** A transaction is over: its profiles go with it (1.6 §3.13.1, 2.0.1 K02.FR.05). */
  endTransaction(evseId: number, transactionId: string): boolean {
    return (
      this.#remove(
        (profile) =>
          profile.purpose === 'Tx' &&
          profile.evseId === evseId &&
          (profile.transactionId === undefined || profile.transactionId === transactionId),
      ) > 0
    );
  }

  removeExternal(evseId: number): number {
    return this.#remove((profile) => profile.purpose === 'External' && profile.evseId === evseId);
  }

  #remove(gone: (profile: Profile) => boolean): number {
    const kept = this.#profiles.filter((profile) => !gone(profile));
    const removed = this.#profiles.length - kept.length;
    if (removed > 0) this.#profiles = kept.length === 0 ? NONE : kept;
    return removed;
  }
}

const NONE: readonly Profile[] = Object.freeze([]);

function samePlace(a: Profile, b: Profile): boolean {
  return a.purpose === b.purpose && a.stackLevel === b.stackLevel && a.evseId === b.evseId && sameTransaction(a, b);
}

/** Transaction profiles of different transactions do not meet. */
function sameTransaction(a: Profile, b: Profile): boolean {
  return a.transactionId === undefined || b.transactionId === undefined || a.transactionId === b.transactionId;
}

function overlaps(a: Profile, b: Profile): boolean {
  const from = Math.max(a.validFromMs ?? Number.NEGATIVE_INFINITY, b.validFromMs ?? Number.NEGATIVE_INFINITY);
  return from < Math.min(a.validToMs ?? Number.POSITIVE_INFINITY, b.validToMs ?? Number.POSITIVE_INFINITY);
}

function matches(profile: Profile, filter: ProfileFilter): boolean {
  return (
    (filter.id === undefined || profile.id === filter.id) &&
    (filter.ids === undefined || filter.ids.includes(profile.id)) &&
    (filter.evseId === undefined || profile.evseId === filter.evseId) &&
    (filter.purpose === undefined || profile.purpose === filter.purpose) &&
    (filter.stackLevel === undefined || profile.stackLevel === filter.stackLevel) &&
    (filter.sources === undefined || filter.sources.includes(profile.source))
  );
}
