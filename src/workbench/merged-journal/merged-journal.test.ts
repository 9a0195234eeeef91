import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HUB, START_MS, STATION_16 } from '../../../test/journal-fixture.ts';
import { VirtualClock } from '../../core/virtual-clock.ts';
import { type Journal, openMemoryJournal } from '../../journal/index.ts';
import { SILENT } from '../../platform/logging/log.ts';
import type { ServiceName } from '../../platform/service.ts';
import { CommitGroup } from '../../storage/commit-group.ts';
import { MergedJournal } from './merged-journal.ts';

const AUTHORIZE = '[2,"m1","Authorize",{"idTag":"04A2B3C4D5"}]';
const ACCEPTED = '[3,"m1",{"idTagInfo":{"status":"Accepted"}}]';

/** Journals in this process, asked as a service's REST would be. */
class World {
  readonly clock = new VirtualClock(START_MS);
  readonly journals = new Map<ServiceName, Journal>();
  readonly down = new Set<ServiceName>();
  readonly merged: Journal;
  readonly folder = mkdtempSync(join(tmpdir(), 'compote-merged-'));
  follower: MergedJournal | undefined;

  constructor() {
    for (const name of ['csms', 'hub', 'station'] as const) this.journals.set(name, this.#journal());
    this.merged = this.#journal();
  }

  of(name: ServiceName): Journal {
    const journal = this.journals.get(name);
    if (journal === undefined) throw new Error(name);
    return journal;
  }

  async follow(): Promise<void> {
    this.follower = new MergedJournal({
      clock: this.clock,
      journal: this.merged,
      services: ['csms', 'hub', 'station'],
      file: join(this.folder, 'followed.json'),
      log: SILENT,
      open: async (service, path) => {
        if (this.down.has(service)) throw new Error('connect ECONNREFUSED');
        const asked = new URL(path, 'http://here/');
        const after = asked.searchParams.get('after');
        const { text, ...feed } = await this.of(service).query.feed({
          limit: Number(asked.searchParams.get('limit')),
          waitMs: Number(asked.searchParams.get('waitMs')),
          ...(after === null ? {} : { after }),
        });
        const all = `${JSON.stringify({ feed })}\n${text}`;
        return {
          statusCode: 200,
          body: Object.assign(Readable.from([]), { dump: async () => {}, text: async () => all }),
        };
      },
    });
    await this.follower.start();
  }

  async stopFollowing(): Promise<void> {
    await this.follower?.stop();
    this.follower = undefined;
  }

  /** The merged journal's raw texts, in its order. */
  async raws(): Promise<string[]> {
    return (await this.lines()).map(({ raw }) => raw);
  }

  async lines(): Promise<
    { raw: string; seq: number; partner?: { seq: number }; transport: Record<string, unknown> }[]
  > {
    const { text } = await this.merged.query.exportPage({});
    return text === ''
      ? []
      : text
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line));
  }

  end(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #journal(): Journal {
    const group = new CommitGroup(this.clock, (cause) => {
      throw cause;
    });
    return openMemoryJournal({ clock: this.clock, group });
  }
}

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(async () => {
  await world.stopFollowing();
  world.end();
});

function ocpp(journal: Journal, tap: string, time: number): [number, number] {
  const link = journal.recorder.openLink({ ...STATION_16, tap });
  const common = { link, action: 'Authorize', messageId: 'm1' } as const;
  const asked = journal.recorder.record({ ...common, toClient: false, time, kind: 'request', raw: AUTHORIZE });
  const answered = journal.recorder.record({
    ...common,
    toClient: true,
    time: time + 40,
    kind: 'response',
    raw: ACCEPTED,
    partner: asked,
    latencyMs: 40,
  });
  return [asked, answered];
}

/** What the hub saw: below a span of the CSMS, which was made for the station's frame. */
const HOP = {
  id: 'b7ad6b7169203331',
  side: 'server',
  cause: { span: '53995c3f42cd8ad8' },
  caller: { cause: { span: '00f067aa0ba902b7' } },
} as const;

function oicp(journal: Journal, time: number, body: string): number {
  const link = journal.recorder.openLink(HUB);
  return journal.recorder.record({
    link,
    toClient: false,
    time,
    kind: 'request',
    action: 'AuthorizeStart',
    messageId: body,
    raw: body,
    origin: 'system',
    trace: '0af7651916cd43dd8448eb211c80319c',
    hop: HOP,
  });
}

