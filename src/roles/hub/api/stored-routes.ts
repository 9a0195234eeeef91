import Type from 'typebox';
import { CompoteError } from '../../../core/errors.ts';
import { maskSecrets } from '../../../core/secrets.ts';
import { isoTime } from '../../../core/time.ts';
import { pageByKey, pageOf, pageQuery } from '../../../platform/http/paging.ts';
import { type Route, route } from '../../../platform/http/route.ts';
import { oneOf } from '../../../platform/schema/words.ts';
import { canonicalEvseId, canonicalSessionId } from '../../../protocols/oicp/index.ts';
import type { CdrRecord, SessionRecord } from '../state/records.ts';
import type { HubApi } from './hub-api.ts';

const STATES = ['pending', 'active', 'stopped', 'closed', 'invalidated'] as const;
const FORWARDING = ['pending', 'forwarded', 'not-forwarded', 'emp-error'] as const;

const Session = Type.Object({
  id: Type.String(),
  state: oneOf(STATES),
  kind: oneOf(['authorization', 'remote', 'reservation']),
  operator: Type.String(),
  provider: Type.Optional(Type.String()),
  decidedBy: oneOf(['offline', 'online']),
  evseId: Type.Optional(Type.String()),
  createdAt: Type.String(),
  updatedAt: Type.String(),
});

const Cdr = Type.Object({
  id: Type.String({ description: 'The session’s id.' }),
  operator: Type.String(),
  provider: Type.Optional(Type.String()),
  receivedAt: Type.String(),
  forwarding: oneOf(FORWARDING),
  forwardedAt: Type.Optional(Type.String()),
  reason: Type.Optional(Type.String({ description: 'Why it was not taken.' })),
  attempts: Type.Optional(Type.Integer({ description: 'Tries so far, while it waits.' })),
  record: Type.Unknown({ description: 'eRoamingChargeDetailRecord as it was received.' }),
});

const Owned = Type.Object({ owner: Type.String({ description: 'Partner.' }), record: Type.Unknown() });
const evseId = Type.Object({ id: Type.String({ minLength: 1, description: 'EVSE id in any spelling.' }) });
const sessionId = Type.Object({ id: Type.String({ minLength: 1, description: 'SessionID.' }) });
const owner = Type.Optional(Type.String({ description: 'Only of this partner.' }));

