import Type from 'typebox';
import { CompoteError } from '../../../core/errors.ts';
import { parseTime } from '../../../core/time.ts';
import { oneOf } from '../../../platform/schema/words.ts';
import type { StationMachine } from '../machine.ts';
import { Side2x } from '../ocpp/v2x/side.ts';
import { setExternalLimit } from '../ocpp/v2x/smart-charging.ts';
import type { StationCore } from '../state/core.ts';
import { setFault } from '../state/faults.ts';
import { forceEnd, refresh } from '../state/transactions.ts';
import type { Station } from '../station.ts';
import { act, type CommandRow, connectorId, evseId, evseOf, None, type Of } from './row.ts';

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
const silent = Type.Optional(
  Type.Boolean({ description: 'The socket is not closed: no FIN reaches the CSMS, which goes on believing in it' }),
);
const PowerLoss = Type.Object(
  { forS: Type.Optional(Type.Number({ minimum: 0 })), silent },
  { additionalProperties: false },
);
const NetworkLoss = Type.Object({ silent }, { additionalProperties: false });
const ClockSkew = Type.Object(
  { seconds: Type.Optional(Type.Number()), time: Type.Optional(Type.String()), follow: Type.Optional(Type.Boolean()) },
  { additionalProperties: false },
);
const FailResets = Type.Object(
  { times: Type.Optional(Type.Integer({ minimum: 0, maximum: 100 })) },
  { additionalProperties: false },
);
const Frozen = Type.Object({ evseId, frozen: Type.Boolean() }, { additionalProperties: false });
const SetMeter = Type.Object(
  {
    evseId,
    Wh: Type.Optional(
      Type.Number({ minimum: 0, description: 'The register shows this now; lower than before is a reset' }),
    ),
    addWh: Type.Optional(Type.Number({ description: 'The register jumps by so much' })),
  },
  { additionalProperties: false },
);
const FORGETTABLE = ['availability', 'cache', 'list', 'profiles', 'queue'] as const;
const Forget = Type.Object({ what: Type.Array(oneOf(FORGETTABLE), { minItems: 1 }) }, { additionalProperties: false });
const ExternalLimit = Type.Object(
  {
    unit: Type.Optional(Type.Union([Type.Literal('A'), Type.Literal('W')])),
    limit: Type.Optional(Type.Number({ minimum: 0, description: 'Absent: the limit is lifted' })),
    source: Type.Optional(Type.Union([Type.Literal('EMS'), Type.Literal('SO')])),
  },
  { additionalProperties: false },
);

const FORGETTING: Readonly<Record<(typeof FORGETTABLE)[number], (core: StationCore, machine: StationMachine) => void>> =
  {
    availability(core) {
      core.operative = true;
      for (const evse of core.evses) {
        evse.operative = true;
        for (const connector of evse.connectors) connector.operative = true;
      }
      core.host.touched('availability');
    },
    cache(core) {
      core.cache.clear();
      core.host.touched('cache');
    },
    list(core) {
      core.list.restore({ version: 0, entries: [] });
      core.host.touched('list');
    },
    profiles(core) {
      core.profiles.clear({});
      core.host.touched('profiles');
    },
    queue(core, machine) {
      machine.outbox.remove((one) => one.lane === 'transaction');
      core.host.touched('outbox');
    },
  };

/** What breaks, and what other systems do to the station. */
export const BAD_DAY_COMMANDS = {
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
      act(station, (_core, machine) =>
        machine.power.lose(p.forS === undefined ? undefined : p.forS * 1000, p.silent === true),
      ),
  },
  'power-on': {
    summary: 'The station gets power again',
    params: None,
    run: (station: Station) => station.start(),
  },
  'network-loss': {
    summary: 'The network is cut until network-back',
    params: NetworkLoss,
    run: (station: Station, p: Of<typeof NetworkLoss>) =>
      act(station, (_core, machine) => machine.line.setNetwork(true, p.silent === true)),
  },
  'network-back': {
    summary: 'The network works again',
    params: None,
    run: (station: Station) => act(station, (_core, machine) => machine.line.setNetwork(false, false)),
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
        machine.power.failingResets = p.times ?? 1;
      }),
  },
  clock: {
    summary: 'The station’s clock goes wrong by so many seconds, or follows the CSMS again',
    params: ClockSkew,
    run: (station: Station, p: Of<typeof ClockSkew>) =>
      act(station, (_core, machine) => {
        const { registrar } = machine;
        registrar.clockStubborn = p.follow !== true;
        const time = p.time === undefined ? undefined : parseTime(p.time);
        const offsetMs = time === undefined ? (p.seconds ?? 0) * 1000 : registrar.clockOffsetMs + time - machine.now();
        registrar.setClockOffset(offsetMs);
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
  'set-meter': {
    summary: 'The register of an EVSE jumps, or starts anew',
    params: SetMeter,
    run: (station: Station, p: Of<typeof SetMeter>) =>
      act(station, (core) => {
        const evse = evseOf(station, p.evseId ?? 1);
        refresh(core, evse);
        const { meter } = evse.path;
        meter.energyWh = Math.max(0, (p.Wh ?? meter.energyWh) + (p.addWh ?? 0));
        core.host.touched('meters');
      }),
  },
  forget: {
    summary:
      'What should survive a restart is lost: queued transaction messages, profiles, local list, cache, availability',
    params: Forget,
    run: (station: Station, p: Of<typeof Forget>) =>
      act(station, (core, machine) => {
        for (const what of p.what) FORGETTING[what](core, machine);
        for (const evse of core.evses) refresh(core, evse);
      }),
  },
} as const satisfies Record<string, CommandRow>;
