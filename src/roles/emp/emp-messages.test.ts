import { afterEach, describe, expect, it } from 'vitest';
import { testEmp } from '../../../test/support/emp.ts';
import { ForeignParty, type Heard } from '../../../test/support/foreign-party.ts';
import { OperationBodies, type OperationName } from '../../protocols/oicp/index.ts';

/** What the EMP writes, whatever it does: every body to the letter, to its published path. A scripted hub, texts by hand. */
const SESSION = '3b129fb6-c4af-476e-8bec-6e307c8e5d25';
const EVSE = 'DE*ABC*E1*1';
const CONTRACT = { evseId: EVSE, evcoId: 'DE-DCB-C12345678-X' };
const DONE = `{"Result":true,"StatusCode":{"Code":"000"},"SessionID":"${SESSION}"}`;
const RECORD = `{"EvseID":"${EVSE}","OperatorID":"DE*ABC","OperatorName":"ABC","ChargingStationNames":[{"lang":"en","value":"Station"}],"Address":{"Country":"DEU","City":"Berlin","Street":"Teststr.","PostalCode":"10829","HouseNum":"22"},"GeoCoordinates":{"DecimalDegree":{"Longitude":"13.356465","Latitude":"52.480495"}},"Plugs":["Type 2 Outlet"],"AuthenticationModes":["REMOTE"],"ValueAddedServices":["Reservation"],"Accessibility":"Free publicly accessible","HotlinePhoneNumber":"+49301234567","IsOpen24Hours":true,"IsHubjectCompatible":true,"DynamicInfoAvailable":"true","lastUpdate":"2025-06-01T08:00:00Z"}`;
const page = (content: string): string =>
  `{"content":[${content}],"number":0,"size":1000,"totalElements":1,"totalPages":1,"first":true,"last":true,"numberOfElements":1,"StatusCode":{"Code":"000"}}`;

/** The published paths of what an EMP calls, by hand, and what a hub answers there. */
const CALLS: readonly (readonly [OperationName, RegExp, string])[] = [
  ['AuthorizeRemoteStart', /^charging\/v21\/providers\/DE-DCB\/authorize-remote\/start$/, DONE],
  ['AuthorizeRemoteStop', /^charging\/v21\/providers\/DE-DCB\/authorize-remote\/stop$/, DONE],
  ['AuthorizeRemoteReservationStart', /^reservation\/v11\/providers\/DE-DCB\/reservation-start-request$/, DONE],
  ['AuthorizeRemoteReservationStop', /^reservation\/v11\/providers\/DE-DCB\/reservation-stop-request$/, DONE],
  [
    'GetChargeDetailRecords',
    /^cdrmgmt\/v22\/providers\/DE-DCB\/get-charge-detail-records-request\?page=0&size=\d+$/,
    page(''),
  ],
  ['PullEvseData', /^evsepull\/v23\/providers\/DE-DCB\/data-records\?page=0&size=\d+$/, page(RECORD)],
  [
    'PullEvseStatus',
    /^evsepull\/v21\/providers\/DE-DCB\/status-records$/,
    '{"EvseStatuses":{"OperatorEvseStatus":[]}}',
  ],
  [
    'PullEvseStatusByID',
    /^evsepull\/v21\/providers\/DE-DCB\/status-records-by-id$/,
    '{"EVSEStatusRecords":{"EvseStatusRecord":[]}}',
  ],
  [
    'PullEvseStatusByOperatorID',
    /^evsepull\/v21\/providers\/DE-DCB\/status-records-by-operator-id$/,
    '{"EvseStatuses":{"OperatorEvseStatus":[]}}',
  ],
  ['PushAuthenticationData', /^authdata\/v21\/providers\/DE-DCB\/push-request$/, DONE],
  ['PullPricingProductData', /^dynamicpricing\/v10\/providers\/DE-DCB\/pricing-products$/, '{"PricingProductData":[]}'],
  ['PullEVSEPricing', /^dynamicpricing\/v10\/providers\/DE-DCB\/evse-pricing$/, '{"EVSEPricing":[]}'],
];
const callOf = ({ path }: Heard) => CALLS.find(([, form]) => form.test(path.replace('/api/oicp/', '')));

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});
async function withHub(answer = (heard: Heard): string => callOf(heard)?.[2] ?? '{}') {
  const hub = await ForeignParty.start(answer);
  ends.push(() => hub.stop());
  const emp = await testEmp({ hub: { baseUrl: hub.url } });
  ends.push(() => emp.end());
  return { hub, emp };
}

