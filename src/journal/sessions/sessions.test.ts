import { describe, expect, it } from 'vitest';
import { memoryJournal, START_MS } from '../../../test/journal-fixture.ts';

type World = ReturnType<typeof memoryJournal>;

const EMP_LINK = {
  a: { id: 'hub', role: 'hub' },
  b: { id: 'emp', role: 'emp' },
  protocol: 'oicp',
  version: '2.3',
  transport: 'http',
  conn: 'http-2',
  tap: 'emp',
} as const;
const SESSION_ID = 'b2688855-7f00-0002-6d8e-48d883f6abb6';

function oicp(world: World, action: string, request: string, answer: string, link = world.links.hub): void {
  const seq = world.entry({ link, kind: 'request', action, raw: request });
  world.entry({ link, kind: 'response', action, raw: answer, toClient: true, partner: seq, latencyMs: 8 });
}

async function only(world: World) {
  const { items } = await world.journal.query.sessions();
  expect(items).toHaveLength(1);
  return items[0] as (typeof items)[number];
}

/** A card at a 1.6 station that the hub's EMP lets in, with notification and record. */
function roaming(world: World, consumed = '7.412'): void {
  const { entry, links } = world;
  const authorize = entry({
    link: links.cs1,
    kind: 'request',
    action: 'Authorize',
    messageId: 'a1',
    raw: '[2,"a1","Authorize",{"idTag":"04A2F1C3"}]',
  });
  oicp(
    world,
    'AuthorizeStart',
    '{"OperatorID":"DE*ABC","EvseID":"DE*ABC*E0001*1","Identification":{"RFIDMifareFamilyIdentification":{"UID":"04A2F1C3"}},"CPOPartnerSessionID":"48213"}',
    `{"SessionID":"${SESSION_ID}","CPOPartnerSessionID":"48213","ProviderID":"DE-DCB","AuthorizationStatus":"Authorized","StatusCode":{"Code":"000"}}`,
  );
  entry({
    link: links.cs1,
    toClient: true,
    kind: 'response',
    action: 'Authorize',
    messageId: 'a1',
    raw: '[3,"a1",{"idTagInfo":{"status":"Accepted"}}]',
    partner: authorize,
    latencyMs: 39,
  });
  const start = entry({
    link: links.cs1,
    kind: 'request',
    action: 'StartTransaction',
    messageId: 's1',
    raw: '[2,"s1","StartTransaction",{"connectorId":1,"idTag":"04A2F1C3","meterStart":1000,"timestamp":"2025-11-24T16:00:05Z"}]',
  });
  entry({
    link: links.cs1,
    toClient: true,
    kind: 'response',
    action: 'StartTransaction',
    messageId: 's1',
    raw: '[3,"s1",{"transactionId":77,"idTagInfo":{"status":"Accepted"}}]',
    partner: start,
  });
  entry({
    link: links.cs1,
    kind: 'request',
    action: 'MeterValues',
    messageId: 'v1',
    raw: '[2,"v1","MeterValues",{"connectorId":1,"transactionId":77,"meterValue":[{"timestamp":"2025-11-24T16:10:00Z","sampledValue":[{"value":"2500"},{"value":"11.0","measurand":"Power.Active.Import","unit":"kW"}]}]}]',
  });
  entry({
    link: links.cs1,
    kind: 'request',
    action: 'StopTransaction',
    messageId: 'e1',
    raw: '[2,"e1","StopTransaction",{"transactionId":77,"meterStop":8412,"timestamp":"2025-11-24T16:40:00Z","reason":"EVDisconnected"}]',
  });
  oicp(
    world,
    'ChargingNotifications',
    `{"Type":"End","SessionID":"${SESSION_ID}","EvseID":"DE*ABC*E0001*1","ChargingStart":"2025-11-24T16:00:05Z","ChargingEnd":"2025-11-24T16:40:00Z","ConsumedEnergy":7.412}`,
    '{"Result":true,"StatusCode":{"Code":"000"}}',
  );
  oicp(
    world,
    'ChargeDetailRecord',
    `{"SessionID":"${SESSION_ID}","EvseID":"DE*ABC*E0001*1","Identification":{"RFIDMifareFamilyIdentification":{"UID":"04A2F1C3"}},"SessionStart":"2025-11-24T16:00:05Z","SessionEnd":"2025-11-24T16:40:00Z","ChargingStart":"2025-11-24T16:00:05Z","ChargingEnd":"2025-11-24T16:40:00Z","ConsumedEnergy":${consumed}}`,
    '{"Result":true,"StatusCode":{"Code":"000"}}',
  );
}

