import type { Clock } from '../../core/clock.ts';
import type { Origin, Party, Recorder } from '../../journal/entry.ts';
import { type LinkWorld, OcppLink, type OcppRole } from '../../link/ocpp-link.ts';
import type { OcppServerRole, UpgradeFault, UpgradeRefusal } from '../../link/ocpp-server.ts';
import type { Transport } from '../../link/transport.ts';
import type { UpgradeRequest } from '../../link/upgrade-request.ts';
import type { OcppSchemaSet } from '../../protocols/ocpp/schemas.ts';
import { isV2, type OcppVersion } from '../../protocols/ocpp/versions.ts';
import { admissionRefusal, passwordHash, profileOf } from './admission.ts';
import type { CsmsConfig } from './config.ts';
import { type CsmsState, isConnected } from './state/csms-state.ts';
import type { StationRecord } from './state/records.ts';
import { ITEM_KINDS, type ItemKind } from './state/station-items.ts';
import { StationSession } from './station-session.ts';

/** A station that was turned away, for the list of refused stations. */
export interface RefusedStation {
  readonly at: number;
  readonly identity: string;
  readonly remote: string;
  readonly status: number;
  readonly reason: string;
  readonly text: string;
}

export interface ConnectionsOptions {
  readonly config: CsmsConfig;
  readonly state: CsmsState;
  readonly schemas: OcppSchemaSet;
  readonly clock: Clock;
  readonly world: LinkWorld;
  /** Whoever handles the messages of a link. */
  readonly role: () => OcppRole;
  /** Something of the station changed. */
  readonly changed: (station: string) => void;
  /** A station is not connected any more, or by another socket. */
  readonly gone: (station: string) => void;
}

/** What makes a link special: a simulated one has an origin and a recorder of its own. */
export interface LinkExtras {
  readonly synthetic?: { readonly origin: Origin };
  readonly recorder?: Recorder | null;
}

export const CSMS_PARTY: Party = { id: 'csms', role: 'csms' };
const MAX_REFUSED = 200;
const MAX_BUFFERED_BYTES = 8 * 1024 * 1024;

/** Who may connect, who is connected, and by which identity a station is known. One session per station. */
export class StationConnections implements OcppServerRole {
  readonly #options: ConnectionsOptions;
  readonly #sessions = new Map<string, StationSession>();
  /** Identities of 2.x are case-insensitive: lower case -> the identity as first seen. */
  readonly #spellings = new Map<string, string>();
  readonly #refused: RefusedStation[] = [];

  constructor(options: ConnectionsOptions) {
    this.#options = options;
    const { state, clock } = options;
    for (const station of state.stations.all()) {
      this.#spellings.set(station.id.toLowerCase(), station.id);
      // Whoever was connected when we stopped is not connected now.
      if (isConnected(station)) state.stations.put({ ...station, disconnectedAt: clock.now() });
    }
  }

  get versions(): readonly OcppVersion[] {
    return this.#options.config.versions;
  }

  get acceptOcpp20(): boolean {
    return this.#options.config.acceptOcpp20;
  }

  get sessions(): ReadonlyMap<string, StationSession> {
    return this.#sessions;
  }

  /** The last stations that were turned away, newest first. */
  get refusedStations(): readonly RefusedStation[] {
    return this.#refused;
  }

  admit(request: UpgradeRequest, version: OcppVersion): UpgradeRefusal | undefined {
    return admissionRefusal(
      request,
      this.#options.state.stations.get(this.identityOf(request.identity, version)),
      this.#options.config,
    );
  }

