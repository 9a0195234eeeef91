import type { SqlValue } from '../storage/sql-value.ts';
import type { Annotation, MessageStore, Notes, StoredMessage } from './message-store.ts';

/** The same as files and database, in memory: for tests and virtual time. Nothing comes back after it. */
export class MemoryMessageStore implements MessageStore {
  notes: Notes = new MemoryNotes();
  readonly #messages = new Map<number, StoredMessage>();

  append({ seq, record }: StoredMessage): void {
    // The record looks into the buffer that goes back to the recorder.
    this.#messages.set(seq, { seq, record: Uint8Array.from(record) });
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

  deleteBelow(seq: number): void {
    // A map keeps the order of insertion: the oldest stand in front.
    for (const key of this.#messages.keys()) {
      if (key >= seq) break;
      this.#messages.delete(key);
    }
    this.notes.deleteBelow(seq);
  }

  clear(seq: number): void {
    this.notes.deleteBelow(seq);
    this.notes.removeFindings(Number.MAX_SAFE_INTEGER);
  }

  deleteCleared(seq: number): void {
    this.deleteBelow(seq);
  }

  recover(afterSegment: number): { lastSegment: number; torn: [] } {
    return { lastSegment: afterSegment, torn: [] };
  }

  earlier(): [] {
    return [];
  }

  reopenNotes(): void {
    this.notes = new MemoryNotes();
  }

  close(): void {}
}

class MemoryNotes implements Notes {
  readonly pending = false;
  readonly #links = new Map<number, string>();
  readonly #findings = new Map<number, { readonly seq: number | undefined; readonly json: string }>();
  readonly #annotations = new Map<number, Annotation>();
  readonly #mutes = new Map<string, string>();
  readonly #meta = new Map<string, SqlValue>();

  putLink(link: number, json: string): void {
    this.#links.set(link, json);
  }

  removeLink(link: number): void {
    this.#links.delete(link);
  }

  addFinding(id: number, seq: number | undefined, json: string): void {
    this.#findings.set(id, { seq, json });
  }

  removeFindings(belowId: number): void {
    for (const id of this.#findings.keys()) if (id < belowId) this.#findings.delete(id);
  }

  annotate(seq: number, annotation: Annotation): void {
    this.#annotations.set(seq, annotation);
  }

  putMute(id: string, json: string): void {
    this.#mutes.set(id, json);
  }

  removeMute(id: string): void {
    this.#mutes.delete(id);
  }

  setMeta(name: string, value: string | number): void {
    this.#meta.set(name, value);
  }

  deleteBelow(seq: number): void {
    for (const key of this.#annotations.keys()) if (key < seq) this.#annotations.delete(key);
    for (const [id, finding] of this.#findings) {
      if (finding.seq !== undefined && finding.seq < seq) this.#findings.delete(id);
    }
  }

  close(): void {}
  commit(): void {}
  rollback(): void {}

  links(): { link: number; json: string }[] {
    return [...this.#links].map(([link, json]) => ({ link, json }));
  }

  findings(): { id: number; json: string }[] {
    return [...this.#findings].map(([id, { json }]) => ({ id, json }));
  }

  annotations(): { seq: number; annotation: Annotation }[] {
    return [...this.#annotations].map(([seq, annotation]) => ({ seq, annotation }));
  }

  mutes(): string[] {
    return [...this.#mutes.values()];
  }

  meta(name: string): SqlValue {
    return this.#meta.get(name) ?? null;
  }
}
