import type { Clock } from '../core/clock.ts';
import type { Ids } from '../core/ids.ts';
import { SeededIds } from '../core/ids.ts';
import { Random } from '../core/random.ts';
import type { CommitGroup } from '../storage/commit-group.ts';
import type { LinkNumber, Recorder } from './entry.ts';
import { exportLines, type ImportResult, importLines } from './exchange-file.ts';
import { moveAside, openJournalFiles } from './journal-file.ts';
import type { LiveBatch, Rates } from './live-feed.ts';
import { MemoryMessageStore } from './memory-store.ts';
import { MessageWriter } from './message-writer.ts';
import { DEFAULT_RETENTION, type ObserverOptions } from './observer.ts';
import { type ObserverPort, openInThread, openInWorker, type PortEvents } from './observer-port.ts';
import type { LiveOptions, QueryMethod } from './observer-protocol.ts';
import { OwnClockRecorder } from './own-clock.ts';
import type { JournalQuery, JournalReport, ListQuery, ReadOptions, Retention } from './query.ts';
import { JournalRecorder } from './recorder.ts';

export type { LinkDescription, LinkNumber, NewEntry, NewFinding, Recorder } from './entry.ts';
export type { ImportResult } from './exchange-file.ts';
export type { LiveBatch, Rates } from './live-feed.ts';
export { maskSecrets } from './mask.ts';
export type { LiveOptions } from './observer-protocol.ts';
export type * from './query.ts';

export interface LiveSubscription {
  /** Ends it; doing it twice does nothing. */
  close(): void;
}

export interface Live {
  /** What comes in from now on, or after `since`. Errors: `INVALID_REQUEST` for a broken filter. */
  subscribe(options: LiveOptions, push: (batch: LiveBatch) => void): Promise<LiveSubscription>;
  /** Messages per second, once a second. */
  rates(push: (rates: Rates) => void): LiveSubscription;
}

export interface Journal {
  /** Eight characters; changes when the journal is cleared or was damaged. */
  readonly epoch: string;
  readonly recorder: Recorder;
  /** Past all rules: for what was judged already where it came from. */
  readonly unwatched: Recorder;
  readonly query: JournalQuery;
  readonly live: Live;
  /** JSON Lines in pages of whole lines, oldest first; secrets masked unless asked otherwise. */
  export(filter?: Omit<ListQuery, 'entity' | 'order' | 'cursor'>, options?: ReadOptions): AsyncIterable<string>;
  /** Takes in exported text, in pieces of any size. @param recorder what it goes through; the journal's own by default */
  import(chunks: AsyncIterable<string> | Iterable<string>, recorder?: Recorder): Promise<ImportResult>;
  /** Everything recorded is stored afterwards. */
  close(): Promise<void>;
}

export interface JournalOptions {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly group: CommitGroup;
  /** An existing folder that only this journal uses (see `openDataFolder`). */
  readonly folder: string;
  readonly sync?: 'full' | 'normal';
  /** What drives the clocks of stations and cars where it is not the time of day: `scaled:30`. Told on every link. */
  readonly stationClock?: string;
  readonly retention?: Partial<Retention>;
  /** Longer raw texts are cut; 1 MB by default. */
  readonly maxRawBytes?: number;
  /** Told what went wrong with the journal itself: for the log. */
  readonly report?: (report: JournalReport) => void;
  /** Runs the observer in this thread. Slower, for tests. */
  readonly inThread?: boolean;
}

/** Opens the journal of one service. Errors: `STORAGE_UNUSABLE`; a damaged file is none: it is moved aside and reported. */
export async function openJournal(options: JournalOptions): Promise<Journal> {
  const { folder, clock } = options;
  const retention = { ...DEFAULT_RETENTION, ...options.retention };
  const events = new LateEvents();
  const port =
    options.inThread === true
      ? openInThread(
          {
            clock,
            ids: options.ids,
            retention,
            openStore: () => openJournalFiles(folder, clock.now()),
            moveAside: () => moveAside(folder, clock.now()),
          },
          events,
        )
      : await openInWorker({ folder, retention }, events);
  const writer = new MessageWriter({ folder, sync: options.sync ?? 'full' });
  return start({ ...options, port, events, writer });
}

export interface MemoryJournalOptions {
  readonly clock: Clock;
  readonly group: CommitGroup;
  readonly ids?: Ids;
  readonly retention?: Partial<Retention>;
  readonly maxRawBytes?: number;
  readonly stationClock?: string;
  readonly report?: (report: JournalReport) => void;
}

/** The same without thread and files: for tests and virtual time. A query sees everything recorded before it. */
export function openMemoryJournal(options: MemoryJournalOptions): Journal {
  const store = new MemoryMessageStore();
  const observer: Omit<ObserverOptions, 'report' | 'pushRates'> = {
    clock: options.clock,
    ids: options.ids ?? new SeededIds(new Random('journal')),
    retention: { ...DEFAULT_RETENTION, messages: 200_000, ...options.retention },
    openStore: () => ({ store }),
  };
  const events = new LateEvents();
  return start({ ...options, port: openInThread(observer, events), events });
}

/** What the observer says before the recorder is there waits for it. */
class LateEvents implements PortEvents {
  #recorder: JournalRecorder | undefined;
  #onReport: ((report: JournalReport) => void) | undefined;
  #early: JournalReport[] = [];

