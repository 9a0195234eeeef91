import { describe, expect, it } from 'vitest';
import { ruleCatalogue } from '../src/journal/findings/catalogue.ts';
import { WatchedRecorder } from '../src/journal/findings/watched-recorder.ts';
import { loopback } from '../src/link/loopback.ts';
import { OcppLink, type OcppRole } from '../src/link/ocpp-link.ts';
import { OcppSchemaSet } from '../src/protocols/ocpp/schemas.ts';
import { memoryJournal } from './journal-fixture.ts';

const BOOT = { chargePointVendor: 'ACME', chargePointModel: 'AC22' };
const silent: OcppRole = { request: () => ({}), notification() {}, answerRejected() {}, alive() {}, closed() {} };

/** A station and a CSMS of ours over the loopback, with the rules on the recorder between. */
function world() {
  const { journal, clock, group } = memoryJournal();
  const recorder = new WatchedRecorder({ recorder: journal.recorder, clock, rules: ruleCatalogue() });
  const schemas = new OcppSchemaSet();
  let ids = 0;
  const common = {
    station: { id: 'CS-9', role: 'cs' } as const,
    csms: { id: 'csms', role: 'csms' } as const,
    schemas: schemas.of('1.6'),
    validation: 'lenient' as const,
    timeoutMs: 30_000,
    maxQueuedCalls: 10,
    maxBufferedBytes: 1e6,
  };
  const shared = {
    clock,
    afterCommit: (task: () => void) => group.afterCommit(task),
    newId: () => `id-${++ids}`,
    defect: (where: string) => {
      throw new Error(where);
    },
  };
  const { client, server } = loopback({ clock, subprotocol: 'ocpp1.6', conn: 'loop-1' });
  const status = { current: 'Accepted' };
  const csms = new OcppLink({
    ...common,
    world: { ...shared, recorder },
    transport: server,
    side: 'csms',
    tap: 'csms',
    role: {
      ...silent,
      request: (_, call) =>
        call.action === 'BootNotification'
          ? { status: status.current, currentTime: '2025-11-24T16:00:00.000Z', interval: 300 }
          : { currentTime: '2025-11-24T16:00:00.000Z' },
    },
  });
  const station = new OcppLink({
    ...common,
    world: { ...shared, recorder: null },
    transport: client,
    side: 'station',
    tap: 'station',
    role: silent,
  });
  const rules = async () => (await journal.query.findings({})).items.map((finding) => finding.rule);
  return { clock, csms, station, status, rules, recorder };
}

describe('rules on a live link', () => {
  it('see the parsed payload of the link, and write their findings into the journal', async () => {
    const { clock, station, status, rules } = world();
    status.current = 'Pending';
    station.call('BootNotification', BOOT, () => {});
    await clock.settle();
    station.call('Authorize', { idTag: 'A' }, () => {});
    await clock.settle();
    expect(await rules()).toEqual(expect.arrayContaining(['OCPP-BOOT-003', 'OCPP-BOOT-009']));
  });

  it('hear of what is missing from the clock, when no message comes any more', async () => {
    const { clock, station, rules, recorder } = world();
    station.call('BootNotification', BOOT, () => {});
    await clock.settle();
    expect(await rules()).not.toContain('OCPP-BOOT-010');
    await clock.runFor(62_000);
    expect(await rules()).toContain('OCPP-BOOT-010');
    recorder.stop();
  });

  it('judge no frame a second time: the RPC engine of the link has done so', async () => {
    const { clock, station, rules } = world();
    station.call('BootNotification', BOOT, () => {});
    await clock.settle();
    station.sendText('[2,"x","Heartbeat",{},{}]', 'user');
    station.sendText('{', 'user');
    await clock.settle();
    expect((await rules()).filter((rule) => rule.startsWith('OCPPJ')).sort()).toEqual([
      'OCPPJ-RPC-001',
      'OCPPJ-RPC-003',
    ]);
  });
});
