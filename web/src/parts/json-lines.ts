import type { Finding } from '../api/shapes.ts';

/** A JSON value as the lines of a viewer: what stands on each, and which findings belong to it. Pure, so that it is tested. */

export interface JsonLine {
  readonly kind: 'open' | 'close' | 'value' | 'missing';
  readonly pointer: string;
  readonly depth: number;
  /** Member name, or undefined in arrays and at the root. */
  readonly key?: string;
  readonly value?: unknown;
  /** `{`, `[`, `}`, `]`, or the whole of it when folded. */
  readonly bracket?: string;
  readonly foldable?: boolean;
  readonly folded?: boolean;
  /** Members or items inside. */
  readonly size?: number;
  readonly comma?: boolean;
  readonly findings: readonly Finding[];
}

const MAX_DEPTH = 40;
/** Longer arrays are shown in part. */
export const ARRAY_PART = 100;

export function escapePointer(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

export function pointerParts(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

export function valueAt(value: unknown, pointer: string): unknown {
  let at = value;
  for (const name of pointerParts(pointer)) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined;
    at = (at as Record<string, unknown>)[name];
  }
  return at;
}

/**
 * The lines of a payload. Findings on members that are not there become lines of their own: where `membersOf` puts them (the
 * names of an object's members in the order of its schema), else at the end of their object.
 */
export function jsonLines(
  payload: unknown,
  findings: readonly Finding[] = [],
  folded: ReadonlySet<string> = new Set(),
  expandedArrays: ReadonlySet<string> = new Set(),
  membersOf: (pointer: string) => readonly string[] = () => [],
): JsonLine[] {
  const lines: JsonLine[] = [];
  const byPointer = new Map<string, Finding[]>();
  for (const finding of findings) {
    const pointer = finding.pointer ?? '';
    byPointer.set(pointer, [...(byPointer.get(pointer) ?? []), finding]);
  }
  const missing = new Map<string, { key: string; findings: Finding[] }[]>();
  for (const [pointer, of] of byPointer) {
    const cut = pointer.lastIndexOf('/');
    if (pointer === '' || cut < 0 || valueAt(payload, pointer) !== undefined) continue;
    const parent = pointer.slice(0, cut);
    const key = pointerParts(pointer).at(-1) ?? '';
    missing.set(parent, [...(missing.get(parent) ?? []), { key, findings: of }]);
  }

  const write = (value: unknown, pointer: string, depth: number, key: string | undefined, comma: boolean): void => {
    const own = byPointer.get(pointer) ?? [];
    const named = key === undefined ? {} : { key };
    if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) {
      lines.push({ kind: 'value', pointer, depth, ...named, value, comma, findings: own });
      return;
    }
    const array = Array.isArray(value);
    const entries = array ? value.map((item, index) => [String(index), item] as const) : Object.entries(value);
    const ghosts = missing.get(pointer) ?? [];
    const isFolded = folded.has(pointer);
    const [open, close] = array ? ['[', ']'] : ['{', '}'];
    if (entries.length + ghosts.length === 0 || isFolded) {
      const inside = isFolded ? ownAndInner(byPointer, pointer) : own;
      lines.push({
        kind: 'open',
        pointer,
        depth,
        ...named,
        bracket: entries.length === 0 ? `${open}${close}` : `${open} … ${close}`,
        foldable: entries.length > 0,
        folded: isFolded,
        size: entries.length,
        comma,
        findings: inside,
      });
      return;
    }
    lines.push({
      kind: 'open',
      pointer,
      depth,
      ...named,
      bracket: open,
      foldable: true,
      folded: false,
      size: entries.length,
      findings: own,
    });
    const shown =
      array && entries.length > ARRAY_PART && !expandedArrays.has(pointer) ? entries.slice(0, ARRAY_PART) : entries;
    const order = ghosts.length === 0 ? [] : membersOf(pointer);
    const rank = (name: string): number => (order.includes(name) ? order.indexOf(name) : order.length);
    const waiting = ghosts.toSorted((one, other) => rank(one.key) - rank(other.key));
    const writeGhosts = (before?: string): void => {
      const place = before === undefined ? Number.POSITIVE_INFINITY : order.indexOf(before);
      for (let ghost = waiting[0]; ghost !== undefined && rank(ghost.key) < place; ghost = waiting[0]) {
        waiting.shift();
        lines.push({
          kind: 'missing',
          pointer: `${pointer}/${escapePointer(ghost.key)}`,
          depth: depth + 1,
          key: ghost.key,
          findings: ghost.findings,
        });
      }
    };
    shown.forEach(([name, item], index) => {
      writeGhosts(name);
      write(item, `${pointer}/${escapePointer(name)}`, depth + 1, array ? undefined : name, index < entries.length - 1);
    });
    if (shown.length < entries.length) {
      lines.push({ kind: 'missing', pointer, depth: depth + 1, size: entries.length - shown.length, findings: [] });
    }
    writeGhosts();
    lines.push({ kind: 'close', pointer, depth, bracket: close, comma, findings: [] });
  };
  write(payload, '', 0, undefined, false);
  return lines;
}

function ownAndInner(byPointer: ReadonlyMap<string, readonly Finding[]>, pointer: string): Finding[] {
  return [...byPointer]
    .filter(([at]) => at === pointer || at.startsWith(`${pointer}/`))
    .flatMap(([, findings]) => findings);
}
