import type { SqlValue } from '../storage/sql-value.ts';
import type { Annotation, MessageStore, StoredMessage } from './message-store.ts';

/** The same as the database, without a file: for tests and virtual time. */
export class MemoryMessageStore implements MessageStore {
  readonly #messages = new Map<number, StoredMessage>();
  readonly #links = new Map<number, string>();
  readonly #findings = new Map<number, { readonly seq: number | undefined; readonly json: string }>();
  readonly #annotations = new Map<number, Annotation>();
  readonly #meta = new Map<string, SqlValue>();

  begin(): void {}
  commit(): void {}
  rollback(): void {}
  checkpoint(): void {}
  close(): void {}

  append(message: StoredMessage): void {
    // The record looks into the buffer that goes back to the recorder.
    this.#messages.set(message.seq, { seq: message.seq, record: Uint8Array.from(message.record) });
  }

  putLink(link: number, json: string): void {
    this.#links.set(link, json);
  }

  removeLink(link: number): void {
    this.#links.delete(link);
  }

  addFinding(id: number, seq: number | undefined, json: string): void {
    this.#findings.set(id, { seq, json });
  }

  annotate(seq: number, annotation: Annotation): void {
    this.#annotations.set(seq, annotation);
  }

  setMeta(name: string, value: string | number): void {
    this.#meta.set(name, value);
  }

  deleteBelow(seq: number): void {
    // A map keeps the order of insertion: the oldest stand in front.
    for (const key of this.#messages.keys()) {
      if (key >= seq) break;
      this.#messages.delete(key);
    }
    for (const key of this.#annotations.keys()) if (key < seq) this.#annotations.delete(key);
    for (const [id, finding] of this.#findings) {
      if (finding.seq !== undefined && finding.seq < seq) this.#findings.delete(id);
    }
  }

  removeFindings(belowId: number): void {
    for (const id of this.#findings.keys()) if (id < belowId) this.#findings.delete(id);
  }

  get(seq: number): StoredMessage | undefined {
    return this.#messages.get(seq);
  }

  range(from: number, to: number): StoredMessage[] {
    const found: StoredMessage[] = [];
    for (let seq = from; seq <= to; seq++) {
      const message = this.#messages.get(seq);
      if (message !== undefined) found.push(message);
    }
    return found;
  }

  heads(from: number, to: number): Uint8Array[] {
    return this.range(from, to)
      .map((message) => message.record)
      .reverse();
  }

  bounds(): { first: number; last: number } | undefined {
    if (this.#messages.size === 0) return undefined;
    const seqs = [...this.#messages.keys()];
    return { first: seqs[0] ?? 0, last: seqs.at(-1) ?? 0 };
  }

  links(): { link: number; json: string }[] {
    return [...this.#links].map(([link, json]) => ({ link, json }));
  }

  findings(): { id: number; json: string }[] {
    return [...this.#findings].map(([id, { json }]) => ({ id, json }));
  }

  annotations(): { seq: number; annotation: Annotation }[] {
    return [...this.#annotations].map(([seq, annotation]) => ({ seq, annotation }));
  }

  meta(name: string): SqlValue {
    return this.#meta.get(name) ?? null;
  }
}
