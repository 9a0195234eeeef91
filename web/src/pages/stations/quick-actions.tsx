import { Button } from '@mantine/core';
import { part } from '../../api/client.ts';
import type { Station } from '../../api/shapes.ts';
import { openComposeDrawer } from '../../app/compose-drawer-state.ts';
import { go } from '../../app/router.tsx';

/** The commands that one needs most, by the version's own names. */
export function QuickActions({ station }: { readonly station: Station }) {
  const v2 = station.version !== undefined && station.version !== '1.6';
  const actions = v2
    ? [
        'RequestStartTransaction',
        'RequestStopTransaction',
        'Reset',
        'UnlockConnector',
        'ChangeAvailability',
        'TriggerMessage',
      ]
    : [
        'RemoteStartTransaction',
        'RemoteStopTransaction',
        'Reset',
        'UnlockConnector',
        'ChangeAvailability',
        'TriggerMessage',
      ];
  const labels: Readonly<Record<string, string>> = {
    RequestStartTransaction: 'Remote start',
    RemoteStartTransaction: 'Remote start',
    RequestStopTransaction: 'Remote stop',
    RemoteStopTransaction: 'Remote stop',
    UnlockConnector: 'Unlock',
    ChangeAvailability: 'Availability',
    TriggerMessage: 'Trigger',
  };
  const off = station.link === 'disconnected';
  return (
    <div className="quick">
      {actions.map((action) => (
        <Button
          key={action}
          variant="default"
          disabled={off}
          title={off ? `${station.id} is not connected` : action}
          onClick={() => openComposeDrawer({ from: 'csms', to: station.id, action })}
        >
          {labels[action] ?? action} …
        </Button>
      ))}
      <Button variant="subtle" onClick={() => go(`/stations/${part(station.id)}/commands`)}>
        All commands
      </Button>
    </div>
  );
}
