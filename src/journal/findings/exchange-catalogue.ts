import type { ExchangeRule } from './exchange/exchange-rule.ts';
import { answers } from './rules/oicp/answers.ts';
import { bodies } from './rules/oicp/bodies.ts';
import { cdrPlausibility } from './rules/oicp/cdr-plausibility.ts';
import { chargeDetailRecords } from './rules/oicp/charge-detail-records.ts';
import { hub } from './rules/oicp/hub.ts';
import { hubForwards } from './rules/oicp/hub-forwards.ts';
import { identities } from './rules/oicp/identities.ts';
import { notifications } from './rules/oicp/notifications.ts';
import { order } from './rules/oicp/order.ts';
import { pulls } from './rules/oicp/pulls.ts';
import { pushes } from './rules/oicp/pushes.ts';
import { remote } from './rules/oicp/remote.ts';
import { retries } from './rules/oicp/retries.ts';
import { sessions } from './rules/oicp/sessions.ts';
import { waiting } from './rules/oicp/waiting.ts';
import { pools } from './rules/pnc/pools.ts';

/** All rules about exchanges over HTTP, in the order of their families. */
export function exchangeCatalogue(): readonly ExchangeRule[] {
  return [
    ...bodies,
    ...identities,
    ...answers,
    ...retries,
    ...waiting,
    ...sessions,
    ...order,
    ...cdrPlausibility,
    ...chargeDetailRecords,
    ...notifications,
    ...remote,
    ...pushes,
    ...pulls,
    ...hub,
    ...hubForwards,
    ...pools,
  ];
}
