import { Button, Menu } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useMemo, useRef, useState } from 'react';
import { mermaidOf, plantUmlOf, sequenceOf } from '../../../../src/journal/sequence/index.ts';
import { apiPath, part } from '../../api/client.ts';
import { useLiveEvent } from '../../api/live.ts';
import { useGet } from '../../api/queries.ts';
import type { Page, Row } from '../../api/shapes.ts';
import { useKeys } from '../../app/keys.ts';
import { usePageTitle } from '../../app/page-title.ts';
import { AppLink, go, setSearch, usePlace } from '../../app/router.tsx';
import { copyText, saveFile } from '../../parts/clipboard.ts';
import { FilterBar } from '../../parts/filter-bar.tsx';
import { count } from '../../parts/format.ts';
import { Hint } from '../../parts/hint.tsx';
import { SequenceDiagram, standaloneSvg } from '../../parts/sequence-diagram.tsx';
import { EmptyState, Loaded } from '../../parts/states.tsx';
import { MessageDetail } from '../traffic/message-detail.tsx';
import { EXAMPLES } from '../traffic/traffic-page.tsx';
import './sequence.css';

const MOST = 1_000;

/** The story of what a filter finds. */
export function SequencePage() {
  const { search } = usePlace();
  usePageTitle('Sequence', search['q']);
  return <Sequence search={search} />;
}

export function Sequence({
  search,
  fixed,
}: {
  readonly search: Readonly<Record<string, string | undefined>>;
  readonly fixed?: string;
}) {
  const q = search['q'] ?? '';
  const whole = fixed === undefined ? q : q === '' ? fixed : `${fixed} (${q})`;
  const path = apiPath('/messages', { q: whole, entity: 'messages', order: 'newest', limit: MOST });
  const rows = useGet<Page<Row>>(path, { keep: true });
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useLiveEvent('journal', () => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      void rows.refetch();
    }, 400);
  });
  return (
    <div className="sequence">
      <Loaded query={rows} what="messages">
        {(page) => <Shown page={page} q={q} whole={whole} search={search} />}
      </Loaded>
    </div>
  );
}

function Shown({
  page,
  q,
  whole,
  search,
}: {
  readonly page: Page<Row>;
  readonly q: string;
  readonly whole: string;
  readonly search: Readonly<Record<string, string | undefined>>;
}) {
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  const fold = search['fold'] !== 'no';
  const heartbeats = search['beats'] === 'yes';
  const selected = search['sel'] === undefined ? undefined : Number(search['sel']);
  const box = useRef<HTMLDivElement>(null);
  const rows = useMemo(() => [...page.items].reverse(), [page]);
  const layout = useMemo(() => sequenceOf(rows, { open, fold, heartbeats }), [rows, open, fold, heartbeats]);
  const arrows = layout.steps.flatMap((step) => (step.kind === 'arrow' || step.kind === 'note' ? [step.row] : []));
  const move = (by: number): void => {
    const index = arrows.findIndex((row) => row.s === selected);
    const next = arrows[Math.max(0, Math.min(arrows.length - 1, index + by))];
    if (next !== undefined) setSearch({ sel: String(next.s) });
  };
  const svg = (): SVGSVGElement | null => box.current?.querySelector('svg') ?? null;
  useKeys([
    { keys: 'j', does: 'Next message', run: () => move(1) },
    { keys: 'k', does: 'Message before', run: () => move(-1) },
    { keys: 'z', does: 'Fold or unfold all', run: () => setSearch({ fold: fold ? 'no' : undefined }) },
    { keys: 'Enter', does: 'Open the message', run: () => selected !== undefined && go(`/m/${selected}`) },
    { keys: 'Escape', does: 'Close the detail', run: () => setSearch({ sel: undefined }) },
  ]);
  return (
    <>
      <div className="sequence-tools">
        <FilterBar
          entity="messages"
          value={q}
          onChange={(text) => setSearch({ q: text, sel: undefined }, { push: true })}
          placeholder="Filter: station:CS-DEMO-1, session:…"
          examples={EXAMPLES}
          status={`${count(rows.length)} messages${page.next === undefined ? '' : ' (the newest)'} · ${layout.lifelines.length} parties`}
        />
        <button
          type="button"
          className="chip"
          aria-pressed={fold}
          onClick={() => setSearch({ fold: fold ? 'no' : undefined })}
        >
          Fold
        </button>
        <button
          type="button"
          className="chip"
          aria-pressed={heartbeats}
          onClick={() => setSearch({ beats: heartbeats ? undefined : 'yes' })}
        >
          Heartbeats
        </button>
        <AppLink className="chip" to={`/traffic?q=${part(whole)}&view=frames`}>
          Show in traffic
        </AppLink>
        <Menu position="bottom-end">
          <Menu.Target>
            <Button variant="default" rightSection={<IconChevronDown size={12} />}>
              Export
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item
              onClick={() => {
                const element = svg();
                if (element !== null)
                  saveFile('sequence.svg', 'image/svg+xml', standaloneSvg(element, layout.lifelines));
              }}
            >
              SVG
            </Menu.Item>
            <Menu.Item onClick={() => void copyText(mermaidOf(layout), 'Mermaid text copied')}>
              Copy as Mermaid
            </Menu.Item>
            <Menu.Item onClick={() => void copyText(plantUmlOf(layout), 'PlantUML text copied')}>
              Copy as PlantUML
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </div>
      {rows.length > 0 && <SequenceHints />}
      <div className="sequence-body" data-detail={selected !== undefined} ref={box}>
        {rows.length === 0 ? (
          <EmptyState
            title={whole === '' ? 'Nothing recorded yet' : 'No message matches'}
            actions={
              whole === '' ? (
                <Button onClick={() => go('/')}>See how to connect a station</Button>
              ) : q === '' ? undefined : (
                <Button onClick={() => setSearch({ q: undefined })}>Clear the filter</Button>
              )
            }
          >
            The diagram tells what the filter finds, across all parties and protocols.
          </EmptyState>
        ) : (
          <SequenceDiagram
            layout={layout}
            selected={selected}
            onSelect={(row) => setSearch({ sel: String(row.s) })}
            onUnfold={(first) => setOpen(new Set([...open, first]))}
          />
        )}
        {selected !== undefined && (
          <MessageDetail
            seq={selected}
            tab={search['tab'] ?? 'payload'}
            onTab={(tab) => setSearch({ tab: tab === 'payload' ? undefined : tab })}
            onSelect={(seq) => setSearch({ sel: String(seq) })}
            onClose={() => setSearch({ sel: undefined })}
          />
        )}
      </div>
    </>
  );
}

/** For who sees such a diagram for the first time. */
function SequenceHints() {
  return (
    <div className="hints">
      <Hint id="sequence-time">Time runs down, and each party is a line. Click an arrow for its content.</Hint>
      <Hint id="sequence-colour">A colour is a protocol; its name stands on the arrow too.</Hint>
      <Hint id="sequence-keys">
        <kbd>j</kbd> and <kbd>k</kbd> go from message to message; <kbd>?</kbd> shows all keys of a page.
      </Hint>
    </div>
  );
}
