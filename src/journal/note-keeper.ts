import { messageOf } from '../core/errors.ts';
import { isDamage } from './journal-file.ts';
import type { MessageIndex } from './message-index.ts';
import type { MessageStore, Notes } from './message-store.ts';

/** How often it is noted how far all has come when there is nothing else to note. */
const MARK_MS = 1_000;

export interface NoteKeeperOptions {
  readonly store: MessageStore;
  /** What is known now; another one after the journal was cleared. */
  readonly index: () => MessageIndex;
  /** How far all has come: a next start reads the files from there. */
  readonly marks: () => Readonly<Record<string, string | number>>;
  /** Puts a database that turned out damaged away; returns what to say about it. Missing when there is none. */
  readonly moveAside?: ((cause: unknown) => string) | undefined;
  readonly report: (kind: 'damaged' | 'full', text: string) => void;
}

/**
 * Writes the observer's notes (links, findings, marks) behind the messages. Whatever goes wrong with them, no message is
 * missed for it: all that they say is in memory too, and is written anew when that is possible.
 */
export class NoteKeeper {
  readonly #options: NoteKeeperOptions;
  /** Why the last notes could not be written. */
  #failure: unknown;
  /** Notes are missing in the store that are in memory. */
  #behind = false;
  #markedAt = 0;

  constructor(options: NoteKeeperOptions) {
    this.#options = options;
  }

  /** Never throws: see `commit`. */
  write(write: (notes: Notes) => void): void {
    if (this.#failure !== undefined) return;
    try {
      if (this.#behind) this.#writeAll();
      write(this.#options.store.notes);
    } catch (error) {
      this.#failure = error;
    }
  }

  /** Ends what belongs together, and deals with what went wrong. */
  commit(nowMs: number): void {
    this.write((notes) => {
      if (!notes.pending && nowMs - this.#markedAt < MARK_MS) return;
      this.#markedAt = nowMs;
      this.#end(notes);
    });
    this.#settle();
  }

  /** The same, also when there is nothing new. */
  finish(): void {
    this.write((notes) => this.#end(notes));
    this.#settle();
  }

  /** Everything that is known, anew: what is noted is of another time. */
  rewrite(): void {
    this.#behind = true;
    this.write((notes) => {
      notes.setMeta('first', this.#options.index().columns.first);
    });
    this.finish();
  }

  #end(notes: Notes): void {
    for (const [name, value] of Object.entries(this.#options.marks())) notes.setMeta(name, value);
    notes.commit();
  }

  #settle(): void {
    const error = this.#failure;
    if (error === undefined) return;
    this.#failure = undefined;
    this.#behind = true;
    const { store, moveAside, report } = this.#options;
    try {
      store.notes.rollback();
      if (!isDamage(error) || moveAside === undefined) return report('full', unwrittenText(error));
      closeQuietly(store.notes);
      const text = moveAside(error);
      store.reopenNotes();
      this.#writeAll();
      report('damaged', text);
    } catch (again) {
      report('full', unwrittenText(again));
    }
  }

  /** Everything that is known, for a database that lacks some or all of it. */
  #writeAll(): void {
    const { notes } = this.#options.store;
    const index = this.#options.index();
    notes.removeFindings(Number.MAX_SAFE_INTEGER);
    for (const link of index.routes.links()) notes.putLink(link, JSON.stringify(index.routes.link(link)));
    for (const [number, finding] of index.findings()) notes.addFinding(number, finding.seq, JSON.stringify(finding));
    for (const [seq, annotation] of index.annotations()) notes.annotate(seq, annotation);
    for (const mute of index.mutes.all()) notes.putMute(mute.id, JSON.stringify(mute));
    notes.setMeta('first', index.columns.first);
    this.#end(notes);
    this.#behind = false;
  }
}

function closeQuietly(notes: Notes): void {
  try {
    notes.close();
  } catch {
    // It is damaged: closing may fail too.
  }
}

function unwrittenText(cause: unknown): string {
  return `Links and findings of the journal could not be noted: ${messageOf(cause)}. Its messages are safe; the notes are tried again.`;
}
