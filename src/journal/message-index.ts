import { at, type Chunk, Columns, type Place } from './columns.ts';
import { Dictionary, textHash } from './dictionary.ts';
import type { LinkDescription } from './entry.ts';
import { traceIn } from './hop-text.ts';
import type { Annotation } from './message-store.ts';
import type { Mute, MuteBook } from './mutes.ts';
import { flagBit, KINDS, type RecordReader } from './packed-entry.ts';
import type { Finding, KeptFinding } from './query.ts';
import { type Route, Routes } from './routes.ts';

export const KIND_NUMBERS = Object.fromEntries(KINDS.map((kind, index) => [kind, index])) as Readonly<
  Record<(typeof KINDS)[number], number>
>;

/** An answer that took longer is `is:slow`. */
export const SLOW_MS = 2_000;

/** The mute of findings on messages that were handed in: nobody made it, nobody takes it back. */
export const ON_PURPOSE = { id: 'on-purpose' } as const;
const NO_FINDINGS: readonly KeptFinding[] = [];

/** Everything about the messages that is held in memory. */
export class MessageIndex {
  readonly columns = new Columns();
  readonly routes = new Routes();
  readonly actions = new Dictionary();
  readonly codes = new Dictionary();
  /** What a person does not want to hear of: outlives the messages. */
  readonly mutes: MuteBook;
  /** The name of a session by its number in the columns. */
  sessionName: (session: number) => string | undefined = () => undefined;
  readonly #findings = new Map<number, KeptFinding>();
  readonly #findingsOn = new Map<number, KeptFinding[]>();
  readonly #annotations = new Map<number, Annotation>();
  readonly #findingLimit: number;
  #lastFinding = 0;
  #rebuilding = false;
  /** Requests that were not read yet, and how far behind them their answers stand. */
  readonly #answersAhead = new Map<number, number>();

  constructor(findingLimit: number, mutes: MuteBook) {
    this.#findingLimit = findingLimit;
    this.mutes = mutes;
  }

  /** Adds the message at which the reader stands. Returns its place, and its request's number when it is an answer. */
  add(reader: RecordReader): { readonly place: Place; readonly partner: number } {
    const seq = reader.seq;
    const place = this.columns.add(seq, reader.bits, reader.rawLength);
    const { chunk, row } = place;
    chunk.time[row] = reader.time;
    chunk.latency[row] = reader.latencyMs;
    chunk.route[row] = this.routes.routeOfLink(reader.link).number;
    chunk.action[row] = this.actions.numberOf(reader.action);
    chunk.code[row] = this.codes.numberOf(reader.code);
    chunk.idHash[row] = textHash(reader.messageId);
    chunk.traceHash[row] = textHash(traceIn(reader.trace));
    chunk.http[row] = httpStatusOf(reader);
    const partner = reader.partner;
    const distance = partner > 0 ? seq - partner : 0;
    chunk.partner[row] = distance;
    if (distance > 0) {
      const request = this.columns.find(partner);
      if (request !== undefined) request.chunk.answer[request.row] = distance;
    }
    if (this.rebuilding) this.#connectBackwards(place, seq, partner);
    return { place, partner };
  }

