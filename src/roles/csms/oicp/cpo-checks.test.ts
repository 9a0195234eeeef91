import { describe, expect, it } from 'vitest';
import { OperationBodies } from '../../../protocols/oicp/index.ts';
import { AUTHORIZED, CpoTestBench, SESSION } from './test-bench.ts';

/** Checks of an operator that need more than a card and a remote start: wire texts by hand, virtual time. */
const START = 'authorize/start';
const STOP = 'authorize/stop';
const CDR = 'DE*ABC/charge-detail-record';
const NOTE = 'v11/charging-notifications';
const PRODUCTS = 'DE*ABC/pricing-products';
const EVSES = 'DE*ABC/evse-pricing';
const EVSE = 'DE*ABC*ECS1*1';

const product = (more: object = {}) => ({
  ProductID: 'AC3',
  ReferenceUnit: 'KILOWATT_HOUR',
  ProductPriceCurrency: 'EUR',
  PricePerReferenceUnit: 0.39,
  MaximumProductChargingPower: 22,
  IsValid24hours: true,
  ProductAvailabilityTimes: [],
  ...more,
});
const offer = (products: object[], evses: { evseId: string; products: string[] }[] = [], providerId = '*') => ({
  providerId,
  products: {
    PricingDefaultPrice: 0.5,
    PricingDefaultPriceCurrency: 'EUR',
    PricingDefaultReferenceUnit: 'KILOWATT_HOUR' as const,
    PricingProductDataRecords: products as never[],
  },
  evses,
});
/** The pointers of what is refused. */
const refused = (act: () => unknown): string[] => {
  try {
    act();
  } catch (thrown) {
    return ((thrown as { fields?: { pointer: string }[] }).fields ?? []).map(({ pointer }) => pointer);
  }
  throw new Error('it was taken');
};

describe('stopping', () => {
  it.each([
    '{"AuthorizationStatus":"NotAuthorized","StatusCode":{"Code":"102"}}',
    '{"AuthorizationStatus":"NotAuthorized","StatusCode":{"Code":"400"}}',
  ])('CPO-AP-03: the stop is refused (%s): the record follows all the same, once', async (no) => {
    const bench = new CpoTestBench();
    bench.says[START] = AUTHORIZED;
    bench.says[STOP] = no;
    const station = await bench.station('1.6', 'Preparing');
    await station.ask('Authorize', '{"idTag":"044a2daa"}');
    const { transactionId } = await station.ask(
      'StartTransaction',
      '{"connectorId":1,"idTag":"044a2daa","meterStart":0,"timestamp":"2026-01-01T12:01:00Z"}',
    );
    await bench.run(60_000);
    expect(bench.of(CDR)).toHaveLength(0);
    await station.ask(
      'StopTransaction',
      `{"transactionId":${transactionId},"idTag":"044a2daa","meterStop":1000,"timestamp":"2026-01-01T12:02:00Z"}`,
    );
    await bench.run(60_000);
    expect(bench.of(STOP)).toHaveLength(1);
    expect(bench.of(CDR).map(({ body }) => body.SessionID)).toEqual([SESSION]);
    expect(bench.cpo.sessions.get(SESSION)).toMatchObject({ state: 'closed', cdr: { state: 'accepted' } });
  });
});

