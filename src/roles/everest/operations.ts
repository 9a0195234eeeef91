import Type, { type TSchema } from 'typebox';
import { CompoteError } from '../../core/errors.ts';
import { isoTime } from '../../core/time.ts';
import { oneOf } from '../../platform/schema/words.ts';
import { BOARD_ERRORS, isIgnoredBySimulator } from '../../protocols/everest/board-errors.ts';
import { checkCarList } from '../../protocols/everest/car-grammar.ts';
import {
  type CarFault,
  type CarList,
  type CarPlan,
  drawList,
  faultList,
  pauseList,
  resumeList,
  socList,
  startList,
  stopList,
  unplugList,
} from '../../protocols/everest/car-lists.ts';
import type { EvseCommand } from '../../protocols/everest/encode.ts';
import type { Dialect } from '../../protocols/everest/releases.ts';
import type { ConnectorState } from '../../protocols/everest/states.ts';
import type { Connector } from './connector.ts';
import type { EverestStation, Sent } from './everest-station.ts';

/** Where an operation acts. */
export interface Place {
  readonly station: EverestStation;
  readonly connector: Connector;
  /** Only this dialect. */
  readonly via: Dialect | undefined;
}

interface Operation {
  readonly summary: string;
  readonly description?: string;
  readonly params: TSchema;
  run(place: Place, params: never): Promise<Sent>;
}

const None = Type.Object({}, { additionalProperties: false });
const closed = <P extends Parameters<typeof Type.Object>[0]>(properties: P) =>
  Type.Object(properties, { additionalProperties: false });
const currentA = Type.Number({ minimum: 0, maximum: 500, default: 16, description: 'The car’s own maximum, A.' });
const phases = oneOf([1, 3], { default: 3 });

const Authorize = closed({
  idToken: Type.String({ minLength: 1, maxLength: 36, default: 'DEADBEEF' }),
  type: oneOf(['Central', 'eMAID', 'MacAddress', 'ISO14443', 'ISO15693', 'KeyCode', 'Local', 'NoAuthorization'], {
    default: 'ISO14443',
  }),
  authorizationType: oneOf(['OCPP', 'RFID', 'Autocharge', 'PlugAndCharge', 'BankCard'], { default: 'RFID' }),
  prevalidated: Type.Boolean({ default: false, description: 'EVerest asks nobody.' }),
  anyConnector: Type.Boolean({ default: false, description: 'Not only for this connector.' }),
});
const Start = closed({
  mode: oneOf(['ac-iec', 'ac-iso2', 'dc-iso2'], { default: 'ac-iec' }),
  currentA,
  phases,
  payment: oneOf(['auto', 'eim', 'contract'], { default: 'auto', description: 'ISO 15118: who pays.' }),
  departureS: Type.Optional(Type.Integer({ minimum: 0 })),
  energyWh: Type.Optional(Type.Number({ minimum: 0 })),
  force: Type.Boolean({ default: false, description: 'Unplugs first, if a car is there.' }),
});
const Unplug = closed({
  force: Type.Boolean({ default: false, description: 'Pulls the plug without an ISO 15118 stop.' }),
});
const Current = closed({ currentA, phases });
const Soc = closed({ soc: Type.Number({ minimum: 0, maximum: 100 }) });
const Commands = closed({
  commands: Type.String({ maxLength: 4096 }),
  how: oneOf(['execute', 'modify'], { default: 'execute' }),
  unsafe: Type.Boolean({ default: false, description: 'Sends it unchecked. A wrong word can end the station.' }),
});
const Stop = closed({ reason: Type.String({ default: 'Local', maxLength: 40 }) });
const Enable = closed({
  priority: Type.Integer({ minimum: 0, maximum: 10_000, default: 100 }),
  source: oneOf(
    [
      'Unspecified',
      'LocalAPI',
      'LocalKeyLock',
      'ServiceTechnician',
      'RemoteKeyLock',
      'MobileApp',
      'FirmwareUpdate',
      'CSMS',
    ],
    { default: 'LocalAPI' },
  ),
});
const Unlock = closed({ connectorId: Type.Integer({ minimum: 1, default: 1 }) });
const Limit = closed({
  amps: Type.Optional(Type.Number({ minimum: -500, maximum: 500 })),
  watts: Type.Optional(Type.Number({ minimum: -500_000, maximum: 500_000 })),
  phases: Type.Optional(oneOf([1, 3])),
});
const BoardError = closed({ type: oneOf(BOARD_ERRORS, { default: 'MREC8EmergencyStop' }) });
const Rcd = closed({
  mA: Type.Number({ minimum: 0, maximum: 1000, default: 10.5, description: 'Above 5 is a fault.' }),
});

