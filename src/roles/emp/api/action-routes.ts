import Type from 'typebox';
import { CompoteError } from '../../../core/errors.ts';
import { DAY_MS, parseTime } from '../../../core/time.ts';
import { type Route, route } from '../../../platform/http/route.ts';
import { oneOf } from '../../../platform/schema/words.ts';
import { STATUS_CODE_VALUES } from '../../../protocols/oicp/index.ts';
import { pushAuthenticationData } from '../outbound/authentication-data.ts';
import { startRemotely, stopRemotely } from '../outbound/charging.ts';
import { pullCdrs, pullEvseData, pullPrices, pullStatuses } from '../outbound/pulls.ts';
import type { EmpSessionRecord } from '../state/records.ts';
import type { EmpApi } from './emp-api.ts';
import { Session, shownSession } from './session-view.ts';

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

/** Everything that is done through the hub, and how its questions are answered. */
export function actionRoutes({ emp }: EmpApi): Route[] {
  const { state } = emp;
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
