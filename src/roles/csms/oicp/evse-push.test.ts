import { describe, expect, it } from 'vitest';
import { CpoTestBench, OK } from './test-bench.ts';

const DATA = 'DE*ABC/data-records';
const STATUS = 'DE*ABC/status-records';
const statuses = (bench: CpoTestBench): unknown[] =>
  bench
    .of(STATUS)
    .map(({ body }) => [
      body.ActionType,
      ...body.OperatorEvseStatus.EvseStatusRecord.map(
        (each: { EvseID: string; EvseStatus: string }) => each.EvseStatus,
      ),
    ]);

describe('EVSE data', () => {
  it('CPO-PD-01, CPO-PD-11, CPO-PS-02, CPO-PS-03: first a fullLoad of complete records, then the status of all', async () => {
    const bench = new CpoTestBench();
    const station = await bench.csms.station('CS-1.a', '1.6');
    await bench.status(station, '1.6', 'Available', 1);
    await bench.status(station, '1.6', 'Faulted', 2);
    await bench.run(2_000);
    expect(bench.heard.map(({ what, body }) => `${what} ${body.ActionType}`)).toEqual([
      `${DATA} fullLoad`,
      `${STATUS} fullLoad`,
    ]);
    const records = bench.of(DATA)[0]?.body.OperatorEvseData.EvseDataRecord;
    expect(records.map(({ EvseID }: { EvseID: string }) => EvseID)).toEqual(['DE*ABC*ECS*1*A*1', 'DE*ABC*ECS*1*A*2']);
    expect(records[0]).toEqual({
      EvseID: 'DE*ABC*ECS*1*A*1',
      ChargingStationID: 'CS-1.a',
      ChargingStationNames: [{ lang: 'en', value: 'CS-1.a' }],
      HardwareManufacturer: 'ACME',
      Address: {
        Country: 'DEU',
        City: 'Berlin',
        Street: 'Test Street',
        PostalCode: '10115',
        HouseNum: '1',
        TimeZone: 'UTC+01:00',
      },
      GeoCoordinates: { DecimalDegree: { Latitude: '52.520008', Longitude: '13.404954' } },
      Plugs: ['Type 2 Outlet'],
      ChargingFacilities: [{ PowerType: 'AC_3_PHASE', Power: 22 }],
      RenewableEnergy: false,
      CalibrationLawDataAvailability: 'Not Available',
      AuthenticationModes: ['NFC RFID Classic', 'REMOTE'],
      PaymentOptions: ['Contract'],
      ValueAddedServices: ['Reservation'],
      Accessibility: 'Test Station',
      HotlinePhoneNumber: '+49301234567',
      IsOpen24Hours: true,
      IsHubjectCompatible: true,
      DynamicInfoAvailable: 'true',
    });
    expect(statuses(bench)).toEqual([['fullLoad', 'Available', 'OutOfService']]);
  });

  it('CPO-PD-08: no second push of a kind while the hub has not answered the first', async () => {
    const bench = new CpoTestBench();
    bench.says[DATA] = { afterMs: 20_000, text: OK };
    await bench.station('1.6', 'Available');
    await bench.station('1.6', 'Available', {}, 'CS2');
    await bench.run(15_000);
    expect(bench.heard).toHaveLength(1);
    await bench.run(60_000);
    expect(bench.of(DATA).map(({ body }) => body.ActionType)).toEqual(['fullLoad', 'insert']);
    expect((bench.of(DATA)[1]?.atMs ?? 0) - (bench.of(DATA)[0]?.atMs ?? 0)).toBeGreaterThanOrEqual(20_000);
  });

  it('CPO-PD-09: 009 to an insert makes a fullLoad of everything', async () => {
    const bench = new CpoTestBench();
    await bench.station('1.6', 'Available');
    bench.says[DATA] = '{"Result":false,"StatusCode":{"Code":"009","AdditionalInfo":"known already"}}';
    await bench.station('1.6', 'Available', {}, 'CS2');
    bench.says[DATA] = OK;
    await bench.run(5_000);
    expect(bench.of(DATA).map(({ body }) => body.ActionType)).toEqual(['fullLoad', 'insert', 'fullLoad']);
    expect(bench.of(DATA).at(-1)?.body.OperatorEvseData.EvseDataRecord).toHaveLength(2);
  });

  it('GEN-08: after 503, and after a hub that was away, a push is sent again until it is taken', async () => {
    const bench = new CpoTestBench();
    bench.says[DATA] = { status: 503 };
    await bench.station('1.6', 'Available');
    await bench.run(10_000);
    bench.unplugHub();
    await bench.run(20_000);
    bench.says[DATA] = OK;
    bench.plugHub();
    await bench.run(120_000);
    const pushes = bench.of(DATA);
    expect(pushes.length).toBeGreaterThan(1);
    expect(pushes.length).toBeLessThan(8);
    expect(new Set(pushes.map(({ text }) => text)).size).toBe(1);
    expect(bench.cpo.outbox.waiting()).toEqual([]);
  });

  it('CPO-PD-10: an EVSE that is taken away is deleted', async () => {
    const bench = new CpoTestBench();
    const station = await bench.station('1.6', 'Available');
    await bench.station('1.6', 'Available', {}, 'CS2');
    await station.disconnect();
    bench.csms.csms.connections.forget('CS1');
    await bench.run(1_000);
    expect(bench.of(DATA).at(-1)?.body).toMatchObject({
      ActionType: 'delete',
      OperatorEvseData: { EvseDataRecord: [{ EvseID: 'DE*ABC*ECS1*1' }] },
    });
  });
});

