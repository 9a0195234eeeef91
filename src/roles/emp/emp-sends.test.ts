import { afterEach, describe, expect, it } from 'vitest';
import { testEmp } from '../../../test/support/emp.ts';
import { ForeignParty, type Heard, type Said } from '../../../test/support/foreign-party.ts';
import { SystemClock } from '../../core/system-clock.ts';

/** What the EMP calls at a hub that is not ours: the EMP checks of the digest, with wire texts by hand. */
const SESSION = '3b129fb6-c4af-476e-8bec-6e307c8e5d25';
const EVSE = 'DE*ABC*E1*1';
const ADA = 'DE-DCB-C12345678-X';
const DONE = `{"Result":true,"StatusCode":{"Code":"000"},"SessionID":"${SESSION}","CPOPartnerSessionID":"cpo-1"}`;
const no = (code: string): string => `{"Result":false,"StatusCode":{"Code":"${code}"}}`;
const REMOTE_START = '/api/oicp/charging/v21/providers/DE-DCB/authorize-remote/start';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function withHub(answer: (heard: Heard) => Said | Promise<Said>, config: Record<string, unknown> = {}) {
  const hub = await ForeignParty.start(answer);
  ends.push(() => hub.stop());
  const emp = await testEmp({ ...config, hub: { baseUrl: hub.url, ...(config['hub'] as object | undefined) } });
  ends.push(() => emp.end());
  return { hub, emp };
}

const record = (evseId: string, more = ''): string =>
  `{"EvseID":"${evseId}","OperatorID":"DE*ABC","OperatorName":"ABC","ChargingStationNames":[{"lang":null,"value":"Station"}],"Address":{"Country":"DEU","City":"Berlin","Street":"Teststr.","PostalCode":null,"HouseNum":null},"GeoCoordinates":{"DecimalDegree":{"Longitude":"13.356465","Latitude":"52.480495"}},"Plugs":["Type 2 Outlet"],"ChargingFacilities":null,"RenewableEnergy":null,"AuthenticationModes":["REMOTE"],"PaymentOptions":null,"ValueAddedServices":["Reservation"],"Accessibility":"Free publicly accessible","HotlinePhoneNumber":"+49301234567","IsOpen24Hours":true,"IsHubjectCompatible":true,"DynamicInfoAvailable":"true","lastUpdate":"2025-06-01T08:00:00Z"${more}}`;
const page = (content: readonly string[], number = 0, totalPages = 1): string =>
  `{"content":[${content.join(',')}],"number":${number},"size":1000,"totalElements":${content.length},"totalPages":${totalPages},"first":${number === 0},"last":${number + 1 >= totalPages},"numberOfElements":${content.length},"StatusCode":{"Code":"000"},"empty":false,"pageable":{"offset":0}}`;
const evses = async (emp: Awaited<ReturnType<typeof testEmp>>): Promise<string[]> =>
  (await emp.call('GET', '/emp/evses')).body.items.map(({ evseId }: { evseId: string }) => evseId);