describe('signed meter values', () => {
  const OCMF = (energy: string): string => `OCMF|{"FV":"1.0","RD":[{"RV":${energy},"RU":"kWh"}]}|{"SD":"3045"}`;
  const external = (bench: CpoTestBench): void => {
    bench.cpo.evses.put({
      evseId: EVSE,
      station: 'CS1',
      evse: 1,
      source: 'set',
      published: true,
      data: { CalibrationLawDataAvailability: 'External' },
    });
  };

  it('CPO-CD-05 on 1.6: SignedData of start and end stand in the record, in order', async () => {
    const bench = new CpoTestBench();
    external(bench);
    bench.says[START] = AUTHORIZED;
    const station = await bench.station('1.6', 'Preparing');
    const { transactionId } = await station.ask(
      'StartTransaction',
      '{"connectorId":1,"idTag":"044a2daa","meterStart":0,"timestamp":"2026-01-01T12:01:00Z"}',
    );
    const values = (at: string, context: string, energy: string): object => ({
      timestamp: at,
      sampledValue: [{ value: OCMF(energy), context, format: 'SignedData' }],
    });
    await station.ask(
      'MeterValues',
      JSON.stringify({
        connectorId: 1,
        transactionId,
        meterValue: [
          values('2026-01-01T12:01:00Z', 'Transaction.Begin', '0.0'),
          values('2026-01-01T12:10:00Z', 'Sample.Periodic', '0.4'),
        ],
      }),
    );
    await bench.run(1_200_000);
    await station.ask(
      'StopTransaction',
      JSON.stringify({
        transactionId,
        meterStop: 1_000,
        timestamp: '2026-01-01T12:20:00Z',
        transactionData: [values('2026-01-01T12:20:00Z', 'Transaction.End', '1.0')],
      }),
    );
    await bench.run(1_000);
    const [record] = bench.of(CDR);
    expect(record?.body.SignedMeteringValues).toEqual([
      { SignedMeteringValue: OCMF('0.0'), MeteringStatus: 'Start' },
      { SignedMeteringValue: OCMF('0.4'), MeteringStatus: 'Progress' },
      { SignedMeteringValue: OCMF('1.0'), MeteringStatus: 'End' },
    ]);
    expect(bench.csms.findings.some(({ rule }) => rule === 'cpo.cdr.unsigned')).toBe(false);
  });

  it('CPO-CD-05 on 2.0.1: the signed text is unwrapped, its key stands beside it; 30 values become ten', async () => {
    const bench = new CpoTestBench();
    external(bench);
    bench.says[START] = AUTHORIZED;
    const station = await bench.station('2.0.1', 'Occupied');
    const wrapped = (energy: string): string => Buffer.from(OCMF(energy)).toString('base64');
    const event = (type: string, seqNo: number, minute: number, context: string): string =>
      JSON.stringify({
        eventType: type,
        timestamp: `2026-01-01T12:${String(minute).padStart(2, '0')}:00Z`,
        triggerReason: type === 'Started' ? 'Authorized' : type === 'Ended' ? 'StopAuthorized' : 'MeterValuePeriodic',
        seqNo,
        transactionInfo: { transactionId: 'T1', chargingState: 'Charging' },
        ...(type === 'Started'
          ? { evse: { id: 1, connectorId: 1 }, idToken: { idToken: '044A2DAA', type: 'ISO14443' } }
          : {}),
        meterValue: [
          {
            timestamp: `2026-01-01T12:${String(minute).padStart(2, '0')}:00Z`,
            sampledValue: [
              {
                value: minute * 100,
                context,
                measurand: 'Energy.Active.Import.Register',
                signedMeterValue: {
                  signedMeterData: wrapped(String(minute)),
                  signingMethod: '',
                  encodingMethod: 'OCMF',
                  publicKey: Buffer.from('3059301306072A8648').toString('base64'),
                },
              },
            ],
          },
        ],
      });
    await station.ask('TransactionEvent', event('Started', 0, 1, 'Transaction.Begin'));
    for (let minute = 2; minute < 30; minute++) {
      await station.ask('TransactionEvent', event('Updated', minute - 1, minute, 'Sample.Periodic'));
    }
    await bench.run(1_800_000);
    await station.ask('TransactionEvent', event('Ended', 29, 30, 'Transaction.End'));
    await bench.run(1_000);
    const signed = bench.of(CDR)[0]?.body.SignedMeteringValues as { MeteringStatus: string }[];
    expect(signed.length).toBeLessThanOrEqual(10);
    expect(signed[0]).toEqual({ SignedMeteringValue: OCMF('1'), MeteringStatus: 'Start' });
    expect(signed.at(-1)).toEqual({ SignedMeteringValue: OCMF('30'), MeteringStatus: 'End' });
    expect(new Set(signed.slice(1, -1).map(({ MeteringStatus }) => MeteringStatus))).toEqual(new Set(['Progress']));
    expect(bench.of(CDR)[0]?.body.CalibrationLawVerificationInfo).toEqual({
      PublicKey: '3059301306072A8648',
      MeteringSignatureEncodingFormat: 'OCMF',
    });
  });

  it('an external EVSE whose station signs nothing is a finding', async () => {
    const bench = new CpoTestBench();
    external(bench);
    bench.says[START] = AUTHORIZED;
    const station = await bench.station('1.6', 'Preparing');
    const { transactionId } = await station.ask(
      'StartTransaction',
      '{"connectorId":1,"idTag":"044a2daa","meterStart":0,"timestamp":"2026-01-01T12:01:00Z"}',
    );
    await station.ask(
      'StopTransaction',
      `{"transactionId":${transactionId},"meterStop":1000,"timestamp":"2026-01-01T12:02:00Z"}`,
    );
    await bench.run(1_000);
    expect(bench.csms.findings.filter(({ rule }) => rule === 'cpo.cdr.unsigned')).toHaveLength(1);
  });
});

