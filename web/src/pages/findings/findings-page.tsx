import { Button, SegmentedControl, Select } from '@mantine/core';
import { useMemo } from 'react';
import { apiPath, part } from '../../api/client.ts';
import { useGet } from '../../api/queries.ts';
import type { Finding, Page } from '../../api/shapes.ts';
import { useKeys } from '../../app/keys.ts';
import { usePageTitle } from '../../app/page-title.ts';
import { AppLink, go, setSearch, useParams, usePlace } from '../../app/router.tsx';
import { PartyText, SeverityMark, Tag } from '../../parts/atoms.tsx';
import { saveFile } from '../../parts/clipboard.ts';
import { count, dayTime, partyName } from '../../parts/format.ts';
import { EmptyState, Loaded } from '../../parts/states.tsx';
import './findings.css';

type By = 'rule' | 'party' | 'axis';

interface Group {
  readonly key: string;
  readonly items: Finding[];
}

/** Everything that the rules found, grouped so that ten thousand hits read as twelve problems. */
export function FindingsPage() {
  const params = useParams();
  const { search } = usePlace();
  const by = (search['by'] ?? 'rule') as By;
  const party = search['party'];
  const severity = search['severity'];
  usePageTitle('Findings', params['rule'] ?? params['id']);
  const findings = useGet<Page<Finding>>(
    apiPath('/findings', { limit: 1_000, party, severity, rule: params['rule'] }),
    { keep: true },
  );
  return (
    <div className="page">
      <div className="page-head">
        <SegmentedControl
          aria-label="Group by"
          value={by}
          onChange={(next) => setSearch({ by: next === 'rule' ? undefined : next })}
          data={[
            { value: 'rule', label: 'By rule' },
            { value: 'party', label: 'By party' },
            { value: 'axis', label: 'By axis' },
          ]}
        />
        <Select
          aria-label="Severity"
          placeholder="Any severity"
          clearable
          w={150}
          data={['error', 'warning', 'info']}
          value={severity ?? null}
          onChange={(next) => setSearch({ severity: next ?? undefined })}
        />
        {party !== undefined && (
          <button type="button" className="chip" aria-pressed="true" onClick={() => setSearch({ party: undefined })}>
            at fault: {partyName(party)} ×
          </button>
        )}
        {params['rule'] !== undefined && (
          <AppLink className="chip" to="/findings">
            rule {params['rule']} ×
          </AppLink>
        )}
        <span className="push" />
        <Button
          variant="default"
          disabled={findings.data === undefined}
          onClick={() => exportMarkdown(findings.data?.items ?? [])}
        >
          Export for an issue
        </Button>
      </div>
      <Loaded query={findings} what="findings">
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title="Nothing found">
              Every message that comes is checked: its frame, its schema, the order of messages, and what it says about
              the ones before.
            </EmptyState>
          ) : (
            <Groups items={items} by={by} open={params['id']} />
          )
        }
      </Loaded>
      <p className="muted small">A finding is what our rules saw, not a verdict on a product.</p>
    </div>
  );
}

function Groups({
  items,
  by,
  open,
}: {
  readonly items: readonly Finding[];
  readonly by: By;
  readonly open: string | undefined;
}) {
  const groups = useMemo(() => grouped(items, by), [items, by]);
  const chosen = items.find((finding) => finding.id === open);
  const ordered = groups.flatMap((group) => group.items.slice(0, 1));
  const step = (by: number): void => {
    const index = ordered.findIndex(
      (finding) => finding.id === open || (chosen !== undefined && finding.rule === chosen.rule),
    );
    const next = ordered[Math.max(0, Math.min(ordered.length - 1, index + by))];
    if (next !== undefined) go(`/findings/${part(next.id)}`, { replace: true });
  };
  useKeys([
    { keys: 'j', does: 'Next problem', run: () => step(1) },
    { keys: 'k', does: 'Problem before', run: () => step(-1) },
    {
      keys: 'v',
      does: 'See the message at its place',
      run: () => chosen?.seq !== undefined && go(`/m/${chosen.seq}?ptr=${part(chosen.pointer ?? '')}`),
    },
  ]);
  return (
    <>
      <div className="card finding-list" role="list" aria-label="Problems">
        {groups.map((group) => (
          <GroupLine key={group.key} group={group} open={group.items.some((finding) => finding.id === open)} />
        ))}
      </div>
      {open !== undefined && chosen === undefined && <EmptyState title={`Finding ${open} is no longer there`} />}
      {chosen !== undefined && (
        <Detail finding={chosen} same={items.filter((finding) => finding.rule === chosen.rule)} />
      )}
    </>
  );
}

