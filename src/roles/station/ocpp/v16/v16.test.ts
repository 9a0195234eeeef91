import { describe, expect, it } from 'vitest';
import { plugIn, presentToken, unplug } from '../../state/driver.ts';
import { HandCsms } from '../../testing/hand-csms.ts';

const CARD = { value: 'CARD-1', type: 'idTag' };

async function booted(over: Partial<ConstructorParameters<typeof HandCsms>[0]> = {}): Promise<HandCsms> {
  const csms = new HandCsms({ version: '1.6', ...over });
  await csms.boot();
  return csms;
}

async function charging(csms: HandCsms): Promise<void> {
  csms.act((core) => plugIn(core, 1, 1));
  csms.act((core) => presentToken(core, CARD));
  await csms.run(10_000);
}

describe('1.6 station: boot', () => {
  it('boots, then tells connector 0 and every connector, then a security event', async () => {
    const csms = await booted();
    expect(csms.actions()).toEqual([
      'BootNotification',
      'StatusNotification',
      'StatusNotification',
      'StatusNotification',
      'SecurityEventNotification',
    ]);
    expect(csms.of('StatusNotification').map((s) => [s['connectorId'], s['status'], s['errorCode']])).toEqual([
      [0, 'Available', 'NoError'],
      [1, 'Available', 'NoError'],
      [2, 'Available', 'NoError'],
    ]);
    expect(csms.of('BootNotification')[0]).toEqual({
      chargePointVendor: 'Compote',
      chargePointModel: 'AC22-Duo',
      chargePointSerialNumber: 'SIM-0001',
      firmwareVersion: '1.0.0',
      meterType: 'Simulated',
    });
  });

  it('while Pending sends nothing but Boot after the interval, and what is triggered', async () => {
    const csms = new HandCsms({
      version: '1.6',
      replies: { BootNotification: '{"status":"Pending","currentTime":"2026-03-02T08:00:00Z","interval":60}' },
    });
    await csms.boot();
    csms.act((core) => plugIn(core, 1, 1));
    await csms.run(59_000);
    expect(csms.actions()).toEqual(['BootNotification']);
    expect(await csms.result('TriggerMessage', '{"requestedMessage":"Heartbeat"}')).toEqual({ status: 'Accepted' });
    expect(await csms.result('RemoteStartTransaction', '{"idTag":"X"}')).toEqual({ status: 'Rejected' });
    await csms.run(2_000);
    expect(csms.actions()).toEqual(['BootNotification', 'Heartbeat', 'BootNotification']);
  });

  it('once rejected does not answer, and boots again after the interval', async () => {
    const csms = new HandCsms({
      version: '1.6',
      replies: { BootNotification: '{"status":"Rejected","currentTime":"2026-03-02T08:00:00Z","interval":10}' },
    });
    await csms.boot();
    await expect(csms.call('GetConfiguration', '{}')).rejects.toThrow('No answer');
    await csms.run(10_001);
    expect(csms.actions()).toEqual(['BootNotification', 'BootNotification']);
  });

  it('sends heartbeats at the interval of the boot answer', async () => {
    const csms = await booted();
    csms.take();
    await csms.run(900_000);
    expect(csms.actions()).toEqual(['Heartbeat', 'Heartbeat', 'Heartbeat']);
  });
});

