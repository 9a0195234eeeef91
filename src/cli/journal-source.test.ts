import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { traffic } from '../../test/journal-fixture.ts';
import { SystemIds } from '../core/ids.ts';
import { SystemClock } from '../core/system-clock.ts';
import { openJournal } from '../journal/index.ts';
import { CommitGroup } from '../storage/commit-group.ts';
import { openDataFolder } from '../storage/data-folder.ts';
import { stoppedJournal } from './journal-source.ts';

let data = '';
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'compote-stopped-'));
});
afterEach(() => rmSync(data, { recursive: true, force: true }));

/** What a hub leaves that ran for a moment. */
async function leftBehind(): Promise<void> {
  const folder = openDataFolder(join(data, 'hub'), 'hub');
  mkdirSync(folder.file('journal'));
  const clock = new SystemClock();
  const group = new CommitGroup(clock, (cause) => {
    throw cause;
  });
  const journal = await openJournal({
    clock,
    group,
    ids: new SystemIds(),
    folder: folder.file('journal'),
    inThread: true,
  });
  const { exchange, links } = traffic(journal, () => clock.now());
  exchange(links.cs1, 'Heartbeat', {}, { currentTime: 'x' });
  exchange(
    links.cs2,
    'Authorize',
    { idToken: { idToken: 'A', type: 'Central' } },
    { idTokenInfo: { status: 'Accepted' } },
  );
  await journal.close();
  folder.close();
}

/** Names and sizes of all files below the data folder. */
const files = (): string[] =>
  readdirSync(data, { recursive: true, encoding: 'utf8' })
    .map((name) => `${name} ${statSync(join(data, name)).isDirectory() ? '' : statSync(join(data, name)).size}`)
    .toSorted();

async function textOf(chunks: AsyncIterable<string | Uint8Array>): Promise<string> {
  let text = '';
  for await (const chunk of chunks) text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
  return text;
}

describe('the journal of a stopped service', () => {
  it('is listed, searched, drawn and exported from its folder, and nothing of its messages changes', async () => {
    await leftBehind();
    const before = files().filter((name) => name.includes('messages-'));
    const source = await stoppedJournal({ data }, 'hub');
    const rows = await source.messages({ q: 'action:Authorize', entity: 'exchanges' });
    expect(rows.items).toMatchObject([{ a: 'Authorize', f: 'CS-2', x: { st: 'Accepted' } }]);
    expect((await textOf(source.export('', 'jsonl', 'secrets'))).trim().split('\n')).toHaveLength(4);
    expect(await textOf(source.export('', 'oot', 'secrets'))).toContain('"schemaVersion"');
    expect(await source.sequence('', 'mermaid')).toContain('sequenceDiagram');
    await source.close();
    const again = await stoppedJournal({ data }, 'hub');
    expect((await again.messages({ entity: 'messages' })).items).toHaveLength(4);
    await again.close();
    expect(before).toHaveLength(1);
    expect(files()).toEqual(expect.arrayContaining(before));
  });

  it('is not opened while the service runs, and not made where there is none', async () => {
    await leftBehind();
    const running = openDataFolder(join(data, 'hub'), 'hub');
    await expect(stoppedJournal({ data }, 'hub')).rejects.toMatchObject({ code: 'STORAGE_UNUSABLE' });
    running.close();
    await expect(stoppedJournal({ data }, 'emp')).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
    expect(readdirSync(data)).toEqual(['hub']);
  });
});