describe('remote start and stop', () => {
  it('EMP-RS-01, EMP-RS-02, EMP-RT-01: a start without session, the hub’s session kept and used in the stop', async () => {
    const { hub, emp } = await withHub(() => DONE);
    const started = await emp.act('start', { evseId: EVSE, evcoId: ADA });
    expect(started).toMatchObject({
      done: true,
      steps: [{ outcome: 'ok', code: '000' }],
      session: { id: SESSION, state: 'accepted' },
    });
    const [start] = hub.heard;
    expect(start?.path).toBe(REMOTE_START);
    expect(start?.body).toMatchObject({
      ProviderID: 'DE-DCB',
      EvseID: EVSE,
      Identification: { RemoteIdentification: { EvcoID: ADA } },
    });
    expect(start?.body.SessionID).toBeUndefined();
    expect((await emp.act('stop', { sessionId: SESSION })).done).toBe(true);
    expect(hub.heard[1]?.path).toBe(REMOTE_START.replace('start', 'stop'));
    expect(hub.heard[1]?.body).toMatchObject({
      SessionID: SESSION,
      ProviderID: 'DE-DCB',
      EvseID: EVSE,
      CPOPartnerSessionID: 'cpo-1',
      EMPPartnerSessionID: start?.body.EMPPartnerSessionID,
    });
  });

  it.each(['210', '300', '310', '501', '510', '601', '602', '603', '604', '700'])(
    'EMP-RS-03: %s is told to the user, and no session is kept',
    async (code) => {
      const { hub, emp } = await withHub(() => no(code));
      const refused = await emp.act('start', { evseId: EVSE, evcoId: ADA });
      expect(refused).toMatchObject({ done: false, steps: [{ outcome: 'refused', code }] });
      expect(refused.steps[0].meaning).not.toBe('');
      expect((await emp.call('GET', '/emp/sessions')).body.items).toEqual([]);
      expect(hub.heard).toHaveLength(1);
    },
  );

  it('GEN-04, GEN-05: a refusal under HTTP 403 or 404 is a refusal with its code, not a network error', async () => {
    const { hub, emp } = await withHub(() => ({
      status: 403,
      text: '{"StatusCode":{"Code":"210","Description":"x"},"message":"No active subscription found"}',
    }));
    expect((await emp.act('start', { evseId: EVSE, evcoId: ADA })).steps[0]).toMatchObject({
      outcome: 'refused',
      code: '210',
    });
    hub.answer = () => ({ status: 404, text: '{"StatusCode":{"Code":"300"}}' });
    expect((await emp.act('start', { evseId: EVSE, evcoId: ADA })).steps[0]).toMatchObject({
      outcome: 'refused',
      code: '300',
    });
    hub.answer = () => ({ status: 401, text: '{"StatusCode":{"Code":"017"}}' });
    expect((await emp.act('start', { evseId: EVSE, evcoId: ADA })).steps[0]).toMatchObject({
      outcome: 'refused',
      code: '017',
    });
  });

  it('GEN-06, GEN-08: after a 400 fault body, a 503 or a reset a start is not sent again by itself', async () => {
    const { hub, emp } = await withHub(() => ({
      status: 400,
      text: '{"extendedInfo":null,"message":"Error parsing/validating JSON.","validationErrors":[{"fieldReference":"evseID","errorMessage":"must match"}]}',
    }));
    const refused = await emp.act('start', { evseId: EVSE, evcoId: ADA });
    expect(refused.steps[0]).toMatchObject({ outcome: 'refused', code: '022' });
    expect(refused.steps[0].reason).toContain('evseID must match');
    hub.answer = () => ({ status: 503 });
    expect((await emp.act('start', { evseId: EVSE, evcoId: ADA })).steps[0].outcome).toBe('busy');
    expect(hub.heard).toHaveLength(2);
  });

  it('GEN-09, EMP-RS-04, EMP-RS-05: a silent hub times out; what it did all the same is taken when it comes', async () => {
    const { emp } = await withHub(() => 'silence', { hub: { remoteMs: 50 } });
    expect((await emp.act('start', { evseId: EVSE, evcoId: ADA })).steps[0].outcome).toBe('timeout');
    expect(emp.emp.config.otherMs).toBeGreaterThan(0);
    const cdr = `{"SessionID":"${SESSION}","EvseID":"${EVSE}","Identification":{"RemoteIdentification":{"EvcoID":"${ADA}"}},"SessionStart":"2025-06-01T08:00:00+02:00","ChargingStart":"2025-06-01T08:01:10+02:00","ChargingEnd":"2025-06-01T08:41:10+02:00","SessionEnd":"2025-06-01T08:45:00+02:00","ConsumedEnergy":1}`;
    expect((await emp.oicp('/cdrmgmt/v22/operators/DE*ABC/charge-detail-record', cdr)).body.Result).toBe(true);
  });

  it('EMP-RS-04: the default waits longer than a hub gives its operators', async () => {
    const emp = await testEmp();
    ends.push(() => emp.end());
    expect(emp.emp.config.remoteMs).toBeGreaterThan(60_000);
  });

  it('EMP-RT-02: 400 on a stop ends the session here; it waits for its record', async () => {
    const { hub, emp } = await withHub(() => DONE);
    await emp.act('start', { evseId: EVSE, evcoId: ADA });
    hub.answer = () => no('400');
    expect(await emp.act('stop', { sessionId: SESSION })).toMatchObject({ done: false, session: { state: 'ended' } });
  });

  it('EMP-RR-01: a reservation with whole minutes, its session in the end, none where it is not offered', async () => {
    const { hub, emp } = await withHub((heard) =>
      heard.path.includes('evsepull')
        ? page([record(EVSE), record('DE*ABC*E2', ',"ValueAddedServices":["None"]')])
        : DONE,
    );
    await emp.act('pull-evses');
    expect(await emp.act('reserve', { evseId: EVSE, evcoId: ADA, minutes: 15 })).toMatchObject({
      done: true,
      session: { kind: 'reservation' },
    });
    expect(hub.heard.at(-1)?.path).toBe('/api/oicp/reservation/v11/providers/DE-DCB/reservation-start-request');
    expect(hub.heard.at(-1)?.body.Duration).toBe(15);
    await emp.act('cancel', { sessionId: SESSION });
    expect(hub.heard.at(-1)?.path).toBe('/api/oicp/reservation/v11/providers/DE-DCB/reservation-stop-request');
    expect(hub.heard.at(-1)?.body).toMatchObject({ SessionID: SESSION, EvseID: EVSE });
    const before = hub.heard.length;
    expect(
      (await emp.call('POST', '/emp/actions', { action: 'reserve', evseId: 'DE*ABC*E2', evcoId: ADA })).status,
    ).toBe(409);
    expect(
      (await emp.call('POST', '/emp/actions', { action: 'reserve', evseId: EVSE, evcoId: ADA, minutes: 100 })).status,
    ).toBe(400);
    expect(hub.heard).toHaveLength(before);
  });

  it('a hop to a hub that is not ours is recorded here, one to ours is not', async () => {
    const { emp } = await withHub(() => DONE);
    await emp.act('start', { evseId: EVSE, evcoId: ADA });
    const kinds = emp.recorder.entries.map(({ kind, action, description }) => [
      kind,
      action,
      description?.b.id,
      description?.tap,
    ]);
    expect(kinds).toEqual([
      ['request', 'AuthorizeRemoteStart', 'hub', 'emp'],
      ['response', 'AuthorizeRemoteStart', 'hub', 'emp'],
    ]);
    const hub = await ForeignParty.start(() => DONE);
    ends.push(() => hub.stop());
    const house = await testEmp({}, { addressOf: (name) => (name === 'hub' ? hub.url : undefined) });
    ends.push(() => house.end());
    await house.act('start', { evseId: EVSE, evcoId: ADA });
    expect(hub.heard).toHaveLength(1);
    expect(house.recorder.entries).toEqual([]);
  });
});

