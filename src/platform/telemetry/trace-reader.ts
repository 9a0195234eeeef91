import { CompoteError } from '../../core/errors.ts';
import { isoTime as iso } from '../../core/time.ts';
import type { Journal, Row } from '../../journal/index.ts';
import { AROUND_MS, type Trace, traceOf } from './trace.ts';

/** Rows that the list of traces is made from; older traces are found by their id. */
const RECENT = 1_000;

/** Traces of a journal, derived when they are asked for: no collector is needed, nothing is kept. */
export class TraceReader {
  readonly #journal: Journal;

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  /** The newest, each as far as it has come. */
  async list(limit: number): Promise<Trace[]> {
    const { items } = await this.#journal.query.messages({
      q: 'has:trace is:request',
      entity: 'exchanges',
      limit: RECENT,
    });
    const ids = [...new Set(items.map(({ tr }) => tr).filter((id) => id !== undefined))].slice(0, limit);
    const traces: Trace[] = [];
    for (const id of ids) {
      const trace = await this.find(id);
      if (trace !== undefined) traces.push(trace);
    }
    return traces;
  }

  /** Errors: `NOT_FOUND`. */
  async one(id: string): Promise<Trace> {
    const trace = await this.find(id);
    if (trace === undefined)
      throw new CompoteError('NOT_FOUND', { detail: `No message of the trace ${id} is in the journal` });
    return trace;
  }

  async find(id: string): Promise<Trace | undefined> {
    if (!/^[0-9a-f]{32}$/.test(id)) return undefined;
    const { query, epoch } = this.#journal;
    const traced = (await query.messages({ q: `trace:${id}`, entity: 'exchanges', order: 'oldest', limit: 500 })).items;
    const first = traced[0];
    const last = traced.at(-1);
    const sessions = [...new Set(traced.map(({ ses }) => ses).filter((each) => each !== undefined))];
    let ofSession: readonly Row[] = [];
    if (first !== undefined && last !== undefined && sessions.length > 0) {
      const range = `time:${iso(first.t - AROUND_MS)}..${iso(last.t + AROUND_MS)}`;
      const q = `proto:ocpp session:(${sessions.join(',')}) ${range}`;
      ofSession = (await query.messages({ q, entity: 'exchanges', order: 'oldest', limit: 500 })).items;
    }
    return traceOf(id, traced, ofSession, epoch);
  }
}
