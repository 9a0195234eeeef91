import { mkdirSync } from 'node:fs';

const csms = { id: 'csms', role: 'csms' };
const actions = ['MeterValues', 'TransactionEvent', 'Heartbeat', 'StatusNotification', 'Authorize'];
const meterValue = [
  {
    timestamp: '2026-01-31T12:00:00Z',
    sampledValue: Array.from({ length: 6 }, (_, i) => ({
      value: 230 + i,
      measurand: 'Voltage',
      phase: 'L1-N',
      unitOfMeasure: { unit: 'V' },
    })),
  },
];

/**
 * Fills a journal with exchanges of a hundred stations, as fast as it takes them.
 * @param wanted how many messages the journal shall hold in the end
 */
export async function fillJournal(journal, wanted, clock) {
  const { recorder } = journal;
  const links = Array.from({ length: 100 }, (_, i) =>
    recorder.openLink({
      a: { id: `CS-${i}`, role: 'cs' },
      b: csms,
      protocol: 'ocpp',
      version: i % 2 ? '2.0.1' : '1.6',
      transport: 'ws',
      conn: `ws-${i}`,
      tap: 'csms',
    }),
  );
  const before = (await journal.query.info()).count;
  for (let i = 0; i < (wanted - before) / 2; i++) {
    const link = links[i % links.length];
    const action = actions[Math.floor(i / links.length) % actions.length];
    const messageId = `${i}-aaaa-bbbb-cccc-dddddddddddd`;
    const time = clock.now();
    const request = recorder.record({
      link,
      toClient: false,
      time,
      kind: 'request',
      action,
      messageId,
      raw: JSON.stringify([2, messageId, action, { evseId: i % 4, seqNo: i, meterValue }]),
    });
    const failed = i % 53 === 0;
    recorder.record({
      link,
      toClient: true,
      time,
      kind: failed ? 'error' : 'response',
      action,
      messageId,
      raw: failed ? `[4,"${messageId}","InternalError","",{}]` : `[3,"${messageId}",{"status":"Accepted"}]`,
      partner: request,
      latencyMs: i % 900,
      ...(failed ? { code: 'InternalError' } : {}),
    });
    if (i % 20 === 0) {
      await new Promise(setImmediate);
      if (recorder.full) await new Promise((resolve) => recorder.onceDrained(resolve));
    }
  }
}

/** A folder with a journal of so many messages; needs the build. What is there already counts. */
export async function fillFolder(folder, wanted) {
  const built = (file) => import(new URL(`../dist/${file}`, import.meta.url).href);
  const { openJournal } = await built('journal/index.js');
  const { SystemClock } = await built('core/system-clock.js');
  const { SystemIds } = await built('core/ids.js');
  const { CommitGroup } = await built('storage/commit-group.js');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const clock = new SystemClock();
  const journal = await openJournal({
    clock,
    ids: new SystemIds(),
    group: new CommitGroup(clock, (cause) => {
      throw cause;
    }),
    folder,
    sync: 'normal',
    retention: { messages: wanted * 2, bytes: 8e9 },
    report: (report) => console.error(report.text),
  });
  await fillJournal(journal, wanted, clock);
  await journal.close();
}
