import { describe, expect, it } from 'vitest';
import { plugIn, presentToken } from '../../state/driver.ts';
import { BUILT_IN } from '../../templates.ts';
import { HandCsms } from '../../testing/hand-csms.ts';

const CARD = { value: '04A2B3C4', type: 'ISO14443' };
const ON = { 'ISO15118Ctrlr.Enabled': 'true' };

async function booted(
  version: '2.0.1' | '2.1',
  template: 'ac-22-duo' | 'dc-150',
  replies: HandCsms['replies'] = {},
): Promise<HandCsms> {
  const base = BUILT_IN[template];
  const csms = new HandCsms({ version, template: { ...base, variables: { ...base.variables, ...ON } }, replies });
  await csms.boot();
  return csms;
}

async function charging(csms: HandCsms): Promise<string> {
  csms.act((core) => plugIn(core, 1, 1, { soCPercent: 50 }));
  csms.act((core) => presentToken(core, CARD, 1));
  await csms.run(10_000);
  const info = csms.of('TransactionEvent')[0]?.['transactionInfo'] as { transactionId: string } | undefined;
  return info?.transactionId ?? '';
}

describe.each(['2.0.1', '2.1'] as const)('%s station: an ISO 15118 car', (version) => {
  it('tells its needs once, with the parameters of its energy transfer and no others (K15.FR.06)', async () => {
    const dc = await booted(version, 'dc-150');
    await charging(dc);
    expect(dc.of('NotifyEVChargingNeeds')).toMatchObject([
      {
        evseId: 1,
        maxScheduleTuples: 24,
        chargingNeeds: {
          requestedEnergyTransfer: 'DC',
          dcChargingParameters: { evMaxVoltage: 400, evMaxPower: 170_000, stateOfCharge: 50, evEnergyCapacity: 77_000 },
        },
      },
    ]);
    expect(JSON.stringify(dc.of('NotifyEVChargingNeeds'))).not.toContain('acChargingParameters');
  });

  it('answers a profile with the schedule by which it charges (K15.FR.09), and again when it changes (K16)', async () => {
    const csms = await booted(version, 'dc-150');
    const transactionId = await charging(csms);
    const profile = (limit: number): string =>
      `{"evseId":1,"chargingProfile":{"id":7,"stackLevel":0,"chargingProfilePurpose":"TxProfile","chargingProfileKind":"Absolute","transactionId":"${transactionId}","chargingSchedule":[{"id":1,"startSchedule":"2026-03-02T00:00:00Z","chargingRateUnit":"W","chargingSchedulePeriod":[{"startPeriod":0,"limit":${limit}}]}]}}`;
    for (const limit of [20_000, 10_000]) {
      expect(await csms.result('SetChargingProfile', profile(limit))).toMatchObject({ status: 'Accepted' });
      await csms.run(20_000);
    }
    expect(csms.of('NotifyEVChargingSchedule')).toMatchObject([
      { evseId: 1, chargingSchedule: { id: 1, chargingSchedulePeriod: [{ startPeriod: 0, limit: 20_000 }] } },
      { evseId: 1, chargingSchedule: { id: 1, chargingSchedulePeriod: [{ startPeriod: 0, limit: 10_000 }] } },
    ]);
  });

  it('says nothing while ISO15118Ctrlr is off', async () => {
    const csms = new HandCsms({ version, template: BUILT_IN['dc-150'] });
    await csms.boot();
    await charging(csms);
    expect(csms.of('NotifyEVChargingNeeds')).toEqual([]);
  });
});

