import type { Random } from '../../core/random.ts';
import { nextVersion } from './ocpp/next-version.ts';
import { plugIn, presentToken } from './state/driver.ts';
import { usedConnector } from './state/evse.ts';
import { forceEnd } from './state/transactions.ts';
import type { Station } from './station.ts';

/** What hits a whole fleet within a short time. */
export const STORMS = {
  blackout: 'all stations lose power for 5 s and come back within the spread',
  'network-loss': 'all connections are cut for 5 s and come back within the spread, by each station’s own back-off',
  'morning-peak': 'a car arrives at every free EVSE within the spread',
  'firmware-rollout': 'every station installs a new version and boots with it, spread over the time',
} as const;
export type StormName = keyof typeof STORMS;

const DARK_MS = 5_000;

/** When a storm does something to a station; the fleet's timers run it. */
export interface StormStep {
  readonly afterMs: number;
  readonly run: () => void;
}

/** What a storm does to one station, spread over `spreadMs` by chance. */
export function stormSteps(name: StormName, station: Station, spreadMs: number, random: Random): StormStep[] {
  const share = random.next() * spreadMs;
  switch (name) {
    case 'blackout':
      return [
        {
          afterMs: 0,
          run: () => act(station, (_core, machine) => machine.powered && machine.power.lose(DARK_MS + share, false)),
        },
      ];
    case 'network-loss':
      return [
        { afterMs: 0, run: () => act(station, (_core, machine) => machine.line.setNetwork(true, false)) },
        {
          afterMs: DARK_MS + share,
          run: () => act(station, (_core, machine) => machine.line.setNetwork(false, false)),
        },
      ];
    case 'morning-peak':
      return station.machine.core.evses.flatMap((evse, i) => {
        const arrives = i === 0 ? share : random.next() * spreadMs;
        const value = `04${random.int(1, 0xff_ff_ff).toString(16).toUpperCase().padStart(12, '0')}`;
        const type = station.version === '1.6' ? 'idTag' : 'ISO14443';
        return [
          {
            afterMs: arrives,
            run: () =>
              act(station, (core, machine) => {
                if (!machine.powered || usedConnector(evse) !== undefined) return;
                plugIn(core, evse.id, 1, { soCPercent: 20 });
                presentToken(core, { value, type }, evse.id);
              }),
          },
        ];
      });
    case 'firmware-rollout':
      return [
        {
          afterMs: share,
          run: () =>
            act(station, (core, machine) => {
              if (!machine.powered) return;
              for (const evse of core.evses) forceEnd(core, evse, 'Reboot', 'AbnormalCondition');
              machine.firmwareVersion = nextVersion('', machine.firmwareVersion);
              machine.touched('extras');
              machine.reboot('FirmwareUpdate', core.template.timing.installMs);
            }),
        },
      ];
  }
}

function act(station: Station, what: Extract<Parameters<Station['input']>[0], { kind: 'act' }>['act']): void {
  station.input({ kind: 'act', act: what });
}
