import Type, { type Static } from 'typebox';
import { CompoteError } from '../../../core/errors.ts';
import { type Route, route } from '../../../platform/http/route.ts';
import { oneOf } from '../../../platform/schema/words.ts';
import type { PricingProductDataRecord } from '../../../protocols/oicp/index.ts';
import { ALL, type PriceOffer } from '../oicp/price-list.ts';
import type { CsmsApi } from './csms-api.ts';

const Product = Type.Record(Type.String(), Type.Unknown(), {
  description: 'A PricingProductDataRecord in the words of OICP. Prices are net.',
});
const Input = Type.Object(
  {
    defaultPrice: Type.Number({ minimum: 0, description: 'At EVSEs without a product.' }),
    currency: Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217.' }),
    unit: oneOf(['HOUR', 'KILOWATT_HOUR', 'MINUTE'], { description: 'Of the default price.' }),
    products: Type.Array(Product),
    evses: Type.Optional(
      Type.Array(
        Type.Object(
          {
            evseId: Type.String({ minLength: 1, description: 'An EVSE of ours.' }),
            products: Type.Array(Type.String(), {
              description: 'Ids of products of this offer, or of the one to all.',
            }),
          },
          { additionalProperties: false },
        ),
      ),
    ),
  },
  { additionalProperties: false },
);
const View = Type.Object({ provider: Type.String({ description: '`all`, or a provider id.' }), ...Input.properties });
const params = Type.Object({
  provider: Type.String({ pattern: '^(all|[A-Za-z]{2}[*-]?[A-Za-z0-9]{3})$', description: '`all`, or a provider id.' }),
});

/** What this operator charges providers. Every change is pushed to the hub. */
export function priceRoutes({ cpo: { prices } }: CsmsApi): Route[] {
  const tags = ['Roaming'];
  const idOf = (provider: string): string => (provider === 'all' ? ALL : provider);
  const known = (provider: string): PriceOffer => {
    const offer = prices.get(idOf(provider));
    if (offer === undefined) throw new CompoteError('NOT_FOUND', { detail: `there is no offer to ${provider}` });
    return offer;
  };
  return [
    route({
      method: 'GET',
      path: '/roaming/prices',
      summary: 'Price offers to providers',
      tags,
      response: Type.Object({ items: Type.Array(View) }),
      handler: () => ({ items: prices.all().map(shown) }),
    }),
    route({
      method: 'PUT',
      path: '/roaming/prices/{provider}',
      summary: 'Offer prices to all providers, or to one',
      description:
        'The hub gets the products (fullLoad), then the EVSEs that name them. What a provider would stumble over is refused here, with the member that is wrong.',
      tags,
      params,
      body: Input,
      response: View,
      handler: ({ params: { provider }, body }) => shown(prices.put(offerOf(idOf(provider), body))),
    }),
    route({
      method: 'DELETE',
      path: '/roaming/prices/{provider}',
      summary: 'Take an offer back',
      tags,
      params,
      problems: ['NOT_FOUND', 'CONFLICT'],
      handler: ({ params: { provider } }) => prices.remove(known(provider)),
    }),
  ];
}

function offerOf(
  providerId: string,
  { defaultPrice, currency, unit, products, evses = [] }: Static<typeof Input>,
): PriceOffer {
  return {
    providerId,
    products: {
      PricingDefaultPrice: defaultPrice,
      PricingDefaultPriceCurrency: currency,
      PricingDefaultReferenceUnit: unit,
      // Judged by the schema of the operation, strictly, before it is kept.
      PricingProductDataRecords: products as unknown as PricingProductDataRecord[],
    },
    evses,
  };
}

function shown({ providerId, products, evses }: PriceOffer): unknown {
  return {
    provider: providerId === ALL ? 'all' : providerId,
    defaultPrice: products.PricingDefaultPrice,
    currency: products.PricingDefaultPriceCurrency,
    unit: products.PricingDefaultReferenceUnit,
    products: products.PricingProductDataRecords,
    evses,
  };
}
