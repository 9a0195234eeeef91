import { describe, expect, it } from 'vitest';
import type { OperationName } from '../operations.ts';
import { findingsByItem } from './findings.ts';
import { OperationBodies } from './operation-bodies.ts';

const bodies = new OperationBodies();

interface Case {
  readonly what: string;
  readonly operation: OperationName;
  readonly side: 'request' | 'answer';
  readonly body: unknown;
  /** What a lenient reader gives. */
  readonly value: unknown;
  readonly pointer: string;
  readonly code: string;
}

const CARD = { RFIDMifareFamilyIdentification: { UID: '044A2DAA856280' } };
const CONTRACT = { RemoteIdentification: { EvcoID: 'DE-DCB-C12345678-X' } };
const PULL = { ProviderID: 'DE-DCB' };
const SESSION = '3b129fb6-c4af-476e-8bec-6e307c8e5d25';
const page = { number: 0, size: 20, totalElements: 1, totalPages: 1, first: true, last: true, numberOfElements: 1 };
const cdr = {
  SessionID: SESSION,
  EvseID: 'DE*ABC*E1*1',
  Identification: CARD,
  SessionStart: '2025-06-01T08:00:00+02:00',
  ChargingStart: '2025-06-01T08:01:10+02:00',
  ChargingEnd: '2025-06-01T08:41:10+02:00',
  SessionEnd: '2025-06-01T08:45:00+02:00',
  ConsumedEnergy: 12.25,
};

const CASES: readonly Case[] = [
  {
    what: 'the filter EVSEStatus of the table is the EvseStatus of the examples',
    operation: 'PullEvseStatus',
    side: 'request',
    body: { ...PULL, EVSEStatus: 'Available' },
    value: { ...PULL, EvseStatus: 'Available' },
    pointer: '/EVSEStatus',
    code: 'oicp.body.member-spelling',
  },
  {
    what: 'CDRForwarder is CDRForwarded',
    operation: 'GetChargeDetailRecords',
    side: 'request',
    body: { ...PULL, From: '2025-06-01T00:00:00Z', To: '2025-06-02T00:00:00Z', CDRForwarder: true },
    value: { ...PULL, From: '2025-06-01T00:00:00Z', To: '2025-06-02T00:00:00Z', CDRForwarded: true },
    pointer: '/CDRForwarder',
    code: 'oicp.body.member-spelling',
  },
  {
    what: 'HubProviderId is HubProviderID',
    operation: 'ChargeDetailRecord',
    side: 'request',
    body: { ...cdr, HubProviderId: 'DE-DCB' },
    value: { ...cdr, HubProviderID: 'DE-DCB' },
    pointer: '/HubProviderId',
    code: 'oicp.body.member-spelling',
  },
  {
    what: 'EMPPartnerSessionId is EMPPartnerSessionID',
    operation: 'AuthorizeRemoteReservationStop',
    side: 'request',
    body: { SessionID: SESSION, ...PULL, EvseID: 'DE*ABC*E1*1', EMPPartnerSessionId: 'e' },
    value: { SessionID: SESSION, ...PULL, EvseID: 'DE*ABC*E1*1', EMPPartnerSessionID: 'e' },
    pointer: '/EMPPartnerSessionId',
    code: 'oicp.body.member-spelling',
  },
  {
    what: 'OperatorPricingProducts is PricingProductData',
    operation: 'PullPricingProductData',
    side: 'answer',
    body: { OperatorPricingProducts: [] },
    value: { PricingProductData: [] },
    pointer: '/OperatorPricingProducts',
    code: 'oicp.body.member-spelling',
  },
  {
    what: 'OperatorEVSEPricing is EVSEPricing',
    operation: 'PullEVSEPricing',
    side: 'answer',
    body: { OperatorEVSEPricing: [] },
    value: { EVSEPricing: [] },
    pointer: '/OperatorEVSEPricing',
    code: 'oicp.body.member-spelling',
  },
  {
    what: 'an error type with a space is the one without',
    operation: 'ChargingNotifications',
    side: 'request',
    body: { Type: 'Error', SessionID: SESSION, EvseID: 'DE*ABC*E1*1', ErrorType: 'Connector Error' },
    value: { Type: 'Error', SessionID: SESSION, EvseID: 'DE*ABC*E1*1', ErrorType: 'ConnectorError' },
    pointer: '/ErrorType',
    code: 'oicp.body.value-spelling',
  },
  {
    what: 'a number as text is the number (EMP-CD-03)',
    operation: 'ChargeDetailRecord',
    side: 'request',
    body: { ...cdr, MeterValueInBetween: { meterValues: ['30.541'] } },
    value: { ...cdr, MeterValueInBetween: { meterValues: [30.541] } },
    pointer: '/MeterValueInBetween/meterValues/0',
    code: 'oicp.body.number-as-text',
  },
  {
    what: 'a lower-case EVSE id is taken as it is',
    operation: 'AuthorizeRemoteStart',
    side: 'request',
    body: { ...PULL, EvseID: 'de*abc*e1*1', Identification: CONTRACT },
    value: { ...PULL, EvseID: 'de*abc*e1*1', Identification: CONTRACT },
    pointer: '/EvseID',
    code: 'oicp.body.pattern',
  },
  {
    what: 'a lower-case UID is taken as it is (EMP-AS-04)',
    operation: 'AuthorizeStart',
    side: 'request',
    body: { OperatorID: 'DE*ABC', Identification: { RFIDMifareFamilyIdentification: { UID: '044a2daa856280' } } },
    value: { OperatorID: 'DE*ABC', Identification: { RFIDMifareFamilyIdentification: { UID: '044a2daa856280' } } },
    pointer: '/Identification/RFIDMifareFamilyIdentification/UID',
    code: 'oicp.body.pattern',
  },
  {
    what: 'an unknown member stays, for it is forwarded',
    operation: 'PullEvseStatus',
    side: 'request',
    body: { ...PULL, Vendor: { x: null } },
    value: { ...PULL, Vendor: { x: null } },
    pointer: '/Vendor',
    code: 'oicp.body.unknown-member',
  },
  {
    what: 'an empty fullLoad of EVSE prices deletes all',
    operation: 'PushEVSEPricing',
    side: 'request',
    body: { ActionType: 'fullLoad', EVSEPricing: [] },
    value: { ActionType: 'fullLoad', EVSEPricing: [] },
    pointer: '/EVSEPricing',
    code: 'oicp.body.items',
  },
];

