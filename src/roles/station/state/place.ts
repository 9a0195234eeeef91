import { CompoteError } from '../../../core/errors.ts';
import type { StationCore } from './core.ts';
import { type Connector, connectorOf, type Evse } from './evse.ts';

/** The EVSE and connector of these numbers; NOT_FOUND when the station has none. */
export function place(
  core: StationCore,
  evseId: number,
  connectorId: number,
): { readonly evse: Evse; readonly connector: Connector } {
  const evse = core.evse(evseId);
  const connector = evse === undefined ? undefined : connectorOf(evse, connectorId);
  if (evse === undefined || connector === undefined) {
    throw new CompoteError('NOT_FOUND', { detail: `There is no connector ${connectorId} at EVSE ${evseId}` });
  }
  return { evse, connector };
}
