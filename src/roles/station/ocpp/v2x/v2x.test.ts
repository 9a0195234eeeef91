import { describe, expect, it } from 'vitest';
import { plugIn, presentToken, unplug } from '../../state/driver.ts';
import { setFault } from '../../state/faults.ts';
import { HandCsms } from '../../testing/hand-csms.ts';

const CARD = { value: '04A2B3C4', type: 'ISO14443' };
const VERSIONS = ['2.0.1', '2.1'] as const;

async function booted(
  version: '2.0.1' | '2.1',
  over: Partial<ConstructorParameters<typeof HandCsms>[0]> = {},
): Promise<HandCsms> {
  const csms = new HandCsms({ version, ...over });
  await csms.boot();
  return csms;
}

async function charging(csms: HandCsms): Promise<string> {
  csms.act((core) => plugIn(core, 1, 1));
  csms.act((core) => presentToken(core, CARD));
  await csms.run(10_000);
  return transactionId(csms);
}

function transactionId(csms: HandCsms): string {
  const info = csms.of('TransactionEvent')[0]?.['transactionInfo'] as { transactionId: string } | undefined;
  return info?.transactionId ?? '';
}

function events(csms: HandCsms): string[] {
  return csms.of('TransactionEvent').map((event) => {
    const info = event['transactionInfo'] as { chargingState?: string; stoppedReason?: string };
    return [event['seqNo'], event['eventType'], event['triggerReason'], info.chargingState, info.stoppedReason]
      .filter((one) => one !== undefined)
      .join(' ');
  });
}

const blocked = (payload: Record<string, unknown>): string =>
  payload['idToken'] === undefined ? '{}' : '{"idTokenInfo":{"status":"Blocked"}}';

async function set(csms: HandCsms, name: string, value: string): Promise<void> {
  const [component, variable] = name.split('.');
  const result = await csms.result(
    'SetVariables',
    `{"setVariableData":[{"component":{"name":"${component}"},"variable":{"name":"${variable}"},"attributeValue":"${value}"}]}`,
  );
  expect(result).toMatchObject({ setVariableResult: [{ attributeStatus: 'Accepted' }] });
}

describe('2.1 station: how the status is told (B01.FR.05, G01.FR.03)', () => {
  it('reports AvailabilityState of a connector as a hard-wired event, one message for all after the boot', async () => {
    const csms = await booted('2.1');
    expect(csms.of('NotifyEvent')[0]).toMatchObject({
      seqNo: 0,
      tbc: false,
      eventData: [
        {
          eventId: 1,
          trigger: 'Delta',
          actualValue: 'Available',
          component: { name: 'Connector', evse: { id: 1, connectorId: 1 } },
          variable: { name: 'AvailabilityState' },
          eventNotificationType: 'HardWiredNotification',
        },
        { eventId: 2, actualValue: 'Available', component: { name: 'Connector', evse: { id: 2, connectorId: 1 } } },
      ],
    });
    expect(csms.of('StatusNotification')).toEqual([]);
  });

  it('sends StatusNotification beside it, or alone, when told to', async () => {
    const csms = await booted('2.1');
    await set(csms, 'CompoteSim.StatusReport', 'Both');
    csms.take();
    csms.act((core) => plugIn(core, 1, 1));
    await csms.run(100);
    expect(csms.actions()).toEqual(['StatusNotification', 'NotifyEvent']);
    await set(csms, 'CompoteSim.StatusReport', 'StatusNotification');
    csms.take();
    csms.act((core) => unplug(core, 1, 1));
    await csms.run(100);
    expect(csms.actions()).toEqual(['StatusNotification']);
  });
});

