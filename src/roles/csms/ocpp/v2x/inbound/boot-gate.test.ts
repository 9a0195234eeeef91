import { describe, expect, it } from 'vitest';
import { CsmsTestBench } from '../../../test-bench.ts';

const POLICY = { ...new CsmsTestBench().csms.config.boot, askInventory: 'never' as const };
const BOOT = '{"reason":"PowerUp","chargingStation":{"vendorName":"ACME","model":"AC22"}}';
const REPORT = '{"requestId":5,"generatedAt":"2026-01-01T12:00:00Z","seqNo":0}';

describe('before a 2.x station is accepted', () => {
  it('nothing but BootNotification is heard (B01.FR.08)', async () => {
    const bench = new CsmsTestBench();
    const station = await bench.station('CS1', '2.0.1', {}, false);
    const before = bench.snapshot('CS1');
    expect(await station.ask('Heartbeat', '{}')).toMatch(/^SecurityError: /);
    expect(await station.ask('NotifyReport', REPORT)).toMatch(/^SecurityError: /);
    expect(bench.snapshot('CS1')).toBe(before);
    expect(bench.findings.map(({ rule }) => rule)).toEqual(['OCPP-BOOT-002', 'OCPP-BOOT-002']);
  });

  it('Pending: what we asked for comes through, nothing else (B02.FR.02)', async () => {
    const bench = new CsmsTestBench({ boot: { ...POLICY, policy: 'pending' } });
    const station = await bench.station('CS1', '2.0.1', { GetBaseReport: '{"status":"Accepted"}' }, false);
    expect(await station.ask('BootNotification', BOOT)).toMatchObject({ status: 'Pending', interval: 30 });
    expect(await station.ask('NotifyReport', REPORT)).toMatch(/^SecurityError: /);
    await bench.command('CS1', 'GetBaseReport', { requestId: 5, reportBase: 'ConfigurationInventory' });
    expect(await station.ask('NotifyReport', REPORT)).toEqual({});
    expect(bench.items('CS1', 'reports')).toMatchObject([{ id: 'inventory-5', status: 'Complete' }]);
    expect(await station.ask('Heartbeat', '{}')).toMatch(/^SecurityError: /);
  });

  it('Rejected: nothing is heard (B03.FR.07)', async () => {
    const bench = new CsmsTestBench({
      boot: { ...POLICY, policy: 'known-only', unknownStations: 'reject-boot' },
    });
    const station = await bench.station('CS1', '2.1', {}, false);
    expect(await station.ask('BootNotification', BOOT)).toMatchObject({ status: 'Rejected', interval: 30 });
    expect(await station.ask('Heartbeat', '{}')).toMatch(/^SecurityError: /);
  });
});
