import type { OicpOutcome } from '../../../link/oicp-client.ts';
import type { Identification } from '../../../protocols/oicp/index.ts';
import type { AskRoaming } from '../csms.ts';
import type { Authorization } from '../state/authorization.ts';
import { type CpoContext, laneOf } from './cpo-context.ts';
import { identificationOf, sameToken } from './identification.ts';
import { correlationOf, isOpen, type RoamingSession } from './roaming-sessions.ts';

type Question = Parameters<AskRoaming>[0];
type Done = Parameters<AskRoaming>[1];

/**
 * Authorises tokens that are not ours. A station asks about one driver several times (Authorize, then the start, then the
 * stop): the hub is asked once, and its session answers the rest.
 */
export class AskHub {
  readonly #context: CpoContext;
  /** Told when a session came to be after its transaction had started. */
  readonly #authorised: (session: RoamingSession, transactionKey: string | undefined) => void;
  readonly #waiting = new Map<string, Done[]>();

  constructor(context: CpoContext, authorised: (session: RoamingSession, transactionKey: string | undefined) => void) {
    this.#context = context;
    this.#authorised = authorised;
  }

  ask(question: Question, done: Done): void {
    const { config } = this.#context;
    const known = this.#known(question);
    if (known !== undefined) return done(granted(known));
    const identification = identificationOf(question.idToken, question.type);
    // Whoever stops is not a driver who begins: the hub would make a session of it.
    if (!config.enabled || this.#isStop(question)) return done(undefined);
    if (identification === undefined) {
      if (question.type === 'eMAID') this.#unspeakable(question);
      return done(undefined);
    }
    this.askFor(question, identification, done);
  }

  /** Asks the hub about a driver who identified in another way than by a token of OCPP. */
  askFor(question: Question, identification: Identification, done: Done): void {
    const key = `${question.station} ${question.idToken.toLowerCase()}`;
    const waiting = this.#waiting.get(key);
    if (waiting !== undefined) {
      waiting.push(done);
      return;
    }
    this.#waiting.set(key, [done]);
    this.#start(question, identification, (authorization) => {
      const asked = this.#waiting.get(key) ?? [];
      this.#waiting.delete(key);
      for (const each of asked) each(authorization);
    });
  }

  /** An account that OICP has no words for: nobody is asked, and somebody has to know why. */
  #unspeakable({ idToken, station }: Question): void {
    this.#context.finding({
      rule: 'hub.evco-id',
      severity: 'warning',
      axis: 'consistency',
      party: station,
      text: `The hub cannot be asked about the account ${idToken}: in OICP the instance of an EVCO id begins with C`,
    });
  }

  /** The session that answers by itself: its own token, or a card that may stop it. */
  #known({ idToken, station, evse, starting, transactionKey }: Question): RoamingSession | undefined {
    const { sessions } = this.#context;
    if (transactionKey !== undefined) {
      const session = sessions.everOfTransaction(transactionKey);
      if (session !== undefined && mayUse(session, idToken)) return session;
    }
    return sessions.openAt(station).find((session) => {
      if (session.state === 'charging') return !starting && mayUse(session, idToken);
      if (session.state === 'reserved') return false;
      return sameToken(session.idToken, idToken) && (evse ?? session.evse) === (session.evse ?? evse);
    });
  }

  #isStop({ transactionKey }: Question): boolean {
    if (transactionKey === undefined) return false;
    return this.#context.csms.state.transactions.byKey(transactionKey)?.state === 'ended';
  }

  #start(question: Question, identification: Identification, done: Done): void {
    const context = this.#context;
    const { config } = context;
    const { station } = question;
    const evse = question.evse ?? this.#onlyEvse(station);
    const evseId = evse === undefined ? undefined : context.evses.at(station, evse)?.evseId;
    const cpoPartnerSessionId = context.newId();
    let isAnswered = false;
    context.after(config.authorizeMs, () => {
      if (isAnswered) return;
      isAnswered = true;
      this.#find('timing', 'hub.authorize.slow', `${station}: no decision within ${config.authorizeMs} ms`);
      done(undefined);
    });
    const body = {
      CPOPartnerSessionID: cpoPartnerSessionId,
      OperatorID: config.operatorId,
      Identification: identification,
      ...(evseId === undefined ? {} : { EvseID: evseId }),
    };
    context
      .call('AuthorizeStart', { operatorID: config.operatorId }, body, {
        timeoutMs: config.authorizeMs + config.lateAnswerMs,
        trace: question.trace,
      })
      .then((outcome) => {
        const session = this.#sessionOf(question, evse, evseId, identification, cpoPartnerSessionId, outcome);
        if (isAnswered) {
          if (session !== undefined) this.#cancelLate(session);
          return;
        }
        isAnswered = true;
        if (session === undefined) return done(this.#refusal(question, outcome));
        context.sessions.put(session);
        context.changed(session.sessionId);
        this.#authorised(session, question.transactionKey);
        done(granted(session));
      });
  }

  #sessionOf(
    { station, idToken }: Question,
    evse: number | undefined,
    evseId: string | undefined,
    identification: Identification,
    cpoPartnerSessionId: string,
    outcome: OicpOutcome<'AuthorizeStart'>,
  ): RoamingSession | undefined {
    if (outcome.kind !== 'ok') return undefined;
    const { SessionID, EMPPartnerSessionID, ProviderID, AuthorizationStopIdentifications = [] } = outcome.message;
    if (SessionID === undefined) {
      this.#find('conformance', 'hub.authorize.session', 'Authorized without a SessionID: the driver is refused');
      return undefined;
    }
    const stopUids = AuthorizationStopIdentifications.flatMap(
      ({ RFIDMifareFamilyIdentification: card }) => card?.UID ?? [],
    );
    return {
      sessionId: SessionID,
      kind: 'authorised',
      state: 'pending',
      station,
      idToken,
      identification: withoutPin(identification),
      cpoPartnerSessionId,
      createdMs: this.#context.now(),
      trace: outcome.trace,
      ...(evse === undefined ? {} : { evse }),
      ...(evseId === undefined ? {} : { evseId }),
      ...(ProviderID === undefined ? {} : { providerId: ProviderID }),
      ...(EMPPartnerSessionID === undefined ? {} : { empPartnerSessionId: EMPPartnerSessionID }),
      ...(stopUids.length === 0 ? {} : { stopUids }),
    };
  }

  /** The station was told no already: the hub's session must not stay open (design: late answers are handled). */
  #cancelLate(session: RoamingSession): void {
    const { config } = this.#context;
    this.#context.sessions.put({ ...session, state: 'dropped' });
    this.#context.changed(session.sessionId);
    this.#find(
      'timing',
      'hub.authorize.late',
      `${session.station}: Authorized came after ${config.authorizeMs} ms, when the driver had been refused; the session is stopped`,
    );
    authorizeStopLater(this.#context, session);
  }

  #refusal({ station }: Question, outcome: OicpOutcome<'AuthorizeStart'>): Authorization | undefined {
    if (outcome.kind === 'refused') {
      const reason = `The hub said ${outcome.code}${outcome.reason === '' ? '' : `: ${outcome.reason}`}`;
      return { status: outcome.code === '200' ? 'Blocked' : 'Unknown', reason, by: 'roaming' };
    }
    if (outcome.kind !== 'ok') {
      const axis = outcome.kind === 'invalid' ? 'conformance' : 'timing';
      this.#find(axis, `hub.authorize.${outcome.kind}`, `${station}: ${outcome.reason}`);
    }
    return undefined;
  }

  #onlyEvse(station: string): number | undefined {
    const evses = this.#context.csms.state.stations.get(station)?.evses.filter(({ id }) => id > 0) ?? [];
    return evses.length === 1 ? evses[0]?.id : undefined;
  }

  #find(axis: 'conformance' | 'timing', rule: string, text: string): void {
    this.#context.finding({ rule, severity: 'warning', axis, party: 'hub', text });
  }
}

