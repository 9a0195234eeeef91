import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testCsms } from '../../../../test/support/csms.ts';
import { ForeignParty } from '../../../../test/support/foreign-party.ts';

/** OICP by hand over REST: `POST /send` with `proto: oicp`, and the doors of roaming. The hub is scripted. */
const SESSION = '3b129fb6-c4af-476e-8bec-6e307c8e5d25';
const DONE = '{"Result":true,"StatusCode":{"Code":"000"}}';
const NO = '{"AuthorizationStatus":"NotAuthorized","StatusCode":{"Code":"102"}}';

let csms: Awaited<ReturnType<typeof testCsms>>;
let hub: ForeignParty;
beforeAll(async () => {
  hub = await ForeignParty.start(({ path }) => (path.includes('/authorize/') ? NO : DONE));
  csms = await testCsms({ oicp: { enabled: true, hubUrl: hub.url } });
});
afterAll(async () => {
  await csms.end();
  await hub.stop();
});

const send = (action: string, more: Record<string, unknown> = {}) =>
  csms.call('POST', '/send', { from: 'csms', to: 'hub', proto: 'oicp', mode: 'wire', action, ...more });

describe('POST /send with OICP', () => {
  it.each([
    ['AuthorizeStart', '/authorize/start', 'refused', '102'],
    ['AuthorizeStop', '/authorize/stop', 'refused', '102'],
    ['ChargeDetailRecord', '/charge-detail-record', 'ok', '000'],
    ['PushEvseData', '/data-records', 'ok', '000'],
    ['PushEvseStatus', '/status-records', 'ok', '000'],
    ['PushPricingProductData', '/pricing-products', 'ok', '000'],
    ['PushEVSEPricing', '/evse-pricing', 'ok', '000'],
    ['ChargingNotifications', '/charging-notifications', 'ok', '000'],
  ])('%s goes out with its example when no body is given', async (action, path, outcome, code) => {
    const before = hub.heard.length;
    const { status, body } = await send(action);
    expect([status, body.outcome, body.code, body.status]).toEqual([200, outcome, code, 200]);
    expect(hub.heard.slice(before).map((each) => each.path)).toEqual([expect.stringMatching(new RegExp(`${path}$`))]);
    // The other end is not ours: this side records.
    expect(csms.recorder.entries[body.seq - 1]).toMatchObject({ action, kind: 'request', origin: 'user' });
  });

  it('a body that breaks its schema is refused with the member, and goes out when it is asked for', async () => {
    const before = hub.heard.length;
    const refused = await send('AuthorizeStart', { payload: { OperatorID: 'DE*ABC' } });
    expect(refused.status).toBe(422);
    expect(refused.body.fields.map(({ pointer }: { pointer: string }) => pointer)).toContain('/Identification');
    expect(hub.heard).toHaveLength(before);
    const sent = await send('AuthorizeStart', { raw: '{"OperatorID":', allowInvalid: true, pathId: 'DE*XYZ' });
    expect(sent.body).toMatchObject({ outcome: 'refused', code: '102' });
    expect(hub.heard.at(-1)).toMatchObject({
      text: '{"OperatorID":',
      path: expect.stringMatching(/operators\/DE(\*|%2A)XYZ\/authorize\/start$/),
    });
  });

  it('inbound: a remote start is handled as if the hub had called, and nothing is sent', async () => {
    const before = hub.heard.length;
    const { status, body } = await csms.call('POST', '/send', {
      from: 'hub',
      to: 'csms',
      proto: 'oicp',
      mode: 'inbound',
      action: 'AuthorizeRemoteStart',
      payload: {
        SessionID: SESSION,
        ProviderID: 'DE-DCB',
        EvseID: 'DE*ABC*ENONE*1',
        Identification: { RemoteIdentification: { EvcoID: 'DE-DCB-C12345678-X' } },
      },
    });
    expect([status, body.outcome, body.answer.StatusCode.Code]).toEqual([200, 'answered', '603']);
    expect(hub.heard).toHaveLength(before);
  });

  it('what an operator does not send, another version and unknown names are refused', async () => {
    expect((await send('PullEvseData')).status).toBe(404);
    expect((await send('Heartbeat')).status).toBe(404);
    expect((await send('AuthorizeStart', { ver: '1.6' })).status).toBe(400);
  });
});

describe('the doors of roaming', () => {
  it('prices: offered, shown, pushed, taken away; what a hub would refuse is refused', async () => {
    const offer = (price: number, more: object = {}) => ({
      defaultPrice: 0.5,
      currency: 'EUR',
      unit: 'KILOWATT_HOUR',
      products: [
        {
          ProductID: 'AC3',
          ReferenceUnit: 'KILOWATT_HOUR',
          ProductPriceCurrency: 'EUR',
          PricePerReferenceUnit: price,
          MaximumProductChargingPower: 22,
          IsValid24hours: true,
          ProductAvailabilityTimes: [],
          ...more,
        },
      ],
    });
    const before = hub.heard.length;
    expect((await csms.call('PUT', '/roaming/prices/DE-DCB', offer(0.39))).status).toBe(200);
    await csms.until(() => hub.heard.slice(before).some(({ path }) => path.endsWith('/pricing-products')));
    const pushed = hub.heard.slice(before).find(({ path }) => path.endsWith('/pricing-products'));
    expect(pushed?.body.PricingProductData).toMatchObject({ OperatorID: 'DE*ABC', ProviderID: 'DE-DCB' });
    expect((await csms.call('GET', '/roaming/prices')).body.items).toHaveLength(1);
    const wrong = await csms.call('PUT', '/roaming/prices/DE-DCB', offer(0.39, { IsValid24hours: false }));
    expect([wrong.status, wrong.body.fields[0].pointer]).toEqual([
      400,
      '/products/PricingProductDataRecords/0/ProductAvailabilityTimes',
    ]);
    expect((await csms.call('DELETE', '/roaming/prices/DE-DCB')).status).toBe(204);
    expect((await csms.call('GET', '/roaming/prices')).body.items).toEqual([]);
  });

  it('logins and logouts: a contract id, a station that is there, a session that there is', async () => {
    const body = { station: 'CS-NONE', evcoId: 'DE-DCB-C12345678-X', pin: '1234' };
    const problem = async (path: string, given: object) => {
      const answer = await csms.call('POST', `/roaming/${path}`, given);
      return [answer.status, answer.body.code];
    };
    expect(await problem('logins', body)).toEqual([409, 'STATION_NOT_CONNECTED']);
    expect(await problem('logouts', body)).toEqual([404, 'NOT_FOUND']);
    for (const path of ['logins', 'logouts']) {
      expect(await problem(path, { ...body, evcoId: 'nonsense' })).toEqual([400, 'INVALID_REQUEST']);
    }
  });

  it('everything is pushed anew when it is asked for', async () => {
    await csms.call('PUT', `/evse-map/${encodeURIComponent('DE*ABC*E1*1')}`, { station: 'CS1', evse: 1 });
    const before = hub.heard.length;
    expect((await csms.call('POST', '/roaming/push')).status).toBe(204);
    await csms.until(() => hub.heard.slice(before).some(({ path }) => path.endsWith('/status-records')));
    const loads = hub.heard.slice(before).filter(({ body }) => body.ActionType === 'fullLoad');
    expect(loads.map(({ path }) => path.split('/').at(-1))).toEqual(
      expect.arrayContaining(['data-records', 'status-records']),
    );
    await csms.until(async () => (await csms.call('GET', '/roaming/outbox')).body.items.length === 0);
  });
});