  readonly acknowledged: PortEvents['acknowledged'] = (done) => this.#recorder?.acknowledge(done);
  readonly report: PortEvents['report'] = (report) => {
    if (this.#onReport === undefined) this.#early.push(report);
    else this.#onReport(report);
  };

  connect(recorder: JournalRecorder, onReport: (report: JournalReport) => void): void {
    this.#recorder = recorder;
    this.#onReport = onReport;
    for (const report of this.#early.splice(0)) onReport(report);
  }
}

interface StartOptions extends MemoryJournalOptions {
  readonly port: ObserverPort;
  readonly events: LateEvents;
  readonly writer?: MessageWriter;
}

function start(options: StartOptions): Journal {
  const { clock, group, port, events, writer } = options;
  const recorder = new JournalRecorder({
    clock,
    group,
    deliver: (buffer) => port.deliver(buffer),
    ...port.opening,
    ...(writer === undefined ? {} : { writer }),
    ...(options.maxRawBytes === undefined ? {} : { maxRawBytes: options.maxRawBytes }),
  });

  /** A query sees what was recorded before it; a file that cannot be written is the commit group's affair. */
  const settle = (): void => {
    try {
      recorder.flush();
    } catch {
      // See above.
    }
  };
  const call = (method: QueryMethod, args: readonly unknown[]): Promise<never> => {
    settle();
    return port.call(method, args) as Promise<never>;
  };
  const query: JournalQuery = {
    info: () => call('info', []),
    messages: (...args) => call('messages', args),
    message: (...args) => call('message', args),
    related: (...args) => call('related', args),
    annotate: (...args) => call('annotate', args),
    findings: (...args) => call('findings', args),
    finding: (...args) => call('finding', args),
    findingGroups: (...args) => call('findingGroups', args),
    mutes: () => call('mutes', []),
    mute: (...args) => call('mute', args),
    unmute: (...args) => call('unmute', args),
    decideFinding: (...args) => call('decideFinding', args),
    createView: (...args) => call('createView', args),
    view: (...args) => call('view', args),
    viewRows: (...args) => call('viewRows', args),
    viewPosition: (...args) => call('viewPosition', args),
    viewHistogram: (...args) => call('viewHistogram', args),
    viewValues: (...args) => call('viewValues', args),
    stopView: (...args) => call('stopView', args),
    deleteView: (...args) => call('deleteView', args),
    statistics: (query) => call('statistics', [query]),
    sessions: (...args) => call('sessions', args),
    session: (...args) => call('session', args),
    sessionByKey: (...args) => call('sessionByKey', args),
    sessionSeries: (...args) => call('sessionSeries', args),
    sessionReconciliation: (...args) => call('sessionReconciliation', args),
    exportPage: (...args) => call('exportPage', args),
    feed: (...args) => call('feed', args),
    clear: async () => {
      settle();
      // What was recorded until now stands in files that can be deleted whole.
      writer?.rotate();
      const info = await (call('clear', []) as ReturnType<JournalQuery['clear']>);
      epoch = info.epoch;
      return info;
    },
    undoClear: async () => {
      const info = await (call('undoClear', []) as ReturnType<JournalQuery['undoClear']>);
      epoch = info.epoch;
      return info;
    },
  };
  let { epoch } = port.opening;
  let lastSubscription = 0;
  const rateListeners = new Set<(rates: Rates) => void>();
  const live: Live = {
    async subscribe(live, push) {
      settle();
      const id = ++lastSubscription;
      await port.subscribe(id, live, push);
      return { close: () => port.unsubscribe(id) };
    },
    rates(push) {
      rateListeners.add(push);
      if (rateListeners.size === 1) {
        port.watchRates((rates) => {
          for (const listener of rateListeners) listener(rates);
        });
      }
      return {
        close() {
          if (rateListeners.delete(push) && rateListeners.size === 0) port.watchRates(undefined);
        },
      };
    },
  };
  const record = reporter(recorder, clock, options.report);
  events.connect(recorder, (report) => {
    record(report);
    if (report.kind !== 'damaged') return;
    // A file that turned out damaged in use: another epoch began.
    query.info().then(
      (info) => {
        epoch = info.epoch;
      },
      () => {},
    );
  });
  return {
    get epoch() {
      return epoch;
    },
    recorder: options.stationClock === undefined ? recorder : new OwnClockRecorder(recorder, options.stationClock),
    unwatched: recorder,
    query,
    live,
    export: (filter, read) => exportLines(query, filter, read),
    import: (chunks, through = recorder) =>
      importLines(chunks, {
        recorder: through,
        clock,
        query,
        ...(writer === undefined ? {} : { pause: pauseOn(clock) }),
      }),
    async close() {
      recorder.stop();
      await port.close();
      writer?.close();
    },
  };
}

function pauseOn(clock: Clock): () => Promise<void> {
  return () => new Promise((resolve) => clock.soon(resolve));
}

/** Damage is an event of the journal too, so that a reader of the list sees why it begins here. */
function reporter(
  recorder: JournalRecorder,
  clock: Clock,
  log: ((report: JournalReport) => void) | undefined,
): (report: JournalReport) => void {
  let link: LinkNumber | undefined;
  return (untimed) => {
    const report = untimed.time === 0 ? { ...untimed, time: clock.now() } : untimed;
    log?.(report);
    if (report.kind === 'full') return;
    const self = { id: 'journal', role: 'ui' } as const;
    link ??= recorder.openLink({
      a: self,
      b: self,
      protocol: 'api',
      transport: 'file',
      conn: 'journal',
      tap: 'journal',
    });
    const raw = JSON.stringify({ text: report.text });
    recorder.record({
      link,
      toClient: false,
      time: clock.now(),
      kind: 'event',
      action: `journal.${report.kind}`,
      messageId: '',
      raw,
      origin: 'system',
    });
  };
}
