import { describeExchangeRules } from '../../testing/exchange-cases.ts';

const PULL = 'EMP>HUB PullEvseData';
const page = (number: number, pages: number, ...records: string[]): string =>
  `{"content":[${records.join()}],"number":${number},"size":2,"totalElements":${pages * 2},"totalPages":${pages},"first":${number === 0},"last":${number === pages - 1},"numberOfElements":${records.length},"StatusCode":{"Code":"000"}}`;
const record = (id: string, changes: object = {}): string =>
  JSON.stringify({
    EvseID: id,
    OperatorID: 'DE*ABC',
    OperatorName: 'ABC',
    lastUpdate: '2026-03-01T09:00:00+00:00',
    ChargingStationNames: [{ lang: 'en', value: 'Test station' }],
    Address: { Country: 'DEU', City: 'Berlin', Street: 'Teststr.', PostalCode: '10829', HouseNum: '22' },
    GeoCoordinates: { Google: { Coordinates: '52.480495 13.356465' } },
    Plugs: ['Type 2 Outlet'],
    ChargingFacilities: [{ PowerType: 'AC_3_PHASE', Power: 22 }],
    RenewableEnergy: true,
    CalibrationLawDataAvailability: 'Local',
    AuthenticationModes: ['REMOTE'],
    PaymentOptions: ['Contract'],
    ValueAddedServices: ['None'],
    Accessibility: 'Free publicly accessible',
    HotlinePhoneNumber: '+49301234567',
    IsOpen24Hours: true,
    IsHubjectCompatible: true,
    DynamicInfoAvailable: 'true',
    ...changes,
  });
const [A, B, C, D] = ['1', '2', '3', '4'].map((n) => record(`DE*ABC*E${n}`)) as [string, string, string, string];
const ONE = (...records: string[]): string =>
  `{"content":[${records.join()}],"number":0,"size":20,"totalElements":${records.length},"totalPages":1,"first":true,"last":true,"numberOfElements":${records.length},"StatusCode":{"Code":"000"}}`;
const BY_ID = 'EMP>HUB PullEvseStatusByID {"ProviderID":"DE-DCB","EvseID":["DE*ABC*E1*1","DE*ABC*E2*1"]}';
const statuses = (...records: [string, string][]): string =>
  JSON.stringify({
    EVSEStatusRecords: { EvseStatusRecord: records.map(([EvseID, EvseStatus]) => ({ EvseID, EvseStatus })) },
    StatusCode: { Code: '000' },
  });
const SESSION = '3b129fb6-c4af-476e-8bec-6e307c8e5d25';
const cdr = (id: string): string =>
  `{"SessionID":"${id}","EvseID":"DE*ABC*E1*1","Identification":{"RFIDMifareFamilyIdentification":{"UID":"044A2DAA856280"}},"SessionStart":"2026-02-01T10:00:00+00:00","ChargingStart":"2026-02-01T10:00:00+00:00","ChargingEnd":"2026-02-01T10:30:00+00:00","SessionEnd":"2026-02-01T10:30:00+00:00","ConsumedEnergy":2.25}`;
const prices = (provider: string): string =>
  `{"EVSEPricing":[{"OperatorID":"DE*ABC","EVSEPricing":[{"EvseID":"DE*ABC*E1*1","ProviderID":"${provider}","EvseIDProductList":["AC3"]}]}],"StatusCode":{"Code":"000"}}`;
const PRICES = 'EMP>HUB PullEVSEPricing {"ProviderID":"DE-DCB","OperatorIDs":["DE*ABC"]}';

