import type { Clock, Timer } from '../../core/clock.ts';
import { CompoteError } from '../../core/errors.ts';
import type { Ids } from '../../core/ids.ts';
import { isoTime, SECOND_MS } from '../../core/time.ts';
import type { NewEntry, Origin, Party, Recorder } from '../../journal/entry.ts';
import { type DEFERRED, type LinkWorld, OcppLink, type OcppRole, RpcRefusal } from '../../link/ocpp-link.ts';
import type { OcppServerRole, UpgradeFault, UpgradeRefusal, UpgradeRequest } from '../../link/ocpp-server.ts';
import type { Transport } from '../../link/transport.ts';
import type { CallOptions } from '../../protocols/ocpp/outgoing-calls.ts';
import type { CallOutcome, RpcMessage } from '../../protocols/ocpp/rpc-message.ts';
import type { OcppSchemaSet, PayloadSchema } from '../../protocols/ocpp/schemas.ts';
import { isV2, type OcppVersion } from '../../protocols/ocpp/versions.ts';
import { admissionRefusal, passwordHash, profileOf } from './admission.ts';
import type { CsmsConfig } from './config.ts';
import type { CsmsChange, CsmsServices, InboundContext, OutboundContext } from './ocpp/handler.ts';
import { InventoryQueue } from './ocpp/inventory.ts';
import { readablePayload } from './ocpp/readable-payload.ts';
import { inboundHandler, outboundHandler, sendHandler } from './ocpp/tables.ts';
import type { VehicleCertificates } from './ocpp/vehicle-certificates.ts';
import { type Authorization, authorizeLocally, unknownToken } from './state/authorization.ts';
import type { CsmsState } from './state/csms-state.ts';
import { isConnected } from './state/csms-state.ts';
import type { StationRecord } from './state/records.ts';
import { ITEM_KINDS, type ItemKind } from './state/station-items.ts';
import { StationSession } from './station-session.ts';

/** Asks somebody else about a token that is not ours (e-roaming). `undefined`: nobody knows it. */
export type AskRoaming = (
  question: { readonly idToken: string; readonly type?: string; readonly station: string; readonly evse?: number },
  done: (authorization: Authorization | undefined) => void,
) => void;

export interface CsmsOptions {
  readonly config: CsmsConfig;
  readonly state: CsmsState;
  readonly schemas: OcppSchemaSet;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly recorder: Recorder | null;
  readonly afterCommit: (task: () => void) => void;
  readonly defect: (where: string, thrown: unknown) => void;
  readonly askRoaming?: AskRoaming;
  /** Answers for cars and about certificates; without it stations are told that the service is not there. */
  readonly vehicleCertificates?: VehicleCertificates;
}

export interface CommandOptions extends CallOptions {
  readonly origin?: Origin;
}

/** A station that was turned away, for the list of refused stations. */
export interface RefusedStation {
  readonly at: number;
  readonly identity: string;
  readonly remote: string;
  readonly status: number;
  readonly reason: string;
  readonly text: string;
}

/** What the CSMS would have answered to a simulated message. */
export interface SimulatedAnswer {
  readonly text: string;
  /** Its number in the journal. */
  readonly seq: number;
}

const CSMS_PARTY: Party = { id: 'csms', role: 'csms' };
const MAX_REFUSED = 200;
const CHECKPOINT_MS = 1_000;
const MAX_BUFFERED_BYTES = 8 * 1024 * 1024;
/** How long a trigger or report request lets a Pending station send what was asked for. */
const ASKED_FOR_MS = 120 * SECOND_MS;

/**
 * The CSMS without its sockets: admits stations, keeps one session per identity, dispatches their messages to the handler
 * tables, sends commands and applies what they changed.
 */
export class Csms implements OcppRole, OcppServerRole {
  readonly config: CsmsConfig;
  readonly state: CsmsState;
  readonly schemas: OcppSchemaSet;
  readonly services: CsmsServices;
  readonly #options: CsmsOptions;
  readonly #world: LinkWorld;
  readonly #sessions = new Map<string, StationSession>();
  /** Identities of 2.x are case-insensitive: lower case -> the identity as first seen. */
  readonly #spellings = new Map<string, string>();
  readonly #refused: RefusedStation[] = [];
  readonly #listeners = new Set<(change: CsmsChange) => void>();
  readonly #checkpoints: Timer;
  #lastRequestId: number;

