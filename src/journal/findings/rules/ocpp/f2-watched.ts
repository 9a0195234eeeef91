import { isoTime, parseTime } from '../../../../core/time.ts';
import { ACTIONS } from '../../../../protocols/ocpp/actions.ts';
import { isSameMessage } from '../../model/message-ids.ts';
import { isOffline } from '../../model/transactions-2x.ts';
import { isObject, listAt, textAt, valueAt } from '../../payload-reader.ts';
import { ALL, family, type Rule, V2X, WARNING_16 } from '../../rule.ts';
import { eventTimeText, TIME_TRIGGERS, timeFault, timesOf } from './time-text.ts';

/** Actions that a product of any use has (1.6 §3.3 Core; for 2.x a list of ours: B01, B05 to B08, B11, E, F01 to F03, F06, G03). */
const MANDATORY: ReadonlySet<string> = new Set([
  ...['Authorize', 'BootNotification', 'ChangeAvailability', 'ChangeConfiguration', 'ClearCache', 'DataTransfer'],
  ...['GetConfiguration', 'Heartbeat', 'MeterValues', 'RemoteStartTransaction', 'RemoteStopTransaction', 'Reset'],
  ...['StartTransaction', 'StatusNotification', 'StopTransaction', 'UnlockConnector'],
]);
const MANDATORY_2X: ReadonlySet<string> = new Set([
  ...['BootNotification', 'SetVariables', 'GetVariables', 'GetBaseReport', 'GetReport', 'NotifyReport', 'Reset'],
  ...['TransactionEvent', 'GetTransactionStatus', 'RequestStartTransaction', 'RequestStopTransaction'],
  ...['TriggerMessage', 'ChangeAvailability'],
]);
const SCHEMA_CODES =
  /^(FormatViolation|FormationViolation|TypeConstraintViolation|Occurr?enceConstraintViolation|ProtocolError)$/;
/** These may be refused for their size or number of items with a schema code (A11). */
const MAY_BE_TOO_MUCH =
  /^(GetVariables|SetVariables|GetReport|ClearVariableMonitoring|SetVariableMonitoring|SendLocalList|GetConfiguration)$/;
/** Members that must be there, and have none that must: {} says something (the schemas of 2.x). */
const MAY_BE_EMPTY =
  /^(\/chargingProfile|(\/constantStreamData(\/\d+)?)?\/params|\/scheduleUpdate|\/costDetails\/totalCost\/total)$/;
const ROUND_TRIP_MS = 15_000;
/** Statuses and security events may be told long after they came about; never before. */
const TELLS_THE_PAST = /^(StatusNotification|SecurityEventNotification)$/;
const CLOCK_ERROR_MS = 300_000;