describe('prices', () => {
  it('CPO-PR-01, CPO-PR-02: products first, then the EVSEs that name them; an offer that goes is told too', async () => {
    const bench = new CpoTestBench();
    await bench.station('1.6', 'Available');
    bench.cpo.prices.put(offer([product()], [{ evseId: 'de*abc*ecs1*1', products: ['AC3'] }]));
    await bench.run(1_000);
    expect(bench.of(PRODUCTS)[0]?.body).toEqual({
      ActionType: 'fullLoad',
      PricingProductData: {
        OperatorID: 'DE*ABC',
        OperatorName: 'ABC',
        ProviderID: '*',
        PricingDefaultPrice: 0.5,
        PricingDefaultPriceCurrency: 'EUR',
        PricingDefaultReferenceUnit: 'KILOWATT_HOUR',
        PricingProductDataRecords: [product()],
      },
    });
    expect(bench.of(EVSES)[0]?.body).toEqual({
      ActionType: 'fullLoad',
      EVSEPricing: [{ EvseID: EVSE, ProviderID: '*', EvseIDProductList: ['AC3'] }],
    });
    const order = bench.heard.map(({ what }) => what).filter((what) => what === PRODUCTS || what === EVSES);
    expect(order).toEqual([PRODUCTS, EVSES]);
    // Another provider's EVSEs may name what is for all.
    bench.cpo.prices.put(offer([], [{ evseId: EVSE, products: ['AC3'] }], 'DE-DCB'));
    const all = bench.cpo.prices.get('*');
    if (all === undefined) throw new Error('the offer is gone');
    expect(() => bench.cpo.prices.remove(all)).toThrow(/name AC3|conflict|CONFLICT/i);
    const own = bench.cpo.prices.get('de*dcb');
    if (own === undefined) throw new Error('the offer is gone');
    bench.cpo.prices.remove(own);
    bench.cpo.prices.remove(all);
    await bench.run(120_000);
    expect(bench.of(EVSES).at(-1)?.body).toEqual({
      ActionType: 'delete',
      EVSEPricing: [{ EvseID: EVSE, ProviderID: '*', EvseIDProductList: ['AC3'] }],
    });
    expect(bench.of(PRODUCTS).at(-1)?.body.PricingProductData.PricingProductDataRecords).toEqual([]);
  });

  it('CPO-PR-01: a product twice, times that are missing, a currency that is none are refused before they are sent', async () => {
    const bench = new CpoTestBench();
    const put = (products: object[]) => () => bench.cpo.prices.put(offer(products));
    expect(refused(put([product(), product()]))).toEqual(['/products/PricingProductDataRecords/1/ProductID']);
    expect(refused(put([product({ IsValid24hours: false })]))).toEqual([
      '/products/PricingProductDataRecords/0/ProductAvailabilityTimes',
    ]);
    expect(refused(put([product({ ProductPriceCurrency: 'Euro' })]))).toEqual([
      '/products/PricingProductDataRecords/0/ProductPriceCurrency',
    ]);
    expect(bench.of(PRODUCTS)).toEqual([]);
    expect(bench.cpo.prices.all()).toEqual([]);
  });

  it('CPO-PR-02: an EVSE of others, a product that nobody offers, and an empty list are refused', async () => {
    const bench = new CpoTestBench();
    await bench.station('1.6', 'Available');
    const put = (evseId: string, products: string[]) => () =>
      bench.cpo.prices.put(offer([product()], [{ evseId, products }]));
    expect(refused(put('DE*XYZ*E1', ['AC3']))).toEqual(['/evses/0/evseId']);
    expect(refused(put(EVSE, ['DC']))).toEqual(['/evses/0/products/0']);
    expect(refused(put(EVSE, []))).toEqual(['/evses/0/products']);
    expect(bench.of(EVSES)).toEqual([]);
  });

  it('CPO-PR-03: with a FIXED FEE the price per unit is 0', async () => {
    const bench = new CpoTestBench();
    const AdditionalReferences = [
      { AdditionalReference: 'FIXED FEE', AdditionalReferenceUnit: 'HOUR', PricePerAdditionalReferenceUnit: 5 },
    ];
    expect(refused(() => bench.cpo.prices.put(offer([product({ AdditionalReferences })])))).toEqual([
      '/products/PricingProductDataRecords/0/PricePerReferenceUnit',
    ]);
    bench.cpo.prices.put(offer([product({ AdditionalReferences, PricePerReferenceUnit: 0 })]));
    await bench.run(1_000);
    expect(bench.of(PRODUCTS)).toHaveLength(1);
  });
});

