import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../../../core/time.ts';
import { actionsFrom } from '../../../../protocols/ocpp/actions.ts';
import { CsmsTestBench } from '../../test-bench.ts';

const NOW = '2026-01-01T12:00:00.000Z';
const AT_NOW = 1_767_268_800_000;

/** A bench with the tokens GOOD, OLD (expired), BAD (blocked), MANY (concurrent) and a booted 1.6 station CS1. */
async function bench(script = {}) {
  const it = new CsmsTestBench();
  const token = { type: 'ISO14443', status: 'Accepted', concurrent: false } as const;
  it.state.tokens.put({ ...token, idToken: 'GOOD', groupId: 'FLEET' });
  it.state.tokens.put({ ...token, idToken: 'OLD', expiresAt: it.clock.now() - 1 });
  it.state.tokens.put({ ...token, idToken: 'BAD', status: 'Blocked' });
  it.state.tokens.put({ ...token, idToken: 'MANY', concurrent: true });
  const station = await it.station('CS1', '1.6', script);
  return { ...it, csms: it.csms, state: it.state, clock: it.clock, it, station };
}

const start = (connector: number, tag: string, meter = 1000, time = '2026-01-01T11:59:00Z') =>
  `{"connectorId":${connector},"idTag":"${tag}","meterStart":${meter},"timestamp":"${time}"}`;

describe('BootNotification (1.6 §4.2)', () => {
  it('registers the station with its vendor data and gives interval and time', async () => {
    const { station, state } = await bench();
    const answer = await station.ask(
      'BootNotification',
      '{"chargePointVendor":"ACME","chargePointModel":"AC22","chargePointSerialNumber":"S1","firmwareVersion":"1.2","iccid":"I","imsi":"M","meterType":"T","meterSerialNumber":"N"}',
    );
    expect(answer).toEqual({ status: 'Accepted', currentTime: NOW, interval: 300 });
    expect(state.stations.get('CS1')).toMatchObject({
      boot: { status: 'Accepted' },
      version: '1.6',
      info: {
        vendor: 'ACME',
        model: 'AC22',
        serial: 'S1',
        firmware: '1.2',
        iccid: 'I',
        imsi: 'M',
        meterType: 'T',
        meterSerial: 'N',
      },
    });
  });

  it('pending until released: only what a trigger asked for may come before', async () => {
    const it = new CsmsTestBench({ boot: { ...new CsmsTestBench().csms.config.boot, policy: 'pending' } });
    const station = await it.station('CS1', '1.6', { TriggerMessage: '{"status":"Accepted"}' });
    expect(it.state.stations.get('CS1')?.boot.status).toBe('Pending');
    expect(await station.ask('Heartbeat', '{}')).toMatch(/^SecurityError: /);
    await it.command('CS1', 'TriggerMessage', { requestedMessage: 'Heartbeat' });
    expect(await station.ask('Heartbeat', '{}')).toEqual({ currentTime: NOW });
    expect(await station.ask('Authorize', '{"idTag":"X"}')).toMatch(/^SecurityError: /);
    it.state.stations.update('CS1', { admission: 'accept' });
    expect(await station.ask('BootNotification', '{"chargePointVendor":"A","chargePointModel":"B"}')).toMatchObject({
      status: 'Accepted',
      interval: 300,
    });
    expect(await station.ask('Heartbeat', '{}')).toEqual({ currentTime: NOW });
  });

  it('known only: an unknown station is turned away with 404 and is on the list of refused ones', async () => {
    const it = new CsmsTestBench({ boot: { ...new CsmsTestBench().csms.config.boot, policy: 'known-only' } });
    await expect(it.station('CS9', '1.6')).rejects.toThrow('unknown-identity');
    expect(it.csms.connections.refusedStations[0]).toMatchObject({ identity: 'CS9', status: 404 });
  });

  it('messages before the first boot are answered SecurityError (errata J 3.10)', async () => {
    const it = new CsmsTestBench();
    const station = await it.station('CS1', '1.6', {}, false);
    expect(await station.ask('Heartbeat', '{}')).toMatch(/^SecurityError: /);
    expect(it.findings.map((finding) => finding.rule)).toEqual(['OCPP-BOOT-002']);
  });
});

