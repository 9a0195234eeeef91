import { CompoteError } from '../core/errors.ts';
import type { Protocol, Severity } from './entry.ts';
import { findingTest } from './finding-filter.ts';
import { covers, type Mute } from './mutes.ts';
import type { Observer } from './observer.ts';
import type {
  FindingDecision,
  FindingFilter,
  FindingGroup,
  FindingGroups,
  FindingQuery,
  KeptFinding,
  ListedMute,
  NewMute,
  PlacedFinding,
} from './query.ts';
import { limitOf, seqOfCursor } from './query-parts.ts';
import { type Route, stationsOf } from './routes.ts';

const MUTE_LIMIT = 1_000;
/** Names in a group's line. */
const NAMES = 8;
const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

/** Answers about findings, and keeps what a person does not want to hear of. */
export class FindingQueries {
  readonly #observer: Observer;

  constructor(observer: Observer) {
    this.#observer = observer;
  }

  async list(query: FindingQuery = {}): Promise<{ items: readonly PlacedFinding[]; next?: string }> {
    const limit = limitOf(query.limit);
    const after = query.cursor === undefined ? Number.POSITIVE_INFINITY : seqOfCursor(query.cursor);
    await this.#ready(query);
    const items: PlacedFinding[] = [];
    for (const [number, placed] of this.#found(query)) {
      if (number > after) continue;
      if (items.length === limit) return { items, next: String(number) };
      items.push(placed);
    }
    return { items };
  }

  async one(id: string): Promise<PlacedFinding> {
    await this.#observer.rebuilt;
    const finding = this.#observer.index.finding(Number(/^F-(\d+)$/.exec(id)?.[1] ?? 0));
    if (finding !== undefined) return this.#placed(finding);
    throw new CompoteError('NOT_FOUND', { detail: `There is no finding ${id} (any more)` });
  }

  async groups(by: FindingGroups, filter: FindingFilter = {}): Promise<readonly FindingGroup[]> {
    await this.#ready({ ...filter, ...(by === 'session' ? { session: '' } : {}) });
    const groups = new Map<string, Group>();
    for (const [, placed] of this.#found(filter)) {
      const key = placed[by] ?? '';
      const group = groups.get(key);
      if (group === undefined) groups.set(key, new Group(key, placed));
      else group.add(placed);
    }
    return [...groups.values()]
      .map((group) => group.told())
      .sort(
        (a, b) =>
          Number(a.muted === a.count) - Number(b.muted === b.count) ||
          RANK[a.severity] - RANK[b.severity] ||
          b.count - a.count,
      );
  }

  async mutes(): Promise<readonly ListedMute[]> {
    return this.#observer.index.mutes.all().map((mute) => this.#listed(mute));
  }