describe('1.6 station: a session', () => {
  it('plug, card, charge, card, unplug: the messages in order and the energy adds up', async () => {
    const csms = await booted();
    csms.take();
    await charging(csms);
    await csms.run(3_600_000 - 10_000);
    csms.act((core) => presentToken(core, CARD));
    await csms.run(1_000);
    csms.act((core) => unplug(core, 1, 1));
    await csms.run(1_000);
    const seen = csms.take().filter((one) => one.action !== 'Heartbeat' && one.action !== 'MeterValues');
    expect(seen.map((one) => `${one.action} ${String(one.payload['status'] ?? '')}`.trim())).toEqual([
      'StatusNotification Preparing',
      'Authorize',
      'StartTransaction',
      'StatusNotification Charging',
      'StatusNotification Finishing',
      'StopTransaction',
      'StatusNotification Available',
    ]);
    const start = seen[2]?.payload;
    const stop = seen[5]?.payload;
    expect(start).toEqual({ connectorId: 1, idTag: 'CARD-1', meterStart: 0, timestamp: '2026-03-02T08:00:00.000Z' });
    expect(stop).toMatchObject({ transactionId: 42, idTag: 'CARD-1' });
    expect(stop).not.toHaveProperty('reason');
    // 32 A on three phases for an hour, minus the reaction time; the compact car takes all of it.
    expect(stop?.['meterStop']).toBeGreaterThan(21_500);
    expect(stop?.['meterStop']).toBeLessThan(22_500);
  });

  it('samples every interval with the transaction id, power and current that fit the energy', async () => {
    const csms = await booted();
    await csms.result(
      'ChangeConfiguration',
      '{"key":"MeterValuesSampledData","value":"Energy.Active.Import.Register,Power.Active.Import,Current.Import,Voltage"}',
    );
    await charging(csms);
    await csms.run(300_000);
    const samples = csms.of('MeterValues');
    expect(samples).toHaveLength(5);
    let last = -1;
    for (const message of samples) {
      expect(message).toMatchObject({ connectorId: 1, transactionId: 42 });
      const [value] = message['meterValue'] as {
        sampledValue: { measurand: string; value: string; phase?: string; context: string }[];
      }[];
      const read = (measurand: string, phase?: string): number =>
        Number(value?.sampledValue.find((one) => one.measurand === measurand && one.phase === phase)?.value);
      const sum = ['L1', 'L2', 'L3'].reduce(
        (total, phase) => total + read('Current.Import', phase) * read('Voltage', `${phase}-N`),
        0,
      );
      expect(Math.abs(read('Power.Active.Import') - sum)).toBeLessThan(10);
      expect(read('Energy.Active.Import.Register')).toBeGreaterThan(last);
      last = read('Energy.Active.Import.Register');
      expect(value?.sampledValue[0]?.context).toBe('Sample.Periodic');
    }
  });

  it('a refused card starts nothing', async () => {
    const csms = await booted({ replies: { Authorize: '{"idTagInfo":{"status":"Blocked"}}' } });
    await charging(csms);
    expect(csms.actions()).not.toContain('StartTransaction');
    expect(csms.happened.at(-1)).toMatchObject({ what: 'refused', data: { why: 'Blocked' } });
  });

  it('StartTransaction answered with Invalid stops with DeAuthorized and keeps the cable locked', async () => {
    const csms = await booted({
      replies: { StartTransaction: '{"transactionId":7,"idTagInfo":{"status":"Invalid"}}' },
    });
    await charging(csms);
    expect(csms.of('StopTransaction')).toMatchObject([{ transactionId: 7, reason: 'DeAuthorized' }]);
    expect(csms.station.machine.core.evses[0]?.connectors[0]?.locked).toBe(true);
    csms.act((core) => presentToken(core, CARD));
    expect(csms.station.machine.core.evses[0]?.connectors[0]?.locked).toBe(false);
  });

  it('StopTransactionOnInvalidId=false holds energy back instead', async () => {
    const csms = await booted({
      replies: { StartTransaction: '{"transactionId":7,"idTagInfo":{"status":"Invalid"}}' },
    });
    await csms.result('ChangeConfiguration', '{"key":"StopTransactionOnInvalidId","value":"false"}');
    await charging(csms);
    expect(csms.of('StopTransaction')).toEqual([]);
    expect(csms.of('StatusNotification').at(-1)).toMatchObject({ connectorId: 1, status: 'SuspendedEVSE' });
  });

  it('unplugging at the car ends it with EVDisconnected', async () => {
    const csms = await booted();
    await charging(csms);
    csms.act((core) => unplug(core, 1, 1, 'ev'));
    await csms.run(1_000);
    expect(csms.of('StopTransaction')).toMatchObject([{ transactionId: 42, reason: 'EVDisconnected' }]);
    expect(csms.of('StatusNotification').at(-1)).toMatchObject({ status: 'Available' });
  });

  it('collects transactionData with begin and end when StopTxnSampledData asks for it', async () => {
    const csms = await booted();
    await csms.result('ChangeConfiguration', '{"key":"StopTxnSampledData","value":"Energy.Active.Import.Register"}');
    await charging(csms);
    await csms.run(120_000);
    csms.act((core) => presentToken(core, CARD));
    await csms.run(1_000);
    const data = csms.of('StopTransaction')[0]?.['transactionData'] as { sampledValue: { context: string }[] }[];
    expect(data.map((one) => one.sampledValue[0]?.context)).toEqual([
      'Transaction.Begin',
      'Sample.Periodic',
      'Sample.Periodic',
      'Transaction.End',
    ]);
  });

  it('authorization lapses when nobody plugs in', async () => {
    const csms = await booted();
    csms.act((core) => presentToken(core, CARD));
    await csms.run(61_000);
    expect(
      csms
        .of('StatusNotification')
        .slice(3)
        .map((s) => s['status']),
    ).toEqual(['Preparing', 'Available']);
    expect(csms.actions()).not.toContain('StartTransaction');
  });
});

