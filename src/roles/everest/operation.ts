import type Type from 'typebox';
import type { TSchema } from 'typebox';
import type { EvseCommand } from '../../protocols/everest/encode.ts';
import type { Dialect } from '../../protocols/everest/releases.ts';
import type { Connector } from './connector.ts';
import type { EverestStation } from './everest-station.ts';
import { type Sent, sendCommand } from './station-commands.ts';

/** Where an operation acts. */
export interface Place {
  readonly station: EverestStation;
  readonly connector: Connector;
  /** Only this dialect. */
  readonly via: Dialect | undefined;
}

/** One row of the table of operations. */
export interface Operation {
  readonly summary: string;
  readonly description?: string;
  readonly params: TSchema;
  run(place: Place, params: never): Promise<Sent>;
}

/** Parameters as their schema types them. */
export type Of<S extends TSchema> = Type.Static<S>;

/** Says a command of a connector. */
export function send({ station, connector, via }: Place, command: EvseCommand): Promise<Sent> {
  return sendCommand(station, command, connector.n, via);
}

export const warned = (sent: Sent, warning: string): Sent => ({ ...sent, warnings: [...sent.warnings, warning] });