describe('pulls', () => {
  it('EMP-PD-01: pages from 0 until the last', async () => {
    const { hub, emp } = await withHub((heard) => {
      const number = Number(new URL(heard.path, 'http://x').searchParams.get('page'));
      return page([record(`DE*ABC*E${number}`)], number, 3);
    });
    expect((await emp.act('pull-evses', { mode: 'full' })).done).toBe(true);
    expect(hub.heard.map(({ path }) => path.split('?')[1])).toEqual([
      'page=0&size=1000',
      'page=1&size=1000',
      'page=2&size=1000',
    ]);
    expect(new Set(hub.heard.map(({ text }) => text)).size).toBe(1);
    expect(await evses(emp)).toEqual(['DE*ABC*E0', 'DE*ABC*E1', 'DE*ABC*E2']);
  });

  it('EMP-PD-02: a delta has LastCall and no filter, and its inserts, updates and deletes are applied', async () => {
    const { hub, emp } = await withHub(() => page([record('DE*ABC*E1'), record('DE*ABC*E2')]));
    await emp.act('pull-evses');
    expect(hub.heard[0]?.body.LastCall).toBeUndefined();
    hub.answer = () =>
      page([
        record('DE*ABC*E1', ',"deltaType":"delete"'),
        record('DE*ABC*E2', ',"deltaType":"update","OperatorName":"New"'),
        record('DE*ABC*E3', ',"deltaType":"insert"'),
      ]);
    await emp.act('pull-evses');
    const { LastCall, SearchCenter, CountryCodes, OperatorIds } = hub.heard[1]?.body ?? {};
    expect(LastCall).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/);
    expect([SearchCenter, CountryCodes, OperatorIds]).toEqual([undefined, undefined, undefined]);
    expect(await evses(emp)).toEqual(['DE*ABC*E2', 'DE*ABC*E3']);
    expect((await emp.call('GET', '/emp/evses/DEABCE2')).body.record.OperatorName).toBe('New');
  });

  it('EMP-PD-03: nulls of older versions are read; a record with an unknown enum value is skipped alone', async () => {
    const { emp } = await withHub(() => page([record('DE*ABC*E1'), record('DE*ABC*E2', ',"Plugs":["Type 9 Warp"]')]));
    const pulled = await emp.act('pull-evses');
    expect(pulled).toMatchObject({ done: true, summary: expect.stringContaining('1 unreadable') });
    expect(await evses(emp)).toEqual(['DE*ABC*E1']);
  });

  it('EMP-PD-04: a full pull that fails in the middle leaves the catalogue as it was', async () => {
    const { hub, emp } = await withHub(() => page([record('DE*ABC*E1')]));
    await emp.act('pull-evses', { mode: 'full' });
    hub.answer = (heard) => (heard.path.includes('page=1') ? { status: 500 } : page([record('DE*ABC*E7')], 0, 2));
    expect((await emp.act('pull-evses', { mode: 'full' })).done).toBe(false);
    expect(await evses(emp)).toEqual(['DE*ABC*E1']);
  });

  it('EMP-PD-05: each form of coordinates is read', async () => {
    for (const [geoFormat, geo] of [
      ['Google', '{"Google":{"Coordinates":"52.480495 13.356465"}}'],
      ['DegreeMinuteSeconds', `{"DegreeMinuteSeconds":{"Longitude":"13° 21' 23.274''","Latitude":"52° 28' 49.782''"}}`],
      ['DecimalDegree', '{"DecimalDegree":{"Longitude":"13.356465","Latitude":"52.480495"}}'],
    ] as const) {
      const { hub, emp } = await withHub(() => page([record('DE*ABC*E1', `,"GeoCoordinates":${geo}`)]), { geoFormat });
      await emp.act('pull-evses');
      expect(hub.heard[0]?.body.GeoCoordinatesResponseFormat).toBe(geoFormat);
      expect((await emp.call('GET', '/emp/evses')).body.items[0].record.GeoCoordinates).toEqual(JSON.parse(geo));
    }
  });

  it('EMP-PS-01, EMP-PS-02: all statuses, and by id in blocks of 100, with EvseNotFound and Unknown', async () => {
    const { hub, emp } = await withHub((heard) =>
      heard.path.includes('by-id')
        ? `{"EVSEStatusRecords":{"EvseStatusRecord":${JSON.stringify(heard.body.EvseID.map((EvseID: string, i: number) => ({ EvseID, EvseStatus: i === 0 ? 'EvseNotFound' : 'Unknown' })))}}}`
        : '{"EvseStatuses":{"OperatorEvseStatus":[{"OperatorID":"DE*ABC","OperatorName":null,"EvseStatusRecord":[{"EvseID":"DE*ABC*E0","EvseStatus":"Available"}]}]},"StatusCode":null}',
    );
    expect((await emp.act('pull-statuses')).done).toBe(true);
    const ids = Array.from({ length: 150 }, (_, i) => `DE*ABC*E${i}`);
    expect((await emp.act('pull-statuses', { evseIds: ids })).done).toBe(true);
    expect(hub.heard.map(({ body }) => body.EvseID?.length)).toEqual([undefined, 100, 50]);
    expect(emp.emp.state.statuses.get('DEABCE0')).toBeUndefined();
    expect(emp.emp.state.statuses.get('DEABCE1')?.status).toBe('Unknown');
  });

  it('EMP-PR-01: products and EVSE prices of the known operators, in both spellings; our own offer before the one to all', async () => {
    const { hub, emp } = await withHub((heard) => {
      if (heard.path.includes('evsepull')) return page([record('DE*ABC*E1')]);
      if (heard.path.endsWith('pricing-products')) {
        return '{"OperatorPricingProducts":[{"OperatorID":"DE*ABC","ProviderID":"*","PricingDefaultPrice":0,"PricingDefaultPriceCurrency":"EUR","PricingDefaultReferenceUnit":"KILOWATT_HOUR","PricingProductDataRecords":[]}]}';
      }
      return '{"OperatorEVSEPricing":[{"OperatorID":"DE*ABC","EVSEPricing":[{"EvseID":"DE*ABC*E1","ProviderID":"*","EvseIDProductList":["AC1"]},{"EvseID":"DE*ABC*E1","ProviderID":"DE-DCB","EvseIDProductList":["AC3"]}]}]}';
    });
    await emp.act('pull-evses');
    expect((await emp.act('pull-prices')).done).toBe(true);
    expect(hub.heard.slice(1).map(({ body }) => body.OperatorIDs)).toEqual([['DE*ABC'], ['DE*ABC']]);
    expect((await emp.call('GET', '/emp/evses/DE*ABC*E1')).body.products).toEqual(['AC3']);
    expect((await emp.call('GET', '/emp/prices')).body.items[0].products).toHaveLength(1);
  });

  it('GEN-07: a hub that answers 429 is asked again with growing pauses, and then pulled', async () => {
    let busy = 2;
    const { hub, emp } = await withHub(() => (busy-- > 0 ? { status: 429 } : page([record('DE*ABC*E1')])), {
      pulls: { evseDataS: 3_600, evseDataFullS: 0, statusS: 0, pricesS: 0, cdrsS: 0 },
    });
    await hub.hears(3);
    await emp.until(async () => (await evses(emp)).length === 1);
    await emp.until(async () => (await emp.call('GET', '/emp/pulls')).body.items[0]?.failures === 0);
  }, 15_000);

  it('GEN-10: explicit nulls, unknown members and headers are accepted', async () => {
    const { emp } = await withHub(
      () =>
        `{"Result":true,"StatusCode":{"Code":"000","Description":null,"AdditionalInfo":null},"SessionID":"${SESSION}","CPOPartnerSessionID":null,"EMPPartnerSessionID":null,"Extra":{"a":[1]}}`,
    );
    expect((await emp.act('start', { evseId: EVSE, evcoId: ADA })).done).toBe(true);
  });
});

