import type { ReactNode } from 'react';
import { part } from '../../api/client.ts';
import type { Finding } from '../../api/shapes.ts';
import { AppLink } from '../../app/router.tsx';
import { PartyText, SeverityMark, Tag } from '../../parts/atoms.tsx';
import { EmptyState } from '../../parts/states.tsx';

/** One finding: which rule, whose fault, where, and by which clause. */
export function FindingCard({ finding, children }: { readonly finding: Finding; readonly children?: ReactNode }) {
  return (
    <article className="finding-card" data-testid="finding-card" data-rule={finding.rule}>
      <div className="row wrap">
        <SeverityMark severity={finding.severity}>{finding.severity}</SeverityMark>
        <code>{finding.rule}</code>
        <Tag>{finding.axis}</Tag>
        {finding.status === 'muted' && <Tag tone="warn">muted</Tag>}
        <span className="muted">
          at fault: <PartyText id={finding.party} />
        </span>
      </div>
      <p>{finding.text}</p>
      <div className="row wrap muted">
        {finding.pointer !== undefined && finding.pointer !== '' && finding.seq !== undefined && (
          <AppLink to={`/m/${finding.seq}?ptr=${part(finding.pointer)}`}>
            <code>{finding.pointer}</code>
          </AppLink>
        )}
        <span>{finding.clause ?? 'no clause'}</span>
      </div>
      {children}
    </article>
  );
}

/** Everything that the rules have against one message. */
export function MessageFindings({ findings, onPointer }: { readonly findings: readonly Finding[]; onPointer(): void }) {
  if (findings.length === 0)
    return <EmptyState title="Nothing found">No rule has anything against this message.</EmptyState>;
  return (
    <div className="pad stack">
      {findings.map((finding) => (
        <FindingCard key={finding.id} finding={finding}>
          <div className="row">
            <button type="button" className="chip" onClick={onPointer}>
              Show in the payload
            </button>
            <AppLink className="small" to={`/findings/${part(finding.id)}`}>
              Open the finding
            </AppLink>
          </div>
        </FindingCard>
      ))}
    </div>
  );
}
