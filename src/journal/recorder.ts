import type { Clock, Timer } from '../core/clock.ts';
import type { CommitGroup, CommitParticipant } from '../storage/commit-group.ts';
import type { LinkDescription, LinkNumber, NewEntry, NewFinding, Recorder } from './entry.ts';
import type { Location } from './message-files.ts';
import type { MessageWriter } from './message-writer.ts';
import { noteSize, packEntry, packedSizeAtMost, packNote, type RecordType, type Target } from './packed-entry.ts';
import { closeSegment, SEGMENT_HEADER } from './segment.ts';

/** A part of a buffer that stands in a file: from `from` on, up to the next piece. */
export interface Piece extends Location {
  readonly from: number;
}

/** A buffer of whole segments on its way to the observer. */
export interface JournalBuffer {
  readonly memory: ArrayBuffer;
  readonly length: number;
  /** Where its bytes stand; nearly always one piece, none in a journal without files. */
  readonly pieces: readonly Piece[];
}

/** What the observer says when it has stored buffers. */
export interface Acknowledgement {
  readonly buffers: number;
  /** Memory to be used again. */
  readonly memory: readonly ArrayBuffer[];
}

export interface RecorderOptions {
  readonly clock: Clock;
  readonly group: CommitGroup;
  readonly deliver: (buffer: JournalBuffer) => void;
  /** Missing: nothing is kept across a crash (memory journal). */
  readonly writer?: MessageWriter;
  /** Where an earlier run stopped. */
  readonly nextSeq: number;
  readonly nextSegment: number;
  readonly nextLink: number;
  /** Longer raw texts are cut; 1 MB by default. */
  readonly maxRawBytes?: number;
  /** 256 kB by default. */
  readonly bufferBytes?: number;
  /** How long an entry waits at most until the observer gets it; 20 ms by default. A query does not wait. */
  readonly maxAgeMs?: number;
  /** More delivered and unacknowledged buffers than this make the recorder `full`; 128 by default (32 MB). */
  readonly maxInFlight?: number;
}

class OpenBuffer implements Target {
  readonly memory: ArrayBuffer;
  readonly bytes: Buffer;
  readonly view: DataView;
  used = 0;
  /** How much of it is in a file. */
  written = 0;
  /** The first segment that is not. */
  firstUnwritten = 0;
  readonly pieces: Piece[] = [];

  constructor(memory: ArrayBuffer) {
    this.memory = memory;
    this.bytes = Buffer.from(memory);
    this.view = new DataView(memory);
  }
}

const NO_SEGMENT = -1;

/**
 * The writing side of the journal, on the thread of the sockets: `record` packs bytes into a buffer and nothing else. At
 * the end of the turn one write appends what the turn recorded to a file; full or aged buffers go to the observer.
 */
export class JournalRecorder implements Recorder, CommitParticipant {
  readonly #clock: Clock;
  readonly #group: CommitGroup;
  readonly #deliver: (buffer: JournalBuffer) => void;
  readonly #writer: MessageWriter | undefined;
  readonly #maxRawBytes: number;
  readonly #bufferBytes: number;
  readonly #maxAgeMs: number;
  readonly #maxInFlight: number;
  readonly #linkBase: number;
  #nextLink = 0;
  #nextSeq: number;
  #nextSegment: number;
  #buffer: OpenBuffer;
  #segmentStart = NO_SEGMENT;
  /** Full buffers that wait for the end of the turn. */
  #filled: OpenBuffer[] = [];
  #free: ArrayBuffer[] = [];
  #inFlight = 0;
  #full = false;
  #drained: (() => void)[] = [];
  #ageTimer: Timer | undefined;
  #aged = false;

  constructor(options: RecorderOptions) {
    this.#clock = options.clock;
    this.#group = options.group;
    this.#deliver = options.deliver;
    this.#writer = options.writer;
    this.#maxRawBytes = options.maxRawBytes ?? 1024 * 1024;
    this.#bufferBytes = options.bufferBytes ?? 256 * 1024;
    this.#maxAgeMs = options.maxAgeMs ?? 20;
    this.#maxInFlight = options.maxInFlight ?? 128;
    this.#nextSeq = options.nextSeq;
    this.#nextSegment = options.nextSegment;
    this.#linkBase = options.nextLink;
    this.#buffer = new OpenBuffer(new ArrayBuffer(this.#bufferBytes));
  }

  get full(): boolean {
    return this.#full;
  }

  /** The newest sequence number. */
  get head(): number {
    return this.#nextSeq - 1;
  }

