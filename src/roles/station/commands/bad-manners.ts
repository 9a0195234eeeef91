import Type from 'typebox';
import { CompoteError } from '../../../core/errors.ts';
import { howOf } from '../faults.ts';
import { NO_FLAWS } from '../flaws.ts';
import { refresh } from '../state/transactions.ts';
import type { Station } from '../station.ts';
import { act, type CommandRow, linkOf, None, type Of } from './row.ts';

const times = Type.Optional(Type.Integer({ minimum: 1, description: '1 by default' }));
/** Which of the messages that fit. */
const when = {
  times,
  after: Type.Optional(Type.Integer({ minimum: 0, description: 'So many pass before the first is spoilt' })),
  chance: Type.Optional(Type.Number({ minimum: 0, maximum: 1, description: 'Of each; always when absent' })),
  where: Type.Optional(
    Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()]), {
      description: 'JSON pointers of the payload (of an answer: of what was asked) with the values that it must have',
    }),
  ),
};
const pointers = (of: string) =>
  Type.Optional(
    Type.Object(
      {},
      { additionalProperties: true, description: `JSON pointers of ${of} with their new values; null removes` },
    ),
  );
/** How a message is spoilt; of several the first in this order counts. */
const how = {
  silence: Type.Optional(Type.Boolean({ description: 'It is lost' })),
  duplicate: Type.Optional(Type.Boolean({ description: 'It goes out twice' })),
  delayMs: Type.Optional(Type.Number({ minimum: 0 })),
  set: pointers('the payload'),
  frame: pointers('the whole frame (`/0` its type, `/1` its id)'),
  text: Type.Optional(Type.String({ maxLength: 1_000_000, description: 'Any text in its place; `{id}` is the id' })),
};
const answer = {
  status: Type.Optional(Type.String({ description: 'The `status` of the answer' })),
  payload: Type.Optional(Type.Object({}, { additionalProperties: true, description: 'The whole answer' })),
  error: Type.Optional(Type.String({ description: 'A CALLERROR of this code' })),
};
const csmsAction = Type.Optional(Type.String({ description: 'The CSMS’s action; any when absent' }));

const AnswerWith = Type.Object({ action: csmsAction, ...answer, ...how, ...when }, { additionalProperties: false });
const Pretend = Type.Object({ action: csmsAction, ...answer, ...how, ...when }, { additionalProperties: false });
const Distort = Type.Object(
  { action: Type.Optional(Type.String({ description: 'Own action; any when absent' })), ...how, ...when },
  { additionalProperties: false },
);
const SendText = Type.Object(
  {
    text: Type.String({ maxLength: 1_000_000 }),
    form: Type.Optional(
      Type.Union([Type.Literal('text'), Type.Literal('binary'), Type.Literal('fragments')], {
        description: 'A text frame by default; OCPP knows no binary frames, and fragments must be put together',
      }),
    ),
    times,
  },
  { additionalProperties: false },
);
const Handshake = Type.Object(
  {
    subprotocols: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), { description: 'Offered instead of the right one; empty = no header' }),
    ),
    path: Type.Optional(
      Type.String({ pattern: '^/', description: 'The whole path instead of the right one: another identity, `//`' }),
    ),
    authorization: Type.Optional(
      Type.Union([Type.String(), Type.Null()], { description: 'The header as it stands; null = none' }),
    ),
    headers: Type.Optional(
      Type.Record(Type.String(), Type.String(), { description: 'Further headers, `host` among them' }),
    ),
    tlsVersion: Type.Optional(
      Type.Union([Type.Literal('TLSv1'), Type.Literal('TLSv1.1'), Type.Literal('TLSv1.2')], {
        description: 'The only version offered',
      }),
    ),
    noServerName: Type.Optional(Type.Boolean({ description: 'TLS without the name of the server (SNI)' })),
    noPong: Type.Optional(Type.Boolean({ description: 'Pings of the CSMS stay unanswered on that connection' })),
    times: Type.Optional(Type.Integer({ minimum: 1, description: 'Attempts that go wrong; 1 by default' })),
  },
  { additionalProperties: false, minProperties: 1 },
);
const CloseSocket = Type.Object(
  {
    code: Type.Optional(Type.Integer({ minimum: 1000, maximum: 4999, description: '1000 by default' })),
    reason: Type.Optional(Type.String({ maxLength: 123 })),
  },
  { additionalProperties: false },
);
const Pings = Type.Object({ count: Type.Integer({ minimum: 1, maximum: 10_000 }) }, { additionalProperties: false });
const flag = (description: string) => Type.Optional(Type.Boolean({ description }));
const Flaws = Type.Object(
  {
    skipBoot: flag('Connects and goes on as if it were accepted, without BootNotification'),
    bootOnEveryConnect: flag('BootNotification after every new connection, not only after a restart'),
    talkUnaccepted: flag('Sends whatever it has while Pending or Rejected'),
    ignoreBootInterval: flag('Sends BootNotification again every second, whatever interval the CSMS names'),
    ignoreLimits: flag('Draws what the hardware can, whatever the charging profiles say'),
  },
  { additionalProperties: false, minProperties: 1 },
);

