import type { Verdict } from './use-draft.ts';

/** What the server's own validator and rules say of the draft. */
export function VerdictLines({
  verdict,
  what,
  empty,
  jsonError,
}: {
  readonly verdict: Verdict | undefined;
  readonly what: string;
  readonly empty: boolean;
  readonly jsonError: string | undefined;
}) {
  if (jsonError !== undefined) return <span className="bad">✗ The JSON cannot be read: {jsonError}</span>;
  if (empty) return <span className="muted">Choose an action.</span>;
  if (verdict === undefined) return <span className="muted">Asking the server …</span>;
  const [first] = verdict.schema;
  return (
    <>
      {first === undefined ? (
        <span>
          <span className="ok">✓</span> fits {what}
        </span>
      ) : (
        <span className={first.severity === 'error' ? 'bad' : 'warn'}>
          {first.severity === 'error' ? '✗' : '⚠'} <code>{first.pointer || '(payload)'}</code> {first.text}
          {verdict.schema.length > 1 && `, and ${verdict.schema.length - 1} more`}
        </span>
      )}
      {[...verdict.protocol, ...verdict.compatibility].map((remark) => (
        <span key={remark.rule} className={remark.severity === 'error' ? 'bad' : 'warn'}>
          {remark.severity === 'error' ? '✗' : '⚠'} {remark.text}{' '}
          {remark.clause !== undefined && <span className="muted">({remark.clause})</span>}
        </span>
      ))}
    </>
  );
}
