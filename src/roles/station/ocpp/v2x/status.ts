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
  if (side.host.online) report(side, [{ evse, connector }]);
  checkMonitors(side);
}

/** After acceptance, or a long offline time: every connector; there is no EVSE 0 (B01.FR.05, B04.FR.01). */
export function sendAllStatuses(side: Side2x): void {
  report(side, placesOf(side));
}

/** After a short offline time: only what changed (B04.FR.02). */
export function sendChangedStatuses(side: Side2x): void {
  report(
    side,
    placesOf(side).filter(
      ({ evse, connector }) => status2x(side.core, evse, connector) !== side.told[connector.number],
    ),
  );
}

interface Shown {
  readonly evse: Evse;
  readonly connector: Connector;
}

function placesOf(side: Side2x): Shown[] {
  return side.core.evses.flatMap((evse) => evse.connectors.map((connector) => ({ evse, connector })));
}

/** 2.1 tells AvailabilityState by NotifyEvent, StatusNotification, or both; 2.0.1 by StatusNotification. */
function report(side: Side2x, shown: readonly Shown[]): void {
  const how = side.version === '2.1' ? side.model.text('CompoteSim.StatusReport') : 'StatusNotification';
  if (how !== 'NotifyEvent') for (const { evse, connector } of shown) tell(side, evse, connector, 'normal');
  if (how === 'StatusNotification' || shown.length === 0) return;
  const timestamp = side.iso();
  const eventData = shown.map(({ evse, connector }) => {
    const actualValue = status2x(side.core, evse, connector);
    side.told[connector.number] = actualValue;
    return {
      eventId: side.nextEventId++,
      timestamp,
      trigger: 'Delta' as const,
      actualValue,
      component: { name: 'Connector', evse: { id: evse.id, connectorId: connector.id } },
      variable: { name: 'AvailabilityState' },
      eventNotificationType: 'HardWiredNotification' as const,
    };
  });
  side.send('NotifyEvent', { generatedAt: timestamp, seqNo: 0, tbc: false, eventData }, 'normal', {
    connectors: shown.map(({ connector }) => connector.number),
  });
}

/** StatusNotification itself: 2.0.1, and where a 2.1 CSMS asks for this very message. */
export function tell(side: Side2x, evse: Evse, connector: Connector, lane: Lane): void {
  const connectorStatus = status2x(side.core, evse, connector);
  side.told[connector.number] = connectorStatus;
  side.send(
    'StatusNotification',
    { timestamp: side.iso(), connectorStatus, evseId: evse.id, connectorId: connector.id },
    lane,
    { connectors: [connector.number] },
  );
}
