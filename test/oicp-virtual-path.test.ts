import { describe, expect, it } from 'vitest';
import { SeededIds } from '../src/core/ids.ts';
import { Random } from '../src/core/random.ts';
import { VirtualClock } from '../src/core/virtual-clock.ts';
import { openMemoryJournal } from '../src/journal/index.ts';
import { InProcessNetwork } from '../src/link/in-process-port.ts';
import { OicpClient, type OicpOutcome } from '../src/link/oicp-client.ts';
import { configSchema } from '../src/platform/config/config-schema.ts';
import { loadConfig } from '../src/platform/config/load-config.ts';
import { OperationBodies, type OperationName, operationRow } from '../src/protocols/oicp/index.ts';
import { Emp } from '../src/roles/emp/emp.ts';
import { scheduledPulls } from '../src/roles/emp/index.ts';
import { startRemotely } from '../src/roles/emp/outbound/charging.ts';
import { pullStatuses } from '../src/roles/emp/outbound/pulls.ts';
import { Schedule } from '../src/roles/emp/schedule.ts';
import { type EmpSection, empSection } from '../src/roles/emp/section.ts';
import { Hub } from '../src/roles/hub/hub.ts';
import type { HubConfig } from '../src/roles/hub/hub-options.ts';
import { usualContracts } from '../src/roles/hub/seed.ts';
import { partnerOf } from '../src/roles/hub/state/partner-input.ts';
import { CommitGroup } from '../src/storage/commit-group.ts';
import { Database } from '../src/storage/database.ts';
import { WatchedRecorder } from './support/runtime.ts';

/** 2025-06-01T12:00:00Z. */
const NOON = 1_748_779_200_000;
const LATENCY_MS = 5;

const config: HubConfig = {
  profile: 'observed',
  content: 'lenient',
  callers: { modes: new Set(['path']), trustedOnly: false },
  strictIdSpelling: false,
  evseVersions: 5,
  deadlines: { authorizeMs: 8_000, remoteMs: 60_000, cdrMs: 30_000, notificationMs: 10_000 },
  cdrForwarding: { attempts: 50, firstMs: 2_000, maxMs: 60_000 },
  rateLimits: { enabled: false, perMinute: {} },
};

/** A hub, two EMPs and a CPO's client in one process and one virtual time: no sockets, no HTTP library. */
function world() {
  const clock = VirtualClock.install(NOON);
  const network = new InProcessNetwork(clock, LATENCY_MS);
  const rethrow = (_where: string, thrown: unknown): void => {
    throw thrown;
  };
  const part = (name: string) => {
    const group = new CommitGroup(clock, (cause) => rethrow('commit', cause));
    const ids = new SeededIds(new Random(name));
    const recorder = new WatchedRecorder(openMemoryJournal({ clock, group, ids }).recorder);
    return {
      group,
      recorder,
      common: {
        database: new Database({ path: ':memory:', group }),
        clock,
        ids,
        random: new Random(name),
        recorder,
        port: network.port(),
        afterCommit: (task: () => void) => group.afterCommit(task),
        log: () => {},
        defect: rethrow,
        changed: () => {},
      },
    };
  };
  const hubPart = part('hub');
  const hub = new Hub({ ...hubPart.common, config, addressOf: (key) => `http://${key}`, isOurs: () => true });
  for (const [key, input] of Object.entries({
    csms: { operatorIds: ['DE*ABC'] },
    emp: { providerIds: ['DE-DCB'] },
    other: { providerIds: ['DE-TWO'] },
  })) {
    const partner = partnerOf(key, input);
    hub.state.partners.save(partner);
    for (const contract of usualContracts(partner)) hub.state.partners.saveContract(contract);
  }
  network.listen('http://hub', (request) => hub.server.serve(request));
  hub.start();
  const emps = (['emp', 'other'] as const).map((name) => {
    const { common, recorder } = part(name);
    const emp = new Emp({
      ...common,
      config: {
        providerId: name === 'emp' ? 'DE-DCB' : 'DE-TWO',
        content: 'lenient',
        geoFormat: 'Google',
        remoteMs: 65_000,
        otherMs: 30_000,
      },
      hubUrl: () => 'http://hub',
      hubIsOurs: () => true,
    });
    network.listen(`http://${name}`, (request) => emp.hub.server.serve(request));
    return { emp, recorder };
  });
  const [own, other] = emps;
  if (own === undefined || other === undefined) throw new Error('two EMPs');
  own.emp.state.drivers.put({ id: 'ada', name: 'Ada' });
  own.emp.state.contracts.put({ key: 'DEDCBC12345678X', evcoId: 'DE-DCB-C12345678-X', driver: 'ada', locked: false });
  own.emp.state.media.put({
    key: 'card 044A2DAA856280',
    kind: 'RFIDMifareFamilyIdentification',
    contract: 'DEDCBC12345678X',
    uid: '044A2DAA856280',
    locked: false,
  });
  const client = new OicpClient({
    port: network.port(),
    clock,
    ids: new SeededIds(new Random('csms')),
    bodies: new OperationBodies(),
    ends: { from: 'CPO', to: 'HUB' },
    us: { id: 'csms', role: 'csms' },
    peer: { id: 'hub', role: 'hub' },
    baseUrl: 'http://hub',
    recorder: null,
    tap: 'csms',
    timeoutMs: 12_000,
  });
  return { clock, network, hub, hubRecorder: hubPart.recorder, own, other, client };
}

