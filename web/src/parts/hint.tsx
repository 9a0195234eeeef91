import { CloseButton } from '@mantine/core';
import { type ReactNode, useEffect, useSyncExternalStore } from 'react';
import { useKeys } from '../app/keys.ts';
import { focusHeading } from '../app/page-title.ts';
import { setPreferences, usePreferences } from '../app/preferences.ts';
import './hint.css';

/** Hints that are mounted, in their order, and those that are put off until the page is loaded anew. */
class Hints {
  readonly #listeners = new Set<() => void>();
  #mounted: readonly string[] = [];
  #later: ReadonlySet<string> = new Set();

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The one that is shown: the first that nobody dismissed. */
  shown(dismissed: Readonly<Record<string, boolean>>): string | undefined {
    return this.#mounted.find((id) => dismissed[id] !== true && !this.#later.has(id));
  }

  mount(id: string): () => void {
    this.#change([...this.#mounted, id]);
    return () => this.#change(this.#mounted.filter((other) => other !== id));
  }

  putOff(id: string): void {
    this.#later = new Set([...this.#later, id]);
    this.#tell();
  }

  #change(mounted: readonly string[]): void {
    this.#mounted = mounted;
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

const hints = new Hints();

/**
 * A word of help beside what it is about; it stands in the flow of the page, so that it covers nothing and is read in its
 * place. One at a time. Esc: later; ✕: never again.
 */
export function Hint({ id, children }: { readonly id: string; readonly children: ReactNode }) {
  const { hints: dismissed } = usePreferences();
  const shown = useSyncExternalStore(hints.subscribe, () => hints.shown(dismissed));
  useEffect(() => hints.mount(id), [id]);
  return shown === id ? <Shown id={id}>{children}</Shown> : null;
}

function Shown({ id, children }: { readonly id: string; readonly children: ReactNode }) {
  const { hints: dismissed } = usePreferences();
  useKeys([{ keys: 'Escape', does: 'Put the hint off', run: () => hints.putOff(id) }]);
  return (
    <aside className="hint" data-testid="hint" data-hint={id} aria-label="Hint">
      <p>{children}</p>
      <CloseButton
        size="sm"
        aria-label="Do not show this hint again"
        onClick={() => {
          focusHeading();
          setPreferences({ hints: { ...dismissed, [id]: true } });
        }}
      />
    </aside>
  );
}
