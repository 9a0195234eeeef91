import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { Random } from '../../src/core/random.ts';
import { ServiceProcess, sleep, until } from './service-process.ts';

/**
 * "Durable before answered": the CSMS is killed with SIGKILL at 20 seeded moments while 50 stations send, and what the
 * stations heard answered is compared with the restarted CSMS. Nothing may be missing.
 */

const KILLS = 20;
const STATIONS = 50;
const seed = process.env['COMPOTE_SEED'] ?? 'kill-1';
const random = new Random(seed);

interface Answered {
  readonly station: string;
  readonly id: string;
  readonly action: string;
  readonly transactionId?: number;
  readonly meterStop?: number;
}

let csms: ServiceProcess;
const answered: Answered[] = [];
let running = true;

beforeAll(async () => {
  csms = await ServiceProcess.start('csms', ['--set', 'csms.authorization.unknownTokens=accept']);
});
afterAll(() => csms.remove());

/** A station that charges for ever: on every connection it boots, then runs sessions until the socket goes. */
async function station(identity: string): Promise<void> {
  let message = 0;
  let meter = 1_000;
  while (running) {
    const socket = new WebSocket(`ws://127.0.0.1:${csms.port}/ocpp/${identity}`, ['ocpp1.6'], {
      perMessageDeflate: false,
    });
    const gone = new Promise<void>((resolve) => {
      socket.on('close', () => resolve());
      socket.on('error', () => resolve());
    });
    const opened = await Promise.race([
      new Promise<boolean>((resolve) => socket.on('open', () => resolve(true))),
      gone.then(() => false),
    ]);
    if (!opened) {
      await sleep(30);
      continue;
    }
    let hear: (text: string) => void = () => {};
    socket.on('message', (data) => hear(data.toString()));
    /** The answer's payload, or undefined when the connection went first: then nothing was promised. */
    const ask = async (
      action: string,
      payload: object,
      note: Partial<Answered> = {},
    ): Promise<Record<string, unknown> | undefined> => {
      const id = `${identity}-${++message}`;
      const answer = new Promise<string | undefined>((resolve) => {
        hear = resolve;
        void gone.then(() => resolve(undefined));
      });
      socket.send(JSON.stringify([2, id, action, payload]));
      const text = await answer;
      if (text === undefined) return undefined;
      const [type, answeredId, body] = JSON.parse(text);
      if (type !== 3 || answeredId !== id) throw new Error(`${identity}: ${action} got ${text}`);
      const { transactionId } = body;
      answered.push({
        station: identity,
        id,
        action,
        ...(transactionId === undefined ? {} : { transactionId }),
        ...note,
      });
      return body;
    };
    const session = async (): Promise<void> => {
      const timestamp = (): string => new Date().toISOString();
      if ((await ask('BootNotification', { chargePointVendor: 'Kill', chargePointModel: 'Test' })) === undefined)
        return;
      while (running) {
        const begun = await ask('StartTransaction', {
          connectorId: 1,
          idTag: identity,
          meterStart: meter,
          timestamp: timestamp(),
        });
        if (begun === undefined) return;
        const transactionId = Number(begun['transactionId']);
        for (let i = 0; i < 2; i++) {
          meter += 100;
          const sampledValue = [{ value: String(meter) }];
          if (
            (await ask('MeterValues', {
              connectorId: 1,
              transactionId,
              meterValue: [{ timestamp: timestamp(), sampledValue }],
            })) === undefined
          )
            return;
        }
        const stop = { transactionId, meterStop: meter, timestamp: timestamp() };
        if ((await ask('StopTransaction', stop, { transactionId, meterStop: meter })) === undefined) return;
        if (
          (await ask('StatusNotification', { connectorId: 1, errorCode: 'NoError', status: 'Available' })) === undefined
        )
          return;
        if ((await ask('Heartbeat', {})) === undefined) return;
      }
    };
    await session();
    socket.terminate();
    await gone;
  }
}

it(`kill -9 at ${KILLS} moments under load loses nothing that was answered (seed ${seed})`, {
  timeout: 300_000,
}, async () => {
  const stations = Array.from({ length: STATIONS }, (_, k) => station(`KILL-${k}`));
  for (let kill = 0; kill < KILLS; kill++) {
    const before = answered.length;
    await until(
      () => answered.length,
      (count) => count > before + STATIONS,
    );
    await sleep(random.int(10, 400));
    const { port, data } = csms;
    await csms.end('SIGKILL');
    csms = await ServiceProcess.start('csms', ['--set', 'csms.authorization.unknownTokens=accept'], { port, data });
  }
  running = false;
  await Promise.all(stations);

  // The state: every answered start has its record, every answered stop its end and its meter.
  const records = new Map<string, { state: string; meterStopWh?: number }>();
  for (let cursor: string | undefined, first = true; first || cursor !== undefined; first = false) {
    const page = (
      await csms.call(
        'GET',
        `/transactions?limit=500${cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
      )
    ).body;
    for (const item of page.items) records.set(`${item.station}/${item.transactionId}`, item);
    cursor = page.next ?? page.cursor ?? undefined;
  }
  const lostStarts = answered.filter(
    ({ action, station, transactionId }) =>
      action === 'StartTransaction' && !records.has(`${station}/${transactionId}`),
  );
  const lostStops = answered.filter(({ action, station, transactionId, meterStop }) => {
    const record = records.get(`${station}/${transactionId}`);
    return action === 'StopTransaction' && (record?.state !== 'ended' || record.meterStopWh !== meterStop);
  });
  // Each id was given once.
  const ids = answered.filter(({ action }) => action === 'StartTransaction').map(({ transactionId }) => transactionId);

  // The journal: every answered call has its request and its answer.
  const response = await fetch(`http://127.0.0.1:${csms.port}/api/v1/journal/export`);
  expect(response.status).toBe(200);
  const requests = new Set<string>();
  const answers = new Set<string>();
  for (const line of (await response.text()).split('\n')) {
    const id = /"messageId":"(KILL-[^"]+)"/.exec(line)?.[1];
    if (id !== undefined) (line.includes('"kind":"request"') ? requests : answers).add(id);
  }
  const lostEntries = answered.filter(({ id }) => !requests.has(id) || !answers.has(id));

  console.log(
    `${KILLS} kills, ${answered.length} answered calls, ${records.size} transactions, ${requests.size} requests in the journal`,
  );
  expect({ lostStarts, lostStops, lostEntries }).toEqual({ lostStarts: [], lostStops: [], lostEntries: [] });
  expect(new Set(ids).size).toBe(ids.length);
  expect(answered.length).toBeGreaterThan(KILLS * STATIONS);
  // The same world: the stations with what they reported.
  const one = (await csms.call('GET', '/stations/KILL-0')).body;
  expect(one).toMatchObject({
    info: { vendor: 'Kill', model: 'Test' },
    evses: [{ id: 1, connectors: [{ id: 1, status: 'Available' }] }],
  });
});
