import {
  type CSSProperties,
  memo,
  type ReactNode,
  useCallback,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import './virtual-grid.css';

export interface GridColumn<T> {
  readonly id: string;
  readonly label: ReactNode;
  /** A grid track: `72px`, `minmax(120px, 1fr)`. */
  readonly width: string;
  readonly align?: 'right';
  cell(item: T, index: number): ReactNode;
}

export interface GridHandle {
  scrollToRow(index: number, where?: 'nearest' | 'centre'): void;
  scrollToEnd(): void;
  /** Rows came in front: what is on the screen stays there. */
  keepPlace(added: number): void;
}

interface Props<T> {
  readonly label: string;
  readonly columns: readonly GridColumn<T>[];
  readonly count: number;
  /** The row, or nothing while it is being fetched. */
  itemAt(index: number): T | undefined;
  keyOf(item: T): string | number;
  /** The sentence that a screen reader says of a row. */
  describe(item: T): string;
  readonly selectedIndex?: number | undefined;
  isMarked?(item: T): boolean;
  onSelect(index: number, event: { readonly shiftKey: boolean }): void;
  onOpen?(index: number): void;
  /** Rows that are on the screen, with some around them. */
  onRange(first: number, last: number): void;
  /** The person scrolled: whether the end is in view now. */
  onScrolled?(atEnd: boolean): void;
  readonly rowData?: ((item: T) => Record<string, string>) | undefined;
  readonly minWidth?: number;
  readonly version: number;
  readonly handle?: React.Ref<GridHandle>;
  readonly children?: ReactNode;
}

/** Browsers cut elements that are taller (Chromium at 33.5 M px, Firefox near 17.9 M): beyond it the scroll bar is scaled. */
const MAX_CANVAS_PX = 8_000_000;
const OVERSCAN = 8;

/**
 * A list of any length with rows of one height. One tab stop; the active row is told by `aria-activedescendant`, since rows
 * are recycled while the list is live. Wheel and keys move by real pixels; only the scroll bar is scaled.
 */
export function VirtualGrid<T>(props: Props<T>) {
  const { columns, count, selectedIndex, onRange, onScrolled, minWidth = 0 } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [viewport, setViewport] = useState({ height: 600, row: 26 });
  /** Position in the whole list, in real pixels. */
  const [offset, setOffset] = useState(0);
  const own = useRef(false);

  const { row } = viewport;
  const bodyHeight = Math.max(0, viewport.height - HEAD_PX);
  const listHeight = count * row;
  const canvas = Math.min(listHeight, MAX_CANVAS_PX);
  const maxOffset = Math.max(0, listHeight - bodyHeight);
  const scale = canvas < listHeight ? maxOffset / (canvas - bodyHeight) : 1;

  const moveTo = useCallback(
    (next: number) => {
      const clamped = Math.max(0, Math.min(maxOffset, next));
      const element = scroller.current;
      if (element === null) return;
      const before = element.scrollTop;
      element.scrollTop = clamped / scale;
      // Without a change there is no scroll event either: the next one is a person's.
      own.current = element.scrollTop !== before;
      setOffset(clamped);
    },
    [maxOffset, scale],
  );

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const measure = (): void => {
      const height = Number.parseFloat(getComputedStyle(element).getPropertyValue('--row')) || 26;
      setViewport({ height: element.clientHeight, row: height });
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    const element = scroller.current;
    if (element === null || scale === 1) return;
    const wheel = (event: WheelEvent): void => {
      if (event.ctrlKey) return;
      event.preventDefault();
      const pixels = event.deltaMode === 1 ? event.deltaY * row : event.deltaY;
      moveTo(offset + pixels);
      onScrolled?.(offset + pixels >= maxOffset - row);
    };
    element.addEventListener('wheel', wheel, { passive: false });
    return () => element.removeEventListener('wheel', wheel);
  }, [scale, offset, moveTo, row, onScrolled, maxOffset]);

  useImperativeHandle(
    props.handle,
    () => ({
      scrollToRow(index, where = 'nearest') {
        const top = index * row;
        if (where === 'centre') moveTo(top - (bodyHeight - row) / 2);
        else if (top < offset) moveTo(top);
        else if (top + row > offset + bodyHeight) moveTo(top + row - bodyHeight);
      },
      scrollToEnd: () => moveTo(maxOffset),
      keepPlace: (added) => moveTo(offset + added * row),
    }),
    [moveTo, offset, bodyHeight, row, maxOffset],
  );

  const first = Math.max(0, Math.floor(offset / row) - OVERSCAN);
  const last = Math.min(count - 1, Math.ceil((offset + bodyHeight) / row) + OVERSCAN);
  useEffect(() => {
    if (count > 0) onRange(first, last);
  }, [first, last, count, onRange]);

  const template = columns.map((column) => column.width).join(' ');
  const scrollTop = offset / scale;
  const rows: ReactNode[] = [];
  for (let index = first; index <= last; index++) {
    rows.push(
      <GridRow
        key={index}
        index={index}
        top={index * row - offset + scrollTop}
        template={template}
        grid={props as unknown as Props<unknown>}
        item={props.itemAt(index)}
        selected={index === selectedIndex}
        version={props.version}
      />,
    );
  }

  return (
    <div className="grid" style={{ '--grid-min': `${minWidth}px` } as CSSProperties}>
      <div
        ref={scroller}
        className="grid-scroll"
        data-testid="grid"
        role="grid"
        tabIndex={0}
        aria-label={props.label}
        aria-rowcount={count}
        aria-colcount={columns.length}
        aria-activedescendant={selectedIndex === undefined ? undefined : `row-${selectedIndex}`}
        onScroll={(event) => {
          const { scrollTop: top } = event.currentTarget;
          if (own.current) {
            own.current = false;
            return;
          }
          const next = top * scale;
          setOffset(next);
          onScrolled?.(next >= maxOffset - row);
        }}
      >
        {/* biome-ignore lint/a11y/useFocusableInteractive: the grid itself is the one tab stop */}
        <div className="grid-head" role="row" style={{ gridTemplateColumns: template }}>
          {columns.map((column) => (
            // biome-ignore lint/a11y/useFocusableInteractive: as above
            <div key={column.id} role="columnheader" className="grid-cell" data-align={column.align}>
              {column.label}
            </div>
          ))}
        </div>
        <div className="grid-canvas" style={{ height: canvas }} role="presentation">
          {rows}
        </div>
      </div>
      {props.children}
    </div>
  );
}

