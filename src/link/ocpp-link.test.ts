import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../core/virtual-clock.ts';
import type { NewEntry, NewFinding, Recorder } from '../journal/entry.ts';
import type { CallOutcome } from '../protocols/ocpp/rpc-message.ts';
import { OcppSchemaSet } from '../protocols/ocpp/schemas.ts';
import { CommitGroup } from '../storage/commit-group.ts';
import { loopback } from './loopback.ts';
import { DEFERRED, OcppLink, type OcppRole, RpcRefusal } from './ocpp-link.ts';

const schemas = new OcppSchemaSet();
const START = 1_750_000_000_000;
const ACCEPTED = { status: 'Accepted' };

class ListRecorder implements Recorder {
  readonly entries: NewEntry[] = [];
  readonly findings: NewFinding[] = [];
  full = false;
  #resume: (() => void)[] = [];
  openLink(): number {
    return 1;
  }
  closeLink(): void {}
  record(entry: NewEntry): number {
    return this.entries.push(entry);
  }
  finding(finding: NewFinding): void {
    this.findings.push(finding);
  }
  onceDrained(resume: () => void): void {
    this.#resume.push(resume);
  }
  drain(): void {
    this.full = false;
    for (const resume of this.#resume.splice(0)) resume();
  }
}

const silent: OcppRole = {
  request: () => ({}),
  notification() {},
  answerRejected() {},
  alive() {},
  closed() {},
};

function pair(csmsRole: Partial<OcppRole>, stationRole: Partial<OcppRole> = {}) {
  const clock = new VirtualClock(START);
  const recorder = new ListRecorder();
  const order: string[] = [];
  const group = new CommitGroup(clock, (cause) => {
    throw cause;
  });
  const defects: string[] = [];
  let ids = 0;
  const world = {
    clock,
    afterCommit: (task: () => void) => group.afterCommit(task),
    newId: () => `id-${++ids}`,
    defect: (where: string) => void defects.push(where),
  };
  const ends = loopback({ clock, subprotocol: 'ocpp1.6', conn: 'loop-1', latencyMs: 5 });
  const common = {
    station: { id: 'CS1', role: 'cs' },
    csms: { id: 'csms', role: 'csms' },
    schemas: schemas.of('1.6'),
    validation: 'strict',
    timeoutMs: 30_000,
    maxQueuedCalls: 10,
    maxBufferedBytes: 1_000_000,
  } as const;
  const csms = new OcppLink({
    ...common,
    world: { ...world, recorder },
    transport: ends.server,
    side: 'csms',
    tap: 'csms',
    role: { ...silent, ...csmsRole },
  });
  const station = new OcppLink({
    ...common,
    world: { ...world, recorder: null },
    transport: ends.client,
    side: 'station',
    tap: 'station',
    role: { ...silent, ...stationRole },
  });
  return { clock, recorder, csms, station, order, group, defects };
}

describe('a link', () => {
  it('over the loopback a trace goes beside the frame, both ways; the frame stays as the specification has it', async () => {
    const heard: unknown[] = [];
    const { clock, recorder, csms, station } = pair(
      { request: () => ({ idTagInfo: { status: 'Accepted' } }) },
      {
        request: (_link, { trace }) => {
          heard.push(trace);
          return { status: 'Accepted' };
        },
      },
    );
    const trace = { trace: '4bf92f3577b34da6a3ce929d0e0e4736', span: '00f067aa0ba902b7' };
    station.call('Authorize', { idTag: 'A' }, () => {}, { trace });
    await clock.runFor(100);
    const [frame] = recorder.entries;
    expect(frame?.raw).toMatch(/^\[2,"id-\d+","Authorize",{"idTag":"A"}\]$/);
    expect(frame).toMatchObject({
      trace: trace.trace,
      hop: { side: 'server', caller: { cause: { span: trace.span } } },
    });
    csms.call('RemoteStartTransaction', { idTag: 'A' }, () => {}, { trace });
    await clock.runFor(100);
    const command = recorder.entries.find(
      ({ action, kind }) => action === 'RemoteStartTransaction' && kind === 'request',
    );
    expect(command?.hop).toMatchObject({ side: 'client', cause: { span: trace.span } });
    expect(heard).toMatchObject([{ trace: trace.trace, hop: { side: 'server', cause: { span: command?.hop?.id } } }]);
    // What is said without a trace begins none.
    station.call('Heartbeat', {}, () => {});
    await clock.runFor(100);
    expect(recorder.entries.filter(({ action }) => action === 'Heartbeat').map((entry) => entry.trace)).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('carries a call there and its answer back, and records both once, with latency', async () => {
    const { clock, recorder, station } = pair({ request: () => ({ currentTime: '2026-01-01T00:00:00Z' }) });
    const outcomes: CallOutcome[] = [];
    station.call('Heartbeat', {}, (outcome) => outcomes.push(outcome));
    await clock.runFor(100);
    expect(outcomes.map((outcome) => outcome.kind)).toEqual(['result']);
    expect(
      recorder.entries.map((entry) => [
        entry.kind,
        entry.action,
        entry.raw,
        entry.toClient,
        entry.origin,
        entry.partner,
      ]),
    ).toEqual([
      ['request', 'Heartbeat', '[2,"id-1","Heartbeat",{}]', false, 'peer', undefined],
      ['response', 'Heartbeat', '[3,"id-1",{"currentTime":"2026-01-01T00:00:00Z"}]', true, 'system', 1],
    ]);
  });

  it('lets nothing out before the turn is durable', async () => {
    const { clock, csms, group, station } = pair({}, { request: () => ACCEPTED });
    const seen: string[] = [];
    group.enlist({ commit: () => seen.push('committed') });
    station.interceptor = ({ direction }) => {
      if (direction === 'in') seen.push('arrived');
      return 'pass';
    };
    csms.call('ClearCache', {}, () => {});
    await clock.runFor(100);
    expect(seen).toEqual(['committed', 'arrived']);
  });

  it('a handler may answer later', async () => {
    const { clock, csms, station } = pair({
      request: (link, call) => {
        clock.after(4_000, () => link.answer(call, { idTagInfo: ACCEPTED }));
        return DEFERRED;
      },
    });
    const outcomes: CallOutcome[] = [];
    station.call('Authorize', { idTag: 'A' }, (outcome) => outcomes.push(outcome));
    await clock.runFor(3_000);
    expect(outcomes).toEqual([]);
    await clock.runFor(2_000);
    expect(outcomes[0]).toMatchObject({ kind: 'result', payload: { idTagInfo: ACCEPTED } });
    expect(csms.closed).toBe(false);
  });

  it('a refusal becomes a CALLERROR, and a defect becomes InternalError and is told', async () => {
    const { clock, defects, station } = pair({
      request: (_link, call) => {
        if (call.action === 'Heartbeat') throw new RpcRefusal('NotSupported', 'not today');
        throw new Error('boom');
      },
    });
    const codes: string[] = [];
    const note = (outcome: CallOutcome): void =>
      void codes.push(outcome.kind === 'error' ? outcome.code : outcome.kind);
    station.call('Heartbeat', {}, note);
    station.call('Authorize', { idTag: 'A' }, note);
    await clock.runFor(100);
    expect(codes).toEqual(['NotSupported', 'InternalError']);
    expect(defects).toEqual(['csms handling Authorize of CS1']);
  });

  it('a call that is never answered times out; what waits behind it goes on', async () => {
    const { clock, station } = pair({
      request: (_link, call) => (call.action === 'Authorize' ? DEFERRED : { currentTime: '2026-01-01T00:00:00Z' }),
    });
    const ends: string[] = [];
    station.call('Authorize', { idTag: 'A' }, (outcome) => ends.push(`Authorize ${outcome.kind}`));
    station.call('Heartbeat', {}, (outcome) => ends.push(`Heartbeat ${outcome.kind}`));
    await clock.runFor(29_000);
    expect(ends).toEqual([]);
    await clock.runFor(2_000);
    expect(ends).toEqual(['Authorize timeout', 'Heartbeat result']);
  });

  it('closing settles what waits and tells both roles', async () => {
    const closed: string[] = [];
    const { clock, csms, station } = pair(
      { request: () => DEFERRED, closed: (_link, code) => closed.push(`csms ${code}`) },
      { closed: (_link, code) => closed.push(`station ${code}`) },
    );
    const ends: string[] = [];
    station.call('Heartbeat', {}, (outcome) => ends.push(outcome.kind));
    await clock.runFor(50);
    csms.close(1001, 'going away');
    await clock.runFor(50);
    expect(ends).toEqual(['closed']);
    expect(closed.sort()).toEqual(['csms 1001', 'station 1001']);
    expect(station.closed && csms.closed).toBe(true);
  });

  it('what a peer breaks is a finding on that very message, against the peer', async () => {
    const { clock, recorder, station } = pair({ request: () => ({ idTagInfo: ACCEPTED }) });
    station.call('Authorize', { idTag: 'A', colour: 'red' }, () => {}, { allowInvalid: true });
    await clock.runFor(50);
    expect(recorder.findings).toMatchObject([{ rule: 'OCPPJ-RPC-021', party: 'CS1', seq: 1, pointer: '/colour' }]);
    expect(recorder.entries[0]?.flags).toEqual(['invalid']);
  });

  it('an interceptor can drop, double, delay and replace', async () => {
    const { clock, csms, station } = pair({ request: () => ({ currentTime: '2026-01-01T00:00:00Z' }) });
    const arrived: string[] = [];
    csms.interceptor = ({ direction, text }) => {
      if (direction === 'in') arrived.push(text);
      return 'pass';
    };
    station.interceptor = ({ direction }) => (direction === 'out' ? 'duplicate' : 'pass');
    station.call('Heartbeat', {}, () => {}, { id: 'a' });
    await clock.runFor(50);
    station.interceptor = ({ direction }) =>
      direction === 'out' ? { replaceWith: ['[2,"z","Heartbeat",{}]'] } : 'pass';
    station.call('Heartbeat', {}, () => {}, { id: 'b', timeoutMs: 10 });
    await clock.runFor(50);
    station.interceptor = ({ direction }) => (direction === 'out' ? 'drop' : 'pass');
    station.call('Heartbeat', {}, () => {}, { id: 'c', timeoutMs: 10 });
    await clock.runFor(50);
    station.interceptor = ({ direction }) => (direction === 'out' ? { delayMs: 1_000 } : 'pass');
    station.call('Heartbeat', {}, () => {}, { id: 'd' });
    await clock.runFor(900);
    expect(arrived).toEqual(['[2,"a","Heartbeat",{}]', '[2,"a","Heartbeat",{}]', '[2,"z","Heartbeat",{}]']);
    await clock.runFor(900);
    expect(arrived.at(-1)).toBe('[2,"d","Heartbeat",{}]');
  });

  it('stops reading while the journal is behind', async () => {
    const { clock, recorder, station } = pair({ request: () => ({ currentTime: '2026-01-01T00:00:00Z' }) });
    recorder.full = true;
    const ends: string[] = [];
    for (let i = 0; i < 3; i++) station.call('Heartbeat', {}, (outcome) => ends.push(outcome.kind));
    await clock.runFor(1_000);
    expect(ends).toEqual(['result']);
    recorder.drain();
    await clock.runFor(1_000);
    expect(ends).toEqual(['result', 'result', 'result']);
  });
});

describe('a link whose commits take their time', () => {
  it('sends nothing of a later turn together with an earlier one', async () => {
    const clock = new VirtualClock(START);
    const waiting: (() => void)[] = [];
    const sent: string[] = [];
    const transport = {
      description: { type: 'inproc', conn: 'x', subprotocol: 'ocpp1.6', facts: {} },
      bufferedBytes: 0,
      send: (text: string) => void sent.push(text),
      close() {},
      terminate() {},
      ping() {},
      pause() {},
      resume() {},
      listen() {},
    } as const;
    const link = new OcppLink({
      world: { clock, afterCommit: (task) => void waiting.push(task), recorder: null, newId: () => 'x', defect() {} },
      transport,
      side: 'csms',
      station: { id: 'CS1', role: 'cs' },
      csms: { id: 'csms', role: 'csms' },
      schemas: schemas.of('1.6'),
      role: silent,
      validation: 'off',
      timeoutMs: 1_000,
      maxQueuedCalls: 1,
      maxBufferedBytes: 1_000,
      tap: 'csms',
    });
    link.text('[2,"a","Authorize",{"idTag":"A"}]');
    link.text('[2,"b","Authorize",{"idTag":"B"}]');
    expect([waiting.length, sent]).toEqual([2, []]);
    waiting[0]?.();
    expect(sent).toEqual(['[3,"a",{}]']);
    waiting[1]?.();
    expect(sent).toEqual(['[3,"a",{}]', '[3,"b",{}]']);
  });
});
