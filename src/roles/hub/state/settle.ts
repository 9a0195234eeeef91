import { type Correlation, isStatusCode, type StatusCodeValue, statusCode } from '../../../protocols/oicp/index.ts';
import { present, processed, refuse } from './answer.ts';
import { mediumCodeOf } from './checks.ts';
import type { ForwardOutcome, HubAnswer, PendingAsk, Surroundings } from './hub-call.ts';
import { correlationOf } from './sessions.ts';

export interface Settled {
  readonly pending: PendingAsk;
  /** The answer to the caller, once; later outcomes only change `pending`. */
  readonly answer?: HubAnswer;
  /** A second provider said yes: it believes in a session that is not its own. */
  readonly secondYes?: true;
}

/** Takes what came of one forwarded call. The order in which partners answer does not change who may be refused. */
export function settle(pending: PendingAsk, partner: string, outcome: ForwardOutcome, around: Surroundings): Settled {
  if (!pending.waiting.includes(partner)) return { pending };
  const rest = { ...pending, waiting: pending.waiting.filter((key) => key !== partner) };
  const positive = isPositive(outcome);
  if (pending.answered) return positive ? { pending: rest, secondYes: true } : { pending: rest };
  if (positive)
    return { pending: { ...rest, answered: true }, answer: granted(rest, partner, outcome.message, around) };
  const refusals = [...pending.refusals, { partner, ...refusalOf(outcome) }];
  const next = { ...rest, refusals };
  if (next.waiting.length > 0) return { pending: next };
  return { pending: { ...next, answered: true }, answer: refusedByAll(next, outcome, around) };
}

type Answered = Extract<ForwardOutcome, { kind: 'answered' }>;

function isPositive(outcome: ForwardOutcome): outcome is Answered {
  if (outcome.kind !== 'answered') return false;
  return outcome.message['Result'] === true || outcome.message['AuthorizationStatus'] === 'Authorized';
}

function refusalOf(outcome: ForwardOutcome): { code: StatusCodeValue; text?: string } {
  if (outcome.kind !== 'answered') return { code: '310', text: outcome.text };
  const status = outcome.message['StatusCode'];
  const code = typeof status === 'object' && status !== null && 'Code' in status ? String(status.Code) : '';
  return { code: isStatusCode(code) ? code : '310' };
}

function granted(
  { operation, sessionId }: PendingAsk,
  partner: string,
  message: Answered['message'],
  around: Surroundings,
): HubAnswer {
  const { sessions, partners } = around.state;
  sessions.learn(sessionId, correlationIn(message), around.nowMs);
  const session = sessions.get(sessionId);
  if (session === undefined) return refuse(operation, '400');
  switch (operation) {
    case 'AuthorizeStart': {
      const providerId =
        typeof message['ProviderID'] === 'string' ? message['ProviderID'] : partners.get(partner)?.providerIds[0];
      const stop = message['AuthorizationStopIdentifications'];
      sessions.move(sessionId, 'active', around.nowMs, {
        provider: partner,
        ...(providerId === undefined ? {} : { providerId }),
        // A validated answer of AuthorizeStart: the list holds identifications.
        ...(Array.isArray(stop) ? { stopMedia: stop } : {}),
      });
      break;
    }
    case 'AuthorizeRemoteStart':
    case 'AuthorizeRemoteReservationStart':
      sessions.move(sessionId, 'active', around.nowMs);
      break;
    case 'AuthorizeStop':
    case 'AuthorizeRemoteStop':
    case 'AuthorizeRemoteReservationStop':
      // The charge detail record may have closed it while the partner was thinking.
      if (session.state === 'active' || session.state === 'stopped') sessions.move(sessionId, 'stopped', around.nowMs);
      break;
    default:
  }
  return processed({ ...message, ...present(correlationOf(session)) }, '000');
}

function refusedByAll(pending: PendingAsk, last: ForwardOutcome, around: Surroundings): HubAnswer {
  const { operation, sessionId, refusals } = pending;
  const { sessions } = around.state;
  const session = sessions.get(sessionId);
  const starts =
    operation === 'AuthorizeStart' ||
    operation === 'AuthorizeRemoteStart' ||
    operation === 'AuthorizeRemoteReservationStart';
  if (starts && session?.state === 'pending') sessions.move(sessionId, 'invalidated', around.nowMs);
  if (operation === 'AuthorizeStart') {
    const code = overallCode(pending, session === undefined ? '102' : mediumCodeOf(session.identification), around);
    const { SessionID: _none, ...ids } = session === undefined ? {} : correlationOf(session);
    const message = { AuthorizationStatus: 'NotAuthorized', StatusCode: statusCode(code), ...present(ids) };
    return processed(message, code);
  }
  const { code, text } = refusals.at(-1) ?? { code: '310' as const };
  if (last.kind === 'answered') return processed(last.message, code);
  return {
    ...refuse(operation, '310', text, session && !starts ? correlationOf(session) : {}),
    situation: 'processed',
  };
}

/** One provider: its own code. Several: the one they agree on, else "no positive response". Silence says nothing. */
function overallCode(
  { refusals }: PendingAsk,
  mediumCode: StatusCodeValue,
  { profile }: Surroundings,
): StatusCodeValue {
  const [only] = refusals;
  if (refusals.length === 1 && only !== undefined) return only.code;
  const said = new Set(refusals.map(({ code }) => code).filter((code) => code !== '310'));
  const [agreed] = said;
  if (said.size === 1 && agreed !== undefined) return agreed;
  return profile === 'observed' ? mediumCode : '106';
}

function correlationIn(message: Answered['message']): Correlation {
  const text = (key: string): string | undefined => {
    const value = message[key];
    return typeof value === 'string' ? value : undefined;
  };
  return { CPOPartnerSessionID: text('CPOPartnerSessionID'), EMPPartnerSessionID: text('EMPPartnerSessionID') };
}