const HEAD_PX = 29;

interface RowProps {
  readonly index: number;
  readonly top: number;
  readonly template: string;
  readonly grid: Props<unknown>;
  readonly item: unknown;
  readonly selected: boolean;
  readonly version: number;
}

const GridRow = memo(
  function GridRow({ index, top, template, grid, item, selected }: RowProps) {
    return (
      // biome-ignore lint/a11y/useKeyWithClickEvents: the keys of the list are the page's
      // biome-ignore lint/a11y/useFocusableInteractive: the grid itself is the one tab stop
      <div
        id={`row-${index}`}
        className="grid-row"
        role="row"
        data-testid="row"
        aria-rowindex={index + 1}
        aria-selected={selected}
        aria-label={item === undefined ? 'being fetched' : grid.describe(item)}
        data-partner={item !== undefined && grid.isMarked?.(item) === true ? true : undefined}
        {...(item === undefined ? {} : grid.rowData?.(item))}
        style={{ transform: `translateY(${top}px)`, gridTemplateColumns: template }}
        onClick={(event) => grid.onSelect(index, event)}
        onDoubleClick={() => grid.onOpen?.(index)}
      >
        {grid.columns.map((column) => (
          // biome-ignore lint/a11y/useFocusableInteractive: as above
          <div key={column.id} role="gridcell" className="grid-cell" data-align={column.align}>
            {item === undefined ? <div className="skeleton" style={{ width: '60%' }} /> : column.cell(item, index)}
          </div>
        ))}
      </div>
    );
  },
  (before, after) =>
    before.item === after.item &&
    before.top === after.top &&
    before.selected === after.selected &&
    before.template === after.template &&
    before.index === after.index &&
    before.grid.columns === after.grid.columns &&
    before.version === after.version,
);
