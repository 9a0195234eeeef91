import Type, { type TSchema } from 'typebox';
import { CompoteError } from '../../../core/errors.ts';
import type { Evse } from '../state/evse.ts';
import type { Station } from '../station.ts';

/** Something that can be done to a station: by REST, CLI, scenario and API from this one row. */
export interface CommandRow {
  readonly summary: string;
  readonly params: TSchema;
  run(station: Station, params: never): void;
}

export type Of<S extends TSchema> = Type.Static<S>;

export const evseId = Type.Optional(Type.Integer({ minimum: 1, description: '1 by default' }));
export const connectorId = Type.Optional(Type.Integer({ minimum: 1, description: '1 by default' }));
export const AtEvse = Type.Object({ evseId }, { additionalProperties: false });
export const None = Type.Object({}, { additionalProperties: false });

type Act = Extract<Parameters<Station['input']>[0], { kind: 'act' }>['act'];

/** Does something with a station that has power; CONFLICT without. */
export function act(station: Station, what: Act): void {
  if (!station.machine.powered) throw new CompoteError('CONFLICT', { detail: `${station.identity} is switched off` });
  station.input({ kind: 'act', act: what });
}

export function evseOf(station: Station, id: number): Evse {
  const evse = station.machine.core.evse(id);
  if (evse === undefined) throw new CompoteError('NOT_FOUND', { detail: `${station.identity} has no EVSE ${id}` });
  return evse;
}

/** The line of a station that is connected. */
export function linkOf(station: Station): NonNullable<Station['link']> {
  if (station.link === undefined) throw new CompoteError('STATION_NOT_CONNECTED', { detail: station.identity });
  return station.link;
}
