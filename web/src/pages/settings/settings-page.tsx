import { Button, SegmentedControl, Switch, useMantineColorScheme } from '@mantine/core';
import { useState } from 'react';
import { api, apiPath } from '../../api/client.ts';
import { problemOf } from '../../api/problem-of.ts';
import { queryClient, useGet, useMe, useMeta } from '../../api/queries.ts';
import { ENTRY } from '../../app/entry-settings.ts';
import { PAGE_GROUPS } from '../../app/navigation.ts';
import { usePageTitle } from '../../app/page-title.ts';
import { setPreferences, usePreferences } from '../../app/preferences.ts';
import { setSearch, usePlace } from '../../app/router.tsx';
import { bytes, count } from '../../parts/format.ts';
import { Loaded } from '../../parts/states.tsx';
import { Tabs } from '../../parts/tabs.tsx';
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

interface JournalInfo {
  readonly epoch: string;
  readonly first: number;
  readonly head: number;
  readonly count: number;
  readonly bytes: number;
  readonly retention: { readonly messages: number; readonly bytes: number; readonly ageMs: number };
}

function JournalSettings() {
  const journal = useGet<JournalInfo>(apiPath('/journal'));
  const [note, setNote] = useState<string>();
  const [sure, setSure] = useState(false);
  const take = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    setNote(`Reading ${file.name} …`);
    const answer = await fetch(apiPath('/journal/import'), {
      method: 'POST',
      headers: { 'content-type': 'application/jsonl' },
      body: await file.text(),
    });
    const body = (await answer.json()) as { messages?: number; refused?: number; title?: string };
    setNote(answer.ok ? `${body.messages} messages taken in, ${body.refused} lines refused.` : body.title);
    void queryClient.invalidateQueries();
  };
  return (
    <Loaded query={journal} what="the journal">
      {(info) => (
        <section className="card">
          <div className="body stack">
            <dl className="facts">
              <dt>Messages</dt>
              <dd>
                {count(info.count)} (#{info.first} to #{info.head}), of at most {count(info.retention.messages)}
              </dd>
              <dt>Size</dt>
              <dd>
                {bytes(info.bytes)} of at most {bytes(info.retention.bytes)}
              </dd>
              <dt>Kept for</dt>
              <dd>{Math.round(info.retention.ageMs / 86_400_000)} days</dd>
              <dt>Epoch</dt>
              <dd className="mono">{info.epoch}</dd>
            </dl>
            <div className="row wrap">
              <Button component="a" href={apiPath('/journal/export')} download="journal.jsonl" variant="default">
                Export (JSON Lines, secrets masked)
              </Button>
              <Button component="label" variant="default">
                Import …
                <input type="file" accept=".jsonl" hidden onChange={(event) => void take(event.target.files?.[0])} />
              </Button>
              {sure ? (
                <>
                  <Button
                    color="red"
                    onClick={() => {
                      api.delete(apiPath('/journal')).then(
                        () => {
                          setNote('The journal is empty; a new epoch began.');
                          void queryClient.invalidateQueries();
                        },
                        (thrown) => setNote(problemOf(thrown).title),
                      );
                      setSure(false);
                    }}
                  >
                    Forget {count(info.count)} messages
                  </Button>
                  <Button variant="default" onClick={() => setSure(false)}>
                    Keep them
                  </Button>
                </>
              ) : (
                <Button variant="subtle" color="red" onClick={() => setSure(true)}>
                  Clear the journal …
                </Button>
              )}
            </div>
            {note !== undefined && <p role="status">{note}</p>}
          </div>
        </section>
      )}
    </Loaded>
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