describe('records from the hub', () => {
  const cdr = (n: number): string =>
    `{"SessionID":"3b129fb6-c4af-476e-8bec-${String(n).padStart(12, '0')}","EvseID":"${EVSE}","Identification":{"RFIDMifareFamilyIdentification":{"UID":"044A2DAA856280"}},"SessionStart":"2025-06-01T08:00:00+02:00","ChargingStart":"2025-06-01T08:01:10+02:00","ChargingEnd":"2025-06-01T08:41:10+02:00","SessionEnd":"2025-06-01T08:45:00+02:00","ConsumedEnergy":1.5}`;

  it('EMP-GC-01, EMP-GC-02: what was not delivered is fetched, 4,500 in pages, none lost and none doubled', async () => {
    const all = Array.from({ length: 4_500 }, (_, n) => cdr(n));
    const { hub, emp } = await withHub((heard) => {
      const query = new URL(heard.path, 'http://x').searchParams;
      const [number, size] = [Number(query.get('page')), Number(query.get('size'))];
      return page(all.slice(number * size, (number + 1) * size), number, Math.ceil(all.length / size));
    });
    await emp.oicp('/cdrmgmt/v22/operators/DE*ABC/charge-detail-record', cdr(17));
    const pulled = await emp.act('pull-cdrs', { onlyMissing: true });
    expect(pulled).toMatchObject({ done: true, summary: '4500 records, 4499 of them new' });
    expect(hub.heard[0]?.body.CDRForwarded).toBe(false);
    expect(hub.heard.every(({ path }) => Number(new URL(path, 'http://x').searchParams.get('size')) <= 2_000)).toBe(
      true,
    );
    expect(emp.emp.state.cdrs.count()).toBe(4_500);
    expect(emp.emp.state.cdr('3b129fb6-c4af-476e-8bec-000000000017')).toMatchObject({
      source: 'pushed',
      deliveries: 1,
    });
    await emp.act('pull-cdrs');
    expect(emp.emp.state.cdrs.count()).toBe(4_500);
  });

  it('EMP-GC-03, GEN-11: times with an offset, From before To, at most 90 days, the provider as in the path', async () => {
    const { hub, emp } = await withHub(() => page([]));
    await emp.act('pull-cdrs', { from: '2025-06-01T00:00:00Z', to: '2025-06-30T00:00:00Z' });
    expect(hub.heard[0]?.path).toContain('/providers/DE-DCB/get-charge-detail-records-request?');
    expect(hub.heard[0]?.body).toEqual({
      ProviderID: 'DE-DCB',
      From: '2025-06-01T00:00:00+00:00',
      To: '2025-06-30T00:00:00+00:00',
    });
    const wrong = async (from: string, to: string) =>
      (await emp.call('POST', '/emp/actions', { action: 'pull-cdrs', from, to })).status;
    expect(await wrong('2025-06-30T00:00:00Z', '2025-06-01T00:00:00Z')).toBe(400);
    expect(await wrong('2025-01-01T00:00:00Z', '2025-06-01T00:00:00Z')).toBe(400);
    expect(hub.heard).toHaveLength(1);
  });

  it('EMP-GC-04: StatusCode null and nothing in it', async () => {
    const { emp } = await withHub(() => page([]).replace('{"Code":"000"}', 'null'));
    expect(await emp.act('pull-cdrs')).toMatchObject({ done: true, summary: '0 records, 0 of them new' });
  });
});