describe.each(VERSIONS)('%s station: the main meter and resets that fail', (version) => {
  it('sends clock-aligned values of EVSE 0, the sum of its EVSEs (J01)', async () => {
    const csms = await booted(version);
    await set(csms, 'AlignedDataCtrlr.Measurands', 'Energy.Active.Import.Register,Power.Active.Import');
    await set(csms, 'AlignedDataCtrlr.Interval', '900');
    await charging(csms);
    csms.act((core) => plugIn(core, 2, 1));
    csms.act((core) => presentToken(core, { value: 'OTHER', type: 'ISO14443' }, 2));
    await csms.run(30 * 60_000);
    const main = csms.of('MeterValues').filter((one) => one['evseId'] === 0);
    expect(main).toHaveLength(2);
    const aligned = csms
      .of('TransactionEvent')
      .filter((one) => one['triggerReason'] === 'MeterValueClock')
      .slice(-2);
    const energy = (one: Record<string, unknown> | undefined): number =>
      (one?.['meterValue'] as { sampledValue: { value: number }[] }[] | undefined)?.[0]?.sampledValue[0]?.value ??
      Number.NaN;
    expect(energy(main[1])).toBe(energy(aligned[0]) + energy(aligned[1]));
    expect(energy(main[1])).toBeGreaterThan(1_000);
    expect(JSON.stringify(main[1])).toContain('"location":"Inlet"');
  });

  it('tries a reset that did not happen again as often as ResetRetries says', async () => {
    const csms = await booted(version);
    await set(csms, 'OCPPCommCtrlr.ResetRetries', '2');
    csms.act((_core, machine) => {
      machine.power.failingResets = 2;
    });
    await csms.result('Reset', '{"type":"Immediate"}');
    await csms.run(60_000);
    expect(csms.of('BootNotification')).toHaveLength(2);
    csms.act((_core, machine) => {
      machine.power.failingResets = 3;
    });
    await csms.result('Reset', '{"type":"Immediate"}');
    await csms.run(60_000);
    expect(csms.of('BootNotification')).toHaveLength(2);
    expect(csms.happened.filter((one) => one.what === 'reset-failed').at(-1)?.data).toEqual({
      attempt: 3,
      again: false,
    });
  });
});

describe.each(VERSIONS)('%s station: boot', (version) => {
  it('boots, tells every connector (and no EVSE 0), then its start-up', async () => {
    const csms = await booted(version);
    expect(csms.actions()).toEqual([
      'BootNotification',
      ...(version === '2.1' ? ['NotifyEvent'] : ['StatusNotification', 'StatusNotification']),
      'SecurityEventNotification',
    ]);
    expect(csms.of('BootNotification')[0]).toEqual({
      reason: 'PowerUp',
      chargingStation: { model: 'AC22-Duo', vendorName: 'Compote', serialNumber: 'SIM-0001', firmwareVersion: '1.0.0' },
    });
    expect(csms.statuses()[1]).toMatchObject({ evseId: 2, connectorId: 1, connectorStatus: 'Available' });
  });

  it('while Pending refuses remote starts and sends reports that were asked for, nothing else', async () => {
    const csms = await booted(version, {
      replies: { BootNotification: '{"status":"Pending","currentTime":"2026-03-02T08:00:00Z","interval":60}' },
    });
    expect(
      await csms.result('RequestStartTransaction', '{"idToken":{"idToken":"X","type":"Central"},"remoteStartId":1}'),
    ).toMatchObject({ status: 'Rejected', statusInfo: { reasonCode: 'CSNotAccepted' } });
    expect(await csms.result('GetBaseReport', '{"requestId":9,"reportBase":"FullInventory"}')).toEqual({
      status: 'Accepted',
    });
    csms.act((core) => plugIn(core, 1, 1));
    await csms.run(30_000);
    expect(new Set(csms.actions())).toEqual(new Set(['BootNotification', 'NotifyReport']));
    const parts = csms.of('NotifyReport');
    expect(parts.map((part) => part['seqNo'])).toEqual(parts.map((_, i) => i));
    expect(parts.map((part) => part['tbc'])).toEqual(parts.map((_, i) => i < parts.length - 1));
    expect(parts.every((part) => part['requestId'] === 9)).toBe(true);
  });

  it('answers a CALL with SecurityError while rejected', async () => {
    const csms = await booted(version, {
      replies: { BootNotification: '{"status":"Rejected","currentTime":"2026-03-02T08:00:00Z","interval":60}' },
    });
    expect((await csms.call('ClearCache', '{}')).slice(0, 3)).toEqual([4, expect.any(String), 'SecurityError']);
  });
});

