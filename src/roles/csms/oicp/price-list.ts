import { CompoteError, type FieldError } from '../../../core/errors.ts';
import {
  canonicalEvseId,
  canonicalProviderId,
  type EvsePricing,
  type OperationBodies,
  type PricingProductData,
  type PushEvsePricing,
  type PushPricingProductData,
} from '../../../protocols/oicp/index.ts';
import { Collection } from '../../../storage/collection.ts';
import type { Database } from '../../../storage/database.ts';
import type { CpoContext } from './cpo-context.ts';

/** Every provider. */
export const ALL = '*';
/** Products before the EVSEs that name them, one after another. */
const LANE = 'prices';

/** What an operator offers one provider, or all (`*`). A value. */
export interface PriceOffer {
  readonly providerId: string;
  /** As it is pushed, without tax. */
  readonly products: Omit<PricingProductData, 'OperatorID' | 'OperatorName' | 'ProviderID'>;
  /** The products of EVSEs. */
  readonly evses: readonly { readonly evseId: string; readonly products: readonly string[] }[];
}

/** The prices of this operator, durable. Each change is told to the hub: products first, then the EVSEs that name them. */
export class PriceList {
  readonly #context: CpoContext;
  readonly #bodies: OperationBodies;
  readonly #offers: Collection<PriceOffer>;

  constructor(context: CpoContext, bodies: OperationBodies, database: Database) {
    this.#context = context;
    this.#bodies = bodies;
    this.#offers = new Collection<PriceOffer>(database, {
      name: 'price_offers',
      key: ({ providerId }) => keyOf(providerId),
      pinned: () => true,
    });
  }

  all(): PriceOffer[] {
    return [...this.#offers.pinned()].sort((a, b) => (keyOf(a.providerId) < keyOf(b.providerId) ? -1 : 1));
  }

  get(providerId: string): PriceOffer | undefined {
    return this.#offers.get(keyOf(providerId));
  }

  /** @throws INVALID_REQUEST for what a hub or a provider would stumble over (CPO-PR-01 to 03), with its place */
  put(offer: PriceOffer): PriceOffer {
    this.#check(offer);
    const before = this.#evsePricing();
    this.#offers.put(offer);
    this.#pushProducts(offer);
    this.#pushEvses(before);
    return offer;
  }

  /** @throws CONFLICT while EVSEs of another offer name its products */
  remove(offer: PriceOffer): void {
    const left = this.all().filter((each) => each !== offer);
    for (const each of left) {
      const named = each.evses.flatMap(({ products }) => products);
      const missing = named.find((id) => !productsFor(each, left).has(id));
      if (missing !== undefined)
        throw new CompoteError('CONFLICT', { detail: `EVSEs of the offer to ${each.providerId} name ${missing}` });
    }
    const before = this.#evsePricing();
    this.#offers.delete(keyOf(offer.providerId));
    this.#pushEvses(before);
    this.#pushProducts({ ...offer, products: { ...offer.products, PricingProductDataRecords: [] } });
  }

  /** Tells everything anew. */
  push(): void {
    const before = this.#evsePricing();
    for (const offer of this.all()) this.#pushProducts(offer);
    if (before.length > 0) this.#pushEvses(before);
  }

  #check(offer: PriceOffer): void {
    const others = this.all().filter(({ providerId }) => keyOf(providerId) !== keyOf(offer.providerId));
    const known = productsFor(offer, [offer, ...others]);
    const errors: FieldError[] = this.#faults('PushPricingProductData', this.#productsBody(offer), [
      '/PricingProductData',
      '/products',
    ]);
    const seen = new Set<string>();
    offer.evses.forEach(({ evseId, products }, index) => {
      const pointer = `/evses/${index}`;
      const key = canonicalEvseId(evseId);
      if (this.#context.evses.get(evseId) === undefined)
        errors.push({ pointer: `${pointer}/evseId`, msg: `${evseId} is not an EVSE of ours` });
      if (seen.has(key)) errors.push({ pointer: `${pointer}/evseId`, msg: `${evseId} stands twice` });
      seen.add(key);
      products.forEach((id, at) => {
        if (!known.has(id))
          errors.push({ pointer: `${pointer}/products/${at}`, msg: `${id} is not a product for this provider` });
      });
      if (products.length === 0) errors.push({ pointer: `${pointer}/products`, msg: 'names one product at least' });
    });
    if (errors.length > 0) throw new CompoteError('INVALID_REQUEST', { fields: errors });
  }

  /** What we send ourselves has not even warnings. */
  #faults(operation: 'PushPricingProductData', body: unknown, [from, to]: [string, string]): FieldError[] {
    const reading = this.#bodies.request(operation, body, 'strict', { from: 'CPO', to: 'HUB' });
    return reading.findings
      .filter(({ severity }) => severity !== 'info')
      .map(({ pointer, text }) => ({ pointer: pointer.replace(from, to), msg: text }));
  }

  #productsBody({ providerId, products }: PriceOffer): PushPricingProductData {
    const { operatorId, operatorName } = this.#context.config;
    return {
      ActionType: 'fullLoad',
      PricingProductData: {
        OperatorID: operatorId,
        OperatorName: operatorName,
        ProviderID: providerId,
        ...products,
      },
    };
  }

  #pushProducts(offer: PriceOffer): void {
    this.#later('PushPricingProductData', `products:${offer.providerId}`, this.#productsBody(offer));
  }

  /** A list of 1 to n: where nothing is left, what was told before is deleted instead. */
  #pushEvses(before: readonly EvsePricing[]): void {
    const now = this.#evsePricing();
    if (now.length > 0) this.#later('PushEVSEPricing', 'evse-prices', { ActionType: 'fullLoad', EVSEPricing: now });
    else if (before.length > 0)
      this.#later('PushEVSEPricing', 'evse-prices', { ActionType: 'delete', EVSEPricing: [...before] });
  }

  #evsePricing(): EvsePricing[] {
    return this.all().flatMap(({ providerId, evses }) =>
      evses.map(({ evseId, products }) => ({
        EvseID: this.#context.evses.get(evseId)?.evseId ?? evseId,
        ProviderID: providerId,
        EvseIDProductList: [...products],
      })),
    );
  }

  #later(operation: 'PushPricingProductData', subject: string, body: PushPricingProductData): void;
  #later(operation: 'PushEVSEPricing', subject: string, body: PushEvsePricing): void;
  #later(
    operation: 'PushPricingProductData' | 'PushEVSEPricing',
    subject: string,
    body: PushPricingProductData | PushEvsePricing,
  ): void {
    const params = { operatorID: this.#context.config.operatorId };
    // Operation and body belong together by the overloads.
    this.#context.later({ operation, params, lane: LANE, subject, body: body as never });
  }
}

/** The products that an EVSE of an offer may name: its own and those for all. */
function productsFor(offer: PriceOffer, offers: readonly PriceOffer[]): Set<string> {
  const own = keyOf(offer.providerId);
  return new Set(
    offers
      .filter(({ providerId }) => keyOf(providerId) === own || providerId === ALL)
      .flatMap(({ products }) => products.PricingProductDataRecords.map(({ ProductID }) => ProductID)),
  );
}

function keyOf(providerId: string): string {
  return providerId === ALL ? ALL : canonicalProviderId(providerId);
}
