import { ActionIcon, Button, Checkbox, Menu, SegmentedControl, Tooltip } from '@mantine/core';
import { IconColumns3, IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useCallback, useState } from 'react';
import { api, apiPath } from '../../api/client.ts';
import { useKeys } from '../../app/keys.ts';
import { usePageTitle } from '../../app/page-title.ts';
import { setPreferences, usePreferences } from '../../app/preferences.ts';
import { go, setSearch, usePlace } from '../../app/router.tsx';
import { useWidth } from '../../app/use-width.ts';
import { Chip, FilterBar } from '../../parts/filter-bar.tsx';
import { count } from '../../parts/format.ts';
import { EmptyState } from '../../parts/states.tsx';
import {
  ALL_COLUMNS,
  COLUMN_LABELS,
  type ColumnId,
  DEFAULT_COLUMNS,
  NARROW_COLUMNS,
  PANE_COLUMNS,
} from './columns.tsx';
import { ExportMenu } from './export-menu.tsx';
import { MessageDetail } from './message-detail.tsx';
import { MessageList } from './message-list.tsx';
import './traffic.css';

export const EXAMPLES = [
  { filter: 'is:error or has:finding', help: 'everything that smells' },
  { filter: 'proto:ocpp -action:Heartbeat', help: 'OCPP without heartbeats' },
  { filter: 'latency>2s', help: 'slow answers' },
  { filter: 'from:CS-* to:csms is:request', help: 'what stations ask' },
  { filter: 'res.status:Rejected', help: 'refused by the peer' },
  { filter: '$..measurand:Power.*', help: 'a member at any depth' },
  { filter: 'time:-5m..now', help: 'the last five minutes' },
] as const;

const CHIPS = [
  { label: 'Errors', term: 'is:error' },
  { label: 'Findings', term: 'has:finding' },
  { label: 'No heartbeats', term: '-action:Heartbeat' },
  { label: 'OCPP', term: 'proto:ocpp' },
  { label: 'OICP', term: 'proto:oicp' },
  { label: 'P&C', term: 'proto:pnc' },
  { label: 'MQTT', term: 'proto:mqtt' },
  { label: 'Unanswered', term: 'is:unanswered' },
] as const;

/** Finds the message that matters, shows all of it, acts on it. */
export function TrafficPage() {
  const { search } = usePlace();
  usePageTitle('Traffic', search['q']);
  return <Traffic search={search} />;
}

interface TrafficProps {
  readonly search: Readonly<Record<string, string | undefined>>;
  /** A filter that is always on: the messages of one station, one session. */
  readonly fixed?: string;
  readonly fixedLabel?: string;
}

export function Traffic({ search, fixed, fixedLabel }: TrafficProps) {
  const q = search['q'] ?? '';
  const frames = search['view'] === 'frames';
  const selected = numberOf(search['sel']);
  const asOf = numberOf(search['asof']);
  const tab = search['tab'] ?? 'payload';
  const [second, setSecond] = useState<number>();
  const [counts, setCounts] = useState<Parameters<Parameters<typeof MessageList>[0]['onCounts']>[0]>();
  const { pane, paneSize, trafficColumns } = usePreferences();
  const width = useWidth();
  const where = pane === 'right' && width >= 1100 ? 'right' : 'bottom';
  const detail = selected !== undefined;
  const columns = (
    width < 768
      ? NARROW_COLUMNS
      : ((trafficColumns as readonly ColumnId[] | null) ??
        (detail && where === 'right' ? PANE_COLUMNS : DEFAULT_COLUMNS))
  ) as readonly ColumnId[];
  const whole = fixed === undefined ? q : q === '' ? fixed : `${fixed} (${q})`;
  const setFilter = (text: string): void => setSearch({ q: text, sel: undefined }, { push: true });
  const select = (seq: number | undefined): void => setSearch({ sel: seq === undefined ? undefined : String(seq) });
  const freeze = (seq: number | undefined): void => setSearch({ asof: seq === undefined ? undefined : String(seq) });
  const viewId = counts?.viewId;
  const values = useCallback(
    async (field: string, prefix: string) => {
      if (viewId === undefined) return [];
      const answer = await api.get<
        { items: readonly { value: string; count: number }[] } | readonly { value: string; count: number }[]
      >(apiPath(`/views/${viewId}/values`, { field, prefix }));
      return 'items' in answer ? answer.items : answer;
    },
    [viewId],
  );
  useKeys([
    { keys: 'Escape', does: 'Close the detail', run: () => select(undefined) },
    {
      keys: '\\',
      does: 'Detail at the right or below',
      run: () => setPreferences({ pane: pane === 'right' ? 'bottom' : 'right' }),
    },
    { keys: 'g g', does: 'Exchanges or frames', run: () => setSearch({ view: frames ? undefined : 'frames' }) },
    {
      keys: 'd',
      does: 'Compare the two selected messages (Shift+click selects the second)',
      run: () => {
        if (selected !== undefined && second !== undefined) go(`/diff?a=${selected}&b=${second}`);
      },
    },
  ]);
  return (
    <div className="traffic">
      <div className="traffic-bar">
        {fixedLabel !== undefined && <span className="tag">{fixedLabel}</span>}
        <FilterBar
          entity={frames ? 'messages' : 'exchanges'}
          value={q}
          onChange={setFilter}
          placeholder="Filter: proto:ocpp -action:Heartbeat, $.idToken:*, latency>1s …"
          values={values}
          examples={EXAMPLES}
          status={<Counts counts={counts} />}
        />
      </div>
      <div className="traffic-tools">
        <div className="chips">
          {CHIPS.map((chip) => (
            <Chip key={chip.term} {...chip} value={q} onChange={setFilter} />
          ))}
        </div>
        {second !== undefined && selected !== undefined && (
          <Button onClick={() => go(`/diff?a=${selected}&b=${second}`)}>
            Compare #{selected} and #{second}
          </Button>
        )}
        <SegmentedControl
          aria-label="What a row is"
          value={frames ? 'frames' : 'exchanges'}
          onChange={(value) => setSearch({ view: value === 'frames' ? 'frames' : undefined })}
          data={[
            { value: 'exchanges', label: 'Exchanges' },
            { value: 'frames', label: 'Frames' },
          ]}
        />
        <Tooltip label={asOf === undefined ? 'Freeze (f)' : 'Go on (f)'}>
          <ActionIcon
            aria-label={asOf === undefined ? 'Freeze' : 'Go on'}
            onClick={() => freeze(asOf === undefined ? headOf(counts) : undefined)}
          >
            {asOf === undefined ? <IconPlayerPause size={16} /> : <IconPlayerPlay size={16} />}
          </ActionIcon>
        </Tooltip>
        <ColumnsMenu columns={columns} />
        <ExportMenu q={whole} />
      </div>
      <div
        className="traffic-body"
        data-pane={detail ? where : 'none'}
        style={{ '--pane': `${Math.min(paneSize, width * 0.6)}px` } as React.CSSProperties}
      >
        <MessageList
          key={`${whole} ${frames} ${asOf}`}
          label="Messages"
          entity={frames ? 'messages' : 'exchanges'}
          q={whole}
          asOf={asOf}
          selected={selected}
          second={second}
          columns={columns}
          onSelect={select}
          onSecond={setSecond}
          onOpen={(seq) => go(`/m/${seq}`)}
          onFreeze={freeze}
          onCounts={setCounts}
          empty={
            <Empty
              filtered={q !== ''}
              total={counts?.total ?? 0}
              onClear={() => setFilter('')}
              fixed={fixed !== undefined}
            />
          }
        />
        {detail && (
          <MessageDetail
            seq={selected}
            tab={tab}
            pointer={search['ptr']}
            onTab={(next) => setSearch({ tab: next === 'payload' ? undefined : next })}
            onSelect={select}
            onClose={() => select(undefined)}
          />
        )}
      </div>
    </div>
  );
}

