import Type from 'typebox';
import type { JournalQuery } from '../../journal/index.ts';
import { type KeyKind, LOOKUP_KINDS } from '../../journal/sessions/session-keys.ts';
import { type Route, route } from '../http/route.ts';
import { oneOf } from '../schema/words.ts';
import { partsOf, sessionNamed } from './session-named.ts';

const count = Type.Integer({ minimum: 0 });
const optionalText = (description: string) => Type.Optional(Type.String({ description }));
const optionalNumber = (description: string) => Type.Optional(Type.Number({ description }));

const session = Type.Object(
  {
    id: Type.String(),
    kind: oneOf(['local', 'roaming-rfid', 'remote', 'pnc'], { description: 'How it was authorised.' }),
    state: oneOf(['authorising', 'preparing', 'charging', 'suspended', 'ended', 'settled', 'problem'], {
      description: '`settled`: ended, and the hub took its record.',
    }),
    station: Type.String({ description: 'Empty while no station is known.' }),
    evse: Type.Optional(Type.Integer()),
    evseId: optionalText('EVSE id of the roaming world.'),
    ids: Type.Object({
      ocppTx: optionalText('OCPP transaction id.'),
      oicp: optionalText('OICP SessionID.'),
      cpoPartner: optionalText('CPOPartnerSessionID.'),
      empPartner: optionalText('EMPPartnerSessionID.'),
      emaid: optionalText('Contract id.'),
      token: optionalText('idTag, idToken or RFID UID.'),
      reservation: optionalText('OCPP reservation id.'),
      trace: optionalText('Trace id of its first traced message.'),
    }),
    start: Type.String({ format: 'date-time' }),
    end: Type.Optional(Type.String({ format: 'date-time' })),
    energyWh: optionalNumber('By the station’s meter, until now or to the end.'),
    powerW: optionalNumber('The newest reading, while it runs.'),
    emp: optionalText('ProviderID.'),
    cdr: oneOf(['none', 'sent', 'accepted', 'refused'], { description: 'The charge detail record.' }),
    cost: Type.Optional(
      Type.Object({ total: Type.Number(), currency: Type.Optional(Type.String()), seq: Type.Integer() }),
    ),
    stopReason: optionalText('Why it stopped, as the station says.'),
    problem: optionalText('What went wrong, in a sentence.'),
    partial: Type.Optional(Type.Literal(true, { description: 'Its beginning is not in the journal.' })),
    messages: count,
    findings: Type.Array(count, { description: 'Errors, warnings, infos.' }),
    verdict: oneOf(['ok', 'info', 'warning', 'error'], { description: 'The worst finding.' }),
    steps: Type.Array(
      Type.Object({
        id: oneOf(['authorised', 'plugged', 'charging', 'stopped', 'notified', 'cdr']),
        state: oneOf(['done', 'active', 'failed', 'pending', 'skipped']),
        seq: Type.Optional(Type.Integer()),
        at: Type.Optional(Type.String()),
        ms: Type.Optional(Type.Number()),
      }),
    ),
  },
  { description: 'One charging session over all protocols.' },
);

const cell = Type.Object({
  value: Type.Optional(Type.String({ description: 'Energies in Wh.' })),
  seq: Type.Optional(Type.Integer()),
  pointer: Type.Optional(Type.String()),
});

const id = Type.Object({
  id: Type.String({
    maxLength: 500,
    description:
      'As the list has it, or an id of the wire: `oicp:{SessionID}`, `ocpp:{station}/{transaction}` (with %2F for the slash), `cpo:`, `emp:`, `remote:`, `start:`, `reservation:`, `everest:`. The list’s ids are of one journal; those of the wire mean the same at every service.',
  }),
});

/** Charging sessions of a journal. For the prefix `/api/v1`. */
export function sessionRoutes(query: JournalQuery): Route[] {
  return [
    route({
      method: 'GET',
      path: '/sessions',
      summary: 'Charging sessions, newest first: OCPP transaction, OICP session and record in one',
      tags: ['sessions'],
      query: Type.Object({
        q: Type.Optional(
          Type.String({
            maxLength: 4_000,
            description: 'A filter: `state:charging station:CS-1 kwh>5 has:finding`, or any of its ids.',
          }),
        ),
        cursor: Type.Optional(Type.String()),
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000, default: 100 })),
      }),
      response: Type.Object({ items: Type.Array(session), next: Type.Optional(Type.String()), total: count }),
      handler: ({ query: { q, cursor, limit } }) =>
        query.sessions({
          ...(q === undefined ? {} : { q }),
          ...(cursor === undefined ? {} : { cursor }),
          ...(limit === undefined ? {} : { limit }),
        }),
    }),
    route({
      method: 'GET',
      path: '/sessions/{id}',
      summary: 'One charging session',
      tags: ['sessions'],
      params: id,
      response: session,
      problems: ['NOT_FOUND'],
      handler: ({ params }) => sessionNamed(query, params.id),
    }),
    route({
      method: 'GET',
      path: '/sessions/by/{kind}/{key*}',
      summary: 'The session that has an id of the wire: `ocpp/{station}/{transaction}`, `oicp/{SessionID}`, `cpo/{id}`',
      tags: ['sessions'],
      params: Type.Object({
        kind: oneOf(Object.keys(LOOKUP_KINDS) as KeyKind[], { description: 'What kind of id it is.' }),
        key: Type.String({ maxLength: 500 }),
      }),
      response: session,
      problems: ['NOT_FOUND'],
      handler: ({ params: { kind, key } }) => query.sessionByKey(kind, partsOf(kind, key, '/path/key')),
    }),
    route({
      method: 'GET',
      path: '/sessions/{id}/series',
      summary: 'Its meter’s curve',
      tags: ['sessions'],
      params: id,
      response: Type.Object({
        points: Type.Array(
          Type.Object({
            t: Type.Number({ description: 'Epoch milliseconds, by the station’s clock.' }),
            seq: Type.Integer(),
            energyWh: optionalNumber('Register.'),
            powerW: optionalNumber('Power.'),
            currentA: optionalNumber('Current.'),
            voltageV: optionalNumber('Voltage.'),
            socPercent: optionalNumber('State of charge.'),
            limitW: optionalNumber('Power offered.'),
          }),
        ),
      }),
      problems: ['NOT_FOUND'],
      handler: async ({ params }) => query.sessionSeries((await sessionNamed(query, params.id)).id),
    }),
    route({
      method: 'GET',
      path: '/sessions/{id}/reconciliation',
      summary: 'What station, notifications and records say about the same thing, side by side',
      tags: ['sessions'],
      params: id,
      query: Type.Object({
        wh: Type.Optional(Type.Number({ minimum: 0, default: 1, description: 'Energy that may differ, in Wh.' })),
        s: Type.Optional(Type.Number({ minimum: 0, default: 1, description: 'Time that may differ, in seconds.' })),
      }),
      response: Type.Object({
        tolerance: Type.Object({ wh: Type.Number(), s: Type.Number() }),
        rows: Type.Array(
          Type.Object({
            item: Type.String(),
            verdict: oneOf(['equal', 'tolerated', 'differs', 'missing']),
            delta: Type.Optional(Type.String()),
            cells: Type.Object({
              station: cell,
              csms: cell,
              notifications: cell,
              cdrSent: cell,
              cdrReceived: cell,
            }),
          }),
        ),
      }),
      problems: ['NOT_FOUND'],
      handler: async ({ params, query: { wh = 1, s = 1 } }) =>
        query.sessionReconciliation((await sessionNamed(query, params.id)).id, { wh, s }),
    }),
  ];
}
