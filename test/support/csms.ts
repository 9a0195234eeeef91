import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { SystemIds } from '../../src/core/ids.ts';
import { Random } from '../../src/core/random.ts';
import { SystemClock } from '../../src/core/system-clock.ts';
import type { LinkDescription, NewEntry, NewFinding, Recorder } from '../../src/journal/entry.ts';
import { openMemoryJournal } from '../../src/journal/index.ts';
import { configSchema } from '../../src/platform/config/config-schema.ts';
import { loadConfig } from '../../src/platform/config/load-config.ts';
import { openServiceLog } from '../../src/platform/logging/service-log.ts';
import { httpOptions } from '../../src/platform/prepare-service.ts';
import type { Runtime } from '../../src/platform/service.ts';
import { startCsms } from '../../src/roles/csms/index.ts';
import { type CsmsSection, csmsSection } from '../../src/roles/csms/section.ts';
import { CommitGroup } from '../../src/storage/commit-group.ts';
import { openDataFolder } from '../../src/storage/data-folder.ts';

/** A journal whose entries can be looked at. */
class WatchedRecorder implements Recorder {
  readonly entries: NewEntry[] = [];
  readonly #recorder: Recorder;

  constructor(recorder: Recorder) {
    this.#recorder = recorder;
  }

  openLink(description: LinkDescription): number {
    return this.#recorder.openLink(description);
  }
  closeLink(link: number): void {
    this.#recorder.closeLink(link);
  }
  record(entry: NewEntry): number {
    const seq = this.#recorder.record(entry);
    this.entries[seq - 1] = entry;
    return seq;
  }
  finding(finding: NewFinding): void {
    this.#recorder.finding(finding);
  }
  get full(): boolean {
    return this.#recorder.full;
  }
  onceDrained(resume: () => void): void {
    this.#recorder.onceDrained(resume);
  }
}

type Json = Record<string, unknown>;
export interface HttpAnswer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers member by member
  readonly body: any;
  readonly headers: Headers;
}

/** A CSMS on a free port, in a folder of its own, for tests with real sockets. */
export async function testCsms(config: Json = {}, folder = mkdtempSync(join(tmpdir(), 'csms-'))) {
  const clock = new SystemClock();
  const loaded = loadConfig({
    schema: configSchema({ csms: csmsSection }),
    flags: [{ path: ['csms', 'port'], text: '0', source: 'test' }],
  });
  const settings = merge(loaded.all['csms'] as Json, config) as CsmsSection;
  const commitGroup = new CommitGroup(clock, (cause) => {
    throw cause;
  });
  const dataFolder = openDataFolder(folder, 'csms');
  const journal = openMemoryJournal({ clock, group: commitGroup, ids: new SystemIds() });
  const recorder = new WatchedRecorder(journal.recorder);
  const serviceLog = openServiceLog({
    service: 'csms',
    folder,
    level: 'debug',
    maxFileBytes: 1_000_000,
    maxFiles: 1,
    clock,
  });
  const runtime: Runtime = {
    service: 'csms',
    version: '0.0.0-test',
    clock,
    socketClock: clock,
    random: new Random('test'),
    ids: new SystemIds(),
    log: serviceLog.log,
    logs: serviceLog.reader,
    dataFolder,
    commitGroup,
    journal: { ...journal, recorder },
    shared: { ...loaded.shared, storage: { sync: 'normal' }, log: { ...loaded.shared.log, level: 'debug' } },
    config: { ...loaded, all: { ...loaded.all, csms: settings } },
    addressOf: () => undefined,
  };
  const service = await startCsms(runtime, settings, { ...httpOptions(runtime, settings), checkResponses: true });
  const base = service.url ?? '';
  return {
    ...service,
    base,
    clock,
    recorder,
    folder,
    async call(method: string, path: string, body?: unknown): Promise<HttpAnswer> {
      const response = await fetch(`${base}/api/v1${path}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      });
      const text = await response.text();
      return { status: response.status, body: text === '' ? undefined : JSON.parse(text), headers: response.headers };
    },
    station: (id: string, subprotocol: string, answers: Answers = {}, password?: string) =>
      connect(base, id, subprotocol, answers, password),
    /** Asks again at the end of each turn until it is so; the test's own time-out is the limit. */
    async until(holds: () => boolean | Promise<boolean>): Promise<void> {
      while (!(await holds())) await new Promise<void>((resolve) => clock.soon(resolve));
    },
    /** Stops; the folder stays for a restart unless `remove`. */
    async end(remove = true) {
      await service.stop();
      await journal.close();
      await serviceLog.close();
      dataFolder.close();
      if (remove) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What a scripted station answers to an action: the text of the payload, a whole frame, or nothing at all. */
export type Answers = Readonly<Record<string, (id: string, payload: string) => string | undefined>>;

/** A station by hand: texts go out as written; CALLs of the CSMS are answered as the script says. */
async function connect(base: string, id: string, subprotocol: string, answers: Answers, password?: string) {
  const authorization = `Basic ${Buffer.from(`${id}:${password}`).toString('base64')}`;
  const socket = new WebSocket(`${base.replace(/^http/, 'ws')}/ocpp/${encodeURIComponent(id)}`, [subprotocol], {
    headers: password === undefined ? {} : { authorization },
  });
  const heard: string[] = [];
  const waiting: (() => void)[] = [];
  socket.on('message', (data) => {
    const text = String(data);
    heard.push(text);
    const [, messageId = '', action = ''] = /^\[2,\s*"([^"]+)",\s*"([^"]+)",/.exec(text) ?? [];
    const answer = answers[action]?.(messageId, text);
    if (answer !== undefined) socket.send(answer);
    for (const wake of waiting.splice(0)) wake();
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  const until = async (fits: (text: string) => boolean): Promise<string> => {
    for (;;) {
      const found = heard.find(fits);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
  };
  return {
    socket,
    heard,
    until,
    /** Sends a frame and waits for the answer of its id. */
    async ask(text: string): Promise<string> {
      const messageId = /^\[2,"([^"]+)"/.exec(text)?.[1] ?? '';
      socket.send(text);
      return until((each) => /^\[[34],/.test(each) && each.includes(`"${messageId}"`));
    },
    async boot(): Promise<string> {
      return this.ask(
        subprotocol === 'ocpp1.6'
          ? '[2,"boot-1","BootNotification",{"chargePointVendor":"ACME","chargePointModel":"AC22"}]'
          : '[2,"boot-1","BootNotification",{"reason":"PowerUp","chargingStation":{"vendorName":"ACME","model":"AC22"}}]',
      );
    },
    async close(): Promise<void> {
      socket.close();
      await new Promise((resolve) => socket.once('close', resolve));
    },
  };
}

function merge(base: Json, change: Json): Json {
  const merged: Json = { ...base };
  for (const [key, value] of Object.entries(change)) {
    const before = merged[key];
    const nested = typeof value === 'object' && value !== null && !Array.isArray(value);
    merged[key] = nested && typeof before === 'object' ? merge(before as Json, value as Json) : value;
  }
  return merged;
}