type Of<S extends TSchema> = Type.Static<S>;

/** A car that was told to pause or stop is still there. */
const WITH_CAR: readonly ConnectorState[] = [
  'preparing',
  'charging',
  'pausedEv',
  'pausedEvse',
  'stopping',
  'finished',
  'switchingPhases',
  'authTimeout',
];
const WITH_TRANSACTION: readonly ConnectorState[] = [
  'preparing',
  'charging',
  'pausedEv',
  'pausedEvse',
  'switchingPhases',
  'stopping',
];
const UNPLUG_MS = 30_000;
/** The car takes no new list before it has noticed that the old one ended. */
const AFTER_UNPLUG_MS = 500;
const RESET_MS = 300;
const LIMIT_EVIDENCE_MS = 3_000;
/** What a hand-written list is taken for, where a plan is needed. */
const PLAIN: CarPlan = { mode: 'ac-iec', currentA: 16, phases: 3, payment: 'auto' };

/** What can be done at a connector: REST routes, the UI's actions and the documentation come from these rows. */
export const OPERATIONS = {
  authorize: {
    summary: 'A token is presented (RFID card)',
    params: Authorize,
    async run(place: Place, { anyConnector, ...token }: Of<typeof Authorize>) {
      const { station, connector } = place;
      // Before it is sent: what EVerest says about it may come at once.
      const before = connector.token;
      connector.token = { value: token.idToken, atMs: station.clock.now() };
      const sent = await send(place, {
        do: 'authorize',
        ...token,
        ...(anyConnector ? {} : { connectors: [connector.n] }),
      }).catch((cause: unknown) => {
        connector.token = before;
        throw cause;
      });
      connector.log.note(`token ${token.idToken} presented`, station.clock.now());
      const waitsForContract = connector.car?.plan?.payment === 'contract' && connector.model.state === 'waitAuth';
      return waitsForContract && token.authorizationType === 'RFID'
        ? warned(sent, 'The car pays by contract: while EVerest waits for Plug & Charge it ignores RFID tokens')
        : sent;
    },
  },
  'ev/start': {
    summary: 'The simulated car plugs in and charges: AC basic, AC or DC by ISO 15118, external payment or contract',
    params: Start,
    async run(place: Place, { force, ...plan }: Of<typeof Start>) {
      const { station, connector } = place;
      const list = written(place, startList(plan, station.grammar), 'execute');
      const before = await freeCar(place, force);
      const sent = await sendList(place, list, 'execute');
      connector.car = { plan, list, atMs: station.clock.now() };
      return {
        ...sent,
        published: [...before.published, ...sent.published],
        warnings: [...before.warnings, ...sent.warnings],
      };
    },
  },
  'ev/pause': {
    summary: 'The car stops drawing',
    params: None,
    run: (place: Place) => modify(place, pauseList(planOf(place))),
  },
  'ev/resume': {
    summary: 'The car draws again',
    params: None,
    run: (place: Place) => modify(place, resumeList(planOf(place), place.station.grammar)),
  },
  'ev/stop': {
    summary: 'The car ends charging and stays plugged in',
    description: 'With basic charging (IEC 61851) a car can only pause: the transaction stays open.',
    params: None,
    run: (place: Place) => modify(place, stopList(planOf(place))),
  },
  'ev/unplug': {
    summary: 'The plug is pulled; an ISO 15118 session is ended first',
    params: Unplug,
    run: (place: Place, { force }: Of<typeof Unplug>) => modify(place, unplugList(!force && hlcSession(place))),
  },
  'ev/current': {
    summary: 'The car takes another current',
    params: Current,
    async run(place: Place, change: Of<typeof Current>) {
      const plan = { ...planOf(place), ...change };
      const sent = await modify(place, drawList(plan));
      if (place.connector.car !== undefined) place.connector.car = { ...place.connector.car, plan };
      return sent;
    },
  },
  'ev/soc': {
    summary: 'Sets the car’s state of charge (2026.02 and newer)',
    params: Soc,
    run: (place: Place, { soc }: Of<typeof Soc>) => modify(place, socList(soc, planOf(place), place.station.grammar)),
  },
  'ev/reset': {
    summary: 'Switches the simulated car off and on: heals faults that stay',
    params: None,
    async run(place: Place) {
      const off = await send(place, { do: 'evEnable', on: false });
      await place.station.clock.sleep(RESET_MS);
      const on = await send(place, { do: 'evEnable', on: true });
      place.connector.car = undefined;
      return { ...on, published: [...off.published, ...on.published] };
    },
  },
  'ev/commands': {
    summary: 'A command list of your own, checked for the station’s release',
    params: Commands,
    async run(place: Place, { commands, how, unsafe }: Of<typeof Commands>) {
      const { station, connector } = place;
      const list = unsafe ? commands : written(place, commands, how);
      const { warnings } = checkCarList(commands, { grammar: station.grammar, hlc: connector.hlc, how });
      const sent = await sendList(place, list, how);
      connector.car = { list, atMs: station.clock.now() };
      return { ...sent, warnings: [...sent.warnings, ...warnings, ...(unsafe ? ['sent unchecked'] : [])] };
    },
  },
  'evse/pause': {
    summary: 'The EVSE pauses charging',
    params: None,
    run: (place: Place) => duringTransaction(place, { do: 'evsePause' }),
  },
  'evse/resume': {
    summary: 'The EVSE goes on',
    params: None,
    run: (place: Place) => duringTransaction(place, { do: 'evseResume' }),
  },
  'evse/stop': {
    summary: 'Ends the transaction; the car stays plugged in',
    params: Stop,
    run: (place: Place, { reason }: Of<typeof Stop>) => duringTransaction(place, { do: 'evseStop', reason }),
  },
  'evse/enable': {
    summary: 'The EVSE may be used',
    params: Enable,
    run: (place: Place, params: Of<typeof Enable>) => send(place, { do: 'evseEnable', ...params }),
  },
  'evse/disable': {
    summary: 'The EVSE may not be used; a disable wins over an enable of the same priority',
    params: Enable,
    run: (place: Place, params: Of<typeof Enable>) => send(place, { do: 'evseDisable', ...params }),
  },
  'evse/unlock': {
    summary: 'Unlocks the plug; ends the transaction',
    params: Unlock,
    run: (place: Place, { connectorId }: Of<typeof Unlock>) => send(place, { do: 'evseUnlock', connectorId }),
  },
  'evse/limit': {
    summary: 'Limits what the EVSE may give, in A or in W',
    description:
      'Waits up to 3 s for the limit that EVerest says it enforces; `limitNotEnforced` warns when it does not come.',
    params: Limit,
    async run(place: Place, { amps, watts, phases: count }: Of<typeof Limit>) {
      const { station, connector } = place;
      if ((amps === undefined) === (watts === undefined)) {
        throw new CompoteError('INVALID_REQUEST', {
          fields: [{ pointer: amps === undefined ? '/amps' : '/watts', msg: 'give either `amps` or `watts`' }],
        });
      }
      const sent = await send(place, {
        do: 'evseLimit',
        ...(amps === undefined ? {} : { amps }),
        ...(watts === undefined ? {} : { watts }),
        ...(count === undefined ? {} : { phases: count }),
        at: isoTime(station.clock.now()),
      });
      if (amps === undefined) return warned(sent, 'a limit in W is not compared with the enforced limit in A');
      const enforced = (): boolean =>
        (connector.model.currentLimitA ?? Number.POSITIVE_INFINITY) <= Math.max(0, amps) + 0.05;
      if (await station.until(enforced, LIMIT_EVIDENCE_MS)) return sent;
      const said = connector.model.currentLimitA;
      return warned(
        sent,
        `limitNotEnforced: EVerest ${said === undefined ? 'says no limit' : `enforces ${said} A`}. The configuration may lack the connection ` +
          '(`evse_energy_sink` with a mapping for dialect L, a node with `external_limits` for E)',
      );
    },
  },
  'errors/raise': {
    summary: 'The simulated board raises an error',
    params: BoardError,
    run: (place: Place, { type }: Of<typeof BoardError>) => boardError(place, type, true),
  },
  'errors/clear': {
    summary: 'The simulated board clears an error',
    params: BoardError,
    run: (place: Place, { type }: Of<typeof BoardError>) => boardError(place, type, false),
  },
  'errors/rcd': {
    summary: 'A residual current flows; up to 5 mA clears the fault',
    params: Rcd,
    run: (place: Place, { mA }: Of<typeof Rcd>) => fault(place, { rcdMilliA: mA }),
  },
  'errors/diode': {
    summary: 'The diode of the control pilot fails; stays until ev/reset',
    params: None,
    run: (place: Place) => fault(place, 'diode'),
  },
  'errors/cp-e': {
    summary: 'The control pilot is shorted (state E); stays until ev/reset',
    params: None,
    run: (place: Place) => fault(place, 'cp-e'),
  },
} as const satisfies Record<string, Operation>;
export type OperationName = keyof typeof OPERATIONS;

