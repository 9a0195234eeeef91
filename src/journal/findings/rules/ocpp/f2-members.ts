import { ACTIONS } from '../../../../protocols/ocpp/actions.ts';
import { isObject, textAt, valueAt } from '../../payload-reader.ts';
import { ALL, family, type Rule, V2X } from '../../rule.ts';

/** Members that must be there, and have none that must: {} says something (the schemas of 2.x). */
const MAY_BE_EMPTY =
  /^(\/chargingProfile|(\/constantStreamData(\/\d+)?)?\/params|\/scheduleUpdate|\/costDetails\/totalCost\/total)$/;

/** Names and members as they are written, and DataTransfer. */
export const f2Members: readonly Rule[] = family({ versions: ALL, axis: 'conformance' }, [
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
