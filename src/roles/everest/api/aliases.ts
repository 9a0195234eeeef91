import Type from 'typebox';
import { type Route, route } from '../../../platform/http/route.ts';
import type { EverestAdapter } from '../adapter.ts';
import type { OPERATIONS } from '../operations.ts';
import { operate } from './operation-routes.ts';

const connector_id = Type.Optional(Type.Integer({ minimum: 1, default: 1 }));
const IEC = 'sleep 1;iec_wait_pwr_ready;sleep 1;draw_power_regulated 16,3;sleep 36000';

/**
 * Short addresses that scripts for EVerest use: parameters in the query, connector 1 by default, the first station.
 * `/startchargingiso15118` without commands writes the list for the station's release; one's own list is checked like any other.
 */
export function aliasRoutes(adapter: EverestAdapter): Route[] {
  const published = async (n: number, name: keyof typeof OPERATIONS, body: object, shown: object) => {
    const answer = await operate(adapter, undefined, n, name, body, {});
    return { message: 'Published', ...shown, ...(answer.body as object) };
  };
  return [
    route({
      method: 'POST',
      path: '/authorize',
      summary: 'Presents a token',
      query: Type.Object({ token: Type.Optional(Type.String({ default: 'ABC12345', maxLength: 36 })), connector_id }),
      handler: ({ query: { token = 'ABC12345', connector_id: n = 1 } }) =>
        published(n, 'authorize', { idToken: token }, { auth: token }),
    }),
    route({
      method: 'POST',
      path: '/startcharging',
      summary: 'Basic charging, or a command list of your own',
      query: Type.Object({ commands: Type.Optional(Type.String({ default: IEC })), connector_id }),
      handler: ({ query: { commands = IEC, connector_id: n = 1 } }) =>
        published(n, 'ev/commands', { commands }, { commands }),
    }),
    route({
      method: 'POST',
      path: '/startchargingiso15118',
      summary: 'ISO 15118 charging, or a command list of your own',
      query: Type.Object({ commands: Type.Optional(Type.String()), connector_id }),
      handler: ({ query: { commands, connector_id: n = 1 } }) =>
        commands === undefined
          ? published(n, 'ev/start', { mode: 'ac-iso2', payment: payment(adapter) }, {})
          : published(n, 'ev/commands', { commands }, { commands }),
    }),
    route({
      method: 'POST',
      path: '/unplug',
      summary: 'Pulls the plug',
      query: Type.Object({ commands: Type.Optional(Type.String({ default: 'unplug' })), connector_id }),
      handler: ({ query: { commands = 'unplug', connector_id: n = 1 } }) =>
        published(n, 'ev/commands', { commands, how: 'modify' }, { commands }),
    }),
    route({
      method: 'GET',
      path: '/connector_state/{id}',
      summary: 'EVerest’s own word for the state of a connector; `unknown` until it said one',
      params: Type.Object({ id: Type.Integer({ minimum: 1 }) }),
      handler({ params }) {
        const { model } = adapter.station().connector(params.id);
        return { state: model.view([]).word ?? 'unknown' };
      },
    }),
    route({
      method: 'GET',
      path: '/context',
      summary: 'State of all connectors',
      handler: () => ({
        state: Object.fromEntries(
          adapter.station().connectors.map(({ n, model }) => [n, model.view([]).word ?? 'unknown']),
        ),
      }),
    }),
  ];
}

/** By contract where the grammar can say so; the others leave it to the car. */
function payment(adapter: EverestAdapter): 'contract' | 'auto' {
  const { grammar } = adapter.station();
  return grammar === 'A1' || grammar === 'A4' ? 'contract' : 'auto';
}