function send({ station, connector, via }: Place, command: EvseCommand): Promise<Sent> {
  return station.send(command, connector.n, via);
}

function sendList(place: Place, list: string, how: 'execute' | 'modify'): Promise<Sent> {
  // Only dialect N moves the car, whatever else was chosen.
  return send({ ...place, via: 'N' }, { do: how === 'execute' ? 'evExecute' : 'evModify', list });
}

const warned = (sent: Sent, warning: string): Sent => ({ ...sent, warnings: [...sent.warnings, warning] });

/** A list that this station surely understands. @throws NOT_SUPPORTED, CONFLICT (no ISO 15118 here), CAR_LIST_INVALID */
function written({ station, connector }: Place, list: CarList, how: 'execute' | 'modify'): string {
  if (typeof list !== 'string') {
    const code = station.grammar === undefined ? 'CONFLICT' : 'NOT_SUPPORTED';
    throw new CompoteError(code, { detail: `${station.id}: ${list.unsupported}` });
  }
  const checked = checkCarList(list, { grammar: station.grammar, hlc: connector.hlc, how });
  const [first] = checked.problems;
  if (first === undefined) return checked.list;
  if (first.kind !== 'grammar')
    throw new CompoteError('CONFLICT', { detail: first.text, hint: conflictHint(first.kind) });
  const old = /iso_start_v2g_session (contract|externalpayment),/i.test(list);
  throw new CompoteError('CAR_LIST_INVALID', {
    detail: first.text,
    ...(old
      ? { hint: 'That is the form of releases up to 2024.3. Use ev/start, which writes it for this release.' }
      : {}),
    fields: checked.problems.map(({ at, text }) => ({ pointer: '/commands', msg: `at ${at}: ${text}` })),
  });
}

