import Type, { type TSchema } from 'typebox';
import { CompoteError } from '../../core/errors.ts';
import { parseTime } from '../../core/time.ts';
import { lazyValidator } from '../../platform/schema/validator.ts';
import { howOf } from './faults.ts';
import type { StationMachine } from './machine.ts';
import { Side2x } from './ocpp/v2x/side.ts';
import { setExternalLimit } from './ocpp/v2x/smart-charging.ts';
import type { EvTemplate } from './physical/ev.ts';
import { plugIn, presentToken, setFault, unplug } from './state/driver.ts';
import { usedConnector } from './state/evse.ts';
import { endAuthorization, forceEnd, refresh } from './state/transactions.ts';
import type { Station } from './station.ts';
import { CARS } from './templates.ts';

/**
 * What drivers do and what bad days bring: one table, from which REST routes, CLI and scenario steps come. Each row has its
 * parameters, a sentence, and what it does.
 */
interface CommandRow {
  readonly summary: string;
  readonly params: TSchema;
  run(station: Station, params: never): void;
}

const evseId = Type.Optional(Type.Integer({ minimum: 1, description: '1 by default' }));
const connectorId = Type.Optional(Type.Integer({ minimum: 1, description: '1 by default' }));
const FAULT_CODES = [
  'ConnectorLockFailure',
  'EVCommunicationError',
  'GroundFailure',
  'HighTemperature',
  'InternalError',
  'OtherError',
  'OverCurrentFailure',
  'OverVoltage',
  'PowerMeterFailure',
  'PowerSwitchFailure',
  'ReaderFailure',
  'ResetFailure',
  'UnderVoltage',
  'WeakSignal',
] as const;

const Plug = Type.Object(
  {
    evseId,
    connectorId,
    car: Type.Optional(
      Type.Union([Type.String(), Type.Object({}, { additionalProperties: true })], {
        description: 'A built-in car, or members that differ from the template’s car',
      }),
    ),
    soCPercent: Type.Optional(Type.Number({ minimum: 0, maximum: 100 })),
    targetSoC: Type.Optional(Type.Number({ minimum: 1, maximum: 100 })),
  },
  { additionalProperties: false },
);
const Unplug = Type.Object(
  { evseId, connectorId, side: Type.Optional(Type.Union([Type.Literal('ev'), Type.Literal('station')])) },
  { additionalProperties: false },
);
const Swipe = Type.Object(
  {
    token: Type.String({ minLength: 1, maxLength: 255 }),
    tokenType: Type.Optional(Type.String({ description: '2.x token type; ISO14443 by default' })),
    evseId,
  },
  { additionalProperties: false },
);
const AtEvse = Type.Object({ evseId }, { additionalProperties: false });
const None = Type.Object({}, { additionalProperties: false });
const Fault = Type.Object(
  {
    evseId,
    connectorId,
    code: Type.Union(FAULT_CODES.map((code) => Type.Literal(code))),
    info: Type.Optional(Type.String({ maxLength: 50 })),
  },
  { additionalProperties: false },
);
const AtConnector = Type.Object({ evseId, connectorId }, { additionalProperties: false });
const PowerLoss = Type.Object({ forS: Type.Optional(Type.Number({ minimum: 0 })) }, { additionalProperties: false });
const ClockSkew = Type.Object(
  { seconds: Type.Optional(Type.Number()), time: Type.Optional(Type.String()), follow: Type.Optional(Type.Boolean()) },
  { additionalProperties: false },
);
const FailResets = Type.Object(
  { times: Type.Optional(Type.Integer({ minimum: 0, maximum: 100 })) },
  { additionalProperties: false },
);
const Frozen = Type.Object({ evseId, frozen: Type.Boolean() }, { additionalProperties: false });
const ExternalLimit = Type.Object(
  {
    unit: Type.Optional(Type.Union([Type.Literal('A'), Type.Literal('W')])),
    limit: Type.Optional(Type.Number({ minimum: 0, description: 'Absent: the limit is lifted' })),
    source: Type.Optional(Type.Union([Type.Literal('EMS'), Type.Literal('SO')])),
  },
  { additionalProperties: false },
);

