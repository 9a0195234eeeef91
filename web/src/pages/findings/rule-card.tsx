import { SeverityMark, Tag } from '../../parts/atoms.tsx';
import { count, dayTime } from '../../parts/format.ts';
import { PEERS, useRule } from './finding-shapes.ts';
import { worstOf } from './rule-list.tsx';

/** One rule: what must hold, why it is broken, how often it was. */
export function RuleCard({ id }: { readonly id: string }) {
  const { data } = useRule(id);
  if (data === undefined) return null;
  const { title, protocol, versions, axis, fault, peer, clause, causes, next, findings, muted, first, last } = data;
  return (
    <article className="card" data-testid="rule-card" data-rule={id}>
      <header>
        <SeverityMark severity={worstOf(data)}>{worstOf(data)}</SeverityMark>
        <code>{id}</code>
        <Tag>{axis}</Tag>
        <span className="muted">
          {protocol} {versions.join(', ')}
        </span>
      </header>
      <div className="body stack">
        <p>{title}</p>
        <dl className="facts">
          <dt>At fault</dt>
          <dd>{fault}</dd>
          <dt>Clause</dt>
          <dd>{clause}</dd>
          <dt>Peers</dt>
          <dd>{PEERS[peer] ?? peer}</dd>
          <dt>Why it happens</dt>
          <dd>
            <ul className="steps">
              {causes.map((cause) => (
                <li key={cause}>{cause}</li>
              ))}
            </ul>
          </dd>
          <dt>What to do</dt>
          <dd>
            <ul className="steps">
              {next.map((step) => (
                <li key={step}>{step}</li>
              ))}
            </ul>
          </dd>
          <dt>Seen</dt>
          <dd>
            {findings === 0
              ? 'never in this journal'
              : `${count(findings)} times, ${dayTime(first ?? 0)} – ${dayTime(last ?? 0)}`}
            {muted > 0 && `, ${count(muted)} of them muted`}
          </dd>
        </dl>
      </div>
    </article>
  );
}
