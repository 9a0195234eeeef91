import './check-list.css';

/** One check of something that was refused. `ok` is missing where an earlier one had failed. */
export interface CheckStep {
  readonly check: string;
  readonly label: string;
  readonly ok?: boolean;
  readonly code: string;
  readonly text?: string;
}

/** What a call was held to, in the order in which it was: which check said no. */
export function CheckList({ steps }: { readonly steps: readonly CheckStep[] }) {
  return (
    <ol className="ladder" aria-label="Checks in their order">
      {steps.map(({ check, label, ok, code, text }) => (
        <li key={check} data-testid="check-step" data-check={check} data-ok={ok}>
          <span className={ok === undefined ? 'muted' : ok ? 'ok' : 'bad'}>
            {ok === undefined ? '·' : ok ? '✓' : '✗'}
          </span>
          <span className={ok === undefined ? 'muted' : undefined}>
            {label}
            {text !== undefined && `: ${text}`}
            {ok === undefined && ' (not looked at)'}
          </span>
          {ok === false && <span className="muted small nowrap">{code}</span>}
        </li>
      ))}
    </ol>
  );
}
