import { isoTime } from '../../../core/time.ts';
import type { SessionEventSeen, TokenSeen } from '../../../protocols/everest/payloads.ts';
import type { ConnectorState } from '../../../protocols/everest/states.ts';

export interface Step {
  readonly at: string;
  readonly what: string;
}

/** A car's stay at a connector, as MQTT told it. */
export interface EverestSession {
  readonly id: string;
  readonly connector: number;
  readonly startedAt: string;
  endedAt?: string;
  /** EVerest's own id; with OCPP 2.x also the transaction id. */
  sessionId?: string;
  /** Known only where the station itself says so (`ocpp_consumer`). */
  ocppTransactionId?: string;
  token?: TokenSeen;
  startReason?: string;
  /** `unknown` when nothing told it: dialects N and L do not. */
  stopReason?: string;
  meterStartWh?: number;
  meterStopWh?: number;
  protocol?: string;
  /** When power began to flow, or was about to: what an OCPP start stands beside. */
  transactionAt?: string;
  /** It was running when the adapter began to listen. */
  readonly partial?: true;
  readonly timeline: Step[];
}

const MAX_SESSIONS = 200;
const MAX_STEPS = 200;
const OUTSIDE: readonly ConnectorState[] = ['unknown', 'offline', 'idle', 'disabled', 'reserved'];

/** The sessions of one connector, the running one last. Bounded. */
export class SessionLog {
  readonly #connector: number;
  readonly #newId: () => string;
  readonly sessions: EverestSession[] = [];
  #running: EverestSession | undefined;

  constructor(connector: number, newId: () => string) {
    this.#connector = connector;
    this.#newId = newId;
  }

  get running(): EverestSession | undefined {
    return this.#running;
  }

  /** A session event of dialect E or of the telemetry. */
  event(event: SessionEventSeen, atMs: number, meterWh: number | undefined): void {
    if (event.sessionId === undefined && this.#running === undefined) return;
    // Enabled and Disabled carry another id or none.
    if (event.event === 'Enabled' || event.event === 'Disabled') return;
    if (event.event === 'SessionStarted' && this.#running?.sessionId !== event.sessionId) {
      // States may have told of the same session a moment before.
      if (this.#running?.sessionId !== undefined) this.#end(atMs, meterWh);
    }
    const session = this.#running ?? this.#begin(atMs, event.event !== 'SessionStarted');
    if (event.sessionId !== undefined) session.sessionId = event.sessionId;
    if (event.event === 'SessionStarted' && event.reason !== undefined) session.startReason = event.reason;
    if (event.event === 'TransactionStarted') {
      session.transactionAt = isoTime(atMs);
      const start = event.meterWh ?? meterWh;
      if (start !== undefined) session.meterStartWh = start;
    }
    if (event.token !== undefined && event.event !== 'TransactionFinished') session.token = event.token;
    if (event.event === 'TransactionFinished') {
      if (event.reason !== undefined) session.stopReason = event.reason;
      const stop = event.meterWh ?? meterWh;
      if (stop !== undefined) session.meterStopWh = stop;
    }
    this.note(`${event.event}${event.reason === undefined ? '' : ` (${event.reason})`}`, atMs);
    if (event.event === 'SessionFinished') this.#end(atMs, event.meterWh ?? meterWh);
  }

  /** The state of the connector changed. */
  state(state: ConnectorState, before: ConnectorState, atMs: number, meterWh: number | undefined): void {
    if (OUTSIDE.includes(state)) {
      // Not seeing is not the same as the car being gone.
      if (state !== 'unknown' && state !== 'offline' && this.#running !== undefined) this.#end(atMs, meterWh);
      return;
    }
    const session = this.#running ?? this.#begin(atMs, before === 'unknown' || before === 'offline');
    if ((state === 'preparing' || state === 'charging') && session.transactionAt === undefined) {
      session.transactionAt = isoTime(atMs);
      if (meterWh !== undefined) session.meterStartWh ??= meterWh;
    }
    this.note(`state ${state}`, atMs);
  }

  note(what: string, atMs: number): void {
    const timeline = this.#running?.timeline;
    if (timeline !== undefined && timeline.length < MAX_STEPS) timeline.push({ at: isoTime(atMs), what });
  }

  #begin(atMs: number, partial: boolean): EverestSession {
    const session: EverestSession = {
      id: this.#newId(),
      connector: this.#connector,
      startedAt: isoTime(atMs),
      ...(partial ? { partial } : {}),
      timeline: [],
    };
    this.#running = session;
    this.sessions.push(session);
    if (this.sessions.length > MAX_SESSIONS) this.sessions.shift();
    return session;
  }

  #end(atMs: number, meterWh: number | undefined): void {
    const session = this.#running;
    if (session === undefined) return;
    session.endedAt = isoTime(atMs);
    session.stopReason ??= 'unknown';
    if (meterWh !== undefined) session.meterStopWh ??= meterWh;
    this.#running = undefined;
  }
}
