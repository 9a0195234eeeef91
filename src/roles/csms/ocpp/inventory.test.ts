import { describe, expect, it } from 'vitest';
import { CsmsTestBench, type ScriptedStation } from '../test-bench.ts';

const REPORT = '{"requestId":ID,"generatedAt":"2026-01-01T12:00:00Z","seqNo":0TBC}';
const boot = (firmware: string): string =>
  `{"reason":"PowerUp","chargingStation":{"vendorName":"ACME","model":"AC22","firmwareVersion":"${firmware}"}}`;

/** The request id of the last inventory request that a station heard. */
function requestId(station: { readonly commands: readonly string[] }): number {
  const last = station.commands.filter((command) => command.startsWith('GetBaseReport')).at(-1) ?? '';
  return JSON.parse(last.slice('GetBaseReport '.length)).requestId;
}

describe('the inventory of a station (B07.FR.14)', () => {
  it('is asked for after the answer to the boot, once for a firmware', async () => {
    const bench = new CsmsTestBench();
    const station = await bench.station('CS1', '2.0.1', { GetBaseReport: '{"status":"Accepted"}' }, false);
    await station.ask('BootNotification', boot('1.0'));
    expect(station.heard.map((text) => JSON.parse(text).slice(0, 1)[0])).toEqual([3, 2]);
    expect(station.commands).toEqual([
      `GetBaseReport {"requestId":${requestId(station)},"reportBase":"FullInventory"}`,
    ]);

    const id = String(requestId(station));
    await station.ask('NotifyReport', REPORT.replace('ID', id).replace('TBC', ',"tbc":true'));
    expect(bench.state.stations.get('CS1')?.inventoryOf).toBeUndefined();
    await station.ask('NotifyReport', REPORT.replace('ID', id).replace('0TBC', '1'));
    expect(bench.state.stations.get('CS1')?.inventoryOf).toBe('["ACME","AC22","1.0"]');

    await station.ask('BootNotification', boot('1.0'));
    expect(station.commands).toHaveLength(1);
    await station.ask('BootNotification', boot('2.0'));
    expect(station.commands).toHaveLength(2);
  });

  it('is not asked for twice while it is under way', async () => {
    const bench = new CsmsTestBench();
    const station = await bench.station('CS1', '2.0.1', { GetBaseReport: '{"status":"Accepted"}' });
    await station.ask('BootNotification', boot('2.0'));
    expect(station.commands).toHaveLength(1);
    expect(bench.csms.services.inventory.waiting).toBe(0);
  });

  it('is asked for again at the next boot when the report never became complete', async () => {
    const bench = new CsmsTestBench();
    const station = await bench.station('CS1', '2.1', { GetBaseReport: '{"status":"Rejected"}' });
    expect(station.commands).toHaveLength(1);
    await station.ask('BootNotification', boot('1.0'));
    expect(station.commands).toHaveLength(2);
  });

  it('is not asked for where the configuration says so, nor of 1.6 stations', async () => {
    const quiet = new CsmsTestBench({ boot: { ...new CsmsTestBench().csms.config.boot, askInventory: 'never' } });
    expect((await quiet.station('CS1', '2.0.1')).commands).toEqual([]);
    expect((await new CsmsTestBench().station('CS1', '1.6')).commands).toEqual([]);
  });

  it('is not asked for before the station is accepted', async () => {
    const bench = new CsmsTestBench({ boot: { ...new CsmsTestBench().csms.config.boot, policy: 'pending' } });
    expect((await bench.station('CS1', '2.0.1')).commands).toEqual([]);
  });
});

