import { Button } from '@mantine/core';
import { useState } from 'react';
import { api, apiPath, part } from '../../api/client.ts';
import { refresh, useGet } from '../../api/queries.ts';
import { useKeys } from '../../app/keys.ts';
import { AppLink, go } from '../../app/router.tsx';
import { PartyText, SeverityMark, Tag } from '../../parts/atoms.tsx';
import { attempt } from '../../parts/attempt.ts';
import { Loaded } from '../../parts/states.tsx';
import { PEERS, type PlacedFinding, useRule } from './finding-shapes.ts';
import { MuteDialog } from './mute-dialog.tsx';

/** One finding: whose fault, where, by which rule and clause, and what to do. */
export function FindingDetail({ id }: { readonly id: string }) {
  const finding = useGet<PlacedFinding>(apiPath(`/findings/${part(id)}`), { keep: true });
  return (
    <Loaded query={finding} what={`finding ${id}`}>
      {(data) => <Known finding={data} />}
    </Loaded>
  );
}

function Known({ finding }: { readonly finding: PlacedFinding }) {
  const [muting, setMuting] = useState(false);
  const rule = useRule(finding.rule);
  const place = finding.seq === undefined ? undefined : `/m/${finding.seq}?ptr=${part(finding.pointer ?? '')}`;
  useKeys([
    { keys: 'v', does: 'See the message at its place', run: () => place !== undefined && go(place) },
    { keys: 'u', does: 'Mute it', run: () => setMuting(true) },
  ]);
  const onPurpose = finding.mute === 'on-purpose';
  const decide = (status: 'fixed' | 'open'): void =>
    void attempt(
      () => api.patch(apiPath(`/findings/${part(finding.id)}`), { status }),
      status === 'fixed' ? 'Fixed: what comes of it later is open' : 'It counts again',
    ).then(() => refresh('/findings', '/rules', '/messages', '/topology'));
  return (
    <article className="card" data-testid="finding-detail" data-rule={finding.rule} data-status={finding.status}>
      <header>
        <SeverityMark severity={finding.severity}>{finding.severity}</SeverityMark>
        <code>{finding.id}</code>
        <Tag>{finding.axis}</Tag>
        {finding.status !== 'open' && <Tag tone="warn">{onPurpose ? 'made on purpose' : finding.status}</Tag>}
        <span className="push" />
        {!onPurpose && finding.status !== 'muted' && (
          <Button variant="default" onClick={() => decide(finding.status === 'open' ? 'fixed' : 'open')}>
            {finding.status === 'open' ? 'Fixed' : 'Open again'}
          </Button>
        )}
        {onPurpose ? null : finding.status !== 'open' ? (
          <Button variant="default" onClick={() => go('/findings?show=muted')}>
            See why
          </Button>
        ) : (
          <Button variant="default" onClick={() => setMuting(true)}>
            Mute …
          </Button>
        )}
        {place !== undefined && <Button onClick={() => go(place)}>See it in the message</Button>}
      </header>
      <div className="body stack">
        <p>{finding.text}</p>
        <dl className="facts">
          <dt>At fault</dt>
          <dd>{onPurpose ? 'nobody: a person handed the message in' : <PartyText id={finding.party} />}</dd>
          <dt>Where</dt>
          <dd>
            {place === undefined ? (
              'not on one message'
            ) : (
              <AppLink to={place} data-testid="finding-place">
                #{finding.seq} {finding.action} <code>{finding.pointer || '(whole message)'}</code>
              </AppLink>
            )}
          </dd>
          <dt>Rule</dt>
          <dd>
            <AppLink to={`/findings/rules/${part(finding.rule)}`}>
              <code>{finding.rule}</code>
            </AppLink>{' '}
            {rule.data?.title}
          </dd>
          <dt>Clause</dt>
          <dd data-testid="finding-clause">{finding.clause ?? rule.data?.clause ?? 'no clause'}</dd>
          {rule.data !== undefined && (
            <>
              <dt>Peers</dt>
              <dd>{PEERS[rule.data.peer] ?? rule.data.peer}</dd>
            </>
          )}
          <Compared name="Expected" value={finding.expected} />
          <Compared name="Found" value={finding.actual} />
          {finding.evidence !== undefined && finding.evidence.length > 0 && (
            <>
              <dt>Evidence</dt>
              <dd className="row wrap">
                {finding.evidence.map((each) => (
                  <AppLink key={each.seq + each.label} to={`/m/${each.seq}?ptr=${part(each.pointer ?? '')}`}>
                    #{each.seq} {each.label}
                  </AppLink>
                ))}
              </dd>
            </>
          )}
          {finding.session !== undefined && (
            <>
              <dt>Session</dt>
              <dd>
                <AppLink to={`/sessions/${part(finding.session)}`}>{finding.session}</AppLink>
              </dd>
            </>
          )}
          {rule.data !== undefined && rule.data.causes.length > 0 && (
            <>
              <dt>Why it happens</dt>
              <dd>{rule.data.causes.join('. ')}</dd>
            </>
          )}
          <dt>What to do</dt>
          <dd>
            <ul className="steps" data-testid="finding-steps">
              {rule.data?.next.map((step) => (
                <li key={step}>{step}</li>
              ))}
              <li>
                Send the corrected message with{' '}
                {finding.seq === undefined ? (
                  'the composer'
                ) : (
                  <AppLink className="in-text" to={`/compose?base=${finding.seq}`}>
                    Edit & resend
                  </AppLink>
                )}{' '}
                and see whether the finding stays away.
              </li>
            </ul>
          </dd>
        </dl>
      </div>
      {muting && <MuteDialog finding={finding} onClose={() => setMuting(false)} />}
    </article>
  );
}

function Compared({ name, value }: { readonly name: string; readonly value: unknown }) {
  if (value === undefined) return null;
  return (
    <>
      <dt>{name}</dt>
      <dd className="mono">{JSON.stringify(value)}</dd>
    </>
  );
}
