import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TObject } from 'typebox';
import { SystemIds } from '../../src/core/ids.ts';
import { Random } from '../../src/core/random.ts';
import { SystemClock } from '../../src/core/system-clock.ts';
import type { LinkDescription, NewEntry, NewFinding, Recorder } from '../../src/journal/entry.ts';
import { everyRule } from '../../src/journal/findings/catalogue.ts';
import { watchedJournal } from '../../src/journal/findings/watched-recorder.ts';
import { openMemoryJournal } from '../../src/journal/index.ts';
import { configSchema } from '../../src/platform/config/config-schema.ts';
import { loadConfig } from '../../src/platform/config/load-config.ts';
import { openServiceLog } from '../../src/platform/logging/service-log.ts';
import type { Runtime, ServiceName } from '../../src/platform/service.ts';
import { CommitGroup } from '../../src/storage/commit-group.ts';
import { openDataFolder } from '../../src/storage/data-folder.ts';

const DECLARED = new Set(everyRule().map(({ id }) => id));

type Json = Record<string, unknown>;

/** A journal whose entries, links and findings can be looked at. */
export class WatchedRecorder implements Recorder {
  readonly entries: (NewEntry & { readonly description: LinkDescription | undefined })[] = [];
  readonly findings: NewFinding[] = [];
  readonly #links: LinkDescription[] = [];
  readonly #recorder: Recorder;

  constructor(recorder: Recorder) {
    this.#recorder = recorder;
  }

  openLink(description: LinkDescription): number {
    const link = this.#recorder.openLink(description);
    this.#links[link] = description;
    return link;
  }
  closeLink(link: number): void {
    this.#recorder.closeLink(link);
  }
  record(entry: NewEntry): number {
    const seq = this.#recorder.record(entry);
    this.entries[seq - 1] = { ...entry, description: this.#links[entry.link] };
    return seq;
  }
  finding(finding: NewFinding): void {
    if (!DECLARED.has(finding.rule)) throw new Error(`The catalogue of rules has no ${finding.rule}`);
    this.findings.push(finding);
    this.#recorder.finding(finding);
  }
  get full(): boolean {
    return this.#recorder.full;
  }
  onceDrained(resume: () => void): void {
    this.#recorder.onceDrained(resume);
  }
}

export interface TestRuntimeOptions {
  readonly service: ServiceName;
  readonly section: TObject;
  /** Changes of the section's defaults. */
  readonly config?: Json;
  /** Changes of the shared deadlines. */
  readonly deadlines?: Partial<{ stationMs: number; hubMs: number; empMs: number }>;
  readonly folder?: string | undefined;
  readonly addressOf?: (service: ServiceName) => string | undefined;
  /** True when the rules watch what is recorded, as they do in a service of `compote up`. */
  readonly rules?: boolean;
}

/** A runtime in a folder of its own with a memory journal, for services on a free port. */
export function testRuntime<Settings>(options: TestRuntimeOptions) {
  const { service, section, config = {}, deadlines = {}, addressOf = () => undefined } = options;
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), `${service}-`));
  const clock = new SystemClock();
  const loaded = loadConfig({
    schema: configSchema({ [service]: section }),
    flags: [{ path: [service, 'port'], text: '0', source: 'test' }],
  });
  const settings = merge(loaded.all[service] as Json, config) as Settings;
  const commitGroup = new CommitGroup(clock, (cause) => {
    throw cause;
  });
  const dataFolder = openDataFolder(folder, service);
  const ids = new SystemIds();
  const journal = openMemoryJournal({ clock, group: commitGroup, ids });
  const recorder = new WatchedRecorder(journal.recorder);
  const recorded = { ...journal, recorder };
  const watched =
    options.rules === true
      ? watchedJournal(recorded, {
          clock,
          defect: (where, thrown) => {
            throw new Error(where, { cause: thrown });
          },
        })
      : recorded;
  const log = openServiceLog({ service, folder, level: 'debug', maxFileBytes: 10_000_000, maxFiles: 1, clock });
  const runtime: Runtime = {
    service,
    version: '0.0.0-test',
    clock,
    socketClock: clock,
    random: new Random('test'),
    ids,
    log: log.log,
    logs: log.reader,
    dataFolder,
    commitGroup,
    journal: watched,
    shared: {
      ...loaded.shared,
      storage: { sync: 'normal' },
      deadlines: { ...loaded.shared.deadlines, ...deadlines },
    },
    config: { ...loaded, all: { ...loaded.all, [service]: settings } },
    addressOf,
  };
  return {
    runtime,
    settings,
    recorder,
    folder,
    clock,
    /** Closes what it opened; the folder stays for a restart unless `remove`. */
    async close(remove: boolean): Promise<void> {
      await watched.close();
      await log.close();
      dataFolder.close();
      if (remove) rmSync(folder, { recursive: true, force: true });
    },
  };
}

function merge(base: Json, change: Json): Json {
  const merged: Json = { ...base };
  for (const [key, value] of Object.entries(change)) {
    const before = merged[key];
    const nested = typeof value === 'object' && value !== null && !Array.isArray(value);
    const mergeable = nested && typeof before === 'object' && before !== null && !Array.isArray(before);
    merged[key] = mergeable ? merge(before as Json, value as Json) : value;
  }
  return merged;
}