describe.each(VERSIONS)('%s station: a session', (version) => {
  it('plug, card, charge, card, unplug: events, states and reasons in order', async () => {
    const csms = await booted(version);
    await charging(csms);
    await csms.run(120_000);
    csms.act((core) => presentToken(core, CARD));
    await csms.run(1_000);
    csms.act((core) => unplug(core, 1, 1));
    await csms.run(1_000);
    expect(events(csms)).toEqual([
      '0 Started Authorized EVConnected',
      '1 Updated ChargingStateChanged Charging',
      '2 Updated MeterValuePeriodic Charging',
      '3 Updated MeterValuePeriodic Charging',
      '4 Ended StopAuthorized EVConnected Local',
    ]);
    const [first, second, , , last] = csms.of('TransactionEvent');
    expect(first).toMatchObject({
      evse: { id: 1, connectorId: 1 },
      idToken: { idToken: '04A2B3C4', type: 'ISO14443' },
      meterValue: [
        { sampledValue: [{ context: 'Transaction.Begin', measurand: 'Energy.Active.Import.Register', value: 0 }] },
      ],
    });
    expect(second).toMatchObject({ numberOfPhasesUsed: 3 });
    expect(second).not.toHaveProperty('evse');
    expect(second).not.toHaveProperty('idToken');
    expect(last).toMatchObject({
      idToken: { idToken: '04A2B3C4' },
      meterValue: [{ sampledValue: [{ context: 'Transaction.End' }] }],
    });
    const statuses = csms
      .statuses()
      .slice(2)
      .map((one) => one['connectorStatus']);
    expect(statuses).toEqual(['Occupied', 'Available']);
  });

  it('with EVConnected as start and stop point the transaction lasts from plug to unplug', async () => {
    const csms = await booted(version);
    await set(csms, 'TxCtrlr.TxStartPoint', 'EVConnected');
    await set(csms, 'TxCtrlr.TxStopPoint', 'EVConnected');
    csms.act((core) => plugIn(core, 1, 1));
    await csms.run(1_000);
    csms.act((core) => presentToken(core, CARD));
    await csms.run(10_000);
    csms.act((core) => presentToken(core, CARD));
    await csms.run(1_000);
    csms.act((core) => unplug(core, 1, 1));
    await csms.run(1_000);
    expect(events(csms)).toEqual([
      '0 Started CablePluggedIn EVConnected',
      '1 Updated Authorized EVConnected',
      '2 Updated ChargingStateChanged Charging',
      '3 Updated StopAuthorized EVConnected',
      '4 Ended EVCommunicationLost Idle Local',
    ]);
    expect(csms.of('TransactionEvent')[1]).toHaveProperty('idToken');
  });

  it('with Authorized as start point a plug time-out ends it', async () => {
    const csms = await booted(version);
    await set(csms, 'TxCtrlr.TxStartPoint', 'Authorized');
    csms.act((core) => presentToken(core, CARD, 1));
    await csms.run(61_000);
    expect(events(csms)).toEqual(['0 Started Authorized Idle', '1 Ended EVConnectTimeout Idle Timeout']);
    expect(csms.of('TransactionEvent')[0]).not.toHaveProperty('evse');
  });

  it('a token refused in the answer ends with Deauthorized and DeAuthorized', async () => {
    const csms = await booted(version);
    csms.replies['TransactionEvent'] = blocked;
    await charging(csms);
    expect(events(csms).at(-1)).toContain('Ended Deauthorized EVConnected DeAuthorized');
  });

  it('StopTxOnInvalidId=false suspends instead', async () => {
    const csms = await booted(version);
    csms.replies['TransactionEvent'] = blocked;
    await set(csms, 'TxCtrlr.StopTxOnInvalidId', 'false');
    await charging(csms);
    expect(events(csms)).toEqual(['0 Started Authorized EVConnected', '1 Updated ChargingStateChanged SuspendedEVSE']);
  });

  it('unplugging at the car ends it with EVDisconnected', async () => {
    const csms = await booted(version);
    await charging(csms);
    csms.act((core) => unplug(core, 1, 1, 'ev'));
    await csms.run(1_000);
    expect(events(csms).at(-1)).toBe('2 Ended EVCommunicationLost Idle EVDisconnected');
  });

  it('a ground fault ends it and shows Faulted', async () => {
    const csms = await booted(version);
    await charging(csms);
    csms.act((core) => setFault(core, 1, 1, { code: 'GroundFailure' }));
    await csms.run(1_000);
    expect(events(csms).at(-1)).toBe('2 Ended AbnormalCondition EVConnected GroundFault');
    expect(csms.statuses().at(-1)).toMatchObject({ evseId: 1, connectorStatus: 'Faulted' });
  });
});

