import { usePageTitle } from '../../app/page-title.ts';
import { setSearch, usePlace } from '../../app/router.tsx';
import { Tabs } from '../../parts/tabs.tsx';
import '../stations/stations.css';
import { About } from './about.tsx';
import { AccessSettings } from './access-settings.tsx';
import { Appearance } from './appearance.tsx';
import { JournalSettings } from './journal-settings.tsx';
import { NavigationSettings } from './navigation-settings.tsx';
import { ServiceSettings } from './service-settings.tsx';

const TABS = [
  { id: 'appearance', label: 'Appearance' },
  { id: 'journal', label: 'Journal' },
  { id: 'services', label: 'Services' },
  { id: 'navigation', label: 'Navigation' },
  { id: 'access', label: 'Access' },
  { id: 'about', label: 'About' },
] as const;

/** What can be chosen here, and what stands in the configuration. */
export function SettingsPage() {
  usePageTitle('Settings');
  const { search } = usePlace();
  const tab = TABS.find((each) => each.id === search['tab'])?.id ?? 'appearance';
  return (
    <div className="page">
      <div className="page-tabs">
        <Tabs label="Settings" tabs={TABS} value={tab} onChange={(next) => setSearch({ tab: next }, { push: true })} />
      </div>
      {tab === 'appearance' && <Appearance />}
      {tab === 'journal' && <JournalSettings />}
      {tab === 'services' && <ServiceSettings />}
      {tab === 'navigation' && <NavigationSettings />}
      {tab === 'access' && <AccessSettings />}
      {tab === 'about' && <About />}
    </div>
  );
}
