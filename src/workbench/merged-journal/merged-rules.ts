import type { Clock, Timer } from '../../core/clock.ts';
import { SECOND_MS } from '../../core/time.ts';
import type { LinkDescription, NewFinding } from '../../journal/entry.ts';
import type { EntryLine } from '../../journal/entry-line.ts';
import { SessionStream } from '../../journal/findings/across/session-stream.ts';
import { ExchangeEngine } from '../../journal/findings/exchange/exchange-engine.ts';
import { exchangeCatalogue } from '../../journal/findings/exchange-catalogue.ts';
import { FindingsSince } from '../../journal/findings/resume.ts';
import { runsOnOwnClock } from '../../journal/own-clock.ts';

export interface MergedRulesOptions {
  readonly clock: Clock;
  readonly report: (finding: NewFinding) => void;
  readonly clocksAgree: boolean;
  readonly defect: (where: string, thrown: unknown) => void;
}

/** Links kept: the oldest is closed for a new one. */
const MAX_LINKS = 2_000;

/**
 * The rules that need several journals: what one protocol says against what another says, and both sides of a hub. Each
 * service judges its own messages; here they come together.
 */
export class MergedRules {
  readonly #clock: Clock;
  readonly #findings: FindingsSince;
  readonly #sessions: SessionStream;
  readonly #exchanges: ExchangeEngine;
  readonly #links = new Map<string, number>();
  #lastLink = 0;
  #timer: Timer | undefined;
  #wakesAt = Number.POSITIVE_INFINITY;
  #stopped = false;

  constructor({ clock, report, clocksAgree, defect }: MergedRulesOptions) {
    this.#clock = clock;
    this.#findings = new FindingsSince(report);
    const common = { report: this.#findings.report, clocksAgree, defect, wakeAt: (time: number) => this.#wakeAt(time) };
    this.#exchanges = new ExchangeEngine({
      ...common,
      rules: exchangeCatalogue().filter(({ wide }) => wide === true),
    });
    this.#sessions = new SessionStream(common);
  }

  /** A message that was taken over. @param seq its number here @param partner its request's number here */
  take({ link, entry }: EntryLine, seq: number, partner: number | undefined): void {
    // What a person only tried, or brought from elsewhere, did not happen between these parties.
    if (entry.flags?.some((flag) => flag === 'synthetic' || flag === 'imported') === true) return;
    const numbered = partner === undefined ? entry : { ...entry, partner };
    if (link.protocol === 'oicp') this.#exchanges.observe({ ...numbered, link: this.#link(link) }, seq);
    this.#sessions.take(link, entry, seq, partner);
  }

  /** What was taken over in an earlier run: known from then on, and not judged again. */
  async resume(lines: AsyncIterable<EntryLine>): Promise<void> {
    await this.#findings.lookBack(lines, (line, seq) => this.take(line, seq, line.partner));
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  #link(description: LinkDescription): number {
    const { a, b, protocol } = description;
    const key = JSON.stringify([protocol, a, b, runsOnOwnClock(description)]);
    const known = this.#links.get(key);
    if (known !== undefined) return known;
    for (const [oldest, number] of this.#links) {
      if (this.#links.size < MAX_LINKS) break;
      this.#links.delete(oldest);
      this.#exchanges.closeLink(number);
    }
    const link = ++this.#lastLink;
    this.#links.set(key, link);
    // Its server or client has read the bodies.
    this.#exchanges.openLink(link, description, false);
    return link;
  }

  #wakeAt(time: number): void {
    if (this.#stopped || time >= this.#wakesAt) return;
    this.#timer?.cancel();
    this.#wakesAt = time;
    this.#timer = this.#clock.after(Math.max(SECOND_MS, time - this.#clock.now() + 1), () => {
      const now = this.#clock.now();
      this.#wakesAt = Number.POSITIVE_INFINITY;
      this.#exchanges.tick(now);
      this.#sessions.tick(now);
    });
  }
}
