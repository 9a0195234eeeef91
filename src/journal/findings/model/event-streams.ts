import type { Observation } from '../observation.ts';
import { listAt, numberAt, textAt, valueAt } from '../payload-reader.ts';

/** A periodic event stream of a monitor (2.1 N11 to N15). */
export interface EventStream {
  readonly id: number;
  state: 'asked' | 'open' | 'rejected' | 'closed';
  readonly monitor: number | undefined;
  /** Values are sent every so many seconds, or when so many are there. */
  intervalS: number | undefined;
  values: number | undefined;
  readonly seq: number;
}

const LIMIT = 200;
const SENDS = 64;

export class EventStreams {
  readonly #streams = new Map<number, EventStream>();
  readonly #sends = new Set<string>();

  get(id: number | undefined): EventStream | undefined {
    return id === undefined ? undefined : this.#streams.get(id);
  }

  /** The open stream of a monitor. */
  ofMonitor(monitor: number): EventStream | undefined {
    for (const stream of this.#streams.values())
      if (stream.monitor === monitor && stream.state === 'open') return stream;
    return undefined;
  }

  /** True for the id of a SEND among the latest. */
  isSend(messageId: string): boolean {
    return this.#sends.has(messageId);
  }

  sent({ messageId }: Observation): void {
    this.#sends.add(messageId);
    if (this.#sends.size > SENDS) forgetOldest(this.#sends);
  }

  update(o: Observation): void {
    const { action, kind, payload, request } = o;
    if (action === 'OpenPeriodicEventStream') {
      if (kind === 'request') return this.#put(valueAt(payload, 'constantStreamData'), 'asked', o.seq);
      const stream = this.get(numberAt(request?.payload, 'constantStreamData', 'id'));
      if (stream !== undefined)
        stream.state = kind === 'response' && textAt(payload, 'status') === 'Accepted' ? 'open' : 'rejected';
    } else if (action === 'ClosePeriodicEventStream' && kind === 'request') {
      const stream = this.get(numberAt(payload, 'id'));
      if (stream !== undefined) stream.state = 'closed';
    } else if (action === 'AdjustPeriodicEventStream' && kind === 'response') {
      const stream = this.get(numberAt(request?.payload, 'id'));
      if (stream === undefined || textAt(payload, 'status') !== 'Accepted') return;
      stream.intervalS = numberAt(request?.payload, 'params', 'interval');
      stream.values = numberAt(request?.payload, 'params', 'values');
    } else if (action === 'GetPeriodicEventStream' && kind === 'response') {
      for (const each of listAt(payload, 'constantStreamData')) this.#put(each, 'open', o.seq);
    }
  }

  #put(data: unknown, state: EventStream['state'], seq: number): void {
    const id = numberAt(data, 'id');
    if (id === undefined) return;
    this.#streams.delete(id);
    this.#streams.set(id, {
      id,
      state,
      monitor: numberAt(data, 'variableMonitoringId'),
      intervalS: numberAt(data, 'params', 'interval'),
      values: numberAt(data, 'params', 'values'),
      seq,
    });
    if (this.#streams.size > LIMIT) forgetOldest(this.#streams);
  }
}

function forgetOldest<K>(all: Map<K, unknown> | Set<K>): void {
  for (const oldest of all.keys()) {
    all.delete(oldest);
    return;
  }
}