describe('Authorize (1.6 §4.1)', () => {
  it.each([
    ['GOOD', { status: 'Accepted', parentIdTag: 'FLEET' }],
    ['good', { status: 'Accepted', parentIdTag: 'FLEET' }],
    ['OLD', { status: 'Expired', expiryDate: '2026-01-01T11:59:59.999Z' }],
    ['BAD', { status: 'Blocked' }],
    ['NOBODY', { status: 'Invalid' }],
  ])('%s is %j', async (tag, idTagInfo) => {
    const { station } = await bench();
    expect(await station.ask('Authorize', `{"idTag":"${tag}"}`)).toEqual({ idTagInfo });
  });

  it('a tag that is charging elsewhere may still be authorized: concurrency counts at the start', async () => {
    const { station } = await bench();
    await station.ask('StartTransaction', start(1, 'GOOD'));
    expect(await station.ask('Authorize', '{"idTag":"GOOD"}')).toMatchObject({ idTagInfo: { status: 'Accepted' } });
    expect(await station.ask('StartTransaction', start(2, 'GOOD'))).toMatchObject({
      idTagInfo: { status: 'ConcurrentTx' },
    });
    await station.ask('StartTransaction', start(3, 'MANY'));
    expect(await station.ask('StartTransaction', start(4, 'MANY'))).toMatchObject({
      idTagInfo: { status: 'Accepted' },
    });
  });

  it('an unknown tag is asked elsewhere when there is somebody to ask, and the answer may take its time', async () => {
    const it = new CsmsTestBench(
      {},
      {
        askRoaming: ({ idToken }, done) => {
          it.clock.after(3_000, () =>
            done(idToken === 'ROAM' ? { status: 'Accepted', reason: 'EMP', by: 'roaming' } : undefined),
          );
        },
      },
    );
    const station = await it.station('CS1', '1.6');
    await station.tell('[2,"r1","Authorize",{"idTag":"ROAM"}]');
    expect(station.heard.at(-1)).not.toMatch(/r1/);
    await it.clock.runFor(3_001);
    expect(station.heard.at(-1)).toBe('[3,"r1",{"idTagInfo":{"status":"Accepted"}}]');
  });
});

