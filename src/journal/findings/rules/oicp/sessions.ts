import { canonicalOperatorId, canonicalProviderId, isSessionId, sameEvseId } from '../../../../protocols/oicp/index.ts';
import { type ExchangeContext, type ExchangeRule, oicpFamily } from '../../exchange/exchange-rule.ts';
import { mediumIn, sameMedium } from '../../exchange/media.ts';
import { BEGINS, type OicpSession, STOPS } from '../../exchange/oicp-model.ts';
import { textAt } from '../../payload-reader.ts';

const USES = [
  'AuthorizeStop',
  'AuthorizeRemoteStop',
  'AuthorizeRemoteReservationStop',
  'ChargingNotifications',
  'ChargeDetailRecord',
];
const USED = USES.map((name) => `${name}.request` as const);
const ANSWERED = USES.map((name) => `${name}.answer` as const);
const STARTED = [...BEGINS].map((name) => `${name}.answer` as const);

/** Rules about the SessionID: who makes it, who may use it, and until when. */
export const sessions: readonly ExchangeRule[] = oicpFamily('consistency', [
  {
    id: 'oicp.session.refused',
    severity: 'error',
    fault: 'caller',
    title: 'The session of a refused start is not used',
    clause: 'OICP 2.3 sessions; CPO-AS-03, HUB-11, HUB-18, EMP-RS-03',
    causes: [
      'The refusal was not read: the car charges without a permission',
      'A local decision let the driver in and kept the id',
    ],
    next: ['Look at the answer of the start, and at what the station was told after it'],
    peer: 'rejects',
    on: USED,
    check: (c) => {
      const session = c.oicp.sessionOf(c.x);
      if (session?.state !== 'refused') return;
      c.report({
        text: `${what(c)} is about session ${session.id}, whose start was refused${session.code === '' ? '' : ` with ${session.code}`}`,
        pointer: '/SessionID',
        evidence: [{ seq: session.beganSeq, label: 'the start that was refused' }],
      });
    },
  },
  {
    id: 'oicp.session.after-cdr',
    severity: 'error',
    fault: 'caller',
    title: 'After its charge detail record a session is over',
    clause: 'OICP 2.3 sessions; CPO-CN-06, HUB-20',
    causes: [
      'Notifications wait in a queue behind the record',
      'The record is sent when energy ends, the notification when the cable is pulled',
    ],
    next: ['Send what is left of the session before its record'],
    peer: 'rejects',
    on: USED,
    check: (c) => {
      if (c.x.operation === 'ChargeDetailRecord') return;
      const session = c.oicp.sessionOf(c.x);
      if (session?.cdr?.accepted !== true || c.x.isRetry) return;
      c.report({
        text: `${what(c)} comes after the charge detail record of session ${session.id}`,
        pointer: '/SessionID',
        evidence: [{ seq: session.cdr.seq, label: 'the record' }],
      });
    },
  },
  {
    id: 'oicp.session.unknown',
    severity: 'warning',
    fault: 'caller',
    title: 'A session is one that the hub has made',
    clause: 'OICP 2.3 SessionID; CPO-RT-02, EMP-RT-02, HUB-14, HUB-22',
    causes: [
      'The partner uses an id of its own',
      'The hub’s answer to the start was lost',
      'The hub was set back while sessions ran',
    ],
    next: ['Look where the SessionID comes from: only the hub makes it'],
    peer: 'rejects',
    on: ANSWERED,
    check: (c) => {
      const { answer, x } = c;
      if (answer.statusCode !== '400' || !x.toHub) return;
      const session = c.oicp.sessionOf(x);
      // Those have rules of their own.
      if (session !== undefined && (session.state !== 'granted' || session.cdr?.accepted === true)) return;
      const id = textAt(x.payload, 'SessionID') ?? 'without an id';
      c.report({
        text: `The hub does not know session ${id} of this ${what(c)}${session === undefined ? '' : ', which it has granted'}`,
        pointer: '/SessionID',
        seq: x.seq,
        fault: session === undefined ? 'caller' : 'server',
        evidence: [{ seq: answer.seq, pointer: '/StatusCode', label: 'the answer' }],
      });
    },
  },
  {
    id: 'oicp.session.foreign',
    axis: 'security',
    severity: 'error',
    fault: 'caller',
    title: 'A session is used by the partner that it was made for',
    clause: 'OICP 2.3 sessions; HUB-14, HUB-20, HUB-22',
    causes: ['Two tenants of one backend share their sessions', 'A sub-partner’s id stands in the path'],
    next: ['Compare the id of the path with the one of the start'],
    peer: 'rejects',
    on: USED,
    check: (c) => {
      const { x } = c;
      const { pathId } = x;
      const session = c.oicp.sessionOf(x);
      if (session?.partner === undefined || pathId === undefined || !x.toHub) return;
      const own = x.side === 'cpo' ? canonicalOperatorId(pathId) : canonicalProviderId(pathId);
      if (own === session.partner) return;
      c.report({
        text: `Session ${session.id} was made for ${session.partner}, and ${pathId} sends this ${what(c)}`,
        pointer: '/SessionID',
        evidence: [{ seq: session.beganSeq, label: 'its start' }],
      });
    },
  },
  {
    id: 'oicp.session.evse',
    severity: 'warning',
    fault: 'caller',
    title: 'A session stays at its EVSE',
    clause: 'OICP 2.3 EvseID; CPO-RT-03, EMP-RT-01, CPO-CD-09',
    causes: ['Connectors of one station are mixed up', 'The id of the station stands in the place of the EVSE’s'],
    next: ['Compare both ids; look which connector the transaction used'],
    peer: 'tolerates',
    on: USED.filter((trigger) => !trigger.startsWith('ChargeDetailRecord')),
    check: (c) => {
      const session = c.oicp.sessionOf(c.x);
      const evse = textAt(c.x.payload, 'EvseID');
      if (session?.evseId === undefined || evse === undefined || sameEvseId(session.evseId, evse)) return;
      c.report({
        text: `Session ${session.id} began at ${session.evseId}, this ${what(c)} names ${evse}`,
        pointer: '/EvseID',
        expected: session.evseId,
        actual: evse,
        evidence: [{ seq: session.beganSeq, label: 'its start' }],
      });
    },
  },
  {
    id: 'oicp.session.reused',
    severity: 'error',
    fault: 'hub',
    title: 'A hub gives each start a SessionID of its own',
    clause: 'OICP 2.3 SessionID; HUB-17',
    causes: ['The hub derives the id from the card or the EVSE', 'An answer was kept and given twice'],
    next: ['Compare the two answers'],
    on: STARTED,
    check: (c) => {
      const { x, answer } = c;
      if (!x.toHub || !answer.granted) return;
      const id = textAt(answer.payload, 'SessionID');
      const known = c.oicp.session(x.side, id);
      if (known === undefined || known.beganSeq === x.seq) return;
      // A hub may remember a request that was sent again.
      if (x.isRetry) return;
      c.report({
        text: `The hub gave session ${known.id} to another start before`,
        pointer: '/SessionID',
        evidence: [{ seq: known.beganSeq, label: 'that start' }],
      });
    },
  },
  {
    id: 'oicp.session.missing',
    severity: 'error',
    fault: 'hub',
    title: 'A granted start has a SessionID',
    clause: 'OICP 2.3 sessions; HUB-17, CPO-AS-02, EMP-RS-02',
    causes: ['The hub relays the partner’s answer as it came'],
    next: ['Fill in the session that the hub has made'],
    on: STARTED,
    check: (c) => {
      const { x, answer } = c;
      if (!x.toHub || !answer.granted || textAt(answer.payload, 'SessionID') !== undefined) return;
      c.report({ text: `${x.operation} was granted without a SessionID: nobody can stop or settle it` });
    },
  },
  {
    id: 'oicp.session.of-refusal',
    severity: 'warning',
    fault: 'hub',
    title: 'A refused authorization names no session',
    clause: 'OICP 2.3 processes; HUB-11',
    causes: ['The hub relays the EMP’s answer as it came'],
    next: ['Leave the SessionID out: it is invalid from here on'],
    peer: 'tolerates',
    on: ['AuthorizeStart.answer'],
    check: ({ x, answer, report }) => {
      const id = textAt(answer.payload, 'SessionID');
      if (!x.toHub || textAt(answer.payload, 'AuthorizationStatus') !== 'NotAuthorized' || id === undefined) return;
      // An id that the CPO sent itself is only an echo.
      if (textAt(x.payload, 'SessionID') === id) return;
      report({ text: `NotAuthorized names session ${id}, which nobody may use`, pointer: '/SessionID' });
    },
  },
  {
    id: 'oicp.session.form',
    axis: 'compatibility',
    severity: 'info',
    fault: 'hub',
    title: 'A SessionID is a GUID',
    clause: 'OICP 2.3 SessionIDType; HUB-17',
    causes: ['The hub counts its sessions'],
    next: ['Use random GUIDs: partners keep them in columns of that type'],
    peer: 'rejects',
    on: STARTED,
    check: ({ x, answer, report }) => {
      const id = textAt(answer.payload, 'SessionID');
      if (!x.toHub || id === undefined || !isSessionId(id) || /^[0-9a-f-]+$/i.test(id)) return;
      report({
        text: `${id} has the form of a SessionID and is no GUID: it holds more than hexadecimal digits`,
        pointer: '/SessionID',
      });
    },
  },
  {
    id: 'oicp.session.stop-medium',
    axis: 'security',
    severity: 'warning',
    fault: 'server',
    title: 'A session is stopped by its own medium, or by one that its provider named',
    clause: 'OICP 2.3 eRoamingAuthorizeStop; CPO-AP-01, CPO-AP-02, HUB-15',
    causes: ['Any card of the same provider is let through', 'The provider did not look at the session'],
    next: ['Compare the card with the one of the start and with AuthorizationStopIdentifications'],
    peer: 'tolerates',
    on: ['AuthorizeStop.answer'],
    check: (c) => {
      const { x, answer } = c;
      const session = c.oicp.sessionOf(x);
      if (session === undefined || session.begun !== 'AuthorizeStart' || !answer.granted) return;
      const shown = x.body['Identification'];
      if (sameMedium(session.identification, shown) !== false) return;
      if (session.stopMedia.some((medium) => sameMedium(medium, shown) === true)) return;
      // An EMP may know that both belong to one driver: only another provider's contract or a hub's own decision is odd.
      c.report({
        text: `Session ${session.id} was begun with ${mediumText(session)} and may be stopped with ${mediumIn(shown)?.id ?? 'another medium'}`,
        severity: 'info',
        evidence: [{ seq: session.beganSeq, label: 'its start' }],
      });
    },
  },
]);

function what({ x }: ExchangeContext): string {
  if (x.operation === 'ChargingNotifications') return `notification ${textAt(x.payload, 'Type') ?? ''}`.trim();
  return STOPS.has(x.operation) ? x.operation : 'charge detail record';
}

function mediumText({ identification }: OicpSession): string {
  return mediumIn(identification)?.id ?? 'another medium';
}
