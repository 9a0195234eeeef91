import Type from 'typebox';
import { CompoteError } from '../../../core/errors.ts';
import { maskSecrets } from '../../../core/secrets.ts';
import { DAY_MS, isoTime, parseTime } from '../../../core/time.ts';
import { pageOf, pageQuery } from '../../../platform/http/paging.ts';
import { type Route, route } from '../../../platform/http/route.ts';
import { oneOf } from '../../../platform/schema/words.ts';
import { canonicalEvseId, canonicalSessionId, STATUS_CODE_VALUES } from '../../../protocols/oicp/index.ts';
import { pushAuthenticationData } from '../outbound/authentication-data.ts';
import { startRemotely, stopRemotely } from '../outbound/charging.ts';
import { pullCdrs, pullEvseData, pullPrices, pullStatuses } from '../outbound/pulls.ts';
import { knownOperators } from '../state/catalogue.ts';
import type { CdrRecord, EmpSessionRecord } from '../state/records.ts';
import type { EmpApi } from './emp-api.ts';
import { listPage } from './list-page.ts';

const STATES = ['authorised', 'accepted', 'charging', 'stopping', 'ended', 'settled'] as const;

const Session = Type.Object({
  id: Type.String(),
  kind: oneOf(['authorised', 'remote', 'reservation', 'offline']),
  state: oneOf(STATES),
  contract: Type.Optional(Type.String()),
  operatorId: Type.Optional(Type.String()),
  evseId: Type.Optional(Type.String()),
  energyKwh: Type.Optional(Type.Number()),
  createdAt: Type.String(),
  updatedAt: Type.String(),
});
const Step = Type.Object({
  operation: Type.String(),
  outcome: Type.String(),
  code: Type.Optional(Type.String()),
  meaning: Type.Optional(Type.String()),
  reason: Type.Optional(Type.String()),
  ms: Type.Number(),
  trace: Type.String(),
});
const ActionAnswer = Type.Object({
  done: Type.Boolean(),
  steps: Type.Array(Step, { description: 'Each call to the hub with its outcome.' }),
  session: Type.Optional(Session),
  summary: Type.Optional(Type.String()),
});
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
const Policy = Type.Object({
  mode: oneOf(['contracts', 'accept-all', 'reject-all', 'silent'], {
    description: 'How AuthorizeStart is answered: as the contracts say, or on purpose otherwise.',
  }),
  code: oneOf(STATUS_CODE_VALUES, { description: 'For `reject-all`.' }),
  delayMs: Type.Integer({ minimum: 0, maximum: 600_000, description: 'Waits before it answers.' }),
});

const text = (description: string) => Type.Optional(Type.String({ description }));
const Action = Type.Object(
  {
    action: oneOf(
      [
        'start',
        'stop',
        'reserve',
        'cancel',
        'pull-evses',
        'pull-statuses',
        'pull-prices',
        'pull-cdrs',
        'push-auth-data',
      ],
      { description: '`cancel` ends a reservation, `stop` a charging session.' },
    ),
    evseId: text('For `start` and `reserve`.'),
    evcoId: text('Whose contract; for `start` and `reserve`.'),
    sessionId: text('For `stop` and `cancel`.'),
    productId: text('PartnerProductID.'),
    minutes: Type.Optional(Type.Integer({ minimum: 1, maximum: 99, description: 'For `reserve`; 30 when absent.' })),
    mode: Type.Optional(oneOf(['full', 'delta'], { description: 'For `pull-evses`; `delta` when absent.' })),
    evseIds: Type.Optional(Type.Array(Type.String(), { description: 'For `pull-statuses`: these only.' })),
    operatorIds: Type.Optional(Type.Array(Type.String(), { description: 'For pulls: of these operators only.' })),
    from: text('For `pull-cdrs`: receipt at the hub, ISO 8601; yesterday when absent.'),
    to: text('For `pull-cdrs`; now when absent.'),
    onlyMissing: Type.Optional(Type.Boolean({ description: 'For `pull-cdrs`: what the hub could not deliver.' })),
    push: Type.Optional(
      oneOf(['fullLoad', 'insert', 'update', 'delete'], {
        description: 'For `push-auth-data`; `fullLoad` when absent.',
      }),
    ),
    media: Type.Optional(Type.Array(Type.String(), { description: 'For `push-auth-data`: these media only.' })),
  },
  { additionalProperties: false },
);

const sessionId = Type.Object({ id: Type.String({ minLength: 1, description: 'SessionID.' }) });