describe('authentication data', () => {
  it('EMP-PA-01, EMP-PA-02: one member per record, hashes bcrypt with their function; a locked card is not in it', async () => {
    const { hub, emp } = await withHub(() => DONE);
    expect((await emp.act('push-auth-data')).done).toBe(true);
    const { ActionType, ProviderAuthenticationData: data } = hub.heard[0]?.body ?? {};
    expect([ActionType, data.ProviderID]).toEqual(['fullLoad', 'DE-DCB']);
    const records = data.AuthenticationDataRecord.map((each: { Identification: object }) => each.Identification);
    expect(records.every((each: object) => Object.keys(each).length === 1)).toBe(true);
    expect(records).toContainEqual({ RFIDMifareFamilyIdentification: { UID: '044A2DAA856280' } });
    expect(records).toContainEqual({
      QRCodeIdentification: {
        EvcoID: ADA,
        HashedPIN: { Function: 'Bcrypt', Value: expect.stringMatching(/^\$2b\$10\$/) },
      },
    });
    expect(JSON.stringify(records)).not.toContain('04B7C2A1905080');
    await emp.call('PATCH', '/emp/media/card%20044A2DAA856280', { locked: true });
    await emp.act('push-auth-data');
    expect(hub.heard[1]?.text).not.toContain('044A2DAA856280');
  });

  it('EMP-PA-03: pushes go one after another', async () => {
    const clock = new SystemClock();
    let open = 0;
    let most = 0;
    const { emp } = await withHub(async () => {
      most = Math.max(most, ++open);
      await new Promise<void>((resolve) => clock.soon(() => clock.soon(resolve)));
      open--;
      return DONE;
    });
    await Promise.all([emp.act('push-auth-data'), emp.act('push-auth-data'), emp.act('push-auth-data')]);
    expect(most).toBe(1);
  });
});