describe('where sources or partners differ', () => {
  it.each(CASES.map((each) => [each.what, each] as const))(
    '%s: read leniently with a finding, refused strictly',
    (_what, { operation, side, body, value, pointer, code }) => {
      const lenient =
        side === 'request' ? bodies.request(operation, body, 'lenient') : bodies.answer(operation, body, 'lenient');
      expect(lenient.value).toEqual(value);
      expect(lenient.ok).toBe(true);
      expect(lenient.findings.map((finding) => [finding.pointer, finding.code])).toEqual([[pointer, code]]);
      const strict =
        side === 'request' ? bodies.request(operation, body, 'strict') : bodies.answer(operation, body, 'strict');
      expect(strict.ok).toBe(false);
      expect(strict.findings).toContainEqual(expect.objectContaining({ pointer, code, severity: 'error' }));
    },
  );

  it('an absent member written as null is absent (GEN-10, SRV-05), and a mandatory one is missing', () => {
    const body = { ...PULL, SearchCenter: null, EvseStatus: null };
    expect(bodies.request('PullEvseStatus', body, 'lenient')).toEqual({ ok: true, value: PULL, findings: [] });
    expect(
      bodies.request('PullEvseStatus', body, 'strict').findings.map(({ code, pointer }) => [code, pointer]),
    ).toEqual([
      ['oicp.body.null', '/SearchCenter'],
      ['oicp.body.null', '/EvseStatus'],
    ]);
    const missing = bodies.request('PullEvseStatus', { ProviderID: null }, 'lenient');
    expect(missing.findings).toMatchObject([{ pointer: '/ProviderID', code: 'oicp.body.required', severity: 'error' }]);
  });

  it('one operator where a list belongs becomes the list, also strictly: both stand in the documents', () => {
    const times = { From: '2025-06-01T00:00:00Z', To: '2025-06-02T00:00:00Z' };
    for (const strength of ['strict', 'lenient'] as const) {
      const reading = bodies.request('GetChargeDetailRecords', { ...PULL, ...times, OperatorID: 'DE*ABC' }, strength);
      expect(reading.value).toEqual({ ...PULL, ...times, OperatorID: ['DE*ABC'] });
      expect(reading.findings).toMatchObject([{ code: 'oicp.body.single-for-list', severity: 'info' }]);
    }
  });

  it('an error below a member in the other spelling points into the body as it was received', () => {
    const reading = bodies.answer(
      'PullPricingProductData',
      { OperatorPricingProducts: [{ OperatorID: 'DE-ABC' }] },
      'lenient',
    );
    expect(reading.findings.map(({ pointer }) => pointer)).toContain('/OperatorPricingProducts/0/OperatorID');
  });

  it('both spellings at once: the right one counts, the other is only noted', () => {
    const reading = bodies.request(
      'PullEvseStatus',
      { ...PULL, EVSEStatus: 'Reserved', EvseStatus: 'Available' },
      'lenient',
    );
    expect(reading.value).toMatchObject({ EvseStatus: 'Available' });
    expect(reading.findings.map(({ pointer }) => pointer)).toEqual(['/EVSEStatus']);
  });

  it('the received body is not changed', () => {
    const body = Object.freeze({ ...PULL, EVSEStatus: 'Available', SearchCenter: null });
    bodies.request('PullEvseStatus', body, 'lenient');
    expect(body).toEqual({ ...PULL, EVSEStatus: 'Available', SearchCenter: null });
  });

  it('a member named __proto__ stays a member', () => {
    const body: unknown = JSON.parse('{"ProviderID":"DE-DCB","__proto__":{"polluted":1}}');
    const reading = bodies.request('PullEvseStatus', body, 'lenient');
    expect(JSON.stringify(reading.value)).toBe('{"ProviderID":"DE-DCB","__proto__":{"polluted":1}}');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it.each([[null], [[]], ['text'], [7], [undefined]])('%s is no body', (body) => {
    expect(bodies.request('PullEvseStatus', body, 'lenient').findings).toMatchObject([
      { pointer: '', code: 'oicp.body.not-json', severity: 'error' },
    ]);
  });
});

describe('pulled EVSE data of older senders (EMP-PD-03)', () => {
  const record = {
    EvseID: 'DE*ABC*E1*1',
    OperatorID: 'DE*ABC',
    OperatorName: null,
    ChargingStationNames: [{ lang: null, value: 'Test station' }],
    Address: { Country: 'DEU', City: 'Berlin', Street: 'Teststr.', HouseNum: null, PostalCode: null },
    GeoCoordinates: { Google: { Coordinates: '52.480495 13.356465' }, DecimalDegree: null, DegreeMinuteSeconds: null },
    Plugs: ['Type 2 Outlet'],
    ChargingFacilities: [{ PowerType: null, Power: null }],
    RenewableEnergy: null,
    CalibrationLawDataAvailability: null,
    PaymentOptions: null,
  };

  it('mandatory members may be null', () => {
    const reading = bodies.answer('PullEvseData', { content: [record], ...page, StatusCode: null }, 'lenient');
    expect(reading.findings).toEqual([]);
    expect(reading.ok).toBe(true);
  });

  it('a bad record is told by its place, so that the others can be kept', () => {
    const bad = { ...record, Plugs: ['Hair dryer'] };
    const reading = bodies.answer('PullEvseData', { content: [record, bad, record], ...page }, 'lenient');
    expect([...findingsByItem(reading.findings, '/content').keys()]).toEqual([1]);
  });
});

describe('what a direction demands', () => {
  const start = { ProviderID: 'DE-DCB', EvseID: 'DE*ABC*E1*1', Identification: CONTRACT };

  it('the hub gives a remote start its session (CPO-RS-05), the EMP leaves it out (EMP-RS-01)', () => {
    expect(bodies.request('AuthorizeRemoteStart', start, 'strict', { from: 'EMP', to: 'HUB' }).findings).toEqual([]);
    expect(bodies.request('AuthorizeRemoteStart', start, 'lenient', { from: 'HUB', to: 'CPO' })).toMatchObject({
      ok: false,
      findings: [{ pointer: '/SessionID', code: 'oicp.leg.required', severity: 'error' }],
    });
    const withSession = { ...start, SessionID: SESSION };
    expect(bodies.request('AuthorizeRemoteStart', withSession, 'strict', { from: 'EMP', to: 'HUB' })).toMatchObject({
      ok: true,
      findings: [{ pointer: '/SessionID', code: 'oicp.leg.absent', severity: 'warning' }],
    });
  });

  it('a notification names its operator on the way to the hub, not necessarily to the EMP (EMP-CN-01)', () => {
    const end = { Type: 'End', SessionID: SESSION, EvseID: 'DE*ABC*E1*1', ChargingEnd: '2025-06-01T08:41:10+02:00' };
    expect(bodies.request('ChargingNotifications', end, 'strict', { from: 'CPO', to: 'HUB' }).ok).toBe(false);
    expect(bodies.request('ChargingNotifications', end, 'strict', { from: 'HUB', to: 'EMP' }).findings).toEqual([]);
  });

  it('an EMP names itself in every answer, also in a refusal', () => {
    const no = { AuthorizationStatus: 'NotAuthorized', StatusCode: { Code: '102' } };
    expect(bodies.answer('AuthorizeStart', no, 'strict', { from: 'CPO', to: 'HUB' }).findings).toEqual([]);
    expect(bodies.answer('AuthorizeStart', no, 'strict', { from: 'HUB', to: 'EMP' }).findings).toMatchObject([
      { pointer: '/ProviderID', code: 'oicp.leg.required' },
    ]);
  });

  it('a hashed PIN in an authorization is noted: the hub denies it with 101 (HUB-08)', () => {
    const HashedPIN = { Value: '$2b$10$N9qo8uLOickgx2ZMRZoMye', Function: 'Bcrypt' };
    const QRCodeIdentification = { EvcoID: 'DE-DCB-C12345678-X', HashedPIN };
    const body = { OperatorID: 'DE*ABC', Identification: { QRCodeIdentification } };
    expect(bodies.request('AuthorizeStart', body, 'strict')).toMatchObject({
      ok: true,
      findings: [{ code: 'oicp.identification.hashed-pin', severity: 'warning' }],
    });
  });
});