describe('transactions (1.6 §4.8, §4.10)', () => {
  it('start, meter values and stop on any connector make one record', async () => {
    const { station, state } = await bench();
    const { transactionId, idTagInfo } = await station.ask('StartTransaction', start(7, 'GOOD', 1000));
    expect([transactionId, idTagInfo.status]).toEqual([1, 'Accepted']);
    await station.ask(
      'MeterValues',
      '{"connectorId":7,"transactionId":1,"meterValue":[{"timestamp":"2026-01-01T12:10:00Z","sampledValue":[{"value":"2.5","unit":"kWh"},{"value":"3680","measurand":"Power.Active.Import","phase":"L1"},{"value":"3680","measurand":"Power.Active.Import","phase":"L2"},{"value":"16","measurand":"Current.Import"}]}]}',
    );
    expect(state.transactions.get('CS1', 1)).toMatchObject({
      state: 'active',
      evse: 7,
      energyWh: 1500,
      reading: { powerW: 7360, currentA: 16 },
    });
    expect(state.stations.readingsOf('CS1').get(7)).toMatchObject({ energyWh: 2500, powerW: 7360 });
    const answer = await station.ask(
      'StopTransaction',
      '{"transactionId":1,"idTag":"GOOD","meterStop":4000,"timestamp":"2026-01-01T12:30:00Z","reason":"EVDisconnected"}',
    );
    expect(answer).toEqual({ idTagInfo: { status: 'Accepted', parentIdTag: 'FLEET' } });
    expect(state.transactions.get('CS1', 1)).toMatchObject({
      state: 'ended',
      energyWh: 3000,
      meterStopWh: 4000,
      stoppedReason: 'EVDisconnected',
      remarks: [],
    });
  });

  it('a refused tag gets its transaction and its status', async () => {
    const { station, state } = await bench();
    expect(await station.ask('StartTransaction', start(1, 'BAD'))).toEqual({
      transactionId: 1,
      idTagInfo: { status: 'Blocked' },
    });
    expect(state.transactions.get('CS1', 1)?.authorization).toBe('Blocked');
  });

  it('a repeated StartTransaction gets the same id and makes no second record', async () => {
    const { station, state } = await bench();
    expect(await station.ask('StartTransaction', start(1, 'GOOD'))).toMatchObject({
      transactionId: 1,
      idTagInfo: { status: 'Accepted' },
    });
    expect(await station.ask('StartTransaction', start(1, 'GOOD'))).toMatchObject({
      transactionId: 1,
      idTagInfo: { status: 'Accepted' },
    });
    expect(state.transactions.count()).toBe(1);
  });

  it('ids are unique over stations and restarts', async () => {
    const { it, station } = await bench();
    await station.ask('StartTransaction', start(1, 'GOOD'));
    const other = await it.station('CS2', '1.6');
    expect((await other.ask('StartTransaction', start(1, 'MANY'))).transactionId).toBe(2);
    const again = new CsmsTestBench({}, { database: it.database });
    const third = await again.station('CS3', '1.6');
    expect((await third.ask('StartTransaction', start(1, 'MANY'))).transactionId).toBe(3);
  });

  it('a stop without a start, and with id -1, is answered and kept (errata 3.18)', async () => {
    const { station, state } = await bench();
    expect(
      await station.ask('StopTransaction', '{"transactionId":77,"meterStop":10,"timestamp":"2026-01-01T12:30:00Z"}'),
    ).toEqual({});
    expect(state.transactions.get('CS1', 77)?.remarks).toEqual(['Stopped, but its start is not known here']);
    await station.ask('StartTransaction', start(1, 'GOOD'));
    await station.ask('StopTransaction', '{"transactionId":-1,"meterStop":1200,"timestamp":"2026-01-01T12:31:00Z"}');
    expect(state.transactions.get('CS1', 1)).toMatchObject({ state: 'ended', energyWh: 200 });
  });

  it('a repeated stop changes nothing', async () => {
    const { station, state } = await bench();
    await station.ask('StartTransaction', start(1, 'GOOD'));
    await station.ask('StopTransaction', '{"transactionId":1,"meterStop":1200,"timestamp":"2026-01-01T12:31:00Z"}');
    await station.ask('StopTransaction', '{"transactionId":1,"meterStop":9999,"timestamp":"2026-01-01T12:35:00Z"}');
    expect(state.transactions.get('CS1', 1)).toMatchObject({ meterStopWh: 1200, energyWh: 200 });
  });

  it('meter values are on disk before they are answered', async () => {
    const { it, station } = await bench();
    await station.ask('StartTransaction', start(1, 'GOOD', 1000));
    await station.ask(
      'MeterValues',
      '{"connectorId":1,"transactionId":1,"meterValue":[{"timestamp":"2026-01-01T12:10:00Z","sampledValue":[{"value":"1500"}]}]}',
    );
    const row = it.database.get('select json from transactions where key = ?', 'CS1/1');
    expect(JSON.parse(String(row?.['json']))).toMatchObject({ state: 'active', energyWh: 500, events: 2 });
  });

  it('meter values that are nonsense are answered (§4.7)', async () => {
    const { station } = await bench();
    expect(
      await station.ask(
        'MeterValues',
        '{"connectorId":1,"transactionId":99,"meterValue":[{"timestamp":"2026-01-01T12:10:00Z","sampledValue":[{"value":"abc"}]}]}',
      ),
    ).toEqual({});
  });

  it('a start consumes its reservation', async () => {
    const { it, station, state } = await bench({ ReserveNow: '{"status":"Accepted"}' });
    await it.command('CS1', 'ReserveNow', {
      connectorId: 1,
      expiryDate: '2026-01-01T13:00:00Z',
      idTag: 'GOOD',
      reservationId: 5,
    });
    await station.ask(
      'StartTransaction',
      '{"connectorId":1,"idTag":"GOOD","meterStart":0,"timestamp":"2026-01-01T12:00:00Z","reservationId":5}',
    );
    expect(state.items.get('CS1', 'reservations', 5)).toMatchObject({ status: 'Used', value: { transactionId: '1' } });
  });
});

