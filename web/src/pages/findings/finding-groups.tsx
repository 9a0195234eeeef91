import { part } from '../../api/client.ts';
import { useKeys } from '../../app/keys.ts';
import { AppLink, go, usePlace } from '../../app/router.tsx';
import { PartyText, SeverityMark } from '../../parts/atoms.tsx';
import { count, dayTime } from '../../parts/format.ts';
import { FindingDetail } from './finding-detail.tsx';
import type { FindingGroup } from './finding-shapes.ts';

/** Problems, the worst first; the chosen one is explained below. */
export function FindingGroupList({
  groups,
  open,
}: {
  readonly groups: readonly FindingGroup[];
  readonly open: string | undefined;
}) {
  const { search } = usePlace();
  const kept = new URLSearchParams(Object.entries(search).filter((each): each is [string, string] => !!each[1]));
  const query = kept.size === 0 ? '' : `?${kept}`;
  const addressOf = (group: FindingGroup): string => `/findings/${part(group.newest.id)}${query}`;
  const at = groups.findIndex((group) => group.newest.id === open);
  const step = (by: number): void => {
    const next = groups[Math.max(0, Math.min(groups.length - 1, at + by))];
    if (next !== undefined) go(addressOf(next), { replace: true });
  };
  useKeys([
    { keys: 'j', does: 'Next problem', run: () => step(1) },
    { keys: 'k', does: 'Problem before', run: () => step(-1) },
  ]);
  return (
    <>
      <div className="card finding-list" role="list" aria-label="Problems">
        {groups.map((group, index) => (
          <Line key={group.key} group={group} to={addressOf(group)} open={index === at} />
        ))}
      </div>
      {open !== undefined && <FindingDetail id={open} />}
    </>
  );
}

function Line({ group, to, open }: { readonly group: FindingGroup; readonly to: string; readonly open: boolean }) {
  const { newest, parties, count: all, muted, first, last, severity, rules } = group;
  const opened = all - muted;
  return (
    <AppLink
      to={to}
      className="finding-line"
      role="listitem"
      aria-current={open}
      data-testid="finding-group"
      data-key={group.key}
      data-count={opened}
      data-muted={muted}
    >
      <SeverityMark severity={severity} />
      <span className="finding-what">
        <b>{newest.text}</b>
        <span className="muted">
          <code>{newest.rule}</code>
          {rules.length > 1 && ` and ${rules.length - 1} more rules`} · {newest.axis}
          {newest.action !== undefined && ` · ${newest.action}`}
        </span>
      </span>
      <span className="clip">
        <PartyText id={parties[0] ?? ''} />
        {parties.length > 1 && <span className="muted"> and {parties.length - 1} more</span>}
      </span>
      <span className="num">
        {opened > 0 ? count(opened) : ''}
        {muted > 0 && <span className="muted small"> {count(muted)} muted</span>}
      </span>
      <span className="muted nowrap finding-when">
        {dayTime(first)}
        {all > 1 && ` – ${dayTime(last)}`}
      </span>
    </AppLink>
  );
}