describe('2.1 station: what only 2.1 has', () => {
  it('ends the transaction when the CSMS refuses the transfer mode (K19.FR.16)', async () => {
    const csms = await booted('2.1', 'dc-150', { NotifyEVChargingNeeds: '{"status":"Rejected"}' });
    await charging(csms);
    expect(csms.of('TransactionEvent').at(-1)).toMatchObject({
      eventType: 'Ended',
      transactionInfo: { stoppedReason: 'ReqEnergyTransferRejected' },
    });
  });

  it('tells its needs anew when other transfer modes are allowed (Q02.FR.07)', async () => {
    const csms = await booted('2.1', 'dc-150');
    const id = await charging(csms);
    await csms.result('NotifyAllowedEnergyTransfer', `{"transactionId":"${id}","allowedEnergyTransfer":["DC"]}`);
    await csms.run(1_000);
    expect(csms.of('NotifyEVChargingNeeds')).toHaveLength(2);
  });

  it('starts nothing by card while a web payment runs; RequestStart or the time ends that (C25.FR.21-27)', async () => {
    const csms = await booted('2.1', 'ac-22-duo');
    const started = (): number => csms.of('TransactionEvent').filter((one) => one['eventType'] === 'Started').length;
    csms.act((core) => plugIn(core, 1, 1));
    await csms.result('NotifyWebPaymentStarted', '{"evseId":1,"timeout":60}');
    csms.act((core) => presentToken(core, CARD, 1));
    await csms.run(10_000);
    expect(csms.of('Authorize')).toEqual([]);
    expect(started()).toBe(0);
    await csms.result(
      'RequestStartTransaction',
      '{"remoteStartId":1,"evseId":1,"idToken":{"idToken":"WEB","type":"DirectPayment"}}',
    );
    await csms.run(10_000);
    expect(started()).toBe(1);
    await csms.result('NotifyWebPaymentStarted', '{"evseId":2,"timeout":60}');
    csms.act((core) => plugIn(core, 2, 1));
    await csms.run(61_000);
    csms.act((core) => presentToken(core, CARD, 2));
    await csms.run(10_000);
    expect(started()).toBe(2);
  });

  it('refuses a profile that would discharge the car: it has no V2X', async () => {
    const csms = await booted('2.1', 'dc-150');
    const id = await charging(csms);
    const profile = `{"evseId":1,"chargingProfile":{"id":8,"stackLevel":0,"chargingProfilePurpose":"TxProfile","chargingProfileKind":"Absolute","transactionId":"${id}","chargingSchedule":[{"id":1,"startSchedule":"2026-03-02T00:00:00Z","chargingRateUnit":"W","chargingSchedulePeriod":[{"startPeriod":0,"operationMode":"CentralSetpoint","setpoint":-5000}]}]}}`;
    expect(await csms.result('SetChargingProfile', profile)).toMatchObject({
      status: 'Rejected',
      statusInfo: { reasonCode: 'UnsupportedParam' },
    });
  });

  it('swaps batteries where the template has slots, and says NotSupported elsewhere (S02, S03)', async () => {
    const request = '{"requestId":5,"idToken":{"idToken":"RIDER","type":"Central"}}';
    const none = await booted('2.1', 'ac-22-duo');
    expect((await none.call('RequestBatterySwap', request))[2]).toBe('NotSupported');
    const base = BUILT_IN['ac-22-duo'];
    const csms = new HandCsms({
      version: '2.1',
      template: { ...base, features: { ...base.features, batterySwap: true } },
    });
    await csms.boot();
    expect(await csms.result('RequestBatterySwap', request)).toEqual({ status: 'Accepted' });
    expect(await csms.result('RequestBatterySwap', request)).toMatchObject({ status: 'Rejected' });
    await csms.run(20_000);
    expect(csms.of('BatterySwap').map((one) => [one['eventType'], one['requestId']])).toEqual([
      ['BatteryIn', 5],
      ['BatteryOut', 5],
    ]);
  });

  it.each([
    ['tariff', 'GetTariffs', '{"evseId":0}'],
    ['der', 'GetDERControl', '{"requestId":1}'],
    ['smartCharging', 'AFRRSignal', '{"timestamp":"2026-03-02T08:00:00Z","signal":1}'],
  ] as const)('without %s in its template it answers %s with NotSupported', async (feature, action, payload) => {
    const base = BUILT_IN['dc-150'];
    const csms = new HandCsms({
      version: '2.1',
      template: { ...base, features: { ...base.features, [feature]: false } },
    });
    await csms.boot();
    expect((await csms.call(action, payload))[2]).toBe('NotSupported');
  });
});