/** What the hub has stored: sessions, charge detail records, EVSE data and status, prices, authentication data. */
export function storedRoutes({ hub, nowMs }: HubApi): Route[] {
  const { state } = hub;
  const attempts = (cdr: CdrRecord): number | undefined =>
    hub.forwarding.waiting().find(({ subject }) => canonicalSessionId(subject) === canonicalSessionId(cdr.sessionId))
      ?.attempts;
  const mustCdr = (id: string): CdrRecord => {
    const cdr = state.cdrs.get(canonicalSessionId(id));
    if (cdr === undefined) throw new CompoteError('NOT_FOUND', { detail: `there is no charge detail record of ${id}` });
    return cdr;
  };
  return [
    route({
      method: 'GET',
      path: '/hub/sessions',
      summary: 'Sessions',
      tags: ['Stored'],
      query: Type.Object({ ...pageQuery, state: Type.Optional(oneOf(STATES)) }),
      response: pageOf(Session),
      handler: ({ query: { cursor, limit = 100, state: wanted } }) => {
        const { items, next } = state.sessions.list({
          limit,
          ...(cursor === undefined ? {} : { after: cursor }),
          ...(wanted === undefined ? {} : { where: { state: wanted } }),
        });
        return { items: items.map(shownSession), ...(next === undefined ? {} : { next }) };
      },
    }),
    route({
      method: 'GET',
      path: '/hub/sessions/{id}',
      summary: 'One session',
      tags: ['Stored'],
      params: sessionId,
      response: Session,
      problems: ['NOT_FOUND'],
      handler: ({ params }) => {
        const session = state.sessions.get(params.id);
        if (session === undefined) throw new CompoteError('NOT_FOUND', { detail: `there is no session ${params.id}` });
        return shownSession(session);
      },
    }),
    route({
      method: 'GET',
      path: '/hub/cdrs',
      summary: 'Charge detail records, the newest first',
      tags: ['Stored'],
      query: Type.Object({
        ...pageQuery,
        forwarding: Type.Optional(oneOf(FORWARDING)),
        provider: Type.Optional(Type.String({ description: 'Only of sessions of this partner.' })),
      }),
      response: pageOf(Cdr),
      handler: ({ query: { cursor, limit = 100, forwarding, provider } }) => {
        const { items, next } = state.cdrs.list({
          limit,
          by: 'receivedMs',
          order: 'descending',
          ...(cursor === undefined ? {} : { after: cursor }),
          where: {
            ...(forwarding === undefined ? {} : { forwarding }),
            ...(provider === undefined ? {} : { provider }),
          },
        });
        return {
          items: items.map((cdr) => shownCdr(cdr, attempts(cdr))),
          ...(next === undefined ? {} : { next }),
        };
      },
    }),
    route({
      method: 'GET',
      path: '/hub/cdrs/{id}',
      summary: 'The charge detail record of a session',
      tags: ['Stored'],
      params: sessionId,
      response: Cdr,
      problems: ['NOT_FOUND'],
      handler: ({ params }) => {
        const cdr = mustCdr(params.id);
        return shownCdr(cdr, attempts(cdr));
      },
    }),
    route({
      method: 'POST',
      path: '/hub/cdrs/{id}/forward',
      summary: 'Send a charge detail record to its EMP again, now',
      tags: ['Stored'],
      params: sessionId,
      response: Cdr,
      problems: ['NOT_FOUND', 'CONFLICT'],
      handler: ({ params }) => {
        if (!hub.forwarding.again(mustCdr(params.id))) {
          throw new CompoteError('CONFLICT', { detail: 'no registered EMP has authorised this session' });
        }
        const cdr = mustCdr(params.id);
        return shownCdr(cdr, attempts(cdr));
      },
    }),
    route({
      method: 'GET',
      path: '/hub/evses',
      summary: 'EVSE data of all operators',
      tags: ['Stored'],
      query: Type.Object({ ...pageQuery, owner }),
      response: pageOf(Type.Object({ ...Owned.properties, status: Type.Optional(Type.String()) })),
      handler: ({ query }) => {
        const all = [...state.evseData.current()]
          .filter((each) => query.owner === undefined || each.owner === query.owner)
          .map(({ owner: of, record }) => ({
            owner: of,
            record,
            status: state.evseStatus.get(of, canonicalEvseId(record.EvseID))?.EvseStatus,
          }))
          .sort((a, b) => (a.record.EvseID < b.record.EvseID ? -1 : 1));
        return pageByKey(all, ({ record }) => record.EvseID, query);
      },
    }),
    route({
      method: 'GET',
      path: '/hub/evses/{id}',
      summary: 'One EVSE: data, status, past',
      tags: ['Stored'],
      params: evseId,
      response: Type.Object({
        owner: Type.String(),
        record: Type.Unknown(),
        status: Type.Optional(Type.String()),
        versions: Type.Array(Type.Object({ from: Type.String(), record: Type.Optional(Type.Unknown()) })),
      }),
      problems: ['NOT_FOUND'],
      handler: ({ params }) => {
        const of = state.partners.operatorOfEvse(params.id)?.key;
        const record = of === undefined ? undefined : state.evseData.get(of, params.id);
        if (of === undefined || record === undefined) {
          throw new CompoteError('NOT_FOUND', { detail: `there is no data of the EVSE ${params.id}` });
        }
        const status = state.evseStatus.get(of, canonicalEvseId(params.id))?.EvseStatus;
        const versions = state.evseData.versions(of, params.id).map(({ fromMs, content }) => ({
          from: isoTime(fromMs),
          ...(content === undefined ? {} : { record: content }),
        }));
        return { owner: of, record, versions, ...(status === undefined ? {} : { status }) };
      },
    }),
    route({
      method: 'GET',
      path: '/hub/statuses',
      summary: 'EVSE status of all operators',
      tags: ['Stored'],
      query: Type.Object({ ...pageQuery, owner }),
      response: pageOf(
        Type.Object({ owner: Type.String(), evseId: Type.String(), status: Type.String(), since: Type.String() }),
      ),
      handler: ({ query }) => {
        const all = [...state.evseStatus.current(query.owner)].map(({ owner: of, content, versions }) => ({
          owner: of,
          evseId: content.EvseID,
          status: content.EvseStatus,
          since: isoTime(versions.at(-1)?.fromMs ?? 0),
        }));
        return pageByKey(
          all.sort((a, b) => (a.evseId < b.evseId ? -1 : 1)),
          (each) => each.evseId,
          query,
        );
      },
    }),
    route({
      method: 'GET',
      path: '/hub/pricing',
      summary: 'Pricing products, and the products of EVSEs',
      tags: ['Stored'],
      response: Type.Object({
        products: Type.Array(Type.Object({ operator: Type.String(), products: Type.Unknown() })),
        evses: Type.Array(
          Type.Object({
            operator: Type.String(),
            pricing: Type.Unknown(),
            unknownProducts: Type.Array(Type.String({ description: 'Named here, but in no product set.' })),
          }),
        ),
      }),
      handler: () => {
        const products = [...state.pricing.products(state.partners.all().map(({ key }) => key))];
        const known = new Set(
          products.flatMap(({ operator, products: set }) =>
            set.PricingProductDataRecords.map(({ ProductID }) => `${operator} ${ProductID}`),
          ),
        );
        const evses = [...state.pricing.evses()].map(({ operator, pricing }) => ({
          operator,
          pricing,
          unknownProducts: pricing.EvseIDProductList.filter((product) => !known.has(`${operator} ${product}`)),
        }));
        return { products, evses };
      },
    }),
    route({
      method: 'GET',
      path: '/hub/auth-data',
      summary: 'Authentication data that EMPs have uploaded',
      description: 'Hashes of PINs are not shown.',
      tags: ['Stored'],
      query: Type.Object({ ...pageQuery, owner }),
      response: pageOf(
        Type.Object({
          owner: Type.String(),
          id: Type.String(),
          identification: Type.Unknown(),
          since: Type.String(),
          alsoOf: Type.Array(Type.String({ description: 'Other EMPs that uploaded the same.' })),
        }),
      ),
      handler: ({ query }) => {
        const records = [...state.authenticationData.current()];
        const owners = new Map<string, string[]>();
        for (const { id, owner: of } of records) owners.set(id, [...(owners.get(id) ?? []), of]);
        const all = records
          .filter((each) => query.owner === undefined || each.owner === query.owner)
          .map(({ owner: of, id, content, versions, key }) => ({
            key,
            owner: of,
            id,
            identification: maskSecrets(content),
            since: isoTime(versions.at(-1)?.fromMs ?? 0),
            alsoOf: (owners.get(id) ?? []).filter((other) => other !== of),
          }))
          .sort((a, b) => (a.key < b.key ? -1 : 1));
        const { items, ...page } = pageByKey(all, ({ key }) => key, query);
        return { ...page, items: items.map(({ key: _key, ...item }) => item) };
      },
    }),
    route({
      method: 'GET',
      path: '/hub/limits',
      summary: 'Calls per partner and operation beside the limits',
      tags: ['Behaviour'],
      response: Type.Object({
        enabled: Type.Boolean({ description: 'Whether calls above the limits get 429.' }),
        items: Type.Array(
          Type.Object({
            partner: Type.String(),
            operation: Type.String(),
            limit: Type.Optional(Type.Integer({ description: 'Per minute.' })),
            calls: Type.Integer({ description: 'In the minute that runs.' }),
            peak: Type.Integer({ description: 'The busiest minute since the start.' }),
            refused: Type.Integer(),
          }),
        ),
      }),
      handler: () => ({ enabled: hub.config.rateLimits.enabled, items: hub.limits.counts(nowMs()) }),
    }),
  ];
}

function shownSession(session: SessionRecord): unknown {
  const { sessionId: id, createdMs, updatedMs, lastProgressMs, identification, ...rest } = session;
  return {
    id,
    ...rest,
    identification: maskSecrets(identification),
    createdAt: isoTime(createdMs),
    updatedAt: isoTime(updatedMs),
    ...(lastProgressMs === undefined ? {} : { lastProgressAt: isoTime(lastProgressMs) }),
  };
}

function shownCdr(cdr: CdrRecord, attempts: number | undefined): unknown {
  const { sessionId: id, text, receivedMs, forwardedMs, forwardingReason, ...rest } = cdr;
  return {
    id,
    ...rest,
    receivedAt: isoTime(receivedMs),
    record: maskSecrets(JSON.parse(text)),
    ...(forwardedMs === undefined ? {} : { forwardedAt: isoTime(forwardedMs) }),
    ...(forwardingReason === undefined ? {} : { reason: forwardingReason }),
    ...(attempts === undefined ? {} : { attempts }),
  };
}
