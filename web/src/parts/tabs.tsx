import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
import './tabs.css';

export interface Tab {
  readonly id: string;
  readonly label: ReactNode;
}

/** Tabs as the ARIA pattern wants them: one tab stop, arrows change. The content is the caller's, under `role="tabpanel"`. */
export function Tabs({
  label,
  tabs,
  value,
  onChange,
  testId,
}: {
  readonly label: string;
  readonly tabs: readonly Tab[];
  readonly value: string;
  onChange(id: string): void;
  readonly testId?: string;
}) {
  const list = useRef<HTMLDivElement>(null);
  // On narrow screens the open tab may stand outside the strip.
  useEffect(() => {
    list.current
      ?.querySelector<HTMLElement>(`[data-tab="${CSS.escape(value)}"]`)
      ?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [value]);
  const move = (event: KeyboardEvent<HTMLDivElement>): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const index = tabs.findIndex((tab) => tab.id === value);
    const next = tabs[(index + step + tabs.length) % tabs.length];
    if (next === undefined) return;
    onChange(next.id);
    const buttons = event.currentTarget.querySelectorAll('button');
    buttons[(index + step + tabs.length) % tabs.length]?.focus();
  };
  return (
    <div className="tabs" role="tablist" ref={list} aria-label={label} onKeyDown={move}>
      {tabs.map((tab) => (
        <button
          key={tab.id}
          type="button"
          role="tab"
          data-tab={tab.id}
          aria-selected={tab.id === value}
          tabIndex={tab.id === value ? 0 : -1}
          data-testid={testId === undefined ? undefined : `${testId}-${tab.id}`}
          onClick={() => onChange(tab.id)}
        >
          {tab.label}
        </button>
      ))}
    </div>
  );
}
