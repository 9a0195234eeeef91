import Type from 'typebox';
import { CompoteError } from '../../../core/errors.ts';
import { isoTime } from '../../../core/time.ts';
import { pageOf, pageQuery } from '../../../platform/http/paging.ts';
import { type Route, route } from '../../../platform/http/route.ts';
import { canonicalEvseId } from '../../../protocols/oicp/index.ts';
import { knownOperators } from '../state/catalogue.ts';
import type { EmpApi } from './emp-api.ts';
import { listPage } from './list-page.ts';

/** EVSEs, status, operators and prices, as the hub gave them, and when it did. */
export function catalogueRoutes(api: EmpApi): Route[] {
  const { emp } = api;
  const { state } = emp;
  const missing = (what: string, which: string): CompoteError =>
    new CompoteError('NOT_FOUND', { detail: `there is no ${what} ${which}` });
  return [
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
