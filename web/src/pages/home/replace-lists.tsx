import { copyText } from '../../parts/clipboard.ts';
import './replace.css';
import type { ReachStep, ReplaceableParty } from './party-shapes.ts';

const STEPS = { name: 'Name', connection: 'Connection', tls: 'TLS', answer: 'Answer' } as const;

/** The way to the other system; the last step is where it ended. */
export function ReachSteps({ steps }: { readonly steps: readonly ReachStep[] }) {
  return (
    <ol className="replace-list" aria-label="The way to it">
      {steps.map(({ step, ok, text, hint, ms }) => (
        <li key={step} data-testid="reach-step" data-ok={ok}>
          <span className={ok ? 'ok' : 'bad'}>
            {ok ? '✓' : '✗'} {STEPS[step]}
          </span>{' '}
          {text} <span className="muted">{ms} ms</span>
          {hint !== undefined && <div className="muted">{hint}</div>}
        </li>
      ))}
    </ol>
  );
}

/** Who of ours calls it: those that changed at once, and what the others still need. */
export function SwitchList({ party }: { readonly party: ReplaceableParty }) {
  const { switches } = party;
  return (
    <section>
      <h3 className="caps">Who calls it</h3>
      <ul className="replace-list">
        {switches.map(({ service, key, live, lines, problem }) => (
          <li key={key + service} data-testid="switch" data-live={live}>
            <b>{service}</b> <code>{key}</code>{' '}
            <span className="muted">
              {live
                ? 'changes while it runs, and stays over restarts'
                : lines === undefined
                  ? 'is read when it starts'
                  : 'needs these lines in the configuration, and a restart'}
            </span>
            {problem !== undefined && <div className="bad">✗ It was not told: {problem}</div>}
            {lines !== undefined && (
              <div className="row">
                <pre>{lines}</pre>
                <button type="button" className="chip" onClick={() => void copyText(lines)}>
                  Copy
                </button>
              </div>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The checklist: what to enter there, each one click to copy. */
export function ToEnterList({ party, onCopy }: { readonly party: ReplaceableParty; onCopy(value: string): void }) {
  return (
    <section>
      <h3 className="caps">What to enter there</h3>
      <ul className="replace-list">
        {party.enter.map(({ label, value, note }) => (
          <li key={label + value} data-testid="to-enter">
            <label className="row wrap">
              <input type="checkbox" />
              {label} <code>{value}</code>
              {note !== undefined && <span className="muted small">{note}</span>}
            </label>
            <button type="button" className="chip" aria-label={`Copy ${label}`} onClick={() => onCopy(value)}>
              Copy
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
