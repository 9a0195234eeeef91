import type { Clock, Timer } from '../../core/clock.ts';
import { SECOND_MS } from '../../core/time.ts';
import type { LinkDescription, LinkNumber, NewEntry, NewFinding, Recorder } from '../entry.ts';
import type { EntryLine } from '../entry-line.ts';
import type { Journal } from '../index.ts';
import { everyRule, ruleCatalogue } from './catalogue.ts';
import { RuleEngine, type RuleEngineOptions } from './engine.ts';
import { ExchangeEngine } from './exchange/exchange-engine.ts';
import type { ExchangeRule } from './exchange/exchange-rule.ts';
import { exchangeCatalogue } from './exchange-catalogue.ts';
import { ImportRules } from './import-rules.ts';
import { FindingsSince, tailOf } from './resume.ts';
import type { RuleDeclaration } from './rule.ts';

export interface WatchedRecorderOptions
  extends Pick<RuleEngineOptions, 'rules' | 'defect' | 'schemas' | 'clocksAgree'> {
  readonly recorder: Recorder;
  readonly clock: Clock;
  /** Every rule that a finding may name: links and roles report some themselves. Missing: what they say is not looked up. */
  readonly declared?: readonly RuleDeclaration[];
  /** Rules about exchanges over HTTP; none by default. */
  readonly exchangeRules?: readonly ExchangeRule[];
}

/**
 * A recorder that shows every entry to the rules on its way into the journal: they run for all links of a service, sockets
 * and loopback alike. The links' RPC engines judge the frames themselves, so the rules do not judge them again.
 */
export class WatchedRecorder implements Recorder {
  readonly #recorder: Recorder;
  readonly #findings: FindingsSince;
  readonly #clock: Clock;
  readonly #engine: RuleEngine;
  readonly #exchanges: ExchangeEngine;
  readonly #declared: ReadonlyMap<string, RuleDeclaration> | undefined;
  readonly #defect: WatchedRecorderOptions['defect'];
  /** Links by number, to tell what a refused connection was. */
  readonly #descriptions = new Map<LinkNumber, LinkDescription>();
  #timer: Timer | undefined;
  #wakesAt = Number.POSITIVE_INFINITY;
  #lastTickAt = Number.NEGATIVE_INFINITY;
  #stopped = false;

