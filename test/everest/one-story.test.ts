import { afterEach, describe, expect, it } from 'vitest';
import { testCsms } from '../support/csms.ts';
import { testBroker, testEverest, testLookAlike, until } from '../support/everest.ts';

const toEnd: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (let end = toEnd.pop(); end !== undefined; end = toEnd.pop()) await end();
});

describe('check 37: broker, look-alike, adapter, station engine and CSMS as one story', () => {
  it.each(['1.6', '2.0.1'] as const)('remote start, charging, remote stop over OCPP %s', async (version) => {
    const csms = await testCsms({ authorization: { unknownTokens: 'accept' } });
    toEnd.push(() => csms.end());
    const broker = await testBroker();
    toEnd.push(() => broker.close());
    const everest = await testEverest({ broker: { url: broker.url }, stations: [{ release: '2025.10' }] }, csms.base);
    toEnd.push(() => everest.end());
    const look = testLookAlike(broker.url, {
      ocpp: { identity: 'cp001', version, endpoint: `${csms.base.replace(/^http/, 'ws')}/ocpp`, recorder: null },
    });
    toEnd.push(() => look.stop());
    await until(async () => (await everest.station()).ocppConnected === true);
    await until(async () => (await csms.call('GET', '/stations/cp001')).body.boot === 'Accepted');

    await everest.op('ev/start', {}, '?wait=waitAuth');
    const started = await csms.call('POST', '/stations/cp001/commands/start', {
      idToken: 'REMOTE-1',
      evse: 1,
    });
    expect(started.status).toBeLessThan(300);
    await until(async () => (await everest.connector()).state === 'charging');
    await until(async () => (await everest.connector()).meter.energyWh > 5);
    const report = async () => (await everest.call('GET', '/api/v1/everest/stations/cp001/sessions')).body;
    await until(async () => (await report()).items[0]?.correlation.kind === 'exact');
    const [session] = (await report()).items;
    expect(session.token).toMatchObject({ value: 'REMOTE-1', authorizationType: 'OCPP' });
    const { transactionId } = session.correlation;
    if (version === '2.0.1') expect(transactionId).toBe(session.sessionId);
    const [transaction] = (await csms.call('GET', '/stations/cp001/transactions')).body.items;
    expect(transaction.transactionId).toBe(transactionId);

    await csms.call('POST', '/stations/cp001/commands/stop', { transactionId });
    await until(async () => (await everest.connector()).state === 'finished');
    await everest.op('ev/unplug', {}, '?wait=idle');
    await until(async () => (await report()).items[0].endedAt !== undefined);
    expect((await report()).items[0].stopReason).toBe('Remote');
    const { body } = await everest.call('GET', '/api/v1/everest/stations/cp001/timeline');
    expect(new Set(body.items.map((step: { by: string }) => step.by))).toEqual(new Set(['adapter', 'everest', 'ocpp']));
    expect(look.log.filter((line) => line !== 'broker connected')).toEqual([]);
  });

  it('a card through the CSMS: the unknown one is refused and starts nothing', async () => {
    const csms = await testCsms({ authorization: { unknownTokens: 'reject' } });
    toEnd.push(() => csms.end());
    await csms.call('PUT', '/tokens/GOOD', { idToken: 'GOOD', type: 'ISO14443', status: 'Accepted' });
    const broker = await testBroker();
    toEnd.push(() => broker.close());
    const everest = await testEverest({ broker: { url: broker.url }, stations: [{ release: '2025.10' }] }, csms.base);
    toEnd.push(() => everest.end());
    const look = testLookAlike(broker.url, {
      ocpp: {
        identity: 'cp001',
        version: '2.0.1',
        endpoint: `${csms.base.replace(/^http/, 'ws')}/ocpp`,
        recorder: null,
      },
    });
    toEnd.push(() => look.stop());
    await until(async () => (await csms.call('GET', '/stations/cp001')).body.boot === 'Accepted');
    await until(async () => (await everest.connector()).state === 'idle');
    await everest.op('ev/start', {}, '?wait=waitAuth');
    await everest.op('authorize', { idToken: 'BAD' });
    await until(async () => (await everest.connector()).token?.status === 'Rejected');
    expect((await everest.connector()).state).toMatch(/waitAuth|authTimeout/);
    expect(await everest.op('authorize', { idToken: 'GOOD' }, '?wait=charging')).toMatchObject({ status: 200 });
    // MQTT and OCPP read the same meter.
    await until(async () => (await everest.connector()).meter.energyWh > 20);
    await everest.op('authorize', { idToken: 'GOOD' }, '?wait=finished');
    await everest.op('ev/unplug', {}, '?wait=idle');
    await until(async () => {
      const [transaction] = (await csms.call('GET', '/stations/cp001/transactions')).body.items;
      return transaction?.state === 'ended' && transaction.energyWh >= 20;
    });
    expect(csms.recorder.entries.length).toBeGreaterThan(5);
  });
});
