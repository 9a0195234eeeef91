import { canonicalEvseId } from '../../../../protocols/oicp/index.ts';
import { type ExchangeRule, oicpFamily } from '../../exchange/exchange-rule.ts';
import { mediumIn } from '../../exchange/media.ts';
import { isObject, type Members, textAt } from '../../payload-reader.ts';

const FORWARD_MS = 60_000;
/** Members that a hub may fill in on the way. */
const FILLED = new Set(['SessionID', 'CPOPartnerSessionID', 'EMPPartnerSessionID']);

/** What a hub reports of itself, and rules that compare both sides of a hub. */
export const hub: readonly ExchangeRule[] = [
  ...oicpFamily('consistency', [
    {
      id: 'oicp.hub.cdr-changed',
      severity: 'error',
      fault: 'hub',
      title: 'A hub passes charge detail records on unchanged',
      clause: 'OICP 2.3 forwarding; HUB-21',
      causes: ['The hub reads the record into its own types and writes it anew'],
      next: ['Pass the text on; compare the time texts and the numbers'],
      wide: true,
      on: ['ChargeDetailRecord.request'],
      check: (c) => {
        const { x } = c;
        if (x.toHub || x.side !== 'emp') return;
        const id = textAt(x.payload, 'SessionID');
        const before = c.oicp.session('cpo', id)?.cdr ?? c.note<{ seq: number; body: Members }>(id ?? '');
        if (before === undefined) return;
        for (const [name, value] of Object.entries(before.body)) {
          if (FILLED.has(name) || (value ?? null) === null) continue;
          if (JSON.stringify(x.body[name]) === JSON.stringify(value)) continue;
          return c.report({
            text: `${name} was ${JSON.stringify(value)} and is passed on as ${JSON.stringify(x.body[name])}`,
            pointer: `/${name}`,
            expected: value,
            actual: x.body[name],
            evidence: [{ seq: before.seq, pointer: `/${name}`, label: 'as it was received' }],
          });
        }
      },
    },
    {
      id: 'oicp.hub.session-changed',
      severity: 'error',
      fault: 'hub',
      title: 'A hub tells both sides the same SessionID',
      clause: 'OICP 2.3 sessions; HUB-17',
      causes: ['A session is made for each side'],
      next: ['Compare the forwarded start with the acknowledgement'],
      wide: true,
      on: ['AuthorizeRemoteStart.request', 'AuthorizeRemoteStart.answer'],
      check: (c) => {
        const { x } = c;
        const evse = textAt(x.payload, 'EvseID');
        const medium = mediumIn(x.body['Identification']);
        if (evse === undefined || medium === undefined) return;
        const key = `${canonicalEvseId(evse)} ${medium.id}`;
        if (!x.toHub) {
          if (x.answer === null) c.setNote(key, { seq: x.seq, at: x.time, id: textAt(x.payload, 'SessionID') });
          return;
        }
        const forwarded = c.note<{ seq: number; at: number; id: string | undefined }>(key);
        const told = textAt(x.answer?.payload, 'SessionID');
        // Between the request and its answer, or it belongs to another start.
        if (x.answer === null || forwarded === undefined || told === undefined || forwarded.at < x.time) return;
        if (forwarded.id?.toLowerCase() === told.toLowerCase()) return;
        c.report({
          text: `The CPO was asked about session ${forwarded.id ?? 'without an id'}, the EMP is told ${told}`,
          pointer: '/SessionID',
          evidence: [{ seq: forwarded.seq, pointer: '/SessionID', label: 'the forwarded start' }],
        });
      },
    },
    {
      id: 'oicp.hub.refusal-changed',
      severity: 'warning',
      fault: 'hub',
      title: 'A hub relays the reason of a refusal',
      clause: 'OICP 2.3 processes; HUB-18, HUB-37',
      causes: ['The hub has one code for all refusals'],
      next: ['Pass the partner’s code on: the driver is told by it what to do'],
      wide: true,
      peer: 'tolerates',
      on: ['AuthorizeRemoteStart.answer', 'AuthorizeRemoteStop.answer', 'AuthorizeRemoteReservationStart.answer'],
      check: (c) => {
        const { x, answer } = c;
        const evse = textAt(x.payload, 'EvseID');
        if (evse === undefined) return;
        const key = `${x.operation} ${canonicalEvseId(evse)}`;
        if (!x.toHub) {
          if (answer.failure === undefined && isObject(answer.payload))
            c.setNote(key, { seq: answer.seq, at: answer.time, code: answer.statusCode });
          return;
        }
        const said = c.note<{ seq: number; at: number; code: string | undefined }>(key);
        if (said === undefined || said.at < x.time || said.code === undefined || said.code === answer.statusCode)
          return;
        // What is no code of a CPO, the hub may not relay.
        if (!/^[567]\d\d$|^000$/.test(said.code)) return;
        c.report({
          text: `The CPO answered ${said.code}, the EMP is told ${answer.statusCode ?? 'nothing'}`,
          pointer: '/StatusCode/Code',
          expected: said.code,
          actual: answer.statusCode,
          evidence: [{ seq: said.seq, pointer: '/StatusCode/Code', label: 'the CPO’s answer' }],
        });
      },
    },
    {
      id: 'oicp.hub.cdr-kept',
      axis: 'timing',
      severity: 'warning',
      fault: 'hub',
      title: 'A hub passes a record on to the provider that granted the session',
      clause: 'OICP 2.3 processes; HUB-21, EMP-GC-01',
      causes: ['The provider is not reachable', 'The provider’s address for records is not registered'],
      next: ['Look at the hub’s forwarding; the provider can pull the record'],
      wide: true,
      peer: 'tolerates',
      on: ['ChargeDetailRecord.answer', 'ChargeDetailRecord.request', 'GetChargeDetailRecords.request'],
      check: (c) => {
        const { x } = c;
        if (x.operation === 'GetChargeDetailRecords') return;
        const id = (textAt(x.payload, 'SessionID') ?? '').toLowerCase();
        if (!x.toHub) return x.answer === null ? c.fulfil(id) : undefined;
        // Only where the provider's own side is in this log can its silence be heard.
        if (
          x.answer?.granted !== true ||
          c.oicp.session('emp', id)?.state !== 'granted' ||
          c.oicp.session('emp', id)?.cdr !== undefined
        )
          return;
        c.expect({
          key: id,
          withinMs: FORWARD_MS,
          otherwise: () => ({
            text: `The record of session ${id} was accepted and not passed on within a minute`,
            seq: x.seq,
          }),
        });
      },
    },
  ]),
  ...oicpFamily('conformance', [
    {
      id: 'oicp.caller',
      axis: 'security',
      severity: 'error',
      fault: 'caller',
      title: 'Certificate, path and body belong to one partner',
      clause: 'OICP 2.3 status code 017; GEN-02, HUB-02',
      causes: ['The certificate of another tenant is used', 'The partner is not registered', 'The key is wrong'],
      next: ['Compare the certificate’s fingerprint with the registered ones'],
      peer: 'rejects',
      on: [],
    },
    {
      id: 'oicp.forward.invalid',
      severity: 'error',
      fault: 'server',
      title: 'A partner’s answer to a forwarded call is the operation’s own',
      clause: 'OICP 2.3 status code 310; SRV-08, HUB-19',
      causes: ['A gateway answers in the place of the partner', 'The answer is of another operation'],
      next: ['Look at the raw answer'],
      peer: 'rejects',
      on: [],
    },
    {
      id: 'oicp.forward.timeout',
      axis: 'timing',
      severity: 'error',
      fault: 'server',
      title: 'A partner answers forwarded calls in time',
      clause: 'OICP 2.3 status code 310; HUB-10, HUB-19, HUB-37',
      causes: ['The partner is overloaded, or waits for a station'],
      next: ['Compare with the deadlines of the hub'],
      peer: 'rejects',
      on: [],
    },
    {
      id: 'oicp.forward.unreachable',
      axis: 'timing',
      severity: 'error',
      fault: 'server',
      title: 'A partner can be reached',
      clause: 'OICP 2.3 status code 310; HUB-19',
      causes: ['The partner is down', 'Its registered address is wrong'],
      next: ['Test the way to the partner from the hub'],
      peer: 'rejects',
      on: [],
    },
    {
      id: 'oicp.authorize.second-yes',
      axis: 'consistency',
      severity: 'warning',
      fault: 'server',
      title: 'One provider grants a card',
      clause: 'OICP 2.3 broadcast; HUB-10, EMP-AS-06',
      causes: ['Two providers issue the same UID', 'One of them grants everything'],
      next: ['Ask both providers whose card it is'],
      peer: 'tolerates',
      on: [],
    },
    {
      id: 'oicp.cdr.refused',
      axis: 'consistency',
      severity: 'warning',
      fault: 'hub',
      title: 'A provider can book the records that it gets',
      clause: 'OICP 2.3 eRoamingChargeDetailRecord; EMP-CD-02, EMP-CD-04',
      causes: ['The session is not the provider’s', 'The record came before'],
      next: ['Look at the session in the EMP backend'],
      peer: 'rejects',
      on: [],
    },
  ]),
];