describe.each(VERSIONS)('%s station: remote control', (version) => {
  it('starts with remoteStartId in the first event and stops with Remote', async () => {
    const csms = await booted(version);
    csms.act((core) => plugIn(core, 1, 1));
    expect(
      await csms.result(
        'RequestStartTransaction',
        '{"idToken":{"idToken":"APP","type":"Central"},"remoteStartId":77,"evseId":1}',
      ),
    ).toEqual({ status: 'Accepted' });
    await csms.run(10_000);
    expect(csms.of('TransactionEvent')[0]).toMatchObject({
      triggerReason: 'RemoteStart',
      transactionInfo: { remoteStartId: 77 },
      idToken: { idToken: 'APP' },
    });
    expect(await csms.result('RequestStopTransaction', '{"transactionId":"nope"}')).toMatchObject({
      status: 'Rejected',
    });
    expect(await csms.result('RequestStopTransaction', `{"transactionId":"${transactionId(csms)}"}`)).toEqual({
      status: 'Accepted',
    });
    await csms.run(1_000);
    expect(events(csms).at(-1)).toBe('2 Ended RemoteStop EVConnected Remote');
    expect(csms.of('TransactionEvent').at(-1)).not.toHaveProperty('idToken');
  });

  it('leaves an authorized transaction alone when asked to unlock', async () => {
    const csms = await booted(version);
    await charging(csms);
    expect(await csms.result('UnlockConnector', '{"evseId":1,"connectorId":1}')).toEqual({
      status: 'OngoingAuthorizedTransaction',
    });
    expect(await csms.result('UnlockConnector', '{"evseId":2,"connectorId":1}')).toEqual({ status: 'Unlocked' });
    expect(await csms.result('UnlockConnector', '{"evseId":9,"connectorId":1}')).toEqual({
      status: 'UnknownConnector',
    });
  });

  it('resets on idle after the transaction, at once with ImmediateReset', async () => {
    const csms = await booted(version);
    await charging(csms);
    expect(await csms.result('Reset', '{"type":"OnIdle"}')).toEqual({ status: 'Scheduled' });
    await csms.run(10_000);
    expect(csms.connections).toBe(1);
    csms.act((core) => presentToken(core, CARD));
    await csms.run(10_000);
    expect(csms.of('BootNotification').at(-1)).toMatchObject({ reason: 'ScheduledReset' });
    csms.take();
    csms.act((core) => presentToken(core, CARD, 1));
    await csms.run(5_000);
    expect(await csms.result('Reset', '{"type":"Immediate"}')).toEqual({ status: 'Accepted' });
    await csms.run(10_000);
    expect(events(csms).at(-1)).toContain('Ended ResetCommand EVConnected ImmediateReset');
    expect(csms.of('BootNotification').at(-1)).toMatchObject({ reason: 'RemoteReset' });
  });

  it('triggers what it has, after the answer', async () => {
    const csms = await booted(version);
    await charging(csms);
    csms.take();
    expect(await csms.result('TriggerMessage', '{"requestedMessage":"TransactionEvent","evse":{"id":1}}')).toEqual({
      status: 'Accepted',
    });
    expect(await csms.result('TriggerMessage', '{"requestedMessage":"StatusNotification"}')).toMatchObject({
      status: 'Rejected',
    });
    expect(
      await csms.result('TriggerMessage', '{"requestedMessage":"StatusNotification","evse":{"id":2,"connectorId":1}}'),
    ).toEqual({ status: 'Accepted' });
    expect(await csms.result('TriggerMessage', '{"requestedMessage":"BootNotification"}')).toEqual({
      status: 'Rejected',
    });
    await csms.run(1_000);
    expect(csms.actions()).toEqual(['TransactionEvent', 'StatusNotification']);
    expect(csms.of('TransactionEvent')[0]).toMatchObject({
      triggerReason: 'Trigger',
      meterValue: [{ sampledValue: [{ context: 'Trigger' }, {}] }],
    });
  });
});