const AUTHORIZE =
  '{"OperatorID":"DE*ABC","EvseID":"DE*ABC*E1*1","Identification":{"RFIDMifareFamilyIdentification":{"UID":"044A2DAA856280"}}}';

/** Runs virtual time until the call is answered; the outcome, and after how many virtual milliseconds. */
async function answered(
  clock: VirtualClock,
  call: Promise<OicpOutcome>,
  limitMs = 60_000,
): Promise<OicpOutcome & { afterMs: number }> {
  const beganMs = clock.now();
  let done: OicpOutcome | undefined;
  let doneMs = 0;
  call.then((outcome) => {
    done = outcome;
    doneMs = clock.now();
  });
  await clock.runFor(limitMs);
  if (done === undefined) throw new Error('no answer');
  return { ...done, afterMs: doneMs - beganMs };
}

const authorize = ({ client }: ReturnType<typeof world>): Promise<OicpOutcome> =>
  client.callText('AuthorizeStart', { operatorID: 'DE*ABC' }, AUTHORIZE);

describe('AuthorizeStart over hub and EMPs in virtual time', () => {
  it('online: both EMPs are asked, the one with the contract says yes, and it is one trace', async () => {
    const all = world();
    const outcome = await answered(all.clock, authorize(all));
    expect(outcome).toMatchObject({ kind: 'ok', message: { AuthorizationStatus: 'Authorized', ProviderID: 'DE-DCB' } });
    // Four hops, there and back over the hub and over the EMP.
    expect(outcome.afterMs).toBe(4 * LATENCY_MS);
    const entries = [all.hubRecorder, all.own.recorder, all.other.recorder].flatMap((recorder) => recorder.entries);
    expect(entries.map(({ description, kind }) => `${description?.a.id}>${description?.b.id} ${kind}`).sort()).toEqual([
      'csms>hub request',
      'csms>hub response',
      'hub>emp request',
      'hub>emp request',
      'hub>emp response',
      'hub>emp response',
    ]);
    expect(new Set(entries.map(({ trace }) => trace))).toEqual(new Set([outcome.trace.trace]));
    expect(entries.every(({ description }) => description?.transport === 'inproc')).toBe(true);
  });

  it('HUB-10: a silent EMP does not delay the yes of another', async () => {
    const all = world();
    all.other.emp.state.policy = { mode: 'silent', code: '102', delayMs: 0 };
    all.own.emp.state.policy = { mode: 'contracts', code: '102', delayMs: 3_000 };
    const outcome = await answered(all.clock, authorize(all));
    expect(outcome).toMatchObject({ kind: 'ok', message: { ProviderID: 'DE-DCB' } });
    expect(outcome.afterMs).toBe(3_000 + 4 * LATENCY_MS);
  });

  it('all silent: no after the hub’s 8 s, within the CPO’s 12 s', async () => {
    const all = world();
    for (const { emp } of [all.own, all.other]) emp.state.policy = { mode: 'silent', code: '102', delayMs: 0 };
    const outcome = await answered(all.clock, authorize(all));
    expect(outcome).toMatchObject({ kind: 'refused', message: { AuthorizationStatus: 'NotAuthorized' } });
    expect(outcome.afterMs).toBe(8_000 + 2 * LATENCY_MS);
    expect(
      all.hubRecorder.findings
        .filter(({ rule }) => rule === 'oicp.forward.timeout')
        .map(({ party }) => party)
        .sort(),
    ).toEqual(['emp', 'other']);
  });

  it('no hub: unreachable at once, nothing is thrown', async () => {
    const all = world();
    all.network.unplug('http://hub');
    expect(await answered(all.clock, authorize(all), 100)).toMatchObject({ kind: 'unreachable', afterMs: 0 });
  });

  it('a record for an EMP that is away for two minutes arrives when it is back, once', async () => {
    const all = world();
    const started = await answered(all.clock, authorize(all), 1_000);
    if (started.kind !== 'ok') throw new Error(started.kind);
    const { SessionID } = started.message as { SessionID: string };
    const cdr = `{"SessionID":"${SessionID}","EvseID":"DE*ABC*E1*1","Identification":{"RFIDMifareFamilyIdentification":{"UID":"044A2DAA856280"}},"SessionStart":"2025-06-01T13:00:00+02:00","ChargingStart":"2025-06-01T13:01:10+02:00","ChargingEnd":"2025-06-01T13:41:10+02:00","SessionEnd":"2025-06-01T13:45:00+02:00","ConsumedEnergy":12.25}`;
    all.network.unplug('http://emp');
    const sent = all.client.callText('ChargeDetailRecord', { operatorID: 'DE*ABC' }, cdr);
    expect(await answered(all.clock, sent, 120_000)).toMatchObject({ kind: 'ok', afterMs: 2 * LATENCY_MS });
    expect(all.hub.state.cdrs.get(SessionID)?.forwarding).toBe('pending');
    all.network.listen('http://emp', (request) => all.own.emp.hub.server.serve(request));
    await all.clock.runFor(60_000);
    expect(all.hub.state.cdrs.get(SessionID)?.forwarding).toBe('forwarded');
    expect(all.own.emp.state.cdr(SessionID)?.deliveries).toBe(1);
    expect(all.hub.forwarding.waiting()).toEqual([]);
  });

  it('EMP-RS-04: an answer of the hub after 55 s is taken', async () => {
    const { clock, network, own } = world();
    network.listen('http://hub', async () => {
      await clock.sleep(55_000);
      const text =
        '{"Result":true,"StatusCode":{"Code":"000"},"SessionID":"3b129fb6-c4af-476e-8bec-6e307c8e5d25","CPOPartnerSessionID":"cpo-1"}';
      return { status: 200, headers: { 'content-type': 'application/json' }, body: new TextEncoder().encode(text) };
    });
    const begun = startRemotely(own.emp, { evseId: 'DE*ABC*E1*1', evcoId: 'DE-DCB-C12345678-X' });
    await clock.runFor(60_000);
    expect(await begun).toMatchObject({
      done: true,
      session: { sessionId: '3b129fb6-c4af-476e-8bec-6e307c8e5d25', state: 'accepted' },
    });
  });

  it('two runs give the same messages, byte for byte', async () => {
    const run = async (): Promise<string[]> => {
      const all = world();
      await answered(all.clock, authorize(all));
      return [all.hubRecorder, all.own.recorder].flatMap(({ entries }) =>
        entries.map(({ raw, time }) => `${time} ${raw}`),
      );
    };
    expect(await run()).toEqual(await run());
  });
});

