import type { ExchangeRule } from './exchange/exchange-rule.ts';
import { chargeDetailRecords } from './rules/oicp/charge-detail-records.ts';

/** All rules about exchanges over HTTP, in the order of their families. */
export function exchangeCatalogue(): readonly ExchangeRule[] {
  return [...chargeDetailRecords];
}
