import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SystemIds } from '../src/core/ids.ts';
import { SystemClock } from '../src/core/system-clock.ts';
import { OicpClient } from '../src/link/oicp-client.ts';
import { UndiciPort } from '../src/link/undici-port.ts';
import { OPERATION_NAMES, OperationBodies, type OperationName, operationRow } from '../src/protocols/oicp/index.ts';
import { testEmp } from './support/emp.ts';
import { ForeignParty } from './support/foreign-party.ts';
import { testHub } from './support/hub.ts';

/**
 * All 20 operations over real sockets, in an order in which each succeeds: once by plain HTTP with a body by hand, once by
 * the client that derives from the table. CPO: by hand. Hub and EMP: the services.
 */
const CARD = '{"RFIDMifareFamilyIdentification":{"UID":"044A2DAA856280"}}';
const REMOTE = '{"RemoteIdentification":{"EvcoID":"DE-DCB-C12345678-X"}}';
const EVSE = '"EvseID":"DE*ABC*E1*1"';
const DATA = `{${EVSE},"ChargingStationID":"CS1","ChargingStationNames":[{"lang":"en","value":"Test station"}],"Address":{"Country":"DEU","City":"Berlin","Street":"Teststr.","PostalCode":"10829","HouseNum":"22","TimeZone":"UTC+01:00"},"GeoCoordinates":{"Google":{"Coordinates":"52.480495 13.356465"}},"Plugs":["Type 2 Outlet"],"ChargingFacilities":[{"PowerType":"AC_3_PHASE","Power":22,"Voltage":230,"Amperage":32,"ChargingModes":["Mode_3"]}],"RenewableEnergy":true,"CalibrationLawDataAvailability":"Local","AuthenticationModes":["NFC RFID Classic","REMOTE"],"PaymentOptions":["Contract"],"ValueAddedServices":["Reservation"],"Accessibility":"Free publicly accessible","HotlinePhoneNumber":"+49301234567","IsOpen24Hours":true,"IsHubjectCompatible":true,"DynamicInfoAvailable":"true"}`;
const PRODUCTS =
  '{"OperatorID":"DE*ABC","ProviderID":"*","PricingDefaultPrice":0,"PricingDefaultPriceCurrency":"EUR","PricingDefaultReferenceUnit":"KILOWATT_HOUR","PricingProductDataRecords":[{"ProductID":"AC3","ReferenceUnit":"KILOWATT_HOUR","ProductPriceCurrency":"EUR","PricePerReferenceUnit":0.39,"MaximumProductChargingPower":22,"IsValid24hours":true,"ProductAvailabilityTimes":[]}]}';

/** `@S`: the session that the last start made. */
const SEQUENCE: readonly (readonly [OperationName, string])[] = [
  [
    'PushEvseData',
    `{"ActionType":"fullLoad","OperatorEvseData":{"OperatorID":"DE*ABC","OperatorName":"ABC","EvseDataRecord":[${DATA}]}}`,
  ],
  [
    'PushEvseStatus',
    `{"ActionType":"fullLoad","OperatorEvseStatus":{"OperatorID":"DE*ABC","OperatorName":"ABC","EvseStatusRecord":[{${EVSE},"EvseStatus":"Available"}]}}`,
  ],
  ['PushPricingProductData', `{"ActionType":"fullLoad","PricingProductData":${PRODUCTS}}`],
  [
    'PushEVSEPricing',
    `{"ActionType":"fullLoad","EVSEPricing":[{${EVSE},"ProviderID":"*","EvseIDProductList":["AC3"]}]}`,
  ],
  ['PullEvseData', '{"ProviderID":"DE-DCB","GeoCoordinatesResponseFormat":"DecimalDegree"}'],
  ['PullEvseStatus', '{"ProviderID":"DE-DCB"}'],
  ['PullEvseStatusByID', '{"ProviderID":"DE-DCB","EvseID":["DE*ABC*E1*1","DE*ABC*E9"]}'],
  ['PullEvseStatusByOperatorID', '{"ProviderID":"DE-DCB","OperatorID":["DE*ABC"]}'],
  ['PullPricingProductData', '{"OperatorIDs":["DE*ABC"]}'],
  ['PullEVSEPricing', '{"ProviderID":"DE-DCB","OperatorIDs":["DE*ABC"]}'],
  ['AuthorizeStart', `{"OperatorID":"DE*ABC",${EVSE},"CPOPartnerSessionID":"cpo-1","Identification":${CARD}}`],
  [
    'ChargingNotifications',
    `{"Type":"Start","SessionID":"@S",${EVSE},"OperatorID":"DE*ABC","ChargingStart":"2025-06-01T08:01:10+02:00"}`,
  ],
  ['AuthorizeStop', `{"SessionID":"@S","OperatorID":"DE*ABC",${EVSE},"Identification":${CARD}}`],
  [
    'ChargeDetailRecord',
    `{"SessionID":"@S",${EVSE},"Identification":${CARD},"SessionStart":"2025-06-01T08:00:00+02:00","ChargingStart":"2025-06-01T08:01:10+02:00","ChargingEnd":"2025-06-01T08:41:10+02:00","SessionEnd":"2025-06-01T08:45:00+02:00","MeterValueStart":1000.5,"MeterValueEnd":1012.75,"ConsumedEnergy":12.25}`,
  ],
  ['GetChargeDetailRecords', '{"ProviderID":"DE-DCB","From":"@FROM","To":"@TO"}'],
  [
    'PushAuthenticationData',
    `{"ActionType":"fullLoad","ProviderAuthenticationData":{"ProviderID":"DE-DCB","AuthenticationDataRecord":[{"Identification":{"RFIDMifareFamilyIdentification":{"UID":"11223344"}}}]}}`,
  ],
  ['AuthorizeRemoteReservationStart', `{"ProviderID":"DE-DCB",${EVSE},"Identification":${REMOTE},"Duration":15}`],
  ['AuthorizeRemoteReservationStop', `{"SessionID":"@S","ProviderID":"DE-DCB",${EVSE}}`],
  ['AuthorizeRemoteStart', `{"ProviderID":"DE-DCB",${EVSE},"Identification":${REMOTE}}`],
  ['AuthorizeRemoteStop', `{"SessionID":"@S","ProviderID":"DE-DCB",${EVSE}}`],
];