  constructor(options: WatchedRecorderOptions) {
    this.#recorder = options.recorder;
    this.#findings = new FindingsSince((finding) => this.#recorder.finding(finding));
    this.#declared = options.declared && new Map(options.declared.map((rule) => [rule.id, rule]));
    this.#defect = options.defect;
    this.#clock = options.clock;
    const common = {
      report: this.#findings.report,
      wakeAt: (time: number) => this.#wakeAt(time),
      ...(options.defect === undefined ? {} : { defect: options.defect }),
      ...(options.clocksAgree === undefined ? {} : { clocksAgree: options.clocksAgree }),
    };
    this.#engine = new RuleEngine({
      ...common,
      rules: options.rules,
      ...(options.schemas === undefined ? {} : { schemas: options.schemas }),
    });
    // What several journals must tell is asked where they come together.
    const rules = (options.exchangeRules ?? []).filter(({ wide }) => wide !== true);
    this.#exchanges = new ExchangeEngine({ ...common, rules });
  }

  /** What each rule found, repeated and could not tell. */
  get counts(): RuleEngine['counts'] {
    return new Map([...this.#engine.counts, ...this.#exchanges.counts]);
  }

  get full(): boolean {
    return this.#recorder.full;
  }

  onceDrained(resume: () => void): void {
    this.#recorder.onceDrained(resume);
  }

  openLink(description: LinkDescription): LinkNumber {
    const link = this.#recorder.openLink(description);
    this.#opened(link, description, this.#clock.now());
    return link;
  }

  closeLink(link: LinkNumber): void {
    this.#recorder.closeLink(link);
    this.#closed(link, this.#clock.now());
  }

  record(entry: NewEntry): number {
    const seq = this.#recorder.record(entry);
    this.#observe(entry, seq);
    return seq;
  }

  /**
   * Shows the rules what an earlier run of the service has recorded, before anything else is: a transaction that runs over
   * a restart is known then. They find nothing in it again, and take its connections for ended. @returns how many messages
   */
  async resume(lines: AsyncIterable<EntryLine>): Promise<number> {
    // Links of this run count from 0.
    const links = new Map<string, LinkNumber>();
    let lastAt = 0;
    const count = await this.#findings.lookBack(lines, ({ link: description, entry, partner }, seq) => {
      const key = JSON.stringify(description);
      let link = links.get(key);
      if (link === undefined) {
        link = -1 - links.size;
        links.set(key, link);
        this.#opened(link, description, entry.time);
      }
      lastAt = Math.max(lastAt, entry.time);
      this.#observe({ ...entry, link, ...(partner === undefined ? {} : { partner }) }, seq);
    });
    this.#findings.silently(() => {
      for (const link of links.values()) this.#closed(link, lastAt);
    });
    return count;
  }

  #opened(link: LinkNumber, description: LinkDescription, time: number): void {
    // Servers and clients read the bodies themselves.
    if (description.protocol !== 'ocpp') this.#exchanges.openLink(link, description, false);
    else if (description.version === undefined) this.#descriptions.set(link, description);
    else this.#engine.openLink(link, description, time, false);
  }

  #closed(link: LinkNumber, time: number): void {
    this.#descriptions.delete(link);
    if (this.#exchanges.watches(link)) this.#exchanges.closeLink(link);
    else this.#engine.closeLink(link, time);
  }

  #observe(entry: NewEntry, seq: number): void {
    if (this.#exchanges.watches(entry.link)) {
      this.#exchanges.observe(entry, seq);
    } else if (entry.kind === 'event' && entry.action === 'refused') {
      const description = this.#descriptions.get(entry.link);
      if (description !== undefined) this.#engine.refused(description, entry, seq);
    } else {
      this.#engine.observe(entry, seq);
    }
  }

  finding(found: NewFinding): void {
    const finding = this.#completed(found);
    // A role may find what a rule has found already.
    if (this.#exchanges.knows(finding.rule)) this.#exchanges.finding(finding);
    else this.#recorder.finding(finding);
  }

  /** What links and roles report says the same of its rule as what the engines report. */
  #completed(finding: NewFinding): NewFinding {
    if (this.#declared === undefined) return finding;
    const rule = this.#declared.get(finding.rule);
    if (rule === undefined) {
      this.#defect?.(`finding ${finding.rule}: ${finding.text}`, new Error('The catalogue of rules has no such rule'));
      return finding;
    }
    return { clause: rule.clause, peer: rule.peer, ...finding };
  }

  /** No timer runs afterwards. */
  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  /** At most one look at all stations a second. */
  #wakeAt(time: number): void {
    const at = Math.max(time, this.#lastTickAt + SECOND_MS);
    if (this.#stopped || at >= this.#wakesAt) return;
    this.#timer?.cancel();
    this.#wakesAt = at;
    this.#timer = this.#clock.after(at - this.#clock.now() + 1, () => {
      const now = this.#clock.now();
      this.#wakesAt = Number.POSITIVE_INFINITY;
      this.#lastTickAt = now;
      this.#engine.tick(now);
      this.#exchanges.tick(now);
    });
  }
}

export interface WatchedJournal extends Journal {
  /** Lets the rules look at the newest messages of an earlier run. Before anything is recorded. @returns how many */
  resume(): Promise<number>;
}

/** The journal with all rules watching what is recorded into it. */
export function watchedJournal(
  journal: Journal,
  options: Pick<WatchedRecorderOptions, 'clock' | 'defect' | 'clocksAgree'>,
): WatchedJournal {
  const recorder = new WatchedRecorder({
    ...options,
    recorder: journal.recorder,
    rules: ruleCatalogue(),
    exchangeRules: exchangeCatalogue(),
    declared: everyRule(),
  });
  return {
    get epoch() {
      return journal.epoch;
    },
    recorder,
    unwatched: journal.unwatched,
    query: journal.query,
    live: journal.live,
    export: (filter, read) => journal.export(filter, read),
    async import(chunks) {
      // Not `recorder`: what was recorded elsewhere says nothing about the links of this service.
      // Its lines say whether their clocks agreed.
      const { clocksAgree: _own, ...common } = options;
      const rules = new ImportRules({ ...common, recorder: journal.unwatched });
      const result = await journal.import(chunks, rules);
      rules.finish();
      return { ...result, findings: rules.found };
    },
    resume: () => recorder.resume(tailOf(journal, options.clock.now())),
    async close() {
      recorder.stop();
      await journal.close();
    },
  };
}