describe('status, jobs, events', () => {
  it('StatusNotification keeps each connector, 0 is the station (§4.9)', async () => {
    const { station, state } = await bench();
    await station.ask('StatusNotification', '{"connectorId":0,"errorCode":"NoError","status":"Available"}');
    await station.ask(
      'StatusNotification',
      '{"connectorId":12,"errorCode":"GroundFailure","status":"Faulted","info":"wet","vendorErrorCode":"E7","timestamp":"2026-01-01T11:00:00Z"}',
    );
    expect(state.stations.get('CS1')?.evses).toEqual([
      { id: 0, connectors: [{ id: 0, status: 'Available', since: AT_NOW, errorCode: 'NoError' }] },
      {
        id: 12,
        connectors: [
          {
            id: 1,
            status: 'Faulted',
            since: AT_NOW - HOUR_MS,
            errorCode: 'GroundFailure',
            info: 'wet',
            vendorErrorCode: 'E7',
          },
        ],
      },
    ]);
  });

  it('a running transaction follows the status of its connector', async () => {
    const { station, state } = await bench();
    await station.ask('StartTransaction', start(2, 'GOOD'));
    await station.ask('StatusNotification', '{"connectorId":2,"errorCode":"NoError","status":"SuspendedEV"}');
    expect(state.transactions.get('CS1', 1)?.chargingState).toBe('SuspendedEV');
  });

  it.each([
    ['FirmwareStatusNotification', '{"status":"Downloading"}', 'firmware', 'Downloading'],
    ['DiagnosticsStatusNotification', '{"status":"Uploaded"}', 'diagnostics', 'Uploaded'],
    ['LogStatusNotification', '{"status":"Uploading","requestId":4}', 'log-4', 'Uploading'],
    [
      'SignedFirmwareStatusNotification',
      '{"status":"SignatureVerified","requestId":9}',
      'firmware-9',
      'SignatureVerified',
    ],
  ])('%s moves its job', async (action, payload, id, status) => {
    const { station, state } = await bench();
    expect(await station.ask(action, payload)).toEqual({});
    expect(state.items.get('CS1', 'jobs', id)).toMatchObject({ status, value: { steps: [{ status, at: NOW }] } });
  });

  it('SecurityEventNotification, DataTransfer and SignCertificate are kept', async () => {
    const { station, state } = await bench();
    expect(
      await station.ask(
        'SecurityEventNotification',
        '{"type":"TamperDetectionActivated","timestamp":"2026-01-01T11:00:00Z","techInfo":"lid"}',
      ),
    ).toEqual({});
    expect(await station.ask('DataTransfer', '{"vendorId":"com.acme","data":"x"}')).toEqual({
      status: 'UnknownVendorId',
    });
    expect(
      await station.ask(
        'SignCertificate',
        '{"csr":"-----BEGIN CERTIFICATE REQUEST-----\\nAA==\\n-----END CERTIFICATE REQUEST-----"}',
      ),
    ).toEqual({ status: 'Accepted' });
    expect(await station.ask('SignCertificate', '{"csr":"nonsense"}')).toEqual({ status: 'Rejected' });
    expect(state.items.all('CS1', 'security-events')[0]).toMatchObject({
      status: 'TamperDetectionActivated',
      value: { techInfo: 'lid' },
    });
    expect(state.items.all('CS1', 'data-transfers')[0]).toMatchObject({
      status: 'UnknownVendorId',
      value: { direction: 'from-station', data: 'x' },
    });
    expect(state.items.all('CS1', 'certificates')[0]).toMatchObject({ status: 'Requested' });
  });

  it('a known vendor is accepted, an unknown message of it is said so (§4.3)', async () => {
    const it = new CsmsTestBench({ dataTransfer: { vendors: { 'com.acme': { messageIds: ['hello'] } } } });
    const station = await it.station('CS1', '1.6');
    expect(await station.ask('DataTransfer', '{"vendorId":"com.acme","messageId":"hello"}')).toEqual({
      status: 'Accepted',
    });
    expect(await station.ask('DataTransfer', '{"vendorId":"com.acme","messageId":"bye"}')).toEqual({
      status: 'UnknownMessageId',
    });
  });
});

describe('a second connection takes over', () => {
  it('the old socket is closed and nothing ever goes to it again; the state stays', async () => {
    const { it, station, state } = await bench({ ClearCache: '{"status":"Accepted"}' });
    await station.ask('StatusNotification', '{"connectorId":1,"errorCode":"NoError","status":"Available"}');
    const next = await it.station('CS1', '1.6', { ClearCache: '{"status":"Rejected"}' }, false);
    expect(station.closedWith).toBe(1000);
    const outcome = await it.command('CS1', 'ClearCache', {});
    expect(outcome).toMatchObject({ kind: 'result', payload: { status: 'Rejected' } });
    expect(station.commands).toEqual([]);
    expect(await next.ask('Heartbeat', '{}')).toEqual({ currentTime: NOW });
    expect(state.stations.get('CS1')?.evses).toHaveLength(1);
  });
});