describe('1.6 station: remote start and stop', () => {
  it('answers first, then starts and stops with reason Remote', async () => {
    const csms = await booted();
    csms.act((core) => plugIn(core, 2, 1));
    await csms.run(1_000);
    expect(await csms.result('RemoteStartTransaction', '{"connectorId":2,"idTag":"REMOTE"}')).toEqual({
      status: 'Accepted',
    });
    await csms.run(5_000);
    expect(csms.of('StartTransaction')).toMatchObject([{ connectorId: 2, idTag: 'REMOTE' }]);
    expect(await csms.result('RemoteStopTransaction', '{"transactionId":99}')).toEqual({ status: 'Rejected' });
    expect(await csms.result('RemoteStopTransaction', '{"transactionId":42}')).toEqual({ status: 'Accepted' });
    await csms.run(1_000);
    expect(csms.of('StopTransaction')).toMatchObject([{ transactionId: 42, reason: 'Remote' }]);
    expect(csms.actions()).not.toContain('Authorize');
  });

  it('AuthorizeRemoteTxRequests asks first', async () => {
    const csms = await booted();
    await csms.result('ChangeConfiguration', '{"key":"AuthorizeRemoteTxRequests","value":"true"}');
    csms.act((core) => plugIn(core, 1, 1));
    await csms.result('RemoteStartTransaction', '{"idTag":"REMOTE"}');
    await csms.run(1_000);
    expect(csms.actions().filter((a) => a === 'Authorize' || a === 'StartTransaction')).toEqual([
      'Authorize',
      'StartTransaction',
    ]);
  });
});

