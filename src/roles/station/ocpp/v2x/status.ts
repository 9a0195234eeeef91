import type { Lane } from '../../outbox.ts';
import type { Connector, Evse } from '../../state/evse.ts';
import { status2x } from '../../state/status.ts';
import { checkMonitors } from './monitoring.ts';
import type { Side2x } from './side.ts';

/** A connector may show something else: tell it if so (2.0.1 G01). */
export function statusChanged2x(side: Side2x, evse: Evse, connector: Connector): void {
  const status = status2x(side.core, evse, connector);
  if (status === side.told[connector.number]) return;
  side.host.happened('status', { evseId: evse.id, connectorId: connector.id, status });
  if (side.host.online) tell(side, evse, connector, 'normal');
  checkMonitors(side);
}

/** After acceptance, or a long offline time: every connector; there is no EVSE 0 (B01.FR.05, B04.FR.01). */
export function sendAllStatuses(side: Side2x, lane: Lane = 'normal'): void {
  for (const evse of side.core.evses) for (const connector of evse.connectors) tell(side, evse, connector, lane);
}

/** After a short offline time: only what changed (B04.FR.02). */
export function sendChangedStatuses(side: Side2x): void {
  for (const evse of side.core.evses) {
    for (const connector of evse.connectors) {
      if (status2x(side.core, evse, connector) !== side.told[connector.number]) tell(side, evse, connector, 'normal');
    }
  }
}

export function tell(side: Side2x, evse: Evse, connector: Connector, lane: Lane): void {
  const connectorStatus = status2x(side.core, evse, connector);
  side.told[connector.number] = connectorStatus;
  side.send(
    'StatusNotification',
    { timestamp: side.iso(), connectorStatus, evseId: evse.id, connectorId: connector.id },
    lane,
    { connector: connector.number },
  );
}