  async mute({ rule, party, seq, fixed, reason, expiresAt, by }: NewMute): Promise<ListedMute> {
    const { index, options } = this.#observer;
    const { mutes } = index;
    const now = options.clock.now();
    if (rule === undefined && seq === undefined) {
      throw new CompoteError('INVALID_REQUEST', {
        detail: 'A mute says what it is about',
        fields: [{ pointer: '/rule', msg: 'Give `rule`, `seq`, or both; `party` narrows it' }],
      });
    }
    if (expiresAt !== undefined && expiresAt <= now) {
      throw new CompoteError('INVALID_REQUEST', {
        detail: 'A mute ends in the future',
        fields: [{ pointer: '/expiresAt', msg: 'Give a time to come, or leave it out: then it has no end' }],
      });
    }
    const mute: Mute = {
      id: options.ids.uuid(),
      ...(rule === undefined ? {} : { rule }),
      ...(party === undefined ? {} : { party }),
      ...(seq === undefined ? {} : { seq }),
      ...(fixed === undefined ? {} : { fixed }),
      reason,
      createdAt: now,
      ...(expiresAt === undefined ? {} : { expiresAt }),
      ...(by === undefined ? {} : { by }),
    };
    this.#makeRoom();
    const before = mutes.sameScope(mute);
    this.#observer.decide((notes) => {
      if (before !== undefined) notes.removeMute(before.id);
      notes.putMute(mute.id, JSON.stringify(mute));
    });
    mutes.put(mute);
    this.#touch(mute);
    return this.#listed(mute);
  }

  /**
   * What a person says of one finding. `fixed`: its cause is gone, for all that its rule has found of its party until now.
   * `muted`: nobody wants to hear of it, on its message (of its party, where it has none). `open` takes that back.
   */
  async decide(id: string, { status, reason = '', by }: FindingDecision): Promise<PlacedFinding> {
    const { rule, party, seq, status: before, mute } = await this.one(id);
    if (status === 'open' && before !== 'open') {
      const scope = this.#observer.index.mutes.byId(mute ?? '');
      const own = scope?.fixed === true || (scope?.rule === rule && (seq === undefined || scope.seq === seq));
      if (!own) {
        throw new CompoteError('CONFLICT', {
          detail: `${id} is muted by ${mute ?? 'nobody'}, which is about more than this finding`,
          hint: 'Take that back: DELETE /api/v1/findings/mutes/{id}. What a person has handed in on purpose stays muted.',
        });
      }
      await this.unmute(scope.id);
    }
    if (status !== 'open') {
      const who = by === undefined ? {} : { by };
      if (status === 'fixed') await this.mute({ rule, party, fixed: true, reason, ...who });
      else await this.mute({ rule, ...(seq === undefined ? { party } : { seq }), reason, ...who });
    }
    return this.one(id);
  }

  async unmute(id: string): Promise<void> {
    const { mutes } = this.#observer.index;
    const mute = mutes.byId(id);
    if (mute === undefined) throw new CompoteError('NOT_FOUND', { detail: `There is no mute ${id}` });
    this.#observer.decide((notes) => notes.removeMute(id));
    mutes.remove(mute);
    this.#touch(mute);
  }

  /** Mutes whose time is over make room; without such, a person has to. */
  #makeRoom(): void {
    const { mutes } = this.#observer.index;
    if (mutes.size < MUTE_LIMIT) return;
    const over = mutes.all().filter((mute) => mutes.isOver(mute));
    if (over.length === 0) throw new CompoteError('CONFLICT', { detail: `There are ${MUTE_LIMIT} mutes already` });
    this.#observer.decide((notes) => {
      for (const { id } of over) notes.removeMute(id);
    });
    for (const mute of over) mutes.remove(mute);
  }

  /** Lists show the messages anew: their findings count otherwise now. */
  #touch(scope: Mute): void {
    for (const [, finding] of this.#observer.index.findings()) {
      if (finding.seq !== undefined && covers(scope, finding)) this.#observer.touch(finding.seq, 'judgement');
    }
  }

  #listed(mute: Mute): ListedMute {
    let findings = 0;
    for (const [, finding] of this.#observer.index.findings()) if (covers(mute, finding)) findings++;
    return { ...mute, findings, over: this.#observer.index.mutes.isOver(mute) };
  }

  async #ready({ session, q = '' }: FindingFilter): Promise<void> {
    const { rebuilt, sessions, options } = this.#observer;
    await rebuilt;
    // Sessions are read behind the recording.
    if (session !== undefined || q.includes('session')) await sessions.catchUp(options.pause);
  }

  /** The newest first. */
  *#found(filter: FindingFilter): Generator<[number, PlacedFinding]> {
    const fits = findingTest(filter.q, this.#observer.options.clock.now());
    const { severity, rule, party, axis, peer, seq, status, protocol, fault, station, session } = filter;
    for (const [number, finding] of [...this.#observer.index.findings()].reverse()) {
      if (severity !== undefined && finding.severity !== severity) continue;
      if (rule !== undefined && finding.rule !== rule) continue;
      if (party !== undefined && finding.party !== party) continue;
      if (axis !== undefined && finding.axis !== axis) continue;
      if (peer !== undefined && (finding.peer ?? 'unknown') !== peer) continue;
      if (seq !== undefined && finding.seq !== seq) continue;
      const placed = this.#placed(finding);
      if (status !== undefined && placed.status !== status) continue;
      if (protocol !== undefined && placed.protocol !== protocol) continue;
      if (fault !== undefined && placed.fault !== fault) continue;
      if (station !== undefined && placed.station !== station) continue;
      if (session !== undefined && placed.session !== session) continue;
      if (!fits(placed)) continue;
      yield [number, placed];
    }
  }

  #placed(finding: KeptFinding): PlacedFinding {
    const { index } = this.#observer;
    const place = finding.seq === undefined ? undefined : index.columns.find(finding.seq);
    // One without a message is about a party and its link.
    const route = place === undefined ? index.routes.ofParty(finding.party) : index.routeAt(place.chunk, place.row);
    const session = place === undefined ? undefined : index.sessionAt(place.chunk, place.row);
    const action = place === undefined ? undefined : index.actions.textOf(place.chunk.action[place.row] ?? 0);
    return {
      ...index.told(finding),
      ...(route === undefined ? {} : factsOf(route, finding.party)),
      ...(session === undefined ? {} : { session }),
      ...(action === undefined || action === '' ? {} : { action }),
    };
  }
}

function factsOf(route: Route, party: string): Pick<PlacedFinding, 'fault' | 'station'> & { protocol: Protocol } {
  const role = [route.a, route.b].find(({ id }) => id === party)?.role;
  const [station] = stationsOf(route);
  return {
    protocol: route.protocol,
    ...(role === undefined ? {} : { fault: role }),
    ...(station === undefined ? {} : { station }),
  };
}

/** Findings come in from the newest on. */
class Group {
  readonly #key: string;
  readonly #newest: PlacedFinding;
  readonly #parties = new Set<string>();
  readonly #rules = new Set<string>();
  #count = 0;
  #muted = 0;
  #severity: Severity;
  #first: number;

  constructor(key: string, newest: PlacedFinding) {
    this.#key = key;
    this.#newest = newest;
    this.#severity = newest.severity;
    this.#first = newest.time;
    this.add(newest);
  }

  add({ severity, status, time, party, rule }: PlacedFinding): void {
    const allMuted = this.#muted === this.#count;
    this.#count++;
    if (status !== 'open') this.#muted++;
    if (status === 'open' && allMuted) this.#severity = severity;
    else if ((status === 'open' || allMuted) && RANK[severity] < RANK[this.#severity]) this.#severity = severity;
    this.#first = Math.min(this.#first, time);
    if (this.#parties.size < NAMES) this.#parties.add(party);
    if (this.#rules.size < NAMES) this.#rules.add(rule);
  }

  told(): FindingGroup {
    return {
      key: this.#key,
      count: this.#count,
      muted: this.#muted,
      severity: this.#severity,
      first: this.#first,
      last: this.#newest.time,
      parties: [...this.#parties],
      rules: [...this.#rules],
      newest: this.#newest,
    };
  }
}
