import {
  canonicalEvseId,
  canonicalProviderId,
  type EvsePricing,
  instantOf,
  type PricingProductData,
  type PricingProductDataRecord,
  type PushEvsePricing,
  type PushPricingProductData,
} from '../../../protocols/oicp/index.ts';
import type { PushedRecords, PushResult } from './pushed-records.ts';

/** What holds for all products that an operator offers one provider (or all). */
export type PricingDefaults = Omit<PricingProductData, 'PricingProductDataRecords'>;

const ALL = '*';

/**
 * Pricing products and the products of EVSEs. An operator has one set of products per provider and one for all; a
 * provider sees its own and those for all, and where both name the same, its own.
 */
export class Pricing {
  readonly #defaults: PushedRecords<PricingDefaults>;
  readonly #products: PushedRecords<PricingProductDataRecord>;
  readonly #evses: PushedRecords<EvsePricing>;

  constructor(
    defaults: PushedRecords<PricingDefaults>,
    products: PushedRecords<PricingProductDataRecord>,
    evses: PushedRecords<EvsePricing>,
  ) {
    this.#defaults = defaults;
    this.#products = products;
    this.#evses = evses;
  }

  /** A push names one provider (or all), so a fullLoad replaces the products for that one. */
  pushProducts(
    operator: string,
    { ActionType, PricingProductData }: PushPricingProductData,
    nowMs: number,
  ): PushResult {
    const { PricingProductDataRecords, ...defaults } = PricingProductData;
    const audience = audienceOf(defaults.ProviderID);
    const items = PricingProductDataRecords.map((content) => ({ id: content.ProductID, content }));
    const result = this.#products.push(setOf(operator, audience), ActionType, items, nowMs);
    if (!result.ok || ActionType === 'delete') return result;
    const known = this.#defaults.get(operator, audience) !== undefined;
    return this.#defaults.push(operator, known ? 'update' : 'insert', [{ id: audience, content: defaults }], nowMs);
  }

  pushEvses(operator: string, { ActionType, EVSEPricing }: PushEvsePricing, nowMs: number): PushResult {
    const items = EVSEPricing.map((content) => ({
      id: `${canonicalEvseId(content.EvseID)} ${audienceOf(content.ProviderID)}`,
      content,
    }));
    return this.#evses.push(operator, ActionType, items, nowMs);
  }

  /** All sets of products, as they were pushed. */
  *products(operators: readonly string[]): IterableIterator<{ operator: string; products: PricingProductData }> {
    for (const operator of operators) {
      for (const { id, content } of this.#defaults.current(operator)) {
        const records = [...this.#products.current(setOf(operator, id))].map((record) => record.content);
        yield { operator, products: { ...content, PricingProductDataRecords: records } };
      }
    }
  }

  /** The products of all EVSEs, as they were pushed. */
  *evses(): IterableIterator<{ operator: string; pricing: EvsePricing }> {
    for (const { owner, content } of this.#evses.current()) yield { operator: owner, pricing: content };
  }

  /** The sets that a provider sees of an operator. With LastCall those of which anything was pushed since. */
  productsFor(operator: string, providerId: string, lastCall: string | undefined): PricingProductData[] {
    const own = canonicalProviderId(providerId);
    const ownProducts = new Set([...this.#products.current(setOf(operator, own))].map(({ id }) => id));
    return [own, ALL].flatMap((audience): PricingProductData[] => {
      const defaults = this.#defaults.get(operator, audience);
      if (defaults === undefined) return [];
      const records = [...this.#products.current(setOf(operator, audience))]
        .filter(({ id }) => audience === own || !ownProducts.has(id))
        .map(({ content }) => content);
      const changedMs = this.#defaults.changedMs(operator, audience) ?? 0;
      return isSince(changedMs, lastCall) ? [{ ...defaults, PricingProductDataRecords: records }] : [];
    });
  }

  /** The products of the operator's EVSEs as one provider sees them: every entry names that provider. */
  evsesFor(operator: string, providerId: string, lastCall: string | undefined): EvsePricing[] {
    const own = canonicalProviderId(providerId);
    const seen = new Map<string, EvsePricing>();
    for (const audience of [ALL, own]) {
      for (const { content, versions } of this.#evses.current(operator)) {
        if (audienceOf(content.ProviderID) !== audience) continue;
        const evse = canonicalEvseId(content.EvseID);
        if (isSince(versions.at(-1)?.fromMs ?? 0, lastCall)) seen.set(evse, { ...content, ProviderID: providerId });
        // An own entry hides the one for all, also when only the latter changed since.
        else if (audience === own) seen.delete(evse);
      }
    }
    return [...seen.values()];
  }
}

function audienceOf(providerId: string): string {
  return providerId === ALL ? ALL : canonicalProviderId(providerId);
}

function setOf(operator: string, audience: string): string {
  return `${operator} ${audience}`;
}

function isSince(changedMs: number, lastCall: string | undefined): boolean {
  return lastCall === undefined || changedMs >= (instantOf(lastCall) ?? 0);
}