/** Frame rules that need more than one frame, and those about texts, times and error answers. */
export const f2Watched: readonly Rule[] = family({ versions: ALL, axis: 'conformance' }, [
  {
    id: 'OCPPJ-RPC-005',
    severity: 'error',
    fault: 'sender',
    title: 'A message id is used for one message only, over all sockets of a station',
    clause: 'OCPP-J §4.1.4, 1.6 errata J 3.1',
    causes: ['A counter that restarts at each boot is used as id'],
    next: ['Use UUIDs, or keep the counter over a boot'],
    peer: 'tolerates',
    on: ['reused'],
    check(c) {
      const used = c.station.messageIds(c.o.fromStation).get(c.o.messageId);
      if (used === undefined || isSameMessage(used, c.o)) return;
      c.report({
        text: `The message id ${c.o.messageId} of this ${c.o.action} was used before, for ${used.action === c.o.action ? 'another' : 'a'} ${used.action}`,
        object: String(c.o.fromStation),
        evidence: [{ seq: used.seq, label: 'the same id before' }],
      });
    },
  },
  {
    id: 'OCPPJ-RPC-006',
    severity: 'info',
    fault: 'sender',
    title: 'A call that was sent again bears its first id',
    clause: '2.0.1 errata Part 4 4.6',
    causes: ['A retry after a time-out or a lost socket: allowed'],
    next: ['The receiver should give the same answer to both'],
    peer: 'tolerates',
    on: ['reused'],
    check(c) {
      const used = c.station.messageIds(c.o.fromStation).get(c.o.messageId);
      if (used === undefined || !isSameMessage(used, c.o)) return;
      if (used.fate === 'usual') return;
      c.report({
        text: `This ${c.o.action} is sent again with its first id ${c.o.messageId}: its answer ${used.fate === 'lost' ? 'was lost with the socket' : 'did not come in time'}`,
        object: c.o.messageId,
        evidence: [{ seq: used.seq, label: 'sent first' }],
      });
    },
  },
  {
    id: 'OCPPJ-RPC-012',
    severity: 'warning',
    fault: 'sender',
    title: 'An answer goes out on the socket on which its call came',
    clause: 'ours',
    causes: ['The receiver finished after the connection was renewed'],
    next: ['Answers to calls of a closed socket should be dropped'],
    peer: 'ignores',
    on: ['unexpected'],
    check(c) {
      const lost = c.station.connections.lostCall(!c.o.fromStation, c.o.messageId);
      if (lost === undefined || lost.link === c.link) return;
      c.report({
        text: `This answers the ${lost.action} ${c.o.messageId} that came on a connection that is closed`,
        object: c.o.messageId,
        evidence: [{ seq: lost.seq, label: 'the call' }],
      });
    },
  },
  {
    id: 'OCPPJ-RPC-017',
    versions: V2X,
    severity: 'warning',
    fault: 'sender',
    title: 'An optional member without a value is left out',
    clause: 'Part 4 §4.1.5',
    causes: ['The serializer writes optional members as null, {} or []'],
    next: ['Tell the serializer to leave out what is not set'],
    peer: 'rejects',
    quirk: 'nullOptionals',
    on: ['*.request', '*.response', '*.send'],
    check(c) {
      if (!/null|\{\s*\}|\[\s*\]/.test(c.o.raw)) return;
      const empty = emptyMember(c.o.payload, '');
      if (empty === undefined) return;
      const { pointer, value } = empty;
      const text = `${c.o.action} ${pointer} is ${value}: it should be left out`;
      c.report({ text, pointer, object: `${c.o.action}${pointer.replaceAll(/\d+/g, '#')}` });
    },
  },
  {
    id: 'OCPPJ-RPC-020',
    severity: 'warning',
    fault: 'sender',
    title: 'An action is written exactly as the protocol writes it',
    clause: 'OCPP-J §4.1.6',
    causes: ['The name of the message type is used as action', 'Lower-case action names'],
    next: ['The action is the name without .req or Request'],
    peer: 'rejects',
    on: ['unknown.request'],
    check(c) {
      const bare = c.o.action.replace(/(\.req|\.conf|Request|Response)$/, '').toLowerCase();
      const known = Object.keys(ACTIONS[c.link.version]).find((action) => action.toLowerCase() === bare);
      if (known === undefined) return;
      const text = `The action ${c.o.action} should read ${known}`;
      c.report({ text, object: c.o.action, expected: known, actual: c.o.action });
    },
  },
  {
    id: 'OCPPJ-RPC-024',
    severity: 'warning',
    fault: 'sender',
    title: 'A mandatory action is implemented',
    clause: '1.6 §3.3',
    causes: ['The product is not complete'],
    next: ['Ask the maker which messages are supported'],
    peer: 'unknown',
    on: ['*.error'],
    check(c) {
      const { o, link } = c;
      if (o.code !== 'NotImplemented' && o.code !== 'NotSupported') return;
      const mandatory = link.version === '1.6' ? MANDATORY : MANDATORY_2X;
      if (o.request === null || !mandatory.has(o.action)) return;
      c.report({ text: `${o.action} is mandatory, and was answered ${o.code}`, object: o.action, actual: o.code });
    },
  },
  {
    id: 'OCPPJ-RPC-025',
    severity: 'warning',
    fault: 'sender',
    title: 'A call that fits its schema is not refused as badly formed',
    clause: 'FR.02',
    causes: ['The receiver checks more than the schema: multipleOf of floating numbers, lengths, dates'],
    next: ['Look at what the error description complains about, and validate the call'],
    peer: 'unknown',
    on: ['*.error'],
    check(c) {
      const { o } = c;
      if (o.request === null || !SCHEMA_CODES.test(o.code) || o.request.flags.length > 0) return;
      if (MAY_BE_TOO_MUCH.test(o.action) || c.violations(o.request).length > 0) return;
      c.report({
        text: `${o.action} fits its schema and was refused with ${o.code}`,
        object: o.action,
        evidence: [{ seq: o.request.seq, label: 'the call' }],
      });
    },
  },
  {
    id: 'OCPPJ-RPC-026',
    severity: 'info',
    fault: 'sender',
    axis: 'compatibility',
    title: 'A call that breaks its schema is refused',
    clause: 'FR.03',
    causes: ['The receiver does not validate, or tolerates it'],
    next: ['Nothing: the call itself has its own finding'],
    peer: 'tolerates',
    on: ['invalid'],
    check(c) {
      const { o } = c;
      if (o.kind !== 'response' || o.request === null || !o.request.flags.includes('invalid')) return;
      c.report({ text: `${o.action} breaks its schema and was answered all the same`, object: o.action });
    },
  },
  {
    id: 'OCPPJ-RPC-027',
    severity: 'info',
    fault: 'sender',
    axis: 'timing',
    title: 'An answer comes well before the time-out',
    clause: 'ours',
    causes: ['Load', 'The receiver asks somebody else first'],
    next: ['Look at the latency of this action over time'],
    peer: 'tolerates',
    on: ['slow'],
    check(c) {
      const { latencyMs } = c.o;
      if (latencyMs === undefined || latencyMs <= ROUND_TRIP_MS) return;
      const seconds = (latencyMs / 1_000).toFixed(1);
      c.report({ text: `${c.o.action} was answered after ${seconds} s: more than half of 30 s`, object: c.o.action });
    },
  },
  {
    id: 'OCPPJ-RPC-028',
    severity: 'warning',
    fault: 'sender',
    title: 'Identifiers are ASCII',
    clause: 'OCPP-J §4.1.2',
    causes: ['Text in the local language is used as identifier'],
    next: ['Look at where the identifier comes from'],
    peer: 'unknown',
    on: [
      'unknown.request',
      'Authorize.request',
      'StartTransaction.request',
      'TransactionEvent.request',
      'RemoteStartTransaction.request',
      'RequestStartTransaction.request',
      'ReserveNow.request',
      'ChangeConfiguration.request',
    ],
    check(c) {
      const { o } = c;
      const tag = textAt(o.payload, 'idTag') ?? textAt(o.payload, 'idToken', 'idToken') ?? textAt(o.payload, 'key');
      for (const text of [o.messageId, o.action, tag ?? '']) {
        if (isAscii(text)) continue;
        c.report({ text: `The identifier ${JSON.stringify(text)} has characters outside ASCII`, object: text });
        return;
      }
    },
  },
  {
    id: 'OCPPJ-RPC-029',
    severity: WARNING_16,
    fault: 'sender',
    title: 'A time is written as RFC 3339 with a zone',
    clause: '1.6 §3.15, 2.x Part 2 §3.1',
    causes: ['Local time without a zone', 'An offset without minutes', 'Too many fraction digits'],
    next: ['Write UTC with Z and at most three fraction digits'],
    peer: 'tolerates',
    quirk: 'tsNoZone',
    on: TIME_TRIGGERS,
    check(c) {
      const digits = c.link.version === '1.6' ? 30 : 3;
      for (const { text, pointer } of timesOf(c.o.action, c.o.kind, c.o.payload)) {
        const fault = timeFault(text, digits);
        if (fault === undefined) continue;
        const object = `${c.o.action}${pointer.replaceAll(/\d+/g, '#')}`;
        c.report({ text: `${c.o.action} ${pointer} ${JSON.stringify(text)} ${fault}`, pointer, object, actual: text });
        return;
      }
    },
  },
  {
    id: 'OCPPJ-RPC-030',
    severity: 'warning',
    fault: 'sender',
    axis: 'timing',
    title: 'A message that is sent at once bears the time of now',
    clause: 'ours',
    causes: ['The clock of the station is wrong', 'Local time is labelled as UTC'],
    next: [
      'Compare the difference with the time zone of the station',
      'Look at whether it sets its clock from currentTime',
    ],
    peer: 'tolerates',
    quirk: 'tsLocalAsZ',
    on: [
      ...(['MeterValues.request', 'StartTransaction.request', 'TransactionEvent.request'] as const),
      ...(['StatusNotification.request', 'SecurityEventNotification.request'] as const),
    ],
    check(c) {
      const { o, link, station } = c;
      if (!c.clocksAgree) return c.notEvaluable();
      const stamp = eventTimeText(o.payload);
      const at = stamp === undefined ? undefined : parseTime(stamp.text);
      if (stamp === undefined || at === undefined || !/(Z|[+-]\d\d:\d\d)$/i.test(stamp.text)) return;
      const ahead = at - o.time;
      if (Math.abs(ahead) <= CLOCK_ERROR_MS) return;
      // What happened before this socket was there, or during a gap, may come late.
      const mayBeLate =
        at < link.openedAt ||
        isOffline(o) ||
        TELLS_THE_PAST.test(o.action) ||
        isClockAligned(o.payload) ||
        (o.action === 'StartTransaction' && station.transactions16.retried(o) !== undefined);
      if ((ahead < 0 && mayBeLate) || c.repeats('clock')) return;
      const minutes = Math.round(Math.abs(ahead) / 60_000);
      c.report({
        text: `${o.action} is dated ${stamp.text}, ${minutes} min ${ahead > 0 ? 'after' : 'before'} it was seen`,
        pointer: stamp.pointer,
        object: 'clock',
        expected: isoTime(o.time),
        actual: stamp.text,
      });
    },
  },
  {
    id: 'OCPPJ-RPC-031',
    severity: 'warning',
    fault: 'sender',
    title: 'What the protocol does not know stands in customData, with a vendorId',
    clause: 'Part 4 §9',
    causes: ['A vendor adds members of its own', 'A member of another version'],
    next: ['Move the member into customData, or send it by DataTransfer'],
    peer: 'rejects',
    quirk: 'extraFields',
    on: ['invalid'],
    check(c) {
      const { o } = c;
      if (!o.flags.includes('invalid')) return;
      for (const { pointer, keyword } of c.violations(o)) {
        const extra = keyword === 'additionalProperties';
        if (!extra && !/\/customData\/vendorId$/.test(pointer)) continue;
        const text = extra
          ? `${o.action} ${pointer} is no member of this message`
          : `${o.action} ${pointer} is missing: customData needs it`;
        c.report({ text, pointer, object: `${o.action}${pointer.replaceAll(/\d+/g, '#')}` });
      }
    },
  },
  {
    id: 'OCPPJ-DT-001',
    severity: 'error',
    fault: 'sender',
    title: 'UnknownVendorId comes without data',
    clause: '1.6 §4.3, 2.x P01',
    causes: ['The answer is built before the vendor is looked up'],
    next: ['Leave data out when the vendor is not known'],
    peer: 'ignores',
    on: ['DataTransfer.response'],
    check(c) {
      if (textAt(c.o.payload, 'status') !== 'UnknownVendorId' || valueAt(c.o.payload, 'data') === undefined) return;
      const text = 'DataTransfer was answered UnknownVendorId, and yet with data';
      c.report({ text, pointer: '/data', object: textAt(c.o.request?.payload, 'vendorId') ?? '' });
    },
  },
  {
    id: 'OCPPJ-DT-002',
    severity: 'info',
    fault: 'sender',
    title: 'A vendorId is a reversed DNS name',
    clause: '1.6 §4.3, P01.FR.02',
    causes: ['The name of the vendor is used as it is'],
    next: ['Use a name like com.example'],
    peer: 'tolerates',
    on: ['DataTransfer.request'],
    check(c) {
      const vendor = textAt(c.o.payload, 'vendorId');
      if (vendor === undefined || vendor.includes('.')) return;
      const text = `The vendorId ${JSON.stringify(vendor)} is no reversed DNS name`;
      c.report({ text, pointer: '/vendorId', object: vendor });
    },
  },
]);

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7e) return false;
  return true;
}

