import type { Observation, WatchedLink } from '../observation.ts';

export interface OfflineGap {
  readonly from: number;
  readonly to: number;
}

/** Where and how a station connects, as far as the tap shows it. */
export interface Endpoint {
  readonly profile: number | undefined;
  readonly path: string | undefined;
}

/** A try to connect after the end of what came before. */
export interface Attempt {
  /** Milliseconds since the connection before was lost, or the try before failed. */
  readonly waitedMs: number;
  /** Tries that failed since the last connection. */
  readonly failures: number;
  /** How many in a row waited less than a second. */
  readonly hasty: number;
}

const GAPS = 32;
/** Without a back-off, tries follow each other in less than this. */
const HASTY_MS = 1_000;
const LOST_CALLS = 16;

/** The sockets of one station over time. */
export class Connections {
  readonly open = new Set<WatchedLink>();
  /** Times between two sockets, oldest first. */
  gaps: OfflineGap[] = [];
  closedAt: number | undefined;
  closeCode = '';
  /** The highest security profile that a connection has shown (A00); undefined while none could be told. */
  highestProfile: number | undefined;
  /** How the station connected before, and how it does now. */
  former: Endpoint | undefined;
  #latest: Endpoint | undefined;
  /** The try that led to the newest connection or refusal; undefined for the first, and where the station had to go. */
  attempt: Attempt | undefined;
  #failures = 0;
  #hasty = 0;
  #endedAt: number | undefined;
  /** Requests that were unanswered when their socket closed: id -> request, per sender. */
  readonly #lost = { station: new Map<string, Observation>(), csms: new Map<string, Observation>() };

  opened(link: WatchedLink): void {
    if (this.open.size === 0) this.#tried(link.openedAt);
    this.#failures = 0;
    if (this.open.size === 0 && this.closedAt !== undefined) {
      this.gaps.push({ from: this.closedAt, to: link.openedAt });
      if (this.gaps.length > GAPS) this.gaps.shift();
    }
    this.open.add(link);
    const profile = shownProfile(link);
    this.former = this.#latest;
    this.#latest = { profile, path: link.description.facts?.['path'] };
    if (profile !== undefined && profile > (this.highestProfile ?? -1)) this.highestProfile = profile;
  }

  closed(link: WatchedLink, at: number, code: string): void {
    this.open.delete(link);
    this.closedAt = at;
    this.closeCode = code;
    this.#endedAt = wasPlanned(link, code) ? undefined : at;
    for (const request of link.outstanding.values()) {
      request.outcome = 'lost';
      link.model.messageIds(request.fromStation).unanswered(request.messageId, 'lost');
      const lost = request.fromStation ? this.#lost.station : this.#lost.csms;
      lost.set(request.messageId, request);
      if (lost.size <= LOST_CALLS) continue;
      for (const oldest of lost.keys()) {
        lost.delete(oldest);
        break;
      }
    }
  }

  /** A connection was turned away. */
  refused(at: number): void {
    this.#tried(at);
    this.#failures++;
    this.#endedAt = at;
  }

  #tried(at: number): void {
    const waitedMs = this.#endedAt === undefined ? undefined : at - this.#endedAt;
    this.#hasty = waitedMs !== undefined && waitedMs < HASTY_MS ? this.#hasty + 1 : 0;
    // Before the first connection, the first failure is no more than the loss of one.
    const failures = this.closedAt === undefined ? Math.max(0, this.#failures - 1) : this.#failures;
    this.attempt = waitedMs === undefined ? undefined : { waitedMs, failures, hasty: this.#hasty };
  }

  /** The request with this id that lost its socket before its answer came. */
  lostCall(fromStation: boolean, id: string): Observation | undefined {
    return (fromStation ? this.#lost.station : this.#lost.csms).get(id);
  }

  /** The gap that holds this instant, with `marginMs` cut off at both ends. */
  gapAt(at: number, marginMs: number): OfflineGap | undefined {
    return this.gaps.find(({ from, to }) => at > from + marginMs && at < to - marginMs);
  }

  get lastGap(): OfflineGap | undefined {
    return this.gaps.at(-1);
  }
}

/** The station closed it itself, or was told to boot or to use another password: no loss to back off from. */
function wasPlanned({ model }: WatchedLink, code: string): boolean {
  return code === '1000' || model.boot.cause !== null || (model.passwordChange?.accepted ?? false) !== false;
}

/** 3 with a client certificate, 2 or 1 with a password, 0 without; undefined when the tap did not see the request. */
export function shownProfile({ description }: WatchedLink): number | undefined {
  const { facts } = description;
  if (facts?.['clientCn'] !== undefined) return 3;
  if (facts?.['authorization'] === undefined) return undefined;
  if (facts['authorization'] !== 'basic') return 0;
  return facts['tls'] === undefined ? 1 : 2;
}
