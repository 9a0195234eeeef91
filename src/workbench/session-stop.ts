import type { JournalQuery } from '../journal/index.ts';
import type { Route } from '../platform/http/route.ts';
import { sessionStopRoute } from '../platform/journal-api/session-stop.ts';
import type { Forwarder } from './forward.ts';

interface CsmsAnswer {
  readonly status: string;
}

interface EmpAnswer {
  readonly done: boolean;
  readonly steps: readonly { readonly code?: string; readonly outcome: string; readonly reason?: string }[];
}

/**
 * Sessions of the merged journal are stopped by the services that can. Those number sessions by their own journals: they
 * are told which one by the ids of the wire.
 */
export function sessionStop(query: JournalQuery, forwarder: Forwarder): Route {
  return sessionStopRoute(query, {
    async csms({ station, ids }, token) {
      const path = `/api/v1/stations/${encodeURIComponent(station)}/commands/stop`;
      const { status } = (await forwarder.call(
        'csms',
        'POST',
        path,
        { transactionId: ids.ocppTx },
        token,
      )) as CsmsAnswer;
      return { done: status === 'Accepted', status };
    },
    async emp({ ids }, token) {
      const asked = { action: 'stop', sessionId: ids.oicp };
      const { done, steps } = (await forwarder.call('emp', 'POST', '/api/v1/emp/actions', asked, token)) as EmpAnswer;
      const { code, outcome = 'none', reason } = steps.at(-1) ?? {};
      return { done, status: code ?? outcome, ...(reason === undefined ? {} : { reason }) };
    },
  });
}