describe('a fleet that boots together', () => {
  async function fleet(answer: string | 'silence') {
    const bench = new CsmsTestBench({ boot: { ...new CsmsTestBench().csms.config.boot, askInventory: 'each' } });
    const stations: ScriptedStation[] = [];
    for (let n = 1; n <= 22; n++) stations.push(await bench.station(`CS${n}`, '2.0.1', { GetBaseReport: answer }));
    const asked = (): string[] => stations.filter(({ commands }) => commands.length > 0).map(({ id }) => id);
    return { bench, stations, asked, inventory: bench.csms.services.inventory };
  }
  const first20 = Array.from({ length: 20 }, (_, index) => `CS${index + 1}`);

  it('has 20 inventories under way, the others wait in the order of their boots', async () => {
    const { stations, asked, inventory } = await fleet('{"status":"Accepted"}');
    expect(asked()).toEqual(first20);
    expect([inventory.running, inventory.waiting]).toEqual([20, 2]);
    const [first] = stations;
    if (first === undefined) throw new Error('no station');
    await first.ask('NotifyReport', REPORT.replace('ID', String(requestId(first))).replace('TBC', ''));
    expect(asked()).toEqual([...first20, 'CS21']);
  });

  it('goes on when a station leaves, refuses or falls silent', async () => {
    const left = await fleet('{"status":"Accepted"}');
    await left.stations[3]?.disconnect();
    expect(left.asked()).toEqual([...first20, 'CS21']);

    const refused = await fleet('{"status":"NotSupported"}');
    expect(refused.asked()).toHaveLength(22);
    expect([refused.inventory.running, refused.inventory.waiting]).toEqual([0, 0]);

    const silent = await fleet('{"status":"Accepted"}');
    await silent.bench.clock.runFor(119_000);
    expect(silent.asked()).toEqual(first20);
    await silent.bench.clock.runFor(2_000);
    expect(silent.asked()).toHaveLength(22);
  });

  it('does not ask a station that left while it waited', async () => {
    const { stations, asked, inventory } = await fleet('{"status":"Accepted"}');
    await stations[20]?.disconnect();
    expect(inventory.waiting).toBe(1);
    await stations[0]?.disconnect();
    expect(asked()).toEqual([...first20, 'CS22']);
  });
});

describe('stations of the same vendor, model and firmware', () => {
  const script = { GetBaseReport: '{"status":"Accepted"}' };
  const report = (id: string, value: string): string =>
    `{"requestId":${id},"generatedAt":"2026-01-01T12:00:00Z","seqNo":0,"reportData":[{"component":{"name":"ClockCtrlr"},"variable":{"name":"TimeSource"},"variableAttribute":[{"value":"${value}"}]}]}`;

  it('share one inventory: one is asked, the others know it from that one', async () => {
    const bench = new CsmsTestBench();
    const stations = [];
    for (let n = 1; n <= 5; n++) stations.push(await bench.station(`CS${n}`, '2.0.1', script));
    expect(stations.map(({ commands }) => commands.length)).toEqual([1, 0, 0, 0, 0]);
    const [first] = stations;
    if (first === undefined) throw new Error('no station');
    await first.ask('NotifyReport', report(String(requestId(first)), 'NTP'));
    expect(stations.map(({ commands }) => commands.length)).toEqual([1, 0, 0, 0, 0]);
    expect(bench.state.stations.get('CS5')).toMatchObject({ inventoryOf: '["ACME","AC22",""]', inventoryFrom: 'CS1' });
    // Also one that comes later, and after a restart.
    const again = new CsmsTestBench({}, { database: bench.database });
    expect((await again.station('CS6', '2.1', script)).commands).toEqual([]);
    expect(again.state.stations.get('CS6')?.inventoryFrom).toBe('CS1');
  });

  it('the next one is asked when the first refuses; another firmware is asked for itself', async () => {
    const bench = new CsmsTestBench();
    await bench.station('CS1', '2.0.1', { GetBaseReport: '{"status":"NotSupported"}' });
    const second = await bench.station('CS2', '2.0.1', script);
    expect(second.commands).toHaveLength(1);
    const third = await bench.station('CS3', '2.0.1', script, false);
    await third.ask('BootNotification', boot('9.9'));
    expect(third.commands).toHaveLength(1);
  });

  it('one that reports itself is its own source', async () => {
    const bench = new CsmsTestBench();
    const first = await bench.station('CS1', '2.0.1', script);
    await first.ask('NotifyReport', report(String(requestId(first)), 'NTP'));
    const second = await bench.station('CS2', '2.0.1', script);
    await bench.command('CS2', 'GetBaseReport', { requestId: 77, reportBase: 'FullInventory' });
    await second.ask('NotifyReport', report('77', 'GPS'));
    expect(bench.state.stations.get('CS2')?.inventoryFrom).toBeUndefined();
    expect(bench.state.items.get('CS2', 'variables', 'clockctrlr.timesource')?.value['value']).toBe('GPS');
  });
});