describe.each(VERSIONS)('%s station: offline', (version) => {
  it('queues events with offline=true, keeps seqNo, and delivers them without a new boot', async () => {
    const csms = await booted(version);
    await charging(csms);
    csms.take();
    csms.refuseConnections = true;
    csms.cut();
    await csms.run(130_000);
    csms.act((core) => presentToken(core, CARD));
    await csms.run(1_000);
    expect(csms.actions()).toEqual([]);
    csms.refuseConnections = false;
    await csms.run(120_000);
    expect(csms.actions()).not.toContain('BootNotification');
    expect(csms.of('TransactionEvent').map((event) => [event['seqNo'], event['offline']])).toEqual([
      [2, true],
      [3, true],
      [4, true],
    ]);
    // Longer offline than OfflineThreshold: every connector is told.
    expect(csms.statuses()).toHaveLength(2);
  });
});

describe.each(VERSIONS)('%s station: device model, lists, profiles', (version) => {
  it('sets and gets variables one by one', async () => {
    const csms = await booted(version);
    const result = await csms.result(
      'SetVariables',
      '{"setVariableData":[{"component":{"name":"TxCtrlr"},"variable":{"name":"EVConnectionTimeOut"},"attributeValue":"-4"},{"component":{"name":"Nope"},"variable":{"name":"X"},"attributeValue":"1"},{"component":{"name":"SampledDataCtrlr"},"variable":{"name":"TxUpdatedInterval"},"attributeValue":"30"}]}',
    );
    expect((result['setVariableResult'] as { attributeStatus: string }[]).map((one) => one.attributeStatus)).toEqual([
      'Rejected',
      'UnknownComponent',
      'Accepted',
    ]);
    expect(
      await csms.result(
        'GetVariables',
        '{"getVariableData":[{"component":{"name":"SampledDataCtrlr"},"variable":{"name":"TxUpdatedInterval"}},{"component":{"name":"SecurityCtrlr"},"variable":{"name":"BasicAuthPassword"}},{"component":{"name":"EVSE","evse":{"id":1}},"variable":{"name":"AvailabilityState"}}]}',
      ),
    ).toMatchObject({
      getVariableResult: [
        { attributeStatus: 'Accepted', attributeValue: '30' },
        { attributeStatus: 'Rejected' },
        { attributeValue: 'Available' },
      ],
    });
  });

  it('reserves an EVSE and tells its expiry', async () => {
    const csms = await booted(version);
    const reserve =
      '{"id":4,"expiryDateTime":"2026-03-02T08:05:00Z","evseId":1,"idToken":{"idToken":"04A2B3C4","type":"ISO14443"}}';
    expect(await csms.result('ReserveNow', reserve)).toEqual({ status: 'Accepted' });
    await csms.run(300_001);
    expect(csms.of('ReservationStatusUpdate')).toEqual([{ reservationId: 4, reservationUpdateStatus: 'Expired' }]);
    expect(
      csms
        .statuses()
        .slice(2)
        .map((one) => one['connectorStatus']),
    ).toEqual(['Reserved', 'Available']);
  });

  it('takes, reports, composes and clears profiles; refuses one for another transaction', async () => {
    const csms = await booted(version);
    const id = await charging(csms);
    const profile = (tx: string): string =>
      `{"evseId":1,"chargingProfile":{"id":3,"stackLevel":0,"chargingProfilePurpose":"TxProfile","chargingProfileKind":"Relative","transactionId":"${tx}","chargingSchedule":[{"id":1,"chargingRateUnit":"W","chargingSchedulePeriod":[{"startPeriod":0,"limit":6900}]}]}}`;
    expect(await csms.result('SetChargingProfile', profile('other'))).toMatchObject({
      status: 'Rejected',
      statusInfo: { reasonCode: 'TxNotFound' },
    });
    expect(await csms.result('SetChargingProfile', profile(id))).toEqual({ status: 'Accepted' });
    expect(
      await csms.result('GetCompositeSchedule', '{"evseId":1,"duration":600,"chargingRateUnit":"A"}'),
    ).toMatchObject({
      status: 'Accepted',
      schedule: { evseId: 1, chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: 10 }] },
    });
    expect(
      await csms.result(
        'GetChargingProfiles',
        '{"requestId":8,"chargingProfile":{"chargingProfilePurpose":"TxProfile"}}',
      ),
    ).toEqual({ status: 'Accepted' });
    await csms.run(100);
    expect(csms.of('ReportChargingProfiles')).toMatchObject([
      { requestId: 8, evseId: 1, chargingLimitSource: 'CSO', tbc: false, chargingProfile: [{ id: 3 }] },
    ]);
    expect(await csms.result('ClearChargingProfile', '{"chargingProfileId":3}')).toEqual({ status: 'Accepted' });
    expect(await csms.result('GetChargingProfiles', '{"requestId":8,"chargingProfile":{}}')).toEqual({
      status: 'NoProfiles',
    });
  });

  it('shows, lists and clears display messages', async () => {
    const csms = await booted(version);
    const message = '{"message":{"id":1,"priority":"InFront","message":{"format":"UTF8","content":"Welcome"}}}';
    expect(await csms.result('SetDisplayMessage', message)).toEqual({ status: 'Accepted' });
    expect(await csms.result('SetDisplayMessage', message.replace('UTF8', 'HTML'))).toEqual({
      status: 'NotSupportedMessageFormat',
    });
    expect(await csms.result('GetDisplayMessages', '{"requestId":2}')).toEqual({ status: 'Accepted' });
    await csms.run(100);
    expect(csms.of('NotifyDisplayMessages')).toMatchObject([{ requestId: 2, messageInfo: [{ id: 1 }] }]);
    expect(await csms.result('ClearDisplayMessage', '{"id":1}')).toEqual({ status: 'Accepted' });
    expect(await csms.result('ClearDisplayMessage', '{"id":1}')).toEqual({ status: 'Unknown' });
  });

  it('alerts when a monitored value crosses its threshold and clears when it is back', async () => {
    const csms = await booted(version);
    expect(
      await csms.result(
        'SetVariableMonitoring',
        '{"setMonitoringData":[{"value":5000,"type":"UpperThreshold","severity":3,"component":{"name":"EVSE","evse":{"id":1}},"variable":{"name":"Power"}},{"value":1,"type":"UpperThreshold","severity":3,"component":{"name":"EVSE","evse":{"id":1}},"variable":{"name":"AvailabilityState"}}]}',
      ),
    ).toMatchObject({ setMonitoringResult: [{ status: 'Accepted', id: 1 }, { status: 'UnsupportedMonitorType' }] });
    await charging(csms);
    await csms.run(20_000);
    csms.act((core) => presentToken(core, CARD));
    await csms.run(20_000);
    expect(
      csms
        .of('NotifyEvent')
        .filter((one) => JSON.stringify(one).includes('CustomMonitor'))
        .map((one) =>
          (one['eventData'] as { trigger: string; cleared?: boolean }[]).map((event) => [event.trigger, event.cleared]),
        ),
    ).toEqual([[['Alerting', undefined]], [['Alerting', true]]]);
    expect(await csms.result('GetMonitoringReport', '{"requestId":5}')).toEqual({ status: 'Accepted' });
    await csms.run(100);
    expect(csms.of('NotifyMonitoringReport')).toMatchObject([
      { requestId: 5, monitor: [{ variableMonitoring: [{ id: 1, value: 5000 }] }] },
    ]);
    expect(await csms.result('ClearVariableMonitoring', '{"id":[1,9]}')).toMatchObject({
      clearMonitoringResult: [{ status: 'Accepted' }, { status: 'NotFound' }],
    });
  });

  it('updates firmware with the whole sequence and tells FirmwareUpdated', async () => {
    const csms = await booted(version);
    expect(
      await csms.result(
        'UpdateFirmware',
        '{"requestId":6,"firmware":{"location":"http://files.test/fw-3.0.bin","retrieveDateTime":"2026-03-02T08:00:00Z"}}',
      ),
    ).toEqual({ status: 'Accepted' });
    await csms.run(60_000);
    expect(csms.of('FirmwareStatusNotification').map((one) => `${one['status']} ${one['requestId']}`)).toEqual([
      'Downloading 6',
      'Downloaded 6',
      'Installing 6',
      'InstallRebooting 6',
      'Installed 6',
    ]);
    expect(csms.of('BootNotification').at(-1)).toMatchObject({
      reason: 'FirmwareUpdate',
      chargingStation: { firmwareVersion: '3.0' },
    });
    expect(csms.of('SecurityEventNotification').map((one) => one['type'])).toContain('FirmwareUpdated');
  });
});

