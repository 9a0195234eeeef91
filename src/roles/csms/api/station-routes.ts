import Type from 'typebox';
import { CompoteError } from '../../../core/errors.ts';
import { created } from '../../../platform/http/answers.ts';
import { pageOf, pageQuery } from '../../../platform/http/paging.ts';
import { type Route, route } from '../../../platform/http/route.ts';
import { oneOf } from '../../../platform/schema/words.ts';
import { OCPP_VERSIONS } from '../../../protocols/ocpp/versions.ts';
import { hashOfSecret } from '../admission.ts';
import type { StationRecord } from '../state/records.ts';
import { type CsmsApi, knownStation } from './csms-api.ts';
import { pageThrough } from './page-through.ts';
import { LinkState, StationView, stationParams, stationView } from './station-view.ts';

/** The codes that an endpoint may send (RFC 6455 §7.4). */
const CloseCode = Type.Union(
  [
    Type.Integer({ minimum: 1000, maximum: 1003 }),
    Type.Integer({ minimum: 1007, maximum: 1014 }),
    Type.Integer({ minimum: 3000, maximum: 4999 }),
  ],
  { description: 'Close code; 1000 when absent.' },
);

const Registration = Type.Object(
  {
    password: Type.Optional(
      Type.Union([Type.String({ minLength: 1, maxLength: 255 }), Type.Null()], {
        description: 'HTTP Basic password (1.6: AuthorizationKey); null takes it away. Kept as a hash.',
      }),
    ),
    admission: Type.Optional(
      Type.Union([oneOf(['accept', 'pending', 'reject']), Type.Null()], {
        description: 'Overrides the boot policy: release, hold or reject; null follows the policy again.',
      }),
    ),
    heartbeatIntervalS: Type.Optional(
      Type.Union([Type.Integer({ minimum: 1 }), Type.Null()], { description: 'Given at the next boot.' }),
    ),
    securityProfile: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 3, description: 'Lets the station come back with a lower profile.' }),
    ),
  },
  { additionalProperties: false },
);