describe('1.6 station: offline', () => {
  it('queues start, samples and stop, patches the transaction id, and keeps the order', async () => {
    const csms = await booted();
    await csms.result('ChangeConfiguration', '{"key":"AllowOfflineTxForUnknownId","value":"true"}');
    csms.refuseConnections = true;
    csms.cut();
    await csms.run(1_000);
    csms.take();
    await charging(csms);
    await csms.run(125_000);
    csms.act((core) => presentToken(core, CARD));
    await csms.run(1_000);
    expect(csms.actions()).toEqual([]);
    csms.refuseConnections = false;
    await csms.run(120_000);
    const queued = csms
      .take()
      .filter((one) => ['StartTransaction', 'MeterValues', 'StopTransaction', 'BootNotification'].includes(one.action));
    expect(queued.map((one) => one.action)).toEqual([
      'StartTransaction',
      'MeterValues',
      'MeterValues',
      'StopTransaction',
    ]);
    expect(queued.slice(1).map((one) => one.payload['transactionId'])).toEqual([42, 42, 42]);
    expect(queued[0]?.payload['timestamp']).toBe('2026-03-02T08:00:01.000Z');
  });

  it('refuses an unknown card offline, and takes a cached one', async () => {
    const csms = await booted();
    await charging(csms);
    csms.act((core) => presentToken(core, CARD));
    await csms.run(1_000);
    csms.refuseConnections = true;
    csms.cut();
    await csms.run(1_000);
    csms.act((core) => plugIn(core, 2, 1));
    csms.act((core) => presentToken(core, { value: 'OTHER', type: 'idTag' }, 2));
    expect(csms.station.machine.core.evses[1]?.transaction).toBeUndefined();
    csms.act((core) => presentToken(core, CARD, 2));
    expect(csms.station.machine.core.evses[1]?.transaction).toBeDefined();
  });

  it('reconnects with back-off, without a new boot', async () => {
    const csms = await booted();
    csms.refuseConnections = true;
    csms.cut();
    await csms.run(60_000);
    const failures = csms.happened.filter((one) => one.what === 'connect-failed').length;
    expect(failures).toBeGreaterThanOrEqual(2);
    expect(failures).toBeLessThanOrEqual(4);
    csms.refuseConnections = false;
    csms.take();
    await csms.run(120_000);
    expect(csms.actions().filter((action) => action !== 'Heartbeat')).toEqual([]);
    expect(csms.connections).toBe(2);
  });

  it('retries a StopTransaction that was answered with an error after interval × transmissions, then gives up', async () => {
    const csms = await booted({ replies: { StopTransaction: '[4,"ID","InternalError","",{}]' } });
    await charging(csms);
    csms.act((core) => presentToken(core, CARD));
    await csms.run(400_000);
    const at = csms.seen.filter((one) => one.action === 'StopTransaction').map((one) => one.at);
    expect(at.map((one) => Math.round((one - (at[0] ?? 0)) / 1000))).toEqual([0, 60, 180]);
  });
});

