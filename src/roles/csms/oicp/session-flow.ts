import type { OicpOutcome } from '../../../link/oicp-client.ts';
import type { OutboxItem } from '../../../link/oicp-outbox.ts';
import type { ChargeDetailRecord, ChargingNotification } from '../../../protocols/oicp/index.ts';
import type { TransactionRecord } from '../state/records.ts';
import { authorizeStopLater } from './ask-hub.ts';
import { type CpoContext, laneOf } from './cpo-context.ts';
import { sameToken } from './identification.ts';
import type { CdrState, RoamingSession } from './roaming-sessions.ts';
import {
  aheadMs,
  cdrOf,
  endNotification,
  errorNotification,
  type MessageSurroundings,
  offsetOfTimeZone,
  progressNotification,
  reservationCdr,
  startNotification,
} from './session-messages.ts';

/** Hubs refuse Progress sooner than 300 s after the last; one second for the way. */
const PROGRESS_MS = 301_000;
/** A record that no hub could read is tried again so often. */
const FAILED_CDR_MS = 600_000;
/** A station's clock may be ahead by the way of a message. */
const CLOCK_TOLERANCE_MS = 5_000;

/** Faults of 1.6 that endanger more than the one connector. */
const CRITICAL = /^(GroundFailure|HighTemperature|OverCurrentFailure|InternalError|OverVoltage)$/;

/** What becomes of a session: bound to its transaction, told about, ended by exactly one record. */
export class SessionFlow {
  readonly #context: CpoContext;

  constructor(context: CpoContext) {
    this.#context = context;
  }

  /** A session came to be; its transaction may run already (2.x: the token came with its first event). */
  authorised(session: RoamingSession, transactionKey: string | undefined): void {
    if (transactionKey === undefined) return;
    const transaction = this.#context.csms.state.transactions.byKey(transactionKey);
    if (transaction === undefined) return;
    // Its end may have come while the hub was asked (events from a station's queue): it has its record all the same.
    if (transaction.state === 'ended') return this.transactionEnded(transaction);
    this.transactionChanged(transaction);
    if (this.#context.sessions.get(session.sessionId)?.state === 'pending') this.#bind(session, transaction);
  }

  transactionChanged(transaction: TransactionRecord): void {
    const session = this.#sessionOf(transaction);
    if (session === undefined) return;
    const charges = transaction.chargingState === 'Charging' || (transaction.energyWh ?? 0) > 0;
    if (!charges || transaction.state === 'ended') return;
    if (session.chargingStartMs === undefined) {
      // 2.x says when energy began to flow only by the event that told it.
      const chargingStartMs = Math.max(transaction.startedAt, transaction.reading?.at ?? transaction.startedAt);
      const charging = this.#put({ ...session, chargingStartMs, notifiedMs: this.#context.now() });
      this.#notify(charging, startNotification(charging, transaction, this.#around()));
      return;
    }
    const now = this.#context.now();
    if (now - (session.notifiedMs ?? now) < PROGRESS_MS) return;
    const told = this.#put({ ...session, notifiedMs: now });
    this.#notify(told, progressNotification(told, transaction, this.#around()));
  }

  /** The end: AuthorizeStop where the driver stopped with a card, notification End, the record. Once. */
  transactionEnded(transaction: TransactionRecord): void {
    const session = this.#sessionOf(transaction);
    if (session === undefined) return;
    const around = this.#around();
    const ahead = aheadMs(transaction, around.nowMs);
    if (ahead > CLOCK_TOLERANCE_MS && this.#context.config.clocksAgree !== false) {
      this.#context.finding({
        rule: 'cpo.clock.ahead',
        severity: 'info',
        axis: 'timing',
        party: session.station,
        text: `The station's clock is ${Math.round(ahead / 1_000)} s ahead: the times of the record of ${session.sessionId} were moved back by that`,
      });
    }
    const cdr = cdrOf(session, transaction, around);
    this.#demandSigned(session, transaction);
    if (session.kind === 'authorised' && transaction.stoppedReason === 'Local') {
      authorizeStopLater(this.#context, session);
    }
    if (session.chargingStartMs !== undefined) this.#notify(session, endNotification(session, cdr, around));
    this.#close(session, cdr);
  }