describe('the merged journal', () => {
  it('has the messages of all parties in the order of their time, with partners, origin and trace', async () => {
    ocpp(world.of('csms'), 'csms', START_MS + 10);
    oicp(world.of('hub'), START_MS + 30, '{"SessionID":"a"}');
    await world.clock.runFor(100);
    await world.follow();
    await world.clock.runFor(1_000);
    const lines = await world.lines();
    expect(lines.map(({ raw }) => raw)).toEqual([AUTHORIZE, '{"SessionID":"a"}', ACCEPTED]);
    expect(lines[2]?.partner).toEqual({ seq: lines[0]?.seq, latencyMs: 40 });
    expect(lines[1]?.transport).toMatchObject({ origin: 'hub', originSeq: 1, tap: 'hub' });
    expect(lines[1]).toMatchObject({ trace: '0af7651916cd43dd8448eb211c80319c', hop: HOP, origin: { by: 'system' } });
    expect(lines[1]).not.toMatchObject({ flags: ['imported'] });
  });

  it('shows a message less than a second after it crossed', async () => {
    await world.follow();
    await world.clock.runFor(5_000);
    ocpp(world.of('csms'), 'csms', world.clock.now());
    await world.clock.runFor(900);
    expect(await world.raws()).toHaveLength(2);
  });

  it('holds a hop that two taps saw once, as the server side saw it', async () => {
    await world.follow();
    await world.clock.runFor(1_000);
    const now = world.clock.now();
    // The station sends before the CSMS receives, and hears the answer after it was sent.
    const [stationSeq] = ocpp(world.of('station'), 'station', now - 3);
    const [csmsSeq] = ocpp(world.of('csms'), 'csms', now);
    world.of('station').recorder.finding({
      rule: 'X-1',
      severity: 'error',
      axis: 'conformance',
      party: 'csms',
      seq: stationSeq,
      text: 'told by the station’s tap',
      time: now,
    });
    await world.clock.runFor(1_000);
    const lines = await world.lines();
    expect(lines.map(({ transport }) => transport['tap'])).toEqual(['csms', 'csms']);
    expect(await world.follower?.localSeq({ origin: 'station', seq: stationSeq })).toBe(lines[0]?.seq);
    expect(await world.follower?.localSeq({ origin: 'csms', seq: csmsSeq })).toBe(lines[0]?.seq);
    const { items } = await world.merged.query.findings();
    expect(items).toMatchObject([{ rule: 'X-1', seq: lines[0]?.seq }]);
  });

  it('keeps the same frame of two stations, and a frame that a station sends twice', async () => {
    await world.follow();
    const { recorder } = world.of('csms');
    const common = {
      toClient: false,
      kind: 'request',
      action: 'Heartbeat',
      messageId: '1',
      raw: '[2,"1","Heartbeat",{}]',
    } as const;
    const [one, two] = ['CS-1', 'CS-2'].map((id) => recorder.openLink({ ...STATION_16, a: { id, role: 'cs' } }));
    for (const link of [one, two, one]) recorder.record({ ...common, link: link ?? 0, time: world.clock.now() });
    await world.clock.runFor(1_000);
    expect(await world.raws()).toHaveLength(3);
  });

  it('is read while an owner is down, and takes over what was missed when it is back', async () => {
    ocpp(world.of('csms'), 'csms', START_MS);
    await world.follow();
    await world.clock.runFor(1_000);
    world.down.add('csms');
    oicp(world.of('hub'), world.clock.now(), '{"SessionID":"b"}');
    await world.clock.runFor(25_000);
    expect(await world.raws()).toHaveLength(3);
    expect(world.follower?.states).toContainEqual(
      expect.objectContaining({ service: 'csms', state: 'gone', why: 'connect ECONNREFUSED' }),
    );
    oicp(world.of('csms'), world.clock.now(), '{"SessionID":"c"}');
    world.down.delete('csms');
    await world.clock.runFor(2_000);
    expect(await world.raws()).toHaveLength(4);
  });

  it('goes on where it was after a restart, also when the note of its place is lost', async () => {
    const [asked] = ocpp(world.of('csms'), 'csms', START_MS);
    await world.follow();
    await world.clock.runFor(3_000);
    await world.stopFollowing();
    const late = world.of('csms').recorder.openLink(STATION_16);
    world.of('csms').recorder.record({
      link: late,
      toClient: true,
      time: world.clock.now(),
      kind: 'response',
      action: 'Authorize',
      messageId: 'm1',
      raw: '[3,"m1",{}]',
      partner: asked,
      latencyMs: 3_000,
    });
    rmSync(join(world.folder, 'followed.json'));
    await world.follow();
    await world.clock.runFor(1_000);
    const lines = await world.lines();
    expect(lines.map(({ raw }) => raw)).toEqual([AUTHORIZE, ACCEPTED, '[3,"m1",{}]']);
    expect(lines[2]?.partner).toEqual({ seq: lines[0]?.seq, latencyMs: 3_000 });
  });

  it('keeps what it has when an owner clears its journal, and follows the new one', async () => {
    ocpp(world.of('csms'), 'csms', START_MS);
    await world.follow();
    await world.clock.runFor(1_000);
    await world.of('csms').query.clear();
    oicp(world.of('csms'), world.clock.now(), '{"SessionID":"d"}');
    await world.clock.runFor(1_000);
    expect(await world.raws()).toEqual([AUTHORIZE, ACCEPTED, '{"SessionID":"d"}']);
  });

  it('takes over thousands of messages in pages, none twice', async () => {
    const { recorder } = world.of('csms');
    const link = recorder.openLink(STATION_16);
    for (let n = 1; n <= 5_000; n++) {
      recorder.record({
        link,
        toClient: false,
        time: START_MS + n,
        kind: 'request',
        action: 'Heartbeat',
        messageId: `h${n}`,
        raw: `[2,"h${n}","Heartbeat",{}]`,
      });
    }
    await world.follow();
    await world.clock.runFor(10_000);
    const { count } = await world.merged.query.info();
    expect(count).toBe(5_000);
  });
});
