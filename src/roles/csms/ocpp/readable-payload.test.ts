import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OcppSchemaSet } from '../../../protocols/ocpp/schemas.ts';
import { readablePayload } from './readable-payload.ts';

const schemas = new OcppSchemaSet();
const request = (version: '1.6' | '2.1', action: string) => {
  const found = schemas.of(version).of(action)?.request;
  if (found === undefined) throw new Error(action);
  return found;
};

describe('a payload that breaks its schema, read leniently', () => {
  it.each([
    // Ids as numbers, truth as text, numbers as text, null for "absent": all seen in the field.
    [
      'StatusNotification',
      '{"connectorId":"1","status":"Available","errorCode":"NoError","info":null}',
      '{"connectorId":1,"status":"Available","errorCode":"NoError"}',
    ],
    ['Authorize', '{"idTag":4711}', '{"idTag":"4711"}'],
    ['DataTransfer', '{"vendorId":"v","data":{"a":1}}', '{"vendorId":"v","data":"{\\"a\\":1}"}'],
    [
      'StopTransaction',
      '{"transactionId":1,"meterStop":12.5,"timestamp":"t"}',
      '{"transactionId":1,"meterStop":12.5,"timestamp":"t"}',
    ],
    [
      'MeterValues',
      '{"connectorId":1,"meterValue":[null,{"timestamp":"t","sampledValue":[{"value":5},7]}]}',
      '{"connectorId":1,"meterValue":[{"timestamp":"t","sampledValue":[{"value":"5"}]}]}',
    ],
    ['MeterValues', '{"connectorId":[],"meterValue":"none"}', '{}'],
    ['Heartbeat', '[]', '{}'],
  ])('1.6 %s %s', (action, payload, expected) => {
    expect(readablePayload(request('1.6', action), JSON.parse(payload))).toEqual(JSON.parse(expected));
  });

  it('reads "True" where 2.1 wants a boolean, and leaves what is right alone', () => {
    const payload = {
      eventType: 'Started',
      offline: 'True',
      seqNo: '3',
      idToken: null,
      timestamp: 'x',
      customData: { vendorId: 'v', more: [null] },
    };
    expect(readablePayload(request('2.1', 'TransactionEvent'), payload)).toEqual({
      eventType: 'Started',
      offline: true,
      seqNo: 3,
      timestamp: 'x',
      customData: { vendorId: 'v', more: [null] },
    });
    expect(payload.seqNo).toBe('3');
  });

  it('whatever comes, no value of a wrong type is left but a fraction for a whole number', () => {
    const schema = request('2.1', 'TransactionEvent');
    const member = fc.jsonValue({ maxDepth: 2 });
    const payload = fc.record({
      eventType: member,
      seqNo: member,
      offline: member,
      transactionInfo: fc.oneof(member, fc.record({ transactionId: member, remoteStartId: member })),
      evse: fc.oneof(member, fc.record({ id: member, connectorId: member })),
      idToken: fc.oneof(member, fc.record({ idToken: member, additionalInfo: fc.array(member) })),
      meterValue: fc.oneof(member, fc.array(fc.record({ timestamp: member, sampledValue: fc.array(member) }))),
    });
    fc.assert(
      fc.property(payload, (each) => {
        const left = schema.violations(readablePayload(schema, each)).filter(({ keyword }) => keyword === 'type');
        expect(left.filter(({ text }) => text !== 'must be integer')).toEqual([]);
      }),
    );
  });
});
