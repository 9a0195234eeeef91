import { describe, expect, it } from 'vitest';
import { cdrFindings } from './cdr-plausibility.ts';
import type { ChargeDetailRecord } from './schema/charge-detail-record.ts';

const CDR: ChargeDetailRecord = {
  SessionID: '3b129fb6-c4af-476e-8bec-6e307c8e5d25',
  EvseID: 'DE*ABC*E1*1',
  Identification: { RFIDMifareFamilyIdentification: { UID: '044A2DAA856280' } },
  SessionStart: '2025-06-01T08:00:00+02:00',
  ChargingStart: '2025-06-01T08:01:10+02:00',
  ChargingEnd: '2025-06-01T08:41:10+02:00',
  SessionEnd: '2025-06-01T08:45:00+02:00',
  ConsumedEnergy: 12.25,
  MeterValueStart: 1000.5,
  MeterValueEnd: 1012.75,
  MeterValueInBetween: { meterValues: [1004.1, 1008.2] },
};
/** 2025-06-01T09:00:00+02:00. */
const RECEIVED_MS = 1_748_761_200_000;

function rules(change: Partial<ChargeDetailRecord>, more: object = {}): string[] {
  return cdrFindings({ ...CDR, ...change }, { receivedMs: RECEIVED_MS, ...more }).map(
    ({ verdict, rule, pointer }) => `${verdict} ${rule} ${pointer}`,
  );
}

describe('plausibility of charge detail records (HUB-23)', () => {
  it('a right one has no finding', () => {
    expect(rules({}, { session: { evseId: 'deabce11', identification: CDR.Identification } })).toEqual([]);
  });

  it.each<[string, Partial<ChargeDetailRecord>]>([
    ['refuse oicp.cdr.energy-unit /ConsumedEnergy', { ConsumedEnergy: 12_250, MeterValueEnd: 13_250.5 }],
    [
      'refuse oicp.cdr.energy-negative /ConsumedEnergy',
      { ConsumedEnergy: -0.001, MeterValueEnd: 1000.5, MeterValueInBetween: { meterValues: [] } },
    ],
    ['refuse oicp.cdr.charging-order /ChargingEnd', { ChargingEnd: '2025-06-01T08:01:09+02:00' }],
    ['refuse oicp.cdr.session-in-future /SessionEnd', { SessionEnd: '2025-06-01T09:00:01+02:00' }],
    ['note oicp.cdr.time-order /ChargingStart', { SessionStart: '2025-06-01T08:02:00+02:00' }],
    ['note oicp.cdr.time-order /SessionEnd', { SessionEnd: '2025-06-01T08:40:00+02:00' }],
    ['note oicp.cdr.energy-mismatch /ConsumedEnergy', { ConsumedEnergy: 12.252 }],
    [
      'note oicp.cdr.meter-between /MeterValueInBetween/meterValues/1',
      { MeterValueInBetween: { meterValues: [1004.1, 1004] } },
    ],
  ])('%s', (finding, change) => {
    expect(rules(change)).toEqual([finding]);
  });

  it('a thousandth is rounding, not a mismatch, though floats would call it more', () => {
    expect(rules({ ConsumedEnergy: 12.251 })).toEqual([]);
    expect(rules({ ConsumedEnergy: 12.249 })).toEqual([]);
  });

  it('a meter that ran backwards', () => {
    expect(rules({ MeterValueEnd: 1000.4, ConsumedEnergy: 0, MeterValueInBetween: { meterValues: [] } })).toEqual([
      'refuse oicp.cdr.meter-negative /MeterValueEnd',
      'note oicp.cdr.energy-mismatch /ConsumedEnergy',
    ]);
  });

  it('an EVSE whose calibration data is External needs signed values', () => {
    expect(rules({}, { calibrationLaw: 'External' })).toEqual([
      'refuse oicp.cdr.signed-values-missing /SignedMeteringValues',
    ]);
    const SignedMeteringValues = [{ SignedMeteringValue: 'OCMF|{}|{}', MeteringStatus: 'Start' as const }];
    expect(rules({ SignedMeteringValues }, { calibrationLaw: 'External' })).toEqual([]);
  });

  it('another EVSE or medium than the session’s', () => {
    const session = {
      evseId: 'DE*ABC*E2',
      identification: { RFIDMifareFamilyIdentification: { UID: '99887766' } },
    };
    expect(rules({}, { session })).toEqual([
      'note oicp.cdr.evse-mismatch /EvseID',
      'note oicp.cdr.medium-mismatch /Identification',
    ]);
  });
});