describeExchangeRules('pulls', {
  'oicp.page.gap': {
    passes: `${PULL} page=0 $pull = ${page(0, 2, A, B)}\n${PULL} page=1 $pull = ${page(1, 2, C, D)}\n${PULL} page=0 $pull = ${page(0, 2, A, B)}`,
    fails: [
      `${PULL} page=0 $pull = ${page(0, 3, A, B)}\n${PULL} page=2 $pull = ${page(2, 3, C, D)}`,
      `${PULL} page=1 $pull = ${page(1, 2, C, D)}`,
    ],
    cannotTell: `${PULL} page=5 $pull = ${page(5, 6, C, D)}`,
  },
  'oicp.page.counters': {
    passes: `${PULL} page=0 $pull = ${ONE(A, B)}`,
    fails: [
      `${PULL} page=0 $pull = ${ONE(A, B).replace('"numberOfElements":2', '"numberOfElements":3')}`,
      `${PULL} page=0 $pull = ${ONE(A, B).replace('"last":true', '"last":false')}`,
      `${PULL} page=0 $pull = ${ONE(A, B).replace('"number":0', '"number":7').replace('"totalPages":1', '"totalPages":8').replace('"totalElements":2', '"totalElements":160')}`,
      `${PULL} page=0 $pull = ${ONE(A, B).replace('"totalElements":2', '"totalElements":45')}`,
    ],
  },
  'oicp.page.last-call': {
    passes: `${PULL} page=0 $pull = ${page(0, 2, A, B)}\n${PULL} page=1 $pull = ${page(1, 2, C, D)}`,
    fails: `${PULL} page=0 $pull{"LastCall":"2026-02-01T00:00:00+00:00"} = ${page(0, 2, record('DE*ABC*E1', { deltaType: 'insert' }), record('DE*ABC*E2', { deltaType: 'insert' }))}\n${PULL} page=1 $pull{"LastCall":"2026-02-02T00:00:00+00:00"} = ${page(1, 2, record('DE*ABC*E3', { deltaType: 'insert' }), record('DE*ABC*E4', { deltaType: 'insert' }))}`,
  },
  'oicp.delta.type': {
    passes: [
      `${PULL} page=0 $pull{"LastCall":"2026-02-01T00:00:00+00:00"} = ${ONE(record('DE*ABC*E1', { deltaType: 'delete' }))}`,
      `${PULL} page=0 $pull = ${ONE(A)}`,
    ],
    fails: [
      `${PULL} page=0 $pull{"LastCall":"2026-02-01T00:00:00+00:00"} = ${ONE(A)}`,
      `${PULL} page=0 $pull = ${ONE(record('DE*ABC*E1', { deltaType: 'delete' }))}`,
    ],
  },
  'oicp.pull.twice': { passes: `${PULL} page=0 $pull = ${ONE(A, B)}`, fails: `${PULL} page=0 $pull = ${ONE(A, A)}` },
  'oicp.pull.filter': {
    passes: `${PULL} page=0 $pull{"OperatorIds":["DEABC"],"CountryCodes":["DEU"]} = ${ONE(A)}`,
    fails: [
      `${PULL} page=0 $pull{"OperatorIds":["DE*XYZ"]} = ${ONE(A)}`,
      `${PULL} page=0 $pull{"CountryCodes":["AUT"]} = ${ONE(A)}`,
    ],
  },
  'oicp.pull.geo-format': {
    passes: `${PULL} page=0 $pull = ${ONE(A)}`,
    fails: `${PULL} page=0 $pull{"GeoCoordinatesResponseFormat":"DecimalDegree"} = ${ONE(A)}`,
  },
  'oicp.pull.by-id': {
    passes: `${BY_ID} = ${statuses(['DE*ABC*E1*1', 'Available'], ['DE*ABC*E2*1', 'EvseNotFound'])}`,
    fails: `${BY_ID} = ${statuses(['DE*ABC*E1*1', 'Available'])}`,
    says: 'DE*ABC*E2*1',
  },
  'oicp.pull.status-stale': {
    passes: `CPO>HUB PushEvseStatus $status = $ok\n+10 ${BY_ID} = ${statuses(['DE*ABC*E1*1', 'Occupied'], ['DE*ABC*E2*1', 'EvseNotFound'])}`,
    fails: [
      `CPO>HUB PushEvseStatus $status = $ok\n+10 ${BY_ID} = ${statuses(['DE*ABC*E1*1', 'Available'], ['DE*ABC*E2*1', 'EvseNotFound'])}`,
      'CPO>HUB PushEvseStatus $status = $ok\n+10 EMP>HUB PullEvseStatus {"ProviderID":"DE-DCB"} = {"EvseStatuses":{"OperatorEvseStatus":[{"OperatorID":"DE*ABC","EvseStatusRecord":[{"EvseID":"DE*ABC*E1*1","EvseStatus":"Available"}]}]}}',
    ],
  },
  'oicp.pull.records': {
    passes: `EMP>HUB GetChargeDetailRecords page=0 $records{"SessionID":["${SESSION}"]} = ${ONE(cdr(SESSION))}`,
    fails: `EMP>HUB GetChargeDetailRecords page=0 $records{"SessionID":["${SESSION}"]} = ${ONE(cdr('11111111-2222-3333-4444-555555555555'))}`,
  },
  'oicp.pull.prices': {
    passes: [`${PRICES} = ${prices('DE-DCB')}`, `${PRICES} = ${prices('DEDCB')}`],
    fails: `${PRICES} = ${prices('DE-XYZ')}`,
  },
});
