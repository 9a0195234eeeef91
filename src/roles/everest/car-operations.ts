import { CompoteError } from '../../core/errors.ts';
import { isIgnoredBySimulator } from '../../protocols/everest/board-errors.ts';
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
import type { ConnectorState } from '../../protocols/everest/states.ts';
import { type Of, type Operation, type Place, send, warned } from './operation.ts';
import { BoardError, Commands, Current, None, Rcd, Soc, Start, Unplug } from './operation-params.ts';
import type { Sent } from './station-commands.ts';

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
const UNPLUG_MS = 30_000;
/** The car takes no new list before it has noticed that the old one ended. */
const AFTER_UNPLUG_MS = 500;
const RESET_MS = 300;
/** What a hand-written list is taken for, where a plan is needed. */
const PLAIN: CarPlan = { mode: 'ac-iec', currentA: 16, phases: 3, payment: 'auto' };

/** What the simulated car and its board can be made to do. */
export const CAR_OPERATIONS = {
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

function sendList(place: Place, list: string, how: 'execute' | 'modify'): Promise<Sent> {
  // Only dialect N moves the car, whatever else was chosen.
  return send({ ...place, via: 'N' }, { do: how === 'execute' ? 'evExecute' : 'evModify', list });
}

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
