import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testEmp } from './support/emp.ts';
import { testHub } from './support/hub.ts';

/** The EMP and the hub over real sockets; the operator writes by hand. */
const OPERATOR = 'DE*ABC';
const DATA = `/evsepush/v23/operators/${OPERATOR}/data-records`;
const AUTHORIZE = `/charging/v21/operators/${OPERATOR}/authorize/start`;
const CDR = `/cdrmgmt/v22/operators/${OPERATOR}/charge-detail-record`;
const CARD = '{"RFIDMifareFamilyIdentification":{"UID":"044A2DAA856280"}}';

let hub: Awaited<ReturnType<typeof testHub>>;
let emp: Awaited<ReturnType<typeof testEmp>>;

beforeAll(async () => {
  emp = await testEmp({}, { addressOf: (name) => (name === 'hub' ? hub?.base : undefined) });
  hub = await testHub(
    {
      demoPartners: false,
      partners: [
        { id: 'csms', operatorIds: [OPERATOR], contracts: 'all' },
        // It decides nothing itself and takes no records: the hub decides from its uploads, and keeps the records.
        {
          id: 'emp',
          providerIds: ['DE-DCB'],
          contracts: 'all',
          services: { authorization: { online: false }, 'charge-detail-records': { online: false } },
        },
      ],
    },
    { addressOf: (name) => (name === 'emp' ? emp.base : undefined) },
  );
});
afterAll(async () => {
  await hub.end();
  await emp.end();
});

const record = (evse: string, name: string): string =>
  `{"EvseID":"${evse}","ChargingStationID":"CS1","ChargingStationNames":[{"lang":"en","value":"${name}"}],"Address":{"Country":"DEU","City":"Berlin","Street":"Teststr.","PostalCode":"10829","HouseNum":"22"},"GeoCoordinates":{"Google":{"Coordinates":"52.480495 13.356465"}},"Plugs":["Type 2 Outlet"],"ChargingFacilities":[{"PowerType":"AC_3_PHASE","Power":22}],"RenewableEnergy":true,"CalibrationLawDataAvailability":"Local","AuthenticationModes":["REMOTE"],"PaymentOptions":["Contract"],"ValueAddedServices":["Reservation"],"Accessibility":"Free publicly accessible","HotlinePhoneNumber":"+49301234567","IsOpen24Hours":true,"IsHubjectCompatible":true,"DynamicInfoAvailable":"true"}`;
const push = (action: string, ...records: string[]) =>
  hub.oicp(
    DATA,
    `{"ActionType":"${action}","OperatorEvseData":{"OperatorID":"${OPERATOR}","OperatorName":"ABC","EvseDataRecord":[${records.join(',')}]}}`,
  );
const authorize = async () => (await hub.oicp(AUTHORIZE, `{"OperatorID":"${OPERATOR}","Identification":${CARD}}`)).body;
/** What both have: EVSE id and name. */
async function copies(): Promise<{ hub: unknown; emp: unknown }> {
  const pull = await hub.oicp(
    '/evsepull/v23/providers/DE-DCB/data-records?size=2000',
    '{"ProviderID":"DE-DCB","GeoCoordinatesResponseFormat":"Google"}',
  );
  const short = (each: { EvseID: string; ChargingStationNames: { value: string }[] }) => [
    each.EvseID,
    each.ChargingStationNames[0]?.value,
  ];
  const own = (await emp.call('GET', '/emp/evses?limit=200')).body.items;
  return {
    hub: pull.body.content.map(short).sort(),
    emp: own.map(({ record: each }: { record: Parameters<typeof short>[0] }) => short(each)).sort(),
  };
}

describe('EMP and hub', () => {
  it('EMP-PD-02: after every delta the EMP’s catalogue is the hub’s set', async () => {
    const steps: readonly (readonly [string, ...string[]])[] = [
      ['fullLoad', record('DE*ABC*E1', 'a'), record('DE*ABC*E2', 'a'), record('DE*ABC*E3', 'a')],
      ['update', record('DE*ABC*E1', 'b')],
      ['update', record('DE*ABC*E1', 'a')],
      ['delete', record('DE*ABC*E2', 'a')],
      ['insert', record('DE*ABC*E2', 'c'), record('DE*ABC*E4', 'a')],
      ['fullLoad', record('DE*ABC*E4', 'd'), record('DE*ABC*E5', 'a')],
      ['fullLoad'],
      ['insert', record('DE*ABC*E1', 'e')],
    ];
    for (const [action, ...records] of steps) {
      expect([action, (await push(action, ...records)).body.StatusCode.Code]).toEqual([action, '000']);
      expect((await emp.act('pull-evses')).done).toBe(true);
      const { hub: there, emp: here } = await copies();
      expect([action, here]).toEqual([action, there]);
    }
    expect((await copies()).emp).toEqual([['DE*ABC*E1', 'e']]);
  });

  it('EMP-PA-01, EMP-PA-02: the hub takes the upload and authorises by it; a blocked card is uploaded anew, and denied', async () => {
    expect((await authorize()).AuthorizationStatus).toBe('NotAuthorized');
    const uploaded = await emp.act('push-auth-data');
    expect(uploaded).toMatchObject({ done: true, steps: [{ outcome: 'ok', code: '000' }] });
    expect(await authorize()).toMatchObject({ AuthorizationStatus: 'Authorized', ProviderID: 'DE-DCB' });
    await emp.call('PATCH', '/emp/media/card%20044A2DAA856280', { locked: true });
    expect((await emp.act('push-auth-data')).done).toBe(true);
    expect((await authorize()).AuthorizationStatus).toBe('NotAuthorized');
    await emp.call('PATCH', '/emp/media/card%20044A2DAA856280', { locked: false });
    await emp.act('push-auth-data');
    expect((await authorize()).AuthorizationStatus).toBe('Authorized');
    await emp.act('push-auth-data', { push: 'delete', media: ['card 044A2DAA856280'] });
    expect((await authorize()).AuthorizationStatus).toBe('NotAuthorized');
  });

  it('EMP-GC-01: a record that the hub did not deliver is fetched, once', async () => {
    await emp.act('push-auth-data');
    const { SessionID } = await authorize();
    const cdr = `{"SessionID":"${SessionID}","EvseID":"DE*ABC*E1","Identification":${CARD},"SessionStart":"2025-06-01T08:00:00+02:00","ChargingStart":"2025-06-01T08:01:10+02:00","ChargingEnd":"2025-06-01T08:41:10+02:00","SessionEnd":"2025-06-01T08:45:00+02:00","ConsumedEnergy":12.25}`;
    expect((await hub.oicp(CDR, cdr)).body.Result).toBe(true);
    expect((await emp.call('GET', '/emp/cdrs')).body.items).toEqual([]);
    for (const _again of [1, 2]) await emp.act('pull-cdrs', { onlyMissing: true });
    const { items } = (await emp.call('GET', '/emp/cdrs')).body;
    expect(items).toMatchObject([{ id: SessionID, source: 'pulled', record: JSON.parse(cdr) }]);
  });
});
