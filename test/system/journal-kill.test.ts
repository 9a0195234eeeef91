import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { SystemIds } from '../../src/core/ids.ts';
import { Random } from '../../src/core/random.ts';
import { SystemClock } from '../../src/core/system-clock.ts';
import { openJournal } from '../../src/journal/index.ts';
import { CommitGroup } from '../../src/storage/commit-group.ts';

const dist = pathToFileURL(join(import.meta.dirname, '../../dist/')).href;

/** Records without end and prints every number once its commit is done: the answers that a peer has seen. */
const RECORDING = `
  const { openJournal } = await import('${dist}journal/index.js');
  const { SystemClock } = await import('${dist}core/system-clock.js');
  const { SystemIds } = await import('${dist}core/ids.js');
  const { CommitGroup } = await import('${dist}storage/commit-group.js');
  const { writeSync } = await import('node:fs');
  const clock = new SystemClock();
  const group = new CommitGroup(clock, (cause) => { throw cause; });
  const journal = await openJournal({ clock, ids: new SystemIds(), group, folder: process.argv[1] });
  const party = (id, role) => ({ id, role });
  // A full pipe refuses instead of waiting; the reader is only late.
  const tell = (line) => {
    for (;;) {
      try { return writeSync(1, line); } catch (cause) { if (cause.code !== 'EAGAIN') throw cause; }
    }
  };
  const link = journal.recorder.openLink({ a: party('CS-1', 'cs'), b: party('csms', 'csms'), protocol: 'ocpp', transport: 'ws', conn: 'ws-1', tap: 'csms' });
  for (;;) {
    for (let i = 0; i < 20; i++) {
      const seq = journal.recorder.record({ link, toClient: false, time: clock.now(), kind: 'request', action: 'Heartbeat', messageId: '', raw: 'x'.repeat(400) });
      group.afterCommit(() => tell(seq + '\\n'));
    }
    await new Promise(setImmediate);
  }`;

function recordUntilKilled(folder: string, afterMs: number): Promise<number[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', RECORDING, folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    child.stdout.on('data', (chunk) => {
      if (text === '') setTimeout(() => child.kill('SIGKILL'), afterMs);
      text += chunk;
    });
    child.on('error', reject);
    child.on('close', () => {
      // The last line may have been cut by the kill.
      resolve(text.split('\n').slice(0, -1).map(Number));
    });
  });
}

it('every message that was answered before a kill -9 is in the journal afterwards, with its party, five times over', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'compote-kill-'));
  const random = new Random('journal-kill');
  const clock = new SystemClock();
  let last = 0;
  try {
    for (let round = 0; round < 5; round++) {
      const answered = await recordUntilKilled(folder, random.int(20, 400));
      expect(answered.length).toBeGreaterThan(0);
      expect(answered[0]).toBeGreaterThan(last);
      const journal = await openJournal({
        clock,
        ids: new SystemIds(),
        group: new CommitGroup(clock, () => {}),
        folder,
      });
      const view = await journal.query.createView({ q: `station:CS-1 seq:${answered[0]}..${answered.at(-1)}` });
      while (!(await journal.query.view(view.id)).complete) await clock.sleep(10);
      expect((await journal.query.view(view.id)).count).toBe(answered.length);
      last = answered.at(-1) ?? 0;
      await journal.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
