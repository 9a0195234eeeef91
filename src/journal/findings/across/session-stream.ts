import type { LinkDescription, NewEntry } from '../../entry.ts';
import { runsOnOwnClock } from '../../own-clock.ts';
import { isObject } from '../../sessions/members.ts';
import { SessionBook } from '../../sessions/session-book.ts';
import { keyOf } from '../../sessions/session-keys.ts';
import { isOfSessions, type SessionMessage } from '../../sessions/session-message.ts';
import { acrossCatalogue } from '../across-catalogue.ts';
import { payloadOf } from '../payload-of-frame.ts';
import { AcrossEngine, type AcrossEngineOptions } from './across-engine.ts';

/** Sessions kept: what is older is told by the journal, not judged any more. */
const MAX_SESSIONS = 5_000;

/**
 * Puts the sessions together over the entries of several parties in one order, and asks the rules that compare protocols
 * about each.
 */
export class SessionStream {
  readonly #book = new SessionBook({ limit: MAX_SESSIONS });
  readonly #engine: AcrossEngine;

  constructor(options: Omit<AcrossEngineOptions, 'rules' | 'sessionOf'>) {
    this.#engine = new AcrossEngine({
      ...options,
      rules: acrossCatalogue(),
      sessionOf: (id) => this.#book.byKey(keyOf('oicp', id.toLowerCase())),
    });
  }

  take(
    link: LinkDescription,
    entry: Omit<NewEntry, 'link' | 'partner'>,
    seq: number,
    partner: number | undefined,
  ): void {
    if (entry.kind === 'event' || entry.kind === 'mark' || !this.#engine.wants(link.protocol, entry.action)) return;
    const raw = typeof entry.raw === 'string' ? entry.raw : Buffer.from(entry.raw).toString('utf8');
    const payload = payloadOf(raw);
    const [from, to] = entry.toClient ? [link.b, link.a] : [link.a, link.b];
    const message: SessionMessage = {
      seq,
      time: entry.time,
      kind: entry.kind,
      protocol: link.protocol,
      action: entry.action,
      messageId: entry.messageId,
      from,
      to,
      payload: isObject(payload) ? payload : {},
      ...(link.version === undefined ? {} : { version: link.version }),
      ...(partner === undefined ? {} : { partner }),
      ...(entry.trace === undefined ? {} : { trace: entry.trace }),
    };
    const session = isOfSessions(link.protocol, entry.action) ? this.#book.take(message) : undefined;
    this.#engine.take(message, session, runsOnOwnClock(link));
  }

  tick(now: number): void {
    this.#engine.tick(now);
  }

  /** What was waited for stays open. */
  finish(): void {
    this.#engine.finish();
  }
}