describe('everything the EMP does', () => {
  it('GEN-01, GEN-11, GEN-12: goes to its published path and fits its schema to the letter, under the hub-level id', async () => {
    const { hub, emp } = await withHub();
    const act = async (action: string, wish: Record<string, unknown> = {}): Promise<void> => {
      const { done, steps } = await emp.act(action, wish);
      expect([action, wish, done, steps]).toEqual([action, wish, true, steps]);
    };
    await act('pull-evses', { mode: 'full' });
    await act('pull-evses', { mode: 'delta' });
    await act('start', { ...CONTRACT, productId: 'AC3' });
    await act('stop', { sessionId: SESSION });
    await emp.emp.state.sessions.delete(SESSION);
    await act('reserve', { ...CONTRACT, minutes: 15 });
    await act('cancel', { sessionId: SESSION });
    await act('pull-statuses');
    await act('pull-statuses', { evseIds: [EVSE] });
    await act('pull-statuses', { operatorIds: ['DE*ABC'] });
    await act('pull-prices');
    await act('pull-cdrs', { onlyMissing: true });
    for (const push of ['fullLoad', 'update', 'delete', 'insert']) await act('push-auth-data', { push });
    const bodies = new OperationBodies();
    const seen = new Set<string>();
    for (const each of hub.heard) {
      const [operation] = callOf(each) ?? [];
      expect([each.path, operation]).not.toEqual([each.path, undefined]);
      if (operation === undefined) continue;
      seen.add(operation);
      expect(each.headers['content-type']).toBe('application/json;charset=UTF-8');
      const { findings } = bodies.request(operation, each.body, 'strict', { from: 'EMP', to: 'HUB' });
      expect([operation, findings]).toEqual([operation, []]);
      if ('ProviderID' in each.body) expect(each.body.ProviderID).toBe('DE-DCB');
      for (const [, time = ''] of each.text.matchAll(/"(?:From|To|LastCall|ExpiryDate)":"([^"]+)"/g)) {
        expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/);
      }
    }
    expect([...seen].sort()).toEqual(CALLS.map(([name]) => name).sort());
  });

  it('EMP-PD-02: changes are never asked for with a filter, also when operators were named', async () => {
    const { hub, emp } = await withHub();
    await emp.act('pull-evses', { mode: 'full' });
    await emp.act('pull-evses', { mode: 'delta', operatorIds: ['DE*ABC'] });
    await emp.act('pull-evses', { mode: 'delta' });
    const asked = hub.heard.map(({ body }) =>
      ['LastCall', 'OperatorIds', 'SearchCenter', 'CountryCodes'].filter((member) => member in body),
    );
    expect(asked).toEqual([[], ['OperatorIds'], ['LastCall']]);
  });

  it('EMP-PD-04: totals that shrink and grow between pages do no harm, and the next delta makes it right', async () => {
    const of = (evses: string[], number: number, totalPages: number): string =>
      `{"content":[${evses.map((evse) => RECORD.replace(EVSE, evse)).join(',')}],"number":${number},"size":1000,"totalElements":${totalPages * 2},"totalPages":${totalPages},"first":${number === 0},"last":${number + 1 >= totalPages},"numberOfElements":${evses.length},"StatusCode":{"Code":"000"}}`;
    let answers = [of(['DE*ABC*E1', 'DE*ABC*E2'], 0, 4), of(['DE*ABC*E2', 'DE*ABC*E3'], 1, 3), of([], 2, 2)];
    const { emp } = await withHub(({ path }) => answers[Number(/page=(\d+)/.exec(path)?.[1])] ?? '{}');
    const known = async () =>
      (await emp.call('GET', '/emp/evses')).body.items.map(({ evseId }: { evseId: string }) => evseId);
    expect((await emp.act('pull-evses', { mode: 'full' })).done).toBe(true);
    expect(await known()).toEqual(['DE*ABC*E1', 'DE*ABC*E2', 'DE*ABC*E3']);
    const changes = of(['DE*ABC*E2', 'DE*ABC*E4'], 0, 1)
      .replace('"EvseID":"DE*ABC*E2"', '"EvseID":"DE*ABC*E2","deltaType":"delete"')
      .replace('"EvseID":"DE*ABC*E4"', '"EvseID":"DE*ABC*E4","deltaType":"insert"');
    answers = [changes];
    expect((await emp.act('pull-evses')).done).toBe(true);
    expect(await known()).toEqual(['DE*ABC*E1', 'DE*ABC*E3', 'DE*ABC*E4']);
  });

  it('SRV-06: ids in lower case or without separators are the same operator and the same EVSE', async () => {
    const { emp } = await withHub();
    await emp.act('pull-evses', { mode: 'full' });
    const start = (operator: string, evse: string, session: string) =>
      emp.oicp(
        `/charging/v21/operators/${operator}/authorize/start`,
        `{"SessionID":"${session}","OperatorID":"DE*ABC","EvseID":"${evse}","Identification":{"RFIDMifareFamilyIdentification":{"UID":"044A2DAA856280"}}}`,
      );
    for (const [n, [operator, evse]] of [
      ['de*abc', 'de*abc*e1*1'],
      ['DEABC', 'DEABCE11'],
      ['deabc', 'deabce11'],
    ].entries()) {
      const { body } = await start(operator ?? '', evse ?? '', SESSION.replace(/.$/, String(n)));
      expect(body.AuthorizationStatus).toBe('Authorized');
    }
    // One operator and one EVSE, however they were written.
    expect((await emp.call('GET', '/emp/evses')).body.items).toHaveLength(1);
    const record = `{"SessionID":"${SESSION.replace(/.$/, '1')}","EvseID":"DE*ABC*E1*1","Identification":{"RFIDMifareFamilyIdentification":{"UID":"044A2DAA856280"}},"SessionStart":"2025-06-01T08:00:00+02:00","ChargingStart":"2025-06-01T08:01:10+02:00","ChargingEnd":"2025-06-01T08:41:10+02:00","SessionEnd":"2025-06-01T08:45:00+02:00","ConsumedEnergy":1}`;
    await emp.oicp('/cdrmgmt/v22/operators/de*abc/charge-detail-record', record);
    const { findings } = (await emp.call('GET', `/emp/cdrs/${SESSION.replace(/.$/, '1')}`)).body;
    expect(findings.map(({ rule }: { rule: string }) => rule)).not.toContain('oicp.cdr.evse-mismatch');
  });
});
