import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { api, apiPath, Problem, type ProblemDocument } from './client.ts';
import { live } from './live.ts';
import { problemOf } from './problem-of.ts';
import type { Row, View, ViewEntity, ViewRows } from './shapes.ts';

interface Window {
  readonly rows: readonly Row[];
  /** How often the journal had gone on when it was read. */
  readonly news: number;
}

export interface ViewRequest {
  readonly entity: ViewEntity;
  readonly q: string;
  /** Frozen at this message. */
  readonly asOf?: number | undefined;
}

const WINDOW = 200;
const MAX_WINDOWS = 60;
/** How often what is on the screen is read again while messages come in. */
const TICK_MS = 120;

/**
 * A filtered list that lives on the server; here are only the windows of it that are looked at. The browser never holds the
 * journal.
 */
export class MessageView {
  readonly request: ViewRequest;
  readonly #listeners = new Set<() => void>();
  /** The one that was not looked at for longest stands first. */
  readonly #windows = new Map<number, Window>();
  /** How often the journal went on: a window of before is shown, and read again as soon as it is looked at. */
  #news = 0;
  /** View and window: an answer for a view that is no more must not keep a window of the new one waiting. */
  readonly #fetching = new Set<string>();
  readonly #ends: (() => void)[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #range = { first: 0, last: 60 };
  #busy = false;
  #again = false;
  #closed = false;
  view: View | undefined;
  problem: ProblemDocument | undefined;
  version = 0;

  constructor(request: ViewRequest) {
    this.request = request;
  }

  open(): void {
    this.#closed = false;
    void this.#create();
    if (this.request.asOf !== undefined) return;
    this.#ends.push(
      live.on('*', (_data, event) => {
        if (!JOURNAL_EVENTS.has(event)) return;
        // What was missed is not known, and the server may be another one by now: the list is made anew.
        if (event === 'resync') void this.#create();
        else {
          this.#news += 1;
          this.#schedule();
        }
      }),
    );
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    for (const end of this.#ends.splice(0)) end();
    if (this.view !== undefined) void api.delete(apiPath(`/views/${this.view.id}`)).catch(() => undefined);
    this.view = undefined;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  get count(): number {
    return this.view?.count ?? 0;
  }

  rowAt(index: number): Row | undefined {
    return this.#windows.get(Math.floor(index / WINDOW))?.rows[index % WINDOW];
  }

  /** Index of a message among the rows that are here. */
  indexOf(seq: number): number | undefined {
    for (const [window, { rows }] of this.#windows) {
      const found = rows.findIndex((row) => row.s === seq);
      if (found >= 0) return window * WINDOW + found;
    }
    return undefined;
  }

  /** Tells what is looked at; fetches what is missing of it, or was read before the journal went on. */
  show(first: number, last: number): void {
    this.#range = { first, last };
    for (let window = Math.floor(first / WINDOW); window <= Math.floor(last / WINDOW); window++) {
      const here = this.#windows.get(window);
      if (here !== undefined) this.#keep(window, here);
      if (here === undefined || here.news !== this.#news) void this.#fetch(window);
    }
  }

  /** The server still looks for rows, oldest last. */
  get growing(): boolean {
    return this.view !== undefined && !this.view.complete && this.view.stopped !== true;
  }

  /** Of what is not on the screen. */
  #forgetOthers(than: number): void {
    const { first, last } = this.#range;
    for (const window of this.#windows.keys())
      if (window !== than && (window < Math.floor(first / WINDOW) || window > Math.floor(last / WINDOW)))
        this.#windows.delete(window);
  }

  #keep(window: number, rows: Window): void {
    this.#windows.delete(window);
    this.#windows.set(window, rows);
  }

  async position(seq: number): Promise<{ readonly index: number; readonly found: boolean } | undefined> {
    if (this.view === undefined) return undefined;
    return api.get(apiPath(`/views/${this.view.id}/position`, { seq }));
  }

  /** Enough was found: the server does not look on. */
  async stop(): Promise<void> {
    if (this.view === undefined) return;
    const { id } = this.view;
    const view = await api.post<View>(apiPath(`/views/${id}/stop`));
    if (this.view?.id !== id) return;
    this.view = view;
    this.#changed();
  }

  retry(): void {
    this.problem = undefined;
    void this.#create();
  }

  async #create(): Promise<void> {
    const { entity, q, asOf } = this.request;
    try {
      const view = await api.post<View>(apiPath('/views'), {
        entity,
        q,
        order: 'oldest',
        ...(asOf === undefined ? {} : { asOf }),
      });
      if (this.#closed) return;
      this.view = view;
      this.problem = undefined;
      this.#windows.clear();
      this.#changed();
      if (!view.complete) this.#schedule();
      else if (view.count > 0) {
        const { first, last } = this.#range;
        this.show(Math.max(0, view.count - 80), view.count - 1);
        if (first < view.count) this.show(first, Math.min(last, view.count - 1));
      }
    } catch (thrown) {
      if (this.#closed) return;
      this.problem = problemOf(thrown);
      this.#changed();
    }
  }

  #schedule(): void {
    if (this.#closed) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      if (document.hidden) addEventListener('visibilitychange', () => this.#schedule(), { once: true });
      else void this.#tick();
    }, TICK_MS);
  }