function grouped(items: readonly Finding[], by: By): Group[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of items) groups.set(finding[by], [...(groups.get(finding[by]) ?? []), finding]);
  const rank = { error: 0, warning: 1, info: 2 };
  return [...groups]
    .map(([key, of]) => ({ key, items: of }))
    .sort(
      (a, b) =>
        rank[a.items[0]?.severity ?? 'info'] - rank[b.items[0]?.severity ?? 'info'] || b.items.length - a.items.length,
    );
}

function GroupLine({ group, open }: { readonly group: Group; readonly open: boolean }) {
  const [first] = group.items;
  const last = group.items.at(-1);
  if (first === undefined) return null;
  const parties = [...new Set(group.items.map((finding) => finding.party))];
  return (
    <AppLink to={`/findings/${part(first.id)}`} className="finding-line" role="listitem" aria-current={open}>
      <SeverityMark severity={first.severity} />
      <span className="finding-what">
        <b>{first.text}</b>
        <span className="muted">
          <code>{first.rule}</code> · {first.axis}
        </span>
      </span>
      <span className="clip">
        <PartyText id={parties[0] ?? ''} />
        {parties.length > 1 && <span className="muted"> and {parties.length - 1} more</span>}
      </span>
      <span className="num">{count(group.items.length)}</span>
      <span className="muted nowrap finding-when">
        {dayTime(last?.time ?? first.time)}
        {group.items.length > 1 && ` – ${dayTime(first.time)}`}
      </span>
    </AppLink>
  );
}

function Detail({ finding, same }: { readonly finding: Finding; readonly same: readonly Finding[] }) {
  const place = finding.seq === undefined ? undefined : `/m/${finding.seq}?ptr=${part(finding.pointer ?? '')}`;
  return (
    <article className="card" data-testid="finding-detail" data-rule={finding.rule}>
      <header>
        <SeverityMark severity={finding.severity}>{finding.severity}</SeverityMark>
        <code>{finding.id}</code>
        <Tag>{finding.axis}</Tag>
        <span className="push" />
        {place !== undefined && <Button onClick={() => go(place)}>See it in the message</Button>}
      </header>
      <div className="body stack">
        <p>{finding.text}</p>
        <dl className="facts">
          <dt>At fault</dt>
          <dd>
            <PartyText id={finding.party} />
          </dd>
          <dt>Where</dt>
          <dd>
            {place === undefined ? (
              'not on one message'
            ) : (
              <AppLink to={place}>
                #{finding.seq} <code>{finding.pointer || '(whole message)'}</code>
              </AppLink>
            )}
          </dd>
          <dt>Rule</dt>
          <dd>
            <AppLink to={`/findings/rules/${part(finding.rule)}`}>
              <code>{finding.rule}</code>
            </AppLink>
          </dd>
          <dt>Clause</dt>
          <dd>{finding.clause ?? 'no clause'}</dd>
          {finding.expected !== undefined && (
            <>
              <dt>Expected</dt>
              <dd className="mono">{JSON.stringify(finding.expected)}</dd>
            </>
          )}
          {finding.actual !== undefined && (
            <>
              <dt>Found</dt>
              <dd className="mono">{JSON.stringify(finding.actual)}</dd>
            </>
          )}
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
          <dt>What to do</dt>
          <dd>
            Look at the member in the message and at the clause. Then send the corrected message with{' '}
            {finding.seq === undefined ? (
              'the composer'
            ) : (
              <AppLink to={`/compose?base=${finding.seq}`}>Edit & resend</AppLink>
            )}{' '}
            and see whether the finding stays away.
          </dd>
          <dt>Seen</dt>
          <dd>
            {count(same.length)} times, by{' '}
            {[...new Set(same.map((each) => partyName(each.party)))].slice(0, 8).join(', ')}
          </dd>
        </dl>
      </div>
    </article>
  );
}

function exportMarkdown(items: readonly Finding[]): void {
  const lines = grouped(items, 'rule').flatMap(({ key, items: of }) => [
    `## ${key} (${of.length})`,
    '',
    ...of
      .slice(0, 20)
      .map(
        (finding) =>
          `- **${finding.severity}**, at fault ${finding.party}: ${finding.text} (message ${finding.seq ?? '–'} \`${finding.pointer ?? ''}\`${finding.clause === undefined ? '' : `, ${finding.clause}`})`,
      ),
    '',
  ]);
  saveFile('findings.md', 'text/markdown', ['# Findings', '', ...lines].join('\n'));
}
