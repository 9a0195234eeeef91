import type { Row } from './shapes.ts';

/** Rows of a window. */
export const WINDOW = 200;
export const windowOf = (index: number): number => Math.floor(index / WINDOW);
const MAX_WINDOWS = 60;
/** Read while the server was still looking: shown, but its places are not to be relied on. */
export const SHIFTING = -1;

interface Window {
  readonly rows: readonly Row[];
  /** How often the journal had gone on when it was read; {@link SHIFTING} while rows still come in front of it. */
  readonly news: number;
}

/** The parts of a long list that were looked at last. */
export class ViewWindows {
  /** The one that was not looked at for longest stands first. */
  readonly #windows = new Map<number, Window>();

  rowAt(index: number): Row | undefined {
    return this.#windows.get(windowOf(index))?.rows[index % WINDOW];
  }

  /** Index of a message among the rows that are here. */
  indexOf(seq: number): number | undefined {
    for (const [window, { rows, news }] of this.#windows) {
      if (news === SHIFTING) continue;
      const found = rows.findIndex((row) => row.s === seq);
      if (found >= 0) return window * WINDOW + found;
    }
    return undefined;
  }

  /** It is looked at; says when it was read, or nothing when it is not here. */
  touch(window: number): number | undefined {
    const here = this.#windows.get(window);
    if (here === undefined) return undefined;
    this.#windows.delete(window);
    this.#windows.set(window, here);
    return here.news;
  }

  keep(window: number, rows: readonly Row[], news: number): void {
    const before = this.#windows.get(window)?.rows;
    this.#windows.delete(window);
    this.#windows.set(window, { rows: before === undefined ? rows : keepSame(before, rows), news });
    for (const oldest of this.#windows.keys()) {
      if (this.#windows.size <= MAX_WINDOWS) break;
      this.#windows.delete(oldest);
    }
  }

  clear(): void {
    this.#windows.clear();
  }

  /** Of all but these. */
  forgetOthers(first: number, last: number): void {
    for (const window of this.#windows.keys()) if (window < first || window > last) this.#windows.delete(window);
  }
}

/** Rows that did not change stay the same objects, so that they are not drawn again. */
function keepSame(before: readonly Row[], after: readonly Row[]): readonly Row[] {
  return after.map((row, index) => {
    const old = before[index];
    return old !== undefined && old.s === row.s && JSON.stringify(old) === JSON.stringify(row) ? old : row;
  });
}