describe('the console', () => {
  it('sends every operation with its example, and shows the last exchange of each', async () => {
    const { hub, emp } = await withHub(() => DONE);
    const { items } = (await emp.request('GET', '/oicp_api/operations')).body;
    const sends = items.filter(({ direction }: { direction: string }) => direction === 'sent');
    expect(sends).toHaveLength(12);
    for (const { operation, path } of sends) {
      const sent = await emp.request('POST', `/oicp_api/${operation}`);
      expect([operation, sent.status]).toEqual([operation, 200]);
      expect(hub.heard.at(-1)?.path.split('?')[0]).toBe(path.replace('{providerID}', 'DE-DCB'));
    }
    const after = (await emp.request('GET', '/oicp_api/operations')).body.items;
    const last = after.find(({ operation }: { operation: string }) => operation === 'AuthorizeRemoteStop').last;
    expect(last).toMatchObject({
      outcome: 'ok',
      status: 200,
      response: { Result: true },
      journal: expect.stringMatching(/^trace:[0-9a-f]{32}$/),
    });
    const docs = (await emp.request('GET', '/oicp_api/openapi.json')).body;
    expect(
      docs.paths['/oicp_api/AuthorizeRemoteStart'].post.requestBody.content['application/json'].example,
    ).toBeDefined();
    expect(docs.paths['/api/oicp/notificationmgmt/v11/charging-notifications']).toBeDefined();
    for (const path of ['/docs', '/oicp_api/docs']) expect((await emp.request('GET', path)).status).toBe(200);
  });

  it('an edited body is checked, and goes out as it is when it is asked for', async () => {
    const { hub, emp } = await withHub(() => no('022'));
    const broken = '{"ProviderID":"DE-DCB","EvseID":"nonsense"}';
    const refused = await emp.request('POST', '/oicp_api/AuthorizeRemoteStart', broken);
    expect(refused.status).toBe(422);
    expect(refused.body.fields.map(({ pointer }: { pointer: string }) => pointer)).toContain('/EvseID');
    expect(hub.heard).toHaveLength(0);
    const sent = await emp.request('POST', '/oicp_api/AuthorizeRemoteStart?allowInvalid=true&pathId=DE-XYZ', broken);
    expect(sent.body).toMatchObject({ outcome: 'refused', code: '022' });
    expect(hub.heard[0]?.text).toBe(broken);
    expect(hub.heard[0]?.path).toBe(REMOTE_START.replace('DE-DCB', 'DE-XYZ'));
  });

  it('POST /send: on the wire to the hub, and inbound as if the hub had called', async () => {
    const { hub, emp } = await withHub(() => DONE);
    const wire = await emp.call('POST', '/send', {
      from: 'emp',
      to: 'hub',
      proto: 'oicp',
      action: 'PullEvseStatus',
      mode: 'wire',
    });
    expect(wire.body.outcome).toBe('invalid');
    expect(hub.heard).toHaveLength(1);
    const inbound = await emp.call('POST', '/send', {
      from: 'hub',
      to: 'emp',
      proto: 'oicp',
      action: 'AuthorizeStart',
      mode: 'inbound',
      payload: {
        SessionID: SESSION,
        OperatorID: 'DE*ABC',
        Identification: { RFIDMifareFamilyIdentification: { UID: '044A2DAA856280' } },
      },
    });
    expect(inbound.body).toMatchObject({ outcome: 'answered', answer: { AuthorizationStatus: 'Authorized' } });
    expect(hub.heard).toHaveLength(1);
    expect(
      emp.recorder.entries.some(({ flags, action }) => action === 'AuthorizeStart' && flags?.includes('synthetic')),
    ).toBe(true);
    expect(
      (await emp.call('POST', '/send', { from: 'emp', to: 'hub', proto: 'oicp', action: 'PushEvseData', mode: 'wire' }))
        .status,
    ).toBe(404);
  });
});
