import { Button, Menu } from '@mantine/core';
import { IconChevronDown, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { api, apiPath, part } from '../../api/client.ts';
import { refresh, useGet } from '../../api/queries.ts';
import { AppLink } from '../../app/router.tsx';
import { HealthMark, Tag } from '../../parts/atoms.tsx';
import { attempt } from '../../parts/attempt.ts';
import { count, milliseconds } from '../../parts/format.ts';
import { EmptyState, Loaded } from '../../parts/states.tsx';
import { NewFleetDialog } from './new-fleet-dialog.tsx';
import type { FleetView } from './run-shapes.ts';

const STORMS = [
  ['blackout', 'Power cut of 5 s everywhere'],
  ['network-loss', 'All connections cut for 5 s'],
  ['morning-peak', 'A car at every free EVSE'],
  ['firmware-rollout', 'A new firmware version everywhere'],
] as const;
const SPREAD_S = 10;

/** Many stations at once, with numbers about all of them. */
export function FleetsTab({ id }: { readonly id: string | undefined }) {
  const [adds, setAdds] = useState(false);
  const fleets = useGet<{ readonly items: readonly FleetView[] }>(apiPath('/sim/fleets'));
  const add = (
    <Button leftSection={<IconPlus size={14} />} onClick={() => setAdds(true)}>
      Start a fleet
    </Button>
  );
  return (
    <div className="page">
      <Loaded query={fleets} what="the fleets">
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title="No fleet" actions={add}>
              A fleet is many simulated stations in one process, with drivers by a profile. More than 2 000, or at
              another machine: <code>compote station --count</code>.
            </EmptyState>
          ) : (
            <>
              <div className="row">{add}</div>
              {items
                .filter((fleet) => id === undefined || fleet.id === id)
                .map((fleet) => (
                  <FleetCard key={fleet.id} fleet={fleet} />
                ))}
            </>
          )
        }
      </Loaded>
      {adds && <NewFleetDialog onClose={() => setAdds(false)} />}
    </div>
  );
}

function FleetCard({ fleet }: { readonly fleet: FleetView }) {
  const { id, prefix, summary, state } = fleet;
  const running = state === 'running';
  const failed = Object.values(summary.failedCalls).reduce((sum, calls) => sum + calls, 0);
  const numbers: readonly [string, string][] = [
    ['switched on', `${count(summary.started)} of ${count(summary.stations)}`],
    ['connected', count(summary.connected)],
    ['accepted', count(summary.accepted)],
    ['charging', count(summary.charging)],
    ['cards refused', count(summary.refusedCards)],
    ['sessions ended', count(summary.sessionsEnded)],
    ['energy', `${count(summary.energyKWh)} kWh`],
    ['calls answered', count(summary.messages)],
    ['calls failed', count(failed)],
    ['connections lost', count(summary.disconnects)],
    ['connections refused', count(summary.connectFailures)],
  ];
  const remove = (): void => {
    void attempt(() => api.delete(apiPath(`/sim/fleets/${part(id)}`))).then(() => refresh('/sim/fleets'));
  };
  return (
    <section className="card" data-testid="fleet" data-state={state} aria-label={`Fleet ${prefix}`}>
      <header>
        <h2 className="mono">{prefix}…</h2>
        <HealthMark health={running ? 'ok' : 'off'}>{state}</HealthMark>
        <Tag>{fleet.versions.map((version) => `OCPP ${version}`).join(', ')}</Tag>
        <Tag>{fleet.template}</Tag>
        <Tag>{fleet.behaviour}</Tag>
        <span className="push" />
        <AppLink to={`/traffic?q=${part(`text:${prefix}`)}`}>Its messages</AppLink>
        {running && (
          <Menu>
            <Menu.Target>
              <Button variant="default" rightSection={<IconChevronDown size={12} />}>
                Storm
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {STORMS.map(([name, label]) => (
                <Menu.Item
                  key={name}
                  onClick={() =>
                    void attempt(() => api.post(apiPath(`/sim/fleets/${part(id)}/storms`), { name, spreadS: SPREAD_S }))
                  }
                >
                  {label}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        )}
        <Button variant="default" onClick={remove}>
          {running ? 'Stop all' : 'Forget'}
        </Button>
      </header>
      <div className="body stack">
        <progress
          className="fleet-progress"
          value={summary.accepted}
          max={summary.stations}
          aria-label="Stations that are accepted"
        />
        <dl className="fleet-numbers">
          {numbers.map(([label, value]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd data-number={label}>{value}</dd>
            </div>
          ))}
        </dl>
        {Object.entries(summary.connectFailureReasons).map(([why, times]) => (
          <p key={why} className="bad small">
            {count(times)}× {why}
          </p>
        ))}
        <Latencies fleet={fleet} />
      </div>
    </section>
  );
}

function Latencies({ fleet }: { readonly fleet: FleetView }) {
  const actions = Object.entries(fleet.summary.latencyMs).sort(([, a], [, b]) => b.count - a.count);
  if (actions.length === 0) return null;
  return (
    <div className="scroll-x">
      <table className="plain">
        <caption className="visually-hidden">How long answers take</caption>
        <thead>
          <tr>
            <th>Action</th>
            <th className="num">Calls</th>
            <th className="num">half within, ms</th>
            <th className="num">95 % within, ms</th>
            <th className="num">slowest, ms</th>
          </tr>
        </thead>
        <tbody>
          {actions.map(([action, { count: calls, p50, p95, max }]) => (
            <tr key={action}>
              <td>{action}</td>
              <td className="num">{count(calls)}</td>
              <td className="num">{milliseconds(p50)}</td>
              <td className="num">{milliseconds(p95)}</td>
              <td className="num">{milliseconds(max)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