  connected(
    transport: Transport,
    request: UpgradeRequest,
    version: OcppVersion,
    faults: readonly UpgradeFault[],
  ): void {
    const { clock, world } = this.#options;
    const { recorder } = world;
    const now = clock.now();
    const id = this.identityOf(request.identity, version);
    this.#takeOver(id);
    const link = this.openLink(transport, id, version);
    const session = new StationSession(id, link, now, request.tls?.clientCertificateCn);
    this.#sessions.set(id, session);
    const before = this.#options.state.stations.get(id);
    const used = request.basic === undefined ? undefined : passwordHash(request.basic.password);
    // The first connection with a password that was to come makes it the only one.
    const switched = before?.nextPasswordHash !== undefined && used === before.nextPasswordHash;
    const { nextPasswordHash, ...kept } = before ?? this.newStation(id, now);
    this.#options.state.stations.put({
      ...kept,
      ...(switched || nextPasswordHash === undefined ? {} : { nextPasswordHash }),
      ...(switched && used !== undefined ? { passwordHash: used } : {}),
      version,
      securityProfile: profileOf(request),
      connectedAt: now,
    });
    for (const fault of faults) {
      recorder?.finding({
        rule: fault.rule,
        severity: fault.severity,
        axis: 'conformance',
        party: id,
        text: fault.text,
        clause: fault.clause,
        time: now,
      });
    }
    this.#options.changed(id);
  }

  refused(
    request: UpgradeRequest,
    refusal: { status: number; reason: string; text: string },
    faults: readonly UpgradeFault[],
  ): void {
    const { clock, world } = this.#options;
    const { recorder } = world;
    const now = clock.now();
    const { identity, remote } = request;
    this.#refused.unshift({ at: now, identity, remote, ...refusal });
    this.#refused.length = Math.min(this.#refused.length, MAX_REFUSED);
    if (recorder === null) return;
    const party: Party = { id: identity === '' ? remote : identity, role: 'cs' };
    const link = recorder.openLink({
      a: party,
      b: CSMS_PARTY,
      protocol: 'ocpp',
      transport: 'ws',
      conn: `refused ${remote}`,
      facts: request.facts,
      tap: 'csms',
    });
    const seq = recorder.record({
      link,
      toClient: true,
      time: now,
      kind: 'event',
      action: 'refused',
      messageId: '',
      raw: JSON.stringify({ path: request.path, offered: request.offered, ...refusal }),
      code: String(refusal.status),
      origin: 'system',
    });
    recorder.closeLink(link);
    for (const fault of faults) {
      recorder.finding({
        rule: fault.rule,
        severity: fault.severity,
        axis: 'conformance',
        party: party.id,
        seq,
        text: fault.text,
        clause: fault.clause,
        time: now,
      });
    }
  }

  /** Connects an in-memory transport as if a station had opened a socket (virtual time, simulated stations in process). */
  connectInProcess(transport: Transport, identity: string, version: OcppVersion): UpgradeRefusal | undefined {
    const request: UpgradeRequest = {
      identity,
      path: `/ocpp/${encodeURIComponent(identity)}`,
      offered: [transport.description.subprotocol],
      basic: undefined,
      unreadableAuthorization: false,
      tls: undefined,
      remote: 'in process',
      facts: {},
    };
    const refusal = this.admit(request, version);
    if (refusal === undefined) this.connected(transport, request, version, []);
    else this.refused(request, refusal, []);
    return refusal;
  }

  /** Keeps what a user said about a station, also before it first connects. */
  register(record: StationRecord): StationRecord {
    const key = record.id.toLowerCase();
    if (!this.#spellings.has(key)) this.#spellings.set(key, record.id);
    this.#options.state.stations.put(record);
    this.#options.changed(record.id);
    return record;
  }

  /** Forgets a station that is not connected: its registration and what it reported. Transactions and messages stay. */
  forget(station: string): void {
    const key = station.toLowerCase();
    if (this.#spellings.get(key) === station) this.#spellings.delete(key);
    for (const kind of Object.keys(ITEM_KINDS) as ItemKind[]) this.#options.state.items.deleteAll(station, kind);
    this.#options.state.stations.delete(station);
    this.#options.changed(station);
  }

  /** Asks a connected station to go: closes its socket. */
  disconnect(station: string, code: number, reason: string): boolean {
    const session = this.#sessions.get(station);
    session?.link.close(code, reason);
    return session !== undefined;
  }

  closed(link: OcppLink): void {
    const session = this.#sessions.get(link.station.id);
    // A socket that was taken over, or a simulated one: the station is connected by another.
    if (session?.link !== link) return;
    this.#sessions.delete(session.station);
    this.#options.gone(session.station);
    this.#options.state.stations.update(session.station, { disconnectedAt: this.#options.clock.now() });
    this.#options.changed(session.station);
  }

  /** A station that connects a second time takes over; nothing ever goes to the old socket again. */
  #takeOver(station: string): void {
    const old = this.#sessions.get(station);
    if (old === undefined) return;
    this.#sessions.delete(station);
    this.#options.gone(station);
    old.link.close(1000, 'Another connection of this station took over');
    old.link.disconnected(1000, 'taken over');
  }

  /** A link of this CSMS over a transport. */
  openLink(
    transport: Transport,
    station: string,
    version: OcppVersion,
    { synthetic, recorder }: LinkExtras = {},
  ): OcppLink {
    const { config, schemas, world, role } = this.#options;
    return new OcppLink({
      world: recorder === undefined ? world : { ...world, recorder },
      transport,
      side: 'csms',
      station: { id: station, role: 'cs' },
      csms: CSMS_PARTY,
      schemas: schemas.of(version),
      role: role(),
      validation: config.validation,
      timeoutMs: config.callTimeoutMs,
      maxQueuedCalls: config.maxQueuedCalls,
      maxBufferedBytes: MAX_BUFFERED_BYTES,
      tap: 'csms',
      ...(synthetic === undefined ? {} : { synthetic }),
    });
  }

  /** The record of a station that was never seen. */
  newStation(id: string, now: number): StationRecord {
    this.#spellings.set(id.toLowerCase(), id);
    return {
      id,
      firstSeenAt: now,
      securityProfile: 0,
      boot: { status: 'none' },
      info: {},
      evses: [],
      registered: false,
    };
  }

  /** The identity by which the station is known here. */
  identityOf(identity: string, version: OcppVersion): string {
    if (this.#options.state.stations.get(identity) !== undefined) return identity;
    return isV2(version) ? (this.#spellings.get(identity.toLowerCase()) ?? identity) : identity;
  }
}
