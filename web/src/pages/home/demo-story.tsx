import { useEffect, useRef } from 'react';
import { clockTime, partyName } from '../../parts/format.ts';
import './demo.css';
import type { DemoRun } from './demo-shapes.ts';

/** What a demo says as it plays, sentence by sentence; the newest stays in view. */
export function DemoStory({ run }: { readonly run: DemoRun }) {
  const list = useRef<HTMLOListElement>(null);
  const { length } = run.told;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new sentence moves it
  useEffect(() => {
    list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [length]);
  if (length === 0) return null;
  return (
    <section>
      <h2 className="caps">What happens</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
      <ol className="demo-story" ref={list} tabIndex={0} aria-label="What happens, sentence by sentence">
        {run.told.map(({ at, party, text }) => (
          <li key={`${at}${party}${text}`}>
            <span className="mono muted">{clockTime(at, 0)}</span> <b>{partyName(party)}</b> {text}
          </li>
        ))}
      </ol>
    </section>
  );
}
