import { ALL, family, type Rule } from '../../rule.ts';

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
const ROUND_TRIP_MS = 15_000;

/** Answers: which they should not be, and how long they take. */
export const f2Answers: readonly Rule[] = family({ versions: ALL, axis: 'conformance' }, [
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
]);
