import { operation } from '../operation-row.ts';
import { Acknowledgement } from '../schema/acknowledgement.ts';
import { PushAuthenticationData } from '../schema/authentication-data.ts';
import {
  EvsePricingAnswer,
  PricingProductDataAnswer,
  PullEvsePricing,
  PullPricingProductData,
  PushEvsePricing,
  PushPricingProductData,
} from '../schema/pricing.ts';

const SUCCESS = { Code: '000', Description: 'Success' } as const;
const DONE = { Result: true, StatusCode: SUCCESS };

const PRODUCTS = {
  OperatorID: 'DE*ABC',
  ProviderID: '*',
  PricingDefaultPrice: 0,
  PricingDefaultPriceCurrency: 'EUR',
  PricingDefaultReferenceUnit: 'KILOWATT_HOUR' as const,
  PricingProductDataRecords: [
    {
      ProductID: 'AC3',
      ReferenceUnit: 'KILOWATT_HOUR' as const,
      ProductPriceCurrency: 'EUR',
      PricePerReferenceUnit: 0.39,
      MaximumProductChargingPower: 22,
      IsValid24hours: false,
      ProductAvailabilityTimes: [{ Periods: [{ begin: '08:00', end: '20:00' }], on: 'Everyday' as const }],
    },
  ],
};

export const AUTHENTICATION_DATA_OPERATIONS = {
  PushAuthenticationData: operation({
    service: 'eRoamingPushAuthenticationData_V2.1',
    block: 'Authentication data',
    method: 'POST',
    path: '/api/oicp/authdata/v21/providers/{providerID}/push-request',
    pathId: 'providerID',
    hub: 'answer',
    legs: [{ from: 'EMP', to: 'HUB' }],
    obligation: { emp: 'mandatory' },
    request: PushAuthenticationData,
    response: Acknowledgement,
    paged: false,
    contract: 'eRoamingPushAuthenticationData',
    perMinute: 50,
    summary: 'Upload cards and contracts',
    description: 'For providers that let the hub decide (offline). Clear PINs are hashed on arrival.',
    example: {
      request: {
        ActionType: 'insert',
        ProviderAuthenticationData: {
          ProviderID: 'DE-DCB',
          AuthenticationDataRecord: [
            { Identification: { RFIDMifareFamilyIdentification: { UID: '044A2DAA856280' } } },
            { Identification: { PlugAndChargeIdentification: { EvcoID: 'DE-DCB-C12345678-X' } } },
          ],
        },
      },
      response: DONE,
    },
  }),
} as const;

export const PRICING_OPERATIONS = {
  PushPricingProductData: operation({
    service: 'eRoamingPushPricingProductData_V1.0',
    block: 'Pricing',
    method: 'POST',
    path: '/api/oicp/dynamicpricing/v10/operators/{operatorID}/pricing-products',
    pathId: 'operatorID',
    hub: 'answer',
    legs: [{ from: 'CPO', to: 'HUB' }],
    obligation: { cpo: 'optional' },
    request: PushPricingProductData,
    response: Acknowledgement,
    paged: false,
    contract: 'eRoamingAuthorization',
    perMinute: 6,
    summary: 'Upload pricing products',
    description: 'For one provider or, with `*`, for all. Prices are without VAT.',
    example: { request: { ActionType: 'fullLoad', PricingProductData: PRODUCTS }, response: DONE },
  }),

  PushEVSEPricing: operation({
    service: 'eRoamingPushEVSEPricing_V1.0',
    block: 'Pricing',
    method: 'POST',
    path: '/api/oicp/dynamicpricing/v10/operators/{operatorID}/evse-pricing',
    pathId: 'operatorID',
    hub: 'answer',
    legs: [{ from: 'CPO', to: 'HUB' }],
    obligation: { cpo: 'optional' },
    request: PushEvsePricing,
    response: Acknowledgement,
    paged: false,
    contract: 'eRoamingAuthorization',
    perMinute: 6,
    summary: 'Say which products an EVSE offers',
    description: 'Names products that were uploaded before.',
    example: {
      request: {
        ActionType: 'fullLoad',
        EVSEPricing: [{ EvseID: 'DE*ABC*E1*1', ProviderID: '*', EvseIDProductList: ['AC3'] }],
      },
      response: DONE,
    },
  }),

  PullPricingProductData: operation({
    service: 'eRoamingPullPricingProductData_V1.0',
    block: 'Pricing',
    method: 'POST',
    path: '/api/oicp/dynamicpricing/v10/providers/{providerID}/pricing-products',
    pathId: 'providerID',
    hub: 'answer',
    legs: [{ from: 'EMP', to: 'HUB' }],
    obligation: { emp: 'optional' },
    request: PullPricingProductData,
    response: PricingProductDataAnswer,
    paged: false,
    contract: 'eRoamingAuthorization',
    perMinute: 300,
    summary: 'Pricing products of named operators',
    description: 'Only what is meant for the caller, or for all.',
    example: {
      request: { OperatorIDs: ['DE*ABC'] },
      response: { PricingProductData: [{ ...PRODUCTS, ProviderID: 'DE-DCB' }], StatusCode: SUCCESS },
    },
  }),

  PullEVSEPricing: operation({
    service: 'eRoamingPullEVSEPricing_V1.0',
    block: 'Pricing',
    method: 'POST',
    path: '/api/oicp/dynamicpricing/v10/providers/{providerID}/evse-pricing',
    pathId: 'providerID',
    hub: 'answer',
    legs: [{ from: 'EMP', to: 'HUB' }],
    obligation: { emp: 'optional' },
    request: PullEvsePricing,
    response: EvsePricingAnswer,
    paged: false,
    contract: 'eRoamingAuthorization',
    perMinute: 280,
    summary: 'Which products the EVSEs of named operators offer',
    description: 'The caller’s own entries beat those for all.',
    example: {
      request: { ProviderID: 'DE-DCB', OperatorIDs: ['DE*ABC'] },
      response: {
        EVSEPricing: [
          {
            OperatorID: 'DE*ABC',
            EVSEPricing: [{ EvseID: 'DE*ABC*E1*1', ProviderID: 'DE-DCB', EvseIDProductList: ['AC3'] }],
          },
        ],
        StatusCode: SUCCESS,
      },
    },
  }),
} as const;