const AnswerWith = Type.Object(
  {
    action: Type.Optional(Type.String({ description: 'The CSMS’s action; any when absent' })),
    status: Type.Optional(Type.String({ description: 'The `status` of the answer' })),
    payload: Type.Optional(Type.Object({}, { additionalProperties: true, description: 'The whole answer' })),
    error: Type.Optional(Type.String({ description: 'A CALLERROR of this code' })),
    delayMs: Type.Optional(Type.Number({ minimum: 0 })),
    silence: Type.Optional(Type.Boolean({ description: 'No answer at all' })),
    times: Type.Optional(Type.Integer({ minimum: 1, description: '1 by default' })),
  },
  { additionalProperties: false },
);
const Distort = Type.Object(
  {
    action: Type.Optional(Type.String({ description: 'Own action; any when absent' })),
    silence: Type.Optional(Type.Boolean({ description: 'The message is lost' })),
    duplicate: Type.Optional(Type.Boolean()),
    delayMs: Type.Optional(Type.Number({ minimum: 0 })),
    set: Type.Optional(
      Type.Object(
        {},
        { additionalProperties: true, description: 'JSON pointers of the payload with their new values; null removes' },
      ),
    ),
    times: Type.Optional(Type.Integer({ minimum: 1, description: '1 by default' })),
  },
  { additionalProperties: false },
);
const RequestContract = Type.Object(
  {
    evseId,
    exiRequest: Type.String({ minLength: 1, maxLength: 43_692, description: 'EXI of the vehicle, base64' }),
    action: Type.Optional(Type.Union([Type.Literal('Install'), Type.Literal('Update')])),
    schemaVersion: Type.Optional(Type.String({ maxLength: 50, description: 'ISO 15118-2 when absent' })),
  },
  { additionalProperties: false },
);
const ShowContract = Type.Object(
  {
    evseId,
    emaid: Type.String({ minLength: 14, maxLength: 20 }),
    chainPem: Type.String({ maxLength: 40_000, description: 'Contract certificate with sub-CAs, leaf first' }),
  },
  { additionalProperties: false },
);
const SendText = Type.Object({ text: Type.String({ maxLength: 1_000_000 }) }, { additionalProperties: false });

function machineOf(station: Station): StationMachine {
  return station.machine;
}

function act(station: Station, what: Extract<Parameters<Station['input']>[0], { kind: 'act' }>['act']): void {
  if (!machineOf(station).powered)
    throw new CompoteError('CONFLICT', { detail: `${station.identity} is switched off` });
  station.input({ kind: 'act', act: what });
}

function carOf(base: EvTemplate, wanted: string | object | undefined): EvTemplate {
  if (wanted === undefined) return base;
  if (typeof wanted === 'object') return { ...base, ...wanted } as EvTemplate;
  const car = CARS[wanted];
  if (car === undefined) {
    throw new CompoteError('INVALID_REQUEST', {
      fields: [{ pointer: '/car', msg: `must be one of ${Object.keys(CARS).join(', ')}` }],
    });
  }
  return car;
}

function evseOf(station: Station, id: number) {
  const evse = station.machine.core.evse(id);
  if (evse === undefined) throw new CompoteError('NOT_FOUND', { detail: `${station.identity} has no EVSE ${id}` });
  return evse;
}

type Of<S extends TSchema> = Type.Static<S>;

