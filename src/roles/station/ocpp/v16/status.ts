import type { RequestOf } from '../../../../protocols/ocpp/messages.ts';
import type { Lane } from '../../outbox.ts';
import type { Connector, Evse } from '../../state/evse.ts';
import { status16 } from '../../state/status.ts';
import type { Side16 } from './side.ts';

type Notification = RequestOf<'1.6', 'StatusNotification'>;

/** A connector may show something else: tell it if so, now or after MinimumStatusDuration (1.6 §4.9, E 3.19). */
export function statusChanged16(side: Side16, evse: Evse, connector: Connector): void {
  const text = shown(side, evse, connector);
  if (text === side.told[connector.number]) return;
  side.host.happened('status', { connectorId: connector.number, status: text.split('|')[0] });
  if (!side.host.online) return;
  const guardS = side.configuration.int('MinimumStatusDuration');
  if (guardS > 0) side.host.timer(`status:${connector.number}`, side.host.now() + guardS * 1000);
  else tell(side, evse, connector, 'normal');
}

/** The status has lasted long enough. */
export function statusDue(side: Side16, number: number): void {
  const found = side.core.connector(number);
  if (found === undefined || !side.host.online) return;
  if (shown(side, found.evse, found.connector) !== side.told[number]) tell(side, found.evse, found.connector, 'normal');
}

/** After acceptance: the station itself and every connector (1.6 §4.2, E 3.22). */
export function sendAllStatuses(side: Side16, lane: Lane = 'normal'): void {
  tellStation(side, lane);
  for (const evse of side.core.evses) for (const connector of evse.connectors) tell(side, evse, connector, lane);
}

/** After offline: only what is different now; history is not replayed. */
export function sendChangedStatuses(side: Side16): void {
  if (side.told[0] !== stationStatus(side)) tellStation(side, 'normal');
  for (const evse of side.core.evses) for (const connector of evse.connectors) statusChanged16(side, evse, connector);
}

export function tellStation(side: Side16, lane: Lane): void {
  const status = stationStatus(side);
  side.told[0] = status;
  side.send(
    'StatusNotification',
    { connectorId: 0, errorCode: side.listConflict ? 'LocalListConflict' : 'NoError', status, timestamp: side.iso() },
    lane,
    {
      connectorId: 0,
    },
  );
}

export function tell(side: Side16, evse: Evse, connector: Connector, lane: Lane): void {
  side.told[connector.number] = shown(side, evse, connector);
  const notification: Notification = {
    connectorId: connector.number,
    errorCode: (connector.fault?.code ?? 'NoError') as Notification['errorCode'],
    status: status16(side.core, evse, connector),
    timestamp: side.iso(),
    ...(connector.fault?.info === undefined ? {} : { info: connector.fault.info.slice(0, 50) }),
  };
  side.send('StatusNotification', notification, lane, { connectorId: connector.number });
}

function stationStatus(side: Side16): 'Available' | 'Unavailable' {
  return side.core.operative ? 'Available' : 'Unavailable';
}

function shown(side: Side16, evse: Evse, connector: Connector): string {
  return `${status16(side.core, evse, connector)}|${connector.fault?.code ?? 'NoError'}`;
}
