import Type, { type Static } from 'typebox';
import { CompoteError } from '../../../core/errors.ts';
import { type Route, route } from '../../../platform/http/route.ts';
import { oneOf } from '../../../platform/schema/words.ts';
import { operatorOfEvseId, parseOperatorId } from '../../../protocols/oicp/index.ts';
import { evseDataRecord } from '../oicp/evse-data.ts';
import type { EvseMapEntry } from '../oicp/evse-map.ts';
import { recordFaults } from '../oicp/evse-record-check.ts';
import type { CsmsApi } from './csms-api.ts';

const members = {
  station: Type.String({ minLength: 1, description: 'Identity of the station.' }),
  evse: Type.Integer({ minimum: 1, description: 'EVSE of the station (1.6: the connector).' }),
};
const data = Type.Record(Type.String(), Type.Unknown(), {
  description: 'Members of the pushed EvseDataRecord that differ from the site’s, in the words of OICP.',
});
const Input = Type.Object(
  {
    ...members,
    published: Type.Optional(Type.Boolean({ description: 'Offered over roaming; true when absent.' })),
    data: Type.Optional(data),
  },
  { additionalProperties: false },
);
const View = Type.Object({
  evseId: Type.String(),
  ...members,
  source: oneOf(['derived', 'set'], { description: 'Derived from operator, station and EVSE, or set by a user.' }),
  published: Type.Boolean(),
  data: Type.Optional(data),
  status: Type.Optional(Type.String({ description: 'What the hub was told last, or will be told by what waits.' })),
  record: Type.Unknown({ description: 'The record as it is pushed.' }),
});
const params = Type.Object({
  id: Type.String({ minLength: 1, maxLength: 60, description: 'EVSE id in any spelling.' }),
});

/** EVSE ids and the EVSEs behind them. Every change is pushed to the hub. */
export function evseMapRoutes({ csms, cpo }: CsmsApi): Route[] {
  const tags = ['Roaming'];
  const { evses, push, config } = cpo;
  const shown = (entry: EvseMapEntry): Static<typeof View> => {
    const status = push.told(entry.evseId);
    return {
      ...entry,
      record: evseDataRecord(entry, csms.state.stations.get(entry.station), config),
      ...(entry.data === undefined ? {} : { data: { ...entry.data } }),
      ...(status === undefined ? {} : { status }),
    } as Static<typeof View>;
  };
  const known = (id: string): EvseMapEntry => {
    const entry = evses.get(id);
    if (entry === undefined) throw new CompoteError('NOT_FOUND', { detail: `no EVSE is mapped to ${id}` });
    return entry;
  };
  const check = (entry: EvseMapEntry): void => {
    const record = evseDataRecord(entry, csms.state.stations.get(entry.station), config);
    const faults = recordFaults(record, config, cpo.hub.bodies);
    if (faults.length === 0) return;
    throw new CompoteError('INVALID_REQUEST', {
      fields: faults.map(({ pointer, text }) => ({ pointer: `/data${pointer}`, msg: text })),
    });
  };
  return [
    route({
      method: 'GET',
      path: '/evse-map',
      summary: 'Which EVSE id names which EVSE',
      tags,
      query: Type.Object({ station: Type.Optional(Type.String()) }),
      response: Type.Object({ items: Type.Array(View) }),
      handler: ({ query: { station } }) => ({
        items: evses
          .all()
          .filter((entry) => station === undefined || entry.station === station)
          .map(shown),
      }),
    }),
    route({
      method: 'GET',
      path: '/evse-map/{id}',
      summary: 'One EVSE id',
      tags,
      params,
      response: View,
      problems: ['NOT_FOUND'],
      handler: ({ params: { id } }) => shown(known(id)),
    }),
    route({
      method: 'PUT',
      path: '/evse-map/{id}',
      summary: 'Map an EVSE id',
      description: 'An EVSE has one id: what it had before goes. The hub is told.',
      tags,
      params,
      body: Input,
      response: View,
      handler({ params: { id }, body }) {
        const evseId = id.trim().toUpperCase();
        if (operatorOfEvseId(evseId) !== parseOperatorId(config.operatorId)?.canonical) {
          throw new CompoteError('INVALID_REQUEST', {
            fields: [
              { pointer: '/id', msg: `is no EVSE id of ${config.operatorId}, such as ${config.operatorId}*E1*1` },
            ],
          });
        }
        const { station, evse, published = true, data: override } = body;
        const entry: EvseMapEntry = {
          evseId,
          station,
          evse,
          source: 'set',
          published,
          ...(override === undefined ? {} : { data: override }),
        };
        check(entry);
        evses.put(entry);
        push.soon();
        return shown(entry);
      },
    }),
    route({
      method: 'DELETE',
      path: '/evse-map/{id}',
      summary: 'Forget an EVSE id; an EVSE that its station reports gets a derived one',
      tags,
      params,
      problems: ['NOT_FOUND'],
      handler({ params: { id } }) {
        evses.delete(known(id).evseId);
        push.soon();
      },
    }),
  ];
}