export const COMMANDS = {
  plug: {
    summary: 'A driver plugs a car in',
    params: Plug,
    run: (station: Station, p: Of<typeof Plug>) =>
      act(station, (core) =>
        plugIn(core, p.evseId ?? 1, p.connectorId ?? 1, {
          car: carOf(core.template.car, p.car),
          ...(p.soCPercent === undefined ? {} : { soCPercent: p.soCPercent }),
          ...(p.targetSoC === undefined ? {} : { targetSoC: p.targetSoC }),
        }),
      ),
  },
  unplug: {
    summary: 'A driver pulls the plug',
    params: Unplug,
    run: (station: Station, p: Of<typeof Unplug>) =>
      act(station, (core) => {
        const used = p.connectorId ?? usedConnector(evseOf(station, p.evseId ?? 1))?.id ?? 1;
        unplug(core, p.evseId ?? 1, used, p.side);
      }),
  },
  swipe: {
    summary: 'A driver holds a card to the reader: starts or stops',
    params: Swipe,
    run: (station: Station, p: Of<typeof Swipe>) =>
      act(station, (core) =>
        presentToken(
          core,
          { value: p.token, type: station.version === '1.6' ? 'idTag' : (p.tokenType ?? 'ISO14443') },
          p.evseId,
        ),
      ),
  },
  'stop-button': {
    summary: 'The driver ends the session at the station without a card',
    params: AtEvse,
    run: (station: Station, p: Of<typeof AtEvse>) =>
      act(station, (core) => endAuthorization(core, evseOf(station, p.evseId ?? 1), 'Local', 'StopAuthorized')),
  },
  'emergency-stop': {
    summary: 'Somebody hits the red button: all transactions end',
    params: None,
    run: (station: Station) =>
      act(station, (core) => {
        for (const evse of core.evses) forceEnd(core, evse, 'EmergencyStop', 'AbnormalCondition');
      }),
  },
  'pause-car': {
    summary: 'The car stops drawing (its timer, its app)',
    params: AtEvse,
    run: (station: Station, p: Of<typeof AtEvse>) => setPaused(station, p.evseId ?? 1, true),
  },
  'resume-car': {
    summary: 'The car draws again',
    params: AtEvse,
    run: (station: Station, p: Of<typeof AtEvse>) => setPaused(station, p.evseId ?? 1, false),
  },
  fault: {
    summary: 'Something breaks at a connector',
    params: Fault,
    run: (station: Station, p: Of<typeof Fault>) =>
      act(station, (core) =>
        setFault(core, p.evseId ?? 1, p.connectorId ?? 1, {
          code: p.code,
          ...(p.info === undefined ? {} : { info: p.info }),
        }),
      ),
  },
  repair: {
    summary: 'The fault is gone',
    params: AtConnector,
    run: (station: Station, p: Of<typeof AtConnector>) =>
      act(station, (core) => setFault(core, p.evseId ?? 1, p.connectorId ?? 1, undefined)),
  },
  'power-loss': {
    summary: 'The station loses power, for a time or until power-on',
    params: PowerLoss,
    run: (station: Station, p: Of<typeof PowerLoss>) =>
      act(station, (_core, machine) => machine.powerLoss(p.forS === undefined ? undefined : p.forS * 1000)),
  },
  'power-on': {
    summary: 'The station gets power again',
    params: None,
    run: (station: Station) => station.start(),
  },
  'network-loss': {
    summary: 'The network is cut until network-back',
    params: None,
    run: (station: Station) => act(station, (_core, machine) => machine.setNetwork(true)),
  },
  'network-back': {
    summary: 'The network works again',
    params: None,
    run: (station: Station) => act(station, (_core, machine) => machine.setNetwork(false)),
  },
  reboot: {
    summary: 'The software crashes and starts again (watchdog)',
    params: None,
    run: (station: Station) =>
      act(station, (core, machine) => {
        for (const evse of core.evses) forceEnd(core, evse, 'Reboot', 'AbnormalCondition');
        machine.reboot('Watchdog', core.template.timing.softResetMs);
      }),
  },
  'fail-resets': {
    summary: 'The next resets that the CSMS asks for do not happen; the station tries again as ResetRetries says',
    params: FailResets,
    run: (station: Station, p: Of<typeof FailResets>) =>
      act(station, (_core, machine) => {
        machine.failingResets = p.times ?? 1;
      }),
  },
  clock: {
    summary: 'The station’s clock goes wrong by so many seconds, or follows the CSMS again',
    params: ClockSkew,
    run: (station: Station, p: Of<typeof ClockSkew>) =>
      act(station, (_core, machine) => {
        machine.clockStubborn = p.follow !== true;
        const time = p.time === undefined ? undefined : parseTime(p.time);
        const offsetMs = time === undefined ? (p.seconds ?? 0) * 1000 : machine.clockOffsetMs + time - machine.now();
        machine.setClockOffset(offsetMs);
      }),
  },
  'freeze-meter': {
    summary: 'The meter of an EVSE stands still, or counts again',
    params: Frozen,
    run: (station: Station, p: Of<typeof Frozen>) =>
      act(station, (core) => {
        const evse = evseOf(station, p.evseId ?? 1);
        refresh(core, evse);
        evse.path.meter.frozen = p.frozen;
      }),
  },
  'answer-with': {
    summary: 'The next answers to a CSMS action are other ones: a status, a payload, a CALLERROR, late, or none',
    params: AnswerWith,
    run: (station: Station, p: Of<typeof AnswerWith>) =>
      station.faults.add({ on: 'answer', action: p.action ?? '*', times: p.times ?? 1, how: howOf(p) }),
  },
  distort: {
    summary: 'The next own messages of an action are dropped, doubled, late, or changed',
    params: Distort,
    run: (station: Station, p: Of<typeof Distort>) =>
      station.faults.add({ on: 'call', action: p.action ?? '*', times: p.times ?? 1, how: howOf(p) }),
  },
  'reverse-queue': {
    summary: 'Transaction messages that wait to be sent change their order',
    params: None,
    run: (station: Station) => act(station, (_core, machine) => machine.outbox.reverseTransactions()),
  },
  'request-contract': {
    summary: 'A vehicle asks for its contract (CertificateInstallationReq); the answer stands in `vehicleAnswer`',
    params: RequestContract,
    run: (station: Station, p: Of<typeof RequestContract>) =>
      act(station, (_core, { side }) => {
        const evse = evseOf(station, p.evseId ?? 1);
        side.relay.answers.delete(evse.id);
        side.relayCertificateRequest(evse, {
          iso15118SchemaVersion: p.schemaVersion ?? 'urn:iso:15118:2:2013:MsgDef',
          action: p.action ?? 'Install',
          exiRequest: p.exiRequest,
        });
      }),
  },
  'show-contract': {
    summary: 'A vehicle shows its contract certificate: Plug & Charge instead of a card',
    params: ShowContract,
    run: (station: Station, p: Of<typeof ShowContract>) =>
      act(station, (_core, { side }) =>
        side.showContract(evseOf(station, p.evseId ?? 1), { emaid: p.emaid, chainPem: p.chainPem }),
      ),
  },
  'sign-v2g': {
    summary: 'The station asks for its ISO 15118 certificate with a fresh key',
    params: None,
    run: (station: Station) => act(station, (_core, { side }) => void side.requestV2gCertificate()),
  },
  'send-text': {
    summary: 'Any text at all goes out, readable or not',
    params: SendText,
    run: (station: Station, p: Of<typeof SendText>) => {
      if (station.link === undefined) throw new CompoteError('STATION_NOT_CONNECTED', { detail: station.identity });
      station.link.sendText(p.text, 'user');
    },
  },
  'clear-faults': {
    summary: 'Messages are as they should be again',
    params: None,
    run: (station: Station) => station.faults.clear(),
  },
  'external-limit': {
    summary: 'An energy manager limits the station, or lets it go (2.x)',
    params: ExternalLimit,
    run: (station: Station, p: Of<typeof ExternalLimit>) => {
      const { side } = station.machine;
      if (!(side instanceof Side2x))
        throw new CompoteError('CONFLICT', { detail: 'OCPP 1.6 knows no external limits' });
      const { limit } = p;
      act(station, () =>
        setExternalLimit(
          side,
          limit === undefined ? undefined : { unit: p.unit ?? 'A', limit, source: p.source ?? 'EMS' },
        ),
      );
    },
  },
} as const satisfies Record<string, CommandRow>;

