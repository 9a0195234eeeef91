import { isoTime, MINUTE_MS } from '../../../core/time.ts';
import type { OicpReply, ReceivedCall } from '../../../link/oicp-server.ts';
import {
  canonicalSessionId,
  type OperationName,
  type RequestOf,
  refusal,
  type StatusCodeValue,
  sameEvseId,
  sameProviderId,
  statusCode,
} from '../../../protocols/oicp/index.ts';
import { cancelReservation } from '../commands/cancel-reservation.ts';
import { reserve } from '../commands/reserve.ts';
import { start } from '../commands/start.ts';
import { stop } from '../commands/stop.ts';
import type { ConnectorStatus } from '../state/records.ts';
import type { CpoContext } from './cpo-context.ts';
import { hasCar } from './evse-data.ts';
import type { EvseMapEntry } from './evse-map.ts';
import { tokenOfContract } from './identification.ts';
import { correlationOf, type RoamingSession } from './roaming-sessions.ts';
import type { SessionFlow } from './session-flow.ts';
import { DONE, obstacleOf, type Verdict, verdictOf } from './station-answer.ts';
import { stationCommand } from './station-command.ts';

/** The four operations that a hub calls on an operator. */
export const INBOUND = [
  'AuthorizeRemoteStart',
  'AuthorizeRemoteStop',
  'AuthorizeRemoteReservationStart',
  'AuthorizeRemoteReservationStop',
] as const satisfies readonly OperationName[];
type Inbound = (typeof INBOUND)[number];
type StartBody = RequestOf<'AuthorizeRemoteReservationStart'>;
type StopBody = Pick<RequestOf<'AuthorizeRemoteStop'>, 'EvseID' | 'ProviderID'>;

/** Remote starts and stops, reservations: checked, told to the right station, its true answer told back. */
export class InboundOicp {
  readonly #context: CpoContext;
  readonly #flow: SessionFlow;
  /** Starts under way: the same request again gets the same answer (SRV-07). */
  readonly #underWay = new Map<string, Promise<Verdict>>();

  constructor(context: CpoContext, flow: SessionFlow) {
    this.#context = context;
    this.#flow = flow;
  }

  async answer(call: ReceivedCall): Promise<OicpReply> {
    const { reading, operation } = call;
    if (!isInbound(operation))
      return reply(operation, { code: '021', info: `an operator does not serve ${operation}` });
    if (!reading.ok) {
      const errors = reading.findings.filter(({ severity }) => severity === 'error');
      const info = errors.map(({ pointer, text }) => `${pointer} ${text}`.trim()).join('; ');
      return reply(operation, { code: '022', info });
    }
    const body = reading.value as StartBody;
    const { SessionID: sessionId, CPOPartnerSessionID, EMPPartnerSessionID } = body;
    const ids = { SessionID: sessionId, CPOPartnerSessionID, EMPPartnerSessionID };
    if (call.pathId !== undefined && !sameProviderId(call.pathId, body.ProviderID)) {
      const info = `the path names the provider ${call.pathId}, the body ${body.ProviderID}`;
      return reply(operation, { code: '022', info }, ids);
    }
    if (sessionId === undefined) return reply(operation, { code: '022', info: 'SessionID is missing' }, ids);
    const verdict = await this.#decide(operation, sessionId, body, call);
    const session = this.#context.sessions.get(sessionId);
    return reply(operation, verdict, session === undefined ? ids : correlationOf(session));
  }

