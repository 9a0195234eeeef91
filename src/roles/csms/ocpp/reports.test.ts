import { describe, expect, it } from 'vitest';
import { CsmsTestBench } from '../test-bench.ts';

const ACCEPTED = '{"status":"Accepted"}';
const SCRIPT = {
  GetMonitoringReport: ACCEPTED,
  GetChargingProfiles: ACCEPTED,
  GetDisplayMessages: ACCEPTED,
  GetDERControl: ACCEPTED,
  SetChargingProfile: ACCEPTED,
  SetDisplayMessage: ACCEPTED,
  SetDERControl: ACCEPTED,
  SetVariableMonitoring:
    '{"setMonitoringResult":[{"id":1,"status":"Accepted","type":"Delta","severity":5,"component":{"name":"EVSE"},"variable":{"name":"Power"}}]}',
};
const profile = (id: number): string =>
  `{"id":${id},"stackLevel":0,"chargingProfilePurpose":"TxDefaultProfile","chargingProfileKind":"Relative","chargingSchedule":[{"id":1,"chargingRateUnit":"A","chargingSchedulePeriod":[{"startPeriod":0,"limit":10}]}]}`;
const message = (id: number): string =>
  `{"id":${id},"priority":"NormalCycle","message":{"format":"UTF8","content":"Hi"}}`;

/** What the CSMS believes from before: one of each under id 1. A minute later, reports come. */
async function believed() {
  const bench = new CsmsTestBench();
  const station = await bench.station('CS1', '2.1', SCRIPT);
  const order = (action: string, payload: string) => bench.command('CS1', action, JSON.parse(payload));
  await order(
    'SetVariableMonitoring',
    '{"setMonitoringData":[{"value":1,"type":"Delta","severity":5,"component":{"name":"EVSE"},"variable":{"name":"Power"}}]}',
  );
  await order('SetChargingProfile', `{"evseId":1,"chargingProfile":${profile(1)}}`);
  await order('SetDisplayMessage', `{"message":${message(1)}}`);
  await order(
    'SetDERControl',
    '{"isDefault":true,"controlId":"1","controlType":"Gradients","gradient":{"priority":1,"gradient":2,"softGradient":1}}',
  );
  await bench.clock.runFor(60_000);
  const ids = (kind: 'monitors' | 'profiles' | 'messages' | 'der-controls') =>
    bench.items('CS1', kind).map(({ id }) => id);
  return { bench, station, order, ids };
}

describe('a complete report without criteria names everything: what it leaves out is not there any more', () => {
  it('monitors (N02)', async () => {
    const { station, order, ids } = await believed();
    await order('GetMonitoringReport', '{"requestId":5}');
    const part = (id: number, seqNo: number, tbc: boolean): string =>
      `{"requestId":5,"seqNo":${seqNo},"tbc":${tbc},"generatedAt":"2026-01-01T12:01:00Z","monitor":[{"component":{"name":"EVSE"},"variable":{"name":"Power"},"variableMonitoring":[{"id":${id},"transaction":false,"value":1,"type":"Delta","severity":5,"eventNotificationType":"CustomMonitor"}]}]}`;
    await station.ask('NotifyMonitoringReport', part(2, 0, true));
    expect(ids('monitors')).toEqual(['1', '2']);
    await station.ask('NotifyMonitoringReport', part(3, 1, false));
    expect(ids('monitors')).toEqual(['2', '3']);
  });

  it('charging profiles (K09)', async () => {
    const { station, order, ids } = await believed();
    await order('GetChargingProfiles', '{"requestId":5,"chargingProfile":{}}');
    await station.ask(
      'ReportChargingProfiles',
      `{"requestId":5,"chargingLimitSource":"CSO","evseId":1,"chargingProfile":[${profile(2)}]}`,
    );
    expect(ids('profiles')).toEqual(['2']);
  });

  it('display messages (O03)', async () => {
    const { station, order, ids } = await believed();
    await order('GetDisplayMessages', '{"requestId":5}');
    await station.ask('NotifyDisplayMessages', `{"requestId":5,"messageInfo":[${message(2)}]}`);
    expect(ids('messages')).toEqual(['2']);
  });

  it('DER controls (2.1 R04.FR.31)', async () => {
    const { station, order, ids } = await believed();
    await order('GetDERControl', '{"requestId":5}');
    await station.ask(
      'ReportDERControl',
      '{"requestId":5,"gradient":[{"id":"2","gradient":{"priority":1,"gradient":2,"softGradient":1}}]}',
    );
    expect(ids('der-controls')).toEqual(['2']);
  });
});

describe('other reports add only', () => {
  it.each([
    [
      'GetMonitoringReport',
      '{"requestId":5,"monitoringCriteria":["DeltaMonitoring"]}',
      'NotifyMonitoringReport',
      '{"requestId":5,"seqNo":0,"generatedAt":"2026-01-01T12:01:00Z"}',
      'monitors',
    ],
    [
      'GetChargingProfiles',
      '{"requestId":5,"chargingProfile":{"stackLevel":7}}',
      'ReportChargingProfiles',
      `{"requestId":5,"chargingLimitSource":"CSO","evseId":1,"chargingProfile":[${profile(1)}]}`,
      'profiles',
    ],
    [
      'GetChargingProfiles',
      '{"requestId":5,"evseId":2,"chargingProfile":{}}',
      'ReportChargingProfiles',
      `{"requestId":5,"chargingLimitSource":"CSO","evseId":1,"chargingProfile":[${profile(1)}]}`,
      'profiles',
    ],
    ['GetDisplayMessages', '{"requestId":5,"id":[9]}', 'NotifyDisplayMessages', '{"requestId":5}', 'messages'],
    ['GetDERControl', '{"requestId":5,"isDefault":false}', 'ReportDERControl', '{"requestId":5}', 'der-controls'],
  ] as const)('%s %s', async (asks, request, says, report, kind) => {
    const { station, order, ids } = await believed();
    await order(asks, request);
    expect(await station.ask(says, report)).toEqual({});
    expect(ids(kind)).toEqual(['1']);
  });

  it('a report that nobody asked for', async () => {
    const { bench, station, ids } = await believed();
    await station.ask('NotifyDisplayMessages', `{"requestId":99,"messageInfo":[${message(2)}]}`);
    expect(ids('messages')).toEqual(['1', '2']);
    expect(bench.items('CS1', 'reports')).toMatchObject([{ id: 'messages-99', status: 'Complete' }]);
  });

  it('a report with a gap, until the missing part comes', async () => {
    const { station, order, ids } = await believed();
    await order('GetMonitoringReport', '{"requestId":5}');
    const part = (seqNo: number, tbc: boolean): string =>
      `{"requestId":5,"seqNo":${seqNo},"tbc":${tbc},"generatedAt":"2026-01-01T12:01:00Z"}`;
    await station.ask('NotifyMonitoringReport', part(1, false));
    expect(ids('monitors')).toEqual(['1']);
    await station.ask('NotifyMonitoringReport', part(0, true));
    expect(ids('monitors')).toEqual([]);
  });
});
