import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { Random } from '../../src/core/random.ts';
import { OCPP_VERSIONS, type OcppVersion } from '../../src/protocols/ocpp/versions.ts';
import { actionsOf, faulty, valid } from '../fuzz/ocpp-cases.ts';
import { ocppFuzz } from '../fuzz/ocpp-fuzz.ts';
import { type HeardFrame, OcppPeer } from '../fuzz/ocpp-peer.ts';
import { ServiceProcess, until } from './service-process.ts';

/**
 * Every action of every version, in both directions, at a running CSMS and at running stations that hold messages to their
 * schemas (`validation: strict`): `npm run fuzz -- ocpp 10` runs round after round; here one short round runs.
 */

const SEED = process.env['COMPOTE_FUZZ_SEED'] ?? 'ocpp';
const CASES = Number(process.env['COMPOTE_FUZZ_RUNS'] ?? 3);
const LIMIT_MS = 15_000;

const BOOTS: Record<OcppVersion, string> = {
  '1.6': '{"chargePointVendor":"Fuzz","chargePointModel":"One"}',
  '2.0.1': '{"reason":"PowerUp","chargingStation":{"vendorName":"Fuzz","model":"Two"}}',
  '2.1': '{"reason":"PowerUp","chargingStation":{"vendorName":"Fuzz","model":"Three"}}',
};

const told = (report: { failures: string[] }): string => {
  const { failures, ...counts } = report;
  return JSON.stringify({ seed: SEED, ...counts, failures: failures.length });
};

describe('the CSMS', () => {
  let csms: ServiceProcess;
  beforeAll(async () => {
    const settings = ['csms.validation=strict', 'csms.callTimeoutMs=3000', 'csms.authorization.unknownTokens=accept'];
    csms = await ServiceProcess.start(
      'csms',
      settings.flatMap((setting) => ['--set', setting]),
    );
  });
  afterAll(() => csms.remove());

  /** A station of its own: it boots, and answers what the CSMS asks as `answer` says. */
  function station(version: OcppVersion, identity: string, answer: (call: HeardFrame) => string | undefined) {
    let peer: OcppPeer | undefined;
    return async (): Promise<OcppPeer> => {
      if (peer?.open === true) return peer;
      const socket = new WebSocket(`ws://127.0.0.1:${csms.port}/ocpp/${identity}`, `ocpp${version}`);
      const made = new OcppPeer(socket, answer);
      await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
      const boot = await made.ask('boot', `[2,"boot","BootNotification",${BOOTS[version]}]`, LIMIT_MS);
      expect(boot?.[2]).toMatchObject({ status: 'Accepted' });
      peer = made;
      return made;
    };
  }

  it.each(OCPP_VERSIONS)('%s: calls of a station', async (version) => {
    const random = new Random(`${SEED}/csms/${version}`);
    const answers = new Map(actionsOf(version, 'csms').map(({ action, response }) => [action, response]));
    const report = await ocppFuzz({
      version,
      random,
      actions: actionsOf(version, 'station'),
      casesPerAction: CASES * 2,
      peer: station(version, `FUZZ-${version}`, ([, id, action]) => {
        const schema = answers.get(String(action));
        return schema === undefined ? undefined : JSON.stringify([3, id, valid(random, schema).value]);
      }),
      probe: { action: 'Heartbeat', payload: '{}' },
      limitMs: LIMIT_MS,
    });
    console.log(told(report));
    expect(report.failures).toEqual([]);
    expect(report.oneFault).toBeGreaterThan(report.messages * 0.4);
    expect(await csms.isUp()).toBe(true);
  });

  it.each(OCPP_VERSIONS)('%s: answers of a station', async (version) => {
    const random = new Random(`${SEED}/answers/${version}`);
    const actions = actionsOf(version, 'csms').filter(({ response }) => response !== undefined);
    const failures: string[] = [];
    let [messages, named] = [0, 0];
    // Prepared for the call that is coming; the CSMS asks for the inventory by itself, too.
    let next: { readonly action: string; readonly text: (id: unknown) => string } | undefined;
    const schemas = new Map(actions.map(({ action, response }) => [action, response]));
    const peer = station(version, `ANSWERS-${version}`, ([, id, action]) => {
      const prepared = next;
      if (prepared !== undefined && prepared.action === action) return prepared.text(id);
      const schema = schemas.get(String(action));
      return schema === undefined ? undefined : JSON.stringify([3, id, valid(random, schema).value]);
    });
    await peer();
    for (let round = 0; round < CASES; round++) {
      for (const { action, request, response = {} } of actions) {
        const made = random.chance(0.7) ? faulty(random, response) : valid(random, response);
        next = { action, text: (id) => JSON.stringify([3, id, made.value]) };
        const payload = valid(random, request).value;
        const { status, body } = await csms.call('POST', `/stations/ANSWERS-${version}/ocpp/${action}`, payload);
        messages++;
        const pointers = (body?.fields ?? []).map(({ pointer }: { pointer: string }) => pointer);
        if (
          status === 502 &&
          body.code === 'STATION_ANSWER_INVALID' &&
          pointers.every((each: string) => each === made.fault?.pointer)
        )
          named++;
        else if (status !== 200 || made.fault !== undefined)
          failures.push(
            `${version} ${action}: ${status} ${JSON.stringify(body)} for ${JSON.stringify(made)}`.slice(0, 900),
          );
        next = undefined;
        await peer();
      }
    }
    console.log(JSON.stringify({ seed: SEED, version, messages, named, failures: failures.length }));
    expect(failures).toEqual([]);
    expect(named).toBeGreaterThan(messages * 0.4);
    expect(await csms.isUp()).toBe(true);
  });
});

