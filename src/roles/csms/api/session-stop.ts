import type { Route } from '../../../platform/http/route.ts';
import { sessionStopRoute } from '../../../platform/journal-api/session-stop.ts';
import { stop } from '../commands/stop.ts';
import { runCommand } from './command-routes.ts';
import { type CsmsApi, knownStation } from './csms-api.ts';

/** The CSMS stops a session by telling its station. */
export function sessionStop(api: CsmsApi): Route {
  return sessionStopRoute(api.journal.query, {
    async csms({ station, ids }) {
      const calls = await runCommand(api, knownStation(api, station), stop, { transactionId: ids.ocppTx });
      const status = calls.at(-1)?.status ?? 'Answered';
      return { done: status === 'Accepted', status };
    },
  });
}