describe('scheduled pulls in virtual time', () => {
  /** When the hub is asked for status within some minutes, while it answers so. */
  async function triesOf(status: number, text: string, minutes: number): Promise<number[]> {
    const { clock, network, own } = world();
    const tries: number[] = [];
    network.listen('http://hub', async () => {
      tries.push(clock.now() - NOON);
      return { status, headers: { 'content-type': 'application/json' }, body: new TextEncoder().encode(text) };
    });
    const schedule = new Schedule({
      emp: own.emp,
      clock,
      random: new Random('schedule'),
      pulls: [{ kind: 'statuses', everyMs: 60_000, run: () => pullStatuses(own.emp) }],
      defect: (_where, thrown) => {
        throw thrown;
      },
    });
    schedule.start();
    await clock.runFor(minutes * 60_000);
    schedule.stop();
    return tries;
  }

  it('GEN-03: after 017 fewer than three tries a minute', async () => {
    const tries = await triesOf(401, '{"StatusCode":{"Code":"017"}}', 5);
    expect(tries.length).toBeGreaterThan(3);
    for (const at of tries) expect(tries.filter((other) => other >= at && other < at + 60_000).length).toBeLessThan(3);
  });

  it('GEN-07: after 429 growing pauses with jitter, up to the usual interval', async () => {
    const tries = await triesOf(429, '', 10);
    const gaps = tries.slice(1).map((at, i) => at - (tries[i] ?? 0));
    expect(gaps[0]).toBeLessThanOrEqual(1_000 + 2 * LATENCY_MS);
    expect(gaps[4]).toBeGreaterThan(gaps[0] ?? 0);
    expect(Math.max(...gaps)).toBeGreaterThan(30_000);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(60_000 + 2 * LATENCY_MS);
  });

  it('GEN-08: a pull is tried again soon after 503, and with back-off while it lasts', async () => {
    const tries = await triesOf(503, '', 3);
    expect((tries[1] ?? 60_000) - (tries[0] ?? 0)).toBeLessThan(5_000);
    expect(tries.length).toBeLessThan(12);
  });

  it('GEN-14: with the default intervals one hour stays far below the published limits', async () => {
    const all = world();
    const { clock, own } = all;
    const defaults = configSchema({ emp: empSection });
    const settings = loadConfig({ schema: defaults, flags: [] }).all['emp'] as EmpSection;
    const schedule = new Schedule({
      emp: own.emp,
      clock,
      random: new Random('schedule'),
      pulls: scheduledPulls(own.emp, settings),
      defect: (_where, thrown) => {
        throw thrown;
      },
    });
    schedule.start();
    await clock.runFor(3_600_000);
    schedule.stop();
    const asked = all.hubRecorder.entries.filter(
      ({ kind, description }) => kind === 'request' && description?.a.id === 'emp',
    );
    const perMinute = new Map<string, number>();
    for (const { action, time } of asked) {
      const key = `${action} ${Math.floor(time / 60_000)}`;
      perMinute.set(key, (perMinute.get(key) ?? 0) + 1);
    }
    expect(asked.length).toBeGreaterThan(60);
    for (const [key, count] of perMinute) {
      const limit = operationRow(key.split(' ')[0] as OperationName).perMinute ?? 0;
      expect([key, count <= limit]).toEqual([key, true]);
    }
  });
});
