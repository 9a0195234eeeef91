import { useState } from 'react';
import { AppLink } from '../app/router.tsx';
import './atoms.css';
import { duration, milliseconds, partyName } from './format.ts';
import './waterfall.css';
import { waterfallRange, waterfallRows } from './waterfall-rows.ts';

export interface DrawnSpan {
  readonly id: string;
  readonly parent?: string;
  readonly follows?: string;
  readonly party: string;
  readonly from: string;
  readonly name: string;
  readonly protocol: string;
  readonly start: number;
  readonly ms: number;
  readonly seq: number;
  readonly outcome: string;
  readonly error?: true;
  readonly critical?: true;
}

/** Where the time went: one line a hop, wide as it lasted, the critical path in full colour. A list for screen readers. */
export function Waterfall({
  spans,
  selected,
}: {
  readonly spans: readonly DrawnSpan[];
  readonly selected?: string | undefined;
}) {
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const rows = waterfallRows(spans, closed);
  const range = waterfallRange(spans);
  const firstLater = rows.findIndex(({ later }) => later);
  const toggle = (id: string): void => {
    const next = new Set(closed);
    if (!next.delete(id)) next.add(id);
    setClosed(next);
  };
  return (
    <section className="card waterfall" aria-label="Spans" data-testid="waterfall">
      <div className="waterfall-scale" aria-hidden="true">
        <span />
        <span>
          {[0, 0.25, 0.5, 0.75, 1].map((part) => (
            <span key={part}>{milliseconds(range.ms * part)} ms</span>
          ))}
        </span>
      </div>
      <ol>
        {rows.map(({ span, depth, children, later }, index) => {
          const left = later ? 0 : ((span.start - range.from) / range.ms) * 100;
          const width = later ? Math.min(100, (span.ms / range.ms) * 100) : (span.ms / range.ms) * 100;
          const isOpen = !closed.has(span.id);
          return (
            <li key={span.id}>
              {index === firstLater && <h3>Later, not waited for</h3>}
              <div
                className="waterfall-line"
                data-proto={span.protocol}
                data-testid="span"
                data-party={span.party}
                data-later={later}
                data-seq={span.seq}
                aria-current={span.id === selected}
              >
                <div className="waterfall-name" style={{ paddingLeft: 6 + depth * 16 }}>
                  {children > 0 ? (
                    <button
                      type="button"
                      aria-expanded={isOpen}
                      aria-label={`${isOpen ? 'Hide' : 'Show'} what is below ${span.name}`}
                      onClick={() => toggle(span.id)}
                    >
                      {isOpen ? '▾' : '▸'}
                    </button>
                  ) : (
                    <span style={{ width: 24, flex: 'none' }} />
                  )}
                  <AppLink to={`/m/${span.seq}`} title={`${span.name}, message #${span.seq}`}>
                    <span className="proto nowrap">{partyName(span.party)}</span>
                    <b className="clip">{span.name}</b>
                    <span className="muted clip">from {partyName(span.from)}</span>
                  </AppLink>
                </div>
                <div className="waterfall-time">
                  <i
                    className="waterfall-bar"
                    data-critical={span.critical === true}
                    data-error={span.error === true}
                    style={{ left: `${left}%`, width: `${width}%` }}
                  />
                  <span
                    style={
                      left + width > 70 && left > 30
                        ? { right: `calc(${100 - left}% + 6px)` }
                        : { left: `calc(${left + width}% + 6px)` }
                    }
                  >
                    {later ? `+${duration(span.start - range.from)}, ` : ''}
                    {milliseconds(span.ms)} ms{' '}
                    <span className={span.error === true ? 'bad' : undefined}>
                      {span.error === true ? '✗ ' : ''}
                      {span.outcome}
                    </span>
                  </span>
                </div>
              </div>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
