import Type, { type Static } from 'typebox';
import { CompoteError } from '../../../core/errors.ts';
import { isoTime } from '../../../core/time.ts';
import { pageOf, pageQuery } from '../../../platform/http/paging.ts';
import { type Route, route } from '../../../platform/http/route.ts';
import { parseEvcoId } from '../../../protocols/oicp/index.ts';
import type { RoamingSession } from '../oicp/roaming-sessions.ts';
import type { CsmsApi } from './csms-api.ts';

const text = Type.Optional(Type.String());
const SessionView = Type.Object({
  sessionId: Type.String({ description: 'The hub’s.' }),
  kind: Type.String({ description: '`authorised` (a driver at the station), `remote` or `reservation`.' }),
  state: Type.String({ description: '`starting`, `pending`, `reserved`, `charging`, `closed` or `dropped`.' }),
  station: Type.String(),
  evse: Type.Optional(Type.Integer()),
  evseId: text,
  providerId: text,
  cpoPartnerSessionId: Type.String(),
  empPartnerSessionId: text,
  transaction: Type.Optional(Type.String({ description: '`station/transactionId`.' })),
  createdAt: Type.String(),
  answer: Type.Optional(Type.String({ description: 'Code that a remote start or reservation was answered with.' })),
  cdr: Type.Optional(
    Type.Object({
      state: Type.String({ description: '`waiting`, `accepted`, `delivered` (before), `refused` or `failed`.' }),
      at: Type.String(),
      code: text,
      reason: text,
      record: Type.Unknown(),
    }),
  ),
});
const Waiting = Type.Object({
  operation: Type.String(),
  subject: Type.String(),
  lane: Type.String(),
  attempts: Type.Integer(),
  createdAt: Type.String(),
  nextAt: Type.Optional(Type.String({ description: 'The next try.' })),
  lastError: text,
});
const params = Type.Object({ id: Type.String({ minLength: 1, maxLength: 60, description: 'SessionID of the hub.' }) });

const QrLogin = Type.Object(
  {
    station: Type.String({ minLength: 1 }),
    evse: Type.Optional(Type.Integer({ minimum: 1 })),
    evcoId: Type.String({ minLength: 1, maxLength: 40, description: 'Contract id.' }),
    pin: Type.String({ minLength: 1, maxLength: 20 }),
  },
  { additionalProperties: false },
);

function checkContract(evcoId: string): void {
  if (parseEvcoId(evcoId) !== undefined) return;
  throw new CompoteError('INVALID_REQUEST', {
    fields: [{ pointer: '/evcoId', msg: 'is no contract id, such as DE-DCB-C12345678-X' }],
  });
}

function sessionView(session: RoamingSession): Static<typeof SessionView> {
  const { sessionId, kind, state, station, evse, evseId, providerId, cpoPartnerSessionId, empPartnerSessionId } =
    session;
  const { transactionKey, createdMs, answer, cdr } = session;
  return {
    sessionId,
    kind,
    state,
    station,
    cpoPartnerSessionId,
    createdAt: isoTime(createdMs),
    ...(evse === undefined ? {} : { evse }),
    ...(evseId === undefined ? {} : { evseId }),
    ...(providerId === undefined ? {} : { providerId }),
    ...(empPartnerSessionId === undefined ? {} : { empPartnerSessionId }),
    ...(transactionKey === undefined ? {} : { transaction: transactionKey }),
    ...(answer === undefined ? {} : { answer: answer.code }),
    ...(cdr === undefined
      ? {}
      : {
          cdr: {
            state: cdr.state,
            at: isoTime(cdr.atMs),
            record: JSON.parse(cdr.text),
            ...(cdr.code === undefined ? {} : { code: cdr.code }),
            ...(cdr.reason === undefined ? {} : { reason: cdr.reason }),
          },
        }),
  };
}

