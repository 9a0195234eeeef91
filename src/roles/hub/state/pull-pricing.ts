import { statusCode } from '../../../protocols/oicp/index.ts';
import { answered, processed } from './answer.ts';
import type { HubCall, HubDecision, Surroundings } from './hub-call.ts';
import type { PartnerRecord } from './records.ts';

/** Prices of the named operators who have a contract with flexible or dynamic prices with the caller. */
export function pullPricing(
  call: Extract<HubCall, { readonly operation: 'PullPricingProductData' | 'PullEVSEPricing' }>,
  provider: PartnerRecord | undefined,
  { state, nowMs }: Surroundings,
): HubDecision {
  const { OperatorIDs, LastCall } = call.body;
  const providerId = call.pathId ?? '';
  const operators = new Set(OperatorIDs.flatMap((id) => state.partners.operator(id) ?? []));
  const contracted = [...operators].filter(({ key }) => state.partners.hasPricing(key, provider?.key, nowMs));
  const StatusCode = statusCode('000');
  if (call.operation === 'PullPricingProductData') {
    const PricingProductData = contracted.flatMap(({ key }) => state.pricing.productsFor(key, providerId, LastCall));
    return answered(processed({ PricingProductData, StatusCode }, '000'));
  }
  const EVSEPricing = contracted.flatMap(({ key, name, operatorIds }) => {
    const prices = state.pricing.evsesFor(key, providerId, LastCall);
    return prices.length === 0
      ? []
      : [{ OperatorID: operatorIds[0] ?? '', OperatorName: name.slice(0, 100), EVSEPricing: prices }];
  });
  return answered(processed({ EVSEPricing, StatusCode }, '000'));
}
