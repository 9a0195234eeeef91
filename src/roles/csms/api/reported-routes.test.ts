import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { testCsms } from '../../../../test/support/csms.ts';
import { ITEM_KINDS } from '../state/station-items.ts';

type TestCsms = Awaited<ReturnType<typeof testCsms>>;

describe('what stations report', () => {
  let csms: TestCsms;
  beforeAll(async () => {
    csms = await testCsms();
    const station = await csms.station('CS-R', 'ocpp1.6');
    await station.boot();
    for (const n of [1, 2, 3])
      await station.ask(`[2,"d-${n}","DataTransfer",{"vendorId":"com.example","messageId":"m${n}","data":"x"}]`);
    await station.ask(
      '[2,"t-1","StartTransaction",{"connectorId":2,"idTag":"AAA1","meterStart":1000,"timestamp":"2026-01-31T12:00:00Z"}]',
    );
    await station.ask(
      '[2,"m-1","MeterValues",{"connectorId":2,"transactionId":1,"meterValue":[{"timestamp":"2026-01-31T12:10:00Z","sampledValue":[{"value":"1.5","unit":"kWh"},{"value":"7400","measurand":"Power.Active.Import","unit":"W"}]}]}]',
    );
    await station.ask(
      '[2,"t-2","StartTransaction",{"connectorId":1,"idTag":"BBB2","meterStart":0,"timestamp":"2026-01-31T13:00:00Z"}]',
    );
    await station.ask(
      '[2,"t-3","StopTransaction",{"transactionId":2,"idTag":"BBB2","meterStop":4200,"timestamp":"2026-01-31T14:00:00Z","reason":"Local"}]',
    );
  });
  afterAll(() => csms.end());

  it('stands in one list per kind, for a station and for all', async () => {
    for (const kind of Object.keys(ITEM_KINDS)) {
      expect((await csms.call('GET', `/stations/CS-R/${kind}`)).status, kind).toBe(200);
    }
    const { body } = await csms.call('GET', '/stations/CS-R/data-transfers?limit=2');
    expect(body.items.map((item: { value: { messageId: string } }) => item.value.messageId)).toEqual(['m3', 'm2']);
    const rest = await csms.call('GET', `/stations/CS-R/data-transfers?limit=2&cursor=${body.next}`);
    expect(rest.body.items).toHaveLength(1);
    expect(rest.body.next).toBeUndefined();
    const item = rest.body.items[0];
    expect((await csms.call('GET', `/stations/CS-R/data-transfers/${item.id}`)).body).toEqual(item);
    expect(item).toMatchObject({
      station: 'CS-R',
      status: 'UnknownVendorId',
      value: { direction: 'from-station', messageId: 'm1' },
    });
    expect((await csms.call('GET', '/data-transfers?status=UnknownVendorId')).body.items).toHaveLength(3);
    expect((await csms.call('GET', '/data-transfers?station=CS-OTHER')).body.items).toEqual([]);
    for (const path of ['/reservations', '/profiles', '/variables', '/display-messages', '/monitoring-events'])
      expect((await csms.call('GET', path)).body, path).toEqual({ items: [] });
  });

  it('says what is not there, and refuses a cursor of somewhere else', async () => {
    expect((await csms.call('GET', '/stations/CS-R/jobs/none')).body.code).toBe('NOT_FOUND');
    expect((await csms.call('GET', '/stations/CS-NO/jobs')).body.code).toBe('UNKNOWN_STATION');
    expect((await csms.call('GET', '/jobs?cursor=xyz')).body).toMatchObject({
      code: 'INVALID_REQUEST',
      fields: [{ pointer: '/query/cursor' }],
    });
    expect((await csms.call('GET', '/jobs?colour=red')).body.fields[0].pointer).toBe('/query/colour');
  });

  it('shows transactions with state, energy and readings', async () => {
    const { body } = await csms.call('GET', '/transactions');
    expect(body.total).toBe(2);
    expect(body.items.map((each: { key: string }) => each.key)).toEqual(['CS-R/2', 'CS-R/1']);
    expect(body.items[0].curve).toBeUndefined();
    const running = (await csms.call('GET', '/stations/CS-R/transactions/1')).body;
    expect(running).toMatchObject({
      state: 'active',
      evse: 2,
      idToken: 'AAA1',
      energyWh: 500,
      startedAt: '2026-01-31T12:00:00.000Z',
      reading: { powerW: 7400, energyWh: 1500 },
    });
    expect(running.curve).toHaveLength(2);
    expect((await csms.call('GET', '/transactions/CS-R/2')).body).toMatchObject({
      state: 'ended',
      energyWh: 4200,
      stoppedReason: 'Local',
      endedAt: '2026-01-31T14:00:00.000Z',
    });
    const listed = async (query: string) =>
      (await csms.call('GET', `/transactions?${query}`)).body.items.map((each: { key: string }) => each.key);
    expect(await listed('state=active')).toEqual(['CS-R/1']);
    expect(await listed('idToken=bbb2')).toEqual(['CS-R/2']);
    expect(await listed('station=CS-OTHER')).toEqual([]);
    expect((await csms.call('GET', '/stations/CS-R/transactions?transactionId=1')).body.items).toHaveLength(1);
    expect((await csms.call('GET', '/transactions/CS-R/9')).body.code).toBe('NOT_FOUND');
    const station = (await csms.call('GET', '/stations/CS-R')).body;
    expect(station.transactions).toEqual(['CS-R/1']);
    expect(station.evses.find((evse: { id: number }) => evse.id === 2)?.reading?.powerW).toBe(7400);
  });

  it('lists refused stations with the reason', async () => {
    const socket = new WebSocket(`${csms.base.replace('http', 'ws')}/ocpp/CS-OLD`, ['ocpp1.5']);
    socket.on('error', () => {});
    await new Promise((resolve) => socket.once('close', resolve));
    const { body } = await csms.call('GET', '/refused?identity=CS-OLD');
    expect(body.items[0]).toMatchObject({ identity: 'CS-OLD', reason: 'no-common-subprotocol', status: 101 });
    expect(body.total).toBe(1);
  });
});
