import { describe, expect, it } from 'vitest';
import { ACCEPT_2X, ACCEPT_16, CpoTestBench, codeOf, SESSION } from './test-bench.ts';

const OTHER = 'aaaaaaaa-02d8-4fa0-b810-9a9d50d2c527';
const CDR = 'DE*ABC/charge-detail-record';

describe.each([
  ['1.6', ACCEPT_16],
  ['2.0.1', ACCEPT_2X],
] as const)('reservations on %s', (version, script) => {
  it('CPO-RR-01: accepted, status Reserved is pushed, and another provider’s start is 601', async () => {
    const bench = new CpoTestBench();
    const station = await bench.station(version, 'Available', script);
    expect(codeOf(await bench.reservationStart())).toBe('000');
    expect(station.commands.at(-1)).toContain('ReserveNow');
    expect(station.commands.at(-1)).toContain('2026-01-01T12:15:0');
    await bench.run(2_000);
    expect(bench.of('DE*ABC/status-records').at(-1)?.body.OperatorEvseStatus.EvseStatusRecord).toEqual([
      { EvseID: 'DE*ABC*ECS1*1', EvseStatus: 'Reserved' },
    ]);
    const foreign = await bench.oicp(
      '/charging/v21/providers/FR-XYZ/authorize-remote/start',
      `{"SessionID":"${OTHER}","ProviderID":"FR-XYZ","EvseID":"DE*ABC*ECS1*1","Identification":{"RemoteIdentification":{"EvcoID":"FR-XYZ-C12345678-X"}}}`,
    );
    expect(codeOf(foreign)).toBe('601');
    expect(codeOf(await bench.reservationStart('bbbbbbbb-02d8-4fa0-b810-9a9d50d2c527', 'FR-XYZ'))).toBe('601');
  });

  it('CPO-RR-02: stopped, status back, and a record of the reservation without energy', async () => {
    const bench = new CpoTestBench();
    await bench.station(version, 'Available', script);
    await bench.reservationStart();
    await bench.run(60_000);
    expect(codeOf(await bench.reservationStop())).toBe('000');
    await bench.run(1_000);
    expect(bench.of(CDR).map(({ body }) => body)).toEqual([
      expect.objectContaining({
        SessionID: SESSION,
        ConsumedEnergy: 0,
        SessionStart: '2026-01-01T13:00:01+01:00',
        SessionEnd: '2026-01-01T13:01:01+01:00',
      }),
    ]);
    expect(bench.of('DE*ABC/status-records').at(-1)?.body.OperatorEvseStatus.EvseStatusRecord[0].EvseStatus).toBe(
      'Available',
    );
    expect(bench.csms.defects).toEqual([]);
  });

  it('CPO-RR-03: it ends with its time, with a record', async () => {
    const bench = new CpoTestBench();
    await bench.station(version, 'Available', script);
    await bench.reservationStart();
    await bench.run(14 * 60_000);
    expect(bench.of(CDR)).toEqual([]);
    await bench.run(70_000);
    expect(bench.of(CDR)).toHaveLength(1);
    expect(bench.cpo.sessions.get(SESSION)?.state).toBe('closed');
  });

  it('CPO-RR-04: the same provider starts on the EVSE that it reserved', async () => {
    const bench = new CpoTestBench();
    const station = await bench.station(version, 'Available', script);
    await bench.reservationStart();
    await bench.status(station, version, version === '1.6' ? 'Preparing' : 'Occupied');
    expect(codeOf(await bench.remoteStart('DE*ABC*ECS1*1', OTHER))).toBe('000');
  });

  it.each([
    ['Occupied', '602'],
    ['Faulted', '700'],
    ['Unavailable', '700'],
    ['Rejected', '700'],
  ])('ReserveNow answered %s is %s', async (status, expected) => {
    const bench = new CpoTestBench();
    await bench.station(version, 'Available', { ...script, ReserveNow: `{"status":"${status}"}` });
    expect(codeOf(await bench.reservationStart())).toBe(expected);
  });
});