export type CommandName = keyof typeof COMMANDS;

/** One command with its parameters, as data. */
export type Command = {
  [N in CommandName]: { readonly type: N } & Readonly<Of<(typeof COMMANDS)[N]['params']>>;
}[CommandName];

const VALIDATORS: Readonly<Record<string, ReturnType<typeof lazyValidator>>> = Object.fromEntries(
  Object.entries(COMMANDS).map(([name, row]) => [name, lazyValidator(row.params)]),
);

/** Runs a command. Throws INVALID_REQUEST naming the fields, CONFLICT or NOT_FOUND when it cannot be done. */
export function runCommand(station: Station, command: Command): void {
  const { type: name, ...params } = command;
  const row = Object.hasOwn(COMMANDS, name) ? (COMMANDS[name] as CommandRow) : undefined;
  if (row === undefined) {
    throw new CompoteError('INVALID_REQUEST', {
      fields: [{ pointer: '/type', msg: `must be one of ${Object.keys(COMMANDS).join(', ')}` }],
    });
  }
  const fields = VALIDATORS[name]?.errors(params) ?? [];
  if (fields.length > 0)
    throw new CompoteError('INVALID_REQUEST', { detail: `${name} of ${station.identity}`, fields });
  row.run(station, params as never);
}

function setPaused(station: Station, id: number, paused: boolean): void {
  act(station, (core) => {
    const evse = evseOf(station, id);
    if (evse.path.ev === undefined) throw new CompoteError('CONFLICT', { detail: 'No car is plugged in there' });
    refresh(core, evse);
    evse.path.ev.paused = paused;
    refresh(core, evse);
  });
}
