import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useMessageView } from '../../api/message-view.ts';
import type { Row, ViewEntity } from '../../api/shapes.ts';
import { type KeyBinding, useKeys } from '../../app/keys.ts';
import { setLiveMode } from '../../app/live-mode.ts';
import { count } from '../../parts/format.ts';
import { ProblemCard } from '../../parts/states.tsx';
import { type GridHandle, VirtualGrid } from '../../parts/virtual-grid.tsx';
import { type ColumnId, columnsFor } from './columns.tsx';
import { rowSentence } from './row-words.ts';

interface Props {
  readonly label: string;
  readonly entity: ViewEntity;
  readonly q: string;
  readonly asOf: number | undefined;
  readonly selected: number | undefined;
  readonly columns: readonly ColumnId[];
  onSelect(seq: number | undefined, row: Row | undefined): void;
  onSecond?(seq: number | undefined): void;
  readonly second?: number | undefined;
  onOpen(seq: number): void;
  onFreeze(seq: number | undefined): void;
  onCounts(counts: {
    count: number;
    total: number;
    complete: boolean;
    scanned: number;
    stopped: boolean;
    viewId: string | undefined;
    stop(): void;
  }): void;
  readonly empty: React.ReactNode;
}

/** The list of messages: follows what comes in, is held when somebody reads, is frozen on demand. Nothing ever jumps. */
export function MessageList(props: Props) {
  const { entity, q, asOf, selected, onSelect, onCounts } = props;
  const view = useMessageView({ entity, q, asOf });
  const handle = useRef<GridHandle>(null);
  const [follows, setFollows] = useState(selected === undefined);
  const heldCount = useRef(0);
  const coming = useRef<number>(undefined);
  const frozen = asOf !== undefined;
  const now = useNow(!frozen);

  const [index, setIndex] = useState<number>();
  // The selected message's place, also when it is far from what is on the screen.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new view has new places
  useEffect(() => {
    if (selected === undefined) {
      setIndex(undefined);
      return;
    }
    const here = view.indexOf(selected);
    if (here !== undefined) {
      setIndex(here);
      return;
    }
    let stale = false;
    void view.position(selected).then((place) => {
      // While the filter still looks, the message may be yet to come: it is asked for again when the view is complete.
      if (stale || place === undefined || (!place.found && view.view?.complete !== true)) return;
      setIndex(place.found ? place.index : undefined);
      handle.current?.scrollToRow(place.index, 'centre');
      setFollows(false);
    });
    return () => {
      stale = true;
    };
  }, [selected, view, view.view?.id, view.view?.complete]);

  useEffect(() => {
    setLiveMode(frozen ? { state: 'frozen', asOf } : follows ? { state: 'live' } : { state: 'held' });
  }, [frozen, follows, asOf]);

  const total = view.count;
  useEffect(() => {
    if (!follows && heldCount.current === 0) heldCount.current = total;
    if (follows) {
      heldCount.current = 0;
      if (!frozen || total > 0) handle.current?.scrollToEnd();
    }
  }, [total, follows, frozen]);

  // What a scan still finds stands in front: a list that is held does not move with it.
  const before = useRef({ total, growing: view.growing });
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each number of rows
  useLayoutEffect(() => {
    const { total: rows, growing } = before.current;
    before.current = { total, growing: view.growing };
    const found = total - rows;
    if (follows || rows === 0 || found <= 0 || !growing) return;
    heldCount.current += found;
    setIndex((at) => (at === undefined ? undefined : at + found));
    handle.current?.keepPlace(found);
  }, [total]);

  const { complete = false, stopped = false, scanned = 0, total: all = 0, id } = view.view ?? {};
  useEffect(() => {
    onCounts({ count: total, total: all, complete, stopped, scanned, viewId: id, stop: () => void view.stop() });
  }, [onCounts, total, all, complete, stopped, scanned, id, view]);

  const hold = (): void => {
    if (!follows) return;
    heldCount.current = total;
    setFollows(false);
  };
  const select = (next: number): void => {
    hold();
    const row = view.rowAt(next);
    if (row === undefined) {
      // Far from what was looked at: it is selected when it has come.
      coming.current = next;
      handle.current?.scrollToRow(next);
      return;
    }
    coming.current = undefined;
    setIndex(next);
    handle.current?.scrollToRow(next);
    onSelect(row.s, row);
  };
  useEffect(() => {
    if (coming.current !== undefined && view.rowAt(coming.current) !== undefined) select(coming.current);
  });
  const follow = (): void => {
    setFollows(true);
    handle.current?.scrollToEnd();
  };
  const row = index === undefined ? undefined : view.rowAt(index);

  const step = (by: number): void => select(Math.max(0, Math.min(total - 1, (index ?? (by > 0 ? -1 : total)) + by)));
  const nextFinding = (by: number): void => {
    for (let at = (index ?? -1) + by; at >= 0 && at < total; at += by) {
      const found = view.rowAt(at);
      if (found === undefined) break;
      if (found.fd !== undefined) return select(at);
    }
  };
  const keys: KeyBinding[] = [
    { keys: 'j', does: 'Next message', run: () => step(1) },
    { keys: 'k', does: 'Message before', run: () => step(-1) },
    { keys: 'ArrowDown', does: 'Next message', run: () => step(1) },
    { keys: 'ArrowUp', does: 'Message before', run: () => step(-1) },
    { keys: 'PageDown', does: 'A page on', run: () => step(20) },
    { keys: 'PageUp', does: 'A page back', run: () => step(-20) },
    { keys: 'Home', does: 'First message', run: () => select(0) },
    { keys: 'End', does: 'Follow what comes in', run: follow },
    { keys: 'n', does: 'Next message with a finding', run: () => nextFinding(1) },
    { keys: 'N', does: 'Message with a finding before', run: () => nextFinding(-1) },
    {
      keys: 'f',
      does: 'Freeze the list, or let it go on',
      run: () => props.onFreeze(frozen ? undefined : (view.view?.head ?? 0)),
    },
    { keys: 'Enter', does: 'Open the message as a page', run: () => row !== undefined && props.onOpen(row.s) },
    {
      keys: 'p',
      does: 'Go to the partner: request or answer',
      run: () => row?.x?.s !== undefined && onSelect(row.x.s, undefined),
    },
  ];
  useKeys(keys);

  const slowestMs = useMemo(() => {
    let slowest = 0;
    for (let at = 0; at < Math.min(total, 60); at++)
      slowest = Math.max(slowest, view.rowAt(total - 1 - at)?.x?.ms ?? 0);
    return slowest;
  }, [total, view]);
  const ids = props.columns.join(' ');
  const columns = useMemo(
    () =>
      columnsFor(ids.split(' ') as ColumnId[], {
        before: (at) => (at === 0 ? undefined : view.rowAt(at - 1)?.t),
        slowestMs,
        now,
      }),
    [ids, view, slowestMs, now],
  );
  const onRange = useCallback((first: number, last: number) => view.show(first, last), [view]);
  const partner = row?.x?.s;

  if (view.problem !== undefined) {
    return (
      <div style={{ padding: 16 }}>
        <ProblemCard problem={view.problem} onRetry={() => view.retry()} />
      </div>
    );
  }
  if (view.view?.complete === true && total === 0) return <>{props.empty}</>;
  const news = follows || frozen ? 0 : total - heldCount.current;
  return (
    <VirtualGrid<Row>
      label={props.label}
      columns={columns}
      count={total}
      version={0}
      itemAt={(at) => view.rowAt(at)}
      keyOf={(item) => item.s}
      describe={rowSentence}
      isMarked={(item) => item.s === partner || item.s === props.second}
      rowData={(item) => ({ 'data-seq': String(item.s), 'data-proto': item.p })}
      selectedIndex={index}
      onSelect={(at, event) => {
        if (event.shiftKey && props.onSecond !== undefined) props.onSecond(view.rowAt(at)?.s);
        else select(at);
      }}
      onOpen={(at) => {
        const seq = view.rowAt(at)?.s;
        if (seq !== undefined) props.onOpen(seq);
      }}
      onRange={onRange}
      onScrolled={(atEnd) => {
        if (frozen) return;
        if (atEnd && selected === undefined) setFollows(true);
        else hold();
      }}
      minWidth={props.columns.length > 9 ? 1000 : props.columns.length > 5 ? 640 : 0}
      handle={handle}
    >
      {news > 0 && (
        <button
          type="button"
          className="grid-pill"
          data-testid="new-pill"
          onClick={() => {
            onSelect(undefined, undefined);
            follow();
          }}
        >
          {count(news)} new ↓
        </button>
      )}
    </VirtualGrid>
  );
}

/** The time, once a second while something may wait; for "waiting 1.2 s". */
function useNow(runs: boolean): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    if (!runs) return;
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [runs]);
  return now;
}