describe('many at once', () => {
  it('GEN-14: 150 sessions that begin in one minute stay below 100 notifications a minute, and all are told', async () => {
    const bench = new CpoTestBench();
    const stations = [];
    for (let k = 0; k < 150; k++) {
      bench.says[START] = AUTHORIZED.replace(SESSION, `f98efba4-02d8-4fa0-b810-${String(k).padStart(12, '0')}`);
      const station = await bench.csms.station(`CS${k}`, '1.6', {});
      await station.ask('StatusNotification', '{"connectorId":1,"errorCode":"NoError","status":"Preparing"}');
      const answer = await station.ask(
        'StartTransaction',
        '{"connectorId":1,"idTag":"044a2daa","meterStart":0,"timestamp":"2026-01-01T12:00:01Z"}',
      );
      expect(answer.idTagInfo.status).toBe('Accepted');
      await station.ask(
        'MeterValues',
        `{"connectorId":1,"transactionId":${answer.transactionId},"meterValue":[{"timestamp":"2026-01-01T12:00:02Z","sampledValue":[{"value":"10"}]}]}`,
      );
      stations.push(station);
    }
    await bench.run(180_000);
    const limits: Record<string, number> = { [NOTE]: 100, 'DE*ABC/data-records': 375, 'DE*ABC/status-records': 2_000 };
    for (const [what, limit] of Object.entries(limits)) {
      const times = bench.of(what).map(({ atMs }) => atMs);
      expect(times.length).toBeGreaterThan(0);
      for (const from of times) {
        expect(times.filter((at) => at >= from && at < from + 60_000).length).toBeLessThanOrEqual(limit);
      }
    }
    const starts = bench.of(NOTE).filter(({ body }) => body.Type === 'Start');
    expect(new Set(starts.map(({ body }) => body.SessionID)).size).toBe(150);
  });

  it('SRV-10: 50 parallel calls of the hub are all answered, each with its own session', async () => {
    const bench = new CpoTestBench();
    await bench.station('1.6', 'Preparing', {
      RemoteStartTransaction: '{"status":"Accepted"}',
    });
    const sessions = Array.from({ length: 50 }, (_, k) => `f98efba4-02d8-4fa0-b810-${String(k).padStart(12, '0')}`);
    const began = bench.csms.clock.now();
    const answers = await Promise.all(sessions.map((session) => bench.remoteStart(EVSE, session)));
    expect(bench.csms.clock.now() - began).toBeLessThan(10_000);
    expect(answers.map((answer) => (answer as { SessionID: string }).SessionID)).toEqual(sessions);
    const codes = answers.map((answer) => (answer as { StatusCode: { Code: string } }).StatusCode.Code);
    expect(codes.filter((code) => code === '000')).toHaveLength(1);
    expect(codes.filter((code) => code === '602')).toHaveLength(49);
  });
});

describe('what is said', () => {
  it('SRV-08, GEN-13: every answer to the hub, yes and no, fits its schema to the letter: codes, descriptions, echoed ids', async () => {
    const bodies = new OperationBodies();
    const bench = new CpoTestBench();
    await bench.station('1.6', 'Preparing', {
      RemoteStartTransaction: '{"status":"Accepted"}',
    });
    const answers = [
      ['AuthorizeRemoteStart', await bench.remoteStart()],
      ['AuthorizeRemoteStart', await bench.remoteStart('DE*ABC*ENONE')],
      ['AuthorizeRemoteStart', await bench.remoteStart(EVSE, 'f98efba4-02d8-4fa0-b810-9a9d50d2c528')],
      ['AuthorizeRemoteStop', await bench.remoteStop('DE*ABC*EOTHER')],
      ['AuthorizeRemoteStop', await bench.remoteStop()],
      ['AuthorizeRemoteReservationStart', await bench.reservationStart('f98efba4-02d8-4fa0-b810-9a9d50d2c529')],
      ['AuthorizeRemoteReservationStop', await bench.reservationStop('f98efba4-02d8-4fa0-b810-9a9d50d2c530')],
      ['AuthorizeRemoteStop', await bench.oicp('/charging/v21/providers/DE-DCB/authorize-remote/stop', '{}')],
    ] as const;
    const codes = new Set<string>();
    for (const [operation, answer] of answers) {
      expect([operation, bodies.answer(operation, answer, 'strict', { from: 'HUB', to: 'CPO' }).findings]).toEqual([
        operation,
        [],
      ]);
      const { Result, StatusCode } = answer as { Result: boolean; StatusCode: { Code: string } };
      expect(Result).toBe(StatusCode.Code === '000');
      codes.add(StatusCode.Code);
    }
    expect(codes.size).toBeGreaterThan(3);
  });

  it('GEN-03, GEN-06: a hub that answers 401 with 017, or 400 with a fault body, is not asked again and again', async () => {
    const bench = new CpoTestBench();
    bench.says['DE*ABC/data-records'] = { status: 401, text: '{"StatusCode":{"Code":"017"}}' };
    bench.says['DE*ABC/status-records'] = {
      status: 400,
      text: '{"extendedInfo":null,"message":"Error parsing/validating JSON.","validationErrors":[]}',
    };
    await bench.station('1.6', 'Available');
    await bench.run(60_000);
    expect(bench.of('DE*ABC/data-records').length).toBeLessThan(3);
    expect(bench.of('DE*ABC/status-records').length).toBeLessThan(3);
    expect(bench.csms.findings.filter(({ rule }) => rule === 'cpo.push.refused').length).toBeGreaterThan(0);
  });
});