function numberOf(text: string | undefined): number | undefined {
  const value = Number(text);
  return text === undefined || text === '' || !Number.isInteger(value) ? undefined : value;
}

function headOf(counts: { readonly total: number } | undefined): number | undefined {
  return counts?.total;
}

function Counts({
  counts,
}: {
  readonly counts:
    | { count: number; total: number; complete: boolean; stopped: boolean; scanned: number; stop(): void }
    | undefined;
}) {
  if (counts === undefined) return <>…</>;
  if (!counts.complete) {
    const percent = counts.total === 0 ? 0 : Math.floor((counts.scanned / counts.total) * 100);
    return (
      <span data-testid="partial">
        {counts.stopped ? (
          <>
            {count(counts.count)}, partial: {percent} % scanned
          </>
        ) : (
          <>
            {count(counts.count)} so far, {percent} % scanned{' '}
            <button type="button" className="chip" onClick={() => counts.stop()}>
              Stop
            </button>
          </>
        )}
      </span>
    );
  }
  return (
    <>
      <span className="ok">✓</span> {count(counts.count)} of {count(counts.total)}
    </>
  );
}

function Empty({
  filtered,
  total,
  fixed,
  onClear,
}: {
  readonly filtered: boolean;
  readonly total: number;
  readonly fixed: boolean;
  onClear(): void;
}) {
  if (filtered) {
    return (
      <EmptyState
        title={`None of ${count(total)} messages match`}
        actions={<Button onClick={onClear}>Clear the filter</Button>}
      />
    );
  }
  return (
    <EmptyState
      title="Nothing recorded yet"
      actions={fixed ? undefined : <Button onClick={() => go('/')}>See how to connect a station</Button>}
    >
      Every message that crosses between two parties stands here as soon as it does.
    </EmptyState>
  );
}

function ColumnsMenu({ columns }: { readonly columns: readonly ColumnId[] }) {
  return (
    <Menu closeOnItemClick={false} position="bottom-end">
      <Menu.Target>
        <Tooltip label="Columns">
          <ActionIcon aria-label="Columns" visibleFrom="sm">
            <IconColumns3 size={16} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        {ALL_COLUMNS.map((id) => (
          <Menu.Item
            key={id}
            onClick={() => {
              const on = columns.includes(id);
              setPreferences({
                trafficColumns: ALL_COLUMNS.filter((other) => (other === id ? !on : columns.includes(other))),
              });
            }}
            leftSection={<Checkbox checked={columns.includes(id)} readOnly tabIndex={-1} aria-hidden="true" />}
          >
            {COLUMN_LABELS[id]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={() => setPreferences({ trafficColumns: null })}>As delivered</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
