import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { api, apiPath, Problem, type ProblemDocument } from './client.ts';
import { live } from './live.ts';
import { problemOf } from './problem-of.ts';
import type { Row, View, ViewEntity, ViewRows } from './shapes.ts';
import { SHIFTING, ViewWindows, WINDOW, windowOf } from './view-windows.ts';

type Answer = ViewRows & { readonly news: number };

export interface ViewRequest {
  readonly entity: ViewEntity;
  readonly q: string;
  /** Frozen at this message. */
  readonly asOf?: number | undefined;
}

/** How often what is on the screen is read again while messages come in. */
const TICK_MS = 120;

/**
 * A filtered list that lives on the server; here are only the windows of it that are looked at. The browser never holds the
 * journal.
 */
export class MessageView {
  readonly request: ViewRequest;
  readonly #listeners = new Set<() => void>();
  readonly #windows = new ViewWindows();
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
    return this.#windows.rowAt(index);
  }

  /** Index of a message among the rows that are here. */
  indexOf(seq: number): number | undefined {
    return this.#windows.indexOf(seq);
  }

  /** Tells what is looked at; fetches what is missing of it, or was read before the journal went on. */
  show(first: number, last: number): void {
    this.#range = { first, last };
    for (let window = windowOf(first); window <= windowOf(last); window++) {
      const read = this.#windows.touch(window);
      // What is to be read again anyway is not asked for twice.
      const stale = read !== this.#news && this.#timer === undefined && !this.#busy;
      if (read === undefined || stale) void this.#fetch(window);
    }
  }

  /** The server still looks for rows, oldest last. */
  get growing(): boolean {
    return this.view !== undefined && !this.view.complete && this.view.stopped !== true;
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

  /** Reads the screen's rows again: new ones came, answers came, the scan went on. They are shown together. */
  async #tick(): Promise<void> {
    if (this.#busy) {
      this.#again = true;
      return;
    }
    this.#busy = true;
    const { growing, count } = this;
    try {
      const first = windowOf(Math.min(this.#range.first, Math.max(0, count - 1)));
      const last = windowOf(Math.min(this.#range.last, count));
      // A list that is followed ends at the bottom, where the news is: the end is read before it is shown.
      const followed = this.#range.last >= count - 1;
      const answers = new Map<number, Answer>();
      for (let window = first; window <= last; window++) {
        const answer = await this.#read(window);
        if (answer === undefined) return;
        answers.set(window, answer);
        const end = windowOf(Math.max(0, answer.view.count - 1));
        if (window === last && followed && end > last)
          for (const at of end - 1 > last ? [end - 1, end] : [end]) {
            const further = await this.#read(at);
            if (further !== undefined) answers.set(at, further);
          }
      }
      for (const [window, answer] of answers) this.#take(window, answer);
      const read = (Math.max(...answers.keys()) + 1) * WINDOW;
      if (followed && this.view !== undefined && this.view.count > read) {
        this.view = { ...this.view, count: read };
        this.#again = true;
      }
      this.#changed();
    } finally {
      this.#busy = false;
      if (this.#again || growing || this.growing) {
        this.#again = false;
        this.#schedule();
      }
    }
  }

  async #fetch(window: number): Promise<void> {
    if (this.view === undefined) return;
    const asked = `${this.view.id} ${window}`;
    if (this.#fetching.has(asked)) return;
    this.#fetching.add(asked);
    const answer = await this.#read(window);
    this.#fetching.delete(asked);
    if (answer === undefined) return;
    const { count } = this;
    this.#take(window, answer);
    // What came meanwhile is shown when it is here.
    if (this.count > count && this.view !== undefined) {
      this.view = { ...this.view, count };
      this.#schedule();
    }
    this.#changed();
  }

  /** A window as it is at the server now; nothing when there is none for this view any more. */
  async #read(window: number): Promise<Answer | undefined> {
    if (this.view === undefined) return undefined;
    const { id } = this.view;
    const news = this.#news;
    try {
      const answer = await api.get<ViewRows>(apiPath(`/views/${id}/rows`, { from: window * WINDOW, limit: WINDOW }));
      return this.#closed || this.view?.id !== id ? undefined : { ...answer, news };
    } catch (thrown) {
      // The server puts away views that nobody used for a while.
      if (thrown instanceof Problem && thrown.status === 410) void this.#create();
      // The line is cut: the banner says so, and what is shown was true until then. It is read again with the line.
      else if (!this.#closed && !(thrown instanceof Problem && thrown.status === 0)) {
        this.problem = problemOf(thrown);
        this.#changed();
      }
      return undefined;
    }
  }

  #take(window: number, { view, rows, news }: Answer): void {
    // What the scan still finds is older and stands in front: rows kept from before stand elsewhere now.
    if (this.growing) this.#windows.forgetOthers(windowOf(this.#range.first), windowOf(this.#range.last));
    if (this.view === undefined || view.head >= this.view.head) this.view = view;
    this.problem = undefined;
    this.#windows.keep(window, rows, view.complete || view.stopped === true ? news : SHIFTING);
  }

  #changed(): void {
    this.version += 1;
    for (const listener of this.#listeners) listener();
  }
}

/** Events that tell that the journal went on. */
const JOURNAL_EVENTS: ReadonlySet<string> = new Set(['journal', 'finding', 'resync']);

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
