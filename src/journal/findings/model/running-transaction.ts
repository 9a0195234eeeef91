import type { OcppVersion } from '../../../protocols/ocpp/versions.ts';
import type { StationModel } from './station-model.ts';

export interface RunningTransaction {
  readonly id: string | undefined;
  /** Epoch milliseconds, as the station dated it where it did. */
  readonly startedAt: number;
}

/** The transaction on a connector or EVSE. */
export function runningOn(station: StationModel, version: OcppVersion, place: number): RunningTransaction | undefined {
  if (version === '1.6') {
    const running = station.transactions16.on(place);
    if (running === undefined) return undefined;
    return {
      id: running.id === undefined ? undefined : String(running.id),
      startedAt: running.startedAt ?? running.first.time,
    };
  }
  const running = station.transactions2x.on(place);
  return running === undefined ? undefined : { id: running.id, startedAt: running.firstAt };
}
