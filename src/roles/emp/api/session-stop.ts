import type { Route } from '../../../platform/http/route.ts';
import { sessionStopRoute } from '../../../platform/journal-api/session-stop.ts';
import { stopRemotely } from '../outbound/charging.ts';
import type { EmpApi } from './emp-api.ts';

/** The EMP stops a session by asking the hub. */
export function sessionStop({ emp, journal }: EmpApi): Route {
  return sessionStopRoute(journal.query, {
    async emp({ ids }) {
      const { done, steps } = await stopRemotely(emp, ids.oicp ?? '');
      const { code, outcome, reason, meaning } = steps.at(-1) ?? {};
      const why = reason ?? (done ? undefined : meaning);
      return { done, status: code ?? outcome ?? 'none', ...(why === undefined ? {} : { reason: why }) };
    },
  });
}
