import type { Observation } from '../observation.ts';
import { booleanAt, isObject, type Members, textAt, valueAt } from '../payload-reader.ts';
import { transactionId } from './transactions-2x.ts';

const LIMIT = 64;

/** What 2.1 adds to transactions: limits that the CSMS sets (E16), and resuming after a reset (B13, E17). */
export class Transactions21 {
  /** Transaction -> the newest limit of the CSMS. */
  readonly #limits = new Map<string, { readonly limit: Members; readonly seq: number }>();
  /** Transaction -> when it was last resumed. */
  readonly #resumedAt = new Map<string, number>();

  /** Transaction -> whether priority charging is on, as the station told last (K21). */
  readonly #priority = new Map<string, boolean>();

  limitOf(id: string): { readonly limit: Members; readonly seq: number } | undefined {
    return this.#limits.get(id);
  }

  resumedAt(id: string): number | undefined {
    return this.#resumedAt.get(id);
  }

  hasPriority(id: string): boolean {
    return this.#priority.get(id) ?? false;
  }

  update(o: Observation): void {
    if (o.action === 'NotifyPriorityCharging') {
      const id = textAt(o.payload, 'transactionId');
      if (id !== undefined) put(this.#priority, id, booleanAt(o.payload, 'activated') === true);
    } else if (o.kind === 'request') {
      const id = transactionId(o);
      if (id === undefined) return;
      if (textAt(o.payload, 'triggerReason') === 'TxResumed') put(this.#resumedAt, id, o.time);
      if (textAt(o.payload, 'eventType') !== 'Ended') return;
      this.#limits.delete(id);
      this.#priority.delete(id);
    } else if (o.kind === 'response' && o.request !== null) {
      const limit = valueAt(o.payload, 'transactionLimit');
      const id = transactionId(o.request);
      if (isObject(limit) && id !== undefined) put(this.#limits, id, { limit, seq: o.seq });
    }
  }
}

function put<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= LIMIT) return;
  for (const oldest of map.keys()) {
    map.delete(oldest);
    return;
  }
}