/** Values of a clock-aligned interval bear its begin (1.6 §9.1.5). */
function isClockAligned(payload: unknown): boolean {
  return listAt(payload, 'meterValue').some((each) =>
    listAt(each, 'sampledValue').some((sample) => textAt(sample, 'context') === 'Sample.Clock'),
  );
}

/** The first member below the payload that is null, {} or [], outside customData. */
function emptyMember(value: unknown, pointer: string): { pointer: string; value: string } | undefined {
  if (Array.isArray(value)) {
    for (const [index, item] of (value as unknown[]).entries()) {
      const found = emptyValue(item, `${pointer}/${index}`) ?? emptyMember(item, `${pointer}/${index}`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (!isObject(value)) return undefined;
  for (const [name, member] of Object.entries(value)) {
    if (name === 'customData') continue;
    const place = `${pointer}/${name}`;
    // `data` of DataTransfer may be anything.
    if (place === '/data') continue;
    const found = emptyValue(member, place) ?? emptyMember(member, place);
    if (found !== undefined) return found;
  }
  return undefined;
}

function emptyValue(value: unknown, pointer: string): { pointer: string; value: string } | undefined {
  if (value === null) return { pointer, value: 'null' };
  if (Array.isArray(value)) return value.length === 0 ? { pointer, value: '[]' } : undefined;
  const isEmpty = isObject(value) && Object.keys(value).length === 0;
  return isEmpty && !MAY_BE_EMPTY.test(pointer) ? { pointer, value: '{}' } : undefined;
}
