import Type from 'typebox';
import { CompoteError } from '../../../core/errors.ts';
import { maskSecrets } from '../../../core/secrets.ts';
import { isoTime } from '../../../core/time.ts';
import { pageOf, pageQuery } from '../../../platform/http/paging.ts';
import { type Route, route } from '../../../platform/http/route.ts';
import { oneOf } from '../../../platform/schema/words.ts';
import { canonicalSessionId } from '../../../protocols/oicp/index.ts';
import type { CdrRecord } from '../state/records.ts';
import type { EmpApi } from './emp-api.ts';
import { listPage } from './list-page.ts';
import { SESSION_STATES, Session, shownSession } from './session-view.ts';

const Cdr = Type.Object({
  id: Type.String({ description: 'The session’s id.' }),
  operatorId: Type.Optional(Type.String()),
  contract: Type.Optional(Type.String()),
  receivedAt: Type.String(),
  source: oneOf(['pushed', 'pulled']),
  deliveries: Type.Integer({ description: 'How often it has come; it is booked once.' }),
  plausible: Type.Boolean(),
  findings: Type.Array(
    Type.Object({ rule: Type.String(), pointer: Type.String(), text: Type.String(), verdict: Type.String() }),
  ),
  record: Type.Unknown({ description: 'eRoamingChargeDetailRecord as it was received.' }),
});

const sessionId = Type.Object({ id: Type.String({ minLength: 1, description: 'SessionID.' }) });

/** What the hub told and asked: sessions, decisions, notifications, charge detail records. */
export function sessionRoutes({ emp }: EmpApi): Route[] {
  const { state } = emp;
  const missing = (what: string, which: string): CompoteError =>
    new CompoteError('NOT_FOUND', { detail: `there is no ${what} ${which}` });
  return [
    route({
      method: 'GET',
      path: '/emp/sessions',
      summary: 'Sessions, the newest first',
      tags: ['Roaming'],
      query: Type.Object({ ...pageQuery, state: Type.Optional(oneOf(SESSION_STATES)) }),
      response: pageOf(Session),
      handler: ({ query }) =>
        listPage(
          query,
          (options) =>
            state.sessions.list({
              ...options,
              by: 'createdMs',
              order: 'descending',
              ...(query.state === undefined ? {} : { where: { state: query.state } }),
            }),
          shownSession,
        ),
    }),
    route({
      method: 'GET',
      path: '/emp/sessions/{id}',
      summary: 'One session',
      tags: ['Roaming'],
      params: sessionId,
      response: Session,
      problems: ['NOT_FOUND'],
      handler: ({ params }) => {
        const session = state.session(params.id);
        if (session === undefined) throw missing('session', params.id);
        return shownSession(session);
      },
    }),
    route({
      method: 'GET',
      path: '/emp/authorisations',
      summary: 'What the hub asked, and what was decided for which reason; the newest first',
      tags: ['Roaming'],
      query: Type.Object({ ...pageQuery }),
      response: pageOf(
        Type.Object({
          id: Type.String(),
          at: Type.String(),
          operation: Type.String(),
          sessionId: Type.String(),
          operatorId: Type.String(),
          granted: Type.Boolean(),
          code: Type.String(),
          reason: Type.String(),
        }),
      ),
      handler: ({ query }) =>
        listPage(
          query,
          (options) => state.authorizations.list(options),
          ({ atMs, identification, ...rest }) => ({
            ...rest,
            at: isoTime(atMs),
            identification: maskSecrets(identification),
          }),
        ),
    }),
    route({
      method: 'GET',
      path: '/emp/notifications',
      summary: 'Charging notifications, the newest first',
      tags: ['Roaming'],
      query: Type.Object({
        ...pageQuery,
        session: Type.Optional(Type.String({ description: 'Only of this session.' })),
      }),
      response: pageOf(
        Type.Object({
          id: Type.String(),
          at: Type.String(),
          sessionId: Type.String(),
          type: oneOf(['Start', 'Progress', 'End', 'Error']),
          notification: Type.Unknown(),
        }),
      ),
      handler: ({ query }) => {
        const where = query.session === undefined ? {} : { where: { sessionId: canonicalSessionId(query.session) } };
        return listPage(
          query,
          (options) => state.notifications.list({ ...options, ...where }),
          ({ id, atMs, sessionId: of, type, text: received }) => ({
            id,
            at: isoTime(atMs),
            sessionId: of,
            type,
            notification: maskSecrets(JSON.parse(received)),
          }),
        );
      },
    }),
    route({
      method: 'GET',
      path: '/emp/cdrs',
      summary: 'Charge detail records, the newest first',
      tags: ['Roaming'],
      query: Type.Object({ ...pageQuery }),
      response: pageOf(Cdr),
      handler: ({ query }) =>
        listPage(query, (options) => state.cdrs.list({ ...options, by: 'receivedMs', order: 'descending' }), shownCdr),
    }),
    route({
      method: 'GET',
      path: '/emp/cdrs/{id}',
      summary: 'The charge detail record of a session',
      tags: ['Roaming'],
      params: sessionId,
      response: Cdr,
      problems: ['NOT_FOUND'],
      handler: ({ params }) => {
        const cdr = state.cdr(params.id);
        if (cdr === undefined) throw missing('charge detail record of', params.id);
        return shownCdr(cdr);
      },
    }),
  ];
}

function shownCdr({ sessionId: id, text: received, receivedMs, findings, ...rest }: CdrRecord): unknown {
  return {
    id,
    ...rest,
    receivedAt: isoTime(receivedMs),
    plausible: findings.every(({ verdict }) => verdict !== 'refuse'),
    findings,
    record: maskSecrets(JSON.parse(received)),
  };
}
