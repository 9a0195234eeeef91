import { describe, expect, it } from 'vitest';
import { isoTime } from '../../../core/time.ts';
import { HubBench, NOON } from './test-bench.ts';

const PRODUCTS = '/dynamicpricing/v10/operators/DE*ABC/pricing-products';
const EVSES = '/dynamicpricing/v10/operators/DE*ABC/evse-pricing';

const product = (ProductID: string, PricePerReferenceUnit: number) => ({
  ProductID,
  ReferenceUnit: 'KILOWATT_HOUR',
  ProductPriceCurrency: 'EUR',
  PricePerReferenceUnit,
  MaximumProductChargingPower: 22,
  IsValid24hours: true,
  ProductAvailabilityTimes: [],
});

const products = (ActionType: string, ProviderID: string, ...PricingProductDataRecords: object[]) => ({
  ActionType,
  PricingProductData: {
    OperatorID: 'DE*ABC',
    ProviderID,
    PricingDefaultPrice: 0.5,
    PricingDefaultPriceCurrency: 'EUR',
    PricingDefaultReferenceUnit: 'KILOWATT_HOUR',
    PricingProductDataRecords,
  },
});

const evses = (ActionType: string, ...entries: readonly (readonly [string, string, string])[]) => ({
  ActionType,
  EVSEPricing: entries.map(([EvseID, ProviderID, ...EvseIDProductList]) => ({ EvseID, ProviderID, EvseIDProductList })),
});

function bench(): HubBench {
  const hub = new HubBench();
  hub.state.partners.saveContract({
    key: 'pricing',
    offerer: 'abc',
    subscriber: '*',
    service: 'eRoamingAuthorization',
    pricing: 'dynamic',
  });
  return hub;
}

function pullProducts(hub: HubBench, id: string, more: object = {}) {
  const { message } = hub.answer(`/dynamicpricing/v10/providers/DE-${id}/pricing-products`, {
    OperatorIDs: ['DE*ABC'],
    ...more,
  });
  const sets = message['PricingProductData'] as {
    ProviderID: string;
    PricingProductDataRecords: { ProductID: string; PricePerReferenceUnit: number }[];
  }[];
  return sets.flatMap(({ ProviderID, PricingProductDataRecords }) =>
    PricingProductDataRecords.map((each) => `${ProviderID} ${each.ProductID} ${each.PricePerReferenceUnit}`),
  );
}

function pullEvses(hub: HubBench, id: string, more: object = {}) {
  const body = { ProviderID: `DE-${id}`, OperatorIDs: ['DE*ABC'], ...more };
  const { message } = hub.answer(`/dynamicpricing/v10/providers/DE-${id}/evse-pricing`, body);
  const operators = message['EVSEPricing'] as {
    EVSEPricing: { EvseID: string; ProviderID: string; EvseIDProductList: string[] }[];
  }[];
  return operators.flatMap(({ EVSEPricing }) =>
    EVSEPricing.map((each) => `${each.EvseID} ${each.ProviderID} ${each.EvseIDProductList.join()}`),
  );
}

describe('pricing', () => {
  it('HUB-38: what is for one provider is not for another; `*` is for both, and an own product beats it', () => {
    const hub = bench();
    expect(hub.code(PRODUCTS, products('fullLoad', '*', product('AC3', 0.39), product('DC', 0.59)))).toBe('000');
    expect(hub.code(PRODUCTS, products('fullLoad', 'DE-DCB', product('AC3', 0.35)))).toBe('000');
    expect(pullProducts(hub, 'DCB')).toEqual(['DE-DCB AC3 0.35', '* DC 0.59']);
    expect(pullProducts(hub, 'TWO')).toEqual(['* AC3 0.39', '* DC 0.59']);
  });

  it('HUB-38: EVSE prices name the caller, its own entry beats that for all', () => {
    const hub = bench();
    const push = evses('fullLoad', ['DE*ABC*E1', '*', 'AC3'], ['DE*ABC*E2', '*', 'AC3'], ['DE*ABC*E1', 'DE-DCB', 'DC']);
    expect(hub.code(EVSES, push)).toBe('000');
    expect(pullEvses(hub, 'DCB').sort()).toEqual(['DE*ABC*E1 DE-DCB DC', 'DE*ABC*E2 DE-DCB AC3']);
    expect(pullEvses(hub, 'TWO').sort()).toEqual(['DE*ABC*E1 DE-TWO AC3', 'DE*ABC*E2 DE-TWO AC3']);
  });

  it('LastCall gives what was pushed since', () => {
    const hub = bench();
    hub.code(EVSES, evses('insert', ['DE*ABC*E1', '*', 'AC3']));
    hub.code(PRODUCTS, products('insert', '*', product('AC3', 0.39)));
    hub.nowMs = NOON + 5000;
    const LastCall = isoTime(NOON + 1000);
    expect([pullEvses(hub, 'DCB', { LastCall }), pullProducts(hub, 'DCB', { LastCall })]).toEqual([[], []]);
    hub.code(EVSES, evses('insert', ['DE*ABC*E2', '*', 'AC3']));
    hub.code(PRODUCTS, products('update', '*', product('AC3', 0.4)));
    expect(pullEvses(hub, 'DCB', { LastCall })).toEqual(['DE*ABC*E2 DE-DCB AC3']);
    expect(pullProducts(hub, 'DCB', { LastCall })).toEqual(['* AC3 0.4']);
  });

  it('without a contract with such prices 210; a foreign EVSE is 018; a known product cannot be inserted: 009', () => {
    const hub = bench();
    expect(hub.code(EVSES, evses('insert', ['DE*XYZ*E1', '*', 'AC3']))).toBe('018');
    hub.code(PRODUCTS, products('insert', '*', product('AC3', 0.39)));
    expect(hub.code(PRODUCTS, products('insert', '*', product('AC3', 0.39)))).toBe('009');
    const xyz = '/dynamicpricing/v10/operators/DE*XYZ/evse-pricing';
    expect(hub.code(xyz, evses('insert', ['DE*XYZ*E1', '*', 'AC3']))).toBe('210');
    expect(hub.code('/dynamicpricing/v10/providers/DE-DCB/pricing-products', { OperatorIDs: ['DE*XYZ'] })).toBe('210');
  });
});
