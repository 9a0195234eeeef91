import { useEffect, useRef } from 'react';
import { preferences } from './preferences.ts';

/** What keys do on the page that is shown; `?` lists them. */
export interface KeyBinding {
  /** `j`, `Enter`, `Ctrl+k`, `Shift+ArrowDown`, or two keys `g t`. */
  readonly keys: string;
  readonly does: string;
  run(event: KeyboardEvent): void;
}

interface Layer {
  readonly bindings: () => readonly KeyBinding[];
}

const layers: Layer[] = [];
let pending = '';
let pendingTimer: ReturnType<typeof setTimeout> | undefined;

/** Keys work while the component is shown; a later layer wins over an earlier one. */
export function useKeys(bindings: readonly KeyBinding[]): void {
  const latest = useRef(bindings);
  latest.current = bindings;
  useEffect(() => {
    const layer: Layer = { bindings: () => latest.current };
    layers.push(layer);
    return () => {
      layers.splice(layers.indexOf(layer), 1);
    };
  }, []);
}

export function activeKeys(): KeyBinding[] {
  const seen = new Set<string>();
  return [...layers]
    .reverse()
    .flatMap((layer) => layer.bindings())
    .filter((binding) => {
      if (seen.has(binding.keys)) return false;
      seen.add(binding.keys);
      return true;
    });
}

/** True in fields, where letters are text. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName) || target.role === 'textbox')
  );
}

function nameOf(event: KeyboardEvent): string {
  const parts: string[] = [];
  if (event.ctrlKey || event.metaKey) parts.push('Ctrl');
  if (event.altKey) parts.push('Alt');
  if (event.shiftKey && event.key.length > 1) parts.push('Shift');
  parts.push(event.key === ' ' ? 'Space' : event.key);
  return parts.join('+');
}

export function listenForKeys(): void {
  addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    const name = nameOf(event);
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (plain && event.key !== 'Escape' && isTyping(event.target)) return;
    // Buttons and links keep their own keys.
    if (plain && (event.key === 'Enter' || event.key === ' ') && isControl(event.target)) return;
    // Dialogs and menus have their own.
    if (event.target instanceof Element && event.target.closest('[role="dialog"],[role="menu"],[role="listbox"]')) {
      // The composer in its drawer is a page over a page: its keys with Ctrl are its own.
      if (plain || event.target.closest('.compose') === null) return;
    }
    if (plain && event.key.length === 1 && !preferences().singleKeys) return;
    const wanted = pending === '' ? name : `${pending} ${name}`;
    const all = activeKeys();
    const found = all.find((binding) => binding.keys === wanted) ?? all.find((binding) => binding.keys === name);
    clearTimeout(pendingTimer);
    pending = '';
    if (found !== undefined) {
      event.preventDefault();
      found.run(event);
      return;
    }
    if (plain && all.some((binding) => binding.keys.startsWith(`${name} `))) {
      pending = name;
      pendingTimer = setTimeout(() => {
        pending = '';
      }, 1_500);
    }
  });
}

function isControl(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest('button,a,summary,[role="tab"],[role="menuitem"],[role="switch"]') !== null
  );
}