  #decide(operation: Inbound, sessionId: string, body: StartBody, call: ReceivedCall): Verdict | Promise<Verdict> {
    switch (operation) {
      case 'AuthorizeRemoteStart':
        return this.#once(sessionId, () => this.#start('remote', sessionId, body, call));
      case 'AuthorizeRemoteReservationStart':
        return this.#once(sessionId, () => this.#start('reservation', sessionId, body, call));
      case 'AuthorizeRemoteStop':
        return this.#stop(sessionId, body, call);
      case 'AuthorizeRemoteReservationStop':
        return this.#stopReservation(sessionId, body, call);
    }
  }

  #once(sessionId: string, task: () => Promise<Verdict> | Verdict): Promise<Verdict> | Verdict {
    const key = canonicalSessionId(sessionId);
    const underWay = this.#underWay.get(key);
    if (underWay !== undefined) return underWay;
    const known = this.#context.sessions.get(sessionId);
    if (known !== undefined) return known.answer ?? { code: '021', info: 'the session was under way at a restart' };
    const verdict = Promise.resolve(task()).finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, verdict);
    return verdict;
  }

  async #start(
    kind: 'remote' | 'reservation',
    sessionId: string,
    body: StartBody,
    { trace }: ReceivedCall,
  ): Promise<Verdict> {
    const { evses, config, sessions, csms } = this.#context;
    const evcoId = body.Identification.RemoteIdentification?.EvcoID;
    if (evcoId === undefined) return { code: '022', info: 'only RemoteIdentification is allowed here' };
    const entry = evses.get(body.EvseID);
    if (entry === undefined || !entry.published) return { code: '603', info: `${body.EvseID} is not an EVSE of ours` };
    const reservation = this.#reservationAt(entry);
    const obstacle = this.#obstacle(kind, entry, reservation, body.ProviderID);
    if (obstacle !== undefined) return obstacle;
    const isV2 = csms.sessions.get(entry.station)?.version !== '1.6';
    // A reserved EVSE starts for the token that it was reserved for.
    const idToken = reservation?.idToken ?? tokenOfContract(evcoId);
    const minutes = body.Duration ?? config.reservationMinutes;
    const expiresMs = this.#context.now() + minutes * MINUTE_MS;
    const id = csms.services.nextRequestId();
    sessions.put({
      sessionId,
      kind,
      state: 'starting',
      station: entry.station,
      evse: entry.evse,
      evseId: entry.evseId,
      idToken,
      identification: body.Identification,
      providerId: body.ProviderID,
      cpoPartnerSessionId: body.CPOPartnerSessionID ?? this.#context.newId(),
      createdMs: this.#context.now(),
      trace,
      ...(body.EMPPartnerSessionID === undefined ? {} : { empPartnerSessionId: body.EMPPartnerSessionID }),
      ...(body.PartnerProductID === undefined ? {} : { productId: body.PartnerProductID }),
      ...(kind === 'reservation' ? { reservationId: id, expiresMs } : isV2 ? { remoteStartId: id } : {}),
    });
    const outcome =
      kind === 'remote'
        ? await stationCommand(
            this.#context,
            entry.station,
            start,
            {
              idToken,
              type: 'Central',
              evse: entry.evse,
              ...(isV2 ? { remoteStartId: id } : {}),
            },
            trace,
          )
        : await stationCommand(
            this.#context,
            entry.station,
            reserve,
            {
              idToken,
              type: 'Central',
              evse: entry.evse,
              expiresAt: isoTime(expiresMs),
              reservationId: id,
            },
            trace,
          );
    const verdict = verdictOf(outcome, this.#statuses(entry));
    // Its transaction may have started before the answer came.
    const session = sessions.get(sessionId);
    if (session === undefined) return verdict;
    const state = verdict.code !== '000' ? 'dropped' : kind === 'remote' ? 'pending' : 'reserved';
    sessions.put({ ...session, answer: verdict, ...(session.state === 'starting' ? { state } : {}) });
    this.#context.changed(sessionId);
    return verdict;
  }

  /** Why this EVSE cannot be used, before its station is asked. */
  #obstacle(
    kind: 'remote' | 'reservation',
    entry: EvseMapEntry,
    reservation: RoamingSession | undefined,
    providerId: string,
  ): Verdict | undefined {
    const { csms, sessions, config } = this.#context;
    const { station, evse } = entry;
    if (!csms.sessions.has(station)) return { code: '501', info: `${station} is not connected` };
    const statuses = this.#statuses(entry);
    const whole = this.#statuses({ ...entry, evse: 0 });
    const isOut = (list: readonly ConnectorStatus[]): boolean => obstacleOf(list)?.code === '700';
    if (isOut(statuses) || isOut(whole))
      return { code: '700', info: `The EVSE is ${[...statuses, ...whole].join(', ')}` };
    if (csms.state.transactions.activeOn(station, evse).length > 0)
      return { code: '602', info: 'The EVSE is charging' };
    const isTaken = sessions
      .openAt(station)
      .some((each) => each.evse === evse && (each.state === 'pending' || each.state === 'starting'));
    if (isTaken) return { code: '602', info: 'Another driver is about to start here' };
    if (reservation !== undefined) {
      const isOwn = sameProviderId(reservation.providerId ?? '', providerId);
      if (kind === 'reservation' || !isOwn) return { code: '601', info: 'The EVSE is reserved' };
    } else if (statuses.includes('Reserved')) return { code: '601', info: 'The EVSE is reserved' };
    const obstacle = obstacleOf(statuses);
    if (obstacle !== undefined) return obstacle;
    const car = hasCar(csms.state.stations.get(station), evse);
    if (kind === 'reservation') return car ? { code: '602', info: 'A car is at the EVSE' } : undefined;
    return car || config.withoutCar === 'accept' ? undefined : { code: '510', info: 'No car is connected' };
  }

  async #stop(sessionId: string, body: StopBody, { trace }: ReceivedCall): Promise<Verdict> {
    const session = this.#running(sessionId, body);
    if ('code' in session) return session;
    if (session.state === 'pending') {
      this.#context.sessions.put({ ...session, state: 'dropped', stopAccepted: true });
      this.#context.changed(sessionId);
      return DONE;
    }
    const { csms, sessions } = this.#context;
    const transaction = csms.state.transactions.byKey(session.transactionKey ?? '');
    if (session.state !== 'charging' || transaction === undefined) {
      return { code: '400', info: `the session is ${session.state}` };
    }
    if (!csms.sessions.has(session.station)) return { code: '501', info: `${session.station} is not connected` };
    const { transactionId } = transaction;
    const verdict = verdictOf(await stationCommand(this.#context, session.station, stop, { transactionId }, trace), []);
    const now = sessions.get(sessionId);
    if (verdict.code === '000' && now !== undefined) sessions.put({ ...now, stopAccepted: true });
    return verdict;
  }

  async #stopReservation(sessionId: string, body: StopBody, { trace }: ReceivedCall): Promise<Verdict> {
    const session = this.#running(sessionId, body);
    if ('code' in session) return session;
    const { reservationId, station, state } = session;
    if (state !== 'reserved' || reservationId === undefined) return { code: '400', info: `the session is ${state}` };
    const { sessions, csms } = this.#context;
    if (!csms.sessions.has(station)) return { code: '501', info: `${station} is not connected` };
    const verdict = verdictOf(
      await stationCommand(this.#context, station, cancelReservation, { reservationId }, trace),
      [],
    );
    const now = sessions.get(sessionId);
    if (verdict.code !== '000' || now === undefined) return verdict;
    sessions.put({ ...now, stopAccepted: true });
    // The change of the reservation has ended the session, where the CSMS knew the reservation.
    if (now.state === 'reserved') this.#flow.endReservation({ ...now, stopAccepted: true });
    return verdict;
  }

  /** The session of a stop, or why there is none. */
  #running(sessionId: string, { EvseID, ProviderID }: StopBody): RoamingSession | Verdict {
    const session = this.#context.sessions.get(sessionId);
    if (session === undefined) return { code: '400', info: 'no such session' };
    if (session.providerId !== undefined && !sameProviderId(session.providerId, ProviderID)) {
      return { code: '400', info: `the session is not one of ${ProviderID}` };
    }
    if (session.evseId !== undefined && !sameEvseId(session.evseId, EvseID)) {
      return { code: '400', info: `the session is at ${session.evseId}` };
    }
    if (session.stopAccepted === true) return DONE;
    if (session.state === 'closed' || session.state === 'dropped') {
      return { code: '400', info: `the session is ${session.state}` };
    }
    return session;
  }

  #reservationAt({ station, evse }: EvseMapEntry): RoamingSession | undefined {
    return this.#context.sessions.openAt(station).find((each) => each.state === 'reserved' && each.evse === evse);
  }

  #statuses({ station, evse }: Pick<EvseMapEntry, 'station' | 'evse'>): ConnectorStatus[] {
    const record = this.#context.csms.state.stations.get(station);
    return (record?.evses.find(({ id }) => id === evse)?.connectors ?? []).map(({ status }) => status);
  }
}

function isInbound(operation: OperationName): operation is Inbound {
  return INBOUND.some((each) => each === operation);
}

/** HTTP 200 whatever it says: a 4xx of a partner counts as a technical failure (OICP 2.3, 310). */
function reply(
  operation: OperationName,
  { code, info }: Verdict,
  ids: Readonly<Record<string, string | undefined>> = {},
): OicpReply {
  const known = Object.fromEntries(Object.entries(ids).filter(([, id]) => id !== undefined));
  const body =
    code === '000'
      ? { Result: true, StatusCode: statusCode('000'), ...known }
      : refusal(operation, code as Exclude<StatusCodeValue, '000'>, info, known);
  return { status: 200, body, code };
}