describe('the station simulator', () => {
  let server: WebSocketServer;
  let stations: ServiceProcess;
  const random = new Random(`${SEED}/stations`);
  const peers = new Map<string, OcppPeer>();

  /** What a CSMS says to each call; from time to time it does not fit. */
  function answerOf(version: OcppVersion) {
    const schemas = new Map(actionsOf(version, 'station').map(({ action, response }) => [action, response]));
    return ([, id, action]: HeardFrame): string | undefined => {
      if (action === 'BootNotification')
        return JSON.stringify([3, id, { status: 'Accepted', currentTime: new Date().toISOString(), interval: 300 }]);
      const schema = schemas.get(String(action));
      if (schema === undefined) return undefined;
      const { value } = random.chance(0.2) ? faulty(random, schema) : valid(random, schema);
      return JSON.stringify([3, id, value]);
    };
  }

  beforeAll(async () => {
    server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await new Promise((resolve) => server.once('listening', resolve));
    server.on('connection', (socket, request) => {
      const version = (socket.protocol.slice('ocpp'.length) || '1.6') as OcppVersion;
      const identity = request.url?.split('/').at(-1) ?? '';
      const peer = new OcppPeer(socket, answerOf(version));
      peers.set(identity, peer);
    });
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    stations = await ServiceProcess.start('station', [
      ...['--set', `station.csms=ws://127.0.0.1:${port}/ocpp`, '--set', 'station.validation=strict'],
      ...['--clock', 'scaled:60'],
    ]);
  });
  afterAll(async () => {
    await stations.remove();
    for (const socket of server.clients) socket.terminate();
    server.close();
  });

  it.each([
    ['1.6', 'CS-DEMO-1'],
    ['2.0.1', 'CS-DEMO-2'],
    ['2.1', 'CS-DEMO-3'],
  ] as const)('%s: calls of a CSMS', async (version, identity) => {
    const report = await ocppFuzz({
      version,
      random: new Random(`${SEED}/station/${version}`),
      actions: actionsOf(version, 'csms'),
      casesPerAction: CASES,
      // A reset takes its time.
      peer: () =>
        until(
          () => peers.get(identity),
          (peer) => peer?.open === true,
          60_000,
        ).then((peer) => peer as OcppPeer),
      probe: { action: 'GetLocalListVersion', payload: '{}' },
      limitMs: LIMIT_MS,
    });
    console.log(told(report));
    expect(report.failures).toEqual([]);
    expect(report.oneFault).toBeGreaterThan(report.messages * 0.4);
    expect(await stations.isUp()).toBe(true);
  });
});