  constructor(options: CsmsOptions) {
    const { config, state, clock, recorder, afterCommit, defect, ids } = options;
    this.#options = options;
    this.config = config;
    this.state = state;
    this.schemas = options.schemas;
    this.#world = { clock, afterCommit, recorder, newId: () => ids.uuid(), defect };
    // Request ids grow with time, so that they do not repeat after a restart (31 bits of seconds).
    this.#lastRequestId = Math.floor(clock.now() / 1000) % 2 ** 31;
    this.services = {
      state,
      config,
      now: () => clock.now(),
      isoNow: () => isoTime(clock.now()),
      newId: () => ids.uuid(),
      nextRequestId: () => {
        this.#lastRequestId = (this.#lastRequestId % (2 ** 31 - 1)) + 1;
        return this.#lastRequestId;
      },
      command: (station, action, payload, done) =>
        this.command(station, action, payload, { origin: 'system' }, done ?? (() => {})),
      authorize: (question, done) => this.#authorize(question, done),
      inventory: new InventoryQueue({
        clock,
        nextRequestId: () => this.services.nextRequestId(),
        ask: (station, requestId, done) => {
          if (!this.#sessions.has(station)) return false;
          this.services.command(station, 'GetBaseReport', { requestId, reportBase: 'FullInventory' }, done);
          return true;
        },
      }),
      ...(options.vehicleCertificates === undefined ? {} : { vehicleCertificates: options.vehicleCertificates }),
      changed: (change) => this.#changed(change),
      finding: (call, station, finding) =>
        recorder?.finding({
          ...finding,
          axis: 'conformance',
          party: station,
          time: clock.now(),
          ...(call.seq === 0 ? {} : { seq: call.seq }),
        }),
    };
    for (const station of state.stations.all()) {
      this.#spellings.set(station.id.toLowerCase(), station.id);
      // Whoever was connected when we stopped is not connected now.
      if (isConnected(station)) state.stations.put({ ...station, disconnectedAt: clock.now() });
    }
    this.#checkpoints = clock.every(CHECKPOINT_MS, () => state.transactions.checkpoint());
  }

  /** Writes what waits for the next checkpoint; no timer runs after it. The sockets are closed by whoever opened them. */
  stop(): void {
    this.#checkpoints.cancel();
    this.state.transactions.checkpoint();
  }

  get versions(): readonly OcppVersion[] {
    return this.config.versions;
  }

  get acceptOcpp20(): boolean {
    return this.config.acceptOcpp20;
  }

  get sessions(): ReadonlyMap<string, StationSession> {
    return this.#sessions;
  }

  /** The last stations that were turned away, newest first. */
  get refusedStations(): readonly RefusedStation[] {
    return this.#refused;
  }

  /** Calls `listener` on every change until the returned function is called. */
  onChange(listener: (change: CsmsChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  // --- connections ------------------------------------------------------------------------------------------------

  admit(request: UpgradeRequest, version: OcppVersion): UpgradeRefusal | undefined {
    return admissionRefusal(request, this.state.stations.get(this.#spelling(request.identity, version)), this.config);
  }

  connected(
    transport: Transport,
    request: UpgradeRequest,
    version: OcppVersion,
    faults: readonly UpgradeFault[],
  ): void {
    const { clock, recorder } = this.#options;
    const now = clock.now();
    const id = this.#spelling(request.identity, version);
    this.#takeOver(id);
    const link = this.#openLink(transport, id, version, 'csms');
    const session = new StationSession(id, link, now);
    this.#sessions.set(id, session);
    const before = this.state.stations.get(id);
    const used = request.basic === undefined ? undefined : passwordHash(request.basic.password);
    // The first connection with a changed password makes it the only one (A01.FR.03).
    const switched = before?.nextPasswordHash !== undefined && used === before.nextPasswordHash;
    const { nextPasswordHash, ...kept } = before ?? this.#newStation(id, now);
    this.state.stations.put({
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
    this.#changed({ what: 'station', station: id });
  }

  refused(
    request: UpgradeRequest,
    refusal: { status: number; reason: string; text: string },
    faults: readonly UpgradeFault[],
  ): void {
    const { clock, recorder } = this.#options;
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
    };
    const refusal = this.admit(request, version);
    if (refusal === undefined) this.connected(transport, request, version, []);
    else this.refused(request, refusal, []);
    return refusal;
  }

  /**
   * "Simulate inbound": handles a text as if the station had sent it, on a link of its own that never was a socket. `done`
   * hears the texts that the CSMS would have answered. Returns the journal's sequence number of the text.
   */
  simulateInbound(
    station: string,
    version: OcppVersion,
    text: string,
    done: (answers: readonly SimulatedAnswer[]) => void,
  ): number {
    const answers: SimulatedAnswer[] = [];
    const seqs = new Map<unknown, number>();
    let link: OcppLink | undefined;
    const finish = (): void => {
      link?.disconnected(1000, 'simulated');
      done(answers);
    };
    const transport: Transport = {
      description: { type: 'inproc', conn: 'simulate inbound', subprotocol: '', facts: {} },
      bufferedBytes: 0,
      send(answer) {
        answers.push({ text: answer, seq: seqs.get(answer) ?? 0 });
        finish();
      },
      close() {},
      terminate() {},
      pause() {},
      resume() {},
      listen() {},
    };
    const now = this.#options.clock.now();
    const id = this.#spelling(station, version);
    if (this.state.stations.get(id) === undefined) this.state.stations.put({ ...this.#newStation(id, now), version });
    const noticing = notice(this.#options.recorder, (entry, seq) => seqs.set(entry.raw, seq));
    link = this.#openLink(transport, id, version, 'csms', { origin: 'user' }, noticing);
    link.text(text);
    // What needs no answer (a SEND, an answer, garbage that 1.6 ignores) ends with the time-out.
    this.#options.clock.after(this.config.callTimeoutMs, () => {
      if (answers.length === 0) finish();
    });
    return seqs.get(text) ?? 0;
  }

  /** Keeps what a user said about a station, also before it first connects. */
  register(record: StationRecord): StationRecord {
    const key = record.id.toLowerCase();
    if (!this.#spellings.has(key)) this.#spellings.set(key, record.id);
    this.state.stations.put(record);
    this.#changed({ what: 'station', station: record.id });
    return record;
  }

  /** Forgets a station that is not connected: its registration and what it reported. Transactions and messages stay. */
  forget(station: string): void {
    const key = station.toLowerCase();
    if (this.#spellings.get(key) === station) this.#spellings.delete(key);
    for (const kind of Object.keys(ITEM_KINDS) as ItemKind[]) this.state.items.deleteAll(station, kind);
    this.state.stations.delete(station);
    this.#changed({ what: 'station', station });
  }

  /** Asks a connected station to go: closes its socket. */
  disconnect(station: string, code: number, reason: string): boolean {
    const session = this.#sessions.get(station);
    session?.link.close(code, reason);
    return session !== undefined;
  }

  // --- commands ---------------------------------------------------------------------------------------------------

  /**
   * Sends a CALL to a connected station. `done` hears the outcome after its effect was applied to the state.
   * Errors: UNKNOWN_STATION, STATION_NOT_CONNECTED.
   */
  command(
    station: string,
    action: string,
    payload: object,
    options: CommandOptions,
    done: (outcome: CallOutcome, call: RpcMessage | null) => void,
  ): void {
    const session = this.#sessions.get(station);
    if (session === undefined) {
      if (this.state.stations.get(station) === undefined)
        throw new CompoteError('UNKNOWN_STATION', { detail: station });
      throw new CompoteError('STATION_NOT_CONNECTED', { detail: station });
    }
    session.expect(askedFor(action, payload), this.#options.clock.now() + ASKED_FOR_MS);
    session.link.call(
      action,
      payload,
      (outcome, call) => {
        const request = call?.payload ?? payload;
        // What a station means by accepting a message that breaks its schema (sent on purpose), nobody can know.
        const isUnderstood = this.schemas.of(session.version).of(action)?.request.check(request) === true;
        if (outcome.kind === 'result' && isUnderstood) this.#applyAnswer(session, action, request, outcome);
        done(outcome, call);
      },
      options,
    );
  }

  /** The same as a promise. */
  commandAsync(
    station: string,
    action: string,
    payload: object,
    options: CommandOptions = {},
  ): Promise<{ outcome: CallOutcome; call: RpcMessage | null }> {
    return new Promise((resolve) =>
      this.command(station, action, payload, options, (outcome, call) => resolve({ outcome, call })),
    );
  }

  #applyAnswer(
    session: StationSession,
    action: string,
    request: unknown,
    { message }: Extract<CallOutcome, { kind: 'result' }>,
  ): void {
    const handler = outboundHandler(session.version, action);
    if (handler === undefined) return;
    const context: OutboundContext = {
      services: this.services,
      state: this.state,
      station: session.station,
      version: session.version,
      now: this.#options.clock.now(),
    };
    try {
      handler.answered(context, request, this.#readable(message, message.schemas?.response));
    } catch (thrown) {
      // An answer that breaks its schema (lenient) may be of no use; its findings are written already.
      if (this.#fitsSchema(message)) this.#options.defect(`after ${action} of ${session.station}`, thrown);
    }
  }

  // --- OcppRole ---------------------------------------------------------------------------------------------------

  request(link: OcppLink, call: RpcMessage): object | typeof DEFERRED {
    const context = this.#context(link, call);
    this.#gate(context);
    const handler = inboundHandler(link.version, call.action);
    if (handler === undefined) throw new RpcRefusal('NotSupported', `${call.action} is not handled here`);
    try {
      return handler.handle(context, this.#readable(call, call.schemas?.request));
    } catch (thrown) {
      if (thrown instanceof RpcRefusal || this.#fitsSchema(call)) throw thrown;
      // A message that breaks its schema (lenient) and cannot be made sense of: the peer's fault, not a defect of ours.
      throw new RpcRefusal('Format', `${call.action} does not fit its schema and could not be handled`);
    }
  }

  notification(link: OcppLink, message: RpcMessage): void {
    try {
      const payload = this.#readable(message, message.schemas?.request);
      sendHandler(link.version, message.action)?.handle(this.#context(link, message), payload);
    } catch (thrown) {
      if (this.#fitsSchema(message)) throw thrown;
    }
  }

  answerRejected(link: OcppLink, call: RpcMessage, message: RpcMessage): void {
    this.services.finding(message, link.station.id, {
      rule: 'OCPP21-CRE-002',
      severity: 'warning',
      text: `The station could not use our answer to ${call.action}: ${message.code}`,
      clause: '2.1 Part 4 FR.06',
    });
  }

  alive(): void {
    // The link keeps when it was last heard; nothing to store per frame.
  }

  closed(link: OcppLink): void {
    const session = this.#sessions.get(link.station.id);
    // A socket that was taken over, or a simulated one: the station is connected by another.
    if (session?.link !== link) return;
    this.#sessions.delete(session.station);
    this.services.inventory.gone(session.station);
    this.state.stations.update(session.station, { disconnectedAt: this.#options.clock.now() });
    this.#changed({ what: 'station', station: session.station });
  }

  // --- inside -----------------------------------------------------------------------------------------------------

  /** Nothing but BootNotification before the station is accepted (1.6 errata J 3.10; 2.x B01.FR.10, B02.FR.09, B03.FR.07). */
  #gate({ call, station, version, now, record }: InboundContext): void {
    const { status } = record().boot;
    if (status === 'Accepted' || call.action === 'BootNotification') return;
    if (status === 'Pending' && this.#sessions.get(station)?.mayCallWhilePending(call.action, now) === true) return;
    const text =
      status === 'none'
        ? `${call.action} came before the station was accepted by BootNotification`
        : `${call.action} came while the station is ${status}`;
    // Pending and Rejected stand in the traffic, and the rules see them. Only we know that there was no boot before it.
    if (status === 'none') {
      this.services.finding(call, station, {
        rule: 'OCPP-BOOT-002',
        severity: 'error',
        text,
        clause: isV2(version) ? 'B01.FR.08' : '1.6 §4.2',
      });
    }
    if (this.config.boot.gate === 'enforce') throw new RpcRefusal('SecurityError', text);
  }

  #fitsSchema(message: RpcMessage): boolean {
    return this.config.validation !== 'off' && !message.flags.includes('invalid');
  }

  /** The payload as handlers may rely on it: what is there has the type of its schema. */
  #readable(message: RpcMessage, schema: PayloadSchema | undefined): unknown {
    return schema === undefined || this.#fitsSchema(message)
      ? message.payload
      : readablePayload(schema, message.payload);
  }

  #context(link: OcppLink, call: RpcMessage): InboundContext {
    const station = link.station.id;
    return {
      services: this.services,
      state: this.state,
      link,
      call,
      station,
      version: link.version,
      now: call.at,
      record: () => {
        const record = this.state.stations.get(station);
        if (record === undefined) throw new Error(`The station ${station} was deleted while it was connected`);
        return record;
      },
    };
  }

  #authorize(question: Parameters<CsmsServices['authorize']>[0], done: (authorization: Authorization) => void): void {
    const { state, config } = this;
    const decided = authorizeLocally(question, state.tokens, state.transactions, this.#options.clock.now());
    if (decided !== undefined) return done(decided);
    const { askRoaming } = this.#options;
    if (askRoaming === undefined) return done(unknownToken(config.authorization));
    const { token, station, evse } = question;
    askRoaming(
      {
        idToken: token.idToken,
        station,
        ...(token.type === undefined ? {} : { type: token.type }),
        ...(evse === undefined ? {} : { evse }),
      },
      (answer) => done(answer ?? unknownToken(config.authorization)),
    );
  }

  /** A station that connects a second time takes over; nothing ever goes to the old socket again. */
  #takeOver(station: string): void {
    const old = this.#sessions.get(station);
    if (old === undefined) return;
    this.#sessions.delete(station);
    this.services.inventory.gone(station);
    old.link.close(1000, 'Another connection of this station took over');
    old.link.disconnected(1000, 'taken over');
  }

  #openLink(
    transport: Transport,
    station: string,
    version: OcppVersion,
    tap: string,
    synthetic?: { readonly origin: Origin },
    recorder: Recorder | null = this.#world.recorder,
  ): OcppLink {
    const { config } = this;
    return new OcppLink({
      world: recorder === this.#world.recorder ? this.#world : { ...this.#world, recorder },
      transport,
      side: 'csms',
      station: { id: station, role: 'cs' },
      csms: CSMS_PARTY,
      schemas: this.schemas.of(version),
      role: this,
      validation: config.validation,
      timeoutMs: config.callTimeoutMs,
      maxQueuedCalls: config.maxQueuedCalls,
      maxBufferedBytes: MAX_BUFFERED_BYTES,
      tap,
      ...(synthetic === undefined ? {} : { synthetic }),
    });
  }

  #newStation(id: string, now: number): StationRecord {
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

  #spelling(identity: string, version: OcppVersion): string {
    if (this.state.stations.get(identity) !== undefined) return identity;
    return isV2(version) ? (this.#spellings.get(identity.toLowerCase()) ?? identity) : identity;
  }

  #changed(change: CsmsChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}

/** The recorder, with somebody who hears of each entry. */
function notice(recorder: Recorder | null, heard: (entry: NewEntry, seq: number) => void): Recorder | null {
  if (recorder === null) return null;
  return {
    openLink: (description) => recorder.openLink(description),
    closeLink: (link) => recorder.closeLink(link),
    record(entry) {
      const seq = recorder.record(entry);
      heard(entry, seq);
      return seq;
    },
    finding: (finding) => recorder.finding(finding),
    get full() {
      return recorder.full;
    },
    onceDrained: (resume) => recorder.onceDrained(resume),
  };
}

/** What a station sends because this command asked for it. */
function askedFor(action: string, payload: unknown): readonly string[] {
  // A user may send anything on purpose.
  if (typeof payload !== 'object' || payload === null) return [];
  switch (action) {
    case 'TriggerMessage':
    case 'ExtendedTriggerMessage': {
      const requested =
        'requestedMessage' in payload && typeof payload.requestedMessage === 'string' ? payload.requestedMessage : '';
      return /^Sign.*Certificate$/.test(requested) ? ['SignCertificate'] : [requested, `Signed${requested}`];
    }
    case 'GetBaseReport':
    case 'GetReport':
      return ['NotifyReport'];
    default:
      return [];
  }
}