  /** Reads the screen's rows again: new ones came, answers came, the scan went on. */
  async #tick(): Promise<void> {
    if (this.#busy) {
      this.#again = true;
      return;
    }
    this.#busy = true;
    const { growing } = this;
    try {
      // A list that is followed ends at the bottom: its last window is where news comes.
      const count = this.count;
      const first = Math.floor(Math.min(this.#range.first, Math.max(0, count - 1)) / WINDOW);
      const last = Math.floor(Math.min(this.#range.last, Math.max(0, count)) / WINDOW);
      for (let window = first; window <= last; window++) await this.#fetch(window, true);
      if (last * WINDOW + WINDOW < this.count && this.#range.last >= count - 1)
        await this.#fetch(Math.floor((this.count - 1) / WINDOW), true);
    } finally {
      this.#busy = false;
      if (this.#again || growing || this.growing) {
        this.#again = false;
        this.#schedule();
      }
    }
  }

  async #fetch(window: number, again = false): Promise<void> {
    if (this.view === undefined) return;
    const { id } = this.view;
    const asked = `${id} ${window}`;
    if (this.#fetching.has(asked) && !again) return;
    this.#fetching.add(asked);
    const news = this.#news;
    try {
      const answer = await api.get<ViewRows>(apiPath(`/views/${id}/rows`, { from: window * WINDOW, limit: WINDOW }));
      if (this.#closed || this.view?.id !== id) return;
      // What the scan still finds is older and stands in front: rows kept from before stand elsewhere now.
      if (this.growing) this.#forgetOthers(window);
      this.view = answer.view;
      this.problem = undefined;
      const rows = keepSame(this.#windows.get(window)?.rows, answer.rows);
      this.#keep(window, { rows, news });
      for (const oldest of this.#windows.keys()) {
        if (this.#windows.size <= MAX_WINDOWS) break;
        this.#windows.delete(oldest);
      }
      this.#changed();
    } catch (thrown) {
      // The server puts away views that nobody used for a while.
      if (thrown instanceof Problem && thrown.status === 410) void this.#create();
      // The line is cut: the banner says so, and what is shown was true until then. It is read again with the line.
      else if (!this.#closed && !(thrown instanceof Problem && thrown.status === 0)) {
        this.problem = problemOf(thrown);
        this.#changed();
      }
    } finally {
      this.#fetching.delete(asked);
    }
  }

  #changed(): void {
    this.version += 1;
    for (const listener of this.#listeners) listener();
  }
}

/** Events that tell that the journal went on. */
const JOURNAL_EVENTS: ReadonlySet<string> = new Set(['journal', 'finding', 'resync']);

/** Rows that did not change stay the same objects, so that they are not drawn again. */
function keepSame(before: readonly Row[] | undefined, after: readonly Row[]): readonly Row[] {
  if (before === undefined) return after;
  return after.map((row, index) => {
    const old = before[index];
    return old !== undefined && old.s === row.s && JSON.stringify(old) === JSON.stringify(row) ? old : row;
  });
}

export function useMessageView(request: ViewRequest): MessageView {
  const { entity, q, asOf } = request;
  const view = useMemo(() => new MessageView({ entity, q, asOf }), [entity, q, asOf]);
  useEffect(() => {
    view.open();
    return () => view.close();
  }, [view]);
  useSyncExternalStore(view.subscribe, () => view.version);
  return view;
}
