import type { OcppLink } from '../../link/ocpp-link.ts';
import type { OcppVersion } from '../../protocols/ocpp/versions.ts';

/** A station that is connected now. */
export class StationSession {
  readonly station: string;
  readonly link: OcppLink;
  readonly version: OcppVersion;
  readonly connectedAt: number;
  /** Common name of the client certificate (security profile 3). */
  readonly certificateCn: string | undefined;
  /** Calls that a Pending station may make because we asked for them: action -> until (epoch ms). */
  readonly #askedFor = new Map<string, number>();

  constructor(station: string, link: OcppLink, connectedAt: number, certificateCn?: string) {
    this.station = station;
    this.link = link;
    this.version = link.version;
    this.connectedAt = connectedAt;
    this.certificateCn = certificateCn;
  }

  /** A trigger or a report request allows these actions for a while, also before the station is accepted (2.x B02.FR.02). */
  expect(actions: readonly string[], until: number): void {
    for (const action of actions) this.#askedFor.set(action, until);
  }

  mayCallWhilePending(action: string, now: number): boolean {
    return (this.#askedFor.get(action) ?? Number.NEGATIVE_INFINITY) >= now;
  }
}