  /** CPO-CD-05: an EVSE whose calibration data is External has to sign; a hub refuses its record otherwise (022). */
  #demandSigned({ sessionId, evseId = '', station }: RoamingSession, { signed = [] }: TransactionRecord): void {
    if (this.#context.evses.get(evseId)?.data?.['CalibrationLawDataAvailability'] !== 'External') return;
    const missing = (['Start', 'End'] as const).filter((part) => !signed.some((value) => value.part === part));
    if (missing.length === 0) return;
    this.#context.finding({
      rule: 'cpo.cdr.unsigned',
      severity: 'error',
      axis: 'conformance',
      party: station,
      text: `${evseId} is offered with external calibration data, but the station sent no signed value at ${missing.join(' and ')} of ${sessionId}`,
    });
  }

  /** A connector is out of order while it charges. */
  connectorChanged(station: string, evse: number): void {
    const connectors = this.#context.csms.state.stations.get(station)?.evses.find(({ id }) => id === evse)?.connectors;
    const faulted = connectors?.find(({ status }) => status === 'Faulted');
    if (faulted === undefined) return;
    for (const session of this.#context.sessions.openAt(station)) {
      if (session.state !== 'charging' || session.evse !== evse || session.errorNotified === true) continue;
      const code = faulted.errorCode ?? '';
      const type = CRITICAL.test(code) ? 'CriticalError' : 'ConnectorError';
      const told = this.#put({ ...session, errorNotified: true });
      const text = ['The connector is Faulted', code, faulted.info ?? ''].filter((part) => part !== '').join(': ');
      this.#notify(told, errorNotification(told, type, text, this.#around()));
    }
  }

  /** A reservation that is used, cancelled or over ends its session with a record (CPO-RR-02). */
  reservationChanged(station: string, id: string): void {
    const item = this.#context.csms.state.items.get(station, 'reservations', id);
    if (item === undefined || item.status === 'Active') return;
    const session = this.#context.sessions
      .openAt(station)
      .find(({ state, reservationId }) => state === 'reserved' && String(reservationId) === id);
    if (session !== undefined) this.endReservation(session);
  }

  endReservation(session: RoamingSession): void {
    this.#close(session, reservationCdr(session, this.#around()));
  }

  /** A driver who never began: the hub's session ends, and the provider need not wait. */
  drop(session: RoamingSession, why: string): void {
    this.#put({ ...session, state: 'dropped' });
    // AuthorizeStop after a login by PIN would need the PIN, which is not kept: the provider is told in another way.
    const byPin = session.identification.QRCodeIdentification !== undefined;
    if (session.kind === 'authorised' && !byPin) authorizeStopLater(this.#context, session);
    else if (session.kind !== 'reservation') {
      this.#notify(session, errorNotification(session, 'ConnectorError', why, this.#around()));
    }
  }

  /** What time does: authorised drivers who do not come, reservations that end, records that could not be delivered. */
  sweep(): void {
    const { config, sessions } = this.#context;
    const now = this.#context.now();
    for (const session of [...sessions.kept()]) {
      const isOld = now - session.createdMs >= config.pendingS * 1_000;
      if ((session.state === 'pending' || session.state === 'starting') && isOld)
        this.drop(session, 'No transaction started in time');
      else if (session.state === 'reserved' && (session.expiresMs ?? now) <= now) this.endReservation(session);
      else if (session.cdr?.state === 'failed' && now - session.cdr.atMs >= FAILED_CDR_MS) this.sendCdr(session);
    }
  }

  /** Sends the record (again), byte for byte as it was. */
  sendCdr(session: RoamingSession): void {
    if (session.cdr === undefined) return;
    const { text } = session.cdr;
    this.#put({ ...session, cdr: { state: 'waiting', text, atMs: this.#context.now() } });
    this.#later(session, JSON.parse(text));
  }

  /** What the hub answered to something of a session. */
  answered({ subject, attempts }: OutboxItem, outcome: OicpOutcome): void {
    const [what, sessionId = ''] = subject.split(':');
    const session = this.#context.sessions.get(sessionId);
    if (session === undefined) return;
    // 320: this provider takes no notifications (CPO-CN-05).
    if (what === 'note' && outcome.kind === 'refused' && outcome.code === '320') {
      this.#put({ ...session, muted: true });
    }
    if (what === 'cdr' && session.cdr !== undefined) this.#cdrAnswered(session, session.cdr, attempts, outcome);
  }

  #cdrAnswered(session: RoamingSession, { text }: CdrState, attempts: number, outcome: OicpOutcome): void {
    const code = outcome.kind === 'ok' ? '000' : outcome.kind === 'refused' ? outcome.code : undefined;
    const reason = 'reason' in outcome ? outcome.reason : '';
    const state = ((): CdrState['state'] => {
      if (outcome.kind === 'ok') return 'accepted';
      if (outcome.kind !== 'refused') return 'failed';
      // A closed session had its record: ours arrived before, and its answer was lost (CPO-CD-07).
      return code === '400' && (attempts > 1 || /closed/i.test(reason)) ? 'delivered' : 'refused';
    })();
    this.#put({
      ...session,
      cdr: { state, text, atMs: this.#context.now(), reason, ...(code === undefined ? {} : { code }) },
    });
    if (state === 'accepted' || state === 'delivered') return;
    this.#context.finding({
      rule: 'cpo.cdr.refused',
      severity: 'error',
      axis: 'consistency',
      party: 'csms',
      text: `The hub did not take the record of ${session.sessionId}: ${code ?? outcome.kind} ${reason}. Correct it, or send it again with POST /api/v1/roaming/sessions/{id}/cdr`,
    });
  }

  #close(session: RoamingSession, cdr: ChargeDetailRecord): void {
    const text = JSON.stringify(cdr);
    this.#put({ ...session, state: 'closed', cdr: { state: 'waiting', text, atMs: this.#context.now() } });
    this.#later(session, cdr);
  }

  #later(session: RoamingSession, cdr: ChargeDetailRecord): void {
    this.#context.later({
      operation: 'ChargeDetailRecord',
      params: { operatorID: this.#context.config.operatorId },
      lane: laneOf(session.sessionId),
      subject: `cdr:${session.sessionId}`,
      trace: session.trace,
      body: cdr,
    });
  }

  #notify(session: RoamingSession, body: ChargingNotification): void {
    if (!this.#context.config.notifications || session.muted === true) return;
    this.#context.later({
      operation: 'ChargingNotifications',
      params: {},
      lane: laneOf(session.sessionId),
      subject: `note:${session.sessionId}`,
      trace: session.trace,
      body,
    });
  }

  /** The session of a transaction; the first change of a transaction binds it. */
  #sessionOf(transaction: TransactionRecord): RoamingSession | undefined {
    const { sessions } = this.#context;
    const known = sessions.ofTransaction(transaction.key);
    if (known !== undefined) return known;
    const waiting = sessions
      .openAt(transaction.station)
      .filter(({ state }) => state === 'pending' || state === 'starting');
    const fitting =
      waiting.find(({ remoteStartId }) => remoteStartId !== undefined && remoteStartId === transaction.remoteStartId) ??
      waiting.find(
        ({ idToken, evse }) =>
          sameToken(idToken, transaction.idToken ?? '') && (evse ?? transaction.evse) === (transaction.evse ?? evse),
      );
    return fitting === undefined ? undefined : this.#bind(fitting, transaction);
  }

  #bind(session: RoamingSession, { key, station, evse }: TransactionRecord): RoamingSession {
    const place = evse ?? session.evse;
    const evseId = place === undefined ? undefined : this.#context.evses.ensure(station, place).evseId;
    return this.#put({
      ...session,
      state: 'charging',
      transactionKey: key,
      ...(place === undefined ? {} : { evse: place }),
      ...(evseId === undefined ? {} : { evseId }),
    });
  }

  #put(session: RoamingSession): RoamingSession {
    this.#context.sessions.put(session);
    this.#context.changed(session.sessionId);
    return session;
  }

  #around(): MessageSurroundings {
    const { operatorId, site } = this.#context.config;
    return { operatorId, nowMs: this.#context.now(), offsetMinutes: offsetOfTimeZone(site.timeZone) };
  }
}
