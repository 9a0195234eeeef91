import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../core/virtual-clock.ts';
import type { StoredPart } from './state/core.ts';
import { plugIn, presentToken } from './state/driver.ts';
import type { StationStore } from './station-world.ts';
import { HandCsms, START_MS } from './testing/hand-csms.ts';

/** Keeps JSON text, so that nothing survives that could not be written to disk. */
class TextStore implements StationStore {
  readonly parts = new Map<string, string>();

  load(): Partial<Record<StoredPart, unknown>> {
    return Object.fromEntries([...this.parts].map(([part, text]) => [part, JSON.parse(text)]));
  }

  save(_identity: string, part: StoredPart, value: unknown): void {
    this.parts.set(part, JSON.stringify(value));
  }
}

const card = (version: string) => ({ value: 'CARD', type: version === '1.6' ? 'idTag' : 'ISO14443' });

describe.each(['1.6', '2.0.1'] as const)('%s station: a crash of the simulator', (version) => {
  it('ends the interrupted transaction, delivers what was queued, and keeps meter, configuration, list and availability', async () => {
    const store = new TextStore();
    const clock = new VirtualClock(START_MS);
    const first = new HandCsms({ version, store, clock });
    await first.boot();
    if (version === '1.6') {
      await first.result('ChangeConfiguration', '{"key":"ConnectionTimeOut","value":"77"}');
      await first.result(
        'SendLocalList',
        '{"listVersion":9,"updateType":"Full","localAuthorizationList":[{"idTag":"L","idTagInfo":{"status":"Accepted"}}]}',
      );
      await first.result('ChangeAvailability', '{"connectorId":2,"type":"Inoperative"}');
    } else {
      await first.result(
        'SetVariables',
        '{"setVariableData":[{"component":{"name":"TxCtrlr"},"variable":{"name":"EVConnectionTimeOut"},"attributeValue":"77"}]}',
      );
      await first.result(
        'SendLocalList',
        '{"versionNumber":9,"updateType":"Full","localAuthorizationList":[{"idToken":{"idToken":"L","type":"Central"},"idTokenInfo":{"status":"Accepted"}}]}',
      );
      await first.result('ChangeAvailability', '{"operationalStatus":"Inoperative","evse":{"id":2}}');
    }
    first.act((core) => plugIn(core, 1, 1));
    first.act((core) => presentToken(core, card(version), 1));
    await first.run(10_000);
    first.refuseConnections = true;
    first.cut();
    await first.run(1_800_000);
    const before = first.station.machine.core.evses[0]?.path.meter.energyWh ?? 0;
    // kill -9: nothing is told, nothing is written any more.
    first.station.stop();

    const second = new HandCsms({ version, store, clock, seed: 'second' });
    const { core } = second.station.machine;
    expect(core.settings.connectionTimeoutS).toBe(77);
    expect(core.list.version).toBe(9);
    await second.boot();
    await second.run(60_000);
    const stored = core.evses[0]?.path.meter.energyWh ?? 0;
    // At most one sampling interval of 22 kW is lost.
    expect(stored).toBeGreaterThan(before - 400);
    const order = second.actions();
    expect(order[0]).toBe('BootNotification');
    if (version === '1.6') {
      expect(second.of('StopTransaction')).toMatchObject([
        { transactionId: 42, reason: 'PowerLoss', meterStop: Math.floor(stored) },
      ]);
      expect(second.of('MeterValues').length).toBeGreaterThan(25);
      expect(order.indexOf('StopTransaction')).toBeGreaterThan(order.lastIndexOf('MeterValues'));
      expect(second.of('StatusNotification').map((one) => one['status'])).toEqual([
        'Available',
        'Available',
        'Unavailable',
      ]);
    } else {
      const events = second.of('TransactionEvent');
      expect(events.at(-1)).toMatchObject({
        eventType: 'Ended',
        triggerReason: 'AbnormalCondition',
        transactionInfo: { stoppedReason: 'PowerLoss' },
      });
      const seqNos = events.map((one) => Number(one['seqNo']));
      expect(seqNos).toEqual(seqNos.map((_, i) => (seqNos[0] ?? 0) + i));
      expect(second.of('StatusNotification').map((one) => one['connectorStatus'])).toEqual([
        'Available',
        'Unavailable',
      ]);
    }
  });
});