describe('EVSE status', () => {
  it.each([
    ['1.6', 'Available', 'Available'],
    ['1.6', 'Preparing', 'Occupied'],
    ['1.6', 'SuspendedEV', 'Occupied'],
    ['1.6', 'SuspendedEVSE', 'Occupied'],
    ['1.6', 'Charging', 'Occupied'],
    ['1.6', 'Finishing', 'Occupied'],
    ['1.6', 'Reserved', 'Reserved'],
    ['1.6', 'Unavailable', 'OutOfService'],
    ['1.6', 'Faulted', 'OutOfService'],
    ['2.0.1', 'Occupied', 'Occupied'],
    ['2.1', 'Unavailable', 'OutOfService'],
  ] as const)('CPO-PS-01 on %s: %s is %s', async (version, status, expected) => {
    const bench = new CpoTestBench();
    await bench.station(version, status);
    expect(statuses(bench)).toEqual([['fullLoad', expected]]);
  });

  it('CPO-PS-01, CPO-PS-04: each change is one record, at once, in order, one after another', async () => {
    const bench = new CpoTestBench();
    const station = await bench.station('1.6', 'Available');
    bench.says[STATUS] = { afterMs: 3_000, text: OK };
    const before = bench.csms.clock.now();
    for (const status of ['Preparing', 'Available', 'Faulted', 'Faulted']) await bench.status(station, '1.6', status);
    expect(bench.of(STATUS)[1]?.atMs).toBe(before);
    await bench.run(20_000);
    expect(statuses(bench).slice(1)).toEqual([
      ['update', 'Occupied'],
      ['update', 'Available'],
      ['update', 'OutOfService'],
    ]);
  });

  it('while the hub is away only the last status waits, and it arrives', async () => {
    const bench = new CpoTestBench();
    const station = await bench.station('1.6', 'Available');
    bench.unplugHub();
    for (let i = 0; i < 20; i++) {
      await bench.status(station, '1.6', i % 2 === 0 ? 'Preparing' : 'Faulted');
      await bench.run(1_000);
    }
    expect(bench.cpo.outbox.waiting().length).toBeLessThanOrEqual(2);
    bench.plugHub();
    await bench.run(120_000);
    expect(statuses(bench).at(-1)).toEqual(['update', 'OutOfService']);
    expect(bench.cpo.outbox.waiting()).toEqual([]);
  });

  it('CPO-PS-05: a station that is away for long is Unknown, never EvseNotFound; a short absence is nothing', async () => {
    const bench = new CpoTestBench();
    const station = await bench.station('1.6', 'Available');
    await station.disconnect();
    await bench.run(20_000);
    expect(statuses(bench)).toHaveLength(1);
    await bench.run(20_000);
    expect(statuses(bench).at(-1)).toEqual(['update', 'Unknown']);
  });

  it('CPO-PS-03: everything is told again each day', async () => {
    const bench = new CpoTestBench();
    await bench.station('1.6', 'Available');
    await bench.run(24 * 3_600_000);
    expect(statuses(bench).filter((each) => String(each).startsWith('fullLoad'))).toHaveLength(2);
  });
});