const HASH = { hashAlgorithm: 'SHA256', issuerNameHash: 'aa', issuerKeyHash: 'bb', serialNumber: '01' };
const HASH_TEXT = '{"hashAlgorithm":"SHA256","issuerNameHash":"aa","issuerKeyHash":"bb","serialNumber":"01"}';
const PROFILE = {
  chargingProfileId: 8,
  stackLevel: 1,
  chargingProfilePurpose: 'TxDefaultProfile',
  chargingProfileKind: 'Relative',
  chargingSchedule: { chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: 10 }] },
};

/** command, request, accepted answer, refusing answer (undefined: has none), and what the state then shows. */
const COMMANDS: readonly (readonly [
  string,
  object,
  string,
  string | undefined,
  (b: Awaited<ReturnType<typeof bench>>) => unknown,
  unknown,
])[] = [
  [
    'CancelReservation',
    { reservationId: 1 },
    '{"status":"Accepted"}',
    '{"status":"Rejected"}',
    ({ state }) => state.items.get('CS1', 'reservations', 1)?.status,
    'Cancelled',
  ],
  [
    'CertificateSigned',
    { certificateChain: 'PEM' },
    '{"status":"Accepted"}',
    '{"status":"Rejected"}',
    ({ state }) => state.items.get('CS1', 'certificates', 'request-ChargingStationCertificate')?.status,
    'Signed',
  ],
  [
    'ChangeAvailability',
    { connectorId: 2, type: 'Inoperative' },
    '{"status":"Scheduled"}',
    '{"status":"Rejected"}',
    ({ state }) => state.stations.connectorsOf('CS1', 2)[0]?.connector.operational,
    'Inoperative',
  ],
  [
    'ChangeConfiguration',
    { key: 'HeartbeatInterval', value: '60' },
    '{"status":"Accepted"}',
    '{"status":"NotSupported"}',
    ({ state }) => [
      state.items.get('CS1', 'variables', 'heartbeatinterval')?.value['value'],
      state.stations.get('CS1')?.heartbeatIntervalS,
    ],
    ['60', 60],
  ],
  [
    'ClearCache',
    {},
    '{"status":"Accepted"}',
    undefined,
    ({ state }) => state.items.all('CS1', 'commands')[0]?.status,
    'Accepted',
  ],
  [
    'ClearChargingProfile',
    { id: 3 },
    '{"status":"Accepted"}',
    '{"status":"Unknown"}',
    ({ state }) => state.items.get('CS1', 'profiles', 3),
    undefined,
  ],
  [
    'DataTransfer',
    { vendorId: 'com.acme', data: 'x' },
    '{"status":"Accepted","data":"y"}',
    undefined,
    ({ state }) => state.items.all('CS1', 'data-transfers')[0]?.value,
    { direction: 'to-station', vendorId: 'com.acme', data: 'x', answer: 'y' },
  ],
  [
    'DeleteCertificate',
    { certificateHashData: HASH },
    '{"status":"Accepted"}',
    '{"status":"Failed"}',
    ({ state }) => state.items.get('CS1', 'certificates', 'sha256-aa-bb-01'),
    undefined,
  ],
  [
    'ExtendedTriggerMessage',
    { requestedMessage: 'Heartbeat' },
    '{"status":"Accepted"}',
    undefined,
    ({ state }) => state.items.all('CS1', 'commands')[0]?.value,
    { command: 'ExtendedTriggerMessage', requestedMessage: 'Heartbeat' },
  ],
  [
    'GetCompositeSchedule',
    { connectorId: 1, duration: 600 },
    '{"status":"Accepted","connectorId":1,"scheduleStart":"2026-01-01T12:00:00Z","chargingSchedule":{"chargingRateUnit":"A","chargingSchedulePeriod":[{"startPeriod":0,"limit":6}]}}',
    '{"status":"Rejected"}',
    ({ state }) => state.items.get('CS1', 'composites', 1)?.value['scheduleStart'],
    '2026-01-01T12:00:00Z',
  ],
  [
    'GetConfiguration',
    {},
    '{"configurationKey":[{"key":"NumberOfConnectors","readonly":true,"value":"2"}],"unknownKey":["Gone"]}',
    undefined,
    ({ state }) => [
      state.items.get('CS1', 'variables', 'numberofconnectors')?.value['value'],
      state.items.get('CS1', 'variables', 'gone'),
    ],
    ['2', undefined],
  ],
  [
    'GetDiagnostics',
    { location: 'http://127.0.0.1/x' },
    '{"fileName":"d.log"}',
    '{}',
    ({ state }) => state.items.get('CS1', 'jobs', 'diagnostics')?.value['fileName'],
    'd.log',
  ],
  [
    'GetInstalledCertificateIds',
    { certificateType: 'ManufacturerRootCertificate' },
    `{"status":"Accepted","certificateHashData":[${HASH_TEXT}]}`,
    undefined,
    ({ state }) => state.items.get('CS1', 'certificates', 'sha256-aa-bb-01')?.value['certificateType'],
    'ManufacturerRootCertificate',
  ],
  [
    'GetLocalListVersion',
    {},
    '{"listVersion":7}',
    undefined,
    ({ state }) => state.stations.get('CS1')?.localListVersion,
    7,
  ],
  [
    'GetLog',
    { logType: 'SecurityLog', requestId: 6, log: { remoteLocation: 'http://127.0.0.1/x' } },
    '{"status":"Accepted","filename":"s.log"}',
    '{"status":"Rejected"}',
    ({ state }) => state.items.get('CS1', 'jobs', 'log-6')?.value['filename'],
    's.log',
  ],
  [
    'InstallCertificate',
    { certificateType: 'CentralSystemRootCertificate', certificate: 'PEM' },
    '{"status":"Accepted"}',
    '{"status":"Failed"}',
    ({ state }) => state.items.all('CS1', 'certificates').some((item) => item.status === 'Accepted'),
    true,
  ],
  [
    'RemoteStartTransaction',
    { idTag: 'GOOD', connectorId: 1 },
    '{"status":"Accepted"}',
    undefined,
    ({ state }) => state.items.all('CS1', 'commands')[0]?.value,
    { command: 'RemoteStartTransaction', connectorId: 1, idTag: 'GOOD' },
  ],
  [
    'RemoteStopTransaction',
    { transactionId: 4 },
    '{"status":"Accepted"}',
    undefined,
    ({ state }) => state.items.all('CS1', 'commands')[0]?.value['transactionId'],
    4,
  ],
  [
    'ReserveNow',
    { connectorId: 1, expiryDate: '2026-01-01T13:00:00Z', idTag: 'GOOD', reservationId: 2 },
    '{"status":"Accepted"}',
    '{"status":"Occupied"}',
    ({ state }) => state.items.get('CS1', 'reservations', 2)?.status,
    'Active',
  ],
  [
    'Reset',
    { type: 'Soft' },
    '{"status":"Accepted"}',
    undefined,
    ({ state }) => state.items.all('CS1', 'commands')[0]?.value,
    { command: 'Reset', type: 'Soft' },
  ],
  [
    'SendLocalList',
    {
      listVersion: 9,
      updateType: 'Differential',
      localAuthorizationList: [{ idTag: 'NEW', idTagInfo: { status: 'Accepted' } }, { idTag: 'HAD' }],
    },
    '{"status":"Accepted"}',
    '{"status":"VersionMismatch"}',
    ({ state }) => [
      state.stations.get('CS1')?.localListVersion,
      state.items.all('CS1', 'local-list').map((item) => item.id),
    ],
    [9, ['new']],
  ],
  [
    'SetChargingProfile',
    { connectorId: 1, csChargingProfiles: PROFILE },
    '{"status":"Accepted"}',
    '{"status":"NotSupported"}',
    ({ state }) => [state.items.get('CS1', 'profiles', 8)?.value['purpose'], state.items.get('CS1', 'profiles', 4)],
    ['TxDefaultProfile', undefined],
  ],
  [
    'SignedUpdateFirmware',
    {
      requestId: 3,
      firmware: {
        location: 'http://127.0.0.1/f',
        retrieveDateTime: '2026-01-01T12:00:00Z',
        signingCertificate: 'PEM',
        signature: 'S',
      },
    },
    '{"status":"Accepted"}',
    '{"status":"Rejected"}',
    ({ state }) => state.items.get('CS1', 'jobs', 'firmware-3')?.status,
    'Accepted',
  ],
  [
    'TriggerMessage',
    { requestedMessage: 'Heartbeat' },
    '{"status":"NotImplemented"}',
    undefined,
    ({ state }) => state.items.all('CS1', 'commands')[0]?.status,
    'NotImplemented',
  ],
  [
    'UnlockConnector',
    { connectorId: 1 },
    '{"status":"Unlocked"}',
    undefined,
    ({ state }) => state.items.all('CS1', 'commands')[0]?.status,
    'Unlocked',
  ],
  [
    'UpdateFirmware',
    { location: 'http://127.0.0.1/f', retrieveDate: '2026-01-01T12:00:00Z' },
    '{}',
    undefined,
    ({ state }) => state.items.get('CS1', 'jobs', 'firmware')?.status,
    'Accepted',
  ],
];

