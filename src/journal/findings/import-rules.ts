import { RecentMap } from '../../core/recent-map.ts';
import type { LinkDescription, LinkNumber, NewEntry, NewFinding, Recorder } from '../entry.ts';
import { SessionStream } from './across/session-stream.ts';
import { ruleCatalogue } from './catalogue.ts';
import { RuleEngine, type RuleEngineOptions } from './engine.ts';
import { ExchangeEngine } from './exchange/exchange-engine.ts';
import { exchangeCatalogue } from './exchange-catalogue.ts';

export interface ImportRulesOptions extends Pick<RuleEngineOptions, 'defect' | 'schemas'> {
  readonly recorder: Recorder;
}

/** Messages whose findings are remembered, so that none is written twice. */
const REMEMBERED = 50_000;

/**
 * A recorder for messages of a file: the rules look at them on their way into the journal, with engines of their own, so
 * that a log of last week says nothing about the stations of now. Time is the time of the messages. A file may hold what
 * several parties said: it is judged across protocols too.
 */
export class ImportRules implements Recorder {
  readonly #recorder: Recorder;
  readonly #engine: RuleEngine;
  readonly #exchanges: ExchangeEngine;
  readonly #sessions: SessionStream;
  readonly #links = new Map<LinkNumber, LinkDescription>();
  /** Links that no message has come over yet: the engine asks when they were opened. */
  readonly #unopened = new Map<LinkNumber, LinkDescription>();
  /** Links whose version is not told: nothing but refused connections. */
  readonly #refused = new Map<LinkNumber, LinkDescription>();
  readonly #told = new RecentMap<string, true>(REMEMBERED);
  /** Findings of a line follow its message: what the rules find on it waits for them. */
  readonly #waiting: NewFinding[] = [];
  #found = 0;
  #now = 0;

  constructor({ recorder, ...options }: ImportRulesOptions) {
    this.#recorder = recorder;
    const common = {
      ...options,
      report: (finding: NewFinding) => void this.#waiting.push(finding),
      // Logs are often of whole seconds.
      toleranceMs: 2_000,
    };
    this.#engine = new RuleEngine({ ...common, rules: ruleCatalogue() });
    this.#exchanges = new ExchangeEngine({ ...common, rules: exchangeCatalogue() });
    this.#sessions = new SessionStream(common);
  }

  /** Findings of the rules until now, without those that came with the file. */
  get found(): number {
    return this.#found;
  }

  get full(): boolean {
    return this.#recorder.full;
  }

  onceDrained(resume: () => void): void {
    this.#recorder.onceDrained(resume);
  }

  openLink(description: LinkDescription): LinkNumber {
    const link = this.#recorder.openLink(description);
    this.#links.set(link, description);
    if (description.protocol !== 'ocpp') this.#exchanges.openLink(link, description, true);
    else this.#unopened.set(link, description);
    return link;
  }

  closeLink(link: LinkNumber): void {
    this.#recorder.closeLink(link);
    this.#links.delete(link);
    this.#unopened.delete(link);
    this.#refused.delete(link);
    if (this.#exchanges.watches(link)) this.#exchanges.closeLink(link);
    else this.#engine.closeLink(link, this.#now);
  }

  record(entry: NewEntry): number {
    this.#judgeWaiting();
    const seq = this.#recorder.record(entry);
    this.#now = Math.max(this.#now, entry.time);
    if (this.#exchanges.watches(entry.link)) this.#exchanges.observe(entry, seq);
    else this.#ocpp(entry, seq);
    const link = this.#links.get(entry.link);
    // What a person only tried did not happen between the parties.
    if (link !== undefined && entry.flags?.includes('synthetic') !== true)
      this.#sessions.take(link, entry, seq, entry.partner);
    return seq;
  }

  #ocpp(entry: NewEntry, seq: number): void {
    const description = this.#unopened.get(entry.link);
    if (description !== undefined) {
      this.#unopened.delete(entry.link);
      if (description.version === undefined) this.#refused.set(entry.link, description);
      else this.#engine.openLink(entry.link, description, entry.time, true);
    }
    const refused = entry.kind === 'event' && entry.action === 'refused' ? this.#refused.get(entry.link) : undefined;
    if (refused === undefined) this.#engine.observe(entry, seq);
    else this.#engine.refused(refused, entry, seq);
  }

  /** One that came with the file: what a rule finds again is not written again. */
  finding(finding: NewFinding): void {
    this.#told.set(nameOf(finding), true);
    this.#recorder.finding(finding);
  }

  /** The file has ended: what was waited for stays open. */
  finish(): void {
    this.#engine.tick(this.#now);
    this.#engine.finish();
    this.#exchanges.tick(this.#now);
    this.#exchanges.finish();
    this.#sessions.tick(this.#now);
    this.#sessions.finish();
    this.#judgeWaiting();
  }

  /** Writes what the rules have found on messages whose own findings are known. */
  #judgeWaiting(): void {
    if (this.#waiting.length === 0) return;
    for (const finding of this.#waiting.splice(0)) {
      const name = nameOf(finding);
      if (this.#told.has(name)) continue;
      this.#told.set(name, true);
      this.#found++;
      this.#recorder.finding(finding);
    }
  }
}

/** Places within a message count for themselves where the rule is about its schema. */
function nameOf({ rule, seq, party, pointer, text }: NewFinding): string {
  return seq === undefined ? `${rule} ${party} ${text}` : `${seq} ${rule} ${pointer ?? ''}`;
}