  onceDrained(resume: () => void): void {
    if (this.#full) this.#drained.push(resume);
    else this.#clock.soon(resume);
  }

  openLink(description: LinkDescription): LinkNumber {
    const link = this.#nextLink++;
    this.#note('linkOpened', link, description);
    return link;
  }

  closeLink(link: LinkNumber): void {
    this.#note('linkClosed', link, {});
  }

  record(entry: NewEntry): number {
    const seq = this.#nextSeq++;
    const buffer = this.#room(packedSizeAtMost(entry, this.#maxRawBytes));
    buffer.used += packEntry(buffer, buffer.used, seq, this.#linkBase + entry.link, entry, this.#maxRawBytes);
    return seq;
  }

  finding(finding: NewFinding): void {
    this.#note('finding', 0, finding);
  }

  /** The end of the turn: what it recorded goes to its file, and full or aged buffers to the observer. */
  commit(): void {
    this.#closeSegment();
    this.#write();
    for (const buffer of this.#filled) this.#send(buffer);
    this.#filled = [];
    if (this.#aged) this.#sendCurrent();
  }

  /** The file's trip to the disk. */
  sync(): Promise<void> | undefined {
    return this.#writer?.sync();
  }

  /** Hands everything to the observer now, so that a query that follows sees it. */
  flush(): void {
    this.commit();
    this.#sendCurrent();
  }

  acknowledge(done: Acknowledgement): void {
    this.#inFlight -= done.buffers;
    for (const memory of done.memory) {
      if (memory.byteLength === this.#bufferBytes && this.#free.length < this.#maxInFlight) this.#free.push(memory);
    }
    if (!this.#full || this.#inFlight > this.#maxInFlight / 2) return;
    this.#full = false;
    const drained = this.#drained;
    this.#drained = [];
    for (const resume of drained) resume();
  }

  /** Ends writing: everything is in its file and with the observer afterwards. */
  stop(): void {
    this.flush();
    this.#ageTimer?.cancel();
  }

  #note(type: Exclude<RecordType, 'entry'>, link: number, content: object): void {
    const json = Buffer.from(JSON.stringify(content));
    const buffer = this.#room(noteSize(json));
    buffer.used += packNote(buffer, buffer.used, type, this.#clock.now(), this.#linkBase + link, json);
  }

  /** A buffer with an open segment and room for `size` more bytes. */
  #room(size: number): OpenBuffer {
    let buffer = this.#buffer;
    const header = this.#segmentStart === NO_SEGMENT ? SEGMENT_HEADER : 0;
    if (buffer.used + header + size > buffer.bytes.length) {
      this.#closeSegment();
      if (buffer.used > 0) this.#filled.push(buffer);
      buffer = new OpenBuffer(this.#memory(SEGMENT_HEADER + size));
      this.#buffer = buffer;
    }
    if (this.#segmentStart === NO_SEGMENT) {
      this.#segmentStart = buffer.used;
      buffer.used += SEGMENT_HEADER;
      this.#group.enlist(this);
      this.#ageTimer ??= this.#clock.after(this.#maxAgeMs, () => this.#age());
    }
    return buffer;
  }

  #memory(size: number): ArrayBuffer {
    if (size > this.#bufferBytes) return new ArrayBuffer((size + 7) & ~7);
    return this.#free.pop() ?? new ArrayBuffer(this.#bufferBytes);
  }

  #closeSegment(): void {
    if (this.#segmentStart === NO_SEGMENT) return;
    const buffer = this.#buffer;
    const number = this.#nextSegment++;
    closeSegment(buffer, this.#segmentStart, buffer.used, number);
    if (buffer.firstUnwritten === 0) buffer.firstUnwritten = number;
    this.#segmentStart = NO_SEGMENT;
  }

  #write(): void {
    if (this.#writer === undefined) return;
    const unwritten = [...this.#filled, this.#buffer].filter((buffer) => buffer.written < buffer.used);
    const [first] = unwritten;
    if (first === undefined) return;
    const parts = unwritten.map((buffer) => buffer.bytes.subarray(buffer.written, buffer.used));
    const { file, offset } = this.#writer.append(parts, first.firstUnwritten);
    let at = offset;
    for (const buffer of unwritten) {
      const from = buffer.written;
      const last = buffer.pieces.at(-1);
      if (last?.file !== file || last.offset + from - last.from !== at) buffer.pieces.push({ from, file, offset: at });
      at += buffer.used - from;
      buffer.written = buffer.used;
      buffer.firstUnwritten = 0;
    }
  }

  #age(): void {
    this.#ageTimer = undefined;
    // A turn that is under way first comes to its end: the files are always ahead of the observer.
    if (
      this.#segmentStart === NO_SEGMENT &&
      (this.#writer === undefined || this.#buffer.written === this.#buffer.used)
    ) {
      this.#sendCurrent();
    } else {
      this.#aged = true;
    }
  }

  #sendCurrent(): void {
    this.#aged = false;
    this.#ageTimer?.cancel();
    this.#ageTimer = undefined;
    const buffer = this.#buffer;
    if (buffer.used === 0) return;
    this.#buffer = new OpenBuffer(this.#memory(0));
    this.#send(buffer);
  }

  #send(buffer: OpenBuffer): void {
    this.#inFlight++;
    if (this.#inFlight >= this.#maxInFlight) this.#full = true;
    this.#deliver({ memory: buffer.memory, length: buffer.used, pieces: buffer.pieces });
  }
}
