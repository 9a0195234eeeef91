import type { Route } from '../http/route.ts';
import { findingRoutes } from './finding-routes.ts';
import { type JournalApi, liveRoutes } from './live-routes.ts';
import { messageRoutes } from './message-routes.ts';
import { ruleRoutes } from './rule-routes.ts';
import { sequenceRoutes } from './sequence-routes.ts';
import { sessionReportRoute } from './session-report-route.ts';
import { sessionRoutes } from './session-routes.ts';
import { viewRoutes } from './view-routes.ts';
import { wholeJournalRoutes } from './whole-journal-routes.ts';

/** The journal of a service: messages, views, findings, rules, statistics, live, export. For the prefix `/api/v1`. */
export function journalRoutes(api: JournalApi): Route[] {
  const { query } = api.journal;
  return [
    ...messageRoutes(query),
    ...findingRoutes(api),
    ...ruleRoutes(query),
    ...viewRoutes(query),
    ...wholeJournalRoutes(api.journal),
    ...sessionRoutes(query),
    sessionReportRoute(query),
    ...sequenceRoutes(query),
    ...liveRoutes(api),
  ];
}
