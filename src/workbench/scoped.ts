import { HALF_NAMES, type Half, halfOf, outOfScope } from '../platform/http/halves.ts';
import type { ApiRequest, Route } from '../platform/http/route.ts';
import type { ServiceName } from '../platform/service.ts';
import type { Forwarder } from './forward.ts';

/** Whose journal a half reads: what its service did not record crossed no boundary of its own. */
export const JOURNAL_OF: Readonly<Record<Half, ServiceName>> = { cpo: 'csms', emp: 'emp' };

/**
 * The workbench's own routes for somebody who sees one half: messages, sessions, findings, traces, statistics and events come
 * from that half's service, which has recorded nothing else, instead of the merged journal. Numbers are then that service's.
 */
export function scoped(routes: readonly Route[], forwarder: Forwarder): Route[] {
  return routes.map((each) => {
    const handler = (asked: ApiRequest): unknown => {
      const { scope } = asked.actor;
      return scope === 'all' ? each.handler(asked) : forwarder.handOn(JOURNAL_OF[scope], asked);
    };
    return { ...each, handler };
  });
}

/** @throws OUT_OF_SCOPE where a path, or a message, belongs to the half that the asker does not see */
export function demandScope({ actor }: Pick<ApiRequest, 'actor'>, service: ServiceName, what: string): void {
  const half = halfOf(service);
  if (actor.scope === 'all' || half === undefined || half === actor.scope) return;
  throw outOfScope(
    `${what} belongs to the ${HALF_NAMES[half]}’s half; ${actor.name} sees the ${HALF_NAMES[actor.scope]}’s`,
  );
}