/** Stations: what the CSMS knows of them, and who may be one. */
export function stationRoutes(api: CsmsApi): Route[] {
  const { csms, clock } = api;
  const { stations } = csms.state;
  const tags = ['Stations'];

  const withRegistration = (record: StationRecord, body: Type.Static<typeof Registration>): StationRecord => {
    const { passwordHash, nextPasswordHash, admission, heartbeatIntervalS, ...rest } = record;
    const { password } = body;
    const newHash =
      typeof password === 'string' ? hashOfSecret(password, csms.config.security.basicAuthEncoding) : passwordHash;
    const newAdmission = body.admission === undefined ? admission : body.admission;
    const newInterval = body.heartbeatIntervalS === undefined ? heartbeatIntervalS : body.heartbeatIntervalS;
    return {
      ...rest,
      registered: true,
      securityProfile: (body.securityProfile ?? record.securityProfile) as StationRecord['securityProfile'],
      ...(password === null || newHash === undefined ? {} : { passwordHash: newHash }),
      ...(password !== undefined || nextPasswordHash === undefined ? {} : { nextPasswordHash }),
      ...(newAdmission === null || newAdmission === undefined ? {} : { admission: newAdmission }),
      ...(newInterval === null || newInterval === undefined ? {} : { heartbeatIntervalS: newInterval }),
    };
  };
  const fresh = (id: string): StationRecord => ({
    id,
    firstSeenAt: clock.now(),
    securityProfile: 0,
    boot: { status: 'none' },
    info: {},
    evses: [],
    registered: true,
  });

  return [
    route({
      method: 'GET',
      path: '/stations',
      summary: 'List stations',
      description: 'By identity. `text` looks into identity, vendor, model, serial number and firmware.',
      tags,
      query: Type.Object({
        ...pageQuery,
        link: Type.Optional(LinkState),
        connected: Type.Optional(Type.Boolean()),
        boot: Type.Optional(oneOf(['none', 'Accepted', 'Pending', 'Rejected'])),
        version: Type.Optional(oneOf(OCPP_VERSIONS)),
        vendor: Type.Optional(Type.String()),
        model: Type.Optional(Type.String()),
        text: Type.Optional(Type.String()),
      }),
      response: pageOf(StationView),
      handler({ query }) {
        const { cursor, limit = 100, connected, boot, vendor, model, link, version, text } = query;
        const where = {
          ...(connected === undefined ? {} : { connected }),
          ...(boot === undefined ? {} : { bootStatus: boot }),
          ...(vendor === undefined ? {} : { vendor }),
          ...(model === undefined ? {} : { model }),
        };
        const wanted = text?.toLowerCase();
        const filtered = link !== undefined || version !== undefined || wanted !== undefined;
        const fits = (station: StationRecord): boolean =>
          (version === undefined || station.version === version) &&
          (wanted === undefined || words(station).includes(wanted)) &&
          (link === undefined || stationView(api, station).link === link);
        const page = pageThrough(
          (size, after) => stations.page(where, size, after),
          filtered ? fits : undefined,
          limit,
          cursor,
        );
        const counted = !filtered && vendor === undefined && model === undefined;
        return {
          ...page,
          items: page.items.map((station) => stationView(api, station)),
          ...(counted ? { total: stations.count(where) } : {}),
        };
      },
    }),
    route({
      method: 'GET',
      path: '/stations/{id}',
      summary: 'One station',
      tags,
      params: stationParams,
      response: StationView,
      problems: ['UNKNOWN_STATION'],
      handler: ({ params }) => stationView(api, knownStation(api, params.id)),
    }),
    route({
      method: 'PUT',
      path: '/stations/{id}',
      summary: 'Register a station',
      description: 'Makes it known, before or after it first connects. What it reported stays.',
      tags,
      params: stationParams,
      body: Registration,
      bodyOptional: true,
      response: StationView,
      creates: true,
      handler({ params, body }) {
        const known = stations.get(params.id);
        const record = csms.connections.register(withRegistration(known ?? fresh(params.id), body ?? {}));
        const view = stationView(api, record);
        return known === undefined ? created(`/api/v1/stations/${encodeURIComponent(params.id)}`, view) : view;
      },
    }),
    route({
      method: 'PATCH',
      path: '/stations/{id}',
      summary: 'Change a registration: release, hold or reject a station, set its password',
      description: 'A released station is accepted at its next BootNotification; trigger one to have it at once.',
      tags,
      params: stationParams,
      body: Registration,
      response: StationView,
      problems: ['UNKNOWN_STATION'],
      handler: ({ params, body }) =>
        stationView(api, csms.connections.register(withRegistration(knownStation(api, params.id), body))),
    }),
    route({
      method: 'DELETE',
      path: '/stations/{id}',
      summary: 'Forget a station',
      description:
        'Its registration and what it reported go; its transactions and messages stay. Connected ones are refused.',
      tags,
      params: stationParams,
      problems: ['UNKNOWN_STATION', 'CONFLICT'],
      handler({ params }) {
        const { id } = knownStation(api, params.id);
        if (csms.sessions.has(id)) {
          throw new CompoteError('CONFLICT', {
            detail: `${id} is connected`,
            hint: 'Disconnect it first: POST /api/v1/stations/{id}/disconnect.',
          });
        }
        csms.connections.forget(id);
      },
    }),
    route({
      method: 'POST',
      path: '/stations/{id}/disconnect',
      summary: 'Close the socket of a station',
      tags,
      params: stationParams,
      body: Type.Object(
        {
          code: Type.Optional(CloseCode),
          reason: Type.Optional(Type.String({ maxLength: 120 })),
        },
        { additionalProperties: false },
      ),
      bodyOptional: true,
      problems: ['UNKNOWN_STATION', 'STATION_NOT_CONNECTED'],
      handler({ params, body }) {
        const { id } = knownStation(api, params.id);
        if (!csms.connections.disconnect(id, body?.code ?? 1000, body?.reason ?? 'Closed by a user'))
          throw new CompoteError('STATION_NOT_CONNECTED', { detail: id });
      },
    }),
  ];
}

function words({ id, info }: StationRecord): string {
  return [id, info.vendor, info.model, info.serial, info.firmware].join(' ').toLowerCase();
}