/** A PIN is asked with, and never kept. */
function withoutPin(identification: Identification): Identification {
  const { QRCodeIdentification: qr } = identification;
  return qr === undefined ? identification : { QRCodeIdentification: { EvcoID: qr.EvcoID } };
}

/**
 * Tells the hub that a driver's session is over, when the hub is there. Not after a login by contract and PIN: the stop
 * would need the PIN, which is not kept; such a session ends by its record.
 */
export function authorizeStopLater({ config, later }: CpoContext, session: RoamingSession): void {
  if (session.identification.QRCodeIdentification !== undefined) return;
  later({
    operation: 'AuthorizeStop',
    params: { operatorID: config.operatorId },
    lane: laneOf(session.sessionId),
    subject: `stop:${session.sessionId}`,
    trace: session.trace,
    body: {
      ...correlationOf(session),
      OperatorID: config.operatorId,
      Identification: session.identification,
      ...(session.evseId === undefined ? {} : { EvseID: session.evseId }),
    },
  });
}

function mayUse({ idToken, stopUids = [], ...session }: RoamingSession, presented: string): boolean {
  if (sameToken(idToken, presented)) return true;
  const uid = identificationOf(presented, undefined)?.RFIDMifareFamilyIdentification?.UID;
  return isOpen({ idToken, ...session }) && uid !== undefined && stopUids.includes(uid);
}

/** Cards that may stop share a group, so that stations stop for them by their own rule (1.6 parentIdTag, 2.x groupIdToken). */
function granted({ sessionId, stopUids, providerId }: RoamingSession): Authorization {
  return {
    status: 'Accepted',
    reason: `Authorised over roaming${providerId === undefined ? '' : ` by ${providerId}`}, session ${sessionId}`,
    by: 'roaming',
    ...(stopUids === undefined ? {} : { groupId: sessionId.replaceAll('-', '').slice(0, 20) }),
  };
}
