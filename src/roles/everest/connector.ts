import type { CarPlan } from '../../protocols/everest/car-lists.ts';
import type { Observation } from '../../protocols/everest/decode.ts';
import type { TokenSeen } from '../../protocols/everest/payloads.ts';
import { ConnectorModel } from './model/connector-model.ts';
import { SessionLog } from './model/session-log.ts';

/** What the simulated car was told. Nobody reports it, so it is shown as asked for, not as true. */
export interface AskedCar {
  /** Absent for a list that somebody wrote by hand. */
  readonly plan?: CarPlan;
  readonly list: string;
  readonly atMs: number;
}

export interface TokenShown {
  readonly value: string;
  readonly atMs: number;
  /** Dialect E tells: Processing, Accepted, Rejected … */
  status?: string;
}

/** One connector: what EVerest said of it, its sessions, and what was asked of it. */
export class Connector {
  readonly n: number;
  readonly hlc: boolean;
  /** Its number in OCPP. */
  readonly ocpp: number;
  readonly model: ConnectorModel;
  readonly log: SessionLog;
  car: AskedCar | undefined;
  token: TokenShown | undefined;
  hlcFailed: string | undefined;

  constructor(n: number, hlc: boolean, ocpp: number, newId: () => string) {
    this.n = n;
    this.hlc = hlc;
    this.ocpp = ocpp;
    this.model = new ConnectorModel(n);
    this.log = new SessionLog(n, newId);
  }

  forget(): void {
    this.model.forget();
    this.car = undefined;
    this.token = undefined;
  }

  /** Returns true when the state or a fault changed. */
  observe(observation: Observation, atMs: number): boolean {
    const before = this.model.state;
    const changed = this.model.observe(observation, atMs);
    const { said, family } = observation;
    if (said.kind === 'sessionEvent' && (family === 'E' || family === 'T')) {
      this.log.event(said, atMs, this.model.meterWh);
    }
    if (said.kind === 'hlcFailed') {
      this.hlcFailed = said.reason;
      this.log.note(`ISO 15118 session failed: ${said.reason}`, atMs);
    }
    this.#after(before, atMs);
    return changed;
  }

  tick(atMs: number): boolean {
    const before = this.model.state;
    const changed = this.model.tick(atMs);
    this.#after(before, atMs);
    return changed;
  }

  tokenStatus(status: string, token: TokenSeen | undefined, atMs: number): void {
    if (token !== undefined && token.value === this.token?.value) this.token.status = status;
    this.log.note(`token ${token?.value ?? ''} ${status}`, atMs);
  }

  ocppTransaction(sessionId: string, transactionId: string | undefined): void {
    const session = this.log.sessions.find((one) => one.sessionId === sessionId);
    if (session !== undefined && transactionId !== undefined) session.ocppTransactionId = transactionId;
  }

  #after(before: string, atMs: number): void {
    const { state, protocol, meterWh } = this.model;
    if (state !== before) {
      this.log.state(state, before as typeof state, atMs, meterWh);
      // The car is gone.
      if (state === 'idle' && before !== 'unknown' && before !== 'offline') {
        this.car = undefined;
        this.token = undefined;
      }
    }
    const { running } = this.log;
    if (running !== undefined && protocol !== undefined) running.protocol = protocol;
  }
}
