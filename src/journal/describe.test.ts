import { describe, expect, it } from 'vitest';
import { describeMessage } from './describe.ts';

const request = (action: string, payload: unknown) => describeMessage('ocpp', 'request', action, payload);
const answer = (action: string, payload: unknown) => describeMessage('ocpp', 'response', action, payload);

describe('the sentence about a message', () => {
  it('says what a driver of either generation does, with units', () => {
    expect(
      request('TransactionEvent', {
        eventType: 'Updated',
        seqNo: 4,
        evse: { id: 1, connectorId: 2 },
        triggerReason: 'MeterValuePeriodic',
        transactionInfo: { chargingState: 'Charging' },
        meterValue: [
          {
            sampledValue: [
              { value: 11_020, measurand: 'Power.Active.Import', unitOfMeasure: { unit: 'W' } },
              { value: 4_210, measurand: 'Energy.Active.Import.Register' },
            ],
          },
        ],
      }),
    ).toBe('Updated #4 · EVSE 1.2 · 11.02 kW · 4.210 kWh · Charging · MeterValuePeriodic');
    expect(
      request('MeterValues', { connectorId: 1, transactionId: 7, meterValue: [{ sampledValue: [{ value: '1500' }] }] }),
    ).toBe('connector 1 · 1.500 kWh · transaction 7');
    expect(request('StartTransaction', { connectorId: 1, idTag: 'CARD', meterStart: 12_345 })).toBe(
      'connector 1 · CARD · meter 12.345 kWh',
    );
  });

  it('says who boots and how a connector is', () => {
    expect(
      request('BootNotification', { chargePointVendor: 'ACME', chargePointModel: 'AC22', firmwareVersion: '1.4.2' }),
    ).toBe('ACME AC22 · firmware 1.4.2');
    expect(request('StatusNotification', { connectorId: 0, status: 'Available', errorCode: 'NoError' })).toBe(
      'station · Available',
    );
    expect(answer('BootNotification', { status: 'Accepted', interval: 300 })).toBe('Accepted · every 300 s');
  });

  it('falls back to the first plain values, also for a payload of another shape', () => {
    expect(request('Unheard', { a: 1, b: { c: 'x' } })).toBe('a 1 · c x');
    for (const payload of [null, 5, 'x', [], {}, { meterValue: 'no list', evse: null, connectorId: {} }])
      for (const action of [
        'TransactionEvent',
        'MeterValues',
        'StatusNotification',
        'SetVariables',
        'BootNotification',
      ])
        expect(typeof request(action, payload)).toBe('string');
  });

  it('is at most 80 characters long', () => {
    expect(request('DataTransfer', { vendorId: 'v'.repeat(300) })).toHaveLength(80);
  });
});