let hub: Awaited<ReturnType<typeof testHub>>;
let emp: Awaited<ReturnType<typeof testEmp>>;
let cpo: ForeignParty;
let now = '';
let later = '';

beforeAll(async () => {
  cpo = await ForeignParty.start(
    ({ body }) => `{"Result":true,"StatusCode":{"Code":"000"},"SessionID":"${body.SessionID}"}`,
  );
  emp = await testEmp({}, { addressOf: (name) => (name === 'hub' ? hub?.base : undefined) });
  hub = await testHub(
    {
      demoPartners: false,
      partners: [
        { id: 'csms', operatorIds: ['DE*ABC'], baseUrl: cpo.url, contracts: 'all' },
        { id: 'emp', providerIds: ['DE-DCB'], contracts: 'all' },
      ],
    },
    { addressOf: (name) => (name === 'emp' ? emp.base : undefined) },
  );
  now = new Date(Date.now() - 60_000).toISOString();
  later = new Date(Date.now() + 600_000).toISOString();
});
afterAll(async () => {
  await hub.end();
  await emp.end();
  await cpo.stop();
});

/** Runs the sequence; every step has to succeed. */
async function run(
  call: (name: OperationName, text: string) => Promise<{ code: string | undefined; session: string | undefined }>,
): Promise<void> {
  let session = '';
  for (const [name, template] of SEQUENCE) {
    const text = template.replace('@S', session).replace('@FROM', now).replace('@TO', later);
    const { code, session: told } = await call(name, text);
    expect([name, code]).toEqual([name, '000']);
    if (/Start$/.test(name)) session = told ?? '';
  }
}

describe('every operation', () => {
  it('stands in the sequence', () => {
    expect(new Set(SEQUENCE.map(([name]) => name))).toEqual(new Set(OPERATION_NAMES));
  });

  it('by plain HTTP, with bodies by hand; the answers fit their schema', async () => {
    const bodies = new OperationBodies();
    await run(async (name, text) => {
      const path = operationRow(name).path.replace('{operatorID}', 'DE*ABC').replace('{providerID}', 'DE-DCB');
      const response = await fetch(hub.base + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json;charset=UTF-8' },
        body: text,
      });
      const answer = JSON.parse(await response.text());
      expect([name, response.status, bodies.answer(name, answer, 'strict').findings]).toEqual([name, 200, []]);
      return { code: answer.StatusCode.Code, session: answer.SessionID };
    });
    expect(emp.emp.state.cdrs.count()).toBe(1);
  });

  it('by the client that derives from the table', async () => {
    const clock = new SystemClock();
    const port = new UndiciPort({ clock });
    const make = (from: 'CPO' | 'EMP') =>
      new OicpClient({
        port,
        clock,
        ids: new SystemIds(),
        bodies: new OperationBodies(),
        ends: { from, to: 'HUB' },
        us: from === 'CPO' ? { id: 'csms', role: 'csms' } : { id: 'emp', role: 'emp' },
        peer: { id: 'hub', role: 'hub' },
        baseUrl: hub.base,
        recorder: null,
        tap: 'test',
        timeoutMs: 10_000,
      });
    const clients = { CPO: make('CPO'), EMP: make('EMP') };
    await run(async (name, text) => {
      const { from } = operationRow(name).legs[0];
      if (from === 'HUB') throw new Error(name);
      const outcome = await clients[from].callText(name, { operatorID: 'DE*ABC', providerID: 'DE-DCB' }, text);
      expect(outcome.findings).toEqual([]);
      if (outcome.kind !== 'ok') return { code: outcome.kind, session: undefined };
      return { code: '000', session: (outcome.message as { SessionID?: string }).SessionID };
    });
    await port.close();
  });

  it('each hop of ours was recorded once, by its server', () => {
    const taps = [...hub.recorder.entries, ...emp.recorder.entries].map(
      ({ description }) => `${description?.a.id}>${description?.b.id} by ${description?.tap}`,
    );
    // The CPO is not ours: the hub's client side records that hop.
    expect(new Set(taps)).toEqual(new Set(['csms>hub by hub', 'emp>hub by hub', 'hub>emp by emp', 'hub>csms by hub']));
    const records = emp.recorder.entries.filter(
      ({ action, kind }) => action === 'ChargeDetailRecord' && kind === 'request',
    );
    expect(records).toHaveLength(2);
  });
});
