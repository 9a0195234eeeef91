import Type, { type Static } from 'typebox';
import { CompoteError } from '../../../core/errors.ts';
import { isoTime } from '../../../core/time.ts';
import { pageOf, pageQuery } from '../../../platform/http/paging.ts';
import { type Route, route } from '../../../platform/http/route.ts';
import { oneOf } from '../../../platform/schema/words.ts';
import { OCPP_VERSIONS } from '../../../protocols/ocpp/versions.ts';
import type { TransactionRecord } from '../state/records.ts';
import { type CsmsApi, knownStation } from './csms-api.ts';
import { ReadingView, readingView, stationParams } from './station-view.ts';

const text = Type.Optional(Type.String());
const integer = Type.Optional(Type.Integer());
const number = Type.Optional(Type.Number());

const TransactionView = Type.Object({
  key: Type.String({ description: '`station/transactionId`.' }),
  station: Type.String(),
  transactionId: Type.String(),
  version: oneOf(OCPP_VERSIONS),
  state: oneOf(['active', 'ended']),
  evse: integer,
  connector: integer,
  idToken: text,
  idTokenType: text,
  groupId: text,
  authorization: Type.Optional(Type.String({ description: 'What the CSMS said about the token.' })),
  chargingState: text,
  startedAt: Type.String(),
  endedAt: text,
  meterStartWh: number,
  meterStopWh: number,
  energyWh: number,
  stoppedReason: text,
  reservationId: integer,
  remoteStartId: integer,
  lastSeqNo: integer,
  missingSeqNos: Type.Optional(Type.Array(Type.Integer(), { description: 'Events that never came.' })),
  offlineEvents: Type.Integer({ description: 'Events that happened while the station was offline.' }),
  events: Type.Integer(),
  remarks: Type.Array(Type.String(), { description: 'What is not as it should be, in words.' }),
  totalCost: number,
  reading: Type.Optional(ReadingView),
  curve: Type.Optional(Type.Array(ReadingView, { description: 'Readings over time; only where one is asked for.' })),
  details: Type.Optional(Type.Unknown({ description: '2.1: limits, tariff and costs as last reported.' })),
});
type TransactionView = Static<typeof TransactionView>;

export function transactionView(record: TransactionRecord, withCurve: boolean): TransactionView {
  const { startFingerprint: _, startedAt, endedAt, reading, curve, details, missingSeqNos, ...rest } = record;
  return {
    ...rest,
    startedAt: isoTime(startedAt),
    ...(endedAt === undefined ? {} : { endedAt: isoTime(endedAt) }),
    ...(missingSeqNos === undefined || missingSeqNos.length === 0 ? {} : { missingSeqNos }),
    ...(reading === undefined ? {} : { reading: readingView(reading) }),
    ...(withCurve ? { curve: curve.map(readingView) } : {}),
    ...(details === undefined ? {} : { details }),
  };
}

const filterQuery = {
  ...pageQuery,
  state: Type.Optional(oneOf(['active', 'ended'])),
  idToken: Type.Optional(Type.String()),
  transactionId: Type.Optional(Type.String()),
};

/** Transactions, the last started first. */
export function transactionRoutes(api: CsmsApi): Route[] {
  const { transactions } = api.csms.state;
  const tags = ['Transactions'];
  const page = (query: { [K in keyof typeof filterQuery]?: unknown } & { station?: string }) => {
    const { station, state, idToken, transactionId, limit, cursor } = query as Static<
      ReturnType<typeof Type.Object<typeof filterQuery>>
    > & { station?: string };
    const where = {
      ...(station === undefined ? {} : { station }),
      ...(state === undefined ? {} : { state }),
      ...(idToken === undefined ? {} : { idToken: idToken.toLowerCase() }),
      ...(transactionId === undefined ? {} : { transactionId }),
    };
    const { items, next } = transactions.page(where, limit ?? 100, cursor);
    const counted = idToken === undefined && transactionId === undefined;
    return {
      items: items.map((record) => transactionView(record, false)),
      ...(next === undefined ? {} : { next }),
      ...(counted ? { total: transactions.count(where) } : {}),
    };
  };
  const one = (record: TransactionRecord | undefined, what: string): TransactionView => {
    if (record !== undefined) return transactionView(record, true);
    throw new CompoteError('NOT_FOUND', { detail: `there is no transaction ${what}` });
  };
  return [
    route({
      method: 'GET',
      path: '/transactions',
      summary: 'List transactions',
      tags,
      query: Type.Object({ ...filterQuery, station: Type.Optional(Type.String()) }),
      response: pageOf(TransactionView),
      handler: ({ query }) => page(query),
    }),
    route({
      method: 'GET',
      path: '/transactions/{station}/{transactionId}',
      summary: 'One transaction, with its readings',
      tags,
      params: Type.Object({ station: Type.String(), transactionId: Type.String() }),
      response: TransactionView,
      problems: ['NOT_FOUND'],
      handler: ({ params: { station, transactionId } }) =>
        one(transactions.get(station, transactionId), `${transactionId} of ${station}`),
    }),
    route({
      method: 'GET',
      path: '/stations/{id}/transactions',
      summary: 'Transactions of a station',
      tags,
      params: stationParams,
      query: Type.Object(filterQuery),
      response: pageOf(TransactionView),
      problems: ['UNKNOWN_STATION'],
      handler: ({ params, query }) => page({ ...query, station: knownStation(api, params.id).id }),
    }),
    route({
      method: 'GET',
      path: '/stations/{id}/transactions/{transactionId}',
      summary: 'One transaction of a station, with its readings',
      tags,
      params: Type.Object({ id: Type.String(), transactionId: Type.String() }),
      response: TransactionView,
      problems: ['UNKNOWN_STATION', 'NOT_FOUND'],
      handler: ({ params: { id, transactionId } }) =>
        one(transactions.get(knownStation(api, id).id, transactionId), `${transactionId} of ${id}`),
    }),
  ];
}