/** What a station already has before the command: a reservation, two profiles, a list entry, a certificate. */
function furnish({ state, clock }: Awaited<ReturnType<typeof bench>>): void {
  const item = { station: 'CS1', at: clock.now() } as const;
  const profile = { purpose: 'TxDefaultProfile', kind: 'Relative', source: 'set', profile: {} };
  state.items.put({ ...item, kind: 'reservations', id: '1', status: 'Active', value: {} });
  state.items.put({ ...item, kind: 'profiles', id: '3', evse: 1, value: { ...profile, id: 3, stackLevel: 0 } });
  state.items.put({ ...item, kind: 'profiles', id: '4', evse: 1, value: { ...profile, id: 4, stackLevel: 1 } });
  state.items.put({ ...item, kind: 'local-list', id: 'had', value: {} });
  state.items.put({ ...item, kind: 'variables', id: 'gone', value: {} });
  state.items.put({
    ...item,
    kind: 'certificates',
    id: 'sha256-aa-bb-01',
    status: 'Installed',
    value: { certificateType: 'CentralSystemRootCertificate' },
  });
}

describe('commands change the state when the station took them', () => {
  it('every command of 1.6 is in the table', () => {
    expect(COMMANDS.map(([action]) => action).sort()).toEqual(actionsFrom('1.6', 'csms').sort());
  });

  it.each(COMMANDS)('%s', async (action, request, accepted, _refused, look, expected) => {
    const all = await bench({ [action]: accepted });
    furnish(all);
    expect(await all.it.command('CS1', action, request)).toMatchObject({
      kind: 'result',
      payload: JSON.parse(accepted),
    });
    expect(look(all)).toEqual(expected);
    expect(all.it.defects).toEqual([]);
  });
});

