import { Button, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { api, apiPath } from '../../api/client.ts';
import { refresh, useGet, useMe } from '../../api/queries.ts';
import { setSearch, usePlace } from '../../app/router.tsx';
import { Tag } from '../../parts/atoms.tsx';
import { useAttempt } from '../../parts/attempt.ts';
import { FormDialog } from '../../parts/form-dialog.tsx';
import { RecordTable } from '../../parts/record-table.tsx';
import { EmptyState, Loaded } from '../../parts/states.tsx';

interface Setting {
  readonly key: string;
  readonly value: unknown;
  readonly source: string;
  /** A change holds at once. */
  readonly live: boolean;
  /** What it was changed to, from the next start; null: as it was configured. */
  readonly next?: unknown;
}

interface Changed {
  readonly items: readonly { readonly key: string; readonly applied: 'now' | 'restart' | 'never' }[];
}

const APPLIED: Readonly<Record<Changed['items'][number]['applied'], string>> = {
  now: 'It holds now',
  restart: 'It holds from the next start',
  never: 'It is kept; an environment variable or a flag is stronger',
};
const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
const isChanged = ({ source, next }: Setting): boolean =>
  next !== null && (next !== undefined || source.startsWith('changed here'));

/** The configuration in force, where each value came from, and changing it while the services run. */
export function ServiceSettings() {
  const settings = useGet<readonly Setting[]>(apiPath('/settings'));
  const { search } = usePlace();
  const [edited, setEdited] = useState<Setting>();
  const { busy, run } = useAttempt();
  const mayChange = useMe().data?.role === 'admin';
  const wanted = (search['key'] ?? '').toLowerCase();
  const takeBack = (key: string): void =>
    void run(key, () => api.patch(apiPath('/settings'), { [key]: null }), 'As configured, from the next start').then(
      () => refresh('/settings'),
    );
  return (
    <Loaded query={settings} what="the configuration">
      {(all) => {
        const items = all.filter(({ key }) => key.toLowerCase().includes(wanted));
        return (
          <>
            <div className="page-head">
              <TextInput
                aria-label="Find a key"
                placeholder="Key …"
                leftSection={<IconSearch size={14} />}
                value={search['key'] ?? ''}
                onChange={(event) => setSearch({ key: event.currentTarget.value })}
                w={260}
              />
              <span className="muted small">
                {items.length} of {all.length} keys. A change is kept in the data folder, for all services.
              </span>
            </div>
            {items.length === 0 ? (
              <EmptyState
                title="No such key"
                actions={<Button onClick={() => setSearch({ key: undefined })}>Show all</Button>}
              >
                No key has <code>{search['key']}</code> in it.
              </EmptyState>
            ) : (
              <RecordTable
                label="Configuration"
                items={items}
                keyOf={({ key }) => key}
                columns={[
                  { head: 'Key', cell: ({ key }) => <span className="mono">{key}</span> },
                  { head: 'Value', cell: (setting) => <Value setting={setting} /> },
                  {
                    head: 'From',
                    cell: ({ source }) => <span className={source === 'default' ? 'muted' : undefined}>{source}</span>,
                  },
                  {
                    head: '',
                    actions: true,
                    cell: (setting) =>
                      mayChange && (
                        <>
                          {isChanged(setting) && (
                            <Button
                              variant="subtle"
                              loading={busy === setting.key}
                              aria-label={`Take back ${setting.key}`}
                              onClick={() => takeBack(setting.key)}
                            >
                              Take back
                            </Button>
                          )}
                          <Button
                            variant="subtle"
                            aria-label={`Change ${setting.key}`}
                            onClick={() => setEdited(setting)}
                          >
                            Change
                          </Button>
                        </>
                      ),
                  },
                ]}
              />
            )}
            {edited !== undefined && <SettingDialog setting={edited} onClose={() => setEdited(undefined)} />}
          </>
        );
      }}
    </Loaded>
  );
}

function Value({ setting: { value, next } }: { readonly setting: Setting }) {
  return (
    <span className="mono" style={{ overflowWrap: 'anywhere' }}>
      {shown(value)}{' '}
      {next !== undefined && <Tag tone="warn">{next === null ? 'as configured' : shown(next)} from the next start</Tag>}
    </span>
  );
}

function SettingDialog({ setting, onClose }: { readonly setting: Setting; onClose(): void }) {
  const { key, value, live } = setting;
  const [text, setText] = useState(shown(setting.next ?? value));
  const { run } = useAttempt();
  const save = async (): Promise<void> => {
    const { items } = await api.patch<Changed>(apiPath('/settings'), { [key]: readAs(text, value) });
    void run(key, async () => refresh('/settings'), APPLIED[items[0]?.applied ?? 'restart']);
  };
  return (
    <FormDialog title={key} onSave={save} onClose={onClose}>
      <TextInput
        label="New value"
        description={live ? 'Holds at once.' : 'Holds from the next start of the services.'}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        data-autofocus
      />
    </FormDialog>
  );
}

/** A text stays a text where a text stood; anything else is JSON, and what is none is for the server to refuse. */
function readAs(text: string, before: unknown): unknown {
  if (typeof before === 'string') return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
