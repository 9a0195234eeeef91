/** Spans as the lines of a waterfall: children below their parents, later work apart. Pure; the drawing reads it. */

export interface WaterfallSpan {
  readonly id: string;
  readonly parent?: string;
  readonly follows?: string;
  readonly start: number;
  readonly ms: number;
}

export interface WaterfallRow<T> {
  readonly span: T;
  readonly depth: number;
  readonly children: number;
  /** Not waited for: drawn apart from what made the trace last. */
  readonly later: boolean;
}

export function waterfallRows<T extends WaterfallSpan>(
  spans: readonly T[],
  closed: ReadonlySet<string> = new Set(),
): WaterfallRow<T>[] {
  const ids = new Set(spans.map(({ id }) => id));
  const below = new Map<string, T[]>();
  const roots: T[] = [];
  const later: T[] = [];
  for (const span of [...spans].sort((a, b) => a.start - b.start)) {
    if (span.parent !== undefined && ids.has(span.parent)) {
      const list = below.get(span.parent);
      if (list === undefined) below.set(span.parent, [span]);
      else list.push(span);
    } else if (span.follows !== undefined) later.push(span);
    else roots.push(span);
  }
  const rows: WaterfallRow<T>[] = [];
  const seen = new Set<string>();
  const walk = (span: T, depth: number, isLater: boolean): void => {
    // A parent that is its own descendant would never end.
    if (seen.has(span.id)) return;
    seen.add(span.id);
    const children = below.get(span.id) ?? [];
    rows.push({ span, depth, children: children.length, later: isLater });
    if (closed.has(span.id)) return;
    for (const child of children) walk(child, depth + 1, isLater);
  };
  for (const span of roots) walk(span, 0, false);
  for (const span of later) walk(span, 0, true);
  return rows;
}

/** From the first start to the last end of what is waited for. */
export function waterfallRange(spans: readonly WaterfallSpan[]): { readonly from: number; readonly ms: number } {
  const waited = spans.filter((span) => span.follows === undefined);
  const counted = waited.length === 0 ? spans : waited;
  const from = Math.min(...counted.map(({ start }) => start));
  const to = Math.max(...counted.map(({ start, ms }) => start + ms));
  return { from, ms: Math.max(to - from, 0.1) };
}