describe('1.6 station: commands', () => {
  it('soft reset ends the transaction, waits for the answer, and boots again', async () => {
    const csms = await booted();
    await charging(csms);
    csms.take();
    expect(await csms.result('Reset', '{"type":"Soft"}')).toEqual({ status: 'Accepted' });
    await csms.run(10_000);
    expect(csms.of('StopTransaction')).toMatchObject([{ reason: 'SoftReset' }]);
    const order = csms.actions().filter((a) => a === 'StopTransaction' || a === 'BootNotification');
    expect(order).toEqual(['StopTransaction', 'BootNotification']);
    expect(csms.connections).toBe(2);
  });

  it('ChangeAvailability in a transaction is scheduled and survives a reset', async () => {
    const csms = await booted();
    await charging(csms);
    expect(await csms.result('ChangeAvailability', '{"connectorId":1,"type":"Inoperative"}')).toEqual({
      status: 'Scheduled',
    });
    await csms.result('RemoteStopTransaction', '{"transactionId":42}');
    await csms.run(1_000);
    expect(csms.of('StatusNotification').at(-1)).toMatchObject({ connectorId: 1, status: 'Unavailable' });
    await csms.result('Reset', '{"type":"Hard"}');
    csms.take();
    await csms.run(20_000);
    expect(csms.of('StatusNotification').map((s) => s['status'])).toEqual(['Available', 'Unavailable', 'Available']);
  });

  it('reserves, shows it, lets only the right card in, and names the reservation in StartTransaction', async () => {
    const csms = await booted();
    const reserve = '{"connectorId":1,"expiryDate":"2026-03-02T09:00:00Z","idTag":"CARD-1","reservationId":5}';
    expect(await csms.result('ReserveNow', reserve)).toEqual({ status: 'Accepted' });
    expect(csms.of('StatusNotification').at(-1)).toMatchObject({ connectorId: 1, status: 'Reserved' });
    csms.act((core) => plugIn(core, 1, 1));
    csms.act((core) => presentToken(core, { value: 'STRANGER', type: 'idTag' }, 1));
    await csms.run(1_000);
    expect(csms.actions()).not.toContain('StartTransaction');
    csms.act((core) => presentToken(core, CARD, 1));
    await csms.run(1_000);
    expect(csms.of('StartTransaction')).toMatchObject([{ reservationId: 5 }]);
    expect(await csms.result('CancelReservation', '{"reservationId":5}')).toEqual({ status: 'Rejected' });
  });

  it('a reservation expires by itself', async () => {
    const csms = await booted();
    await csms.result(
      'ReserveNow',
      '{"connectorId":1,"expiryDate":"2026-03-02T08:10:00Z","idTag":"CARD-1","reservationId":5}',
    );
    await csms.run(600_001);
    expect(csms.of('StatusNotification').at(-1)).toMatchObject({ connectorId: 1, status: 'Available' });
  });

  it('obeys a charging profile after the reaction time, and tells the same in the composite schedule', async () => {
    const csms = await booted();
    await charging(csms);
    const set = await csms.result(
      'SetChargingProfile',
      '{"connectorId":1,"csChargingProfiles":{"chargingProfileId":1,"transactionId":42,"stackLevel":0,"chargingProfilePurpose":"TxProfile","chargingProfileKind":"Relative","chargingSchedule":{"chargingRateUnit":"A","chargingSchedulePeriod":[{"startPeriod":0,"limit":10},{"startPeriod":600,"limit":0}]}}}',
    );
    expect(set).toEqual({ status: 'Accepted' });
    await csms.run(4_000);
    await csms.result('TriggerMessage', '{"requestedMessage":"MeterValues","connectorId":1}');
    const value = csms.of('MeterValues').at(-1)?.['meterValue'] as {
      sampledValue: { measurand: string; value: string }[];
    }[];
    const power = Number(value[0]?.sampledValue.find((one) => one.measurand === 'Power.Active.Import')?.value);
    expect(power).toBeGreaterThan(6_800);
    expect(power).toBeLessThan(7_000);
    const composite = await csms.result('GetCompositeSchedule', '{"connectorId":1,"duration":900}');
    expect(composite).toMatchObject({
      status: 'Accepted',
      connectorId: 1,
      chargingSchedule: {
        chargingRateUnit: 'A',
        chargingSchedulePeriod: [
          { startPeriod: 0, limit: 10 },
          { startPeriod: 586, limit: 0 },
        ],
      },
    });
    await csms.run(600_000);
    expect(csms.of('StatusNotification').at(-1)).toMatchObject({ connectorId: 1, status: 'SuspendedEVSE' });
    expect(await csms.result('ClearChargingProfile', '{"id":1}')).toEqual({ status: 'Accepted' });
    expect(await csms.result('ClearChargingProfile', '{"id":1}')).toEqual({ status: 'Unknown' });
  });

  it('unlocking stops the transaction first', async () => {
    const csms = await booted();
    await charging(csms);
    expect(await csms.result('UnlockConnector', '{"connectorId":1}')).toEqual({ status: 'Unlocked' });
    await csms.run(1_000);
    expect(csms.of('StopTransaction')).toMatchObject([{ reason: 'UnlockCommand' }]);
    expect(await csms.result('UnlockConnector', '{"connectorId":9}')).toEqual({ status: 'NotSupported' });
  });

  it('updates firmware: downloads, installs, reboots, and boots with the new version', async () => {
    const csms = await booted();
    csms.take();
    expect(
      await csms.result(
        'UpdateFirmware',
        '{"location":"http://files.test/fw-2.1.0.bin","retrieveDate":"2026-03-02T08:00:00Z"}',
      ),
    ).toEqual({});
    await csms.run(30_000);
    expect(csms.of('FirmwareStatusNotification').map((one) => one['status'])).toEqual([
      'Downloading',
      'Downloaded',
      'Installing',
      'Installed',
    ]);
    expect(csms.of('BootNotification')).toMatchObject([{ firmwareVersion: '2.1.0' }]);
  });

  it('uploads diagnostics and tells it', async () => {
    const uploads: unknown[] = [];
    const csms = await booted({
      files: {
        run: async (request) => {
          uploads.push(request);
          return { ok: true, bytes: 5 };
        },
      },
    });
    const { fileName } = await csms.result('GetDiagnostics', '{"location":"http://files.test/logs/"}');
    await csms.run(1_000);
    expect(csms.of('DiagnosticsStatusNotification').map((one) => one['status'])).toEqual(['Uploading', 'Uploaded']);
    expect(uploads).toMatchObject([{ direction: 'upload', url: 'http://files.test/logs/', fileName }]);
  });

  it('answers unknown vendors, keys and connectors with the words of the spec', async () => {
    const csms = await booted();
    expect(await csms.result('DataTransfer', '{"vendorId":"com.example"}')).toEqual({ status: 'UnknownVendorId' });
    expect(await csms.result('DataTransfer', '{"vendorId":"org.ocpp-compote.station","messageId":"Nope"}')).toEqual({
      status: 'UnknownMessageId',
    });
    expect(await csms.result('ChangeConfiguration', '{"key":"Nope","value":"1"}')).toEqual({ status: 'NotSupported' });
    expect(
      (
        await csms.call(
          'SetChargingProfile',
          '{"connectorId":9,"csChargingProfiles":{"chargingProfileId":1,"stackLevel":0,"chargingProfilePurpose":"TxDefaultProfile","chargingProfileKind":"Relative","chargingSchedule":{"chargingRateUnit":"A","chargingSchedulePeriod":[{"startPeriod":0,"limit":10}]}}}',
        )
      ).slice(0, 3),
    ).toEqual([4, expect.any(String), 'PropertyConstraintViolation']);
  });

  it('sends a local list, starts offline from it, and tells its version', async () => {
    const csms = await booted();
    const list =
      '{"listVersion":3,"updateType":"Full","localAuthorizationList":[{"idTag":"LISTED","idTagInfo":{"status":"Accepted"}}]}';
    expect(await csms.result('SendLocalList', list)).toEqual({ status: 'Accepted' });
    expect(await csms.result('GetLocalListVersion', '{}')).toEqual({ listVersion: 3 });
    expect(await csms.result('SendLocalList', '{"listVersion":3,"updateType":"Differential"}')).toEqual({
      status: 'VersionMismatch',
    });
    csms.refuseConnections = true;
    csms.cut();
    await csms.run(100);
    csms.act((core) => plugIn(core, 1, 1));
    csms.act((core) => presentToken(core, { value: 'listed', type: 'idTag' }));
    expect(csms.station.machine.core.evses[0]?.transaction).toBeDefined();
  });
});