/** Sessions of roaming with their records, and what waits for the hub. */
export function roamingRoutes({ cpo }: CsmsApi): Route[] {
  const tags = ['Roaming'];
  const known = (id: string): RoamingSession => {
    const session = cpo.sessions.get(id);
    if (session === undefined) throw new CompoteError('NOT_FOUND', { detail: `there is no session ${id}` });
    return session;
  };
  return [
    route({
      method: 'GET',
      path: '/roaming/sessions',
      summary: 'Sessions of the hub, the newest first',
      tags,
      query: Type.Object({ ...pageQuery, state: Type.Optional(Type.String()) }),
      response: pageOf(SessionView),
      handler({ query: { limit = 100, cursor, state } }) {
        const { items, next } = cpo.sessions.page(state === undefined ? {} : { state }, limit, cursor);
        return { items: items.map(sessionView), ...(next === undefined ? {} : { next }) };
      },
    }),
    route({
      method: 'GET',
      path: '/roaming/sessions/{id}',
      summary: 'One session of the hub',
      tags,
      params,
      response: SessionView,
      problems: ['NOT_FOUND'],
      handler: ({ params: { id } }) => sessionView(known(id)),
    }),
    route({
      method: 'POST',
      path: '/roaming/sessions/{id}/cdr',
      summary: 'Send a record again that the hub did not take',
      tags,
      params,
      response: SessionView,
      status: 202,
      problems: ['NOT_FOUND', 'CONFLICT'],
      handler({ params: { id } }) {
        const session = known(id);
        if (session.cdr === undefined || session.cdr.state === 'waiting') {
          throw new CompoteError('CONFLICT', {
            detail: session.cdr === undefined ? 'the session has no record' : 'the record waits for the hub already',
          });
        }
        cpo.flow.sendCdr(session);
        return sessionView(known(id));
      },
    }),
    route({
      method: 'GET',
      path: '/roaming/outbox',
      summary: 'What waits for the hub, the oldest first',
      tags,
      response: Type.Object({ enabled: Type.Boolean(), items: Type.Array(Waiting) }),
      handler: () => ({
        enabled: cpo.config.enabled,
        items: cpo.outbox
          .waiting()
          .slice(0, 1_000)
          .map(({ operation, subject, lane, attempts, createdMs, nextMs, lastError }) => ({
            operation,
            subject,
            lane,
            attempts,
            createdAt: isoTime(createdMs),
            ...(nextMs === 0 ? {} : { nextAt: isoTime(nextMs) }),
            ...(lastError === undefined ? {} : { lastError }),
          })),
      }),
    }),
    route({
      method: 'POST',
      path: '/roaming/logins',
      summary: 'A driver at a station gives contract and PIN',
      description:
        'For the page behind the QR code on a station: the hub is asked with the clear PIN, which is not kept, and on a yes the station is told to start.',
      tags,
      body: QrLogin,
      response: Type.Object({
        started: Type.Boolean(),
        reason: Type.String(),
        sessionId: text,
        code: Type.Optional(Type.String({ description: 'OICP code that the station’s answer means.' })),
      }),
      problems: ['CONFLICT', 'STATION_NOT_CONNECTED'],
      handler({ body }) {
        checkContract(body.evcoId);
        return cpo.logins.login(body);
      },
    }),
    route({
      method: 'POST',
      path: '/roaming/logouts',
      summary: 'A driver who came with contract and PIN ends the session',
      description:
        'The provider is asked with the PIN once more (AuthorizeStop): it is not kept after the login. On a yes the station is told to stop. Without it the session ends by its record alone.',
      tags,
      body: QrLogin,
      response: Type.Object({
        stopped: Type.Boolean(),
        reason: Type.String(),
        sessionId: Type.String(),
        code: Type.Optional(Type.String({ description: 'OICP code of the refusal, or of the station’s answer.' })),
      }),
      problems: ['CONFLICT', 'NOT_FOUND', 'STATION_NOT_CONNECTED'],
      handler({ body }) {
        checkContract(body.evcoId);
        return cpo.logins.logout(body);
      },
    }),
    route({
      method: 'POST',
      path: '/roaming/push',
      summary: 'Push all EVSE data, status and prices now (fullLoad)',
      tags,
      status: 204,
      problems: ['CONFLICT'],
      handler() {
        if (!cpo.config.enabled) throw new CompoteError('CONFLICT', { detail: 'roaming is off (csms.oicp.enabled)' });
        cpo.push.fullLoad();
        cpo.prices.push();
        cpo.outbox.wake();
      },
    }),
  ];
}
