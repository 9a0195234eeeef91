import type { ReactNode } from 'react';
import { usePageTitle } from '../../app/page-title.ts';
import { go, usePlace } from '../../app/router.tsx';
import { Tabs } from '../../parts/tabs.tsx';
import { FleetsTab } from './fleets-tab.tsx';
import { RunsTab } from './runs-tab.tsx';
import { ScenariosTab } from './scenarios-tab.tsx';
import { StationsTab } from './stations-tab.tsx';
import './simulator.css';

const TABS = [
  { id: 'stations', label: 'Stations' },
  { id: 'scenarios', label: 'Scenarios' },
  { id: 'runs', label: 'Runs' },
  { id: 'fleets', label: 'Fleets' },
] as const;
type TabId = (typeof TABS)[number]['id'];

/** Stations to play with, scenarios that play with them, runs with their verdict, and many stations at once. */
export function SimulatorPage() {
  const [, , first, second] = usePlace().path.split('/').map(decodeURIComponent);
  // These words are reserved: a station so named is reached through the list.
  const tab: TabId = TABS.find((each) => each.id === first)?.id ?? 'stations';
  const id = tab === first ? second : first;
  usePageTitle(
    'Simulator',
    [tab === 'stations' ? '' : TABS.find((each) => each.id === tab)?.label, id].filter(Boolean).join(' '),
  );
  const shown: Readonly<Record<TabId, () => ReactNode>> = {
    stations: () => <StationsTab id={id} />,
    scenarios: () => <ScenariosTab id={id} />,
    runs: () => <RunsTab id={id} />,
    fleets: () => <FleetsTab id={id} />,
  };
  return (
    <div className="sim-page">
      <div className="sim-tabs">
        <Tabs
          label="Simulator"
          tabs={TABS}
          value={tab}
          onChange={(next) => go(next === 'stations' ? '/simulator' : `/simulator/${next}`)}
          testId="sim-tab"
        />
      </div>
      {shown[tab]()}
    </div>
  );
}