describe('1.6 station: connector 0', () => {
  it('tells once that the CSMS contradicts the local list, and takes it back with a new list (1.6 §3.5.2)', async () => {
    const csms = new HandCsms({ version: '1.6', replies: { Authorize: '{"idTagInfo":{"status":"Blocked"}}' } });
    await csms.boot();
    const list = (version: number): string =>
      `{"listVersion":${version},"updateType":"Full","localAuthorizationList":[{"idTag":"04A2B3C4","idTagInfo":{"status":"Accepted"}}]}`;
    await csms.result('SendLocalList', list(1));
    csms.take();
    for (let i = 0; i < 2; i++) {
      csms.act((core) => presentToken(core, { value: '04A2B3C4', type: 'idTag' }));
      await csms.run(1_000);
    }
    const conflicts = csms.of('StatusNotification').filter((one) => one['errorCode'] === 'LocalListConflict');
    expect(conflicts).toMatchObject([{ connectorId: 0, status: 'Available' }]);
    csms.take();
    await csms.result('SendLocalList', list(2));
    await csms.run(100);
    expect(csms.of('StatusNotification')).toMatchObject([{ connectorId: 0, errorCode: 'NoError' }]);
  });

  it('has clock-aligned values without a transaction id (1.6 §3.16, E 3.16)', async () => {
    const csms = new HandCsms({ version: '1.6' });
    await csms.boot();
    await csms.result('ChangeConfiguration', '{"key":"ClockAlignedDataInterval","value":"900"}');
    await csms.run(16 * 60_000);
    const main = csms.of('MeterValues').filter((one) => one['connectorId'] === 0);
    expect(main).toHaveLength(1);
    expect(main[0]).not.toHaveProperty('transactionId');
    expect(main[0]).toMatchObject({
      meterValue: [{ sampledValue: [{ context: 'Sample.Clock', location: 'Inlet', value: '0' }] }],
    });
  });
});