describe('commands that were not taken change nothing', () => {
  it.each(COMMANDS)(
    '%s refused, CALLERROR, or no answer',
    async (action, request, _accepted, refused, look, expected) => {
      for (const answer of [
        ...(refused === undefined ? [] : [refused]),
        { error: 'InternalError' },
        'silence' as const,
      ]) {
        const all = await bench({ [action]: answer });
        furnish(all);
        const before = look(all);
        await all.it.command('CS1', action, request);
        expect(look(all)).toEqual(before);
        expect(before).not.toEqual(expected);
      }
    },
  );
});

it('a new AuthorizationKey is masked in the state and becomes the next password', async () => {
  const { it, state } = await bench({ ChangeConfiguration: '{"status":"Accepted"}' });
  await it.command('CS1', 'ChangeConfiguration', {
    key: 'AuthorizationKey',
    value: '00112233445566778899aabbccddeeff',
  });
  expect(state.items.get('CS1', 'variables', 'authorizationkey')?.value['value']).toBe('***');
  expect(state.stations.get('CS1')?.nextPasswordHash).toMatch(/^[0-9a-f]{64}$/);
});

it('simulate inbound: a text is handled as if the station had sent it, and marked', async () => {
  const { it, station } = await bench();
  const answers = await new Promise<readonly string[]>((resolve) => {
    it.csms.simulateInbound('CS1', '1.6', '[2,"sim","Heartbeat",{}]', (simulated) => {
      resolve(simulated.map(({ text }) => text));
    });
    void it.clock.settle();
  });
  expect(answers).toEqual([`[3,"sim",{"currentTime":"${NOW}"}]`]);
  expect(it.entries.filter((entry) => entry.flags?.includes('synthetic')).map((entry) => entry.action)).toEqual([
    'Heartbeat',
    'Heartbeat',
  ]);
  expect(await station.ask('Heartbeat', '{}')).toEqual({ currentTime: NOW });
});