describe('charging sessions', () => {
  it('a swipe, the hub’s answer, the transaction, notification and record are one session', async () => {
    const world = memoryJournal();
    roaming(world);
    const session = await only(world);
    expect(session).toMatchObject({
      kind: 'roaming-rfid',
      state: 'settled',
      station: 'CS-1',
      evse: 1,
      evseId: 'DE*ABC*E0001*1',
      ids: { ocppTx: '77', oicp: SESSION_ID, cpoPartner: '48213', token: '04A2F1C3' },
      emp: 'DE-DCB',
      energyWh: 7_412,
      stopReason: 'EVDisconnected',
      cdr: 'accepted',
      messages: 12,
      verdict: 'ok',
    });
    expect(session.steps.map(({ id, state }) => `${id} ${state}`)).toEqual([
      'authorised done',
      'plugged done',
      'charging done',
      'stopped done',
      'notified done',
      'cdr done',
    ]);
  });

  it('is found by each of its ids, and its messages by the session', async () => {
    const world = memoryJournal();
    roaming(world);
    const { query } = world.journal;
    const { id } = await only(world);
    expect((await query.sessionByKey('ocpp', ['CS-1', '77'])).id).toBe(id);
    expect((await query.sessionByKey('oicp', [SESSION_ID.toUpperCase()])).id).toBe(id);
    expect((await query.sessionByKey('cpo', ['48213'])).id).toBe(id);
    await expect(query.sessionByKey('ocpp', ['CS-2', '77'])).rejects.toMatchObject({ code: 'NOT_FOUND' });
    world.exchange(world.links.cs1, 'Heartbeat', {}, { currentTime: '2025-11-24T16:00:00Z' });
    expect((await query.messages({ q: `session:${id}` })).items).toHaveLength(12);
    expect((await query.messages({ q: '-has:session' })).items.map(({ a }) => a)).toEqual(['Heartbeat', 'Heartbeat']);
    expect((await query.message(1)).session).toBe(id);
  });

  it('the record is compared with the meter: 420 Wh too much differ, 1 Wh is tolerated', async () => {
    const verdict = async (consumed: string) => {
      const world = memoryJournal();
      roaming(world, consumed);
      const { id } = await only(world);
      const { rows } = await world.journal.query.sessionReconciliation(id, { wh: 1, s: 1 });
      return rows.find(({ item }) => item === 'energy');
    };
    expect(await verdict('7.832')).toMatchObject({ verdict: 'differs', delta: '420 Wh' });
    expect(await verdict('7.413')).toMatchObject({ verdict: 'tolerated', delta: '1 Wh' });
    const equal = await verdict('7.412');
    expect(equal?.verdict).toBe('equal');
    expect(equal?.cells.station.value).toBe('7412');
    expect(equal?.cells.cdrSent).toEqual({ value: '7412', seq: 11, pointer: '/ConsumedEnergy' });
    expect(equal?.cells.cdrReceived).toEqual({});
  });

  it('gives the meter’s curve', async () => {
    const world = memoryJournal();
    roaming(world);
    const { points } = await world.journal.query.sessionSeries((await only(world)).id);
    expect(points.map(({ energyWh, powerW }) => [energyWh, powerW])).toEqual([
      [1_000, undefined],
      [2_500, 11_000],
      [8_412, undefined],
    ]);
  });

  it('a remote start goes from the EMP through hub and CSMS to the station of 2.0.1', async () => {
    const world = memoryJournal();
    const { entry, links, journal } = world;
    const emp = journal.recorder.openLink({ ...EMP_LINK, a: EMP_LINK.b, b: EMP_LINK.a });
    const hub = journal.recorder.openLink({ ...EMP_LINK, b: { id: 'csms', role: 'csms' } });
    const identification = '"Identification":{"RemoteIdentification":{"EvcoID":"DE-DCB-C12345678-X"}}';
    const first = entry({
      link: emp,
      kind: 'request',
      action: 'AuthorizeRemoteStart',
      raw: `{"ProviderID":"DE-DCB","EvseID":"DE*ABC*E0001*1",${identification}}`,
    });
    const second = entry({
      link: hub,
      kind: 'request',
      action: 'AuthorizeRemoteStart',
      raw: `{"SessionID":"${SESSION_ID}","ProviderID":"DE-DCB","EvseID":"DE*ABC*E0001*1",${identification}}`,
    });
    const start = entry({
      link: links.cs2,
      toClient: true,
      kind: 'request',
      action: 'RequestStartTransaction',
      messageId: 'r1',
      raw: '[2,"r1","RequestStartTransaction",{"remoteStartId":9,"evseId":1,"idToken":{"idToken":"remote-1","type":"Central"}}]',
    });
    entry({
      link: links.cs2,
      kind: 'response',
      action: 'RequestStartTransaction',
      messageId: 'r1',
      raw: '[3,"r1",{"status":"Accepted"}]',
      partner: start,
    });
    const yes = `{"Result":true,"SessionID":"${SESSION_ID}","StatusCode":{"Code":"000"}}`;
    entry({ link: hub, toClient: true, kind: 'response', action: 'AuthorizeRemoteStart', raw: yes, partner: second });
    entry({ link: emp, toClient: true, kind: 'response', action: 'AuthorizeRemoteStart', raw: yes, partner: first });
    entry({
      link: links.cs2,
      kind: 'request',
      action: 'TransactionEvent',
      messageId: 't1',
      raw: '[2,"t1","TransactionEvent",{"eventType":"Started","timestamp":"2025-11-24T16:00:00Z","triggerReason":"RemoteStart","seqNo":0,"transactionInfo":{"transactionId":"9f2c","remoteStartId":9,"chargingState":"Charging"},"evse":{"id":1}}]',
    });
    const session = await only(world);
    expect(session).toMatchObject({
      kind: 'remote',
      state: 'charging',
      station: 'CS-2',
      ids: { ocppTx: '9f2c', oicp: SESSION_ID, emaid: 'DE-DCB-C12345678-X' },
      messages: 7,
    });
  });

  it('the same transaction id at two stations is two sessions; one given again is a new session', async () => {
    const world = memoryJournal();
    const { entry, links, journal } = world;
    const other = journal.recorder.openLink({
      a: { id: 'CS-9', role: 'cs' },
      b: { id: 'csms', role: 'csms' },
      protocol: 'ocpp',
      version: '1.6',
      transport: 'ws',
      conn: 'ws-9',
      tap: 'csms',
    });
    const whole = (link: number, id: string): void => {
      const seq = entry({
        link,
        kind: 'request',
        action: 'StartTransaction',
        messageId: id,
        raw: `[2,"${id}","StartTransaction",{"connectorId":1,"idTag":"T-${id}","meterStart":0,"timestamp":"2025-11-24T16:00:00Z"}]`,
      });
      entry({
        link,
        toClient: true,
        kind: 'response',
        action: 'StartTransaction',
        messageId: id,
        raw: `[3,"${id}",{"transactionId":1,"idTagInfo":{"status":"Accepted"}}]`,
        partner: seq,
      });
      entry({
        link,
        kind: 'request',
        action: 'StopTransaction',
        messageId: `${id}e`,
        raw: `[2,"${id}e","StopTransaction",{"transactionId":1,"meterStop":100,"timestamp":"2025-11-24T16:10:00Z"}]`,
      });
    };
    whole(links.cs1, 'a');
    whole(other, 'b');
    whole(links.cs1, 'c');
    const { items } = await journal.query.sessions();
    expect(items.map(({ station, ids, messages }) => [station, ids.token, messages])).toEqual([
      ['CS-1', 'T-c', 3],
      ['CS-9', 'T-b', 3],
      ['CS-1', 'T-a', 3],
    ]);
  });

  it('a swipe that is refused is a problem; values without a beginning are partial', async () => {
    const world = memoryJournal();
    world.exchange(world.links.cs1, 'Authorize', { idTag: 'NOBODY' }, { idTagInfo: { status: 'Invalid' } });
    world.exchange(
      world.links.cs1,
      'StopTransaction',
      { transactionId: 5, meterStop: 9, timestamp: '2025-11-24T16:10:00Z' },
      {},
    );
    const { items } = await world.journal.query.sessions();
    expect(items.map(({ state, problem, partial }) => [state, problem, partial])).toEqual([
      ['ended', undefined, true],
      ['problem', 'Authorize was answered Invalid', undefined],
    ]);
  });

  it('lists fit the filter’s fields of sessions, and a broken filter says where', async () => {
    const world = memoryJournal();
    roaming(world);
    world.exchange(
      world.links.cs2,
      'Authorize',
      { idToken: { idToken: 'X1', type: 'ISO14443' } },
      { idTokenInfo: { status: 'Accepted' } },
    );
    const { query } = world.journal;
    const found = async (q: string) => (await query.sessions({ q })).items.map(({ station }) => station);
    expect(await found('state:settled')).toEqual(['CS-1']);
    expect(await found('is:active')).toEqual(['CS-2']);
    expect(await found('kwh>7 emp:DE-DCB has:cdr')).toEqual(['CS-1']);
    expect(await found('48213')).toEqual(['CS-1']);
    await expect(query.sessions({ q: 'staton:x' })).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
    const page = await query.sessions({ limit: 1 });
    expect(page.total).toBe(2);
    expect((await query.sessions({ limit: 1, cursor: page.next ?? '' })).items.map(({ station }) => station)).toEqual([
      'CS-1',
    ]);
  });

  it('has the meter values that name its transaction, with their answers, however they are written', async () => {
    const { entry, links, journal } = memoryJournal();
    const values = (id: string, payload: string): void => {
      const request = { link: links.cs1, kind: 'request', action: 'MeterValues', messageId: id } as const;
      const partner = entry({ ...request, raw: `[2,"${id}","MeterValues",${payload}]` });
      entry({ ...request, kind: 'response', toClient: true, raw: `[3,"${id}",{}]`, partner });
    };
    const sample = '"meterValue":[{"timestamp":"2025-11-24T16:10:00Z","sampledValue":[{"value":"2500"}]}]';
    values('m1', `{"connectorId":1,"transactionId":77,${sample}}`);
    values('m2', `{"connectorId":1,"\\u0074ransactionId":77,${sample}}`);
    values('m3', `{"connectorId":1,${sample}}`);
    const found = await journal.query.messages({ q: 'has:session' });
    expect(found.items.map(({ s }) => s).sort()).toEqual([1, 2, 3, 4]);
  });

  it('is forgotten with its messages, and begins anew when the journal is cleared', async () => {
    const world = memoryJournal({ retention: { messages: 4 } });
    roaming(world);
    for (let i = 0; i < 6; i++)
      world.exchange(world.links.cs1, 'Heartbeat', {}, { currentTime: '2025-11-24T16:00:00Z' });
    expect((await world.journal.query.sessions()).items).toEqual([]);
    const cleared = memoryJournal();
    roaming(cleared);
    await cleared.journal.query.clear();
    expect((await cleared.journal.query.sessions()).items).toEqual([]);
    expect(START_MS).toBeGreaterThan(0);
  });
});
