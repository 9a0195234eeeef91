import { Button, SegmentedControl, Switch, useMantineColorScheme } from '@mantine/core';
import { apiPath } from '../../api/client.ts';
import { useGet, useMe, useMeta } from '../../api/queries.ts';
import { ENTRY } from '../../app/entry-settings.ts';
import { PAGE_GROUPS } from '../../app/navigation.ts';
import { usePageTitle } from '../../app/page-title.ts';
import { setPreferences, usePreferences } from '../../app/preferences.ts';
import { setSearch, usePlace } from '../../app/router.tsx';
import { Loaded } from '../../parts/states.tsx';
import { Tabs } from '../../parts/tabs.tsx';
import { JournalSettings } from './journal-settings.tsx';
import '../stations/stations.css';

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
      {tab === 'navigation' && <Navigation />}
      {tab === 'access' && <Access />}
      {tab === 'about' && <About />}
    </div>
  );
}

function Choice({
  label,
  value,
  options,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  onChange(value: string): void;
}) {
  return (
    <div className="row wrap" style={{ minHeight: 36 }}>
      <span style={{ width: 180 }}>{label}</span>
      <SegmentedControl aria-label={label} value={value} onChange={onChange} data={[...options]} />
    </div>
  );
}

function Appearance() {
  const { density, timeZone, motion, singleKeys } = usePreferences();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <section className="card">
      <div className="body stack">
        <Choice
          label="Colours"
          value={colorScheme}
          onChange={(next) => setColorScheme(next as 'light' | 'dark' | 'auto')}
          options={[
            { value: 'auto', label: 'As the system' },
            { value: 'light', label: 'Light' },
            { value: 'dark', label: 'Dark' },
          ]}
        />
        <Choice
          label="Density"
          value={density}
          onChange={(next) => setPreferences({ density: next as typeof density })}
          options={[
            { value: 'compact', label: 'Compact' },
            { value: 'comfortable', label: 'Comfortable' },
          ]}
        />
        <Choice
          label="Times"
          value={timeZone}
          onChange={(next) => setPreferences({ timeZone: next as typeof timeZone })}
          options={[
            { value: 'local', label: 'Local' },
            { value: 'utc', label: 'UTC' },
          ]}
        />
        <Choice
          label="Motion"
          value={motion}
          onChange={(next) => setPreferences({ motion: next as typeof motion })}
          options={[
            { value: 'system', label: 'As the system' },
            { value: 'off', label: 'Off' },
          ]}
        />
        <Switch
          label="Single letters are shortcuts"
          checked={singleKeys}
          onChange={(event) => setPreferences({ singleKeys: event.currentTarget.checked })}
        />
        <div className="row">
          <Button variant="default" onClick={() => setPreferences({ positions: {}, trafficColumns: null, hints: {} })}>
            Columns, places and hints as delivered
          </Button>
        </div>
      </div>
    </section>
  );
}

function ServiceSettings() {
  const settings = useGet<readonly { readonly key: string; readonly value: unknown; readonly source: string }[]>(
    apiPath('/settings'),
  );
  return (
    <Loaded query={settings} what="the configuration">
      {(items) => (
        <div className="card scroll-x">
          <table className="plain">
            <thead>
              <tr>
                <th>Key</th>
                <th>Value</th>
                <th>From</th>
              </tr>
            </thead>
            <tbody>
              {items.map((item) => (
                <tr key={item.key}>
                  <td className="mono">{item.key}</td>
                  <td className="mono" style={{ overflowWrap: 'anywhere' }}>
                    {typeof item.value === 'string' ? item.value : JSON.stringify(item.value)}
                  </td>
                  <td className={item.source === 'default' ? 'muted' : undefined}>{item.source}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Loaded>
  );
}

function Navigation() {
  const { hiddenPages } = usePreferences();
  return (
    <section className="card">
      <div className="body stack">
        <p className="muted">Hidden pages stay reachable by their address and by Ctrl K.</p>
        {PAGE_GROUPS.flatMap((group) => group.pages)
          .filter((page) => page.scopes.includes(ENTRY.scope) && page.id !== 'settings')
          .map((page) => (
            <Switch
              key={page.id}
              label={page.label}
              checked={!hiddenPages.includes(page.id)}
              onChange={(event) =>
                setPreferences({
                  hiddenPages: event.currentTarget.checked
                    ? hiddenPages.filter((id) => id !== page.id)
                    : [...hiddenPages, page.id],
                })
              }
            />
          ))}
      </div>
    </section>
  );
}

function Access() {
  const me = useMe();
  return (
    <Loaded query={me} what="who you are">
      {({ name, role }) => (
        <section className="card">
          <div className="body stack">
            <p>
              You are <b>{name}</b> with the role <b>{role}</b>.
            </p>
            <p className="muted">
              {name === 'local'
                ? 'No access token is configured: whoever uses this machine may do everything, and no other machine reaches the services.'
                : 'Viewers look, operators act, admins change the configuration and clear the journal.'}
            </p>
            <p className="muted">
              Make tokens with <code>compote token</code> and put them into <code>access.tokens</code> of the
              configuration.
            </p>
          </div>
        </section>
      )}
    </Loaded>
  );
}

function About() {
  const meta = useMeta();
  return (
    <section className="card">
      <div className="body stack">
        <dl className="facts">
          <dt>OCPP Compote</dt>
          <dd>{meta.data?.version ?? ENTRY.version}</dd>
          <dt>Served by</dt>
          <dd>{ENTRY.service}</dd>
          <dt>Clock</dt>
          <dd>
            {meta.data === undefined || meta.data.clock.factor === 1
              ? 'real time'
              : `${meta.data.clock.factor} times faster`}
          </dd>
          <dt>Journal</dt>
          <dd className="mono">{meta.data?.epoch ?? '–'}</dd>
        </dl>
        <p className="muted">
          MIT licence. OCPP schemas belong to the Open Charge Alliance and come with the package ocpp-rpc. What is found
          here is not a certification.
        </p>
      </div>
    </section>
  );
}
