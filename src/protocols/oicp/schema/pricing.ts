import Type, { type Static } from 'typebox';
import { ActionType, AdditionalReference, Day, ReferenceUnit } from './enums.ts';
import { Price } from './numbers.ts';
import { StatusCode } from './status-code.ts';
import { Currency, DateTime, EvseID, OperatorID, ProductID, ProviderID, ProviderIDOrAll } from './strings.ts';
import { Period } from './structures.ts';

const OperatorName = Type.Optional(Type.String({ maxLength: 100 }));

const ProductAvailabilityTimes = Type.Object(
  { Periods: Type.Array(Period, { 'x-wrap': true }), on: Day },
  // The table calls the member `Period`, every example and schema `Periods`.
  { title: 'ProductAvailabilityTimesType', 'x-aliases': { Period: 'Periods', On: 'on' } },
);

const AdditionalReferences = Type.Object(
  {
    AdditionalReference,
    AdditionalReferenceUnit: ReferenceUnit,
    PricePerAdditionalReferenceUnit: Price,
  },
  { title: 'AdditionalReferencesType' },
);

export const PricingProductDataRecord = Type.Object(
  {
    ProductID,
    ReferenceUnit,
    ProductPriceCurrency: Currency,
    PricePerReferenceUnit: Price,
    // One text says kWh; a charging power is meant.
    MaximumProductChargingPower: Type.Number({ minimum: 0, description: 'kW.' }),
    IsValid24hours: Type.Boolean(),
    ProductAvailabilityTimes: Type.Array(ProductAvailabilityTimes),
    AdditionalReferences: Type.Optional(Type.Array(AdditionalReferences)),
  },
  { title: 'PricingProductDataRecordType', 'x-rule': 'pricingProduct' },
);
export type PricingProductDataRecord = Static<typeof PricingProductDataRecord>;

export const PricingProductData = Type.Object(
  {
    OperatorID,
    OperatorName,
    ProviderID: ProviderIDOrAll,
    PricingDefaultPrice: Price,
    PricingDefaultPriceCurrency: Currency,
    PricingDefaultReferenceUnit: ReferenceUnit,
    PricingProductDataRecords: Type.Array(PricingProductDataRecord),
  },
  { title: 'PricingProductDataType', 'x-rule': 'pricingProducts' },
);
export type PricingProductData = Static<typeof PricingProductData>;

export const PushPricingProductData = Type.Object(
  { ActionType, PricingProductData },
  { title: 'eRoamingPushPricingProductData' },
);
export type PushPricingProductData = Static<typeof PushPricingProductData>;

export const EvsePricing = Type.Object(
  {
    EvseID,
    ProviderID: ProviderIDOrAll,
    EvseIDProductList: Type.Array(ProductID, { minItems: 1 }),
  },
  { title: 'EVSEPricingType' },
);
export type EvsePricing = Static<typeof EvsePricing>;

export const PushEvsePricing = Type.Object(
  {
    ActionType,
    // 1..n by the table; an empty fullLoad deletes all, so a lenient reader takes it.
    EVSEPricing: Type.Array(EvsePricing, { minItems: 1, 'x-lenient': { minItems: 0 } }),
  },
  { title: 'eRoamingPushEVSEPricing' },
);
export type PushEvsePricing = Static<typeof PushEvsePricing>;

/** The provider stands in the path alone. */
export const PullPricingProductData = Type.Object(
  { OperatorIDs: Type.Array(OperatorID), LastCall: Type.Optional(DateTime) },
  { title: 'eRoamingPullPricingProductData', 'x-aliases': { OperatorIds: 'OperatorIDs' } },
);
export type PullPricingProductData = Static<typeof PullPricingProductData>;

export const PricingProductDataAnswer = Type.Object(
  { PricingProductData: Type.Array(PricingProductData), StatusCode: Type.Optional(StatusCode) },
  // Renamed by the documents in 2025.
  { title: 'eRoamingPricingProductData', 'x-aliases': { OperatorPricingProducts: 'PricingProductData' } },
);
export type PricingProductDataAnswer = Static<typeof PricingProductDataAnswer>;

export const PullEvsePricing = Type.Object(
  { ProviderID, OperatorIDs: Type.Array(OperatorID), LastCall: Type.Optional(DateTime) },
  { title: 'eRoamingPullEVSEPricing', 'x-aliases': { OperatorIds: 'OperatorIDs' } },
);
export type PullEvsePricing = Static<typeof PullEvsePricing>;

export const EvsePricingAnswer = Type.Object(
  {
    EVSEPricing: Type.Array(
      Type.Object(
        { OperatorID, OperatorName, EVSEPricing: Type.Array(EvsePricing) },
        { title: 'OperatorEVSEPricingType' },
      ),
    ),
    StatusCode: Type.Optional(StatusCode),
  },
  { title: 'eRoamingEVSEPricing', 'x-aliases': { OperatorEVSEPricing: 'EVSEPricing' } },
);
export type EvsePricingAnswer = Static<typeof EvsePricingAnswer>;