/** Sessions, records, the catalogue of EVSEs, and everything that is done through the hub. */
export function roamingRoutes(api: EmpApi): Route[] {
  const { emp } = api;
  const { state } = emp;
  const missing = (what: string, which: string): CompoteError =>
    new CompoteError('NOT_FOUND', { detail: `there is no ${what} ${which}` });
  return [
    route({
      method: 'POST',
      path: '/emp/actions',
      summary: 'Do something through the hub: start, stop, reserve, pull, upload',
      description: 'Answers 200 with the steps also when the hub or the operator refuses: `done` tells.',
      tags: ['Actions'],
      body: Action,
      response: ActionAnswer,
      problems: ['NOT_FOUND', 'CONFLICT'],
      async handler({ body }) {
        const need = (member: 'evseId' | 'evcoId' | 'sessionId'): string => {
          const value = body[member];
          if (value !== undefined) return value;
          throw new CompoteError('INVALID_REQUEST', {
            fields: [{ pointer: `/${member}`, msg: `is needed for ${body.action}` }],
          });
        };
        switch (body.action) {
          case 'start':
          case 'reserve': {
            const minutes = body.action === 'reserve' ? (body.minutes ?? 30) : undefined;
            return shownAction(
              await startRemotely(emp, {
                evseId: need('evseId'),
                evcoId: need('evcoId'),
                productId: body.productId,
                minutes,
              }),
            );
          }
          case 'stop':
          case 'cancel':
            return shownAction(await stopRemotely(emp, need('sessionId')));
          case 'pull-evses':
            return pullEvseData(
              emp,
              body.mode ?? 'delta',
              body.operatorIds === undefined ? {} : { OperatorIds: body.operatorIds },
            );
          case 'pull-statuses':
            return pullStatuses(emp, { evseIds: body.evseIds, operatorIds: body.operatorIds });
          case 'pull-prices':
            return pullPrices(emp, body.operatorIds);
          case 'pull-cdrs':
            return pullCdrs(emp, { ...rangeOf(body, emp.nowMs()), onlyMissing: body.onlyMissing });
          case 'push-auth-data':
            return pushAuthenticationData(emp, body.push ?? 'fullLoad', body.media);
        }
      },
    }),
    route({
      method: 'GET',
      path: '/emp/policy',
      summary: 'How AuthorizeStart is answered',
      tags: ['Actions'],
      response: Policy,
      handler: () => state.policy,
    }),
    route({
      method: 'PATCH',
      path: '/emp/policy',
      summary: 'Answer AuthorizeStart otherwise on purpose',
      tags: ['Actions'],
      body: Type.Partial(Policy, { additionalProperties: false }),
      response: Policy,
      handler: ({ body: { mode, code, delayMs } }) => {
        const before = state.policy;
        state.policy = { mode: mode ?? before.mode, code: code ?? before.code, delayMs: delayMs ?? before.delayMs };
        return state.policy;
      },
    }),
    route({
      method: 'GET',
      path: '/emp/sessions',
      summary: 'Sessions, the newest first',
      tags: ['Roaming'],
      query: Type.Object({ ...pageQuery, state: Type.Optional(oneOf(STATES)) }),
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
    route({
      method: 'GET',
      path: '/emp/evses',
      summary: 'The catalogue of EVSEs, with status',
      tags: ['Catalogue'],
      query: Type.Object({
        ...pageQuery,
        operator: Type.Optional(Type.String({ description: 'Only of this OperatorID.' })),
      }),
      response: pageOf(
        Type.Object({
          evseId: Type.String(),
          operatorId: Type.String(),
          status: Type.Optional(Type.String()),
          statusSince: Type.Optional(Type.String()),
          record: Type.Unknown({ description: 'PullEvseDataRecordType.' }),
        }),
      ),
      handler: ({ query }) =>
        listPage(
          query,
          (options) =>
            state.evses.list({
              ...options,
              ...(query.operator === undefined ? {} : { where: { operatorId: query.operator } }),
            }),
          ({ key, operatorId, record }) => {
            const status = state.statuses.get(key);
            return {
              evseId: record.EvseID,
              operatorId,
              record,
              ...(status === undefined ? {} : { status: status.status, statusSince: isoTime(status.sinceMs) }),
            };
          },
        ),
    }),
    route({
      method: 'GET',
      path: '/emp/evses/{id}',
      summary: 'One EVSE with status and prices',
      tags: ['Catalogue'],
      params: Type.Object({ id: Type.String({ minLength: 1, description: 'EVSE id in any spelling.' }) }),
      response: Type.Object({
        evseId: Type.String(),
        operatorId: Type.String(),
        record: Type.Unknown(),
        status: Type.Optional(Type.String()),
        products: Type.Array(Type.String()),
      }),
      problems: ['NOT_FOUND'],
      handler: ({ params }) => {
        const key = canonicalEvseId(params.id);
        const evse = state.evses.get(key);
        if (evse === undefined) throw missing('EVSE', params.id);
        const status = state.statuses.get(key)?.status;
        const priced = [...state.prices.all()]
          .flatMap(({ evses }) => evses)
          .filter(({ EvseID }) => canonicalEvseId(EvseID) === key)
          // What is offered to us alone counts before what is offered to all.
          .sort((a, b) => Number(a.ProviderID === '*') - Number(b.ProviderID === '*'))[0];
        return {
          evseId: evse.record.EvseID,
          operatorId: evse.operatorId,
          record: evse.record,
          products: priced?.EvseIDProductList ?? [],
          ...(status === undefined ? {} : { status }),
        };
      },
    }),
    route({
      method: 'GET',
      path: '/emp/operators',
      summary: 'Operators of the catalogue',
      tags: ['Catalogue'],
      response: Type.Object({
        items: Type.Array(Type.Object({ operatorId: Type.String(), name: Type.String(), evses: Type.Integer() })),
      }),
      handler: () => ({ items: knownOperators(state) }),
    }),
    route({
      method: 'GET',
      path: '/emp/prices',
      summary: 'Products and EVSE prices, by operator',
      tags: ['Catalogue'],
      query: Type.Object({ ...pageQuery }),
      response: pageOf(
        Type.Object({
          operatorId: Type.String(),
          products: Type.Array(Type.Unknown()),
          evses: Type.Array(Type.Unknown()),
          pulledAt: Type.String(),
        }),
      ),
      handler: ({ query }) =>
        listPage(
          query,
          (options) => state.prices.list(options),
          ({ operatorId, products, evses, pulledMs }) => ({
            operatorId,
            products,
            evses,
            pulledAt: isoTime(pulledMs),
          }),
        ),
    }),
    route({
      method: 'GET',
      path: '/emp/pulls',
      summary: 'What the scheduled pulls did last',
      tags: ['Catalogue'],
      response: Type.Object({
        hub: Type.String({ description: 'Where the hub is.' }),
        items: Type.Array(
          Type.Object({
            kind: Type.String(),
            lastTryAt: Type.String(),
            lastSuccessAt: Type.Optional(Type.String()),
            failures: Type.Integer({ description: 'In a row.' }),
            outcome: Type.String(),
          }),
        ),
      }),
      handler: () => ({
        hub: api.hubUrl(),
        items: [...state.pulls.pinned()].map(({ kind, lastTryMs, lastSuccessMs, failures, outcome }) => ({
          kind,
          lastTryAt: isoTime(lastTryMs),
          failures,
          outcome,
          ...(lastSuccessMs === undefined ? {} : { lastSuccessAt: isoTime(lastSuccessMs) }),
        })),
      }),
    }),
  ];
}

function rangeOf({ from, to }: { from?: string; to?: string }, nowMs: number): { fromMs: number; toMs: number } {
  const time = (pointer: string, given: string | undefined, otherwise: number): number => {
    const parsed = given === undefined ? otherwise : parseTime(given);
    if (parsed !== undefined) return parsed;
    throw new CompoteError('INVALID_REQUEST', { fields: [{ pointer, msg: `“${given}” is not a time` }] });
  };
  // The hub reads seconds: the one that runs is included.
  const toMs = time('/to', to, nowMs + 1_000);
  const fromMs = time('/from', from, toMs - DAY_MS);
  if (fromMs >= toMs || toMs - fromMs > 90 * DAY_MS) {
    const msg = fromMs >= toMs ? 'must be before `to`' : 'is more than 90 days before `to`';
    throw new CompoteError('INVALID_REQUEST', { fields: [{ pointer: '/from', msg }] });
  }
  return { fromMs, toMs };
}

function shownAction<Result extends { readonly session?: EmpSessionRecord }>({ session, ...rest }: Result): unknown {
  return { ...rest, ...(session === undefined ? {} : { session: shownSession(session) }) };
}

function shownSession(session: EmpSessionRecord): unknown {
  const { sessionId: id, createdMs, updatedMs, identification, ...rest } = session;
  return {
    id,
    ...rest,
    ...(identification === undefined ? {} : { identification: maskSecrets(identification) }),
    createdAt: isoTime(createdMs),
    updatedAt: isoTime(updatedMs),
  };
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
