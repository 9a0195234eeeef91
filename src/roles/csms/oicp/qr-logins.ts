import { CompoteError } from '../../../core/errors.ts';
import type { OicpOutcome } from '../../../link/oicp-client.ts';
import { newTrace, type TraceContext } from '../../../link/trace-context.ts';
import { start } from '../commands/start.ts';
import { stop } from '../commands/stop.ts';
import type { Authorization } from '../state/authorization.ts';
import type { AskHub } from './ask-hub.ts';
import type { CpoContext } from './cpo-context.ts';
import { sameToken, tokenOfContract } from './identification.ts';
import { correlationOf, type RoamingSession } from './roaming-sessions.ts';
import { verdictOf } from './station-answer.ts';
import { stationCommand } from './station-command.ts';

/** What a driver gives who scanned the code on a station. */
export interface QrLogin {
  readonly station: string;
  readonly evse?: number;
  /** Contract id. */
  readonly evcoId: string;
  /** In the clear: the hub compares it with a hash (OICP 2.3). It is not kept here. */
  readonly pin: string;
}

export interface QrLoginResult {
  /** Whether the provider said yes and the station will start. */
  readonly started: boolean;
  readonly reason: string;
  readonly sessionId?: string;
  /** OICP code that the station's answer means, where it was asked. */
  readonly code?: string;
}

export interface QrLogoutResult {
  /** Whether the provider said yes and the station will stop. */
  readonly stopped: boolean;
  readonly reason: string;
  readonly sessionId: string;
  /** OICP code of the hub's refusal, or that the station's answer means. */
  readonly code?: string;
}

/** Drivers without a card: contract and PIN are asked for at the hub, and on a yes the station is told to start. */
export class QrLogins {
  readonly #context: CpoContext;
  readonly #asking: AskHub;

  constructor(context: CpoContext, asking: AskHub) {
    this.#context = context;
    this.#asking = asking;
  }

  /** @throws CONFLICT when roaming is off; STATION_NOT_CONNECTED */
  async login({ station, evse, evcoId, pin }: QrLogin): Promise<QrLoginResult> {
    const { config, csms, sessions } = this.#context;
    if (!config.enabled) throw new CompoteError('CONFLICT', { detail: 'roaming is off (csms.oicp.enabled)' });
    const version = csms.sessions.get(station)?.version;
    if (version === undefined) throw new CompoteError('STATION_NOT_CONNECTED', { detail: station });
    const trace = newTrace({ uuid: () => this.#context.newId() });
    const idToken = tokenOfContract(evcoId);
    const question = { station, idToken, starting: false, trace, ...(evse === undefined ? {} : { evse }) };
    const answer = await new Promise<Authorization | undefined>((resolve) =>
      this.#asking.askFor(question, { QRCodeIdentification: { EvcoID: evcoId, PIN: pin } }, resolve),
    );
    if (answer?.status !== 'Accepted') return { started: false, reason: answer?.reason ?? 'The hub gave no answer' };
    const session = sessions
      .openAt(station)
      .find((each) => each.state === 'pending' && sameToken(each.idToken, idToken));
    if (session === undefined) return { started: false, reason: 'The session is over already' };
    return this.#start(session, version === '1.6' ? undefined : csms.services.nextRequestId(), pin, trace);
  }

  /**
   * Ends what {@link login} began: the provider is asked with the PIN that the driver gives once more (AuthorizeStop), and on
   * a yes the station is told to stop.
   * @throws CONFLICT when roaming is off; NOT_FOUND when the contract has no session there; STATION_NOT_CONNECTED
   */
  async logout({ station, evse, evcoId, pin }: QrLogin): Promise<QrLogoutResult> {
    const { config, csms, sessions, changed } = this.#context;
    if (!config.enabled) throw new CompoteError('CONFLICT', { detail: 'roaming is off (csms.oicp.enabled)' });
    const idToken = tokenOfContract(evcoId);
    const session = sessions
      .openAt(station)
      .find(
        (each) =>
          each.identification.QRCodeIdentification !== undefined &&
          sameToken(each.idToken, idToken) &&
          (evse ?? each.evse) === each.evse,
      );
    if (session === undefined) {
      throw new CompoteError('NOT_FOUND', { detail: `${evcoId} has no session by contract and PIN at ${station}` });
    }
    const { sessionId } = session;
    if (!csms.sessions.has(station)) throw new CompoteError('STATION_NOT_CONNECTED', { detail: station });
    const asked = await this.#stopAtHub(session, pin);
    if (asked.kind !== 'ok') {
      const code = asked.kind === 'refused' ? { code: asked.code } : {};
      return { stopped: false, reason: `The hub said ${asked.reason}`, sessionId, ...code };
    }
    const now = sessions.get(sessionId) ?? session;
    const transaction = csms.state.transactions.byKey(now.transactionKey ?? '');
    if (transaction === undefined) {
      // Nothing has started: there is nothing to stop but the session.
      sessions.put({ ...now, state: 'dropped' });
      changed(sessionId);
      return { stopped: true, reason: 'The session is over before it began', sessionId };
    }
    const { transactionId } = transaction;
    const trace = session.trace ?? newTrace({ uuid: () => this.#context.newId() });
    const outcome = await stationCommand(this.#context, station, stop, { transactionId }, trace);
    const { code, info = '' } = verdictOf(outcome, []);
    const stopped = code === '000';
    return { stopped, reason: stopped ? 'The station stops' : `The station did not stop: ${info}`, sessionId, code };
  }

  async #start(
    session: RoamingSession,
    remoteStartId: number | undefined,
    pin: string,
    trace: TraceContext,
  ): Promise<QrLoginResult> {
    const { sessions, changed } = this.#context;
    const { sessionId, station, evse, idToken } = session;
    if (remoteStartId !== undefined) sessions.put({ ...session, remoteStartId });
    const outcome = await stationCommand(
      this.#context,
      station,
      start,
      {
        idToken,
        type: 'Central',
        ...(evse === undefined ? {} : { evse }),
        ...(remoteStartId === undefined ? {} : { remoteStartId }),
      },
      session.trace ?? trace,
    );
    const { code, info = '' } = verdictOf(outcome, []);
    if (code === '000') return { started: true, reason: 'The station starts', sessionId, code };
    const now = sessions.get(sessionId);
    if (now?.state === 'pending') {
      sessions.put({ ...now, state: 'dropped' });
      changed(sessionId);
      await this.#stopAtHub(now, pin);
    }
    return { started: false, reason: `The station did not start: ${info}`.trim(), sessionId, code };
  }

  /** At once and only once: nothing that holds a PIN waits on disk. */
  #stopAtHub(session: RoamingSession, pin: string): Promise<OicpOutcome<'AuthorizeStop'>> {
    const { operatorId } = this.#context.config;
    const EvcoID = session.identification.QRCodeIdentification?.EvcoID ?? '';
    return this.#context.call(
      'AuthorizeStop',
      { operatorID: operatorId },
      {
        ...correlationOf(session),
        OperatorID: operatorId,
        Identification: { QRCodeIdentification: { EvcoID, PIN: pin } },
        ...(session.evseId === undefined ? {} : { EvseID: session.evseId }),
      },
      { trace: session.trace },
    );
  }
}
