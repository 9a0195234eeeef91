import { describe, expect, it } from 'vitest';
import { START_MS, virtualWorld } from '../../../test/journal-fixture.ts';
import { isoTime } from '../../core/time.ts';
import { type Journal, openMemoryJournal } from '../index.ts';
import { watchedJournal } from './watched-recorder.ts';

interface Line {
  readonly fromStation: boolean;
  readonly raw: string;
  readonly afterMs?: number;
  readonly findings?: readonly object[];
}

/** A line as a journal exports it. */
const lineOf = ({ fromStation, raw, afterMs = 0, findings = [] }: Line, index: number): string => {
  const [type, id, action] = JSON.parse(raw);
  const [station, csms] = [
    { id: 'CS-9', role: 'cs' },
    { id: 'csms', role: 'csms' },
  ];
  return `${JSON.stringify({
    seq: index + 1,
    kind: type === 2 ? 'request' : 'response',
    proto: 'ocpp',
    version: '1.6',
    action: type === 2 ? action : 'StopTransaction',
    messageId: id,
    from: fromStation ? station : csms,
    to: fromStation ? csms : station,
    time: { received: isoTime(START_MS + afterMs), mono: START_MS + afterMs },
    raw,
    transport: { type: 'ws', conn: 'ws-1', tap: 'csms', sender: fromStation ? 'client' : 'server' },
    findings,
    flags: [],
    origin: { by: 'peer' },
  })}\n`;
};

const BAD_STOP = '[2,"e","StopTransaction",{"transactionId":1,"meterStop":"much","timestamp":"2025-11-24T16:00:00Z"}]';
const ANSWER = '[3,"e",{}]';

function world() {
  const { clock, group } = virtualWorld();
  const journal = watchedJournal(openMemoryJournal({ clock, group }), {
    clock,
    defect: (where, thrown) => {
      throw new Error(where, { cause: thrown });
    },
  });
  const rulesOf = async (from: Journal): Promise<string[]> =>
    (await from.query.findings()).items.map(({ rule, seq }) => `${rule} #${seq}`).toSorted();
  return { journal, rulesOf };
}

describe('importing', () => {
  it('lets the rules look at what comes in, and puts their findings on the imported messages', async () => {
    const { journal, rulesOf } = world();
    const lines = [
      { fromStation: true, raw: BAD_STOP },
      { fromStation: false, raw: ANSWER, afterMs: 20 },
    ].map(lineOf);
    const result = await journal.import(lines);
    const found = await rulesOf(journal);
    expect(found).toContain('OCPPJ-RPC-021 #1');
    expect(result).toMatchObject({ messages: 2, refused: 0, findings: found.length });
    const message = await journal.query.message(1);
    expect(message.flags).toContain('imported');
    expect(message.findings.map(({ rule }) => rule)).toContain('OCPPJ-RPC-021');
    await journal.close();
  });

  it('does not write again what came with the messages', async () => {
    const { journal, rulesOf } = world();
    await journal.import([lineOf({ fromStation: true, raw: BAD_STOP }, 0)]);
    const first = await rulesOf(journal);
    let exported = '';
    for await (const page of journal.export()) exported += page;
    const other = world();
    expect(await other.journal.import([exported])).toMatchObject({ messages: 1, findings: 0 });
    expect(await rulesOf(other.journal)).toEqual(first);
    await journal.close();
    await other.journal.close();
  });

  it('judges by the times of the messages: an answer that came late there is late here', async () => {
    const { journal, rulesOf } = world();
    const heartbeat = { fromStation: true, raw: '[2,"h","Heartbeat",{}]' };
    const late = {
      fromStation: false,
      raw: '[3,"h",{"currentTime":"2025-11-24T16:00:00Z"}]',
      afterMs: 45_000,
    };
    await journal.import([heartbeat, late].map(lineOf));
    expect(
      (await rulesOf(journal)).some((each) => each.startsWith('OCPPJ-RPC-008') || each.startsWith('OCPPJ-RPC-011')),
    ).toBe(true);
    await journal.close();
  });

  it('says nothing about the live links of the service', async () => {
    const { journal, rulesOf } = world();
    const { recorder } = journal;
    const link = recorder.openLink({
      a: { id: 'CS-9', role: 'cs' },
      b: { id: 'csms', role: 'csms' },
      protocol: 'ocpp',
      version: '1.6',
      transport: 'ws',
      conn: 'ws-2',
      tap: 'csms',
    });
    const boot = '[2,"b","BootNotification",{"chargePointVendor":"A","chargePointModel":"B"}]';
    await journal.import([lineOf({ fromStation: true, raw: boot }, 0)]);
    const before = await rulesOf(journal);
    // Were the imported boot one of this station, its own first would be the second without an answer.
    recorder.record({
      link,
      toClient: false,
      time: START_MS,
      kind: 'request',
      action: 'BootNotification',
      messageId: 'b',
      raw: boot,
    });
    expect(await rulesOf(journal)).toEqual(before);
    await journal.close();
  });
});