function conflictHint(kind: 'hlc' | 'choose'): string {
  return kind === 'hlc'
    ? 'Use mode `ac-iec`, or a connector with ISO 15118 (`hlc: true`).'
    : 'Set `release` or `carGrammar` of the station; basic charging works without.';
}

/** @throws CONFLICT when a car is there and may stay */
async function freeCar(place: Place, force: boolean): Promise<Pick<Sent, 'published' | 'warnings'>> {
  const { station, connector } = place;
  const { state } = connector.model;
  const busy = connector.car !== undefined || WITH_CAR.includes(state);
  if (!busy) {
    const warnings = state === 'unknown' ? ['the state is not known: EVerest tells it at the next change'] : [];
    return { published: [], warnings };
  }
  if (!force) {
    throw new CompoteError('CONFLICT', {
      detail: `Connector ${connector.n} of ${station.id} is ${state}: a car is there, and EVerest ignores a second list`,
      hint: 'Unplug first, or send `force: true`.',
    });
  }
  const sent = await modify(place, unplugList(hlcSession(place)));
  if (!(await station.until(() => connector.model.state === 'idle', UNPLUG_MS))) {
    throw new CompoteError('PEER_TIMEOUT', {
      detail: `the car was told to unplug, but connector ${connector.n} is still ${connector.model.state}`,
    });
  }
  await station.clock.sleep(AFTER_UNPLUG_MS);
  connector.car = undefined;
  return sent;
}

async function modify(place: Place, list: CarList): Promise<Sent> {
  return sendList(place, written(place, list, 'modify'), 'modify');
}

function planOf({ connector }: Place): CarPlan {
  return connector.car?.plan ?? PLAIN;
}

function hlcSession({ connector }: Place): boolean {
  const { car, model } = connector;
  return (
    car?.plan !== undefined &&
    car.plan.mode !== 'ac-iec' &&
    ['charging', 'pausedEv', 'pausedEvse', 'preparing'].includes(model.state)
  );
}

/** Commands that EVerest ignores in silence outside a transaction. */
async function duringTransaction(place: Place, command: EvseCommand): Promise<Sent> {
  const { station, connector } = place;
  const { state } = connector.model;
  if (state !== 'unknown' && state !== 'offline' && !WITH_TRANSACTION.includes(state)) {
    throw new CompoteError('CONFLICT', {
      detail: `Connector ${connector.n} of ${station.id} is ${state}: there is no transaction, and EVerest would ignore this`,
    });
  }
  return send(place, command);
}

async function boardError(place: Place, type: string, raise: boolean): Promise<Sent> {
  const sent = await send(place, { do: 'error', type, raise });
  return isIgnoredBySimulator(type, place.station.settings.release)
    ? warned(
        sent,
        `${type} is taken and ignored by the simulator of 2025.3 and newer; use errors/rcd for residual currents`,
      )
    : sent;
}

function fault(place: Place, what: CarFault): Promise<Sent> {
  return modify(
    place,
    faultList(what, place.connector.car?.plan ?? (place.connector.model.state === 'charging' ? PLAIN : undefined)),
  );
}