describe('2.1 station', () => {
  it('obeys a transaction limit and confirms it once', async () => {
    let told = false;
    const csms = await booted('2.1');
    csms.replies['TransactionEvent'] = (payload) => {
      if (payload['eventType'] !== 'Started' || told) return '{}';
      told = true;
      return '{"idTokenInfo":{"status":"Accepted"},"transactionLimit":{"maxEnergy":1000}}';
    };
    await charging(csms);
    await csms.run(600_000);
    const seen = events(csms);
    expect(seen.filter((one) => one.includes('LimitSet'))).toHaveLength(1);
    expect(seen.filter((one) => one.includes('EnergyLimitReached'))).toEqual([
      expect.stringContaining('Updated EnergyLimitReached SuspendedEVSE'),
    ]);
    const wh = csms.station.machine.core.evses[0]?.path.meter.energyWh ?? 0;
    expect(wh).toBeGreaterThanOrEqual(1000);
    expect(wh).toBeLessThan(1400);
  });

  it('goes on with the transaction after a reset that resumes, and refuses one when it may not', async () => {
    const csms = await booted('2.1');
    await charging(csms);
    expect(await csms.result('Reset', '{"type":"ImmediateAndResume"}')).toMatchObject({ status: 'Rejected' });
    await set(csms, 'TxCtrlr.ResumptionTimeout', '60');
    expect(await csms.result('Reset', '{"type":"ImmediateAndResume"}')).toEqual({ status: 'Accepted' });
    await csms.run(30_000);
    expect(events(csms).slice(2)).toEqual([
      '2 Updated ResetCommand Charging',
      '3 Updated TxResumed EVConnected',
      '4 Updated ChargingStateChanged Charging',
    ]);
    expect(csms.of('BootNotification')).toHaveLength(2);
    expect(
      new Set(
        csms.of('TransactionEvent').map((one) => (one['transactionInfo'] as { transactionId: string }).transactionId),
      ).size,
    ).toBe(1);
  });

  it('streams monitored values by SEND once the stream is open', async () => {
    const csms = await booted('2.1');
    await csms.result(
      'SetVariableMonitoring',
      '{"setMonitoringData":[{"value":10,"type":"Periodic","severity":5,"periodicEventStream":{"interval":10,"values":1},"component":{"name":"EVSE","evse":{"id":1}},"variable":{"name":"Power"}}]}',
    );
    await csms.run(31_000);
    expect(csms.of('OpenPeriodicEventStream')).toHaveLength(1);
    expect(csms.of('NotifyPeriodicEventStream').length).toBeGreaterThanOrEqual(2);
    expect(await csms.result('GetPeriodicEventStream', '{}')).toMatchObject({ constantStreamData: [{ id: 1 }] });
  });

  it('sets tariffs, tells them, and changes one in a transaction', async () => {
    const csms = await booted('2.1');
    const tariff = '{"tariffId":"T1","currency":"EUR","energy":{"prices":[{"priceKwh":0.4}]}}';
    expect(await csms.result('SetDefaultTariff', `{"evseId":0,"tariff":${tariff}}`)).toEqual({ status: 'Accepted' });
    expect(await csms.result('GetTariffs', '{"evseId":1}')).toMatchObject({
      status: 'Accepted',
      tariffAssignments: [{ tariffId: 'T1', tariffKind: 'DefaultTariff' }],
    });
    const id = await charging(csms);
    expect(
      await csms.result(
        'ChangeTransactionTariff',
        `{"transactionId":"${id}","tariff":${tariff.replace('T1', 'T2').replace('EUR', 'CHF')}}`,
      ),
    ).toEqual({ status: 'NoCurrencyChange' });
    expect(
      await csms.result('ChangeTransactionTariff', `{"transactionId":"${id}","tariff":${tariff.replace('T1', 'T2')}}`),
    ).toEqual({ status: 'Accepted' });
    await csms.run(100);
    expect(csms.of('TransactionEvent').at(-1)).toMatchObject({
      triggerReason: 'TariffChanged',
      transactionInfo: { tariffId: 'T2' },
    });
    expect(await csms.result('ClearTariffs', '{"tariffIds":["T1","T9"]}')).toMatchObject({
      clearTariffsResult: [{ status: 'Accepted' }, { status: 'NoTariff' }],
    });
  });

  it('keeps DER controls by priority and reports them', async () => {
    const csms = await booted('2.1');
    const control = (id: string, priority: number): string =>
      `{"isDefault":false,"controlId":"${id}","controlType":"FixedVar","fixedVar":{"priority":${priority},"setpoint":10,"unit":"PctMaxVar"}}`;
    expect(await csms.result('SetDERControl', control('weak', 5))).toEqual({ status: 'Accepted' });
    expect(await csms.result('SetDERControl', control('strong', 1))).toEqual({
      status: 'Accepted',
      supersededIds: ['weak'],
    });
    expect(await csms.result('GetDERControl', '{"requestId":3,"isDefault":false}')).toEqual({ status: 'Accepted' });
    await csms.run(100);
    expect(csms.of('ReportDERControl')).toMatchObject([
      { fixedVar: [{ id: 'weak', isSuperseded: true }], tbc: true },
      { fixedVar: [{ id: 'strong', isSuperseded: false }], tbc: false },
    ]);
    expect(await csms.result('ClearDERControl', '{"isDefault":true}')).toEqual({ status: 'NotFound' });
    expect(await csms.result('ClearDERControl', '{"isDefault":false}')).toEqual({ status: 'Accepted' });
  });

  it('charges with priority when asked, and pulls a dynamic schedule', async () => {
    const csms = await booted('2.1', {
      replies: { PullDynamicScheduleUpdate: '{"status":"Accepted","scheduleUpdate":{"limit":7}}' },
    });
    const id = await charging(csms);
    expect(await csms.result('UsePriorityCharging', `{"transactionId":"${id}","activate":true}`)).toEqual({
      status: 'NoProfile',
    });
    const dynamic =
      '{"evseId":1,"chargingProfile":{"id":5,"stackLevel":0,"chargingProfilePurpose":"TxDefaultProfile","chargingProfileKind":"Dynamic","dynUpdateInterval":60,"chargingSchedule":[{"id":1,"chargingRateUnit":"A","chargingSchedulePeriod":[{"startPeriod":0,"limit":10}]}]}}';
    expect(await csms.result('SetChargingProfile', dynamic)).toEqual({ status: 'Accepted' });
    await csms.run(70_000);
    expect(csms.of('PullDynamicScheduleUpdate')).toEqual([{ chargingProfileId: 5 }]);
    expect(csms.station.machine.core.evses[0]?.path.offer.currentA).toBe(7);
    expect(await csms.result('UpdateDynamicSchedule', '{"chargingProfileId":5,"scheduleUpdate":{"limit":9}}')).toEqual({
      status: 'Accepted',
    });
    await csms.run(5_000);
    expect(csms.station.machine.core.evses[0]?.path.offer.currentA).toBe(9);
  });
});