/** Limits may hold again, or not any more. */
function lookAgain(station: Station): void {
  if (!station.machine.powered) return;
  act(station, (core) => {
    for (const evse of core.evses) refresh(core, evse);
  });
}

/** What a station does wrong on its line: with messages, answers, sockets and handshakes. */
export const BAD_MANNER_COMMANDS = {
  'answer-with': {
    summary: 'The next answers to a CSMS action are other ones: a status, a payload, a CALLERROR, late, twice, or none',
    params: AnswerWith,
    run: (station: Station, { action = '*', times = 1, after, chance, where, ...rest }: Of<typeof AnswerWith>) =>
      station.faults.add({ on: 'answer', action, times, after, chance, where, how: howOf(rest) }),
  },
  pretend: {
    summary: 'The next commands of the CSMS are answered (Accepted, if nothing else is said) and not obeyed',
    params: Pretend,
    run: (station: Station, { action = '*', times = 1, after, chance, where, ...rest }: Of<typeof Pretend>) =>
      station.faults.add({
        on: 'command',
        action,
        times,
        after,
        chance,
        where,
        how: howOf(Object.keys(rest).length === 0 ? { status: 'Accepted' } : rest),
      }),
  },
  distort: {
    summary: 'The next own messages of an action are dropped, doubled, late, or changed',
    params: Distort,
    run: (station: Station, { action = '*', times = 1, after, chance, where, ...rest }: Of<typeof Distort>) =>
      station.faults.add({ on: 'call', action, times, after, chance, where, how: howOf(rest) }),
  },
  'reverse-queue': {
    summary: 'Transaction messages that wait to be sent change their order',
    params: None,
    run: (station: Station) => act(station, (_core, machine) => machine.outbox.reverseTransactions()),
  },
  'send-text': {
    summary: 'Any text at all goes out, readable or not, as text, in fragments, or as a binary frame',
    params: SendText,
    run: (station: Station, { text, form = 'text', times = 1 }: Of<typeof SendText>) => {
      const link = linkOf(station);
      for (let turn = 0; turn < times; turn++) {
        if (form === 'text') link.sendText(text, 'user');
        else link.transport.sendAs?.(form, text);
      }
    },
  },
  handshake: {
    summary:
      'The next connection attempts go wrong: subprotocol, path, credentials, headers, TLS; connects anew at once',
    params: Handshake,
    run: (station: Station, { times = 1, ...fault }: Of<typeof Handshake>) => {
      if (Object.keys(fault).length === 0) {
        throw new CompoteError('INVALID_REQUEST', {
          fields: [
            {
              pointer: '',
              msg: 'names no fault: subprotocols, path, authorization, headers, tlsVersion, noServerName or noPong',
            },
          ],
        });
      }
      station.connection.failHandshakes(fault, times);
      const { line } = station.machine;
      if (station.machine.powered) act(station, () => (line.connected ? line.reconnect() : line.connect()));
    },
  },
  'close-socket': {
    summary: 'The station closes its socket with a code, and connects again by its back-off',
    params: CloseSocket,
    run: (station: Station, { code = 1000, reason = '' }: Of<typeof CloseSocket>) =>
      linkOf(station).close(code, reason),
  },
  'half-open': {
    summary: 'The line is dead both ways and nobody is told: no FIN, no close frame, until pings find out',
    params: None,
    run: (station: Station) => {
      linkOf(station);
      station.connection.goHalfOpen();
    },
  },
  'ping-flood': {
    summary: 'So many WebSocket pings go out at once',
    params: Pings,
    run: (station: Station, { count }: Of<typeof Pings>) => {
      const { transport } = linkOf(station);
      for (let turn = 0; turn < count; turn++) transport.ping();
    },
  },
  flaws: {
    summary: 'What this firmware does wrong from now on: boot, registration and limits; false mends it',
    params: Flaws,
    run: (station: Station, flaws: Of<typeof Flaws>) => {
      const { machine } = station;
      machine.core.flaws = { ...machine.core.flaws, ...flaws };
      lookAgain(station);
    },
  },
  'clear-faults': {
    summary: 'Messages, handshakes and firmware are as they should be again',
    params: None,
    run: (station: Station) => {
      station.faults.clear();
      station.connection.failHandshakes(undefined, 0);
      station.machine.core.flaws = NO_FLAWS;
      lookAgain(station);
    },
  },
} as const satisfies Record<string, CommandRow>;