  /** Rebuilding goes from new to old: then an answer is there before its request. */
  #connectBackwards(place: Place, seq: number, partner: number): void {
    const distance = this.#answersAhead.get(seq);
    if (distance !== undefined) {
      place.chunk.answer[place.row] = distance;
      this.#answersAhead.delete(seq);
    }
    if (partner > 0 && partner < seq) this.#answersAhead.set(partner, seq - partner);
  }

  /** Told when an earlier run's messages begin and end to be read. */
  set rebuilding(rebuilding: boolean) {
    this.#rebuilding = rebuilding;
    if (!rebuilding) this.#answersAhead.clear();
  }

  get rebuilding(): boolean {
    return this.#rebuilding;
  }

  addLink(link: number, description: LinkDescription): void {
    this.routes.addLink(link, description);
  }

  routeAt(chunk: Chunk, row: number): Route {
    return this.routes.route(at(chunk.route, row));
  }

  sessionAt(chunk: Chunk, row: number): string | undefined {
    const session = at(chunk.session, row);
    return session === 0 ? undefined : this.sessionName(session);
  }

  sessionOf(seq: number): string | undefined {
    const place = this.columns.find(seq);
    return place === undefined ? undefined : this.sessionAt(place.chunk, place.row);
  }

  get lastFinding(): number {
    return this.#lastFinding;
  }

  /** The oldest that is kept; one more than the last when there is none. */
  get firstFinding(): number {
    for (const number of this.#findings.keys()) return number;
    return this.#lastFinding + 1;
  }

  finding(number: number): KeptFinding | undefined {
    return this.#findings.get(number);
  }

  addFinding(number: number, finding: KeptFinding): void {
    this.#lastFinding = Math.max(this.#lastFinding, number);
    this.#findings.set(number, finding);
    if (finding.seq !== undefined) {
      const present = this.#findingsOn.get(finding.seq);
      if (present === undefined) this.#findingsOn.set(finding.seq, [finding]);
      else present.push(finding);
    }
  }

  /** All of them, also muted ones. */
  findingsOn(seq: number): readonly KeptFinding[] {
    return this.#findingsOn.get(seq) ?? NO_FINDINGS;
  }

  /** Those that count: nobody has muted them. */
  openFindingsOn(seq: number): readonly KeptFinding[] {
    const findings = this.findingsOn(seq);
    if (findings.length === 0 || (this.mutes.size === 0 && !this.#handedIn(seq))) return findings;
    return findings.filter((finding) => this.#muteOf(finding) === undefined);
  }

  /** A finding with what is decided about it now. */
  told(finding: KeptFinding): Finding {
    const mute = this.#muteOf(finding);
    if (mute === undefined) return { ...finding, status: 'open' };
    return { ...finding, status: mute.fixed === true ? 'fixed' : 'muted', mute: mute.id };
  }

  /** What a person has handed in for a station is nobody's fault: it is shown on the message and does not count. */
  #muteOf(finding: KeptFinding): Pick<Mute, 'id' | 'fixed'> | undefined {
    if (finding.seq !== undefined && this.#handedIn(finding.seq)) return ON_PURPOSE;
    return this.mutes.of(finding);
  }

  #handedIn(seq: number): boolean {
    const place = this.columns.find(seq);
    return place !== undefined && ((place.chunk.bits[place.row] ?? 0) & flagBit('synthetic')) !== 0;
  }

  /** Findings by number, oldest first. */
  findings(): IterableIterator<[number, KeptFinding]> {
    return this.#findings.entries();
  }

  annotationOn(seq: number): Annotation | undefined {
    return this.#annotations.get(seq);
  }

  annotations(): IterableIterator<[number, Annotation]> {
    return this.#annotations.entries();
  }

  annotate(seq: number, annotation: Annotation): void {
    this.#annotations.set(seq, annotation);
  }

  /** Forgets what stands below `seq`. */
  dropBelow(seq: number): void {
    this.columns.dropBelow(seq);
    for (const key of this.#annotations.keys()) if (key < seq) this.#annotations.delete(key);
    for (const [number, finding] of this.#findings) {
      if (finding.seq !== undefined && finding.seq < seq) this.#forget(number, finding);
    }
  }

  /** Holds the number of findings within its limit. Returns the number below which they are forgotten, or 0. */
  trimFindings(): number {
    let below = 0;
    for (const [number, finding] of this.#findings) {
      if (this.#findings.size <= this.#findingLimit) break;
      this.#forget(number, finding);
      below = number + 1;
    }
    return below;
  }

  #forget(number: number, finding: KeptFinding): void {
    this.#findings.delete(number);
    if (finding.seq === undefined) return;
    const rest = this.#findingsOn.get(finding.seq)?.filter((other) => other !== finding) ?? [];
    if (rest.length === 0) this.#findingsOn.delete(finding.seq);
    else this.#findingsOn.set(finding.seq, rest);
  }
}

/** HTTP links write the status into the detail; it is worth a column. */
function httpStatusOf(reader: RecordReader): number {
  const detail = reader.detail;
  if (detail === '') return 0;
  return Number(/"status"\s*:\s*"?(\d{3})\b/.exec(detail)?.[1] ?? 0);
}
