import { PNC_VENDOR, pncFromCsms, pncFromStation } from '../../../../protocols/ocpp/pnc-transfer.ts';
import { isObject, textAt, valueAt } from '../../payload-reader.ts';
import { family, type Rule, V16 } from '../../rule.ts';

// They keep what they have compiled; nothing of the traffic.
const fromStation = pncFromStation();
const fromCsms = pncFromCsms();

/** Plug & Charge inside DataTransfer of 1.6 (application note of the Open Charge Alliance). */
export const f13PlugAndCharge16: readonly Rule[] = family({ versions: V16, axis: 'conformance' }, [
  {
    id: 'OCPP16-PNC-001',
    severity: 'error',
    fault: 'sender',
    title: 'A message inside DataTransfer is one of Plug & Charge, and fits',
    clause: 'OCPP 1.6 Plug & Charge application note §3',
    causes: ['A message of 2.0.1 that the note does not have', 'The inner message is no JSON text'],
    next: ['Compare messageId and data with the application note'],
    peer: 'rejects',
    on: ['DataTransfer.request'],
    check(c) {
      const { payload, fromStation: isOfStation } = c.o;
      if (textAt(payload, 'vendorId') !== PNC_VENDOR) return;
      const messageId = textAt(payload, 'messageId');
      const read = isOfStation ? fromStation : fromCsms;
      const reading = read(messageId, valueAt(payload, 'data'));
      if (reading.name !== undefined) return;
      const pointer = reading.status === 'UnknownMessageId' ? '/messageId' : '/data';
      c.report({ text: reading.problem, object: `${messageId} ${pointer}`, pointer });
    },
  },
  {
    id: 'OCPP16-PNC-002',
    severity: 'error',
    fault: 'sender',
    title: 'An accepted DataTransfer of Plug & Charge brings the inner answer',
    clause: 'OCPP 1.6 Plug & Charge application note §3',
    causes: [
      'DataTransfer is answered before the inner message is',
      'The status of DataTransfer is taken for the inner one',
    ],
    next: ['Answer Accepted with the JSON text of the inner answer in data'],
    peer: 'rejects',
    on: ['DataTransfer.response'],
    check(c) {
      const request = c.o.request?.payload;
      if (textAt(request, 'vendorId') !== PNC_VENDOR || textAt(c.o.payload, 'status') !== 'Accepted') return;
      const messageId = textAt(request, 'messageId') ?? '';
      const inner = innerOf(valueAt(c.o.payload, 'data'));
      // Authorize is answered by what the token is worth, all others by a status.
      const member = messageId === 'Authorize' ? 'idTokenInfo' : 'status';
      if (inner !== undefined && valueAt(inner, member) !== undefined) return;
      c.report({
        text: `${messageId} was accepted, and data ${inner === undefined ? 'hold no answer' : `lack ${member}`}`,
        object: messageId,
        pointer: '/data',
      });
    },
  },
]);

function innerOf(data: unknown): unknown {
  if (typeof data !== 'string') return isObject(data) ? data : undefined;
  try {
    const value: unknown = JSON.parse(data);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
