import Type from 'typebox';
import { CompoteError } from '../core/errors.ts';
import { Content } from '../platform/http/answers.ts';
import { outOfScope } from '../platform/http/halves.ts';
import { type ApiRequest, type Route, route } from '../platform/http/route.ts';
import type { ServiceName } from '../platform/service.ts';
import type { Forwarder } from './forward.ts';
import { demandScope } from './scoped.ts';

/** Parties of OICP and the service that sends, or takes what is handed in, in their name. */
const OICP_PARTIES: Readonly<Record<string, ServiceName>> = { csms: 'csms', hub: 'hub', emp: 'emp' };

export interface SendWish {
  readonly from: string;
  readonly to: string;
  readonly proto: string;
  readonly mode: string;
  readonly action?: string;
  readonly payload?: unknown;
  readonly raw?: string;
  readonly messageId?: string;
}

/** Where a message is sent from: the service of the party that sends; for `inbound` of the one that handles it. */
export type SendingPlace =
  | { readonly service: ServiceName; readonly as: 'send' }
  | { readonly service: 'station'; readonly as: 'station-text'; readonly station: string };

/** @throws INVALID_REQUEST for a pair that nobody here can speak for */
export function sendingPlace({ from, to, proto, mode }: SendWish): SendingPlace {
  if (proto === 'oicp') {
    const speaker = mode === 'inbound' ? to : from;
    // The hub speaks to its partners and takes what they say; the others take what the hub would say.
    const service = OICP_PARTIES[speaker];
    if (service !== undefined) return { service, as: 'send' };
    throw new CompoteError('INVALID_REQUEST', {
      fields: [
        {
          pointer: mode === 'inbound' ? '/to' : '/from',
          msg: `${speaker} speaks no OICP here: there are ${Object.keys(OICP_PARTIES).join(', ')}`,
        },
      ],
    });
  }
  // Only a simulated station can say something on its own socket; the service says so when there is none of that name.
  if (proto === 'ocpp' && mode === 'wire' && from !== 'csms')
    return { service: 'station', as: 'station-text', station: from };
  return { service: 'csms', as: 'send' };
}

/** In whose name a message goes out: a party of OICP by its id, else the CSMS or one of its stations. */
function speakerOf({ from, proto }: SendWish): ServiceName {
  return from === 'emp' || from === 'hub' ? from : proto === 'oicp' ? (OICP_PARTIES[from] ?? 'csms') : 'csms';
}

/** One mechanism to send as any party: the body decides which service does it. */
export function sendRoute(forwarder: Forwarder, newId: () => string): Route {
  return route({
    method: 'POST',
    path: '/send',
    summary: 'Send a message as a party, by the service that owns it',
    description:
      'OCPP: from `csms` by the CSMS, from a simulated station by its own socket, `inbound` by the CSMS. OICP: by the CSMS, the hub or the EMP, after `from` (`wire`) or `to` (`inbound`). Members and answer are those of that service’s `POST /send`.',
    tags: ['world'],
    body: Type.Object(
      {
        from: Type.String({ minLength: 1 }),
        to: Type.String({ minLength: 1 }),
        proto: Type.String(),
        mode: Type.String(),
      },
      { additionalProperties: true },
    ),
    response: Type.Unknown(),
    problems: ['OUT_OF_SCOPE'],
    handler: async (asked): Promise<Content> => {
      const wish = asked.body as SendWish;
      demandScope(asked, speakerOf(wish), `to speak as ${wish.from}`);
      if (asked.actor.scope !== 'all' && wish.from === 'hub' && wish.mode !== 'inbound')
        throw outOfScope(`the hub belongs to nobody’s half; ${asked.actor.name} sees one`);
      const place = sendingPlace(wish);
      demandScope(asked, place.service, `what ${place.service} does`);
      if (place.as === 'send') return forwarder.post(place.service, 'send', wish, asked);
      return sendAsStation(forwarder, place.station, wish, asked, newId);
    },
  });
}

async function sendAsStation(
  forwarder: Forwarder,
  station: string,
  { action = '', payload, raw, messageId }: SendWish,
  asked: Pick<ApiRequest, 'token' | 'actor'>,
  newId: () => string,
): Promise<Content> {
  const text = raw ?? JSON.stringify([2, messageId ?? newId(), action, payload ?? {}]);
  const path = `sim/stations/${encodeURIComponent(station)}/actions`;
  const done = await forwarder.post('station', path, { type: 'send-text', text }, asked);
  if (done.status >= 400) return done;
  // Nobody waits for the answer at the station's own socket: it is found in the journal by the message's id.
  const id = idIn(text);
  const sent = { outcome: 'sent', ...(id === undefined ? {} : { messageId: id }) };
  return new Content('application/json; charset=utf-8', JSON.stringify(sent));
}

/** The id in a frame's text, as far as it can be read. */
function idIn(text: string): string | undefined {
  try {
    const frame: unknown = JSON.parse(text);
    return Array.isArray(frame) && typeof frame[1] === 'string' ? frame[1] : undefined;
  } catch {
    return undefined;
  }
}
