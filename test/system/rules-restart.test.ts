import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { ServiceProcess, sleep, until } from './service-process.ts';

/** The CSMS is killed with SIGKILL in the middle of transactions: the rules go on from what its journal holds. */
const FLAGS = ['--set', 'csms.authorization.unknownTokens=accept'];
let csms: ServiceProcess;
beforeAll(async () => {
  csms = await ServiceProcess.start('csms', FLAGS);
});
afterAll(() => csms.remove());

async function connected(identity: string) {
  const socket = new WebSocket(`ws://127.0.0.1:${csms.port}/ocpp/${identity}`, ['ocpp1.6']);
  socket.on('error', () => {});
  await new Promise((resolve) => socket.on('open', resolve));
  // biome-ignore lint/suspicious/noExplicitAny: answers of different shapes
  const waiting = new Map<string, (payload: any) => void>();
  socket.on('message', (text) => {
    const frame = JSON.parse(String(text));
    if (frame[0] === 2) socket.send(JSON.stringify([4, frame[1], 'NotSupported', '', {}]));
    else waiting.get(frame[1])?.(frame[2]);
  });
  let last = 0;
  // biome-ignore lint/suspicious/noExplicitAny: answers of different shapes
  const call = (action: string, payload: object): Promise<any> =>
    new Promise((resolve) => {
      const id = `${Date.now()}-${++last}`;
      waiting.set(id, resolve);
      socket.send(JSON.stringify([2, id, action, payload]));
    });
  const status = (connectorId: number, word: string): Promise<unknown> =>
    call('StatusNotification', { connectorId, errorCode: 'NoError', status: word });
  return { call, status, close: () => socket.close(1000) };
}

const now = (): string => new Date().toISOString();

/** Boots and starts a transaction at 1,000 Wh. */
async function charging(identity: string): Promise<number> {
  const { call, status } = await connected(identity);
  await call('BootNotification', { chargePointVendor: 'ACME', chargePointModel: 'AC22' });
  await status(0, 'Available');
  await status(1, 'Available');
  await status(1, 'Preparing');
  await call('Authorize', { idTag: 'CARD' });
  const { transactionId } = await call('StartTransaction', {
    connectorId: 1,
    idTag: 'CARD',
    meterStart: 1_000,
    timestamp: now(),
  });
  await status(1, 'Charging');
  return transactionId;
}

/** Comes back without a boot, as a station does that has only lost its connection, and ends the transaction. */
async function ended(identity: string, transactionId: number, meterStop: number): Promise<void> {
  const { call, status, close } = await connected(identity);
  const sampledValue = [{ value: String(meterStop), measurand: 'Energy.Active.Import.Register', unit: 'Wh' }];
  await call('MeterValues', { connectorId: 1, transactionId, meterValue: [{ timestamp: now(), sampledValue }] });
  await call('StopTransaction', { transactionId, idTag: 'CARD', meterStop, timestamp: now() });
  await status(1, 'Finishing');
  await status(1, 'Available');
  close();
}

async function findings(): Promise<string[]> {
  const { body } = await csms.call('GET', '/findings?limit=1000');
  return body.items.map(
    ({ rule, party, text }: { rule: string; party: string; text: string }) => `${rule} ${party} ${text}`,
  );
}

it('a kill -9 in the middle of transactions makes no false finding, and hides none', { timeout: 300_000 }, async () => {
  const good = await charging('GOOD');
  const bad = await charging('BAD');
  expect(await findings()).toEqual([]);
  for (let kill = 0; kill < 3; kill++) {
    const { port, data } = csms;
    await csms.end('SIGKILL');
    csms = await ServiceProcess.start('csms', FLAGS, { port, data });
    await sleep(200);
  }
  await ended('GOOD', good, 3_000);
  await ended('BAD', bad, 900);
  const found = await until(findings, (all) => all.length > 0);
  expect(found.length).toBeGreaterThan(0);
  expect(found.every((each) => each.includes(' BAD '))).toBe(true);
  expect(found.some((each) => each.startsWith('OCPP16-TX-008 '))).toBe(true);
});
