import type { Clock } from '../../core/clock.ts';
import { CompoteError } from '../../core/errors.ts';
import type { Ids } from '../../core/ids.ts';
import { isoTime, SECOND_MS } from '../../core/time.ts';
import type { Origin, Recorder } from '../../journal/entry.ts';
import { firstServerHop, type TraceContext } from '../../link/trace-context.ts';
import type { CallOptions } from '../../protocols/ocpp/outgoing-calls.ts';
import type { CallOutcome, RpcMessage } from '../../protocols/ocpp/rpc-message.ts';
import type { OcppSchemaSet } from '../../protocols/ocpp/schemas.ts';
import type { OcppVersion } from '../../protocols/ocpp/versions.ts';
import { askedFor } from './asked-for.ts';
import type { CsmsConfig } from './config.ts';
import type { CsmsChange, CsmsServices, OutboundContext } from './ocpp/handler.ts';
import { InventoryQueue, inventoryKey, isInventoryKnown } from './ocpp/inventory.ts';
import { asksAboutStranger } from './ocpp/stranger-question.ts';
import { outboundHandler } from './ocpp/tables.ts';
import type { VehicleCertificates } from './ocpp/vehicle-certificates.ts';
import { type SimulatedAnswer, simulateInbound } from './simulated-inbound.ts';
import { type Authorization, authorizeLocally, unknownToken } from './state/authorization.ts';
import type { CsmsState } from './state/csms-state.ts';
import { StationConnections } from './station-connections.ts';
import { StationMessages } from './station-messages.ts';
import type { StationSession } from './station-session.ts';

/** Asks somebody else about a token that is not ours (e-roaming). `undefined`: nobody knows it. */
export type AskRoaming = (
  question: {
    readonly idToken: string;
    readonly type?: string;
    readonly station: string;
    readonly evse?: number;
    /** A transaction is about to start with it. */
    readonly starting: boolean;
    /** The transaction that it starts, continues or stops, where that is known. */
    readonly transactionKey?: string;
    /** The chain that the station's own message began. */
    readonly trace?: TraceContext;
  },
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
  /** The chain of calls that the command belongs to. */
  readonly trace?: TraceContext | undefined;
}

/** How long a trigger or report request lets a Pending station send what was asked for. */
const ASKED_FOR_MS = 120 * SECOND_MS;

/**
 * The CSMS without its sockets: puts connections, messages, commands and state together. Stations come in by `connections`;
 * the API acts through `command`, `simulateInbound` and the state.
 */
export class Csms {
  readonly config: CsmsConfig;
  readonly state: CsmsState;
  readonly schemas: OcppSchemaSet;
  readonly services: CsmsServices;
  readonly connections: StationConnections;
  readonly #options: CsmsOptions;
  readonly #messages: StationMessages;
  readonly #listeners = new Set<(change: CsmsChange) => void>();
  #lastRequestId: number;

  constructor(options: CsmsOptions) {
    const { config, state, clock, recorder, afterCommit, defect, ids } = options;
    this.#options = options;
    this.config = config;
    this.state = state;
    this.schemas = options.schemas;
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
        isKnown: (station) => isInventoryKnown(this.services, station),
        sharedKey: (station) => {
          const record = config.boot.askInventory === 'per-model' ? state.stations.get(station) : undefined;
          return record === undefined ? undefined : inventoryKey(record);
        },
        ask: (station, requestId, done) => {
          if (!this.sessions.has(station)) return false;
          this.services.command(station, 'GetBaseReport', { requestId, reportBase: 'FullInventory' }, done);
          return true;
        },
      }),
      ...(options.vehicleCertificates === undefined ? {} : { vehicleCertificates: options.vehicleCertificates }),
      certificateCn: (station) => this.sessions.get(station)?.certificateCn,
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
    this.connections = new StationConnections({
      config,
      state,
      schemas: options.schemas,
      clock,
      world: {
        clock,
        afterCommit,
        recorder,
        newId: () => ids.uuid(),
        ...(options.askRoaming === undefined
          ? {}
          : { traceOf: (call) => (asksAboutStranger(call, state.tokens) ? firstServerHop(ids) : null) }),
        defect,
      },
      role: () => this.#messages,
      changed: (station) => this.#changed({ what: 'station', station }),
      gone: (station) => this.services.inventory.gone(station),
    });
    this.#messages = new StationMessages(this.services, this.connections);
  }

  /** Stations that are connected now. */
  get sessions(): ReadonlyMap<string, StationSession> {
    return this.connections.sessions;
  }

  /** Calls `listener` on every change until the returned function is called. */
  onChange(listener: (change: CsmsChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Hands the CSMS a text as if the station had sent it. */
  simulateInbound(
    station: string,
    version: OcppVersion,
    text: string,
    done: (answers: readonly SimulatedAnswer[]) => void,
  ): number {
    const { clock, recorder } = this.#options;
    const limitMs = this.config.callTimeoutMs;
    return simulateInbound(
      { connections: this.connections, state: this.state, clock, recorder, limitMs },
      station,
      version,
      text,
      done,
    );
  }

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
    const session = this.sessions.get(station);
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
      handler.answered(context, request, this.#messages.readable(message, message.schemas?.response));
    } catch (thrown) {
      // An answer that breaks its schema (lenient) may be of no use; its findings are written already.
      if (this.#messages.fitsSchema(message)) this.#options.defect(`after ${action} of ${session.station}`, thrown);
    }
  }

  #authorize(question: Parameters<CsmsServices['authorize']>[0], done: (authorization: Authorization) => void): void {
    const { state, config } = this;
    const decided = authorizeLocally(question, state.tokens, state.transactions, this.#options.clock.now());
    if (decided !== undefined) return done(decided);
    const { askRoaming } = this.#options;
    if (askRoaming === undefined) return done(unknownToken(config.authorization));
    const { token, station, evse, starting, transactionKey, call } = question;
    askRoaming(
      {
        idToken: token.idToken,
        station,
        starting,
        ...(transactionKey === undefined ? {} : { transactionKey }),
        ...(token.type === undefined ? {} : { type: token.type }),
        ...(evse === undefined ? {} : { evse }),
        ...(call === undefined || call.trace === null ? {} : { trace: call.trace }),
      },
      (answer) => done(answer ?? unknownToken(config.authorization)),
    );
  }

  #changed(change: CsmsChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}
