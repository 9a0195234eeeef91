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

const GAPS = 32;
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
  /** Requests that were unanswered when their socket closed: id -> request, per sender. */
  readonly #lost = { station: new Map<string, Observation>(), csms: new Map<string, Observation>() };

  opened(link: WatchedLink): void {
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

/** 3 with a client certificate, 2 or 1 with a password, 0 without; undefined when the tap did not see the request. */
export function shownProfile({ description }: WatchedLink): number | undefined {
  const { facts } = description;
  if (facts?.['clientCn'] !== undefined) return 3;
  if (facts?.['authorization'] === undefined) return undefined;
  if (facts['authorization'] !== 'basic') return 0;
  return facts['tls'] === undefined ? 1 : 2;
}
