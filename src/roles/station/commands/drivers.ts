import Type from 'typebox';
import { CompoteError } from '../../../core/errors.ts';
import type { EvTemplate } from '../physical/ev.ts';
import { plugIn, presentToken, unplug } from '../state/driver.ts';
import { usedConnector } from '../state/evse.ts';
import { endAuthorization, forceEnd, refresh } from '../state/transactions.ts';
import type { Station } from '../station.ts';
import { CARS } from '../templates.ts';
import { AtEvse, act, type CommandRow, connectorId, evseId, evseOf, None, type Of } from './row.ts';

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

function setPaused(station: Station, id: number, paused: boolean): void {
  act(station, (core) => {
    const evse = evseOf(station, id);
    if (evse.path.ev === undefined) throw new CompoteError('CONFLICT', { detail: 'No car is plugged in there' });
    refresh(core, evse);
    evse.path.ev.paused = paused;
    refresh(core, evse);
  });
}

/** What drivers and their cars do. */
export const DRIVER_COMMANDS = {
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
} as const satisfies Record<string, CommandRow>;
